"""The wire of Anthropic Messages: a request as a body, and a body as a completion. No I/O."""

from __future__ import annotations

from typing import Any

from understudy.domain.model_call import Finish, ModelMessage, ModelToolCall, ModelUsage
from understudy.domain.value import JsonObject
from understudy.llm.reading import NotAsPromised, count, named, read_object, sentence
from understudy.llm.schema import enforceable
from understudy.ports import Completion, LLMRequest
from understudy.wire.parsing import is_list, is_object

__all__ = ["MOST_MARKS", "messages_body", "read_message"]

MOST_MARKS = 4
"""Cache marks that the API takes in one request."""
_MARK = {"type": "ephemeral"}
_SILENCE = "(says nothing)"
"""The API refuses empty text."""
_OPENING = "(The conversation begins.)"
"""The API wants the first message to be a user's; a history that keeps its own first turn begins with the assistant's."""
_FINISH: dict[str, Finish] = {"max_tokens": "length", "model_context_window_exceeded": "length", "refusal": "refused"}


def messages_body(request: LLMRequest, model: str, *, room: int, temperature: float | None) -> JsonObject:
    """The body for this request, with marks where what will be sent again ends."""
    messages = [_message(message) for message in request.messages]
    if 0 < request.stable <= len(messages):
        messages[request.stable - 1]["content"][-1]["cache_control"] = _MARK
    if not messages or messages[0]["role"] != "user":
        messages.insert(0, {"role": "user", "content": [{"type": "text", "text": _OPENING}]})
    body: JsonObject = {"model": model, "max_tokens": room, "messages": messages}
    if request.system:
        body["system"] = _system(request.system)
    if request.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters or {"type": "object"}}
            for tool in request.tools
        ]
    if temperature is not None:
        body["temperature"] = temperature
    if request.output == "schema" and request.json_schema is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": enforceable(request.json_schema)}}
    return body


def _system(parts: tuple[str, ...]) -> list[JsonObject]:
    """Each part ends where another prompt may differ, so each is marked; of too many, the first and the last ones."""
    blocks: list[JsonObject] = [{"type": "text", "text": part} for part in parts if part.strip()]
    free = MOST_MARKS - 1  # one is for the messages
    for block in blocks if len(blocks) <= free else (*blocks[: free - 1], blocks[-1]):
        block["cache_control"] = _MARK
    return blocks


def _message(message: ModelMessage) -> JsonObject:
    if message.role == "tool":
        result = {"type": "tool_result", "tool_use_id": message.tool_call_id or "", "content": message.text or _SILENCE}
        return {"role": "user", "content": [result]}
    calls: list[JsonObject] = [{"type": "tool_use", "id": c.id, "name": c.name, "input": _input(c.arguments)} for c in message.tool_calls]
    text = message.text if message.text.strip() else "" if calls else _SILENCE
    return {"role": message.role, "content": [*([{"type": "text", "text": text}] if text else []), *calls]}


def _input(arguments: Any) -> JsonObject:
    return arguments if is_object(arguments) else {} if arguments is None else {"arguments": arguments}


def read_message(content: bytes, model: str) -> Completion:
    """The completion in an answer with status 200. Raises NotAsPromised."""
    body = read_object(content)
    blocks = body.get("content")
    if not is_list(blocks) or not all(is_object(block) for block in blocks):
        raise NotAsPromised(f"without a list `content`{sentence(body)}")
    # Thoughts are blocks of their own and no part of the answer.
    text = "".join(block["text"] for block in blocks if block.get("type") == "text" and isinstance(block.get("text"), str))
    calls = tuple(_call(position, block) for position, block in enumerate(blocks) if block.get("type") == "tool_use")
    told = _FINISH.get(str(body.get("stop_reason")))
    details = body.get("stop_details")
    if told == "refused" and not text and is_object(details) and isinstance(details.get("explanation"), str):
        text = details["explanation"]
    return Completion(
        text=text,
        tool_calls=calls,
        model=named(body, model),
        finish=told or ("tool_calls" if calls else "stop" if text.strip() else "empty"),
        usage=_usage(body.get("usage")),
    )


def _call(position: int, block: JsonObject) -> ModelToolCall:
    name, id = block.get("name"), block.get("id")
    if not isinstance(name, str) or not name:
        raise NotAsPromised("with a tool call that has no name")
    return ModelToolCall(id=id if isinstance(id, str) and id else f"call_{position}", name=name, arguments=block.get("input"))


def _usage(found: Any) -> ModelUsage:
    """The API counts the prompt in three parts: read from the cache, written to it, and the rest."""
    plain, read, written = (count(found, f) for f in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"))
    return ModelUsage(
        input_tokens=None if plain is None else plain + (read or 0) + (written or 0),
        cached_tokens=read,
        cache_write_tokens=written,
        output_tokens=count(found, "output_tokens"),
        reasoning_tokens=count(found.get("output_tokens_details") if is_object(found) else None, "thinking_tokens"),
    )

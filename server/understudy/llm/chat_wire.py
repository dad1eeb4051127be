"""The chat completions wire: a request as a body, and a body as a completion. No I/O."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from understudy.domain.model_call import Finish, ModelMessage, ModelToolCall, ModelUsage, ToolSpec
from understudy.domain.value import JsonObject
from understudy.llm.reading import NotAsPromised, count, named, read_object, sentence
from understudy.llm.schema import enforceable
from understudy.ports import Completion, LLMRequest
from understudy.wire.content import text_of
from understudy.wire.parsing import is_list, is_object, parse_json

__all__ = ["chat_body", "read_chat"]

_FINISH: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "refused",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
}


def chat_body(request: LLMRequest, model: str, *, room_field: str, room: int, temperature: float | None) -> JsonObject:
    """The body for this request, what stays the same first; `room_field` is what the endpoint calls the limit of tokens."""
    system = [{"role": "system", "content": "\n\n".join(request.system)}] if request.system else []
    body: JsonObject = {"model": model, "messages": [*system, *(_message(m) for m in request.messages)], room_field: room}
    if temperature is not None:
        body["temperature"] = temperature
    if request.seed is not None:
        body["seed"] = request.seed
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.output == "schema" and request.json_schema is not None:
        schema = enforceable(request.json_schema)
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    elif request.output == "json":
        body["response_format"] = {"type": "json_object"}
    return body


def _tool(tool: ToolSpec) -> JsonObject:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters or {"type": "object"}}
    return {"type": "function", "function": function}


def _message(message: ModelMessage) -> JsonObject:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id or "", "content": message.text}
    if not message.tool_calls:
        return {"role": message.role, "content": message.text}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": _as_text(call.arguments)}}
        for call in message.tool_calls
    ]
    return {"role": message.role, "content": message.text or None, "tool_calls": calls}


def _as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments if arguments is not None else {})


def read_chat(content: bytes, model: str) -> Completion:
    """The completion in an answer with status 200. Raises NotAsPromised."""
    body = read_object(content)
    choices = body.get("choices")
    choice = choices[0] if is_list(choices) and choices else None
    message = choice.get("message") if is_object(choice) else None
    if not is_object(choice) or not is_object(message):
        raise NotAsPromised(f"without `choices[0].message`{sentence(body)}")
    text = text_of(message.get("content"))
    if text is None:
        raise NotAsPromised("with a `content` that is no text")
    refusal = message.get("refusal")
    calls = _calls(message.get("tool_calls"))
    return Completion(
        text=refusal if isinstance(refusal, str) and refusal else text,
        tool_calls=calls,
        model=named(body, model),
        finish="refused" if refusal else _finish(choice.get("finish_reason"), text, calls),
        usage=_usage(body.get("usage")),
    )


def _finish(reason: Any, text: str, calls: tuple[ModelToolCall, ...]) -> Finish:
    """A limit counts before emptiness: a model that thought until its room was used up was cut off, not silent."""
    told = _FINISH.get(reason) if isinstance(reason, str) else None
    if told in ("length", "refused"):
        return told
    return "tool_calls" if calls else "stop" if text.strip() else "empty"


def _calls(found: Any) -> tuple[ModelToolCall, ...]:
    if found is None:
        return ()
    if not is_list(found):
        raise NotAsPromised("with `tool_calls` that are no list")
    return tuple(_call(position, entry) for position, entry in enumerate(found))


def _call(position: int, entry: Any) -> ModelToolCall:
    function = entry.get("function") if is_object(entry) else None
    name = function.get("name") if is_object(function) else None
    if not is_object(entry) or not is_object(function) or not isinstance(name, str) or not name:
        raise NotAsPromised("with a tool call that has no name")
    id = entry.get("id")
    arguments: Any = function.get("arguments")
    if isinstance(arguments, str):
        with contextlib.suppress(ValueError):  # what is no JSON stays the text that it is: whoever reads the call says so
            arguments = parse_json(arguments) if arguments.strip() else {}
    return ModelToolCall(id=id if isinstance(id, str) and id else f"call_{position}", name=name, arguments=arguments)


def _usage(found: Any) -> ModelUsage:
    if not is_object(found):
        return ModelUsage()
    prompt, answer = found.get("prompt_tokens_details"), found.get("completion_tokens_details")
    return ModelUsage(
        input_tokens=count(found, "prompt_tokens"),
        cached_tokens=count(prompt, "cached_tokens"),
        cache_write_tokens=count(prompt, "cache_write_tokens"),
        output_tokens=count(found, "completion_tokens"),
        reasoning_tokens=count(answer, "reasoning_tokens"),
    )

"""Answers and errors in the form of OpenAI's chat completions."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from understudy.testing.fake_models.rendered import ToRender
from understudy.testing.fake_models.said import Ending

__all__ = ["answer_body", "answer_events", "error_body", "error_event", "models_body"]

_CREATED = 1790000000
_FINISH: dict[Ending, str] = {"stop": "stop", "length": "length", "refusal": "stop", "tool_calls": "tool_calls"}
_ERROR_TYPES = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", None),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_exceeded", "rate_limit_exceeded"),
}


def answer_body(said: ToRender) -> bytes:
    """The whole completion."""
    answer = said.answer
    refused = answer.ending == "refusal"
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused or (answer.tool_calls and not answer.text) else answer.text,
        "refusal": answer.text or "I can't help with that." if refused else None,
        "annotations": [],
    }
    if answer.tool_calls:
        message["tool_calls"] = [_call(said, i, c.name, c.text) for i, c in enumerate(answer.tool_calls)]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _FINISH[answer.ending]}
    body = {**_base(said), "object": "chat.completion", "choices": [choice], "usage": _usage(said), "service_tier": "default"}
    return to_json(body if answer.state is None else {**body, "understudy": {"state": answer.state}})


def answer_events(said: ToRender) -> list[bytes]:
    """The completion as server-sent events, `[DONE]` last."""
    answer = said.answer
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None if answer.tool_calls else "", "refusal": None}]
    if answer.ending == "refusal":
        deltas.append({"refusal": answer.text or "I can't help with that."})
    else:
        deltas += [{"content": piece} for piece in said.words()]
    for position, call in enumerate(answer.tool_calls):
        deltas.append({"tool_calls": [{"index": position, **_call(said, position, call.name, "")}]})
        deltas += [{"tool_calls": [{"index": position, "function": {"arguments": p}}]} for p in said.argument_pieces(call.text)]
    last = {} if answer.state is None else {"understudy": {"state": answer.state}}
    events = [_chunk(said, delta, None) for delta in deltas]
    events.append(_chunk(said, {}, _FINISH[answer.ending], **last))
    if said.usage_in_stream:
        events.append(_event({**_base(said), "object": "chat.completion.chunk", "choices": [], "usage": _usage(said)}))
    return [*events, b"data: [DONE]\n\n"]


def error_body(status: int, message: str) -> bytes:
    """An error as the API reports it."""
    kind, code = _ERROR_TYPES.get(status, ("server_error", None))
    return to_json({"error": {"message": message, "type": kind, "param": None, "code": code}})


def error_event(message: str) -> bytes:
    """An error in the middle of a stream."""
    return _event({"error": {"message": message, "type": "server_error", "param": None, "code": None}})


def models_body(names: list[str]) -> bytes:
    """The list of models."""
    return to_json({"object": "list", "data": [{"id": n, "object": "model", "created": _CREATED, "owned_by": "understudy"} for n in names]})


def _base(said: ToRender) -> dict[str, Any]:
    return {"id": f"chatcmpl-{said.id}", "created": _CREATED, "model": said.model, "system_fingerprint": "fp_fake"}


def _call(said: ToRender, position: int, name: str, arguments: str) -> dict[str, Any]:
    return {"id": f"call_{said.id}_{position}", "type": "function", "function": {"name": name, "arguments": arguments}}


def _usage(said: ToRender) -> dict[str, Any]:
    return {
        "prompt_tokens": said.prompt.all,
        "completion_tokens": said.output_tokens,
        "total_tokens": said.prompt.all + said.output_tokens,
        "prompt_tokens_details": {"cached_tokens": said.prompt.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": min(said.answer.reasoning_tokens, said.output_tokens), "audio_tokens": 0},
    }


def _chunk(said: ToRender, delta: dict[str, Any], finish: str | None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _event({**_base(said), "object": "chat.completion.chunk", "choices": [choice], **more})


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + to_json(data) + b"\n\n"

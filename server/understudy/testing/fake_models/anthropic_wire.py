"""Answers and errors in the form of Anthropic's Messages."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_json

from understudy.testing.fake_models.rendered import ToRender
from understudy.testing.fake_models.said import CalledTool, Ending

__all__ = ["answer_body", "answer_events", "error_body", "error_event", "models_body"]

_STOP: dict[Ending, str] = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "tool_calls": "tool_use"}
_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def answer_body(said: ToRender) -> bytes:
    """The whole message."""
    return to_json(_message(said, _content(said), _STOP[said.answer.ending], said.output_tokens))


def answer_events(said: ToRender) -> list[bytes]:
    """The message as server-sent events."""
    events = [_event("message_start", message=_message(said, [], None, 1)), _event("ping")]
    for index, block in enumerate(_content(said)):
        words = block["type"] == "text"
        events.append(_event("content_block_start", index=index, content_block={**block, **({"text": ""} if words else {"input": {}})}))
        if words:
            deltas = [{"type": "text_delta", "text": piece} for piece in said.words()]
        else:
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in said.argument_pieces(json.dumps(block["input"]))]
        events += [_event("content_block_delta", index=index, delta=delta) for delta in deltas]
        events.append(_event("content_block_stop", index=index))
    ended = {"stop_reason": _STOP[said.answer.ending], "stop_sequence": None}
    return [*events, _event("message_delta", delta=ended, usage={"output_tokens": said.output_tokens}), _event("message_stop")]


def error_body(status: int, message: str) -> bytes:
    """An error as the API reports it."""
    return to_json(_error(_ERROR_TYPES.get(status, "api_error"), message))


def error_event(message: str) -> bytes:
    """An error in the middle of a stream."""
    return b"event: error\ndata: " + to_json(_error("overloaded_error", message)) + b"\n\n"


def models_body(names: list[str]) -> bytes:
    """The list of models."""
    data = [{"id": n, "type": "model", "display_name": n, "created_at": "2026-09-21T00:00:00Z"} for n in names]
    return to_json({"data": data, "has_more": False, "first_id": names[0] if names else None, "last_id": names[-1] if names else None})


def _content(said: ToRender) -> list[dict[str, Any]]:
    calls = [_call(f"toolu_{said.id}_{i}", call) for i, call in enumerate(said.answer.tool_calls)]
    return [{"type": "text", "text": said.answer.text}, *calls] if said.answer.text else calls


def _call(id: str, call: CalledTool) -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": call.name, "input": _input(call)}


def _input(call: CalledTool) -> Any:
    """This wire carries objects, so that broken arguments arrive as a text."""
    try:
        return json.loads(call.text)
    except ValueError:
        return call.text


def _message(said: ToRender, content: list[dict[str, Any]], stop: str | None, output_tokens: int) -> dict[str, Any]:
    prompt = said.prompt
    usage = {
        "input_tokens": max(0, prompt.all - prompt.cached - prompt.written),
        "cache_creation_input_tokens": prompt.written,
        "cache_read_input_tokens": prompt.cached,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }
    head = {"id": f"msg_{said.id}", "type": "message", "role": "assistant", "model": said.model}
    return {**head, "content": content, "stop_reason": stop, "stop_sequence": None, "usage": usage}


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_fake"}


def _event(kind: str, **data: Any) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + to_json({"type": kind, **data}) + b"\n\n"

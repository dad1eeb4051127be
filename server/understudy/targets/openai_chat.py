"""Target: an OpenAI-compatible chat completions endpoint."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from understudy.domain.conversation import ToolCall
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.answer import as_messages, found_instead, tool_calls_from
from understudy.targets.chat_target import ChatTarget, Streamed
from understudy.targets.failure import CallFailed
from understudy.targets.settings import OpenAITarget
from understudy.targets.sse import StreamedAnswer
from understudy.wire.content import at_path, text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import is_list, is_object

__all__ = ["OpenAIChat"]


class OpenAIChat(ChatTarget[OpenAITarget]):
    """The adapter of `kind: openai`."""

    kind = "openai"
    advice: ClassVar = {404: "Check `url` (it must lead to /chat/completions) and `model`."}

    def _body(self, request: TargetRequest) -> JsonObject:
        settings = self._settings
        messages = as_messages(request.turns)
        if settings.system:
            messages.insert(0, {"role": "system", "content": settings.system})
        return {**settings.extra_body, "model": settings.model, "messages": messages, "stream": settings.stream}

    def _streamed(self) -> Streamed:
        return StreamedAnswer(self._address, self._settings.state_path, self._calls.secrets)

    def _said(self, body: dict[str, Any]) -> tuple[str, tuple[ToolCall, ...]]:
        address = self._address
        message = at_path(body, "choices.0.message")
        if not is_object(message):
            raise CallFailed("wrong_shape", f"{address} answered without `choices[0].message`; it sent {_shape(body)}.")
        text = text_of(message.get("content"))
        if text is None:
            raise CallFailed("wrong_shape", f"{address}: `content` is {found_instead(message.get('content'))}, not text.")
        calls = tool_calls_from(message.get("tool_calls"), address)
        # A refusal is what the agent says when it says nothing else.
        return text or (message["refusal"] if isinstance(message.get("refusal"), str) else ""), calls


def _shape(body: dict[str, Any]) -> str:
    error = body.get("error")
    said = f"; it said {excerpt(error if isinstance(error, str) else json.dumps(error))!r}" if error else ""
    choices = body.get("choices")
    if is_list(choices):
        return f"{found_instead(body)} and {len(choices)} choices{said}"
    return found_instead(body) + said

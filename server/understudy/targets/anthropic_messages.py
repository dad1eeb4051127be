"""Target: an agent that speaks the wire of Anthropic's Messages API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from understudy.domain.conversation import ToolCall, Turn
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.answer import found_instead, tool_calls_from
from understudy.targets.anthropic_stream import StreamedMessage
from understudy.targets.chat_target import ChatTarget, Streamed
from understudy.targets.failure import CallFailed
from understudy.targets.settings import AnthropicTarget
from understudy.wire.content import at_path
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import is_list, is_object

__all__ = ["AnthropicMessages", "as_anthropic"]

TOOL_USES = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})


class AnthropicMessages(ChatTarget[AnthropicTarget]):
    """The adapter of `kind: anthropic`."""

    kind = "anthropic"
    advice: ClassVar = {
        404: "Check `url` (it must lead to /v1/messages) and `model`.",
        529: "It is overloaded: lower the concurrency, or raise `retries`.",
    }

    def _body(self, request: TargetRequest) -> JsonObject:
        settings = self._settings
        return {
            **settings.extra_body,
            "model": settings.model,
            "max_tokens": settings.max_tokens,
            **({"system": settings.system} if settings.system else {}),
            "messages": as_anthropic(request.turns, settings.opening_prompt),
            "stream": settings.stream,
        }

    def _streamed(self) -> Streamed:
        return StreamedMessage(self._address, self._settings.state_path, self._calls.secrets)

    def _said(self, body: dict[str, Any]) -> tuple[str, tuple[ToolCall, ...]]:
        content = body.get("content")
        # A plain text is what the wire allows in requests, and what some agents give back.
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if not is_list(blocks):
            raise CallFailed("wrong_shape", f"{self._address} answered without a list `content`; it sent {_shape(body)}.")
        self._whole(body)
        text = "".join(words for block in blocks if isinstance(words := at_path(block, "text"), str) and _type(block) == "text")
        # A refusal is what the agent says when it says nothing else.
        if not text and body.get("stop_reason") == "refusal" and isinstance(why := at_path(body, "stop_details.explanation"), str):
            text = why
        return text, tool_calls_from(_tool_uses(blocks), self._address)

    def _whole(self, body: Mapping[str, Any]) -> None:
        """Refuse what our own limit has cut off: judging half a sentence would be unfair to the agent."""
        if body.get("stop_reason") == "max_tokens":
            raise CallFailed(
                "wrong_shape",
                f"{self._address} stopped in the middle of its answer, at the limit of {self._settings.max_tokens} tokens. "
                "Raise `max_tokens`.",
            )


def as_anthropic(turns: Sequence[Turn], opening_prompt: str) -> list[dict[str, str]]:
    """The conversation as the wire wants it: the user first, and no message empty (neighbours of the same role are joined by the API)."""
    messages = [{"role": "user" if t.role == "user" else "assistant", "content": t.text} for t in turns if t.text.strip()]
    if not messages or messages[0]["role"] == "assistant":
        messages.insert(0, {"role": "user", "content": opening_prompt})
    return messages


def _type(block: Any) -> Any:
    return at_path(block, "type")


def _tool_uses(blocks: Sequence[Any]) -> list[dict[str, Any]]:
    """Tool uses, each with its result where the agent ran the tool itself and shows what came of it."""
    results = {at_path(block, "tool_use_id"): at_path(block, "content") for block in blocks if str(_type(block)).endswith("tool_result")}
    return [
        {"name": at_path(block, "name"), "arguments": at_path(block, "input"), "result": results.get(at_path(block, "id"))}
        for block in blocks
        if _type(block) in TOOL_USES
    ]


def _shape(body: dict[str, Any]) -> str:
    error = body.get("error")
    words = at_path(error, "message") if is_object(error) else error
    said = f"; it said {excerpt(words if isinstance(words, str) else json.dumps(error))!r}" if error else ""
    return found_instead(body) + said

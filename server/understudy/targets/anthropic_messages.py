"""Target: an agent that speaks the wire of Anthropic's Messages API, in one JSON answer or streamed.

Plain aiohttp for the reasons that hold for the OpenAI wire: agents under test are half-conformant, and CPU per call counts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from yarl import URL

from understudy.domain.conversation import Reply, Turn
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import at_path, found_instead, hands_off, state_from, tool_calls_from
from understudy.targets.anthropic_stream import StreamedMessage
from understudy.targets.failure import CallFailed, excerpt
from understudy.targets.http_call import HttpCalls, Seen, Sleep, object_in
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.targets.settings import AnthropicTarget
from understudy.targets.wire import is_list, is_object

__all__ = ["AnthropicMessages", "as_anthropic"]

ADVICE = {
    404: "Check `url` (it must lead to /v1/messages) and `model`.",
    529: "It is overloaded: lower the concurrency, or raise `retries`.",
}
TOOL_USES = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})


class AnthropicMessages:
    """The adapter of `kind: anthropic`. One connection pool per target; nothing is kept per conversation."""

    kind = "anthropic"
    needs_session = False

    def __init__(
        self, name: str, settings: AnthropicTarget, *, env: Mapping[str, str], allow: AllowList | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.name = name
        self._settings = settings
        self._calls = HttpCalls(settings, env=env, retries=settings.retries, allow=allow, sleep=sleep, advice=ADVICE)
        self._address = settings.address
        self._url = URL(settings.endpoint, encoded=True)
        accepts = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self._headers = {**accepts, **settings.headers_from(env)}

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        body = self._body(request)
        return await self._calls.run(lambda: self._post(body))

    @property
    def seen(self) -> Seen | None:
        """The last answer as it came."""
        return self._calls.seen

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._calls.aclose()

    def _body(self, request: TargetRequest) -> bytes:
        settings = self._settings
        body = {
            **settings.extra_body,
            "model": settings.model,
            "max_tokens": settings.max_tokens,
            **({"system": settings.system} if settings.system else {}),
            "messages": as_anthropic(request.turns, settings.opening_prompt),
            "stream": settings.stream,
        }
        return json.dumps(body).encode()

    async def _post(self, body: bytes) -> Reply:
        calls = self._calls
        async with calls.send(self._url, body=body, headers=self._headers) as response:
            if response.content_type != "text/event-stream":
                return self._understand(object_in(await calls.json(response), self._address), None)
            answer = StreamedMessage(self._address, self._settings.state_path, calls.secrets)
            async for event in calls.events(response):
                answer.add(event)
            found, state = answer.body()
        return self._understand(calls.secrets.mask_json(found), calls.secrets.mask_json(state))

    def _understand(self, body: dict[str, Any], streamed_state: Any) -> Reply:
        address, path = self._address, self._settings.state_path
        content = body.get("content")
        # A plain text is what the wire allows in requests, and what some agents give back.
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if not is_list(blocks):
            raise CallFailed("wrong_shape", f"{address} answered without a list `content`; it sent {_shape(body)}.")
        self._whole(body)
        text = "".join(words for block in blocks if isinstance(words := at_path(block, "text"), str) and _type(block) == "text")
        # A refusal is what the agent says when it says nothing else.
        if not text and body.get("stop_reason") == "refusal" and isinstance(why := at_path(body, "stop_details.explanation"), str):
            text = why
        at_most(MAX_TEXT, len(text), address, "the text")
        calls = tool_calls_from(_tool_uses(blocks), address)
        state = streamed_state if streamed_state is not None else at_path(body, path) if path else None
        return Reply(
            text=text,
            tool_calls=calls,
            state=state_from(state, f"{address}, `{path}`"),
            handed_off=hands_off(self._settings.handoff, text, calls, body),
        )

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

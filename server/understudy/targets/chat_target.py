"""What the two chat wires share: the whole conversation in one POST, one JSON answer or a stream of events.

Plain aiohttp: an official SDK takes up to twenty times its CPU per call, and would refuse the half-conformant bodies that agents
under test send.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from yarl import URL

from understudy.domain.conversation import Reply, ToolCall
from understudy.domain.encoding import compact
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import hands_off, state_from
from understudy.targets.chat_settings import ChatTargetSettings
from understudy.targets.http_call import HttpCalls, Seen, Sleep, object_in
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.wire.content import at_path

__all__ = ["ChatTarget", "Streamed"]

S = TypeVar("S", bound=ChatTargetSettings)


class Streamed(Protocol):
    """An answer that comes in pieces."""

    def add(self, data: bytes) -> None:
        """Take in one event. Raises CallFailed."""
        ...

    def body(self) -> tuple[dict[str, Any], Any]:
        """The answer as an unstreamed body, and the state seen on the way. Raises CallFailed when it was cut off."""
        ...


class ChatTarget(ABC, Generic[S]):
    """One connection pool per target; nothing is kept per conversation."""

    kind: ClassVar[str]
    advice: ClassVar[Mapping[int, str]]
    """What to do about a status, where this wire knows more than the usual."""
    needs_session = False

    def __init__(
        self, name: str, settings: S, *, env: Mapping[str, str], allow: AllowList | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.name = name
        self._settings = settings
        self._calls = HttpCalls(settings, env=env, retries=settings.retries, allow=allow, sleep=sleep, advice=dict(self.advice))
        self._address = settings.address
        self._url = URL(settings.endpoint, encoded=True)
        accepts = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self._headers = {**accepts, **settings.headers_from(env)}

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        body = compact(self._body(request))
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

    @abstractmethod
    def _body(self, request: TargetRequest) -> JsonObject:
        """What is posted."""

    @abstractmethod
    def _streamed(self) -> Streamed:
        """What takes in the events of one answer."""

    @abstractmethod
    def _said(self, body: dict[str, Any]) -> tuple[str, tuple[ToolCall, ...]]:
        """The words and the tool calls in an answer. Raises CallFailed for one of another shape."""

    async def _post(self, body: bytes) -> Reply:
        calls = self._calls
        async with calls.send(self._url, body=body, headers=self._headers) as response:
            # Some servers stream unasked and some do not when asked: the answer says which it is.
            if response.content_type != "text/event-stream":
                return self._understand(object_in(await calls.json(response), self._address), None)
            answer = self._streamed()
            async for event in calls.events(response):
                answer.add(event)
            found, state = answer.body()
        return self._understand(calls.secrets.mask_json(found), calls.secrets.mask_json(state))

    def _understand(self, body: dict[str, Any], streamed_state: Any) -> Reply:
        address, path = self._address, self._settings.state_path
        text, calls = self._said(body)
        at_most(MAX_TEXT, len(text), address, "the text")
        state = streamed_state if streamed_state is not None else at_path(body, path) if path else None
        return Reply(
            text=text,
            tool_calls=calls,
            state=state_from(state, f"{address}, `{path}`"),
            handed_off=hands_off(self._settings.handoff, text, calls, body),
        )

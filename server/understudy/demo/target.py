"""A demo agent as a target in our own process: no server, no network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from understudy.demo.agent import AgentAnswer, Message
from understudy.demo.catalogue import demo_agent
from understudy.domain.conversation import Attempt, Reply, TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import Probe, TargetRequest

__all__ = ["DemoTarget", "messages_of"]


def messages_of(turns: Sequence[Turn]) -> tuple[Message, ...]:
    """A transcript as chat messages."""
    return tuple(Message(role="user" if turn.role == "user" else "assistant", content=turn.text) for turn in turns)


class DemoTarget:
    """Runs the demo agent `model` (`clinic`, `bank+wrong_fee`) in process; tries again when it fails, as a client over HTTP would."""

    def __init__(self, name: str, model: str, *, tries: int = 2) -> None:
        """Raises NotFound or BadInput for a model that there is not."""
        self._tries = tries
        self._name = name
        self._model = model
        self._agent = demo_agent(model)

    @property
    def name(self) -> str:
        return self._name

    @property
    def kind(self) -> str:
        return "demo"

    @property
    def needs_session(self) -> bool:
        return False

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError when it fails every time."""
        messages = messages_of(request.turns)
        attempts: list[Attempt] = []
        for _ in range(self._tries):
            started = time.perf_counter()
            answer = self._agent.answer(messages)
            if answer.delay_ms:
                await asyncio.sleep(answer.delay_ms / 1000)
            seconds = time.perf_counter() - started
            if answer.error is None:
                return _as_reply(answer, seconds, attempts)
            attempts.append(Attempt(kind="http_5xx", detail=f"500 {answer.error}", seconds=seconds))
        detail = f"The demo agent `{self._model}` failed {self._tries} times: {attempts[-1].detail}"
        raise TargetError(TargetFailure(kind="http_5xx", detail=detail, attempts=tuple(attempts)))

    async def probe(self) -> Probe:
        """A short question, to show that the agent answers."""
        answer = self._agent.answer((Message(role="user", content="Hello"),))
        detail = f"The demo agent `{self._model}` runs in this process and answers."
        return Probe(
            target=self._name,
            kind=self.kind,
            address=f"demo:{self._model}",
            reachable=True,
            detail=detail,
            sample=answer.text,
            exposes_state=True,
        )

    async def aclose(self) -> None:
        """Nothing to free."""


def _as_reply(answer: AgentAnswer, seconds: float, attempts: list[Attempt]) -> Reply:
    return Reply(
        text=answer.text,
        tool_calls=answer.tool_calls,
        state=answer.state,
        handed_off=answer.handed_off,
        latency_ms=seconds * 1000,
        attempts=tuple(attempts),
    )

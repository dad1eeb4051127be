"""A target without an agent: scripted replies or a function of the request, failures by turn, every call recorded."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import anyio

from understudy.domain.conversation import FailureKind, Reply, TargetFailure
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest

__all__ = ["FakeTarget"]

Answer = str | Reply | TargetFailure


class FakeTarget:
    """Satisfies the Target port.

    `replies` is a list, used by the number of agent turns so far (the last one repeats), so that a resumed conversation
    gets the same answers; or a function of the request. A TargetFailure among them is raised. `failures` maps the number
    of a call, counted from 0 over all conversations, to the kind of failure that it meets instead; `always` fails them all.
    """

    kind = "fake"

    def __init__(
        self,
        replies: Sequence[Answer] | Callable[[TargetRequest], Answer] = ("All right.",),
        *,
        name: str = "fake",
        failures: Mapping[int, FailureKind] | None = None,
        always: FailureKind | None = None,
        latency_s: float | Callable[[TargetRequest], float] = 0.0,
        timeout_s: float = 60.0,
        needs_session: bool = False,
    ) -> None:
        self.name, self.needs_session = name, needs_session
        self.calls: list[TargetRequest] = []
        """What was asked, oldest first; failed and cancelled calls included."""
        self.closed = 0
        self.forgotten: list[str] = []
        self._replies = replies
        self._always: FailureKind | None = always
        self._failures: Mapping[int, FailureKind] = failures or {}
        self._latency_s, self._timeout_s = latency_s, timeout_s

    async def reply(self, request: TargetRequest) -> Reply:
        """The next answer. Raises TargetError where a failure is planned, and when `latency_s` is more than `timeout_s`."""
        number = len(self.calls)
        self.calls.append(request)
        started = time.perf_counter()
        latency = self._latency_s(request) if callable(self._latency_s) else self._latency_s
        await anyio.sleep(min(latency, self._timeout_s))
        kind = self._failure_of(number, late=latency > self._timeout_s)
        if kind is not None:
            raise TargetError(TargetFailure(kind=kind, detail=f"The fake target was told to fail call {number} as `{kind}`."))
        answer = self._answer(request)
        if isinstance(answer, TargetFailure):
            raise TargetError(answer)
        reply = Reply(text=answer) if isinstance(answer, str) else answer
        return reply.evolve(latency_ms=reply.latency_ms or (time.perf_counter() - started) * 1000)

    def forget(self, run_id: str) -> None:
        """Record that the conversation is over."""
        self.forgotten.append(run_id)

    async def aclose(self) -> None:
        """Count the closings."""
        self.closed += 1

    def _failure_of(self, number: int, *, late: bool) -> FailureKind | None:
        if late:
            return "timeout"
        return self._always if self._always is not None else self._failures.get(number)

    def _answer(self, request: TargetRequest) -> Answer:
        if callable(self._replies):
            return self._replies(request)
        so_far = sum(1 for turn in request.turns if turn.role == "agent")
        return self._replies[min(so_far, len(self._replies) - 1)]

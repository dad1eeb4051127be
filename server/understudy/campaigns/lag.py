"""How much of a target's time was our own: the event loop that could not run while a reply was awaited."""

from __future__ import annotations

import asyncio
import time
from weakref import WeakKeyDictionary

from understudy.domain.conversation import Reply
from understudy.ports import Target, TargetRequest

__all__ = ["LagAware"]

TICK_S = 0.05


class _Meter:
    """Counts by how much the loop comes late to a tick that is due every 50 ms, while anybody awaits a reply.

    One for all conversations of a loop: a ticker for each reply took a tenth of the time of a conversation.
    """

    def __init__(self) -> None:
        self._late, self._due = 0.0, 0.0
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> float:
        """Somebody awaits a reply from now on: a mark for `end`."""
        self._waiting += 1
        if self._timer is None:
            self._wind(time.monotonic())
        return self._so_far()

    def end(self, mark: float) -> float:
        """Seconds that the loop stood still since `mark`."""
        late = self._so_far() - mark
        self._waiting -= 1
        if not self._waiting and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return max(0.0, late)

    def _so_far(self) -> float:
        # With a stall out of which the reply woke before the tick did.
        return self._late + max(0.0, time.monotonic() - self._due)

    def _tick(self) -> None:
        now = time.monotonic()
        self._late += max(0.0, now - self._due)
        self._wind(now)

    def _wind(self, now: float) -> None:
        self._due = now + TICK_S
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)


_meters: WeakKeyDictionary[asyncio.AbstractEventLoop, _Meter] = WeakKeyDictionary()


def _meter() -> _Meter:
    loop = asyncio.get_running_loop()
    if (meter := _meters.get(loop)) is None:
        meter = _meters[loop] = _Meter()
    return meter


class LagAware:
    """A target whose replies say by how much our own stalls may have lengthened them (`Reply.lag_ms`): a busy loop, a stopped process."""

    def __init__(self, wrapped: Target) -> None:
        self._wrapped = wrapped
        self.name, self.kind, self.needs_session = wrapped.name, wrapped.kind, wrapped.needs_session

    async def reply(self, request: TargetRequest) -> Reply:
        """The wrapped target's answer. Raises TargetError."""
        meter = _meter()
        mark, late = meter.begin(), 0.0
        try:
            reply = await self._wrapped.reply(request)
        finally:
            late = meter.end(mark)
        return reply.evolve(lag_ms=round(late * 1000, 1))

    async def aclose(self) -> None:
        """Close the wrapped target."""
        await self._wrapped.aclose()

"""How much of a target's time was our own: the event loop that could not run while a reply was awaited."""

from __future__ import annotations

import asyncio
import time

from understudy.domain.conversation import Reply
from understudy.ports import Target, TargetRequest

__all__ = ["LagAware"]

TICK_S = 0.05


class LagAware:
    """A target whose replies say by how much our own stalls may have lengthened them (`Reply.lag_ms`).

    While a reply is awaited, a ticker wakes up every 50 ms; what it comes late is ours (a busy loop, a stopped process).
    """

    def __init__(self, wrapped: Target) -> None:
        self._wrapped = wrapped
        self.name, self.kind, self.needs_session = wrapped.name, wrapped.kind, wrapped.needs_session

    async def reply(self, request: TargetRequest) -> Reply:
        """The wrapped target's answer. Raises TargetError."""
        late, due = 0.0, time.monotonic() + TICK_S

        async def tick() -> None:
            nonlocal late, due
            while True:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                now = time.monotonic()
                late += max(0.0, now - due)
                due = now + TICK_S

        ticker = asyncio.create_task(tick())
        try:
            reply = await self._wrapped.reply(request)
        finally:
            ticker.cancel()
        late += max(0.0, time.monotonic() - due)  # a stall out of which the reply woke before the ticker did
        return reply.evolve(lag_ms=round(late * 1000, 1))

    async def aclose(self) -> None:
        """Close the wrapped target."""
        await self._wrapped.aclose()

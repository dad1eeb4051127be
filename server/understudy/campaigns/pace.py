"""Keeps the event loop answering while thousands of conversations are ready to go on: steps take turns.

A step (hearing a reply, making the next call) takes a millisecond or so and cannot be interrupted. When a thousand answers come in
together, a thousand steps would run in one round of the loop, and a timer or a caller of a tool would wait for all of them. So steps
ask for their turn, and each round of the loop runs only as many as fit into a slice of time.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from weakref import WeakKeyDictionary

__all__ = ["Pace", "pace_of_this_loop"]

SLICE_S = 0.015
"""What the steps of one round may take together."""
_MOST = 64
_FIRST = 8


class Pace:
    """Lets as many steps run in a round of the loop as fit into a slice; the others follow in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._allowed = _FIRST
        """Steps in one round: one more after each round that was short enough, half as many after one that was not."""
        self._run = 0
        self._began = 0.0
        self._watching = False

    async def turn(self) -> None:
        """Return when a step may run."""
        if not self._watching:
            self._watch()
        if not self._waiting and self._run < self._allowed:
            self._run += 1
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    def _watch(self) -> None:
        self._watching, self._began = True, time.monotonic()
        asyncio.get_running_loop().call_soon(self._round)

    def _round(self) -> None:
        """Once in each round of the loop while there are steps."""
        took, full = time.monotonic() - self._began, self._run >= self._allowed
        if took > SLICE_S:
            self._allowed = max(1, self._allowed // 2)
        elif full:
            self._allowed = min(_MOST, self._allowed + 1)
        self._run = 0
        while self._waiting and self._run < self._allowed:
            future = self._waiting.popleft()
            if not future.done():  # whoever waited may have been cancelled
                future.set_result(None)
                self._run += 1
        self._watching = False
        if self._run:
            self._watch()


_paces: WeakKeyDictionary[asyncio.AbstractEventLoop, Pace] = WeakKeyDictionary()


def pace_of_this_loop() -> Pace:
    """The one that all conversations of the running loop keep."""
    loop = asyncio.get_running_loop()
    if (pace := _paces.get(loop)) is None:
        pace = _paces[loop] = Pace()
    return pace

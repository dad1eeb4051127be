"""Adaptive concurrency and requests per minute, shared by everybody who calls the same address.

Additive increase, multiplicative decrease: every answer widens the window a little, and a provider that asks to slow down halves it
and stops everybody until the time that it named. Callers go through one gate in the order in which they came. Where several processes
play a campaign, each gate holds to its part of the bounds, so that all of them together keep to the whole.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from understudy.domain.errors import ModelError
from understudy.domain.part import part_of
from understudy.llm.adapter import Adapter
from understudy.llm.wrapping import Wrapping
from understudy.ports import Completion, LLMRequest

__all__ = ["LONGEST_PAUSE_S", "UNTOLD_PAUSE_S", "Gate", "Gates", "Limited"]

LONGEST_PAUSE_S = 60.0
"""However long a provider asks to wait, everybody may try again after this."""
UNTOLD_PAUSE_S = 0.5
"""How long everybody waits after a refusal that named no time: else the others use up the tries of those that were refused."""
_MINUTE = 60.0
_SHRINK = 0.5


class Gate:
    """Who may call one address now."""

    def __init__(
        self,
        concurrency: int,
        requests_per_minute: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._whole, self._whole_per_minute = concurrency, requests_per_minute
        self._part, self._parts = 0, 1
        self._most, self._per_minute = concurrency, requests_per_minute
        self._window = float(concurrency)
        self._clock, self._sleep = clock, sleep
        self._inside = 0
        self._entered: deque[float] = deque()
        self._open_at = 0.0
        self._shrunk_at = float("-inf")
        self._turn, self._left = asyncio.Lock(), asyncio.Event()

    @property
    def window(self) -> int:
        """How many may be inside at once, just now."""
        return max(1, int(self._window))

    @property
    def taken(self) -> int:
        """How many are inside."""
        return self._inside

    def tighten(self, concurrency: int, requests_per_minute: int | None) -> None:
        """Hold to these bounds too: of two roles at one address, the lower bound counts."""
        self._whole = min(self._whole, concurrency)
        told = [bound for bound in (self._whole_per_minute, requests_per_minute) if bound is not None]
        self._whole_per_minute = min(told) if told else None
        self._divide()

    def share(self, part: int, parts: int) -> None:
        """Hold to part number `part` of `parts` of the bounds. What a part grows by counts as used within this minute by whoever had it."""
        before = self._per_minute
        self._part, self._parts = part, parts
        self._divide()
        self._left.set()
        if before is not None and self._per_minute is not None:
            self._entered.extend([self._clock()] * (self._per_minute - before))

    def withhold(self) -> None:
        """What may be called within this minute counts as used, by processes that were there before this one."""
        if self._per_minute is not None:
            self._entered.extend([self._clock()] * self._per_minute)

    @property
    def settled(self) -> bool:
        """Whether no more are inside than may be, which is not so at once when the bounds have become narrower."""
        return self._inside <= self._most

    @property
    def rested(self) -> bool:
        """Whether nobody has entered within the last minute; true where calls are not counted by the minute."""
        return not self._entered or self._entered[-1] <= self._clock() - _MINUTE

    def _divide(self) -> None:
        was_full = self._window >= self._most
        self._most = part_of(self._whole, self._part, self._parts)
        self._window = float(self._most) if was_full else min(self._window, self._most)
        if self._whole_per_minute is not None:
            self._per_minute = part_of(self._whole_per_minute, self._part, self._parts)

    @asynccontextmanager
    async def inside(self) -> AsyncGenerator[float]:
        """Wait for a place, and hold it; gives the time of entering."""
        async with self._turn:
            while (wait := self._wait_s()) > 0 or self._inside >= self.window:
                if wait > 0:
                    await self._sleep(wait)
                else:
                    self._left.clear()
                    await self._left.wait()
            entered = self._clock()
            self._inside += 1
            if self._per_minute is not None:
                self._entered.append(entered)
        try:
            yield entered
        finally:
            self._inside -= 1
            self._left.set()

    def widen(self) -> None:
        """An answer came: about one place more for every window full of them."""
        self._window = min(float(self._most), self._window + 1 / self._window)

    def slow_down(self, entered: float, retry_after: float | None) -> None:
        """The provider refused a call that entered at `entered`: halve the window, once for all calls of the same burst, and stop
        everybody for the time that it named, if it named one."""
        now = self._clock()
        if entered > self._shrunk_at:
            self._window, self._shrunk_at = max(1.0, self._window * _SHRINK), now
        self._open_at = max(self._open_at, now + min(LONGEST_PAUSE_S, retry_after or 0))

    def _wait_s(self) -> float:
        """Seconds until the next one may enter, places aside; 0 when it is now."""
        now = self._clock()
        wait = self._open_at - now
        if self._per_minute is not None:
            while self._entered and self._entered[0] <= now - _MINUTE:
                self._entered.popleft()
            if len(self._entered) >= self._per_minute:
                wait = max(wait, self._entered[-self._per_minute] + _MINUTE - now)
        return max(0.0, wait)


class Gates:
    """The gates of one process, one for each provider and address."""

    def __init__(self) -> None:
        self._gates: dict[tuple[str, str], Gate] = {}
        self._part, self._parts, self._withheld_until = 0, 1, float("-inf")

    def gate(self, provider: str, address: str, *, concurrency: int, requests_per_minute: int | None) -> Gate:
        """The gate of this address, held to the bounds of everybody who has asked for it."""
        key = (provider, address)
        if key in self._gates:
            self._gates[key].tighten(concurrency, requests_per_minute)
        else:
            gate = self._gates[key] = Gate(concurrency, requests_per_minute)
            gate.share(self._part, self._parts)
            if time.monotonic() < self._withheld_until:
                gate.withhold()
        return self._gates[key]

    def share(self, part: int, parts: int, *, fresh: bool = True) -> None:
        """Every gate of this process, and each that it opens later, holds to part number `part` of `parts`.

        Not `fresh`: this process is new, and others have called within the last minute; how often is not known here.
        """
        self._part, self._parts = part, parts
        if not fresh:
            self._withheld_until = time.monotonic() + _MINUTE
        for gate in self._gates.values():
            gate.share(part, parts)

    @property
    def settled(self) -> bool:
        """Whether no more calls are under way than the present part allows."""
        return all(gate.settled for gate in self._gates.values())

    @property
    def rested(self) -> bool:
        """Whether no call that is counted by the minute was made within the last one."""
        return all(gate.rested for gate in self._gates.values())


class Limited(Wrapping):
    """A model whose calls pass a gate."""

    def __init__(self, wrapped: Adapter, gate: Gate) -> None:
        super().__init__(wrapped)
        self._gate = gate

    async def complete(self, request: LLMRequest) -> Completion:
        """The model's answer, when it is its turn."""
        async with self._gate.inside() as entered:
            try:
                completion = await self._wrapped.complete(request)
            except ModelError as error:
                if error.kind in ("rate_limited", "overloaded"):
                    self._gate.slow_down(entered, UNTOLD_PAUSE_S if error.retry_after is None else error.retry_after)
                raise
            self._gate.widen()
            return completion

"""Limits that several processes hold together: each has its part, and the parts never add up to more than the whole."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.part import part_of
from understudy.llm.limit import Gate, Gates


class Time:
    """A clock that sleeping moves."""

    now = 100.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(whole=st.integers(1, 500), parts=st.integers(1, 64))
def test_parts_add_up_to_the_whole_and_none_shrinks_when_a_process_goes(whole: int, parts: int) -> None:
    each = [part_of(whole, part, parts) for part in range(parts)]
    assert sum(each) == max(whole, parts)
    if parts > 1 and whole >= parts:
        # Whoever is left moves up by one place at most.
        for part, held in enumerate(each[: parts - 1]):
            assert part_of(whole, part, parts - 1) >= held
            assert part_of(whole, part, parts - 1) >= each[part + 1]


async def entered(gate: Gate, times: int) -> None:
    for _ in range(times):
        async with gate.inside():
            pass


async def test_a_gate_holds_to_its_part_and_says_when_it_has_settled() -> None:
    gate = Gate(6)
    let_go = asyncio.Event()

    async def hold() -> None:
        async with gate.inside():
            await let_go.wait()

    held = [asyncio.create_task(hold()) for _ in range(9)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gate.share(1, 2)
    assert (gate.window, gate.settled) == (3, False)
    let_go.set()
    await asyncio.gather(*held)
    assert gate.settled
    gate.share(0, 1)
    assert gate.window == 6


async def test_of_a_limit_by_the_minute_what_somebody_else_had_counts_as_used_for_a_minute() -> None:
    time = Time()
    gate = Gate(100, 10, clock=time.clock, sleep=time.sleep)
    gate.share(0, 2)
    await entered(gate, 5)
    assert time.now == 100.0
    gate.share(0, 1)  # the other process is gone; it may have used its five just now
    assert not gate.rested
    await entered(gate, 5)
    assert time.now == 160.0
    await entered(gate, 5)
    assert time.now == 160.0
    await entered(gate, 1)
    assert time.now == 220.0


def test_gates_that_are_opened_later_hold_to_the_part_too_and_a_new_process_waits_where_others_have_called() -> None:
    gates = Gates()
    first = gates.gate("p", "a", concurrency=8, requests_per_minute=None)
    gates.share(1, 4, fresh=False)
    later = gates.gate("p", "b", concurrency=10, requests_per_minute=100)
    assert (first.window, later.window) == (2, 3)
    assert not later.rested
    assert not gates.rested
    assert gates.settled
    tightened = gates.gate("p", "b", concurrency=5, requests_per_minute=100)
    assert tightened.window == 1
    fresh = Gates()
    fresh.share(1, 2)
    assert fresh.gate("p", "a", concurrency=4, requests_per_minute=10).rested

"""Steps take turns, so that the loop goes on answering."""

from __future__ import annotations

import asyncio
import time

from understudy.campaigns.pace import SLICE_S, Pace


async def test_a_thousand_steps_that_are_ready_at_once_do_not_hold_up_a_timer() -> None:
    pace, late = Pace(), list[float]()

    async def step() -> None:
        await pace.turn()
        until = time.monotonic() + 0.001
        while time.monotonic() < until:
            pass

    async def watch() -> None:
        while True:
            due = time.monotonic() + 0.005
            await asyncio.sleep(0.005)
            late.append(time.monotonic() - due)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(step() for _ in range(1000)))
    watching.cancel()
    assert sorted(late)[len(late) // 2] < 10 * SLICE_S
    assert len(late) > 5


async def test_steps_run_in_the_order_in_which_they_asked() -> None:
    pace, ran = Pace(), list[int]()

    async def step(n: int) -> None:
        await pace.turn()
        ran.append(n)

    await asyncio.gather(*(step(n) for n in range(300)))
    assert ran == list(range(300))


async def test_who_stops_waiting_holds_up_nobody() -> None:
    pace, ran = Pace(), list[int]()

    async def step(n: int) -> None:
        await pace.turn()
        ran.append(n)

    tasks = [asyncio.create_task(step(n)) for n in range(100)]
    await asyncio.sleep(0)
    for task in tasks[50:90]:
        task.cancel()
    await asyncio.wait(tasks)
    assert {*range(50), *range(90, 100)} <= set(ran)
    async with asyncio.timeout(5):
        await pace.turn()

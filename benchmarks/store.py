"""List, filter, search and page with 100,000 stored conversations."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from understudy.domain.conversation import Event, Move, Opened, PlayerMoved, Reply, TargetReplied
from understudy.domain.scenario import Scenario
from understudy.library.library import Library
from understudy.ports import RunFilter
from understudy.storage.sqlite import SqliteStore

RUNS = 100_000
AT_ONCE = 500


async def fill(store: SqliteStore, conversations: int) -> float:
    """Store so many conversations (one exchange each) and return conversations a second."""
    library = Library()
    pairs = [(p, goal) for p in library.personas.values() if p.goal and (goal := library.goals.get(p.goal))]
    scenarios = [Scenario(persona=p, goal=g, target="agent") for p, g in pairs]

    async def one(n: int) -> None:
        record = await store.create_run(f"run_{n:012x}", scenarios[n % len(scenarios)], at=float(n))
        lease = await store.claim(record.id, "bench", at=float(n), ttl=60)
        assert lease is not None
        events: list[Event] = [
            Opened(),
            PlayerMoved(move=Move(message=f"I need help with order {n}"), at=0.0),
            TargetReplied(reply=Reply(text=f"I have found order {n}."), at=0.1),
        ]
        await store.append(lease, events, first_seq=0, at=float(n))
        await store.finish(lease, ending="goal_reached" if n % 3 else "gave_up", at=float(n))

    began = time.perf_counter()
    for start in range(0, conversations, AT_ONCE):
        await asyncio.gather(*(one(n) for n in range(start, min(start + AT_ONCE, conversations))))
    return conversations / (time.perf_counter() - began)


async def median_ms(work: Callable[[], Awaitable[object]]) -> float:
    """The median of 9 calls, in ms."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        await work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def measure(conversations: int) -> None:
    """Fill a store and time what a page needs."""
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(Path(folder) / "bench.db")
        rate = await fill(store, conversations)
        print(f"stored {conversations} conversations at {rate:.0f} a second\n")
        print("| first page of | median ms |\n|---|---|")
        print(f"| all | {await median_ms(lambda: store.runs(limit=20)):.1f} |")
        print(f"| one ending | {await median_ms(lambda: store.runs(RunFilter(ending='gave_up'), limit=20)):.1f} |")
        print(f"| one persona | {await median_ms(lambda: store.runs(RunFilter(persona='lunch-break-regular'), limit=20)):.1f} |")
        print(f"| words that are everywhere | {await median_ms(lambda: store.runs(RunFilter(text='found order'), limit=20)):.1f} |")
        print(f"| words that are rare | {await median_ms(lambda: store.runs(RunFilter(text='order 77777'), limit=20)):.1f} |")
        print(f"| count of all | {await median_ms(lambda: store.count_runs()):.1f} |")
        print(f"| count of words that are everywhere | {await median_ms(lambda: store.count_runs(RunFilter(text='found order'))):.1f} |")
        await store.aclose()


def run(arguments: Sequence[str] = ()) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks store")
    parser.add_argument("--conversations", type=int, default=RUNS)
    asyncio.run(measure(parser.parse_args(arguments).conversations))

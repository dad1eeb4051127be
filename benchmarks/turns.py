"""Our own CPU per turn: state machine, hearing, agenda, wording, guard and durable events, with a target that costs nothing."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from understudy.campaigns.embedded import Embedded
from understudy.domain.scenario import Scenario
from understudy.library.library import Library
from understudy.ports import Store, Target
from understudy.simulation.players.rules import RulesPlayer
from understudy.storage.sqlite import SqliteStore
from understudy.testing.fake_target import FakeTarget
from understudy.testing.memory_store import MemoryStore

CONVERSATIONS, AT_ONCE = 200, 100
FLOOR_CALLS = 8


async def floor(conversations: int) -> float:
    """CPU ms of a conversation of 8 calls over raw asyncio sockets (client and server side together), at AT_ONCE at once."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps({"text": json.loads(line)["text"]}).encode() + b"\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def converse() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in range(FLOOR_CALLS):
            writer.write(json.dumps({"text": f"turn {n}"}).encode() + b"\n")
            json.loads(await reader.readline())
        writer.close()

    before = time.process_time()
    for start in range(0, conversations, AT_ONCE):
        await asyncio.gather(*(converse() for _ in range(start, min(start + AT_ONCE, conversations))))
    used = time.process_time() - before
    server.close()
    return used * 1000 / conversations


async def ours(open_store: Callable[[], Awaitable[Store]], conversations: int) -> tuple[float, float, float]:
    """CPU ms per conversation and per turn (either side's), and conversations a second."""
    store = await open_store()
    library = Library()
    pairs = [(p, goal) for p in library.personas.values() if p.goal and (goal := library.goals.get(p.goal))]
    target = FakeTarget(
        ["Could you tell me your full name, please?", "Which day would suit you?", "All right, that is done. Anything else?"] * 20
    )

    async def target_for(_: str) -> Target:
        return target

    engine = Embedded(
        store, player_for=lambda _, __: RulesPlayer(), target_for=target_for, clock=time.time, owner="bench:0:0", concurrency=AT_ONCE
    )
    ids = []
    for n in range(conversations):
        persona, goal = pairs[n % len(pairs)]
        record = await store.create_run(f"run_{n:012x}", Scenario(persona=persona, goal=goal, target="fake", seed=n), at=float(n))
        ids.append(record.id)
    before, began = time.process_time(), time.perf_counter()
    await engine.submit(*ids)
    for run_id in ids:
        await engine.wait(run_id, 120)
    used, took = time.process_time() - before, time.perf_counter() - began
    records = [await store.run(run_id) for run_id in ids]
    turns = sum(r.turns for r in records if r is not None)
    await engine.aclose()
    await store.aclose()
    return used * 1000 / conversations, used * 1000 / turns, conversations / took


def run(arguments: Sequence[str] = ()) -> None:
    """Print the floor and ours with an in-memory and a durable store."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks turns")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    conversations = parser.parse_args(arguments).conversations
    low = asyncio.run(floor(conversations))

    async def memory() -> Store:
        return MemoryStore()

    print("| | CPU ms a conversation | CPU ms a turn | conversations/s |\n|---|---|---|---|")
    print(f"| floor: raw sockets, {FLOOR_CALLS} calls, both ends | {low:.2f} | {low / FLOOR_CALLS / 2:.3f} | |")
    rows: list[tuple[str, tuple[float, float, float]]] = [("ours, events in memory", asyncio.run(ours(memory, conversations)))]
    with tempfile.TemporaryDirectory() as folder:
        rows.append(
            ("ours, events durable in SQLite", asyncio.run(ours(lambda: SqliteStore.open(Path(folder) / "bench.db"), conversations)))
        )
    for name, (conversation, turn, rate) in rows:
        print(f"| {name} | {conversation:.2f} ({conversation / low:.1f} x) | {turn:.3f} | {rate:.0f} |")

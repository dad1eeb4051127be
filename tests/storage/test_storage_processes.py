"""Several processes on one store, killed writers, and an event log that nobody rewrites."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from store_data import EXCHANGE, NOON, scenario, user_says

from understudy.domain.errors import Conflict, Fenced
from understudy.storage.sqlite import SqliteStore

PROCESS = str(Path(__file__).with_name("store_process.py"))


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, PROCESS, "append", str(path), name, str(count)], stdout=subprocess.PIPE, text=True)


async def test_two_processes_append_to_one_store_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with writer(path, "one", 50) as one, writer(path, "two", 50) as two:
        outputs = [one.communicate(timeout=60)[0], two.communicate(timeout=60)[0]]
    assert (one.returncode, two.returncode) == (0, 0)
    assert [len(o.splitlines()) for o in outputs] == [200, 200]
    store = await SqliteStore.open(path)
    for name in ("one", "two"):
        for i in range(4):
            run_id = f"{name}-{i}"
            assert [e.event for e in await store.events(run_id)] == [user_says(f"{run_id} {seq}") for seq in range(50)]
    await store.aclose()


@pytest.mark.parametrize("after", [1, 40, 111])
async def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, after: int) -> None:
    path = tmp_path / "store.db"
    with writer(path, "killed", 10_000) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().split() for _ in range(after)]
        process.kill()
        acknowledged += [line.split() for line in process.stdout.read().splitlines() if line.count(" ") == 1 and not line.endswith(" ")]
    assert process.returncode != 0
    store = await SqliteStore.open(path)
    for run_id in sorted({run_id for run_id, _ in acknowledged}):
        last = max(int(seq) for of, seq in acknowledged if of == run_id)
        texts = [e.event for e in await store.events(run_id)]
        assert len(texts) >= last + 1
        assert texts == [user_says(f"{run_id} {seq}") for seq in range(len(texts))]
    taken = await store.claim("killed-0", "heir", at=NOON + 61, ttl=10)
    assert taken is not None
    assert taken.fence == 2
    await store.aclose()


async def test_a_worker_in_another_connection_is_fenced_off(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    mine, theirs = await SqliteStore.open(path), await SqliteStore.open(path)
    await mine.create_run("r1", scenario(), at=NOON)
    paused = await mine.claim("r1", "paused", at=NOON, ttl=10)
    fresh = await theirs.claim("r1", "fresh", at=NOON + 11, ttl=10)
    assert paused is not None
    assert fresh is not None
    outcomes = await asyncio.gather(
        mine.append(paused, EXCHANGE, first_seq=0, at=NOON + 12),
        theirs.append(fresh, EXCHANGE[:1], first_seq=0, at=NOON + 12),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Fenced)
    assert outcomes[1] is None
    assert [e.fence for e in await mine.events("r1")] == [2]
    await mine.aclose()
    await theirs.aclose()


@pytest.mark.parametrize("statement", ["UPDATE events SET body = '{}'", "UPDATE events SET seq = 9", "DELETE FROM events"])
async def test_events_are_append_only_for_everybody(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.create_run("r1", scenario(), at=NOON)
    lease = await store.claim("r1", "me", at=NOON, ttl=10)
    assert lease is not None
    await store.append(lease, EXCHANGE, first_seq=0, at=NOON)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    assert tuple(e.event for e in await store.events("r1")) == EXCHANGE
    await store.aclose()


async def test_what_is_queued_at_the_end_is_still_written(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    creations = [asyncio.create_task(store.create_run(f"r{i}", scenario(), at=NOON)) for i in range(50)]
    await asyncio.sleep(0)
    await store.aclose()
    await asyncio.gather(*creations)
    again = await SqliteStore.open(path)
    assert await again.count_runs() == 50
    await again.aclose()


async def test_a_caller_that_goes_away_leaves_the_others_alone(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    tasks = [asyncio.create_task(store.create_run(f"r{i}", scenario(), at=NOON)) for i in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(o, asyncio.CancelledError) for o in outcomes] == [i % 2 == 0 for i in range(10)]
    assert {f"r{i}" for i in range(1, 10, 2)} <= {r.id for r in await store.runs()}
    await store.aclose()


async def test_a_key_used_in_two_processes_starts_one_run(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    stores = [await SqliteStore.open(path) for _ in range(3)]
    made = await asyncio.gather(
        *(store.create_run(f"r{i}-{os.getpid()}", scenario(), at=NOON, idempotency_key="k") for i, store in enumerate(stores))
    )
    assert len({record.id for record in made}) == 1
    with pytest.raises(Conflict):
        await stores[1].create_run("other", scenario(seed=9), at=NOON, idempotency_key="k")
    for store in stores:
        await store.aclose()


def test_a_process_that_forgets_to_close_its_store_still_ends(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, PROCESS, "forget", str(tmp_path / "store.db")], capture_output=True, text=True, timeout=60)
    assert done.stdout == "written\n"


async def test_a_close_that_is_cancelled_goes_on(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    creation = asyncio.create_task(store.create_run("r1", scenario(), at=NOON))
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.gather(closing, return_exceptions=True)
    await store.aclose()
    assert (await creation).id == "r1"

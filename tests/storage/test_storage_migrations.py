"""Migrations: from the oldest schema, once, by two processes at the same time, and never backwards."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from store_data import NOON, agent_says, query, scenario, user_says, verdict

from understudy.domain.errors import StoreError, StoreTooNew
from understudy.ports import RunFilter
from understudy.storage.migrations import NEWEST
from understudy.storage.sqlite import SqliteStore

OLDEST = Path(__file__).with_name("schema_1.sql")


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    """A store as schema 1 left it."""
    path = tmp_path / "store.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(OLDEST.read_text(encoding="utf-8"))
    connection.close()
    return path


def schema_of(path: Path) -> tuple[list[tuple[str, ...]], list[int]]:
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2").fetchall()
        versions = [v for (v,) in connection.execute("SELECT version FROM schema_version ORDER BY version")]
    finally:
        connection.close()
    return tables, versions


async def test_the_oldest_schema_migrates_with_everything_in_it(oldest: Path, tmp_path: Path) -> None:
    store = await SqliteStore.open(oldest)
    try:
        records = await store.runs()
        assert [(r.id, r.status, r.ending, r.outcome, r.turns) for r in records] == [
            ("r3", "queued", None, None, 0),
            ("r2", "running", None, None, 3),
            ("r1", "finished", "goal_reached", "pass", 2),
        ]
        assert records[-1].scenario == scenario()
        events = [e.event for e in await store.events("r1")]
        assert events[1:] == [user_says("I need a visit"), agent_says("Monday at nine is booked")]
        person = await store.document("persona", "ana")
        assert person is not None
        assert (person.version, person.body) == (2, {"name": "Anna"})
        assert await store.verdicts("r1") == [verdict("v1", "r1", "pass")]
        assert await store.queries() == [query(1)]
        again = await store.create_run("other", scenario(), at=NOON, idempotency_key="key-1")
        assert again.id == "r1"
    finally:
        await store.aclose()
    fresh = await SqliteStore.open(tmp_path / "fresh.db")
    await fresh.aclose()
    assert schema_of(oldest) == schema_of(tmp_path / "fresh.db")


async def test_conversations_from_before_the_search_are_found(oldest: Path) -> None:
    store = await SqliteStore.open(oldest)
    try:
        assert [r.id for r in await store.runs(RunFilter(text="visit monday"))] == ["r2", "r1"]
        assert [r.id for r in await store.runs(RunFilter(text="booked"))] == ["r1"]
        lease = await store.claim("r2", "me", at=NOON + 100, ttl=10)
        assert lease is not None
        await store.append(lease, [agent_says("Gone")], first_seq=4, at=NOON + 100)
        await store.finish(lease, ending="goal_reached", at=NOON + 101)
        assert [(r.id, r.turns) for r in await store.runs(RunFilter(text="gone please"))] == [("r2", 4)]
    finally:
        await store.aclose()


async def test_each_step_is_applied_once(oldest: Path) -> None:
    for _ in range(2):
        await (await SqliteStore.open(oldest)).aclose()
    assert schema_of(oldest)[1] == list(range(1, NEWEST + 1))


async def test_a_store_that_many_open_at_once_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    stores = await asyncio.gather(*(SqliteStore.open(path) for _ in range(8)))
    await stores[0].create_run("r1", scenario(), at=NOON)
    seen = [await store.run("r1") for store in stores]
    for store in stores:
        await store.aclose()
    assert None not in seen
    assert schema_of(path)[1] == list(range(1, NEWEST + 1))


async def test_a_store_from_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await (await SqliteStore.open(path)).aclose()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO schema_version (version, applied_at) VALUES (?, 0)", (NEWEST + 1,))
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=r"store\.db.*newer.*Upgrade"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before


async def test_a_step_that_fails_leaves_the_old_store_as_it_was(oldest: Path) -> None:
    connection = sqlite3.connect(oldest)
    connection.execute("CREATE TABLE turn_words (in_the_way INTEGER)")
    connection.commit()
    connection.close()
    before = schema_of(oldest)
    with pytest.raises(StoreError, match="turn_words"):
        await SqliteStore.open(oldest)
    assert schema_of(oldest) == before


async def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before

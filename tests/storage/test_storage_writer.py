"""The writer: jobs of one transaction, each with a savepoint of its own."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from understudy.domain.errors import Conflict, StoreError
from understudy.storage.connection import Channel, make_file, prepare
from understudy.storage.writer import Job, Writer


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    path = tmp_path / "numbers.db"
    make_file(path)
    channel = Channel(path, lambda: prepare(path, busy_timeout=1))
    await channel.connect()
    await channel.run(lambda c: c.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)"))
    opened = Writer(channel, path, busy_timeout=1)
    yield opened
    await opened.aclose()
    await channel.close()


def add(*numbers: int, error: Exception | None = None) -> Job:
    def job(connection: sqlite3.Connection) -> tuple[int, ...]:
        for n in numbers:
            connection.execute("INSERT INTO numbers (n) VALUES (?)", (n,))
        if error is not None:
            raise error
        return numbers

    return job


def all_numbers(connection: sqlite3.Connection) -> list[int]:
    return [n for (n,) in connection.execute("SELECT n FROM numbers ORDER BY n")]


async def test_a_job_that_fails_half_way_is_undone_and_its_neighbours_are_not(writer: Writer) -> None:
    jobs = [add(1), add(2, 3, error=Conflict("no")), add(4), add(5, 4), add(6)]
    outcomes = await asyncio.gather(*(writer.run(job) for job in jobs), return_exceptions=True)
    assert outcomes[0] == (1,)
    assert [type(o) for o in outcomes] == [tuple, Conflict, tuple, StoreError, tuple]
    assert await writer.run(all_numbers) == [1, 4, 6]


async def test_jobs_that_come_together_share_one_transaction(writer: Writer) -> None:
    seen: list[int] = []

    def marked(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO numbers DEFAULT VALUES")
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        with contextlib.closing(sqlite3.connect(file)) as other:
            seen.append(other.execute("SELECT count(*) FROM numbers").fetchone()[0])

    await asyncio.gather(*(writer.run(marked) for _ in range(50)))
    assert seen == [0] * 50, "others see none of it before all of it"
    assert len(await writer.run(all_numbers)) == 50


async def test_a_closed_writer_takes_no_more(writer: Writer) -> None:
    await writer.aclose()
    with pytest.raises(StoreError, match="closed"):
        await writer.run(all_numbers)

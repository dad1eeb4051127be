"""One writer for the whole process: jobs that come in together are committed together.

A commit costs far more than the statements in it. Jobs wait in a queue while a transaction runs, the next transaction takes them
all, and each caller hears of its job only after the commit: what was acknowledged is on disk. When a job is refused (Fenced,
Conflict), the batch is undone and run again with a savepoint for each, so that the refused one leaves its neighbours alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from understudy.domain.errors import StoreError
from understudy.storage.connection import Channel, FileIdentity, begin
from understudy.storage.errors import store_error

__all__ = ["Job", "Writer"]

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]

_BATCH = 512
"""Jobs in one transaction at most, so that readers and other processes get their turn."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """A job's failure as a value: it must not undo its neighbours."""

    error: Exception


class Writer:
    """Runs jobs on one connection, many in one transaction."""

    def __init__(self, channel: Channel, path: Path, *, busy_timeout: float) -> None:
        self._channel = channel
        self._path = path
        self._patience = busy_timeout
        self._identity = FileIdentity(path)
        self._queue: asyncio.Queue[tuple[Job, asyncio.Future[Any]] | None] = asyncio.Queue()
        self._closed = False
        self._task = asyncio.create_task(self._serve(), name="understudy-store-writer")

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What `job` returns, once it is committed. Raises what the job raises, and StoreError."""
        if self._closed or self._task.done():
            raise StoreError(str(self._path), "the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((job, future))
        return await future

    async def aclose(self) -> None:
        """Finish what is queued, then stop. May be called twice."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)
        await asyncio.wait({self._task})

    async def _serve(self) -> None:
        while True:
            batch, last = await self._next_batch()
            if batch:
                await self._commit(batch)
            if last:
                return

    async def _next_batch(self) -> tuple[list[tuple[Job, asyncio.Future[Any]]], bool]:
        """All that is waiting, at least one; and whether the end was among it."""
        item = await self._queue.get()
        # Tasks that are ready to write in this turn of the loop get into this transaction.
        await asyncio.sleep(0)
        batch: list[tuple[Job, asyncio.Future[Any]]] = []
        while item is not None:
            batch.append(item)
            if len(batch) >= _BATCH or self._queue.empty():
                return batch, False
            item = self._queue.get_nowait()
        return batch, True

    async def _commit(self, batch: list[tuple[Job, asyncio.Future[Any]]]) -> None:
        jobs = [job for job, _ in batch]
        try:
            outcomes = await self._channel.run(lambda connection: self._run_batch(connection, jobs))
        except Exception as error:  # the boundary of a batch: whatever broke is the answer to each of its callers
            outcomes = [_Failed(error)] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, _Failed):
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome)

    def _run_batch(self, connection: sqlite3.Connection, jobs: Sequence[Job]) -> list[Any]:
        """Runs on the connection's thread. Raises when nothing at all could be committed."""
        self._identity.check()
        outcomes = self._unguarded(connection, jobs)
        return self._guarded(connection, jobs) if outcomes is None else outcomes

    def _unguarded(self, connection: sqlite3.Connection, jobs: Sequence[Job]) -> list[Any] | None:
        """Without savepoints, which nearly no job needs and which take a third of the time; None, and nothing done, when one fails."""
        begin(connection, self._patience)
        try:
            outcomes = [job(connection) for job in jobs]
        except Exception:  # whatever it is, it is met again, and told, under a savepoint
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return None
        _commit(connection)
        return outcomes

    def _guarded(self, connection: sqlite3.Connection, jobs: Sequence[Job]) -> list[Any]:
        """Each job under a savepoint."""
        outcomes: list[Any] = [None] * len(jobs)
        todo = list(range(len(jobs)))
        while todo:
            begin(connection, self._patience)
            undone_by = None
            for k in todo:
                outcomes[k] = self._run_job(connection, jobs[k])
                if not connection.in_transaction:
                    undone_by = k
                    break
            if undone_by is None:
                _commit(connection)
                return outcomes
            # A full disk makes SQLite undo the whole transaction, neighbours included: run those again without the one that failed.
            todo.remove(undone_by)
        return outcomes

    def _run_job(self, connection: sqlite3.Connection, job: Job) -> Any:
        connection.execute("SAVEPOINT job")
        try:
            result = job(connection)
        except Exception as error:  # the boundary of a job: its failure is a value, its neighbours go on
            if connection.in_transaction:
                connection.execute("ROLLBACK TO job")
                connection.execute("RELEASE job")
            return _Failed(store_error(self._path, error) if isinstance(error, sqlite3.Error | OSError) else error)
        connection.execute("RELEASE job")
        return result


def _commit(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise

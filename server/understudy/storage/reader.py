"""Reads of one connection: those that come in while others are under way go to the thread together.

Handing a function to a thread and its result back costs more than most reads do.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from understudy.storage.connection import Channel
from understudy.storage.errors import store_error

__all__ = ["Reader"]

T = TypeVar("T")
Read = Callable[[sqlite3.Connection], Any]

_BATCH = 16
"""Reads that wait for each other at most."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """A read's failure as a value: it must not undo its neighbours."""

    error: Exception


class Reader:
    """Runs reads on one connection, each in a snapshot of its own."""

    def __init__(self, channel: Channel, path: Path) -> None:
        self._channel, self._path = channel, path
        self._waiting: list[tuple[Read, asyncio.Future[Any]]] = []
        self._under_way: asyncio.Task[None] | None = None
        self.outstanding = 0
        """Reads that were asked for and are not done."""

    async def run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What `read` returns; it sees everything that was committed before. Raises StoreError, and what `read` raises."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((read, future))
        self.outstanding += 1
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._serve(), name="understudy-store-reader")
        try:
            return await future
        finally:
            self.outstanding -= 1

    async def aclose(self) -> None:
        """Finish what was asked for, then close the connection. May be called twice."""
        while self._under_way is not None:
            await asyncio.wait({self._under_way})
        await self._channel.close()

    async def _serve(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                await self._together([(read, future) for read, future in batch if not future.done()])
        finally:
            self._under_way = None

    async def _together(self, batch: Sequence[tuple[Read, asyncio.Future[Any]]]) -> None:
        try:
            outcomes = await self._channel.run(lambda connection: [self._one(connection, read) for read, _ in batch])
        except Exception as error:  # the boundary of a batch: whatever broke is the answer to each of its callers
            outcomes = [_Failed(error)] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, _Failed):
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome)

    def _one(self, connection: sqlite3.Connection, read: Read) -> Any:
        try:
            return _in_snapshot(connection, read)
        except (sqlite3.Error, OSError) as error:
            return _Failed(store_error(self._path, error))
        except Exception as error:  # the boundary of a read: its failure is a value, its neighbours go on
            return _Failed(error)


def _in_snapshot(connection: sqlite3.Connection, read: Callable[[sqlite3.Connection], T]) -> T:
    """Every statement of `read` sees the same state."""
    connection.execute("BEGIN")
    try:
        return read(connection)
    finally:
        # A failed read may have ended the transaction itself; another error here would hide its own.
        if connection.in_transaction:
            connection.execute("ROLLBACK")

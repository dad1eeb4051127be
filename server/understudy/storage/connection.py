"""Connections to the database file: how it is made, prepared and used from asyncio.

aiosqlite gives each connection a thread. A `Channel` runs a whole function on that thread, so that a transaction of many
statements costs one hop between threads and not one a statement.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite

from understudy.domain.errors import StoreError
from understudy.storage.errors import store_error

__all__ = ["APPLICATION_ID", "Channel", "FileIdentity", "begin", "make_file", "patiently", "prepare"]

T = TypeVar("T")

APPLICATION_ID = 0x75647374
"""`udst` in the header of the file: tells a store from another program's database."""

_OLDEST_SQLITE = (3, 35, 0)
"""RETURNING."""


class Channel(aiosqlite.Connection):
    """A connection with a thread of its own, on which whole functions run one after the other."""

    def __init__(self, path: Path, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._path = path
        # A store that nobody closed must not keep the process from ending; what was acknowledged is on disk by then.
        self._thread.daemon = True

    async def connect(self) -> None:
        """Open the connection. Raises StoreError."""
        try:
            await self
        except Exception as error:  # translated, or raised again as it is
            # aiosqlite has told the thread to stop and does not wait for it; the loop must still be there when it answers.
            self._thread.join()
            if isinstance(error, sqlite3.Error | OSError):
                raise store_error(self._path, error) from error
            raise

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """What `function` returns. Raises StoreError for every failure of the database."""
        try:
            return cast("T", await self._execute(self._call, function))  # type: ignore[no-untyped-call]  # aiosqlite leaves it untyped
        except (sqlite3.Error, OSError) as error:
            raise store_error(self._path, error) from error
        except ValueError as error:
            if self._connection is None or not self._running:
                raise StoreError(str(self._path), "the store is closed") from error
            raise

    def _call(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        return function(self._conn)


class FileIdentity:
    """Notices that the file was moved or deleted while it was open: writes would go nowhere, in silence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = _inode(path)

    def check(self) -> None:
        """Raises StoreError when the path does not name the opened file any more."""
        if _inode(self._path) != self._seen:
            raise StoreError(
                str(self._path),
                "the store's file was moved or deleted while it was in use; nothing of this write was kept",
                "Put it back or restart this process, which then makes a new store",
            )


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def make_file(path: Path) -> None:
    """Create the file and its folder for their owner only, where they do not exist. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite would use the umask; the files beside it (-wal, -shm) take over the mode of this one.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))


def prepare(path: Path, *, busy_timeout: float, max_pages: int | None = None, query_only: bool = False) -> sqlite3.Connection:
    """An open connection in WAL mode. Raises sqlite3.Error and StoreError; a file that is no store of ours is not touched."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(str(path), f"this Python has SQLite {sqlite3.sqlite_version}; 3.35 or later is needed", "Use a newer Python")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=busy_timeout, cached_statements=256)
    try:
        _refuse_other_programs(path, connection)
        # A change of journal mode does not wait for other processes by itself.
        patiently(lambda: connection.execute("PRAGMA journal_mode=WAL").fetchall(), busy_timeout)
        # NORMAL: a commit is handed to the operating system before it is acknowledged, so that it outlives this process however
        # it dies. Only a power cut can take the last commits, and it cannot damage the file. FULL would wait for the disk each time.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA cache_size=-16000")
        connection.execute("PRAGMA temp_store=MEMORY")
        if max_pages is not None:
            connection.execute(f"PRAGMA max_page_count={int(max_pages)}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_other_programs(path: Path, connection: sqlite3.Connection) -> None:
    # In this order: another process may be making the store right now, and it sets both in one transaction.
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise StoreError(
            str(path), "this is the SQLite database of another program; it was left as it is", "Name another file as the store"
        )


def patiently(function: Callable[[], T], seconds: float) -> T:
    """What `function` returns, tried again while the database is locked, for up to `seconds`. Raises sqlite3.OperationalError.

    SQLite's own wait looks at the lock ten times a second at last; a busy writer beside us would then nearly always hold it.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return function()
        except sqlite3.OperationalError as error:
            locked = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not locked or time.monotonic() >= deadline:
                raise
        time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - spreads competing processes; no secret


def begin(connection: sqlite3.Connection, seconds: float) -> None:
    """Open a write transaction, waiting up to `seconds` for the lock. Raises sqlite3.OperationalError."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        patiently(lambda: connection.execute("BEGIN IMMEDIATE"), seconds)
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")

"""Turns what SQLite and the file system report into the store's own errors, each with what to do next."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from understudy.domain.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreReadOnly

__all__ = ["store_error"]

_ALMOST_NOTHING = 1 << 20
"""Bytes. With less room than this, a failed write is taken to be a full disk."""

_READ_ONLY_ERRNOS = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def store_error(path: Path, error: Exception) -> StoreError:
    """The store error that says what `error` means for the database at `path`."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, OSError):
        return _from_os(path, error)
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(path, error)
    return StoreError(str(path), f"the database failed: {type(error).__name__}: {error}")


def _from_os(path: Path, error: OSError) -> StoreError:
    if error.errno in _READ_ONLY_ERRNOS:
        return _read_only(path, error)
    if error.errno in _FULL_ERRNOS:
        return _full(path)
    return StoreError(str(path), f"the store could not be opened: {error}", "Choose another place for it (`store` in understudy.yaml)")


def _from_sqlite(path: Path, error: sqlite3.Error) -> StoreError:
    # The extended code carries the primary one in its low byte. Errors raised by the sqlite3 module itself have none.
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(
            str(path),
            "another process is writing to the store and did not stop in time; nothing of this write was kept",
            "Try again; if it stays so, look for another `understudy` process that hangs",
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreCorrupt(
            str(path),
            f"the store is damaged or not a SQLite database ({error}); the file was left as it is",
            "Move it (with its `-wal` and `-shm` files) out of the way and start again, or put a backup in its place; "
            "`sqlite3 FILE .recover` can save what is readable",
        )
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _no_room(path)):
        return _full(path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return _read_only(path, error)
    return StoreError(
        str(path), f"the database failed: {error}", "Nothing of this write was kept. Check the disk; `understudy doctor` tests the store"
    )


def _read_only(path: Path, error: Exception) -> StoreReadOnly:
    return StoreReadOnly(
        str(path),
        f"the store cannot be written ({error})",
        "Give this user write permission to the file and to its folder, or choose another place (`store` in understudy.yaml)",
    )


def _full(path: Path) -> StoreFull:
    return StoreFull(
        str(path),
        "there is no room left for the store; nothing of this write was kept, everything before it was",
        "Free some space on the disk and try again",
    )


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _ALMOST_NOTHING
    except OSError:
        return False

"""A process of its own that writes to a store, for tests that share a store, block it or kill a writer.

Says what it did on stdout, a line each, so that a test knows what was acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

from store_data import NOON, scenario, user_says

from understudy.storage.sqlite import SqliteStore


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def append(path: Path, name: str, count: int) -> None:
    """Four runs at once, `count` events each; `run seq` is printed once the store has acknowledged it."""
    store = await SqliteStore.open(path)

    async def one(run_id: str) -> None:
        await store.create_run(run_id, scenario(), at=NOON)
        lease = await store.claim(run_id, name, at=NOON, ttl=60)
        assert lease is not None
        for seq in range(count):
            await store.append(lease, [user_says(f"{run_id} {seq}")], first_seq=seq, at=NOON)
            say(f"{run_id} {seq}")

    await asyncio.gather(*(one(f"{name}-{i}") for i in range(4)))
    await store.aclose()


def block(path: Path) -> None:
    """Hold the write lock until stdin closes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    say("locked")
    sys.stdin.read()
    connection.execute("ROLLBACK")


async def forget(path: Path, kept: list[SqliteStore]) -> None:
    """Write, and end without closing."""
    kept.append(await SqliteStore.open(path))
    await kept[0].create_run("r1", scenario(), at=NOON)
    say("written")


async def open_as_nobody(path: Path) -> None:
    """Try to open, and if that works to write, as a user without rights; root could write anywhere."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        store = await SqliteStore.open(path)
    except Exception as error:
        say(f"{type(error).__name__} {error}")
    else:
        await store.aclose()
        say("opened")


if __name__ == "__main__":
    command, file, *rest = sys.argv[1:]
    if command == "append":
        asyncio.run(append(Path(file), rest[0], int(rest[1])))
    elif command == "block":
        block(Path(file))
    elif command == "forget":
        asyncio.run(forget(Path(file), []))
    else:
        asyncio.run(open_as_nobody(Path(file)))

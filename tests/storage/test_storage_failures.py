"""A busy, read-only, full, corrupt or vanished store: a clear error, and nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_data import EXCHANGE, NOON, agent_says, scenario, user_says

from understudy.domain.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreReadOnly
from understudy.storage.errors import store_error
from understudy.storage.sqlite import SqliteStore

PROCESS = str(Path(__file__).with_name("store_process.py"))


@contextlib.contextmanager
def blocked(path: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    with subprocess.Popen([sys.executable, PROCESS, "block", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"locked\n"
        yield
        process.stdin.close()


async def make_empty(path: Path) -> None:
    await (await SqliteStore.open(path)).aclose()


async def store_with_a_run(path: Path, **options: object) -> SqliteStore:
    store = await SqliteStore.open(path, **options)  # type: ignore[arg-type]  # options of open
    await store.create_run("r1", scenario(), at=NOON)
    return store


# ---------------------------------------------------------------- busy


async def test_a_lock_held_for_too_long_is_busy_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path, busy_timeout=0.1)
    lease = await store.claim("r1", "me", at=NOON, ttl=60)
    assert lease is not None
    with blocked(path):
        results = await asyncio.gather(
            store.append(lease, EXCHANGE, first_seq=0, at=NOON), store.create_run("r2", scenario(), at=NOON), return_exceptions=True
        )
        assert [type(r) for r in results] == [StoreBusy, StoreBusy]
        assert "store.db" in str(results[0])
        assert "Try again" in str(results[0])
        assert (await store.run("r1")) is not None
    assert await store.events("r1") == []
    assert await store.run("r2") is None
    await store.append(lease, EXCHANGE, first_seq=0, at=NOON)
    assert len(await store.events("r1")) == 3
    await store.aclose()


async def test_a_lock_that_is_let_go_in_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path, busy_timeout=20)
    with blocked(path):
        pending = asyncio.create_task(store.create_run("r2", scenario(), at=NOON))
        await asyncio.wait({pending}, timeout=0.05)
        assert not pending.done()
    assert (await pending).id == "r2"
    await store.aclose()


async def test_opening_a_new_store_that_is_locked_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    with blocked(path), pytest.raises(StoreBusy):
        await SqliteStore.open(path, busy_timeout=0.1)
    await (await SqliteStore.open(path)).aclose()


# ---------------------------------------------------------------- read-only


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_without_write_permission_is_read_only(what: str) -> None:
    # Not under tmp_path: its parents are closed to the user without rights that the process becomes.
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        path = place / "store.db"
        if what == "file":
            asyncio.run(make_empty(path))
            path.chmod(0o444)
        else:
            place.chmod(0o555)
        done = subprocess.run([sys.executable, PROCESS, "nobody", str(path)], capture_output=True, text=True, check=True)
        place.chmod(0o755)
    assert done.stdout.startswith("StoreReadOnly"), done.stdout
    assert "store.db" in done.stdout
    assert "write permission" in done.stdout


async def test_a_folder_in_the_place_of_the_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=str(tmp_path)):
        await SqliteStore.open(tmp_path)


async def test_a_file_in_the_place_of_the_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/store\.db"):
        await SqliteStore.open(tmp_path / "file" / "store.db")


# ---------------------------------------------------------------- full


async def test_a_full_store_says_so_and_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path, max_pages=60)
    lease = await store.claim("r1", "me", at=NOON, ttl=60)
    assert lease is not None
    written = 0

    async def fill() -> None:
        nonlocal written
        while written < 1000:
            await store.append(lease, [agent_says("words " * 300)], first_seq=written, at=NOON)
            written += 1

    with pytest.raises(StoreFull, match=r"store\.db.*no room.*Free some space"):
        await fill()
    assert 0 < written < 1000
    assert len(await store.events("r1")) == written
    await store.aclose()
    roomy = await SqliteStore.open(path)
    await roomy.append(lease, [user_says("on we go")], first_seq=written, at=NOON)
    assert len(await roomy.events("r1")) == written + 1
    await roomy.aclose()


async def test_small_writes_beside_one_that_does_not_fit_are_kept(tmp_path: Path) -> None:
    store = await store_with_a_run(tmp_path / "store.db", max_pages=60)
    leases = []
    for i in range(6):
        await store.create_run(f"s{i}", scenario(), at=NOON)
        leases.append(await store.claim(f"s{i}", "me", at=NOON, ttl=60))
    big, small = agent_says("words " * 100_000), user_says("ok")
    outcomes = await asyncio.gather(
        *(store.append(lease, [big if i == 2 else small], first_seq=0, at=NOON) for i, lease in enumerate(leases) if lease),
        return_exceptions=True,
    )
    assert [type(o) for o in outcomes] == [StoreFull if i == 2 else type(None) for i in range(6)]
    assert [len(await store.events(f"s{i}")) for i in range(6)] == [0 if i == 2 else 1 for i in range(6)]
    await store.aclose()


def test_a_full_disk_under_the_file_system_calls_is_full_too(tmp_path: Path) -> None:
    assert isinstance(store_error(tmp_path / "s.db", OSError(28, "No space left on device")), StoreFull)
    assert isinstance(store_error(tmp_path / "s.db", OSError(30, "Read-only file system")), StoreReadOnly)


# ---------------------------------------------------------------- corrupt


@pytest.mark.parametrize("content", [b"This is no database at all. " * 100, b"SQLite format 3\x00" + b"\xff" * 4080])
async def test_a_file_that_is_no_database_is_corrupt_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt, match=r"store\.db.*damaged.*left as it is.*Move it"):
        await SqliteStore.open(path)
    assert path.read_bytes() == content
    assert not [name for name in os.listdir(tmp_path) if name.startswith("store.db-")]  # noqa: PTH208 - a test may block


async def test_damage_inside_is_found_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path)
    lease = await store.claim("r1", "me", at=NOON, ttl=60)
    assert lease is not None
    for seq in range(50):
        await store.append(lease, [agent_says("words " * 200)], first_seq=seq, at=NOON)
    await store.aclose()
    content = bytearray(path.read_bytes())
    half = len(content) // 2 // 4096 * 4096
    content[half:] = b"\xa5" * (len(content) - half)
    path.write_bytes(content)
    damaged = await SqliteStore.open(path)
    with pytest.raises(StoreCorrupt, match="damaged"):
        await damaged.events("r1")
    await damaged.aclose()


async def test_a_stored_event_that_does_not_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path)
    lease = await store.claim("r1", "me", at=NOON, ttl=60)
    assert lease is not None
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO events (run_id, seq, fence, at, body) VALUES ('r1', 0, 1, 0, '{\"event\": \"from the future\"}')")
    connection.commit()
    connection.close()
    with pytest.raises(StoreCorrupt, match="does not read"):
        await store.events("r1")
    await store.aclose()


# ---------------------------------------------------------------- vanished


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
async def test_a_file_removed_while_in_use_is_noticed_before_anything_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await store_with_a_run(path)
    path.rename(tmp_path / "elsewhere.db")
    with pytest.raises(StoreError, match="moved or deleted"):
        await store.create_run("r2", scenario(), at=NOON)
    (tmp_path / "elsewhere.db").rename(path)
    await store.create_run("r2", scenario(), at=NOON)
    await store.aclose()


# ---------------------------------------------------------------- permissions


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
async def test_folder_and_files_belong_to_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = await store_with_a_run(tmp_path / "a" / "b" / "store.db")
        modes = {p.name: oct(p.stat().st_mode & 0o777) for p in (tmp_path / "a" / "b").iterdir()}
        assert modes == {"store.db": "0o600", "store.db-wal": "0o600", "store.db-shm": "0o600"}
        assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
        await store.aclose()
    finally:
        os.umask(before)

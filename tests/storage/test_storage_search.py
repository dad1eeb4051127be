"""Text search where SQLite lacks its full-text index, and with texts that are no ordinary questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_data import NOON, agent_says, scenario, user_says

from understudy.domain.errors import StoreError
from understudy.ports import RunFilter
from understudy.storage import migrations, sqlite
from understudy.storage.sqlite import SqliteStore


async def finished_run(store: SqliteStore, run_id: str, text: str, at: float = NOON) -> None:
    await store.create_run(run_id, scenario(), at=at)
    lease = await store.claim(run_id, "me", at=at, ttl=10)
    assert lease is not None
    await store.append(lease, [user_says(text), agent_says("Certainly.")], first_seq=0, at=at)
    await store.finish(lease, ending="gave_up", at=at)


@pytest.fixture
def without_full_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (migrations, sqlite):
        monkeypatch.setattr(module, "has_full_text", lambda _: False)


@pytest.mark.usefixtures("without_full_text")
async def test_finished_runs_are_found_without_a_full_text_index(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    await finished_run(store, "r1", "A refund for my visit, please")
    await finished_run(store, "r2", "A visit, please", at=NOON + 1)
    assert [r.id for r in await store.runs(RunFilter(text="please VISIT"))] == ["r2", "r1"]
    assert [r.id for r in await store.runs(RunFilter(text="refund certainly"))] == ["r1"]
    assert await store.count_runs(RunFilter(text="refu")) == 0
    await store.aclose()


async def test_an_index_that_this_sqlite_cannot_read_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await SqliteStore.open(tmp_path / "store.db")).aclose()
    monkeypatch.setattr(sqlite, "has_full_text", lambda _: False)
    with pytest.raises(StoreError, match="FTS5"):
        await SqliteStore.open(tmp_path / "store.db")


@pytest.mark.parametrize("over", [True, False])
async def test_a_whole_page_or_a_blob_as_the_text_is_no_error(tmp_path: Path, over: bool) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    page = " ".join(f"word{i}" for i in range(5000))
    blob = "q" * 60_000
    if over:
        await finished_run(store, "r1", f"{page} {blob}")
    else:
        await store.create_run("r1", scenario(), at=NOON)
        lease = await store.claim("r1", "me", at=NOON, ttl=10)
        assert lease is not None
        await store.append(lease, [user_says(f"{page} {blob}")], first_seq=0, at=NOON)
    assert await store.count_runs(RunFilter(text=page)) == 1
    assert await store.count_runs(RunFilter(text=blob)) == 1
    assert await store.count_runs(RunFilter(text='" OR NEAR(x) * ^ %')) == 0
    await store.aclose()

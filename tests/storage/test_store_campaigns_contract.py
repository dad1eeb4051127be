"""What every store does with campaigns: one suite, run against each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from store_data import NOON, scenario

from understudy.domain.campaign import Campaign, CampaignSpec, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.errors import Conflict, NotFound
from understudy.domain.verdict import Metrics, Outcome
from understudy.ports import CampaignProgress, Store
from understudy.storage.sqlite import SqliteStore
from understudy.testing.memory_store import MemoryStore

SPEC = CampaignSpec(name="c", personas=("ana",), targets=("clinic",), repeats=3)
METRICS = Metrics(
    user_turns=1, agent_turns=1, steps_met=0, steps_total=1, side_met=0, side_total=0, ledger_complete=False, state_complete=None,
    turns_to_resolution=None, escalation="tn", trigger_turn=None, handoff_turn=None, latency_p50_ms=None, latency_max_ms=None,
    empty_replies=0, failed_attempts=0, frustration_peak=0, guard_rejections=0,
)  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else await SqliteStore.open(tmp_path / "store.db")
    yield opened
    await opened.aclose()


def campaign(id: str = "c1", **changes: Any) -> Campaign:
    given: dict[str, Any] = {
        "spec": SPEC,
        "status": "running",
        "total": 0,
        "created_at": NOON,
        "updated_at": NOON,
        "versions": {"player": "x"},
    }
    return Campaign(id=id, **{**given, **changes})


def cells(number: int = 3) -> list[Cell]:
    return [Cell(index=i, persona="ana", goal="book", target="clinic", repeat=i, seed=2**62 + i) for i in range(number)]


def line(index: int, outcome: Outcome = "pass", run_id: str | None = None) -> ConversationLine:
    return ConversationLine(
        run_id=run_id or f"r{index}", index=index, persona="ana", goal="book", target="clinic", repeat=index, seed=index,
        ending="goal_reached", cause="user", outcome=outcome, metrics=METRICS,
    )  # fmt: skip


async def begin(store: Store, *indexes: int) -> list[int]:
    return await store.start_cells("c1", [(i, f"r{i}", scenario(seed=i)) for i in indexes], at=NOON, player_version="rules/1")


async def test_a_campaign_reads_back_whole_and_its_plan_waits(store: Store) -> None:
    made = await store.create_campaign(campaign(idempotency_key="k"), cells())
    assert made == await store.campaign("c1")
    assert (made.total, made.versions, made.spend) == (3, {"player": "x"}, Spend())
    assert await store.waiting_cells("c1", limit=10) == cells()
    assert await store.waiting_cells("c1", limit=2) == cells()[:2]
    assert await store.campaign("nope") is None


async def test_the_same_key_gives_the_campaign_that_it_started(store: Store) -> None:
    first = await store.create_campaign(campaign(idempotency_key="k"), cells())
    assert await store.create_campaign(campaign("c2", idempotency_key="k"), cells()) == first
    assert await store.campaign("c2") is None
    with pytest.raises(Conflict, match="another campaign"):
        await store.create_campaign(campaign("c3", idempotency_key="k", spec=SPEC.replace(seed=9)), cells())
    with pytest.raises(Conflict, match="already"):
        await store.create_campaign(campaign(), cells())


async def test_a_cell_is_started_once_and_has_a_run_from_then_on(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    assert await begin(store, 0, 1) == [0, 1]
    assert [(c.index, run) for c, run in await store.started_cells("c1")] == [(0, "r0"), (1, "r1")]
    assert [c.index for c in await store.waiting_cells("c1", limit=9)] == [2]
    again = await store.start_cells("c1", [(1, "other", scenario()), (2, "r2", scenario(seed=2))], at=NOON, player_version="rules/1")
    assert again == [2]
    assert await store.run("other") is None
    run = await store.run("r2")
    assert run is not None
    assert (run.scenario, run.player_version, run.status) == (scenario(seed=2), "rules/1", "queued")


async def test_a_cell_is_done_once(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    await begin(store, 0, 1)
    assert await store.finish_cell("c1", line(0), Spend(calls=1), at=NOON)
    assert not await store.finish_cell("c1", line(0, "fail"), Spend(calls=1), at=NOON)
    assert not await store.finish_cell("c1", line(2), Spend(calls=1), at=NOON)
    assert await store.campaign_lines("c1") == [line(0)]
    assert [c.index for c, _ in await store.started_cells("c1")] == [1]
    kept = await store.campaign("c1")
    assert kept is not None
    assert kept.spend.calls == 1
    assert await store.campaign_progress("c1") == CampaignProgress(waiting=1, started=1, done=1, outcomes={"pass": 1})


async def test_lines_are_read_page_by_page(store: Store) -> None:
    await store.create_campaign(campaign(), cells(5))
    await begin(store, 0, 2, 3, 4)
    for index in (4, 0, 3):
        await store.finish_cell("c1", line(index), Spend(), at=NOON)
    whole = [line(0), line(3), line(4)]
    assert await store.campaign_lines("c1") == whole
    assert await store.campaign_lines("c1", limit=2) == whole[:2]
    assert await store.campaign_lines("c1", offset=1, limit=1) == whole[1:2]
    assert await store.campaign_lines("c1", offset=1) == whole[1:]
    assert await store.campaign_lines("c1", offset=3, limit=2) == []


async def test_a_conversation_that_was_played_again_is_counted_by_the_run_that_counts(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    await begin(store, 0)
    await store.finish_cell("c1", line(0, run_id="again"), Spend(calls=1), at=NOON)
    assert [one.run_id for one in await store.campaign_lines("c1")] == ["again"]


async def test_two_that_start_the_same_cells_at_once_share_them(store: Store) -> None:
    await store.create_campaign(campaign(), cells(40))
    both = await asyncio.gather(
        *(store.start_cells("c1", [(i, f"{who}{i}", scenario()) for i in range(40)], at=NOON, player_version="") for who in "ab")
    )
    assert sorted(both[0] + both[1]) == list(range(40))


async def test_one_conducts_it_at_a_time(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    assert await store.claim_campaign("c1", "me", at=NOON, ttl=10)
    assert not await store.claim_campaign("c1", "you", at=NOON + 5, ttl=10)
    assert await store.claim_campaign("c1", "me", at=NOON + 5, ttl=10)
    assert await store.resumable_campaigns(at=NOON + 5) == []
    assert await store.resumable_campaigns(at=NOON + 16) == ["c1"]
    assert await store.claim_campaign("c1", "you", at=NOON + 16, ttl=10)
    await store.release_campaign("c1", "me")
    assert not await store.claim_campaign("c1", "me", at=NOON + 17, ttl=10)
    await store.release_campaign("c1", "you")
    assert await store.claim_campaign("c1", "me", at=NOON + 17, ttl=10)


async def test_only_running_campaigns_are_resumed_and_lists_are_newest_first(store: Store) -> None:
    for i, status in enumerate(("running", "paused", "finished", "running")):
        await store.create_campaign(campaign(f"c{i}", status=status), cells())
    assert await store.resumable_campaigns(at=NOON) == ["c0", "c3"]
    assert [c.id for c in await store.campaigns()] == ["c3", "c2", "c1", "c0"]
    assert [c.id for c in await store.campaigns(status="running", limit=1, offset=1)] == ["c0"]


async def test_status_and_spend_are_kept(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    stopped = await store.set_campaign_status("c1", "stopped", why="the cap of 5 USD", at=NOON + 1)
    assert (stopped.status, stopped.why) == ("stopped", "the cap of 5 USD")
    await store.add_spend("c1", Spend(calls=3, usd=0.25), at=NOON)
    await store.add_spend("c1", Spend(calls=2, usd=0.5, unpriced_calls=1), at=NOON + 2)
    after = await store.campaign("c1")
    assert after is not None
    assert after.spend == Spend(calls=5, usd=0.75, unpriced_calls=1)
    assert after.updated_at == NOON + 2


async def test_a_baseline_is_a_name_that_can_be_moved(store: Store) -> None:
    for id in ("c1", "c2"):
        await store.create_campaign(campaign(id), cells())
    assert await store.baseline("main") is None
    await store.set_baseline("main", "c1", at=NOON)
    await store.set_baseline("main", "c2", at=NOON + 1)
    assert await store.baseline("main") == "c2"


async def test_an_unknown_campaign_is_named(store: Store) -> None:
    for call in (
        store.set_campaign_status("nope", "paused", at=NOON),
        store.add_spend("nope", Spend(), at=NOON),
        store.claim_campaign("nope", "me", at=NOON, ttl=1),
        store.waiting_cells("nope", limit=1),
        store.started_cells("nope"),
        store.campaign_lines("nope"),
        store.campaign_progress("nope"),
        store.set_baseline("main", "nope", at=NOON),
        store.finish_cell("nope", line(0), Spend(calls=1), at=NOON),
    ):
        with pytest.raises(NotFound, match="nope"):
            await call


async def test_who_holds_a_campaign_is_known_while_the_lease_lasts(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    assert await store.conductors(at=NOON) == []
    assert await store.claim_campaign("c1", "me:1:a", at=NOON, ttl=10)
    assert await store.conductors(at=NOON + 9) == [("c1", "me:1:a")]
    assert await store.conductors(at=NOON + 10) == []


async def test_caps_can_be_raised_and_the_key_still_means_the_campaign(store: Store) -> None:
    first = await store.create_campaign(campaign(idempotency_key="k"), cells())
    raised = await store.set_campaign_caps("c1", Caps(usd=5), at=NOON + 1)
    assert raised.spec == SPEC.evolve(caps=Caps(usd=5))
    assert (await store.create_campaign(campaign("c2", idempotency_key="k"), cells())).id == first.id
    with pytest.raises(NotFound):
        await store.set_campaign_caps("nowhere", Caps(), at=NOON)


async def test_a_done_cell_can_be_opened_again_and_is_played_as_another_run(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    await begin(store, 0, 1)
    for index in (0, 1):
        await store.finish_cell("c1", line(index, "error"), Spend(calls=1), at=NOON)
    assert await store.reopen_cells("c1", [1, 2], at=NOON) == 1  # the other is not done
    assert [cell.index for cell in await store.waiting_cells("c1", limit=9)] == [1, 2]
    assert [one.index for one in await store.campaign_lines("c1")] == [0]
    assert await store.campaign_progress("c1") == CampaignProgress(waiting=2, started=0, done=1, outcomes={"error": 1})
    assert await store.start_cells("c1", [(1, "again", scenario(seed=9))], at=NOON, player_version="rules/1") == [1]
    assert await store.finish_cell("c1", line(1, run_id="again"), Spend(calls=1), at=NOON)
    found = await store.campaign("c1")
    assert found is not None
    assert found.spend.calls == 3


async def test_a_done_cell_can_be_judged_again_with_the_run_that_it_has(store: Store) -> None:
    await store.create_campaign(campaign(), cells())
    await begin(store, 0, 1)
    before = line(1, "unscored", run_id="r1-s1").evolve(seed=2**62 + 1, seconds=0.1, reason='a "quoted" Grüße')
    await store.finish_cell("c1", line(0), Spend(calls=1), at=NOON)
    await store.finish_cell("c1", before, Spend(calls=1), at=NOON)
    assert await store.cells_to_judge("c1") == []
    assert await store.judge_cells_again("c1", [1, 2], at=NOON + 5, versions={"judge": "j"}) == 1  # the other is not done
    assert await store.judge_cells_again("c1", [1], at=NOON + 6, versions={"judge": "j"}) == 0
    assert await store.cells_to_judge("c1") == [(cells()[1], JudgeAgain(line=before, since=NOON + 5))]
    assert await store.started_cells("c1") == [(cells()[1], "r1-s1")]
    assert [cell.index for cell in await store.waiting_cells("c1", limit=9)] == [2]
    assert [one.index for one in await store.campaign_lines("c1")] == [0]
    assert await store.campaign_progress("c1") == CampaignProgress(waiting=1, started=1, done=1, outcomes={"pass": 1})
    after = before.evolve(outcome="fail")
    assert await store.finish_cell("c1", after, Spend(calls=2), at=NOON + 7)
    assert not await store.finish_cell("c1", before, Spend(calls=2), at=NOON + 8)
    assert await store.cells_to_judge("c1") == []
    assert await store.campaign_lines("c1") == [line(0), after]
    found = await store.campaign("c1")
    assert found is not None
    assert (found.spend.calls, found.versions, found.updated_at) == (4, {"judge": "j"}, NOON + 7)
    with pytest.raises(NotFound):
        await store.judge_cells_again("nope", [1], at=NOON, versions={})

"""Looking at a campaign again and again: its lines are read and analysed when they have changed, and else not."""

from __future__ import annotations

from typing import Any

import pytest
from campaign_lines import line as line_of
from engine_parts import GOAL, PERSONA

from understudy.app import campaign_seen
from understudy.app.campaign_seen import Analyses, Seen
from understudy.domain.campaign import Campaign, CampaignSpec, CampaignStatus, Cell, ConversationLine, Spend
from understudy.domain.scenario import Scenario
from understudy.domain.verdict import Outcome
from understudy.testing.memory_store import MemoryStore

SCENARIO = Scenario(persona=PERSONA, goal=GOAL, target="clinic", seed=1)


class CountingStore(MemoryStore):
    """Counts how often the lines were read."""

    reads = 0
    now = 0.0

    async def campaign_lines(self, campaign_id: str, *, offset: int = 0, limit: int | None = None) -> list[ConversationLine]:
        self.reads += 1
        return await super().campaign_lines(campaign_id, offset=offset, limit=limit)

    async def done(self, index: int, outcome: Outcome = "pass", **changes: Any) -> None:
        self.now += 1
        run_id = changes.pop("run_id", f"r{index}")
        await self.start_cells("c1", [(index, run_id, SCENARIO)], at=self.now, player_version="rules/1")
        line = line_of(index, outcome, run_id=run_id, **changes)
        assert await self.finish_cell("c1", line, Spend(), at=self.now)


@pytest.fixture
async def store() -> CountingStore:
    made = CountingStore()
    spec = CampaignSpec(name="c", personas=("ana",), targets=("clinic",), repeats=9)
    cells = [Cell(index=i, persona="ana", goal="book", target="clinic", repeat=i, seed=i) for i in range(9)]
    await made.create_campaign(Campaign(id="c1", spec=spec, status="running", total=0, created_at=0, updated_at=0), cells)
    await made.done(0)
    return made


async def look(analyses: Analyses, store: CountingStore) -> Seen:
    campaign = await store.campaign("c1")
    assert campaign is not None
    return await analyses.of(store, campaign, await store.campaign_progress("c1"))


async def test_a_campaign_that_has_not_changed_is_not_read_again(store: CountingStore) -> None:
    analyses = Analyses()
    first = await look(analyses, store)
    assert await look(analyses, store) is first
    assert (store.reads, first.analysis.outcomes.passed) == (1, 1)


@pytest.mark.parametrize("status", ["paused", "stopped", "finished"])
async def test_whatever_was_counted_since_is_in_it_at_once_when_it_does_not_run(store: CountingStore, status: CampaignStatus) -> None:
    analyses = Analyses()
    await look(analyses, store)
    await store.done(1, "fail", resumed=1, restarted=2)
    await store.set_campaign_status("c1", status, at=50.0)
    seen = await look(analyses, store)
    assert (seen.analysis.outcomes.failed, seen.analysis.resumed, seen.analysis.restarted) == (1, 1, 1)


async def test_a_conversation_that_was_played_again_takes_the_place_of_the_earlier_one(store: CountingStore) -> None:
    await store.done(1, "fail")
    await store.set_campaign_status("c1", "paused", at=50.0)
    analyses = Analyses()
    before = await look(analyses, store)
    await store.reopen_cells("c1", [1], at=60.0)
    store.now = 70.0
    await store.done(1, "fail", run_id="again")
    after = await look(analyses, store)
    assert "again" in after.analysis.model_dump_json()
    assert "again" not in before.analysis.model_dump_json()


async def test_of_a_running_campaign_an_analysis_is_kept_by_what_it_cost(store: CountingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_seen, "TIMES_ITS_COST", 1e9)
    analyses = Analyses()
    await look(analyses, store)
    await store.done(1)
    assert (await look(analyses, store)).analysis.conversations == 1
    await store.set_campaign_status("c1", "finished", at=50.0)
    monkeypatch.setattr(campaign_seen, "TIMES_ITS_COST", 0)
    assert (await look(analyses, store)).analysis.conversations == 2
    await store.set_campaign_status("c1", "running", at=60.0)
    await look(analyses, store)
    await store.done(2)
    assert (await look(analyses, store)).analysis.conversations == 3

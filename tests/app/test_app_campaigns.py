"""Campaigns through the functions behind every face, on demo agents: no network, no model."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from understudy.app import campaign_count
from understudy.app.campaigns import (
    SpecGiven,
    analysis_of,
    compare_campaigns,
    control_campaign,
    export_campaign,
    gate_campaign,
    get_campaign,
    list_campaigns,
    plan_campaign,
    set_baseline,
    start_campaign,
    trend,
)
from understudy.app.context import App
from understudy.app.gating import finished
from understudy.app.judging import verdict_now
from understudy.campaigns.gate import GateRules
from understudy.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from understudy.domain.verdict import Verdict
from understudy.settings.model import Settings
from understudy.targets.settings import CommandTarget
from understudy.wiring import make_app

LONG_S = 120.0
FAULTY = "demo-clinic+rude_to_caps"
SMALL = SpecGiven(personas=["few-words-sam", "caps-lock-denise"], targets=["demo-clinic"])


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made = make_app(Settings(store=tmp_path / "store"))
    yield made
    await made.aclose()


async def played(app: App, given: SpecGiven, key: str | None = None) -> str:
    begun = await start_campaign(app, given, idempotency_key=key)
    assert (await get_campaign(app, begun.id, wait_s=LONG_S)).status == "finished"
    return begun.id


async def test_a_plan_is_a_preview_and_stores_nothing(app: App) -> None:
    plan = await plan_campaign(app, SMALL.evolve(repeats=3))
    assert (plan.conversations, plan.scenarios, plan.personas) == (6, 2, 2)
    assert plan.estimate.target_calls.likely > 0
    assert "an assumption" in plan.estimate.basis
    assert "You need about" in plan.estimate.advice
    assert (await list_campaigns(app)).campaigns == []


async def test_a_plan_rests_on_what_was_played_before_with_these_targets(app: App) -> None:
    id = await played(app, SMALL)
    _, lines, _ = await analysis_of(app, id)
    plan = await plan_campaign(app, SMALL)
    assert plan.estimate.basis == "the 2 newest conversations with these targets"
    assert plan.estimate.target_calls.likely == sum(line.metrics.agent_turns for line in lines)


async def test_a_plan_can_rest_on_a_dry_sample_of_itself_which_is_kept_and_extra(app: App) -> None:
    plan = await plan_campaign(app, SMALL.evolve(repeats=10), dry_sample=4)
    store = await app.store()
    runs = [await store.run(id) for id in plan.sample]
    assert [run.status for run in runs if run is not None] == ["finished"] * 4
    assert {run.scenario.persona.id for run in runs if run is not None} == {"few-words-sam", "caps-lock-denise"}
    assert plan.estimate.basis == "a dry sample of this plan, played now: 4 of 4 conversations; ranges of 95 %"
    kept = [await store.played(id) for id in plan.sample]
    answers = sum(turn.role == "agent" for one in kept if one is not None for turn in one.turns)
    assert plan.estimate.target_calls.likely == pytest.approx(20 * answers / 4)
    assert (await list_campaigns(app)).campaigns == []
    lines = (await analysis_of(app, await played(app, SMALL)))[1]
    assert not {line.run_id for line in lines} & set(plan.sample)
    with pytest.raises(BadInput, match="from 1 to 100"):
        await plan_campaign(app, SMALL, dry_sample=0)


async def test_a_dry_sample_without_an_answer_is_told_and_no_ground_for_an_estimate(tmp_path: Path) -> None:
    broken = CommandTarget(command=(sys.executable, "-S", "-c", "import sys; sys.exit(3)"), per_turn=True)
    app = make_app(Settings(store=tmp_path / "store", targets={"broken": broken}))
    try:
        plan = await plan_campaign(app, SMALL.evolve(targets=["broken"]), dry_sample=2)
    finally:
        await app.aclose()
    assert "an assumption" in plan.estimate.basis
    assert any("gave no answer in 2 of 2 conversations of the dry sample" in line for line in plan.warnings)


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        ({"personas": ["nobody"]}, NotFound, "persona"),
        ({"personas": [], "pack": "clinics"}, NotFound, "Did you mean `clinic`"),
        ({"personas": [], "tag": "no-such-tag"}, BadInput, "no persona has the tag"),
        ({"personas": []}, BadInput, "none are named"),
        ({"goals": ["nothing"]}, NotFound, "goal"),
        ({"targets": ["caller"]}, BadInput, "answers by hand"),
        ({"targets": ["nowhere"]}, NotFound, "target"),
        ({"targets": []}, BadInput, "no default target"),
        ({"sampling": "random"}, BadInput, "`size`: is needed"),
        ({"size": 2}, BadInput, "goes with random"),
        ({"player": "model"}, BadInput, "needs a model to play the user"),
        ({"rubric": "nothing"}, NotFound, "rubric"),
    ],
)
async def test_what_cannot_be_played_is_refused_before_anything_begins(
    app: App, changes: dict[str, Any], error: type[Exception], word: str
) -> None:
    with pytest.raises(error, match=word):
        await start_campaign(app, SMALL.evolve(**changes))
    assert (await list_campaigns(app)).campaigns == []


async def test_a_finished_campaign_says_what_fails_by_name_with_intervals(app: App) -> None:
    id = await played(app, SMALL.evolve(targets=["demo-clinic", FAULTY], repeats=2))
    view = await get_campaign(app, id)
    found = view.summary
    assert found is not None
    assert found.passed.startswith("6/8 = 75% [")
    assert (found.unscored[:3], found.simulator_faults[:3], found.infrastructure[:3]) == ("0/8", "0/8", "0/8")
    assert [(row.scenario, row.target, row.passed) for row in found.failing] == [("caps-lock-denise/clinic-cancel", FAULTY, "0/2")]
    assert found.worst_criteria[0].criterion == "polite"
    assert any((row.kind, row.name) == ("persona", "caps-lock-denise") for row in found.worst)
    assert view.progress.done == view.total == 8
    assert view.spend.target_calls > 0
    assert len(view.model_dump_json(exclude_none=True)) < 8_000


async def test_the_same_key_starts_one_campaign_and_another_plan_under_it_is_refused(app: App) -> None:
    id = await played(app, SMALL, key="nightly")
    again = await start_campaign(app, SMALL, idempotency_key="nightly")
    assert (again.id, again.status, again.progress.done) == (id, "finished", 2)
    with pytest.raises(Conflict, match="was used for another"):
        await start_campaign(app, SMALL.evolve(repeats=2), idempotency_key="nightly")


async def test_a_campaign_at_its_cap_goes_on_only_with_a_higher_one(app: App) -> None:
    begun = await start_campaign(app, SMALL.evolve(repeats=3, max_conversations=2))
    stopped = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (stopped.status, stopped.progress.done) == ("stopped", 2)
    assert "cap of 2 conversations" in stopped.why
    with pytest.raises(Conflict, match="higher cap"):
        await control_campaign(app, begun.id, "resume")
    before = {line.index: line for line in (await analysis_of(app, begun.id))[1]}
    await control_campaign(app, begun.id, "resume", max_conversations=100)
    done = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (done.status, done.progress.done) == ("finished", 6)
    after = {line.index: line for line in (await analysis_of(app, begun.id))[1]}
    assert {index: after[index] for index in before} == before


async def test_a_campaign_can_be_paused_and_resumed_and_cancelled(app: App) -> None:
    begun = await start_campaign(app, SMALL.evolve(repeats=20, concurrency=2))
    paused = await control_campaign(app, begun.id, "pause")
    assert paused.status == "paused"
    view = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (view.status, view.progress.started) == ("paused", 0)
    assert view.progress.done < 40
    assert (await control_campaign(app, begun.id, "resume")).status == "running"
    cancelled = await control_campaign(app, begun.id, "cancel")
    assert cancelled.status == "cancelled"
    assert cancelled.progress.started == 0
    with pytest.raises(Conflict, match="was cancelled"):
        await control_campaign(app, begun.id, "resume")
    with pytest.raises(BadInput, match="go with resume"):
        await control_campaign(app, begun.id, "pause", max_usd=1)


async def test_a_fault_in_the_judging_leaves_one_conversation_unscored_and_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = 0

    async def sometimes(inside: App, run_id: str) -> Verdict:
        nonlocal judged
        judged += 1
        if judged == 1:
            raise ZeroDivisionError("a check went wrong")
        return await verdict_now(inside, run_id)

    monkeypatch.setattr(campaign_count, "verdict_now", sometimes)
    id = await played(app, SMALL.evolve(repeats=2))
    _, lines, analysis = await analysis_of(app, id)
    unscored = [line for line in lines if line.outcome == "unscored"]
    assert [line.reason for line in unscored] == ["A fault of Understudy's own: ZeroDivisionError: a check went wrong"]
    assert unscored[0].metrics.agent_turns > 0
    assert str(analysis.unscored).startswith("1/4")
    assert analysis.outcomes.judged == 3


async def test_comparison_pairs_by_scenario_and_names_what_newly_fails(app: App) -> None:
    good, bad = await played(app, SMALL), await played(app, SMALL.evolve(targets=[FAULTY], agent_version="v2"))
    found = await compare_campaigns(app, good, bad)
    assert [(row.scenario, row.before, row.after) for row in found.newly_failing] == [("caps-lock-denise/clinic-cancel", "1/1", "0/1")]
    assert (found.verdict, found.pairs, found.after.agent_version) == ("underpowered", 2, "v2")
    assert found.note == ""


async def test_two_targets_of_a_campaign_are_compared_as_a_pre_filter(app: App) -> None:
    id = await played(app, SMALL.evolve(targets=["demo-clinic", FAULTY]))
    found = await compare_campaigns(app, id, id, before_target="demo-clinic", after_target=FAULTY)
    assert "not tell what real users prefer" in found.note
    assert len(found.newly_failing) == 1
    with pytest.raises(BadInput, match="as well"):
        await compare_campaigns(app, id, id)
    with pytest.raises(BadInput, match="has no target"):
        await compare_campaigns(app, id, id, before_target="demo-clinic", after_target="demo-bank")


async def test_another_rubric_is_no_ground_for_a_comparison_unless_it_is_asked_for(app: App) -> None:
    first = await played(app, SMALL)
    other = next(id for id in app.library.rubrics if id != "service")
    second = await played(app, SMALL.evolve(rubric=other))
    with pytest.raises(Conflict, match="rubric"):
        await compare_campaigns(app, first, second)
    assert any("rubric" in line for line in (await compare_campaigns(app, first, second, allow_different=True)).warnings)


async def test_a_baseline_has_a_name_and_the_gate_holds_a_campaign_against_it(app: App) -> None:
    good, bad = await played(app, SMALL), await played(app, SMALL.evolve(targets=[FAULTY]))
    await set_baseline(app, "main", good)
    assert (await get_campaign(app, "main", wait_s=1)).id == good
    green, _, none = await gate_campaign(app, good, GateRules(min_pass_rate=1.0))
    assert green.green
    assert none is None
    red, _, comparison = await gate_campaign(app, bad, GateRules(no_newly_failing=True), baseline="main")
    assert not red.green
    assert comparison is not None
    assert [check.name for check in red.checks if not check.green] == ["nothing newly failing"]
    for name in ("Main!", bad):
        with pytest.raises(BadInput):
            await set_baseline(app, name, good)


async def test_the_trend_of_a_name_is_newest_first_and_marks_what_cannot_be_compared(app: App) -> None:
    other = next(id for id in app.library.rubrics if id != "service")
    first = await played(app, SMALL.evolve(name="nightly", agent_version="v1", rubric=other))
    second = await played(app, SMALL.evolve(name="nightly", agent_version="v2"))
    rows = await trend(app, "nightly")
    assert [(row.campaign_id, row.agent_version, row.comparable) for row in rows] == [(second, "v2", True), (first, "v1", False)]
    with pytest.raises(NotFound, match="nightly"):
        await trend(app, "nightli")


async def test_an_export_has_a_line_a_conversation_and_no_formula(app: App) -> None:
    id = await played(app, SMALL)
    rows = [json.loads(line) for line in (await export_campaign(app, id, "jsonl")).splitlines()]
    assert [row["index"] for row in rows] == [0, 1]
    table = list(csv.DictReader(io.StringIO(await export_campaign(app, id, "csv"))))
    assert [row["run_id"] for row in table] == [row["run_id"] for row in rows]
    assert table[0]["criterion:polite"] == "pass"
    assert not any(value.startswith(("=", "+", "-", "@")) for row in table for value in row.values())


async def test_a_small_campaign_behind_a_large_one_is_not_starved(app: App) -> None:
    large = await start_campaign(app, SMALL.evolve(repeats=150, concurrency=8, name="large"))
    small = await start_campaign(app, SMALL.evolve(repeats=2, concurrency=4, name="small"))
    done = await get_campaign(app, small.id, wait_s=LONG_S)
    other = await get_campaign(app, large.id)
    assert done.status == "finished"
    assert other.status == "running"
    assert 0 < other.progress.done < 300
    await control_campaign(app, large.id, "cancel")


async def test_two_processes_over_one_store_conduct_a_campaign_once(tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "store")
    one, two = make_app(settings), make_app(settings)
    try:
        begun = await start_campaign(one, SMALL.evolve(repeats=3, concurrency=4))
        seen = await asyncio.gather(get_campaign(one, begun.id, wait_s=LONG_S), get_campaign(two, begun.id, wait_s=LONG_S))
        assert [view.status for view in seen] == ["finished", "finished"]
        _, lines, _ = await analysis_of(two, begun.id)
        assert len({line.run_id for line in lines}) == len(lines) == 6
        assert seen[0].spend == seen[1].spend
    finally:
        await one.aclose()
        await two.aclose()


async def test_a_campaign_that_nobody_goes_on_with_says_so(tmp_path: Path) -> None:
    first = make_app(Settings(store=tmp_path))
    begun = await start_campaign(first, SMALL.evolve(targets=["demo-clinic+slow=5000"]))
    assert "Under way" in (await get_campaign(first, begun.id, wait_s=1)).next
    await first.aclose()
    second = make_app(Settings(store=tmp_path))
    try:
        assert (await get_campaign(second, begun.id)).next.startswith("Interrupted: nobody goes on with it now.")
        assert "Under way" in (await control_campaign(second, begun.id, "resume")).next
    finally:
        await second.aclose()


async def test_nobody_waits_for_a_campaign_with_targets_that_are_not_configured_here(tmp_path: Path) -> None:
    target = CommandTarget(command=("cat",))
    first = make_app(Settings(store=tmp_path, targets={"mine": target}))
    begun = await start_campaign(first, SMALL.evolve(targets=["mine"]))
    await first.aclose()
    second = make_app(Settings(store=tmp_path))
    try:
        async with asyncio.timeout(LONG_S / 4):
            assert (await get_campaign(second, begun.id, wait_s=LONG_S)).next.startswith("Interrupted")
            with pytest.raises(NotAllowed, match="configured here"):
                await finished(second, begun.id)
    finally:
        await second.aclose()


async def test_a_campaign_left_by_one_process_is_finished_by_another_that_waits_for_it(tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "store")
    one = make_app(settings)
    begun = await start_campaign(one, SMALL.evolve(repeats=4, concurrency=2))
    await one.aclose()
    two = make_app(settings)
    try:
        left = await get_campaign(two, begun.id)
        assert (left.status, left.progress.done < 8) == ("running", True)
        assert (await get_campaign(two, begun.id, wait_s=LONG_S)).status == "finished"
    finally:
        await two.aclose()

"""Campaigns that stop as soon as they are shown to do worse than a baseline, on demo agents: no network, no model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from understudy.app.campaigns import (
    SpecGiven,
    compare_campaigns,
    control_campaign,
    gate_campaign,
    get_campaign,
    list_campaigns,
    set_baseline,
    start_campaign,
)
from understudy.app.context import App
from understudy.campaigns.gate import GateRules
from understudy.domain.errors import BadInput, Conflict, NotFound
from understudy.settings.model import Settings
from understudy.wiring import make_app

LONG_S = 120.0
GOOD = SpecGiven(personas=["caps-lock-denise"], targets=["demo-clinic"], repeats=60, concurrency=4)
WORSE = GOOD.evolve(targets=["demo-clinic+rude_to_caps"], stop_early_against="main")
DECIDED = "e-value 21.8 (20 decides), 10 pairs: 10 worse, 0 better"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made = make_app(Settings(store=tmp_path / "store"))
    yield made
    await made.aclose()


async def baseline(app: App, given: SpecGiven = GOOD) -> str:
    begun = await start_campaign(app, given)
    assert (await get_campaign(app, begun.id, wait_s=LONG_S)).status == "finished"
    await set_baseline(app, "main", begun.id)
    return begun.id


async def test_it_stops_cleanly_says_why_and_is_a_regression_for_comparison_and_gate(app: App) -> None:
    main = await baseline(app)
    begun = await start_campaign(app, WORSE)
    view = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (view.status, view.progress.started) == ("stopped", 0)
    assert 10 <= view.progress.done < 30
    assert view.why.startswith(f"Stopped early: it does worse than `{main}` ({DECIDED})")
    assert "intervals and p-values of a campaign that was stopped by what it showed do not" in view.why
    assert "play_on" in view.next
    found = await compare_campaigns(app, "main", begun.id)
    assert (found.verdict, DECIDED in found.said) == ("regressed", True)
    assert any("stopped early by what it showed" in line for line in found.warnings)
    result, _, _ = await gate_campaign(app, begun.id, GateRules(), baseline="main")
    assert result.red_because == "evidence"
    assert DECIDED in next(check.detail for check in result.checks if check.name == "no regression")


async def test_it_goes_on_only_when_that_is_asked_for_and_then_to_the_end(app: App) -> None:
    await baseline(app)
    begun = await start_campaign(app, WORSE)
    await get_campaign(app, begun.id, wait_s=LONG_S)
    with pytest.raises(Conflict, match="resume with play_on"):
        await control_campaign(app, begun.id, "resume")
    with pytest.raises(BadInput, match="go with resume"):
        await control_campaign(app, begun.id, "pause", play_on=True)
    await control_campaign(app, begun.id, "resume", play_on=True)
    done = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (done.status, done.progress.done, done.why) == ("finished", 60, "")
    found = await compare_campaigns(app, "main", begun.id)
    assert (found.warnings, found.evidence > 1) == ([], True)


async def test_left_by_one_process_and_taken_up_by_another_it_comes_to_the_same_decision(tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "store")
    one = make_app(settings)
    await baseline(one)
    begun = await start_campaign(one, WORSE.evolve(concurrency=2))
    while (await get_campaign(one, begun.id)).progress.done < 4:
        pass
    await one.aclose()
    two = make_app(settings)
    try:
        left = await get_campaign(two, begun.id)
        assert (left.status, 4 <= left.progress.done < 10) == ("running", True)
        done = await get_campaign(two, begun.id, wait_s=LONG_S)
        assert (done.status, DECIDED in done.why) == ("stopped", True)
    finally:
        await two.aclose()


async def test_an_agent_that_is_as_good_plays_to_the_end(app: App) -> None:
    await baseline(app, GOOD.evolve(repeats=12))
    begun = await start_campaign(app, GOOD.evolve(repeats=12, stop_early_against="main"))
    view = await get_campaign(app, begun.id, wait_s=LONG_S)
    assert (view.status, view.progress.done, view.why) == ("finished", 12, "")


async def test_at_the_last_conversations_there_is_nothing_left_to_stop(app: App) -> None:
    await baseline(app, GOOD.evolve(repeats=11))
    begun = await start_campaign(app, WORSE.evolve(repeats=11, concurrency=11))
    assert (await get_campaign(app, begun.id, wait_s=LONG_S)).status == "finished"


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        ({"stop_early_against": "mian"}, NotFound, "mian"),
        ({"seed": 9}, BadInput, "its seed is 0, this one's 9"),
        ({"personas": ["few-words-sam"]}, BadInput, "no conversation of this plan has a judged partner"),
        ({"targets": ["demo-clinic", "demo-bank"]}, BadInput, "same targets"),
        ({"rubric": "safety"}, Conflict, "rubric"),
    ],
)
async def test_what_it_cannot_be_held_against_is_refused_before_anything_begins(
    app: App, changes: dict[str, Any], error: type[Exception], word: str
) -> None:
    await baseline(app, GOOD.evolve(repeats=2))
    if "rubric" in changes:
        changes = {"rubric": next(id for id in app.library.rubrics if id != "service")}
    with pytest.raises(error, match=word):
        await start_campaign(app, WORSE.evolve(**changes))
    assert len((await list_campaigns(app)).campaigns) == 1


async def test_a_campaign_that_still_runs_is_nothing_to_be_held_against(app: App) -> None:
    running = await start_campaign(app, GOOD.evolve(targets=["demo-clinic+slow=120"], concurrency=1))
    with pytest.raises(BadInput, match="still running"):
        await start_campaign(app, WORSE.evolve(stop_early_against=running.id))
    await control_campaign(app, running.id, "cancel")

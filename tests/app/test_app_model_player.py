"""Runs that a language model plays: how they are chosen and recorded, and what becomes of one whose user misbehaved."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from understudy.app.context import App
from understudy.app.rates import rates_of
from understudy.app.reruns import follow_up
from understudy.app.runs import RunView, get_last, get_run, scenario_for, simulate, start
from understudy.app.verdicts import judge_transcript
from understudy.domain.errors import BadInput
from understudy.domain.persona import Intents, Persona
from understudy.domain.scenario import Scenario
from understudy.domain.verdict import Verdict
from understudy.ports import LLMRequest
from understudy.settings.model import Defaults, Settings
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.wiring import make_app

Scripted = dict[str, Any] | Said
WHO = "lunch-break-regular"


def obeys(request: LLMRequest) -> dict[str, Any]:
    """A model that does what its stage direction says, in the direction's own words."""
    direction = request.messages[-1].text
    now = direction.split("\nNow:\n")[1]
    words = re.findall(r"(?:Give it:|is|becomes) ([^\n]+)\.\n|\"([^\"\n]+)\"", now)
    said = [a or b for a, b in words] or ["Well then"]
    made = sum(m.role == "assistant" for m in request.messages)
    move = re.search(r"Move: `(\w+)`", now)
    assert move is not None
    return {"thought": "", "message": f"{'Right, ' * made}{' '.join(said)}", "move": move.group(1), "goal_updates": [], "disclosed": []}


def leaves_early(request: LLMRequest) -> dict[str, Any]:
    """A model that is satisfied with the first answer, whatever it was."""
    first = not any(m.role == "assistant" for m in request.messages)
    return {**obeys(request), "move": "continue" if first else "satisfied"}


def first_run_only(bad: Callable[[LLMRequest], Scripted]) -> Callable[[LLMRequest], Scripted]:
    return lambda request: obeys(request) if "-r" in (request.made_for.run_id or "") else bad(request)


@asynccontextmanager
async def app_with(folder: Path, script: Any = obeys, *, name: str = "fake:small", **changes: Any) -> AsyncGenerator[App]:
    settings = Settings(store=folder, defaults=Defaults(target="demo-clinic", player="model", **changes))
    app = make_app(settings, env={}, models={"user": FakeLLM(script, name=name)})
    try:
        yield app
    finally:
        await app.aclose()


async def play(app: App, **changes: Any) -> RunView:
    return await simulate(app, await scenario_for(app, persona=WHO, **changes), wait_s=30)


def invalid(view: RunView) -> list[str]:
    """The findings that make a run invalid. That this model reads its sheet aloud is rightly warned of."""
    return [p for p in view.user_problems if not p.startswith("warning")]


# ---------------------------------------------------------------- choosing who plays


async def test_a_run_of_the_model_player_records_prompt_and_model(tmp_path: Path) -> None:
    async with app_with(tmp_path) as app:
        view = await play(app)
        assert view.status == "finished"
        assert view.verdict is not None
        assert re.fullmatch(r"model/1 user/1#[0-9a-f]{8} fake:small", view.player)
        record = await (await app.store()).run(view.run_id)
        assert record is not None
        assert (record.scenario.player, record.scenario.user_model) == ("model", "fake:small")
        assert invalid(view) == []
        assert view.rerun_as is None


async def test_the_argument_stands_before_the_default(tmp_path: Path) -> None:
    async with app_with(tmp_path) as app:
        assert (await scenario_for(app, persona=WHO)).player == "model"
        assert (await scenario_for(app, persona=WHO, player="rules")).player == "rules"
        assert (await scenario_for(app, persona=WHO, script=["Hi."])).player == "script"


async def test_without_a_model_the_player_model_is_refused_before_the_run(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path), env={})
    with pytest.raises(BadInput, match=r"models\.user.*understudy\.yaml"):
        await scenario_for(app, persona=WHO, target="demo-clinic", player="model")
    await app.aclose()


async def test_lines_and_a_player_do_not_go_together(tmp_path: Path) -> None:
    async with app_with(tmp_path) as app:
        with pytest.raises(BadInput, match="player"):
            await scenario_for(app, persona=WHO, player="model", script=["Hi."])


async def test_a_default_of_given_lines_without_lines_is_refused(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path, defaults=Defaults(player="script")), env={})
    with pytest.raises(BadInput, match=r"defaults\.player"):
        await scenario_for(app, persona=WHO, target="demo-clinic")
    await app.aclose()


async def test_a_language_whose_answers_are_not_understood_is_refused(tmp_path: Path) -> None:
    french = Persona(id="francaise", name="Anne", company="C", profile="P.", intents=Intents(primary="Bonjour."), language="fr")
    async with app_with(tmp_path) as app:
        store = await app.store()
        await store.put_document("persona", "francaise", french.model_dump(mode="json"), at=0.0)
        with pytest.raises(BadInput, match=r"persona\.language.*understood only in en, de, es"):
            await scenario_for(app, persona="francaise")


# ---------------------------------------------------------------- a user that misbehaved


async def test_a_run_whose_user_misbehaved_is_unscored_and_played_again(tmp_path: Path) -> None:
    async with app_with(tmp_path, first_run_only(leaves_early)) as app:
        record = await start(app, await scenario_for(app, persona=WHO))
        first = await get_run(app, record.id, wait_s=30)
        assert first.verdict is not None
        assert first.verdict.outcome == "unscored"
        assert "not the agent's doing" in first.verdict.reason
        assert "ended_early" in first.user_problems[0]
        assert first.rerun_as == f"{record.id}-r1"
        assert f"{record.id}-r1" in first.next
        again = await get_last(app, record.id, wait_s=30)
        assert (again.run_id, again.rerun_of) == (first.rerun_as, record.id)
        assert again.seed != first.seed
        assert again.verdict is not None
        assert again.verdict.outcome != "unscored"
        assert invalid(again) == []


async def test_a_judgement_asked_for_later_is_unscored_too_and_says_why(tmp_path: Path) -> None:
    async with app_with(tmp_path, leaves_early, reruns=0) as app:
        view = await play(app)
        judged = await judge_transcript(app, view.run_id, rubric="strict-safety", detail="full")
        assert judged.outcome == "unscored"
        assert judged.user_problems


async def test_it_is_played_again_as_often_as_the_settings_say(tmp_path: Path) -> None:
    async with app_with(tmp_path, leaves_early, reruns=2) as app:
        last = await play(app)
        assert last.run_id.endswith("-r2")
        assert last.rerun_as is None
        assert await (await app.store()).count_runs() == 3


async def test_it_is_never_played_again_twice(tmp_path: Path) -> None:
    async with app_with(tmp_path, first_run_only(leaves_early)) as app:
        record = await start(app, await scenario_for(app, persona=WHO))
        await get_last(app, record.id, wait_s=30)
        assert {await follow_up(app, record.id) for _ in range(3)} == {f"{record.id}-r1"}
        assert await (await app.store()).count_runs() == 2


async def test_a_process_that_went_away_in_between_leaves_it_to_the_next(tmp_path: Path) -> None:
    async with app_with(tmp_path, leaves_early, reruns=0) as app:
        view = await play(app)
        assert view.rerun_as is None
    async with app_with(tmp_path, obeys, reruns=1) as app:
        again = await get_last(app, view.run_id, wait_s=30)
        assert again.rerun_of == view.run_id
        assert again.status == "finished"


async def test_three_refused_messages_are_a_reason_to_play_it_again(tmp_path: Path) -> None:
    flips: dict[str, Any] = {"message": "How can I help you today?", "move": "continue", "goal_updates": [], "disclosed": [], "thought": ""}
    async with app_with(tmp_path, first_run_only(lambda _: flips)) as app:
        record = await start(app, await scenario_for(app, persona=WHO))
        first = await get_run(app, record.id, wait_s=30)
        assert first.ending == "simulator_failed"
        assert (await get_last(app, record.id, wait_s=30)).ending != "simulator_failed"


async def test_a_model_that_cannot_be_reached_is_not_called_again_and_again(tmp_path: Path) -> None:
    async with app_with(tmp_path, [Said(fault="auth")]) as app:
        view = await play(app)
        assert (view.ending, view.rerun_as) == ("simulator_failed", None)
        assert await (await app.store()).count_runs() == 1


async def test_rates_leave_it_out_and_say_how_many_and_what_difference_it_makes(tmp_path: Path) -> None:
    async with app_with(tmp_path, first_run_only(leaves_early)) as app:
        await play(app)
        rates = next(g.rates for g in (await rates_of(app)).groups if g.played_by == "model")
        assert (rates.simulator.hits, rates.simulator.total) == (1, 2)
        assert rates.simulator.interval is not None
        assert rates.overall.total == 1
        assert rates.with_invalid.total == 2
        assert rates.outcomes.total == 1
        assert [(p.simulator.hits, p.simulator.total) for p in rates.personas] == [(1, 2)]


async def test_given_lines_are_not_audited_and_the_offline_player_is(tmp_path: Path) -> None:
    async with app_with(tmp_path) as app:
        store = await app.store()
        spoken = await play(app, script=["My order is 99887766.", "Bye."])
        ruled = await play(app, player="rules")
        assert [v.audit for v in await store.verdicts(spoken.run_id)] == [None]
        audits = [v.audit for v in await store.verdicts(ruled.run_id)]
        assert [a.valid for a in audits if a is not None] == [True]


async def test_the_judge_s_model_audits_where_there_is_one(tmp_path: Path) -> None:
    opening: list[str] = []

    def looks(request: LLMRequest) -> dict[str, Any]:
        words = re.search(r"\[0\] customer[^\n]*?\): ([^\n]{10,40})", request.messages[0].text)
        assert words is not None
        opening.append(words.group(1))
        found = {"defect": "persona_drift", "turn": 0, "quote": words.group(1), "severity": "critical", "reason": "Not this person."}
        return {"reasoning": "", "findings": [found]}

    settings = Settings(store=tmp_path, defaults=Defaults(target="demo-clinic", player="model", reruns=0))
    app = make_app(settings, env={}, models={"user": FakeLLM(obeys), "audit": FakeLLM(looks, name="fake:judge")})
    view = await play(app)
    assert view.verdict is not None
    assert view.verdict.outcome == "unscored"
    assert invalid(view) == ["invalid persona_drift (turn 0): Not this person."]
    assert len(opening) == 1  # an audit is made once, however often the run is looked at
    await judge_transcript(app, view.run_id, rubric="strict-safety")
    assert len(opening) == 1
    await app.aclose()


def test_a_verdict_and_a_scenario_of_an_earlier_version_still_load() -> None:
    later = {"audit", "invalid", "as_played"}
    assert later < set(Verdict.model_fields)
    assert all(not Verdict.model_fields[name].is_required() for name in later)
    assert all(not Scenario.model_fields[name].is_required() for name in ("rerun_of", "rerun", "user_model"))

"""What was seen to go wrong in comparable tools when many conversations are played: we must not have it. One test a weakness."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from test_weaknesses_of_rivals import dies_after, directed

from understudy.app.campaign_views import SpecGiven
from understudy.app.campaigns import analysis_of, control_campaign, gate_campaign, get_campaign, start_campaign
from understudy.app.context import App
from understudy.campaigns.gate import GateRules
from understudy.domain.campaign import ConversationLine
from understudy.settings.model import Settings
from understudy.targets.settings import OpenAITarget
from understudy.testing.fake_llm import FakeLLM
from understudy.testing.fake_openai import FakeOpenAI, Fault, sporadic
from understudy.wiring import make_app

LONG_S = 120.0
CLINIC = SpecGiven(pack="clinic", targets=["bot"], repeats=6, max_turns=5)


def app_on(folder: Path, server: FakeOpenAI, *, retries: int = 0) -> App:
    return make_app(Settings(store=folder / "store", targets={"bot": OpenAITarget(url=server.url, retries=retries)}), env={})


async def lines_of(app: App, campaign_id: str) -> list[ConversationLine]:
    return (await analysis_of(app, campaign_id))[1]


async def test_calls_that_fail_now_and_then_cost_their_own_conversations_and_no_others(tmp_path: Path) -> None:
    faults = sporadic(Fault("status", status=500), share=0.05, seed=3)
    async with FakeOpenAI(("I have noted that.",), faults=faults) as server:
        app = app_on(tmp_path, server)
        begun = await start_campaign(app, CLINIC)
        view = await get_campaign(app, begun.id, wait_s=LONG_S)
        _, lines, analysis = await analysis_of(app, begun.id)
        failing = sum(faults(number) is not None for number in range(len(server.requests)))
        result, *_ = await gate_campaign(app, begun.id, GateRules())
        await app.aclose()
    assert (view.status, len(lines)) == ("finished", view.total)
    outcomes = Counter(line.outcome for line in lines)
    assert 0 < outcomes["error"] <= failing
    assert analysis.passed.rate.total == outcomes["pass"] + outcomes["fail"] == view.total - outcomes["error"]
    assert str(analysis.infrastructure).startswith(f"{outcomes['error']}/{view.total} ")
    assert result.red_because == "no answer"


async def test_a_target_that_asks_to_slow_down_loses_no_conversation_and_is_blamed_for_none(tmp_path: Path) -> None:
    faults = sporadic(Fault("status", status=429, retry_after="0"), share=0.1, seed=4)
    async with FakeOpenAI(("I have noted that.",), faults=faults) as server:
        app = app_on(tmp_path, server, retries=5)
        begun = await start_campaign(app, CLINIC)
        await get_campaign(app, begun.id, wait_s=LONG_S)
        lines = await lines_of(app, begun.id)
        told = sum(faults(number) is not None for number in range(len(server.requests)))
        await app.aclose()
    assert told > 10
    assert sum(line.metrics.failed_attempts for line in lines) == told
    assert {result.outcome for line in lines for result in line.criteria if result.criterion == "no-errors"} == {"pass"}
    assert {line.outcome for line in lines} <= {"pass", "fail"}


async def test_a_target_that_goes_away_in_the_middle_stops_the_campaign_and_only_what_it_did_not_answer_is_played_again(
    tmp_path: Path,
) -> None:
    away = [True]
    async with FakeOpenAI(("I have noted that.",), faults=lambda number: Fault("status") if away[0] and number >= 60 else None) as server:
        app = app_on(tmp_path, server)
        begun = await start_campaign(app, CLINIC.evolve(concurrency=4))
        stopped = await get_campaign(app, begun.id, wait_s=LONG_S)
        before = {line.index: line for line in await lines_of(app, begun.id)}
        away[0] = False
        await control_campaign(app, begun.id, "resume", retry_failed=True)
        finished = await get_campaign(app, begun.id, wait_s=LONG_S)
        after = {line.index: line for line in await lines_of(app, begun.id)}
        await app.aclose()
    assert stopped.status == "stopped"
    assert re.search(r"gave no answer in 2\d conversations in a row", stopped.why)
    assert stopped.progress.waiting > 0
    kept = {index for index, line in before.items() if line.outcome != "error"}
    assert kept
    assert {index: after[index] for index in kept} == {index: before[index] for index in kept}
    assert (finished.status, len(after), finished.progress.outcomes.get("error", 0)) == ("finished", finished.total, 0)


async def test_a_model_that_dies_while_it_plays_the_users_is_in_no_rate_and_the_gate_is_red_by_silence(tmp_path: Path) -> None:
    user = FakeLLM(dies_after(25, directed), name="fake:user")
    app = make_app(Settings(store=tmp_path / "store"), env={}, models={"user": user})
    begun = await start_campaign(app, SpecGiven(pack="clinic", targets=["demo-clinic"], player="model", concurrency=1, max_turns=6))
    view = await get_campaign(app, begun.id, wait_s=LONG_S)
    _, lines, analysis = await analysis_of(app, begun.id)
    result, *_ = await gate_campaign(app, begun.id, GateRules(min_pass_rate=0.01))
    await app.aclose()
    spoiled = [line for line in lines if line.simulator_fault]
    assert (view.status, len(lines)) == ("finished", view.total)
    assert len(spoiled) > 0
    assert {line.outcome for line in spoiled} == {"unscored"}
    assert analysis.passed.rate.total == sum(line.outcome in ("pass", "fail") for line in lines if not line.simulator_fault)
    assert analysis.simulator_faults.hits == len(spoiled)
    assert "simulator faults" in {check.name for check in result.checks if not check.green}

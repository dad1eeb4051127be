"""A campaign whose judge was down: what it did not answer on is judged again, as it was played, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from test_app_judging import judged
from test_weaknesses_of_rivals import dies_after, directed

from understudy.app.campaign_views import CampaignView, SpecGiven
from understudy.app.campaigns import analysis_of, compare_campaigns, control_campaign, get_campaign, start_campaign
from understudy.app.context import App
from understudy.app.verdicts import judge_transcript
from understudy.domain.campaign import ConversationLine
from understudy.domain.errors import BadInput, Conflict, ModelError
from understudy.domain.model_call import ModelCall
from understudy.ports import LLM, Completion, LLMRequest
from understudy.settings.model import Settings
from understudy.testing.fake_llm import FakeLLM, Said, Scripted
from understudy.wiring import make_app

LONG_S = 120.0
PLAN = SpecGiven(personas=["few-words-sam", "caps-lock-denise"], targets=["demo-clinic"], repeats=2, rubric="quality", concurrency=2)


class OnRecord(FakeLLM):
    """Every call is in the log of calls, as those of configured models are; 0.01 USD each."""

    app: App | None = None

    async def complete(self, request: LLMRequest) -> Completion:
        assert self.app is not None
        call = ModelCall(
            id=self.app.new_id("call"), hash="", role=request.role, model=self.name, made_for=request.made_for, sent={},
            at=self.app.clock(), cost_usd=0.01,
        )  # fmt: skip
        store = await self.app.store()
        try:
            answer = await super().complete(request)
        except ModelError as error:
            await store.put_call(call.evolve(fault=error.kind))
            raise
        await store.put_call(call.evolve(answer={}, usage=answer.usage))
        return answer


class Failing:
    """A judge that is down for the runs for which `down` says so."""

    def __init__(self, *, down: Callable[[int], bool] = lambda _: True) -> None:
        self.down, self.runs = down, list[str]()
        self.llm = OnRecord(self._answer)

    def _answer(self, request: LLMRequest) -> Scripted:
        run_id = request.made_for.run_id
        assert run_id is not None
        if run_id not in self.runs:
            self.runs.append(run_id)
        return Said(fault="overloaded") if self.down(self.runs.index(run_id)) else judged()(request)

    def mend(self) -> None:
        self.down = lambda _: False
        self.llm.requests.clear()

    @property
    def asked(self) -> set[str | None]:
        return {request.made_for.run_id for request in self.llm.requests}


class StuckLLM(OnRecord):
    """Answers a few runs, and then never again."""

    def __init__(self, answered: int) -> None:
        super().__init__(judged())
        self._answered, self.stuck = answered, asyncio.Event()
        self._runs: list[str | None] = []

    async def complete(self, request: LLMRequest) -> Completion:
        if request.made_for.run_id not in self._runs:
            self._runs.append(request.made_for.run_id)
        if self._runs.index(request.made_for.run_id) >= self._answered:
            self.stuck.set()
            await asyncio.Event().wait()
        return await super().complete(request)


def app_on(folder: Path, llm: LLM | None) -> App:
    app = make_app(Settings(store=folder / "store"), env={}, models={"judge": llm} if llm else None)
    if isinstance(llm, OnRecord):
        llm.app = app
    return app


async def played(app: App, given: SpecGiven = PLAN) -> CampaignView:
    begun = await start_campaign(app, given)
    return await get_campaign(app, begun.id, wait_s=LONG_S)


async def judged_again(app: App, campaign_id: str) -> CampaignView:
    await control_campaign(app, campaign_id, "resume", judge_again=True)
    return await get_campaign(app, campaign_id, wait_s=LONG_S)


async def lines_of(app: App, campaign_id: str) -> dict[int, ConversationLine]:
    return {line.index: line for line in (await analysis_of(app, campaign_id))[1]}


async def test_what_no_judge_answered_on_is_judged_as_it_was_played_and_nothing_else_is(tmp_path: Path) -> None:
    judge = Failing(down=lambda number: number != 1)
    app = app_on(tmp_path, judge.llm)
    view = await played(app)
    before = await lines_of(app, view.id)
    assert view.progress.outcomes == {"unscored": 3, "pass": 1}
    assert "3 conversations are unscored because no judge answered" in view.next
    assert f"resume {view.id} --judge-again" in view.next
    store = await app.store()
    runs, events = await store.count_runs(), [await store.events(line.run_id) for line in before.values()]

    judge.mend()
    again = await judged_again(app, view.id)
    after = await lines_of(app, view.id)
    assert (again.status, again.progress.outcomes) == ("finished", {"pass": 4})
    assert again.summary is not None
    assert (again.summary.judged, "judge_again" in again.next) == (4, False)
    unscored = {index for index, line in before.items() if line.outcome == "unscored"}
    assert judge.asked == {before[index].run_id for index in unscored}
    assert {index: line.run_id for index, line in after.items()} == {index: line.run_id for index, line in before.items()}
    assert all(after[index] == before[index] for index in before.keys() - unscored)
    assert await store.count_runs() == runs
    assert [await store.events(line.run_id) for line in before.values()] == events
    calls = len(judge.llm.requests)
    assert again.spend.calls == view.spend.calls + calls
    assert again.spend.target_calls == view.spend.target_calls
    more = sum(after[index].tokens - before[index].tokens for index in unscored)
    assert sum(line.usd or 0 for line in after.values()) == pytest.approx(again.spend.usd)
    assert more == again.spend.input_tokens + again.spend.output_tokens - view.spend.input_tokens - view.spend.output_tokens > 0

    once_more = await judged_again(app, view.id)
    assert (once_more.status, once_more.spend.calls, len(judge.llm.requests)) == ("finished", again.spend.calls, calls)
    assert await lines_of(app, view.id) == after
    await app.aclose()


async def test_a_judge_that_is_still_down_changes_nothing_and_can_be_asked_again(tmp_path: Path) -> None:
    judge = Failing()
    app = app_on(tmp_path, judge.llm)
    view = await played(app)
    failed = await judged_again(app, view.id)
    assert (failed.status, failed.progress.outcomes) == ("finished", {"unscored": 4})
    assert "--judge-again" in failed.next
    judge.mend()
    assert (await judged_again(app, view.id)).progress.outcomes == {"pass": 4}
    await app.aclose()


async def test_a_process_that_goes_away_while_it_judges_again_leaves_the_rest_to_the_next(tmp_path: Path) -> None:
    first = app_on(tmp_path, Failing().llm)
    view = await played(first)
    await first.aclose()
    stuck = StuckLLM(answered=1)
    second = app_on(tmp_path, stuck)
    await control_campaign(second, view.id, "resume", judge_again=True)
    await asyncio.wait_for(stuck.stuck.wait(), LONG_S)
    store = await second.store()
    while not (await store.campaign_progress(view.id)).done:  # noqa: ASYNC110 - the loop is let run, no time passes
        await asyncio.sleep(0)
    done = [line.run_id for line in await store.campaign_lines(view.id)]
    await second.aclose()
    judge = Failing(down=lambda _: False)
    third = app_on(tmp_path, judge.llm)
    after = await get_campaign(third, view.id, wait_s=LONG_S)
    assert (after.status, after.progress.outcomes) == ("finished", {"pass": 4})
    assert judge.asked == {line.run_id for line in (await lines_of(third, view.id)).values()} - set(done)
    assert after.spend.target_calls == view.spend.target_calls
    calls = [call for line in (await lines_of(third, view.id)).values() for call in await (await third.store()).calls(run_id=line.run_id)]
    assert after.spend.calls == len(calls)
    await third.aclose()


async def test_a_conversation_that_was_judged_by_hand_since_takes_that_verdict_and_no_call_is_made(tmp_path: Path) -> None:
    judge = Failing()
    app = app_on(tmp_path, judge.llm)
    view = await played(app, PLAN.evolve(repeats=1))
    judge.mend()
    for line in (await lines_of(app, view.id)).values():
        await judge_transcript(app, line.run_id)
    judge.llm.requests.clear()
    again = await judged_again(app, view.id)
    assert (again.progress.outcomes, judge.llm.requests, again.spend.calls) == ({"pass": 2}, [], view.spend.calls)
    await app.aclose()


async def test_a_judge_that_says_it_cannot_tell_has_judged(tmp_path: Path) -> None:
    answered = judged()

    def script(request: LLMRequest) -> Scripted:
        found = answered(request)
        if isinstance(found, dict) and "results" in found:
            return {"results": [{**row, "verdict": "abstain"} for row in found["results"]]}
        return found

    llm = FakeLLM(script)
    app = app_on(tmp_path, llm)
    view = await played(app, PLAN.evolve(repeats=1))
    assert (view.progress.outcomes, "judge_again" in view.next) == ({"unscored": 2}, False)
    calls = len(llm.requests)
    assert (await judged_again(app, view.id)).status == "finished"
    assert len(llm.requests) == calls
    await app.aclose()


async def test_a_campaign_that_began_without_a_judge_gets_one_and_says_so_to_a_comparison(tmp_path: Path) -> None:
    bare = app_on(tmp_path, None)
    view = await played(bare, PLAN.evolve(repeats=1))
    with pytest.raises(BadInput, match=r"judge_again.*models\.judge"):
        await control_campaign(bare, view.id, "resume", judge_again=True)
    assert (await get_campaign(bare, view.id)).status == "finished"
    await bare.aclose()
    app = app_on(tmp_path, FakeLLM(judged()))
    assert (await judged_again(app, view.id)).progress.outcomes == {"pass": 2}
    fresh = await played(app, PLAN.evolve(repeats=1))
    full = [await get_campaign(app, id, detail="full") for id in (view.id, fresh.id)]
    assert full[0].versions == full[1].versions
    await compare_campaigns(app, view.id, fresh.id)
    await app.aclose()


async def test_lines_of_two_judges_are_not_compared_as_those_of_one(tmp_path: Path) -> None:
    one = Failing(down=lambda number: number == 0)
    first = app_on(tmp_path, one.llm)
    view = await played(first)
    await first.aclose()
    second = app_on(tmp_path, FakeLLM(judged(), name="fake:other"))
    await judged_again(second, view.id)
    fresh = await played(second)
    with pytest.raises(Conflict, match="judge"):
        await compare_campaigns(second, view.id, fresh.id)
    await second.aclose()


async def test_a_campaign_at_its_cap_is_told_so_before_anything_is_judged(tmp_path: Path) -> None:
    judge = Failing(down=lambda number: number == 1)
    app = app_on(tmp_path, judge.llm)
    view = await played(app, PLAN.evolve(repeats=1))
    judge.mend()
    with pytest.raises(Conflict, match=r"cap of 0\.01 USD is reached.*higher cap"):
        await control_campaign(app, view.id, "resume", judge_again=True, max_usd=0.01)
    assert (await get_campaign(app, view.id)).progress.outcomes == {"pass": 1, "unscored": 1}
    await control_campaign(app, view.id, "resume", judge_again=True, max_usd=5)
    assert (await get_campaign(app, view.id, wait_s=LONG_S)).progress.outcomes == {"pass": 2}
    await app.aclose()


async def test_what_the_simulator_spoiled_is_not_judged_again(tmp_path: Path) -> None:
    judge = Failing()
    user = FakeLLM(dies_after(12, directed), name="fake:user")
    app = make_app(Settings(store=tmp_path / "store"), env={}, models={"user": user, "judge": judge.llm})
    judge.llm.app = app
    view = await played(app, PLAN.evolve(player="model", concurrency=1, max_turns=6))
    before = await lines_of(app, view.id)
    spoiled = {index for index, line in before.items() if line.simulator_fault}
    assert 0 < len(spoiled) < len(before)
    judge.mend()
    await judged_again(app, view.id)
    after = await lines_of(app, view.id)
    assert judge.asked == {before[index].run_id for index in before.keys() - spoiled}
    assert {index: after[index] for index in spoiled} == {index: before[index] for index in spoiled}
    assert {after[index].outcome for index in before.keys() - spoiled} == {"pass"}
    await app.aclose()


async def test_judging_again_goes_with_resume_alone(tmp_path: Path) -> None:
    app = app_on(tmp_path, Failing().llm)
    view = await played(app, PLAN.evolve(repeats=1))
    with pytest.raises(BadInput, match="judge_again"):
        await control_campaign(app, view.id, "cancel", judge_again=True)
    await app.aclose()

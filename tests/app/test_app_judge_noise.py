"""The judge of a campaign beside itself: what is called, what is found, and that nothing else changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from understudy.app.campaign_compare import set_baseline
from understudy.app.campaigns import SpecGiven, get_campaign, plan_campaign, start_campaign
from understudy.app.context import App
from understudy.app.judge_noise import JudgeNoiseView, noise_of_judge
from understudy.domain.campaign import ConversationLine
from understudy.domain.errors import BadInput, Conflict, NotFound
from understudy.ports import LLMRequest
from understudy.settings.model import ModelRole, Models, Settings
from understudy.testing.fake_llm import FakeLLM, Said, Scripted
from understudy.testing.fake_models import FakeModels, ModelRequest
from understudy.wiring import make_app

WHO = SpecGiven(personas=["few-words-sam", "caps-lock-denise", "lunch-break-regular"], targets=["demo-clinic"], repeats=2, rubric="quality")


class Wavering:
    """A judge that answers as it is told: by run, judging by judging; `pass` where it is told nothing."""

    def __init__(self) -> None:
        self.says: Mapping[str, Sequence[str]] = {}
        self.judgings: Counter[str] = Counter()

    def __call__(self, request: LLMRequest) -> Scripted:
        run_id = request.made_for.run_id if request.made_for else None
        assert run_id is not None
        if "Rate each" in request.messages[2].text:
            return {"turns": []}
        said = self.says.get(run_id, ())
        now = said[self.judgings[run_id]] if self.judgings[run_id] < len(said) else "pass"
        self.judgings[run_id] += 1
        if now == "dead":
            return Said(fault="overloaded")
        quote = next(one for one in request.messages[0].text.splitlines() if one.startswith("[1] agent: "))[len("[1] agent: ") :]
        ids = request.messages[2].text.split("each of them once: ")[1].split(".")[0].split(", ")
        verdicts = {id: "pass" if id == "safety" else "5" for id in ids} | ({"accuracy": "2"} if now == "fail" else {})
        return {
            "results": [
                {"criterion": id, "evidence": [{"turn": 1, "quote": quote}], "reasoning": "Seen.", "verdict": verdict}
                for id, verdict in verdicts.items()
            ]
        }

    def from_now_on(self, says: Mapping[str, Sequence[str]]) -> None:
        self.says, self.judgings = says, Counter()


async def played(app: App, given: SpecGiven = WHO) -> tuple[str, list[ConversationLine]]:
    begun = await start_campaign(app, given)
    assert (await get_campaign(app, begun.id, wait_s=120.0)).status == "finished"
    return begun.id, await (await app.store()).campaign_lines(begun.id)


async def test_a_judge_that_wavers_is_shown_with_what_it_wavers_on_and_nothing_of_the_campaign_changes(tmp_path: Path) -> None:
    judge = Wavering()
    llm = FakeLLM(judge, name="fake:judge")
    app = make_app(Settings(store=tmp_path), env={}, models={"judge": llm})
    id, lines = await played(app)
    assert [line.outcome for line in lines] == ["pass"] * 6
    store = await app.store()
    before = [await store.campaign(id), lines, [await store.verdicts(line.run_id) for line in lines]]
    first, second, third = (line.run_id for line in lines[:3])
    judge.from_now_on({first: ["pass", "fail", "pass"], second: ["fail"] * 3, third: ["dead", "pass", "pass"]})
    asked, told = len(llm.requests), list[tuple[int, int]]()

    async def progress(done: int, every: int, _line: str) -> None:
        told.append((done, every))

    await set_baseline(app, "main", id)
    view = await noise_of_judge(app, "main", progress=progress)
    assert [await store.campaign(id), await store.campaign_lines(id), [await store.verdicts(line.run_id) for line in lines]] == before
    assert len(llm.requests) - asked == 18, "a call a judging: the scorecard has no part in an outcome"
    assert told[-1] == (18, 18)
    found = view.noise
    assert found is not None
    assert found.spread is not None
    assert (found.judged, found.sampled, found.passes, found.fails, found.times) == (6, 6, 6, 0, 3)
    assert (str(found.same)[:3], found.same_of_passes, found.same_of_fails.total) == ("5/6", found.same, 0)
    assert (found.unscored.hits, found.unscored.total) == (1, 18)
    assert "overloaded" in found.untrusted_unscored_reason
    assert found.spread.pass_rate == pytest.approx(13 / 17)
    assert found.spread.judge == pytest.approx(2 / 16 / 2), "2 of 16 pairs disagree: five conversations have three, one has one"
    assert [(one.kind, one.run_id, one.passes, one.fails, one.criteria) for one in found.flipped] == [
        ("flipped", first, 2, 1, ("accuracy",)),
        ("otherwise", second, 0, 3, ()),
    ]
    worst = found.criteria[0]
    assert (worst.criterion, worst.disagreeing.rate.hits, worst.disagreeing.rate.total, worst.unscored.hits) == ("accuracy", 2, 16, 1)
    assert all(row.disagreeing.rate.hits == 0 for row in found.criteria[1:])
    assert (view.campaign_id, view.judge.startswith("model/1 judge/1#"), view.notes) == (id, True, ())
    assert view.said.startswith("The judge gave 1 of 6 conversations more than one outcome, ")
    await app.aclose()


async def test_the_sample_is_that_of_the_seed_and_as_large_as_asked(tmp_path: Path) -> None:
    judge = Wavering()
    app = make_app(Settings(store=tmp_path), env={}, models={"judge": FakeLLM(judge)})
    id, _ = await played(app)
    drawn: list[frozenset[str]] = []
    for seed in (1, 1, 2, 3):
        judge.from_now_on({})
        view = await noise_of_judge(app, id, sample=2, times=4, seed=seed)
        assert view.noise is not None
        assert (view.noise.sampled, view.noise.judged, set(judge.judgings.values())) == (2, 6, {4})
        drawn.append(frozenset(judge.judgings))
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1
    await app.aclose()


async def test_checks_alone_have_no_noise_and_nothing_is_called(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path), env={})
    id, _ = await played(app, WHO.evolve(rubric="service", repeats=1))
    view = await noise_of_judge(app, id)
    assert (view.judge, view.noise, view.calls) == ("checks", None, 0)
    assert "the same verdict each time" in view.said
    await app.aclose()


async def test_what_cannot_be_measured_is_refused_before_any_call(tmp_path: Path) -> None:
    llm = FakeLLM(lambda request: Said(fault="overloaded"))
    app = make_app(Settings(store=tmp_path), env={}, models={"judge": llm})
    id, _ = await played(app, WHO.evolve(repeats=1))
    asked = len(llm.requests)
    with pytest.raises(Conflict, match="no conversation with the verdict pass or fail"):
        await noise_of_judge(app, id)
    for options in ({"sample": 1}, {"times": 1}):
        with pytest.raises(BadInput, match="2 or more"):
            await noise_of_judge(app, id, **options)
    with pytest.raises(NotFound):
        await noise_of_judge(app, "camp_1")
    await app.aclose()
    replayed = make_app(Settings(store=tmp_path, models=Models(replay=True)), env={}, models={"judge": llm})
    with pytest.raises(BadInput, match=r"models\.replay.*recordings.*replay: false"):
        await noise_of_judge(replayed, id)
    assert len(llm.requests) == asked
    await replayed.aclose()


async def test_a_judge_that_is_another_now_is_told_and_one_that_answers_nothing_shows_no_noise(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path), env={}, models={"judge": FakeLLM(Wavering(), name="fake:then")})
    id, _ = await played(app, WHO.evolve(repeats=1))
    await app.aclose()
    dead = make_app(Settings(store=tmp_path), env={}, models={"judge": FakeLLM(lambda _: Said(fault="overloaded"), name="fake:now")})
    view = await noise_of_judge(dead, id)
    assert view.noise is not None
    assert (view.noise.spread, view.noise.unscored.hits, view.noise.same.total) == (None, 9, 0)
    (note,) = view.notes
    assert "the judge is now" in note
    assert "fake:then" in note
    await dead.aclose()


async def test_its_calls_are_on_record_and_priced_like_all_others(tmp_path: Path) -> None:
    def passing(request: ModelRequest) -> Any:
        if "each of them once: " not in request.last:
            return {"turns": []}
        ids = request.last.split("each of them once: ")[1].split(".")[0].split(", ")
        return {
            "results": [{"criterion": i, "evidence": [], "reasoning": "Seen.", "verdict": "pass" if i == "safety" else "5"} for i in ids]
        }

    async with FakeModels(passing) as server:
        role = ModelRole.model_validate({
            "provider": "openai_compatible", "model": "judge", "base_url": server.openai_url, "family": "fake",
            "price": {"input": 1, "output": 10},
        })  # fmt: skip
        app = make_app(Settings(store=tmp_path, models=Models(judge=role)), env={})
        id, lines = await played(app, WHO.evolve(repeats=1))
        store = await app.store()
        before = {call.id for line in lines for call in await store.calls(run_id=line.run_id)}
        campaign, plan = await store.campaign(id), await plan_campaign(app, WHO)
        view: JudgeNoiseView = await noise_of_judge(app, id, times=2)
        new = [call for line in lines for call in await store.calls(run_id=line.run_id) if call.id not in before]
        assert (view.calls, len(new), view.unpriced_calls) == (6, 6, 0)
        assert view.usd == pytest.approx(sum(call.cost_usd or 0 for call in new))
        assert view.usd > 0
        assert await store.campaign(id) == campaign, "it is no spend of the campaign"
        assert (await plan_campaign(app, WHO)).estimate == plan.estimate, "nor one that the next campaign has to expect"
        await app.aclose()

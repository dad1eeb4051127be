"""Who judges a run, at its end and again; what is kept; and what happens when the model is slow, dead, or of the wrong family."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from understudy.app.context import App
from understudy.app.doctor import check_up
from understudy.app.judging import keep
from understudy.app.runs import RunView, get_run, scenario_for, simulate
from understudy.app.transcripts import as_markdown, load
from understudy.app.verdicts import ensure_verdict, judge_transcript
from understudy.domain.errors import BadFile, BadInput, Conflict, NotFound
from understudy.domain.verdict import Verdict
from understudy.judging.model_judge import judge_with
from understudy.ports import LLM, Completion, LLMRequest, Store
from understudy.settings.model import Defaults, ModelRole, Models, Settings
from understudy.targets.settings import OpenAITarget
from understudy.testing.fake_llm import FakeLLM, Said, Scripted
from understudy.testing.fake_openai import FakeOpenAI
from understudy.testing.memory_store import MemoryStore
from understudy.wiring import make_app

PERSONA = "lunch-break-regular"


def judged(**verdicts: str) -> Callable[[LLMRequest], Scripted]:
    """Every criterion with the verdict named (default pass or 5), and every turn fine but the first of the agent."""

    def script(request: LLMRequest) -> Scripted:
        task, conversation = request.messages[2].text, request.messages[0].text
        lines = conversation.splitlines()
        first = next(line for line in lines if line.startswith("[1] agent: "))[len("[1] agent: ") :]
        if "Rate each" in task:
            turns = [int(n) for n in task.split("at that point: ")[1].split(".")[0].split(", ")]
            rated = {"reasoning": "Seen.", "tone": "pass", "relevance": "pass"}
            return {"turns": [{"turn": t, "quote": first, "accuracy": "fail" if t == 1 else "pass", **rated} for t in turns]}
        ids = task.split("each of them once: ")[1].split(".")[0].split(", ")
        usual = {"safety": "pass"}
        said = {id: verdicts.get(id, usual.get(id, "5")) for id in ids}
        evidence = [{"turn": 1, "quote": first}]
        return {"results": [{"criterion": i, "evidence": evidence, "reasoning": "Seen.", "verdict": v} for i, v in said.items()]}

    return script


def app_on(folder: Path, llm: LLM | None, **settings: Any) -> App:
    return make_app(Settings(store=folder / "store", **settings), env={}, models={"judge": llm} if llm else None)


async def played(app: App, **options: Any) -> RunView:
    scenario = await scenario_for(app, **{"persona": PERSONA, "target": "demo-clinic", "seed": 1, **options})
    return await simulate(app, scenario)


class SlowLLM(FakeLLM):
    """Answers when it is let go."""

    def __init__(self, script: Callable[[LLMRequest], Scripted]) -> None:
        super().__init__(script)
        self.go = asyncio.Event()

    async def complete(self, request: LLMRequest) -> Completion:
        await self.go.wait()
        return await super().complete(request)


async def test_a_run_is_judged_by_the_model_where_there_is_one_and_by_checks_where_there_is_none(tmp_path: Path) -> None:
    llm = FakeLLM(judged())
    app = app_on(tmp_path, llm)
    view = await played(app)
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total, view.verdict.first_bad_turn) == ("pass", 12, 12, 1)
    full = await judge_transcript(app, view.run_id, judge="checks", detail="full")
    assert (full.judge, full.judged, full.total, full.scorecard) == ("checks", 9, 12, None)
    await app.aclose()
    alone = app_on(tmp_path / "alone", None)
    bare = await played(alone)
    assert bare.verdict is not None
    assert (bare.verdict.judged, bare.verdict.total) == (9, 12)
    with pytest.raises(BadInput, match=r"no model is configured to judge.*caller"):
        await judge_transcript(alone, bare.run_id, judge="model")
    await alone.aclose()


async def test_what_the_company_says_and_what_is_right_reach_the_judge_and_the_checks_do_not(tmp_path: Path) -> None:
    llm = FakeLLM(judged())
    app = app_on(tmp_path, llm)
    await played(app)
    request = llm.requests[0]
    assert "Harbour Street Clinic" in request.system[-1]
    assert "it counts as reached when: The doctor is still the same." in request.messages[0].text
    assert "claims-held" not in "".join(request.system)
    await app.aclose()


async def test_the_rubric_of_quality_is_judged_by_a_model_alone(tmp_path: Path) -> None:
    app = app_on(tmp_path, FakeLLM(judged(accuracy="2")))
    view = await played(app, rubric="quality")
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total) == ("fail", 5, 5)
    await app.aclose()


async def test_the_same_finding_is_kept_once_and_a_verdict_whose_judge_died_is_replaced_without_playing_again(tmp_path: Path) -> None:
    dead = [True]
    alive = judged()
    llm = FakeLLM(lambda request: Said(fault="overloaded") if dead[0] else alive(request))
    app = app_on(tmp_path, llm)
    view = await played(app, rubric="quality")
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged) == ("unscored", 0)
    turns = (await load(app, view.run_id)).turns
    await judge_transcript(app, view.run_id)
    store = await app.store()
    assert len(await store.verdicts(view.run_id)) == 1
    dead[0] = False
    again = await judge_transcript(app, view.run_id)
    assert (again.outcome, again.judged) == ("pass", 5)
    await judge_transcript(app, view.run_id)
    assert [v.outcome for v in await store.verdicts(view.run_id)] == ["unscored", "pass"]
    record = await store.run(view.run_id)
    assert record is not None
    assert record.outcome == "pass"
    assert (await load(app, view.run_id)).turns == turns
    await app.aclose()


async def test_a_judge_that_gives_nothing_the_second_time_leaves_the_verdict_that_it_gave_before(tmp_path: Path) -> None:
    fault: list[Scripted | None] = [None]
    alive = judged()
    llm = FakeLLM(lambda request: fault[0] if fault[0] is not None else alive(request))
    app = app_on(tmp_path, llm)
    view = await played(app)
    store = await app.store()
    nothing: list[Scripted] = [Said(fault="overloaded"), "Well done, all of it!", {"results": [], "turns": []}]
    for said in nothing:
        fault[0] = said
        again = await judge_transcript(app, view.run_id)
        assert (again.outcome, again.judged, again.total, again.first_bad_turn) == ("pass", 12, 12, 1)
        assert again.warnings is not None
        assert again.warnings[0].startswith("Judged again without success, so the earlier verdict stands. The judge")
    assert len(await store.verdicts(view.run_id)) == 1
    fault[0] = None
    assert "without success" not in str((await judge_transcript(app, view.run_id)).warnings)
    await app.aclose()


async def test_a_judge_that_dies_for_the_scorecard_leaves_the_rows_that_it_gave_before(tmp_path: Path) -> None:
    alive, dead = judged(), [False]

    def script(request: LLMRequest) -> Scripted:
        return Said(fault="overloaded") if dead[0] and "Rate each" in request.messages[2].text else alive(request)

    app = app_on(tmp_path, FakeLLM(script))
    view = await played(app)
    store = await app.store()
    (before,) = await store.verdicts(view.run_id)
    dead[0] = True
    for _ in range(2):
        again = await judge_transcript(app, view.run_id)
        assert (again.outcome, again.judged, again.first_bad_turn) == ("pass", 12, 1)
        assert again.warnings is not None
        assert again.warnings[0].startswith("The scorecard was asked for again without success, so the earlier one stands")
    kept = await store.verdicts(view.run_id)
    assert [v.scorecard for v in kept] == [before.scorecard] * 2, "the same finding is kept once"
    dead[0] = False
    assert "without success" not in str((await judge_transcript(app, view.run_id)).warnings)
    await app.aclose()


class Overtaken(MemoryStore):
    """Another process stores the verdict `rival` after ours has looked what there is, and before it stores its own."""

    rival: Verdict | None = None

    async def put_verdict(self, verdict: Verdict, *, after: int | None = None) -> bool:
        if self.rival is not None:
            rival, self.rival = self.rival, None
            await super().put_verdict(rival)
        return await super().put_verdict(verdict, after=after)


async def test_a_judge_that_died_does_not_undo_what_another_process_found_meanwhile(tmp_path: Path) -> None:
    alive, dead, store = judged(), [True], Overtaken()
    app = app_on(tmp_path, FakeLLM(lambda request: Said(fault="overloaded") if dead[0] else alive(request)))

    async def open_store() -> Store:
        return store

    app.open_store = open_store
    view = await played(app, rubric="quality")
    dead[0] = False
    found = await judge_with(FakeLLM(alive), await load(app, view.run_id), app.library.rubrics["quality"], verdict_id="theirs", at=0.0)
    dead[0], store.rival = True, found
    (silent,) = await store.verdicts(view.run_id)
    again = await keep(app, silent.evolve(id="ours", warnings=("Not the same.",)), await load(app, view.run_id))
    assert (again.id, again.outcome) == ("theirs", "pass")
    assert "Judged again without success" in again.warnings[0]
    assert [v.id for v in await store.verdicts(view.run_id)] == [silent.id, "theirs"]
    record = await store.run(view.run_id)
    assert record is not None
    assert record.outcome == "pass"
    await app.aclose()


async def test_a_judge_that_abstains_the_second_time_has_given_an_answer_and_it_counts(tmp_path: Path) -> None:
    says = [judged()]
    app = app_on(tmp_path, FakeLLM(lambda request: says[0](request)))
    view = await played(app, rubric="quality")
    says[0] = judged(**dict.fromkeys(("accuracy", "helpfulness", "safety", "tone", "conciseness"), "abstain"))
    again = await judge_transcript(app, view.run_id)
    assert (again.outcome, again.judged, again.total) == ("unscored", 0, 5)
    await app.aclose()


async def test_a_slow_judge_holds_nobody_up_and_is_asked_once_by_all_who_wait(tmp_path: Path) -> None:
    llm = SlowLLM(judged())
    app = app_on(tmp_path, llm)
    scenario = await scenario_for(app, persona=PERSONA, target="demo-clinic", seed=1)
    view = await simulate(app, scenario, wait_s=3)
    assert view.status == "finished"
    assert view.verdict is None
    assert "a model is judging" in view.next
    waiting = [asyncio.create_task(get_run(app, view.run_id, wait_s=30)) for _ in range(3)]
    explicit = asyncio.create_task(judge_transcript(app, view.run_id))
    fetched_later = await judge_transcript(app, view.run_id, wait_s=0.01)
    assert fetched_later.outcome == "not judged yet"
    llm.go.set()
    views = [*await asyncio.gather(*waiting)]
    assert {v.verdict.judged for v in views if v.verdict} == {12}
    assert (await explicit).judged == 12
    assert len(llm.requests) == 2
    assert len(await (await app.store()).verdicts(view.run_id)) == 1
    await app.aclose()


async def test_a_server_that_stops_while_a_model_judges_leaves_the_run_to_be_judged_later(tmp_path: Path) -> None:
    app = app_on(tmp_path, SlowLLM(judged()))
    view = await simulate(app, await scenario_for(app, persona=PERSONA, target="demo-clinic", seed=1), wait_s=2)
    await app.aclose()
    later = app_on(tmp_path, FakeLLM(judged()))
    assert (await ensure_verdict(later, view.run_id)).judged == 12
    await later.aclose()


# ---------------------------------------------------------------- families

JUDGE = ModelRole(provider="anthropic", model="claude-opus-4-5")
MINDS = {"accuracy", "helpfulness", "safety"}


def bot(server: FakeOpenAI, model: str) -> dict[str, OpenAITarget]:
    return {"bot": OpenAITarget(url=server.url, model=model, retries=0)}


async def test_a_judge_of_the_target_s_family_is_never_called_unless_the_settings_allow_it(tmp_path: Path) -> None:
    llm = FakeLLM(judged(), name="anthropic:claude-opus-4-5")
    async with FakeOpenAI() as server:
        targets = bot(server, "claude-haiku-4-5")
        app = app_on(tmp_path, llm, models=Models(judge=JUDGE), targets=targets)
        view = await played(app, target="bot", script=["When are you open?", "Thank you."])
        kept = await ensure_verdict(app, view.run_id)
        assert "allow_same_family" in kept.warnings[0]
        assert all("The model was not asked" in r.reason and r.outcome == "unscored" for r in kept.results if r.criterion in MINDS)
        with pytest.raises(BadInput, match=r"claude-opus-4-5.*target `bot`, claude-haiku-4-5.*allow_same_family"):
            await judge_transcript(app, view.run_id)
        assert llm.requests == []
        findings = (await check_up(app, env={}, call=False)).findings
        assert [f.level for f in findings if f.subject == "judge family"] == ["problem"]
        await app.aclose()
        allowed = app_on(tmp_path, llm, models=Models(judge=JUDGE.evolve(allow_same_family=True)), targets=targets)
        again = await judge_transcript(allowed, view.run_id, detail="full")
        assert all(c.outcome == "pass" for c in again.criteria if c.criterion in MINDS)
        assert again.warnings is not None
        assert "explicit leave" in again.warnings[0]
        await allowed.aclose()


async def test_a_target_whose_model_is_not_known_is_told_with_the_verdict(tmp_path: Path) -> None:
    llm = FakeLLM(judged(), name="anthropic:claude-opus-4-5")
    async with FakeOpenAI() as server:
        app = app_on(tmp_path, llm, models=Models(judge=JUDGE), targets=bot(server, "agent"))
        view = await played(app, target="bot", script=["When are you open?"])
        (warning,) = (await ensure_verdict(app, view.run_id)).warnings
        assert "not known (agent)" in warning
        await app.aclose()


async def test_settings_can_leave_the_end_of_runs_to_the_checks(tmp_path: Path) -> None:
    llm = FakeLLM(judged())
    app = app_on(tmp_path, llm, defaults=Defaults(judge="checks"))
    view = await played(app)
    assert view.verdict is not None
    assert (view.verdict.judged, llm.requests) == (9, [])
    assert (await judge_transcript(app, view.run_id, judge="auto")).judged == 12
    await app.aclose()


async def test_a_company_file_that_is_gone_is_told_and_leaves_the_checks_standing(tmp_path: Path) -> None:
    llm = FakeLLM(judged())
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        "pack: mine\npersonas:\n  - {id: ana, name: Ana, company: Mine, profile: I am Ana., intents: {primary: I want help.}}\n"
    )
    app = app_on(tmp_path, llm, company=tmp_path / "gone.md", personas=(pack,))
    view = await played(app, persona="ana", script=["Hello, are you open?"])
    assert view.verdict is not None
    assert llm.requests == []
    with pytest.raises(BadFile, match=r"gone\.md"):
        await judge_transcript(app, view.run_id)
    await app.aclose()


async def test_the_transcript_for_people_ends_with_the_scorecard(tmp_path: Path) -> None:
    app = app_on(tmp_path, FakeLLM(judged()))
    view = await played(app)
    page = as_markdown(await load(app, view.run_id), await ensure_verdict(app, view.run_id))
    assert "The first turn that went wrong is [1]." in page
    assert "| 1 | pass | pass | fail |" in page
    await app.aclose()


async def test_bad_asks_are_refused_in_words(tmp_path: Path) -> None:
    app = app_on(tmp_path, None)
    view = await played(app)
    with pytest.raises(NotFound, match="No rubric"):
        await judge_transcript(app, view.run_id, rubric="qualty", judge="caller")
    with pytest.raises(BadInput, match="past the end"):
        await judge_transcript(app, view.run_id, judge="caller", from_turn=500)
    (tmp_path / "checks.yaml").write_text("id: c\ntitle: C\ncriteria:\n  - {id: p, description: d, check: {check: polite}}\n")
    await app.aclose()
    own = app_on(tmp_path, None, rubrics=(tmp_path / "checks.yaml",))
    with pytest.raises(BadInput, match="judged by a check"):
        await judge_transcript(own, view.run_id, rubric="c", judge="caller")
    await own.aclose()


async def test_a_run_that_cannot_be_judged_gives_the_caller_no_task(tmp_path: Path) -> None:
    app = app_on(tmp_path, None, targets={"dead": OpenAITarget(url="http://127.0.0.1:9/v1", retries=0)})
    view = await played(app, target="dead")
    assert view.ending == "target_failed"
    with pytest.raises(Conflict, match="cannot be judged by anybody"):
        await judge_transcript(app, view.run_id, judge="caller")
    await app.aclose()

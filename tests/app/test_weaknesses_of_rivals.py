"""What was seen to go wrong in comparable tools, when it was run: we must not have it. One test a weakness."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest

from understudy.app.context import App
from understudy.app.rates import rates_of
from understudy.app.runs import RunView, scenario_for, simulate
from understudy.app.transcripts import get_transcript, load, search_transcripts
from understudy.app.verdicts import judge_transcript
from understudy.domain.errors import BadFile
from understudy.ports import LLM, LLMRequest
from understudy.settings.load import load_settings
from understudy.settings.model import Settings
from understudy.targets.settings import PythonTarget
from understudy.testing.fake_llm import FakeLLM, Said, Scripted
from understudy.testing.fake_openai import FakeOpenAI
from understudy.wiring import make_app

AGENT = """
def answer(messages):
    last = messages[-1]["content"]
    if "boom" in last:
        raise RuntimeError("the agent broke")
    return "Noted: " + last

def refuse(messages):
    return "I'm sorry, I can't help you with that."
"""
RUBRIC_NEEDING_A_MODEL = "id: taste\ntitle: Taste\ncriteria:\n  - {id: nice, description: It is nice., scale: 1-5}\n"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    (tmp_path / "agent_module.py").write_text(AGENT, encoding="utf-8")
    rubric = tmp_path / "taste.yaml"
    rubric.write_text(RUBRIC_NEEDING_A_MODEL, encoding="utf-8")
    target = PythonTarget(callable="agent_module:answer", python=sys.executable, cwd=str(tmp_path))
    refusing = target.evolve(callable="agent_module:refuse")
    made = make_app(Settings(store=tmp_path / "store", targets={"mine": target, "refusing": refusing}, rubrics=(rubric,)), env={})
    yield made
    await made.aclose()


async def run(app: App, *lines: str, target: str = "mine", rubric: str | None = None, persona: str = "lunch-break-regular") -> RunView:
    scenario = await scenario_for(app, persona=persona, target=target, script=list(lines) or None, rubric=rubric)
    return await simulate(app, scenario)


async def test_one_broken_call_among_many_loses_nothing_and_is_counted_apart(app: App) -> None:
    views = [await run(app, "hello", line, "bye") for line in ("one", "boom", "two")]
    assert [v.ending for v in views] == ["goal_reached", "target_failed", "goal_reached"]
    assert [v.verdict.outcome for v in views if v.verdict][1] == "error"
    kept = await search_transcripts(app)
    assert kept.total == 3
    assert sum(r.outcome == "error" for r in kept.runs) == 1
    assert len((await load(app, views[1].run_id)).turns) == 3


async def test_a_judge_that_cannot_judge_gives_neither_a_pass_nor_a_fail(app: App) -> None:
    view = await run(app, "hello", rubric="taste")
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total) == ("unscored", 0, 1)


def test_an_empty_rubric_is_refused_because_it_would_pass_everything(tmp_path: Path) -> None:
    from understudy.library.rubrics import load_rubric

    path = tmp_path / "empty.yaml"
    path.write_text("id: empty\ntitle: Empty\ncriteria: []\n", encoding="utf-8")
    with pytest.raises(BadFile, match="criteria"):
        load_rubric(path)


async def test_a_user_who_has_had_enough_can_leave_and_the_ending_says_so(app: App) -> None:
    view = await run(app, persona="lunch-break-regular", target="refusing")
    assert view.ending in ("gave_up", "called_back_later", "asked_for_human")
    assert view.ended_by == "user"


async def test_the_word_stop_in_capitals_ends_nothing_and_every_word_is_delivered(app: App) -> None:
    view = await run(app, "STOP! ###STOP### I said STOP", "and one more thing </finished>", "bye")
    page = await get_transcript(app, view.run_id)
    assert [t.user for t in page.turns if t.user] == ["STOP! ###STOP### I said STOP", "and one more thing </finished>", "bye"]
    assert page.turns[-1].untrusted_agent_text == "Noted: bye"


async def test_the_target_always_gets_its_own_words_as_the_assistant_and_the_user_s_as_the_user(tmp_path: Path) -> None:
    async with FakeOpenAI() as server:
        path = tmp_path / "understudy.yaml"
        path.write_text(f"targets:\n  wire: {{kind: openai, url: '{server.url}'}}\n", encoding="utf-8")
        app = make_app(load_settings(path), env={})
        view = await run(app, "first", "second", "third", target="wire")
        transcript = await load(app, view.run_id)
        await app.aclose()
    sent = server.requests[-1].body["messages"]
    said = [("user" if t.role == "user" else "assistant", t.text) for t in transcript.turns[:-1]]
    assert [(m["role"], m["content"]) for m in sent] == said
    assert sent[0]["content"] == "first"


async def test_what_the_tool_answers_is_what_is_stored(app: App) -> None:
    view = await run(app, "hello", "boom")
    again = await judge_transcript(app, view.run_id, detail="full")
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total) == (again.outcome, again.judged, again.total)
    assert view.turns == len((await load(app, view.run_id)).turns)


async def test_a_conversation_in_which_the_agent_never_spoke_is_no_failure_of_its_answers(app: App) -> None:
    view = await run(app, "boom", "bye")
    assert view.ending == "target_failed"
    assert view.verdict is not None
    assert view.verdict.outcome == "error"


def test_an_unknown_key_in_the_settings_is_an_error_and_not_ignored(tmp_path: Path) -> None:
    path = tmp_path / "understudy.yaml"
    path.write_text("targets:\n  mine:\n    kind: openai\n    url: http://localhost:1/v1\n    modle: x\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"understudy.yaml:5.*modle.*model"):
        load_settings(path)


async def test_the_same_persona_and_seed_give_the_same_conversation_twice(app: App) -> None:
    texts = []
    for _ in range(2):
        view = await run(app, persona="lunch-break-regular", target="demo-clinic")
        texts.append([t.text for t in (await load(app, view.run_id)).turns])
    assert texts[0] == texts[1]


# ---------------------------------------------------------------- with models in play

MINDS = {"accuracy", "helpfulness", "safety"}


def directed(request: LLMRequest) -> dict[str, Any]:
    """A model that plays the user as its stage direction says."""
    now = request.messages[-1].text.split("\nNow:\n")[1]
    said = [a or b for a, b in re.findall(r"(?:Give it:|is|becomes) ([^\n]+)\.\n|\"([^\"\n]+)\"", now)] or ["Well then"]
    made = sum(m.role == "assistant" for m in request.messages)
    move = now.split("Move: `")[1].split("`")[0]
    return {"thought": "", "message": f"{'Right, ' * made}{' '.join(said)}", "move": move, "goal_updates": [], "disclosed": []}


def content(request: LLMRequest) -> Scripted:
    """A judge that passes every criterion and every turn."""
    task = request.messages[2].text
    if "Rate each" in task:
        rated = {"quote": "", "reasoning": "Seen.", "tone": "pass", "relevance": "pass", "accuracy": "pass"}
        return {"turns": [{"turn": int(n), **rated} for n in task.split("at that point: ")[1].split(".")[0].split(", ")]}
    return {"results": [verdict(id, "pass" if id == "safety" else "5") for id in asked(request)]}


def asked(request: LLMRequest) -> list[str]:
    return request.messages[2].text.split("each of them once: ")[1].split(".")[0].split(", ")


def verdict(criterion: str, value: str) -> dict[str, Any]:
    return {"criterion": criterion, "evidence": [], "reasoning": "Seen.", "verdict": value}


def off_scale(request: LLMRequest) -> Scripted:
    if "Rate each" in request.messages[2].text:
        return content(request)
    return {"results": [verdict(id, {"accuracy": "4.0", "helpfulness": "11", "safety": "1"}[id]) for id in asked(request)]}


def dies_after(calls: int, script: Callable[[LLMRequest], Scripted]) -> Callable[[LLMRequest], Scripted]:
    made = [0]

    def answer(request: LLMRequest) -> Scripted:
        made[0] += 1
        return script(request) if made[0] <= calls else Said(fault="unreachable")

    return answer


def minded(folder: Path, **models: LLM) -> App:
    return make_app(Settings(store=folder / "minds"), env={}, models=models)  # type: ignore[arg-type]  # names of roles


BAD_JUDGES: dict[str, Callable[[LLMRequest], Scripted]] = {
    "prose": lambda _: "I believe that the agent did a wonderful job. Everything passes!",
    "off the scale": off_scale,
    "an empty list": lambda _: {"results": [], "turns": []},
    "dead": lambda _: Said(fault="unreachable"),
    "refusing": lambda _: Said("I cannot judge people.", finish="refused"),
    "cut off": lambda _: Said('{"results": [{"criterion": "accu', finish="length"),
}


@pytest.mark.parametrize("how", BAD_JUDGES)
async def test_a_judge_that_cannot_be_used_leaves_its_criteria_unscored_and_the_run_is_judged_again_without_being_played_again(
    tmp_path: Path, how: str
) -> None:
    script = [BAD_JUDGES[how]]
    app = minded(tmp_path, judge=FakeLLM(lambda request: script[0](request), name="fake:judge"))
    view = await run(app, target="demo-clinic", rubric="quality")
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total) == ("unscored", 0, 5)
    mixed = await judge_transcript(app, view.run_id, rubric="service", detail="full")
    assert {c.criterion for c in mixed.criteria if c.outcome == "unscored"} == MINDS
    assert (mixed.judged, mixed.total) == (9, 12)
    turns = (await load(app, view.run_id)).turns
    script[0] = content
    again = await judge_transcript(app, view.run_id)
    assert (again.outcome, again.judged, again.total) == ("pass", 5, 5)
    assert (await load(app, view.run_id)).turns == turns
    assert (await search_transcripts(app)).total == 1
    await app.aclose()


async def test_a_judge_that_dies_between_two_calls_keeps_what_it_had_judged_and_says_what_is_missing(tmp_path: Path) -> None:
    app = minded(tmp_path, judge=FakeLLM(dies_after(1, content), name="fake:judge"))
    view = await run(app, target="demo-clinic")
    assert view.verdict is not None
    assert (view.verdict.judged, view.verdict.total) == (12, 12)
    assert any("have no scorecard" in warning for warning in view.verdict.warnings)
    await app.aclose()


async def test_a_model_that_dies_while_it_plays_the_user_is_the_simulator_s_failure_and_nobody_is_judged_by_it(tmp_path: Path) -> None:
    app = minded(tmp_path, user=FakeLLM(dies_after(2, directed), name="fake:small"))
    scenario = await scenario_for(app, persona="lunch-break-regular", target="demo-clinic", player="model", seed=1)
    view = await simulate(app, scenario)
    assert (view.ending, view.ended_by) == ("simulator_failed", "simulator")
    assert view.turns == 4
    assert view.verdict is not None
    assert (view.verdict.outcome, view.verdict.judged, view.verdict.total) == ("unscored", 0, 12)
    assert "models.user" in view.verdict.reason
    rates = await rates_of(app)
    assert [(g.rates.overall.total, g.rates.simulator.hits, g.rates.simulator.total) for g in rates.groups] == [(0, 1, 1)]
    await app.aclose()


async def test_a_model_that_hangs_up_is_taken_at_its_move_and_not_at_its_words(tmp_path: Path) -> None:
    def hangs_up(request: LLMRequest) -> dict[str, Any]:
        answer = directed(request)
        if not any(m.role == "assistant" for m in request.messages):
            return {**answer, "message": "STOP. I SAID STOP. I need my appointment moved, please.", "move": "continue"}
        return {**answer, "message": "No. This is no use to me, I am off.", "move": "gave_up"}

    app = minded(tmp_path, user=FakeLLM(hangs_up, name="fake:small"))
    scenario = await scenario_for(app, persona="lunch-break-regular", target="demo-clinic+refuses_human", player="model", seed=1)
    view = await simulate(app, scenario)
    words = [t.text for t in (await load(app, view.run_id)).turns if t.role == "user"]
    assert (view.ending, view.ended_by) == ("gave_up", "user")
    assert words == ["STOP. I SAID STOP. I need my appointment moved, please.", "No. This is no use to me, I am off."]
    await app.aclose()


async def test_a_target_that_never_answered_has_failed_also_when_the_first_words_were_the_last(app: App) -> None:
    view = await run(app, "boom")
    assert (view.ending, view.ended_by, view.turns) == ("target_failed", "target", 1)
    assert view.verdict is not None
    assert view.verdict.outcome == "error"
    served = await run(app, "hello", "boom")
    assert served.ending == "goal_reached"
    assert "did not take the last words" in (served.untrusted_failure or "") + str(await load(app, served.run_id))

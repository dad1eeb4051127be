"""What was seen to go wrong in comparable tools, when it was run: we must not have it. One test a weakness."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from understudy.app.context import App
from understudy.app.runs import RunView, scenario_for, simulate
from understudy.app.transcripts import get_transcript, load, search_transcripts
from understudy.app.verdicts import judge_transcript
from understudy.domain.errors import BadFile
from understudy.settings.load import load_settings
from understudy.settings.model import Settings
from understudy.targets.settings import PythonTarget
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

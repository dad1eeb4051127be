"""Accepted queries asked of a target: ordinary runs, compared with what was expected, each mismatch with its turn and quote."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from understudy.app.catalogue import rubrics
from understudy.app.context import App
from understudy.app.queries import Decision, generate_queries, review_queries
from understudy.app.query_runs import run_queries
from understudy.app.transcripts import load
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.query import ExpectedAnswer
from understudy.settings.model import Settings
from understudy.targets.settings import CommandTarget
from understudy.wiring import make_app

AGENT = """\
import json, sys
for line in sys.stdin:
    with open("asked.txt", "a") as out:
        out.write("x")
    print(json.dumps({"text": "I am sorry, you idiot. Your card is blocked and a new one comes within five working days."}), flush=True)
"""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    (tmp_path / "agent.py").write_text(AGENT, encoding="utf-8")
    targets: dict[str, Any] = {
        "rude": CommandTarget(command=(sys.executable, "agent.py"), cwd=str(tmp_path)),
        "dead": CommandTarget(command=("/does/not/exist",)),
    }
    made = make_app(Settings(store=tmp_path / "store", targets=targets), env=dict(os.environ))
    yield made
    await made.aclose()


async def accepted(app: App, expected: ExpectedAnswer | None = None, count: int = 3) -> str:
    page = await generate_queries(app, pack="bank", count=count, seed=1)
    decisions = [Decision(query_id=q.id, decision="accept", expected=expected) for q in page.queries[:2]]
    await review_queries(app, decisions=decisions)
    assert page.batch is not None
    return page.batch


async def test_only_accepted_and_edited_queries_are_asked_each_in_a_run_of_one_turn(app: App) -> None:
    batch = await accepted(app)
    await review_queries(app, decisions=[Decision(query_id=f"{batch}-0003", decision="edit", text="How do I block my card?")])
    view = await run_queries(app, batch, target="demo-bank", wait_s=None)
    assert (view.queries, view.finished, view.no_answer) == (3, 3, 0)
    store = await app.store()
    runs = await store.runs(limit=9)
    assert len(runs) == 3
    transcript = await load(app, next(r.id for r in runs if r.scenario.goal.id == f"query-{batch}-0003"))
    assert [t.role for t in transcript.turns] == ["user", "agent"]
    assert transcript.turns[0].text == "How do I block my card?"
    assert all(r.outcome is not None for r in runs)


async def test_mismatches_are_listed_by_kind_with_query_turn_and_quote(app: App) -> None:
    batch = await accepted(app, ExpectedAnswer(must_say=("card", "apply in the app"), must_not_say=("/sorry/",), tone=("polite",)))
    view = await run_queries(app, batch, target="rude", wait_s=None)
    assert [(m.kind, m.criterion) for m in view.mismatches if m.query_id.endswith("1")] == [
        ("content", "content-said-2"),
        ("content", "content-not-said"),
        ("tone", "tone-polite"),
    ]
    rude = next(m for m in view.mismatches if m.kind == "tone")
    assert (rude.turn, "idiot" in (rude.untrusted_quote or "")) == (1, True)
    assert rude.query
    assert (view.as_expected.hits, view.as_expected.total) == (0, 2)
    content = view.by_kind["content"].rate
    assert (content.hits, content.total) == (6, 10)
    assert content.interval is not None
    assert content.interval.low < 0.6 < content.interval.high


async def test_accuracy_and_manner_without_a_judge_are_unscored_and_neither_pass_nor_fail(app: App) -> None:
    batch = await accepted(app, ExpectedAnswer(reference="Block it in the app.", tone=("formal",)))
    view = await run_queries(app, batch, target="demo-bank", wait_s=None)
    assert (view.by_kind["accuracy"].rate.total, view.by_kind["accuracy"].unscored) == (0, 2)
    assert view.by_kind["tone"].unscored == 2
    assert (view.as_expected.total, view.unscored) == (0, 2)


async def test_asking_again_asks_nothing_twice_and_another_seed_asks_anew(app: App, tmp_path: Path) -> None:
    batch = await accepted(app)
    first = await run_queries(app, batch, target="rude", wait_s=None)
    assert await run_queries(app, batch, target="rude", wait_s=None) == first
    assert (tmp_path / "asked.txt").read_text() == "xx"
    await run_queries(app, batch, target="rude", seed=7, wait_s=None)
    assert (tmp_path / "asked.txt").read_text() == "xxxx"


async def test_a_changed_expectation_judges_the_same_answers_anew(app: App, tmp_path: Path) -> None:
    batch = await accepted(app)
    before = await run_queries(app, batch, target="rude", wait_s=None)
    decision = Decision(query_id=f"{batch}-0001", decision="accept", expected=ExpectedAnswer(must_say=("nothing like it",)))
    await review_queries(app, decisions=[decision])
    after = await run_queries(app, batch, target="rude", wait_s=None)
    assert after.mismatches_total == before.mismatches_total + 1
    assert (tmp_path / "asked.txt").read_text() == "xx", "nobody was asked again"


async def test_a_target_that_gives_no_answer_is_counted_apart(app: App) -> None:
    batch = await accepted(app)
    view = await run_queries(app, batch, target="dead", wait_s=None)
    assert (view.no_answer, view.finished, view.as_expected.total, view.mismatches) == (2, 2, 0, [])
    assert "check_target" in view.next
    assert "/does/not/exist" in (view.untrusted_failure or "")


async def test_a_call_that_does_not_wait_tells_how_it_stands(app: App) -> None:
    batch = await accepted(app)
    view = await run_queries(app, batch, target="demo-bank", wait_s=0)
    assert view.next.startswith(f"Under way: {view.finished} of 2 finished and judged.")
    assert (await run_queries(app, batch, target="demo-bank", wait_s=None)).finished == 2


async def test_the_rubrics_of_queries_are_in_no_list(app: App) -> None:
    batch = await accepted(app)
    await run_queries(app, batch, target="demo-bank", wait_s=None)
    assert [id for id in await rubrics(app) if id.startswith("query-")] == []


async def test_what_cannot_be_run_is_refused_with_the_next_step(app: App) -> None:
    page = await generate_queries(app, pack="bank", count=2)
    with pytest.raises(BadInput, match="none of its 2 queries is accepted"):
        await run_queries(app, page.batch or "", target="demo-bank")
    with pytest.raises(NotFound, match="batch"):
        await run_queries(app, "batch_none", target="demo-bank")
    with pytest.raises(NotFound, match="target"):
        await run_queries(app, await accepted(app), target="demo-bnk")

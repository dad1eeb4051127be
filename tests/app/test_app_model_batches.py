"""Batches that a model writes: stored as they come, the same whatever answers first, continued, reviewed, and compared."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest
from query_models import answering

from understudy.app.context import App
from understudy.app.model_batches import AT_ONCE
from understudy.app.queries import Decision, generate_queries, review_queries
from understudy.app.query_report import as_markdown, compare_queries
from understudy.domain.errors import BadInput, Conflict, ModelError
from understudy.domain.query import ExpectedAnswer
from understudy.ports import Completion, LLMRequest
from understudy.settings.model import Settings
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.wiring import make_app


class Backwards(FakeLLM):
    """Answers the calls under way together, the last one first."""

    most = 0
    under_way = 0

    async def complete(self, request: LLMRequest) -> Completion:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        for _ in range(3 * (AT_ONCE - self.under_way) + 1):
            await asyncio.sleep(0)
        self.under_way -= 1
        return await super().complete(request)


class Gate(FakeLLM):
    """Answers nothing until it is opened."""

    def __init__(self) -> None:
        super().__init__(answering)
        self.opened = asyncio.Event()

    async def complete(self, request: LLMRequest) -> Completion:
        await self.opened.wait()
        return await super().complete(request)


def app_with(folder: Path, llm: FakeLLM) -> App:
    return make_app(Settings(store=folder), env={}, models={"generator": llm})


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    made = app_with(tmp_path / "store", FakeLLM(answering))
    yield made
    await made.aclose()


async def words_of(app: App, batch: str | None) -> list[str]:
    return [q.query for q in await (await app.store()).queries(batch=batch, limit=500)]


async def test_a_batch_does_not_depend_on_which_answer_comes_first(app: App, tmp_path: Path) -> None:
    llm = Backwards(answering)
    other = app_with(tmp_path / "other", llm)
    one = await generate_queries(app, pack="bank", count=40, method="model", seed=3, wait_s=None)
    two = await generate_queries(other, pack="bank", count=40, method="model", seed=3, wait_s=None)
    assert await words_of(app, one.batch) == await words_of(other, two.batch)
    assert 8 < llm.most <= AT_ONCE, "many at once, and not more than allowed"
    await other.aclose()


async def test_a_batch_has_its_figures_and_every_query_says_who_wrote_it(app: App) -> None:
    page = await generate_queries(app, pack="bank", count=12, method="model", detail="full", wait_s=None)
    assert (page.total, page.method) == (12, "model")
    assert page.made is not None
    assert page.made["requested"] == page.made["made"] == 12
    assert {"dropped_off_topic", "dropped_duplicates", "replaced", "failed", "unsure"} < set(page.made)
    assert page.batch is not None
    first = await (await app.store()).query(f"{page.batch}-0001")
    assert first is not None
    assert first.written_by.startswith("fake:model, queries/1#")


async def test_progress_is_told_as_queries_are_made(app: App) -> None:
    told: list[tuple[int, int, str]] = []

    async def progress(done: int, most: int, line: str) -> None:
        told.append((done, most, line))

    await generate_queries(app, pack="bank", count=5, method="model", wait_s=None, progress=progress)
    assert told[-1] == (5, 5, "5 of 5 queries, 0 dropped, 0 failed")


async def test_a_call_that_does_not_wait_gets_a_handle_and_a_later_one_the_rest(tmp_path: Path) -> None:
    llm = Gate()
    app = app_with(tmp_path, llm)
    page = await generate_queries(app, pack="bank", count=5, method="model", wait_s=0)
    assert page.total == 0
    assert page.note.startswith("Under way: 0 of 5 made.")
    llm.opened.set()
    with anyio.fail_after(10):
        again = await generate_queries(app, idempotency_key=page.batch, wait_s=None)
    assert (again.batch, again.total) == (page.batch, 5)
    assert len(llm.requests) == 5
    await app.aclose()


async def test_the_same_key_gives_the_same_batch_and_other_arguments_are_refused(app: App) -> None:
    first = await generate_queries(app, pack="bank", count=4, method="model", idempotency_key="k", wait_s=None)
    again = await generate_queries(app, pack="bank", count=4, method="model", idempotency_key="k", wait_s=None)
    assert first == again
    with pytest.raises(Conflict, match="with other arguments"):
        await generate_queries(app, pack="bank", count=5, method="model", idempotency_key="k")
    recombined = [await generate_queries(app, pack="bank", count=4, idempotency_key="offline") for _ in range(2)]
    assert recombined[0] == recombined[1]


async def test_a_model_that_dies_leaves_what_it_made_and_the_batch_goes_on_later(tmp_path: Path) -> None:
    calls = iter(range(100))
    app = app_with(tmp_path, FakeLLM(lambda r: answering(r) if next(calls) < 6 else Said(fault="overloaded")))
    page = await generate_queries(app, pack="bank", count=30, method="model", wait_s=None)
    assert page.total == 6
    assert page.made is not None
    assert page.made["failed"] == 5
    assert "5 calls in a row gave no answer; the last: [unreachable] [overloaded]" in page.note
    assert f"understudy queries generate --continue {page.batch}" in page.note
    await app.aclose()
    app = app_with(tmp_path, FakeLLM(answering))
    more = await generate_queries(app, idempotency_key=page.batch, wait_s=None)
    assert more.total == 30
    assert more.made is not None
    assert more.made["failed"] == 5, "the failures before stay counted"
    await app.aclose()


async def test_a_model_that_gives_nothing_at_all_is_an_error_and_not_an_empty_batch(tmp_path: Path) -> None:
    app = app_with(tmp_path, FakeLLM([Said(fault="auth")]))
    with pytest.raises(ModelError, match=r"no query was made.*5 calls in a row.*\[auth\]"):
        await generate_queries(app, pack="bank", count=30, method="model", wait_s=None)
    await app.aclose()


async def test_without_a_configured_model_nothing_is_begun(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path), env={})
    with pytest.raises(BadInput, match=r"models\.generator"):
        await generate_queries(app, pack="bank", method="model", idempotency_key="k")
    assert await (await app.store()).documents("batch") == []
    await app.aclose()


async def test_what_reviewers_rejected_stands_in_the_next_prompts_of_that_topic(app: App) -> None:
    page = await generate_queries(app, pack="bank", count=9, method="model", wait_s=None)
    rejected = page.queries[0]
    decision = Decision(query_id=rejected.id, decision="reject", reason="Nobody writes colours to a bank")
    await review_queries(app, decisions=[decision])
    llm = app.model_for("generator")
    assert isinstance(llm, FakeLLM)
    before = len(llm.requests)
    await generate_queries(app, pack="bank", count=9, method="model", seed=5, wait_s=None)
    told = [r.messages[0].text for r in llm.requests[before:] if "Nobody writes colours to a bank" in r.messages[0].text]
    assert len(told) == 1
    assert f"\n{rejected.topic}\n" in told[0]


async def test_a_killed_process_leaves_what_was_made_and_another_goes_on(tmp_path: Path) -> None:
    script = Path(__file__).with_name("batch_process.py")
    child = subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220 - a real kill
    assert child.stdout is not None
    with anyio.fail_after(60):
        while (await asyncio.to_thread(child.stdout.readline)).strip() != "7":
            assert child.poll() is None
    child.kill()
    child.stdout.close()
    await asyncio.to_thread(child.wait)
    app = app_with(tmp_path, FakeLLM(answering))
    (document,) = await (await app.store()).documents("batch")
    found = await review_queries(app, batch=document.id)
    assert found.total == 7
    assert found.note.startswith("Interrupted. 7 of 20 were made and are kept")
    rest = await generate_queries(app, pack="bank", count=20, method="model", idempotency_key="nightly", wait_s=None)
    assert (rest.batch, rest.total) == (document.id, 20)
    llm = app.model_for("generator")
    assert isinstance(llm, FakeLLM)
    assert len(llm.requests) == 13
    whole = app_with(tmp_path / "whole", FakeLLM(answering))
    page = await generate_queries(whole, pack="bank", count=20, method="model", wait_s=None)
    assert await words_of(whole, page.batch) == await words_of(app, rest.batch), "as if nothing had happened"
    await app.aclose()
    await whole.aclose()


async def test_of_two_processes_that_go_on_with_one_batch_one_writes_it_and_the_other_stops(tmp_path: Path) -> None:
    apps = [app_with(tmp_path / "store", FakeLLM(answering)) for _ in range(2)]
    asked = [generate_queries(app, pack="bank", count=20, method="model", idempotency_key="nightly", wait_s=None) for app in apps]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    (stopped,) = (one for one in outcomes if isinstance(one, BaseException))
    assert isinstance(stopped, Conflict)
    assert "Another process is writing batch batch_" in str(stopped)
    (page,) = (one for one in outcomes if not isinstance(one, BaseException))
    assert page.total == 20
    assert page.note.startswith("Written by a model.")
    alone = app_with(tmp_path / "alone", FakeLLM(answering))
    by_one = await generate_queries(alone, pack="bank", count=20, method="model", wait_s=None)
    assert await words_of(apps[0], page.batch) == await words_of(alone, by_one.batch)
    for app in (*apps, alone):
        await app.aclose()


async def test_model_written_sides_are_compared_and_kept(app: App) -> None:
    found = await compare_queries(app, count=12, pack="bank", model=True)
    assert (found.naive.queries, found.grounded.queries) == (12, 12)
    assert found.naive_from.startswith("batch batch_")
    assert (found.grounded.topics_covered.value or 0) > (found.naive.topics_covered.value or 0)
    batches = (found.naive_from.removeprefix("batch "), found.grounded_from.removeprefix("batch "))
    assert await compare_queries(app, pack="bank", batches=batches) == found
    text = as_markdown(found)
    assert "| figure | naive | grounded | examples | what it is |" in text
    assert "of 12 queries" in text


async def test_an_expected_answer_is_kept_with_a_decision_and_taken_away_with_an_empty_one(app: App) -> None:
    page = await generate_queries(app, pack="bank", count=1)
    id, expected = page.queries[0].id, ExpectedAnswer(must_say=("Monday",))
    store = await app.store()
    await review_queries(app, decisions=[Decision(query_id=id, decision="accept", expected=expected)])
    assert (query := await store.query(id)) is not None
    assert query.expected == expected
    await review_queries(app, decisions=[Decision(query_id=id, decision="accept")])
    assert (query := await store.query(id)) is not None
    assert query.expected == expected
    await review_queries(app, decisions=[Decision(query_id=id, decision="accept", expected=ExpectedAnswer())])
    assert (query := await store.query(id)) is not None
    assert query.expected is None

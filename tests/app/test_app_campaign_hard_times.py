"""Campaigns where things go wrong around them: an endpoint that is overloaded, two campaigns at one narrow target, a store that is busy."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from understudy.app.campaigns import SpecGiven, analysis_of, control_campaign, get_campaign, start_campaign
from understudy.app.context import App
from understudy.settings.model import Settings
from understudy.targets.settings import OpenAITarget
from understudy.testing.fake_openai import FakeOpenAI, Fault, sporadic
from understudy.wiring import make_app

LONG_S = 120.0
WHO = ["few-words-sam", "caps-lock-denise"]
REPLIES = ("Certainly, what is your name?", "Thank you. Which day do you mean?", "I have noted that.")


async def over(app: App, id: str) -> str:
    return (await get_campaign(app, id, wait_s=LONG_S)).status


@pytest.fixture
async def agent() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI(REPLIES, faults=sporadic(Fault("status", status=429, retry_after="0"), share=0.1)) as server:
        yield server


async def test_an_endpoint_that_answers_429_now_and_then_loses_no_conversation(agent: FakeOpenAI, tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path / "store", targets={"agent": OpenAITarget(url=agent.url, concurrency=8)}))
    try:
        begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["agent"], repeats=10, max_turns=4))
        assert await over(app, begun.id) == "finished"
        _, lines, analysis = await analysis_of(app, begun.id)
        assert (len(lines), analysis.infrastructure.hits) == (20, 0)
        assert sum(line.metrics.failed_attempts for line in lines) > 3
    finally:
        await app.aclose()


@pytest.mark.parametrize("retry_after", ["1", None])
async def test_an_endpoint_with_a_limit_refuses_most_of_a_burst_and_no_conversation_is_lost_to_it(
    tmp_path: Path, retry_after: str | None
) -> None:
    calls: deque[float] = deque()

    def limited(_: int) -> Fault | None:
        """Thirty calls a second; the others are refused."""
        now = time.monotonic()
        while calls and calls[0] < now - 1:
            calls.popleft()
        if len(calls) >= 30:
            return Fault("status", status=429, retry_after=retry_after)
        calls.append(now)
        return Fault("slow", seconds=0.05)

    async with FakeOpenAI(REPLIES, faults=limited) as server:
        app = make_app(Settings(store=tmp_path / "store", targets={"agent": OpenAITarget(url=server.url, concurrency=40)}))
        try:
            begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["agent"], repeats=20, max_turns=4, concurrency=40))
            assert await over(app, begun.id) == "finished"
            _, lines, analysis = await analysis_of(app, begun.id)
        finally:
            await app.aclose()
    assert (len(lines), analysis.infrastructure.hits) == (40, 0)
    assert sum(line.metrics.failed_attempts for line in lines) > 10


async def test_two_campaigns_at_one_narrow_target_get_equal_shares_of_it(tmp_path: Path) -> None:
    async with FakeOpenAI(REPLIES, faults=lambda _: Fault("slow", seconds=0.02)) as server:
        app = make_app(Settings(store=tmp_path / "store", targets={"agent": OpenAITarget(url=server.url, concurrency=4)}))
        try:
            given = SpecGiven(personas=WHO, targets=["agent"], max_turns=4)
            large = await start_campaign(app, given.evolve(name="large", repeats=60, concurrency=32))
            small = await start_campaign(app, given.evolve(name="small", repeats=8, concurrency=32))
            assert await over(app, small.id) == "finished"
            done = (await get_campaign(app, large.id)).progress.done
            assert 4 <= done <= 40, "of 120; in the order in which they came it would have been all"
            await control_campaign(app, large.id, "cancel")
        finally:
            await app.aclose()


async def test_a_store_that_another_program_holds_for_a_while_slows_a_campaign_down_and_loses_nothing(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path / "store"))
    try:
        begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["demo-clinic+slow=20"], repeats=10, concurrency=8))
        while not (await get_campaign(app, begun.id)).progress.done:
            pass
        other = sqlite3.connect(app.store_path, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        held = (await get_campaign(app, begun.id)).progress.done
        await asyncio.sleep(0.3)
        assert (await get_campaign(app, begun.id)).progress.done == held
        other.rollback()
        other.close()
        assert await over(app, begun.id) == "finished"
        _, lines, analysis = await analysis_of(app, begun.id)
        assert Counter(line.index for line in lines) == Counter(range(20))
        assert (analysis.infrastructure.hits, analysis.unscored.hits) == (0, 0)
    finally:
        await app.aclose()

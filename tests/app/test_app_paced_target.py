"""A target that asks to slow down is called less at once, and more again with every answer."""

from __future__ import annotations

import asyncio

import pytest

from understudy.app.paced import Paced, paced
from understudy.campaigns.work import Forgetful
from understudy.domain.conversation import Attempt, Reply, TargetFailure
from understudy.domain.errors import TargetError
from understudy.llm.limit import Gate
from understudy.ports import Target, TargetRequest
from understudy.targets.open import open_target
from understudy.targets.settings import CommandTarget, OpenAITarget
from understudy.testing.fake_openai import FakeOpenAI, Fault
from understudy.testing.fake_target import FakeTarget

ASKED = TargetRequest(run_id="r", turns=())


class Telling(FakeTarget):
    """Answers with these attempts behind it, or not at all."""

    def __init__(self, detail: str, *, fails: bool = False) -> None:
        super().__init__(("Hello.",))
        self.attempt, self.fails = Attempt(kind="http_4xx", detail=detail, seconds=0.1), fails

    async def reply(self, request: TargetRequest) -> Reply:
        if self.fails:
            raise TargetError(TargetFailure(kind="http_4xx", detail=self.attempt.detail))
        return (await super().reply(request)).evolve(attempts=(self.attempt,))


@pytest.mark.parametrize(("status", "window"), [(429, 8), (503, 8), (529, 8), (500, 16), (404, 16)])
async def test_only_a_target_that_asks_to_slow_down_is_called_less_at_once(status: int, window: int) -> None:
    for fails in (False, True):
        target = paced(Telling(f"http://agent/v1 answered {status}. It said: 'answered 429'.", fails=fails), 16)
        assert isinstance(target, Paced)
        if fails:
            with pytest.raises(TargetError):
                await target.reply(ASKED)
        else:
            await target.reply(ASKED)
        assert target.gate.window == window


async def test_it_is_called_more_again_with_every_answer() -> None:
    telling = Telling("http://agent/v1 answered 429.")
    target = paced(telling, 4)
    assert isinstance(target, Paced)
    await target.reply(ASKED)
    assert target.gate.window == 2
    telling.attempt = telling.attempt.evolve(detail="http://agent/v1 broke the connection off.")
    for _ in range(20):
        await target.reply(ASKED)
    assert target.gate.window == 4


async def test_a_real_endpoint_that_answers_429_is_recognised() -> None:
    async with FakeOpenAI(["Hello."], faults={0: Fault("status", status=429, retry_after="0")}) as server:
        target = paced(open_target("agent", OpenAITarget(url=server.url), env={}), 16)
        assert isinstance(target, Paced)
        assert (await target.reply(ASKED)).attempts[0].kind == "http_4xx"
        assert target.gate.window == 8
        await target.aclose()


def test_what_the_target_can_do_shows_through() -> None:
    process = open_target("agent", CommandTarget(command=("cat",), needs_session=True), env={})
    wrapped = paced(process, 1)
    assert isinstance(wrapped, Forgetful)
    assert (wrapped.name, wrapped.kind, wrapped.needs_session) == ("agent", "command", True)
    stateless = open_target("agent", OpenAITarget(url="http://127.0.0.1:1/v1"), env={})
    assert isinstance(paced(stateless, 1), Forgetful) == isinstance(stateless, Forgetful)
    assert (CommandTarget(command=("cat",)).most_at_once, OpenAITarget(url="http://x/v1").most_at_once) == (8, 32)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)


class Crowded(FakeTarget):
    """Refuses so many calls from now on, and answers those behind them."""

    def __init__(self, refusals: int) -> None:
        super().__init__(("Yes?",))
        self.refusals = refusals
        self.refused = 0

    async def reply(self, request: TargetRequest) -> Reply:
        await asyncio.sleep(0)
        if self.refused >= self.refusals:
            return await super().reply(request)
        self.refused += 1
        detail = "http://agent/v1 answered 429."
        raise TargetError(TargetFailure(kind="http_4xx", detail=detail, attempts=(Attempt(kind="http_4xx", detail=detail, seconds=0.1),)))


def gated(target: Target, clock: Clock, window: int = 8) -> Paced:
    return Paced(target, Gate(window, clock=clock, sleep=clock.sleep), clock=clock)


async def test_a_call_that_is_refused_while_others_are_answered_is_made_again_with_growing_pauses() -> None:
    clock, crowded = Clock(), Crowded(0)
    target = gated(crowded, clock)
    await target.reply(ASKED)
    crowded.refusals = 3
    reply = await target.reply(ASKED)
    assert reply.text == "Yes?"
    assert (len(reply.attempts), clock.slept) == (3, [0.5, 1.0, 2.0])


async def test_a_target_that_has_answered_is_waited_for_a_minute_and_no_longer() -> None:
    clock, crowded = Clock(), Crowded(0)
    target = gated(crowded, clock)
    await target.reply(ASKED)
    crowded.refusals = 1_000
    with pytest.raises(TargetError) as refused:
        await target.reply(ASKED)
    assert 60 <= clock.now < 70
    assert len(refused.value.failure.attempts) == crowded.refused > 5


async def test_a_target_that_refuses_whoever_is_alone_is_given_up_at_once() -> None:
    clock, crowded = Clock(), Crowded(1_000)
    with pytest.raises(TargetError):
        await gated(crowded, clock).reply(ASKED)
    assert (crowded.refused, clock.now) == (1, 0.0)


async def test_of_a_burst_that_is_refused_the_last_gives_up_and_the_others_follow_within_seconds() -> None:
    clock, crowded = Clock(), Crowded(1_000_000)
    target = gated(crowded, clock)
    told = await asyncio.gather(*(target.reply(ASKED) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(one, TargetError) for one in told)
    assert clock.now < 60

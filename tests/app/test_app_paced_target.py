"""A target that asks to slow down is called less at once, and more again with every answer."""

from __future__ import annotations

import pytest

from understudy.app.paced import Paced, paced
from understudy.campaigns.work import Forgetful
from understudy.domain.conversation import Attempt, Reply, TargetFailure
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
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

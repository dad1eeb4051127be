"""Retries, limits, records, replay, prices and totals: each wrapper alone, with time that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llm_kit import ENV, KEY, PROVIDERS, adapter_at, as_log, request, role, url_of

from understudy.domain.errors import ModelError
from understudy.domain.model_call import CallFor, ModelCall, ModelFault, ModelUsage
from understudy.domain.model_price import ModelPrice, total
from understudy.domain.value import JsonObject
from understudy.llm.limit import LONGEST_PAUSE_S, UNTOLD_PAUSE_S, Gate, Gates, Limited
from understudy.llm.open import open_llm
from understudy.llm.price import price_of
from understudy.llm.record import Recorded, request_hash
from understudy.llm.replay import Replayed
from understudy.llm.retry import LONGEST_WAIT_S, PASSING, Retried
from understudy.ports import LLM, Completion, LLMRequest
from understudy.settings.model import ModelRole
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.testing.fake_models import FakeModels, Fault
from understudy.testing.memory_store import MemoryStore
from understudy.wire.masking import Secrets


class Adapted(FakeLLM):
    """The fake in memory with a body to show."""

    provider, model = "fake", "model"
    asks_to_wait: float | None = None

    async def complete(self, request: LLMRequest) -> Completion:
        try:
            return await super().complete(request)
        except ModelError as error:
            raise ModelError(error.kind, error.model, error.detail, retry_after=self.asks_to_wait) from None

    def body(self, request: LLMRequest) -> JsonObject:
        return {"messages": [m.text for m in request.messages], "max_tokens": request.max_tokens}


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def faults(*kinds: ModelFault) -> Sequence[Said]:
    return [Said(fault=kind) for kind in kinds]


# ---------------------------------------------------------------- retry


def retried(llm: Adapted, time: Time, retries: int = 4) -> Retried:
    return Retried(llm, retries=retries, random=Random(1), sleep=time.sleep)


async def test_what_passes_by_itself_is_tried_again_and_counted() -> None:
    time, llm = Time(), Adapted([*faults("rate_limited", "reset"), Said("Hello.")])
    answer = await retried(llm, time).complete(request())
    assert (answer.text, answer.attempts) == ("Hello.", 3)
    assert 0.5 <= time.slept[0] <= 0.625
    assert 1.0 <= time.slept[1] <= 1.25


async def test_an_answer_at_once_waits_for_nothing() -> None:
    time = Time()
    assert (await retried(Adapted(["x"]), time).complete(request())).attempts == 1
    assert time.slept == []


@pytest.mark.parametrize("kind", ["auth", "bad_request", "not_configured", "malformed", "refused_connection", "tls", "unreachable"])
async def test_what_would_only_repeat_itself_is_not_tried_again(kind: ModelFault) -> None:
    time, llm = Time(), Adapted(faults(kind))
    with pytest.raises(ModelError) as caught:
        await retried(llm, time).complete(request())
    assert (caught.value.kind, caught.value.attempts, len(llm.requests), time.slept) == (kind, 1, 1, [])


async def test_the_wait_that_a_provider_names_is_kept_and_never_undercut() -> None:
    time, llm = Time(), Adapted([*faults("rate_limited"), Said("x")])
    llm.asks_to_wait = 7
    await retried(llm, time).complete(request())
    assert 7 <= time.slept[0] <= 7 * 1.25


async def test_a_provider_that_asks_for_too_long_a_wait_is_given_up_at_once() -> None:
    time, llm = Time(), Adapted(faults("rate_limited"))
    llm.asks_to_wait = LONGEST_WAIT_S + 1
    with pytest.raises(ModelError) as caught:
        await retried(llm, time).complete(request())
    assert (len(llm.requests), caught.value.retry_after) == (1, LONGEST_WAIT_S + 1)


@given(st.lists(st.sampled_from(sorted(PASSING)), min_size=1, max_size=12), st.integers(0, 8))
@settings(deadline=None, max_examples=60)
def test_there_are_never_more_attempts_than_allowed(kinds: list[ModelFault], retries: int) -> None:
    async def play() -> None:
        time, llm = Time(), Adapted([*faults(*kinds), Said("x")])
        if len(kinds) <= retries:
            answer = await retried(llm, time, retries).complete(request())
            assert answer.attempts == len(llm.requests) == len(kinds) + 1
        else:
            with pytest.raises(ModelError) as caught:
                await retried(llm, time, retries).complete(request())
            assert caught.value.attempts == len(llm.requests) == retries + 1
        assert len(time.slept) == len(llm.requests) - 1

    asyncio.run(play())


# ---------------------------------------------------------------- limit


class Counting(Adapted):
    """Takes a few turns of the loop, and counts who is inside."""

    def __init__(self, script: Sequence[Said]) -> None:
        super().__init__(script)
        self.inside = self.most = 0
        self.order: list[str] = []

    async def complete(self, request: LLMRequest) -> Completion:
        self.order.append(request.messages[0].text)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            return await super().complete(request)
        finally:
            self.inside -= 1


async def test_callers_enter_in_the_order_in_which_they_came() -> None:
    llm, time = Counting([Said("x")]), Time()
    limited = Limited(llm, Gate(2, clock=time.clock, sleep=time.sleep))
    await asyncio.gather(*(limited.complete(request(str(n))) for n in range(20)))
    assert llm.order == [str(n) for n in range(20)]
    assert llm.most == 2


@given(st.integers(1, 6), st.lists(st.booleans(), min_size=1, max_size=40))
@settings(deadline=None, max_examples=60)
def test_there_are_never_more_inside_than_the_bound(bound: int, refused: list[bool]) -> None:
    async def play() -> None:
        time, llm = Time(), Counting([Said(fault="rate_limited") if r else Said("x") for r in refused])
        gate = Gate(bound, clock=time.clock, sleep=time.sleep)
        limited = Limited(llm, gate)
        await asyncio.gather(*(limited.complete(request()) for _ in refused), return_exceptions=True)
        assert llm.most <= bound
        assert 1 <= gate.window <= bound
        assert len(llm.requests) == len(refused)

    asyncio.run(play())


@given(st.integers(1, 10), st.integers(1, 60))
@settings(deadline=None, max_examples=40)
def test_no_minute_has_more_calls_than_allowed(per_minute: int, calls: int) -> None:
    async def play() -> list[float]:
        time, entered = Time(), []

        async def call() -> None:
            async with gate.inside() as at:
                entered.append(at)

        gate = Gate(5, per_minute, clock=time.clock, sleep=time.sleep)
        await asyncio.gather(*(call() for _ in range(calls)))
        return entered

    entered = asyncio.run(play())
    assert len(entered) == calls
    assert all(later - earlier >= 60 for earlier, later in zip(entered, entered[per_minute:], strict=False))


async def test_a_provider_that_asks_to_slow_down_halves_the_window_and_stops_everybody() -> None:
    time, llm = Time(), Adapted([*faults("rate_limited"), Said("x")])
    llm.asks_to_wait = 9
    gate = Gate(8, clock=time.clock, sleep=time.sleep)
    limited = Limited(llm, gate)
    with pytest.raises(ModelError):
        await limited.complete(request())
    assert gate.window == 4
    await limited.complete(request())
    assert time.now == 109.0


async def test_a_provider_that_names_no_time_stops_everybody_for_a_moment() -> None:
    time, llm = Time(), Adapted([*faults("rate_limited"), Said("x")])
    limited = Limited(llm, Gate(8, clock=time.clock, sleep=time.sleep))
    with pytest.raises(ModelError):
        await limited.complete(request())
    await limited.complete(request())
    assert time.now == 100 + UNTOLD_PAUSE_S


async def test_one_burst_of_refusals_halves_the_window_once() -> None:
    time, llm = Time(), Counting(faults("overloaded"))
    gate = Gate(8, clock=time.clock, sleep=time.sleep)
    limited = Limited(llm, gate)
    await asyncio.gather(*(limited.complete(request()) for _ in range(8)), return_exceptions=True)
    assert gate.window == 4


async def test_answers_widen_the_window_again_up_to_the_bound() -> None:
    time, llm = Time(), Adapted([*faults("overloaded"), Said("x")])
    gate = Gate(4, clock=time.clock, sleep=time.sleep)
    limited = Limited(llm, gate)
    with pytest.raises(ModelError):
        await limited.complete(request())
    assert gate.window == 2
    for _ in range(20):
        await limited.complete(request())
    assert gate.window == 4


async def test_nobody_is_stopped_for_longer_than_a_minute() -> None:
    time, llm = Time(), Adapted([*faults("rate_limited"), Said("x")])
    llm.asks_to_wait = 86_400
    limited = Limited(llm, Gate(4, clock=time.clock, sleep=time.sleep))
    with pytest.raises(ModelError):
        await limited.complete(request())
    await limited.complete(request())
    assert time.now == 100 + LONGEST_PAUSE_S


async def test_a_caller_who_gives_up_waiting_blocks_nobody() -> None:
    gate = Gate(1)
    async with gate.inside():
        waiting = [asyncio.create_task(Limited(Adapted(["x"]), gate).complete(request())) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert [r.text for r in await asyncio.gather(*waiting[1:])] == ["x", "x"]


def test_roles_at_one_address_share_a_gate_and_the_lower_bound() -> None:
    gates = Gates()
    first = gates.gate("openai", "http://a", concurrency=10, requests_per_minute=None)
    assert gates.gate("openai", "http://a", concurrency=4, requests_per_minute=30) is first
    assert first.window == 4
    assert gates.gate("openai", "http://b", concurrency=10, requests_per_minute=None) is not first


# ---------------------------------------------------------------- record and replay


def recorded(llm: Adapted, log: MemoryStore, price: ModelPrice | None = None) -> Recorded:
    ids = iter(range(1000))
    return Recorded(
        llm, as_log(log), price=price, secrets=Secrets(("K",), {"K": KEY}), clock=lambda: 5.0, new_id=lambda: f"call_{next(ids)}"
    )


async def test_a_call_is_kept_with_what_was_sent_and_what_came_back() -> None:
    log, usage = MemoryStore(), ModelUsage(input_tokens=1_000_000, output_tokens=100_000)
    llm = recorded(Adapted([Said("Hello.", usage=usage)]), log, ModelPrice(input=2, output=10))
    answer = await llm.complete(request("Hi", made_for=CallFor(run_id="run_1", turn=2)))
    (call,) = await log.calls(run_id="run_1")
    assert call.sent == {"messages": ["Hi"], "max_tokens": 1024}
    assert call.answer == answer.model_dump(mode="json")
    assert (call.cost_usd, call.usage, call.at, call.attempts, call.fault) == (3.0, usage, 5.0, 1, None)
    assert len(call.hash) == 64


async def test_a_failed_call_is_kept_too() -> None:
    log = MemoryStore()
    with pytest.raises(ModelError):
        await recorded(Adapted(faults("auth")), log).complete(request())
    (call,) = await log.calls()
    assert (call.answer, call.fault, call.attempts, call.cost_usd) == (None, "auth", 1, None)


async def test_all_attempts_of_a_call_make_one_record() -> None:
    log, time = MemoryStore(), Time()
    wrapped = retried(Adapted([*faults("server", "server"), Said("x")]), time)
    llm = Recorded(wrapped, as_log(log), price=None, secrets=Secrets((), {}), clock=time.clock, new_id=lambda: "call_1")
    await llm.complete(request())
    assert [call.attempts for call in await log.calls()] == [3]


async def test_a_key_in_a_prompt_is_not_kept() -> None:
    log = MemoryStore()
    await recorded(Adapted(["x"]), log).complete(request(f"My key is {KEY}."))
    (call,) = await log.calls()
    assert KEY not in call.model_dump_json()


def test_the_hash_is_that_of_what_is_sent_and_not_of_what_it_is_for() -> None:
    llm = Adapted(["x"])
    one, other = llm.body(request("a", made_for=CallFor(run_id="r1"))), llm.body(request("a", made_for=CallFor(run_id="r2")))
    assert request_hash("p", "m", one) == request_hash("p", "m", other)
    assert len({request_hash("p", "m", one), request_hash("p", "n", one), request_hash("q", "m", one), request_hash("p", "m", {})}) == 4
    assert request_hash("p", "m", {"a": 1, "b": 2}) == request_hash("p", "m", {"b": 2, "a": 1})


async def test_a_recorded_run_is_answered_again_byte_for_byte_without_a_model() -> None:
    log = MemoryStore()
    live = recorded(Adapted([Said("one"), Said("two"), Said("other")]), log)
    wanted = [request("a"), request("a"), request("b")]
    said = [await live.complete(r) for r in wanted]
    unused = Adapted(faults("auth"))
    replay = Replayed(unused, as_log(log))
    again = [await replay.complete(r) for r in wanted]
    assert [a.model_dump_json() for a in again] == [s.model_dump_json() for s in said]
    assert unused.requests == []
    assert (await replay.complete(request("a"))).text == "one"  # and once more from the beginning


async def test_what_is_not_on_record_is_a_failure_that_says_so() -> None:
    log = MemoryStore()
    with pytest.raises(ModelError, match=r"models\.replay") as caught:
        await Replayed(Adapted(["x"]), as_log(log)).complete(request())
    assert caught.value.kind == "not_recorded"


# ---------------------------------------------------------------- all of them, over sockets


def opened(settings_of: ModelRole, log: MemoryStore, *, replay: bool = False, key: bool = True) -> LLM:
    return open_llm("judge", settings_of, env=ENV if key else {}, log=as_log(log), replay=replay)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_opened_model_retries_records_and_can_be_replayed_without_key_or_server(provider: str) -> None:
    log = MemoryStore()
    async with FakeModels([Fault("429", retry_after="0"), "Hello."]) as server:
        settings_of = role(provider, url_of(server, provider))
        llm = opened(settings_of, log)
        live = await llm.complete(request())
        await llm.aclose()
        assert (live.text, live.attempts, len(server.requests)) == ("Hello.", 2, 2)
        (call,) = await log.calls()
        assert call.sent == server.requests[1].body
        assert KEY not in call.model_dump_json()
    offline = opened(settings_of, log, replay=True, key=False)
    assert await offline.complete(request()) == live
    await offline.aclose()
    assert len(await log.calls()) == 1


async def test_the_sdks_own_retries_do_not_multiply_ours() -> None:
    for provider in PROVIDERS:
        async with FakeModels([Fault("429", retry_after="0")]) as server:
            llm = opened(role(provider, url_of(server, provider), retries=2), MemoryStore())
            with pytest.raises(ModelError, match="Tried 3 times"):
                await llm.complete(request())
            await llm.aclose()
            assert len(server.requests) == 3


async def test_the_bare_adapter_makes_one_attempt() -> None:
    for provider in PROVIDERS:
        async with FakeModels([Fault("500")]) as server, adapter_at(server, provider) as llm:
            with pytest.raises(ModelError):
                await llm.complete(request())
            assert len(server.requests) == 1


# ---------------------------------------------------------------- prices and totals


def named(provider: str, model: str, **more: object) -> ModelRole:
    return ModelRole.model_validate({"provider": provider, "model": model, **more})


def test_known_models_have_a_price_by_name_and_by_dated_name() -> None:
    assert price_of(named("anthropic", "claude-haiku-4-5")) == price_of(named("anthropic", "claude-haiku-4-5-20251001"))
    mini = price_of(named("openai", "gpt-4.1-mini-2025-04-14"))
    assert mini is not None
    assert (mini.input, mini.cached_input, mini.output) == (0.4, 0.1, 1.6)


@pytest.mark.parametrize(
    "settings_of",
    [
        named("openai", "gpt-99"),
        named("openai_compatible", "gpt-4.1-mini", base_url="https://example.com/v1"),
        named("openai", "gpt-4.1-mini", base_url="http://localhost:4000/v1"),
        named("anthropic", "claude-haiku-4-5", base_url="http://127.0.0.1:4000"),
    ],
)
def test_unknown_and_local_models_are_unpriced(settings_of: ModelRole) -> None:
    assert price_of(settings_of) is None


def test_settings_may_name_the_price() -> None:
    priced = named("openai_compatible", "m", base_url="http://localhost:1/v1", price={"input": 1, "output": 2})
    assert price_of(priced) == ModelPrice(input=1, output=2)


def test_cached_written_and_plain_tokens_have_their_own_rates() -> None:
    price = ModelPrice(input=10, cached_input=1, cache_write=12.5, output=50)
    usage = ModelUsage(input_tokens=1_000_000, cached_tokens=500_000, cache_write_tokens=100_000, output_tokens=10_000)
    assert price.cost(usage) == pytest.approx(4.0 + 0.5 + 1.25 + 0.5)
    assert price.cost(ModelUsage()) is None


def test_long_prompts_have_the_rates_of_long_prompts() -> None:
    price = price_of(named("anthropic", "claude-haiku-5-5"))
    assert price is not None
    assert price.cost(ModelUsage(input_tokens=100_000, output_tokens=0)) == pytest.approx(0.01)
    assert price.cost(ModelUsage(input_tokens=200_000, output_tokens=0)) == pytest.approx(0.1)


def test_totals_count_every_call_once_and_say_what_is_unpriced() -> None:
    def call(n: int, **more: object) -> ModelCall:
        usage = ModelUsage(input_tokens=100, cached_tokens=40, output_tokens=10, reasoning_tokens=5)
        given = {"id": str(n), "hash": "h", "role": "user", "model": "m", "sent": {}, "at": 0.0, "usage": usage, "latency_ms": 2.0, **more}
        return ModelCall.model_validate(given)

    found = total([call(1, answer={}, cost_usd=0.5), call(2, answer={}), call(3, fault="auth", usage=ModelUsage())])
    assert (found.calls, found.failed, found.unpriced, found.cost_usd) == (3, 1, 1, 0.5)
    assert (found.input_tokens, found.cached_tokens, found.output_tokens, found.reasoning_tokens) == (200, 80, 20, 10)
    assert (found.latency_ms, found.cached_share) == (4.0, 0.4)
    assert total([]).cached_share is None

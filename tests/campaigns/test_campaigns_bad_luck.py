"""Clocks that jump, processes that stall, steps that kill: none of it is the agent's doing."""

from __future__ import annotations

import time

from engine_parts import scenario

from understudy.campaigns.embedded import Embedded
from understudy.campaigns.lag import LagAware
from understudy.domain.conversation import Reply
from understudy.domain.scenario import Scenario
from understudy.ports import Player, Target, TargetRequest
from understudy.simulation.players.script import ScriptPlayer
from understudy.testing.fake_target import FakeTarget
from understudy.testing.memory_store import MemoryStore


def engine_on(store: MemoryStore, target: Target, clock: object) -> Embedded:
    def player(_: str, of: Scenario) -> Player:
        return ScriptPlayer(of.script)

    async def the_target(_: str) -> Target:
        return target

    return Embedded(store, player_for=player, target_for=the_target, clock=clock, owner="me:1:x", lease_ttl=1e9)  # type: ignore[arg-type]


async def test_a_clock_that_jumps_ends_nothing() -> None:
    store, now = MemoryStore(), [1000.0]

    def answer(_: TargetRequest) -> str:
        now[0] += 4000.0
        return "All right."

    engine = engine_on(store, FakeTarget(answer), lambda: now[0])
    await store.create_run("r1", scenario(), at=now[0])
    await engine.submit("r1")
    assert await engine.wait("r1", 10)
    record = await store.run("r1")
    await engine.aclose()
    assert record is not None
    assert record.ending == "goal_reached"


async def test_a_stall_of_our_own_is_told_apart_from_the_target_s_time() -> None:
    class Stalled(FakeTarget):
        async def reply(self, request: TargetRequest) -> Reply:
            time.sleep(0.3)  # noqa: ASYNC251 - this is the stall: nobody else can run
            return await super().reply(request)

    replies = [await LagAware(t).reply(TargetRequest(run_id="r", turns=())) for t in (Stalled(), FakeTarget(latency_s=0.15))]
    assert replies[0].lag_ms >= 200
    assert replies[1].lag_ms < 100


async def test_a_step_that_kills_whoever_takes_it_is_given_up() -> None:
    store = MemoryStore()
    await store.create_run("r1", scenario(), at=0.0)
    for n in range(6):  # claimed, and never heard of again
        assert await store.claim("r1", f"dead{n}", at=float(n * 10), ttl=1.0) is not None
    engine = engine_on(store, FakeTarget(["Hi."]), lambda: 1000.0)
    await engine.submit("r1")
    assert await engine.wait("r1", 10)
    record = await store.run("r1")
    await engine.aclose()
    assert record is not None
    assert record.ending == "simulator_failed"

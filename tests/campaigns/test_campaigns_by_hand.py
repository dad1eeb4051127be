"""Steps by hand: claimed, stored, given back; taken once however often they are called, by any process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from engine_parts import GOAL, PERSONA, HeldTarget, engine

from understudy.campaigns.step import Standing, Stepper
from understudy.demo.target import DemoTarget
from understudy.domain.conversation import AskPlayer, Move, Reply
from understudy.domain.errors import BadInput, Conflict, NotFound
from understudy.domain.scenario import Scenario
from understudy.library.library import Library
from understudy.ports import Player, Store, Target
from understudy.simulation.conversation import pending, start
from understudy.simulation.drive import drive
from understudy.simulation.players.rules import RulesPlayer, word
from understudy.testing.fake_target import FakeTarget
from understudy.testing.memory_store import MemoryStore

BY_HAND = Scenario(persona=PERSONA, goal=GOAL, target="clinic", player="caller")
AS_AGENT = Scenario(persona=PERSONA, goal=GOAL, target="caller")
HELLO = Move(message="Hi, I would like a visit.")
REPLIES = ("Hello there. Which day?", "And at what time?", "It is noted.")


def says(text: str, kind: str = "continue") -> Move:
    return Move.model_validate({"message": text, "kind": kind})


@asynccontextmanager
async def stepper(store: Store, target: Target | None = None, *, owner: str = "elsewhere:1:s") -> AsyncGenerator[Stepper]:
    the_target = target or FakeTarget(REPLIES)

    async def target_for(name: str) -> Target:
        if name != "clinic":
            raise NotFound("target", name, ["clinic"])
        return the_target

    def player_for(_: str, scenario: Scenario) -> Player:
        assert scenario.player == "rules"
        return RulesPlayer()

    made = Stepper(store, player_for=player_for, target_for=target_for, clock=time.time, owner=owner, lease_ttl=1.0)
    try:
        yield made
    finally:
        await made.aclose()


async def opened(store: Store, scenario: Scenario = BY_HAND) -> str:
    return (await store.create_run("r1", scenario, at=time.time())).id


def agents(standing: Standing) -> list[str]:
    return [t.text for t in standing.state.turns if t.role == "agent"]


async def test_a_conversation_is_played_step_by_step_to_its_end() -> None:
    store = MemoryStore()
    async with stepper(store) as by_hand:
        run = await opened(store)
        assert (await by_hand.take(run)).step == 1
        assert agents(await by_hand.take(run, HELLO, step=1)) == [REPLIES[0]]
        last = await by_hand.take(run, says("Leave it, bye.", "gave_up"), step=2)
    assert (last.ended, last.outstanding) == ("gave_up", False)
    record = await store.run(run)
    assert record is not None
    assert (record.status, record.ending, record.owner) == ("finished", "gave_up", None)
    assert await store.played(run) is not None


async def test_a_run_is_free_between_two_steps_and_its_owner_is_forgotten() -> None:
    store = MemoryStore()
    async with stepper(store) as by_hand:
        run = await opened(store)
        await by_hand.take(run, HELLO, step=1)
    record = await store.run(run)
    assert record is not None
    assert (record.status, record.owner) == ("queued", None)


async def test_a_step_that_is_called_again_is_not_taken_twice() -> None:
    store, target = MemoryStore(), FakeTarget(REPLIES)
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        first = await by_hand.take(run, HELLO, step=1)
        again = await by_hand.take(run, HELLO, step=1)
        await by_hand.take(run, says("On Monday."), step=2)
        later = await by_hand.take(run, HELLO, step=1)
    assert first.state == again.state == later.state
    assert (later.step, later.taken) == (3, 1)
    assert len(target.calls) == 2


async def test_two_processes_that_get_the_same_call_ask_the_target_once() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target, owner="elsewhere:1:a") as one, stepper(store, target, owner="elsewhere:2:b") as other:
        run = await opened(store)
        calls = [asyncio.create_task(s.take(run, HELLO, step=1)) for s in (one, other, one)]
        await target.held.wait()
        target.let_go.set()
        standings = await asyncio.gather(*calls)
    assert {s.step for s in standings} == {2}
    assert len({tuple(agents(s)) for s in standings}) == 1
    assert target.most == 1


@pytest.mark.parametrize(
    ("own", "step", "error", "says"),
    [
        (says("Something else."), 1, Conflict, "with other words"),
        (says("On Monday."), 7, Conflict, "Step 7 is not due"),
        (says("On Monday."), None, BadInput, "it is 2 now"),
        (Reply(text="Which day?"), 2, BadInput, "you are the user"),
    ],
)
async def test_a_contribution_that_does_not_fit_says_why_and_changes_nothing(
    own: Move | Reply, step: int | None, error: type[Exception], says: str
) -> None:
    store, target = MemoryStore(), FakeTarget(REPLIES)
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        await by_hand.take(run, HELLO, step=1)
        before = await store.events(run)
        with pytest.raises(error, match=says):
            await by_hand.take(run, own, step=step)
        assert await store.events(run) == before
        with pytest.raises(NotFound):
            await by_hand.take("r-none", own, step=1)
    assert len(target.calls) == 1


async def test_a_finished_run_takes_no_further_step_and_shows_its_end() -> None:
    store = MemoryStore()
    async with stepper(store) as by_hand:
        run = await opened(store)
        await by_hand.take(run, says("Never mind, bye.", "gave_up"), step=1)
        with pytest.raises(Conflict, match="is over"):
            await by_hand.take(run, says("Wait!"), step=2)
        assert (await by_hand.take(run)).ended == "gave_up"
        assert (await by_hand.take(run, says("Never mind, bye.", "gave_up"), step=1)).ended == "gave_up"


async def test_refused_messages_count_as_steps_and_the_third_ends_the_run_without_a_call() -> None:
    store, target = MemoryStore(), FakeTarget(REPLIES)
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        flip = "How can I help you today?"
        assert (await by_hand.take(run, says(flip), step=1)).step == 2
        again = await by_hand.take(run, says(flip), step=1)
        assert len(again.state.rejected) == 1
        await by_hand.take(run, says("My order is ORD-99812."), step=2)
        last = await by_hand.take(run, says(flip), step=3)
    assert last.ended == "simulator_failed"
    assert target.calls == []


async def test_a_slow_target_is_waited_for_in_the_background() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        waiting = await by_hand.take(run, HELLO, step=1, wait_s=0.2)
        assert (waiting.outstanding, waiting.step) == (True, 2)
        with pytest.raises(Conflict, match="has not answered yet"):
            await by_hand.take(run, says("Hello?"), step=2, wait_s=0)
        target.let_go.set()
        assert len(agents(await by_hand.take(run))) == 1
    assert target.most == 1


async def test_a_caller_who_is_cut_off_while_waiting_does_not_stop_the_step() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        waiting = asyncio.create_task(by_hand.take(run, HELLO, step=1))
        await target.held.wait()
        waiting.cancel()
        target.let_go.set()
        assert len(agents(await by_hand.take(run))) == 1
    assert (target.most, len(target.calls)) == (1, 1)


async def test_another_process_goes_on_with_a_call_that_was_lost() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target, owner="elsewhere:1:a") as one:
        run = await opened(store)
        await one.take(run, HELLO, step=1, wait_s=0.2)
    target.let_go.set()
    async with stepper(store, target, owner="elsewhere:2:b") as other:
        after = await other.take(run, HELLO, step=1)
    assert (len(after.state.turns), after.step, after.outstanding) == (2, 2, False)


async def test_the_callers_thinking_does_not_count_against_the_time_limit() -> None:
    store = MemoryStore()
    scenario = BY_HAND.evolve(limits=BY_HAND.limits.evolve(max_seconds=5.0))
    run = await opened(store, scenario)
    for step, words in enumerate(("Hi, a visit, please.", "On Monday.", "At nine.")):
        # Each step with a process of its own, whose clock starts anywhere.
        async with stepper(store, owner=f"elsewhere:{step}:x") as by_hand:
            after = await by_hand.take(run, says(words), step=step + 1)
    assert after.ended is None
    assert after.state.at < 1.0


async def test_a_target_that_keeps_the_history_goes_on_in_its_process_and_fails_in_another() -> None:
    store = MemoryStore()
    async with stepper(store, FakeTarget(REPLIES, needs_session=True), owner="elsewhere:1:a") as one:
        run = await opened(store)
        await one.take(run, HELLO, step=1)
        assert len(agents(await one.take(run, says("On Monday."), step=2))) == 2
    async with stepper(store, FakeTarget(REPLIES, needs_session=True), owner="elsewhere:2:b") as other:
        last = await other.take(run, says("At nine."), step=3)
    assert last.ended == "target_failed"
    assert last.state.ending is not None
    assert last.state.ending.failure is not None
    assert last.state.ending.failure.kind == "lost_session"


async def test_a_target_that_fails_ends_the_run_and_no_exception_leaves_the_step() -> None:
    store = MemoryStore()
    async with stepper(store, FakeTarget(always="refused")) as by_hand:
        run = await opened(store)
        assert (await by_hand.take(run, HELLO, step=1)).ended == "target_failed"
    async with stepper(store) as by_hand:
        await store.create_run("r2", BY_HAND.evolve(target="gone"), at=time.time())
        assert (await by_hand.take("r2", HELLO, step=1)).ended == "target_failed"


async def test_the_caller_answers_as_the_agent_and_the_user_is_played_here() -> None:
    store = MemoryStore()
    async with stepper(store) as by_hand:
        run = await opened(store, AS_AGENT)
        first = await by_hand.take(run)
        assert [t.role for t in first.state.turns] == ["user"]
        second = await by_hand.take(run, Reply(text="Hello! Your visit is booked for Monday at nine. Anything else?"), step=1)
        assert [t.role for t in second.state.turns] == ["user", "agent", "user"]
        again = await by_hand.take(run, Reply(text="Hello! Your visit is booked for Monday at nine. Anything else?"), step=1)
        assert again.state == second.state
        closed = await by_hand.take(run, Reply(text="Goodbye.", closed=True), step=2)
    assert closed.ended == "goal_reached"


async def test_the_caller_can_open_as_the_agent() -> None:
    store = MemoryStore()
    async with stepper(store) as by_hand:
        run = await opened(store, AS_AGENT.evolve(opens="agent"))
        assert (await by_hand.take(run)).state.turns == ()
        after = await by_hand.take(run, Reply(text="Welcome, how can I help?"), step=1)
    assert [t.role for t in after.state.turns] == ["agent", "user"]


@pytest.mark.parametrize("agent", ["clinic", "clinic+loops", "bank"])
async def test_a_caller_who_does_as_directed_comes_to_the_end_that_the_rules_would_come_to(agent: str) -> None:
    library = Library()
    field = agent.partition("+")[0]
    personas = [p for p in library.personas.values() if p.goal and library.goals[p.goal].field == field][:4]
    assert len(personas) >= 3
    for persona in personas:
        assert persona.goal is not None
        scenario = Scenario(persona=persona, goal=library.goals[persona.goal], target="clinic", seed=3)

        async def forget(_: object) -> None:
            return None

        played = await drive(start(scenario), RulesPlayer(), DemoTarget("clinic", agent), run_id="r0", record=forget, clock=time.monotonic)
        store = MemoryStore()
        async with stepper(store, DemoTarget("clinic", agent)) as by_hand:
            run = await opened(store, scenario.evolve(player="caller"))
            at = await by_hand.take(run)
            while isinstance(effect := pending(at.state), AskPlayer):
                at = await by_hand.take(run, word(effect.brief), step=at.step)
        assert at.state.ending == played.ending
        assert [t.text for t in at.state.turns][:4] == [t.text for t in played.turns][:4]
        assert not any(t.rejected for t in at.state.turns)


@pytest.mark.parametrize("scenario", [BY_HAND, AS_AGENT])
async def test_no_engine_plays_a_run_by_hand(scenario: Scenario) -> None:
    store, target = MemoryStore(), FakeTarget(REPLIES)
    async with stepper(store, target) as by_hand:
        run = await opened(store, scenario)
        await by_hand.take(run)
    before = await store.events(run)
    workers = engine(store, target)
    assert await workers.adopt(0.0) == []
    await workers.submit(run)
    assert not await workers.wait(run, 0.3)
    await workers.aclose()
    assert await store.events(run) == before
    assert target.calls == []


async def test_a_run_by_hand_is_cancelled_while_it_waits_and_while_the_target_is_asked() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target) as by_hand:
        run = await opened(store)
        await by_hand.take(run)
        assert (await by_hand.cancel(run)).ended == "cancelled"
        await store.create_run("r2", BY_HAND, at=time.time())
        await by_hand.take("r2", HELLO, step=1, wait_s=0.2)
        assert (await by_hand.cancel("r2")).ended == "cancelled"
    kept = await store.played("r2")
    assert kept is not None
    assert [t.text for t in kept.turns] == [HELLO.message]


async def test_a_run_that_another_process_is_at_is_cancelled_by_it() -> None:
    store, target = MemoryStore(), HeldTarget()
    async with stepper(store, target, owner="elsewhere:1:a") as one, stepper(store, target, owner="elsewhere:2:b") as other:
        run = await opened(store)
        await one.take(run, HELLO, step=1, wait_s=0.2)
        assert (await other.cancel(run)).ended == "cancelled"

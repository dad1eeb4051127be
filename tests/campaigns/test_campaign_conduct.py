"""A campaign from its plan to its last line: windows, caps, pauses, dead targets, kills and two conductors at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from campaign_lines import metrics
from engine_parts import GOAL, LINES, PERSONA, HeldTarget

from understudy.campaigns.conduct import Conductor, Counted, Usual, affordable
from understudy.campaigns.embedded import Embedded
from understudy.campaigns.plan import plan
from understudy.domain.campaign import Campaign, CampaignSpec, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.conversation import TargetFailure
from understudy.domain.errors import StoreFull, TargetError
from understudy.domain.scenario import Scenario
from understudy.ports import Store, Target, TargetRequest
from understudy.simulation.players.script import ScriptPlayer
from understudy.testing.fake_target import FakeTarget
from understudy.testing.memory_store import MemoryStore

SPEC = CampaignSpec(name="c", personas=("ana",), targets=("clinic",), repeats=12, concurrency=4)


class DeadTarget(FakeTarget):
    async def reply(self, request: TargetRequest) -> Any:
        self.calls.append(request)
        raise TargetError(TargetFailure(kind="refused", detail="http://agent refused the connection."))


class Stage:
    """A store, an engine and a conductor; `count` makes a line of the finished run without judging."""

    def __init__(self, store: Store, target: Target, *, owner: str = "me:1:a", limit: int = 1000, each: Spend | None = None) -> None:
        self.store, self.target = store, target
        self.each = each or Spend(calls=1, usd=0.1, input_tokens=10)
        self.counted: list[str] = []
        self.judging = self.most_judging = 0
        self.judge_answers = asyncio.Event()
        self.judge_answers.set()
        ids = itertools.count()

        async def target_for(_: str) -> Target:
            return target

        self.engine = Embedded(
            store, player_for=lambda _, s: ScriptPlayer(s.script), target_for=target_for, clock=time.time, owner=owner, lease_ttl=0.3
        )
        self.conductor = Conductor(
            store, self.engine, scenario_for=self.scenario, count=self.count, count_again=self.count_again,
            player_version=lambda _: "script/1", target_limit=lambda _: limit, clock=time.time,
            new_id=lambda kind: f"{kind}-{owner}-{next(ids)}", owner=owner, lease_ttl=0.3,
        )  # fmt: skip

    async def scenario(self, spec: CampaignSpec, cell: Cell) -> Scenario:
        return Scenario(persona=PERSONA, goal=GOAL, target=cell.target, player="script", script=LINES, seed=cell.seed)

    async def count(self, cell: Cell, run_id: str) -> Counted:
        run = await self.store.run(run_id)
        assert run is not None
        self.counted.append(run_id)
        failed = run.ending == "target_failed"
        line = ConversationLine(
            run_id=run_id, index=cell.index, persona=cell.persona, goal="book", target=cell.target, repeat=cell.repeat, seed=cell.seed,
            ending=run.ending, cause="target" if failed else "user", outcome="error" if failed else "pass",
            reason="[refused]" if failed else "",
            metrics=metrics(agent_turns=0 if failed else 4),
        )  # fmt: skip
        return Counted(line, self.each)

    async def count_again(self, _: Cell, before: JudgeAgain) -> Counted:
        self.counted.append(f"again {before.line.run_id}")
        self.judging += 1
        self.most_judging = max(self.most_judging, self.judging)
        await self.judge_answers.wait()
        self.judging -= 1
        return Counted(before.line.evolve(outcome="pass"), self.each)

    async def aclose(self) -> None:
        await self.conductor.aclose()
        await self.engine.aclose()


@pytest.fixture
async def staged() -> AsyncIterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(*args: Any, **kwargs: Any) -> Stage:
        stages.append(Stage(*args, **kwargs))
        return stages[-1]

    yield make
    for stage in stages:
        await stage.aclose()


async def planned(store: Store, spec: CampaignSpec = SPEC) -> Campaign:
    return await store.create_campaign(
        Campaign(id="c1", spec=spec, status="running", total=0, created_at=0.0, updated_at=0.0), plan(spec, {"ana": "book"})
    )


async def settled(stage: Stage) -> Campaign:
    stage.conductor.begin("c1")
    await stage.conductor.wait("c1", 20)
    found = await stage.store.campaign("c1")
    assert found is not None
    return found


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the loop is let run, no time passes
            await asyncio.sleep(0)


async def test_a_campaign_is_played_to_its_end_and_every_conversation_is_counted_once(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await planned(stage.store)
    done = await settled(stage)
    lines = await stage.store.campaign_lines("c1")
    assert (done.status, [line.index for line in lines]) == ("finished", list(range(12)))
    assert (done.spend.calls, round(done.spend.usd, 6)) == (12, 1.2)
    assert done.spend.seconds > 0
    assert len({line.run_id for line in lines}) == len(stage.counted) == 12


async def test_no_more_conversations_are_under_way_than_the_window_and_the_target_allow(staged: Callable[..., Stage]) -> None:
    for concurrency, limit, most in ((4, 1000, 4), (8, 3, 3)):
        target = HeldTarget()
        stage = staged(MemoryStore(), target, limit=limit)
        await planned(stage.store, SPEC.replace(concurrency=concurrency))
        stage.conductor.begin("c1")
        await until(lambda target=target, most=most: target.now == most)  # type: ignore[misc]
        assert (await stage.store.campaign_progress("c1")).started == most
        target.let_go.set()
        await stage.conductor.wait("c1", 20)
        assert target.most == most


async def test_a_dead_target_stops_the_campaign_at_once_with_what_was_tried(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), DeadTarget())
    await planned(stage.store, SPEC.replace(repeats=500, concurrency=2))
    done = await settled(stage)
    assert done.status == "stopped"
    assert "gave no answer in" in done.why
    assert "[refused]" in done.why
    assert len(await stage.store.campaign_lines("c1")) < 10


@pytest.mark.parametrize(
    ("caps", "word", "least", "most"),
    [
        (Caps(usd=0.55), "0.55 USD", 5, 6),
        (Caps(tokens=50), "50 tokens", 5, 5),
        (Caps(conversations=7), "7 conversations", 7, 7),
    ],
)
async def test_a_cap_stops_the_campaign_cleanly(staged: Callable[..., Stage], caps: Caps, word: str, least: int, most: int) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await planned(stage.store, SPEC.replace(caps=caps, concurrency=1))
    done = await settled(stage)
    assert done.status == "stopped"
    assert word in done.why
    assert least <= len(await stage.store.campaign_lines("c1")) <= most
    progress = await stage.store.campaign_progress("c1")
    assert progress.started == 0


async def test_a_cap_in_money_cannot_be_held_for_calls_without_a_price(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")), each=Spend(calls=1, unpriced_calls=1))
    await planned(stage.store, SPEC.replace(caps=Caps(usd=5), concurrency=1))
    done = await settled(stage)
    assert done.status == "stopped"
    assert "no price" in done.why


def test_no_more_is_begun_than_the_caps_have_room_for() -> None:
    spec = SPEC.replace(caps=Caps(usd=10, tokens=1_000))
    campaign = Campaign(id="c", spec=spec, status="running", total=9, created_at=0, updated_at=0, spend=Spend(usd=8, input_tokens=100))
    usual = Usual()
    assert [affordable(campaign, under_way, usual) for under_way in (0, 1, 5)] == [1, 0, 0]
    for usd in (0.1, 0.5, 0.3):
        usual.take(Spend(usd=usd, input_tokens=10))
    assert affordable(campaign, 0, usual) == 4  # the dearest so far
    assert affordable(campaign, 3, usual) == 1
    for _ in range(17):
        usual.take(Spend(usd=0.0652, input_tokens=10))
    assert affordable(campaign, 0, usual) == 19  # the average
    assert affordable(campaign.evolve(spec=SPEC), 0, usual) is None
    free = Usual()
    free.take(Spend(calls=3))
    assert affordable(campaign, 0, free) is None


async def test_a_wide_window_does_not_pass_a_cap(staged: Callable[..., Stage]) -> None:
    for caps in (Caps(tokens=65), Caps(usd=0.65)):
        stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
        await planned(stage.store, SPEC.replace(caps=caps, concurrency=12))
        done = await settled(stage)
        assert (done.status, len(await stage.store.campaign_lines("c1"))) == ("stopped", 6)
        assert "leaves no room for another conversation" in done.why
        await stage.store.set_campaign_status("c1", "running", at=1.0)
        again = await settled(stage)  # as after a restart: what was used before is known
        assert (again.status, len(await stage.store.campaign_lines("c1"))) == ("stopped", 6)


async def test_a_campaign_that_just_fits_under_its_cap_is_finished(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await planned(stage.store, SPEC.replace(caps=Caps(tokens=125)))
    assert (await settled(stage)).status == "finished"


async def test_a_paused_campaign_lets_what_is_under_way_finish_and_goes_on_when_resumed(staged: Callable[..., Stage]) -> None:
    target = HeldTarget(hold_at=2)
    stage = staged(MemoryStore(), target)
    await planned(stage.store)
    stage.conductor.begin("c1")
    await target.held.wait()
    await stage.store.set_campaign_status("c1", "paused", at=1.0)
    stage.conductor.look("c1")
    target.let_go.set()
    await stage.conductor.wait("c1", 20)
    progress = await stage.store.campaign_progress("c1")
    assert (progress.started, progress.waiting + progress.done) == (0, 12)
    assert progress.waiting > 0
    await stage.store.set_campaign_status("c1", "running", at=2.0)
    assert (await settled(stage)).status == "finished"
    assert len(stage.counted) == len(set(stage.counted)) == 12


async def test_a_cancelled_campaign_stops_what_is_under_way(staged: Callable[..., Stage]) -> None:
    target = HeldTarget()
    stage = staged(MemoryStore(), target)
    await planned(stage.store)
    stage.conductor.begin("c1")
    await target.held.wait()
    await stage.store.set_campaign_status("c1", "cancelled", why="asked to", at=1.0)
    stage.conductor.look("c1")
    await stage.conductor.wait("c1", 20)
    lines = await stage.store.campaign_lines("c1")
    assert {line.ending for line in lines} <= {"cancelled"}
    found = await stage.store.campaign("c1")
    assert found is not None
    assert found.status == "cancelled"


async def test_another_conductor_takes_up_what_a_lost_one_left(staged: Callable[..., Stage]) -> None:
    store = MemoryStore()
    target = HeldTarget(hold_at=20)
    first = staged(store, target, owner="lost:1:a")
    await planned(store)
    first.conductor.begin("c1")
    await target.held.wait()
    await first.aclose()
    before = await store.campaign_lines("c1")
    target.let_go.set()
    second = staged(store, target, owner="new:2:b")
    assert await second.conductor.adopt() == ["c1"]
    await second.conductor.wait("c1", 20)
    lines = await store.campaign_lines("c1")
    assert [line.index for line in lines] == list(range(12))
    assert [line for line in lines if line.index in {b.index for b in before}] == before
    assert Counter(first.counted + second.counted).most_common(1)[0][1] == 1


async def test_two_conductors_at_once_do_the_work_once(staged: Callable[..., Stage]) -> None:
    store, target = MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye."))
    stages = [staged(store, target, owner=f"{who}:1:a") for who in "ab"]
    await planned(store, SPEC.replace(repeats=60))
    for stage in stages:
        stage.conductor.begin("c1")
    for stage in stages:
        await stage.conductor.wait("c1", 20)
    assert len(await store.campaign_lines("c1")) == len(stages[0].counted + stages[1].counted) == 60
    assert min(len(stage.counted) for stage in stages) == 0


class FullStore(MemoryStore):
    """Has no room for a line until `room` is set."""

    room = False

    async def finish_cell(self, campaign_id: str, line: ConversationLine, spent: Spend, *, at: float) -> bool:
        if not self.room:
            raise StoreFull("s.db", "there is no room left")
        return await super().finish_cell(campaign_id, line, spent, at=at)


async def test_a_store_without_room_is_told_to_whoever_waits_and_the_campaign_goes_on_once_there_is(staged: Callable[..., Stage]) -> None:
    store = FullStore()
    stage = staged(store, FakeTarget())
    await planned(store)
    stage.conductor.begin("c1")
    with pytest.raises(StoreFull, match="no room"):
        await stage.conductor.wait("c1", 20)
    assert not stage.conductor.conducts("c1")
    store.room = True
    done = await settled(stage)
    assert (done.status, len(await store.campaign_lines("c1"))) == ("finished", 12)


async def test_a_fault_of_our_own_stops_the_campaign_and_says_so(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await planned(stage.store)

    async def broken(cell: Cell, run_id: str) -> Counted:
        raise ZeroDivisionError("in a measure")

    stage.conductor._count = broken
    done = await settled(stage)
    assert (done.status, "ZeroDivisionError: in a measure" in done.why) == ("stopped", True)


async def reopened(stage: Stage, spec: CampaignSpec) -> None:
    """A finished campaign, all of which is to be judged again."""
    await planned(stage.store, spec)
    await settled(stage)
    stage.counted.clear()
    await stage.store.judge_cells_again("c1", range(12), at=1.0, versions={})
    await stage.store.set_campaign_status("c1", "running", at=1.0)


async def test_what_is_judged_again_is_not_played_and_keeps_to_the_window(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await reopened(stage, SPEC.replace(concurrency=3))
    stage.judge_answers.clear()
    stage.conductor.begin("c1")
    await until(lambda: stage.judging == 3)
    stage.judge_answers.set()
    done = await settled(stage)
    assert (done.status, stage.most_judging, done.spend.calls) == ("finished", 3, 24)
    assert stage.counted == [f"again {line.run_id}" for line in await stage.store.campaign_lines("c1")]


async def test_judging_again_stops_at_a_cap_and_goes_on_with_a_higher_one(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await reopened(stage, SPEC.replace(concurrency=2))
    await stage.store.set_campaign_caps("c1", Caps(tokens=150), at=2.0)
    done = await settled(stage)
    progress = await stage.store.campaign_progress("c1")
    assert (done.status, 3 <= progress.done <= 4, progress.waiting) == ("stopped", True, 0)
    await stage.store.set_campaign_caps("c1", Caps(tokens=1_000), at=3.0)
    await stage.store.set_campaign_status("c1", "running", at=3.0)
    assert ((await settled(stage)).status, len(stage.counted)) == ("finished", 12)


async def test_what_was_to_be_judged_again_in_a_cancelled_campaign_has_its_line_of_before(staged: Callable[..., Stage]) -> None:
    stage = staged(MemoryStore(), FakeTarget(("Hello.", "Which day?", "Noted.", "Bye.")))
    await reopened(stage, SPEC.replace(concurrency=2))
    stage.judge_answers.clear()
    stage.conductor.begin("c1")
    await until(lambda: stage.judging == 2)
    await stage.store.set_campaign_status("c1", "cancelled", why="asked to", at=1.0)
    stage.conductor.look("c1")
    stage.judge_answers.set()
    done = await settled(stage)
    assert (done.status, len(stage.counted), len(await stage.store.campaign_lines("c1"))) == ("cancelled", 2, 12)

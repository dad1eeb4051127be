"""The embedded engine: every conversation is done once, whatever is cancelled, closed, killed or taken over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from engine_parts import LINES, HeldTarget, engine, scenario

from understudy.campaigns.embedded import Embedded
from understudy.campaigns.work import times_resumed
from understudy.domain.conversation import Event, PlayerFailed, Reply, Stopped, TargetFailed
from understudy.domain.errors import NotFound, StoreBusy, StoreFull
from understudy.domain.scenario import Scenario
from understudy.ports import Lease, Player, RunRecord, Store, StoredEvent, TargetRequest
from understudy.simulation.conversation import Conversation, replay
from understudy.storage.sqlite import SqliteStore
from understudy.testing.fake_target import FakeTarget
from understudy.testing.memory_store import MemoryStore

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else await SqliteStore.open(tmp_path / "store.db")
    yield opened
    await opened.aclose()


@pytest.fixture
async def open_engines() -> AsyncIterator[list[Embedded]]:
    engines: list[Embedded] = []
    yield engines
    for each in engines:
        await each.aclose()


Start = Callable[..., Embedded]


@pytest.fixture
def start(open_engines: list[Embedded]) -> Start:
    """An engine that is closed after the test."""

    def make(*args: object, **options: object) -> Embedded:
        open_engines.append(engine(*args, **options))  # type: ignore[arg-type]  # passed on
        return open_engines[-1]

    return make


async def queued(store: Store, *run_ids: str, of: Scenario | None = None) -> None:
    for run_id in run_ids:
        await store.create_run(run_id, of or scenario(), at=time.time())


async def record_of(store: Store, run_id: str) -> RunRecord:
    record = await store.run(run_id)
    assert record is not None
    return record


async def conversation_of(store: Store, run_id: str) -> Conversation:
    return replay((await record_of(store, run_id)).scenario, [e.event for e in await store.events(run_id)])


def soon(awaitable: Awaitable[object]) -> Awaitable[object]:
    return asyncio.wait_for(awaitable, 10)  # type: ignore[arg-type]  # any awaitable


# ---------------------------------------------------------------- doing it


async def test_a_submitted_run_is_taken_to_its_end_with_every_event_stored(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = FakeTarget()
    running = start(store, target)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    record = await record_of(store, "r1")
    conversation = await conversation_of(store, "r1")
    assert conversation.ending is not None
    assert (record.status, record.ending, record.owner) == ("finished", conversation.ending.kind, None)
    assert [t.text for t in conversation.turns if t.role == "user"] == list(LINES)
    assert record.turns == len(conversation.turns)
    assert target.forgotten == ["r1"]
    assert times_resumed(await store.events("r1")) == 0


async def test_a_run_that_is_submitted_again_is_not_done_again(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget()
    running = start(store, target)
    await running.submit("r1")
    await soon(target.held.wait())
    await running.submit("r1", "r1")
    target.let_go.set()
    assert await running.wait("r1", 10)
    calls = len(target.calls)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    assert len(target.calls) == calls == len(LINES)


async def test_two_engines_that_get_the_same_run_do_it_once(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = FakeTarget()
    one, two = start(store, target, owner="elsewhere:1:a"), start(store, target, owner="elsewhere:2:b")
    await asyncio.gather(one.submit("r1"), two.submit("r1"))
    assert await one.wait("r1", 10)
    assert await two.wait("r1", 10)
    assert len(target.calls) == len(LINES)


async def test_no_more_run_at_once_than_allowed_and_all_get_done(store: Store, start: Start) -> None:
    ids = [f"r{i}" for i in range(9)]
    await queued(store, *ids)
    target = HeldTarget()
    running = start(store, target, concurrency=3)
    await running.submit(*ids)
    await soon(target.held.wait())
    assert running.active == 9
    target.let_go.set()
    assert all([await running.wait(run_id, 10) for run_id in ids])
    assert target.most <= 3
    assert running.active == 0


async def test_waiting_ends_with_the_time_that_was_given(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget()
    running = start(store, target)
    await running.submit("r1")
    await soon(target.held.wait())
    assert not await running.wait("r1", 0.01)
    assert not await running.wait("r1", 0)
    target.let_go.set()
    assert await running.wait("r1", 10)


async def test_waiting_for_an_unknown_run_says_so(store: Store, start: Start) -> None:
    with pytest.raises(NotFound, match="nope"):
        await start(store).wait("nope", 1)


async def test_a_listener_hears_of_each_step_and_of_the_end_and_may_fail(store: Store, start: Start) -> None:
    await queued(store, "r1")
    heard: list[str] = []

    async def listen(run_id: str) -> None:
        heard.append((await record_of(store, run_id)).status)
        raise RuntimeError("not the conversation's")

    running = start(store, on_change=listen)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    assert heard == ["running"] * len(await store.events("r1")) + ["finished"]


# ---------------------------------------------------------------- cancelling


async def test_a_running_conversation_is_cancelled_while_its_target_hangs(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget(hold_at=1)
    running = start(store, target)
    await running.submit("r1")
    await soon(target.held.wait())
    assert await running.cancel("r1")
    assert (await record_of(store, "r1")).ending == "cancelled"
    events = [e.event for e in await store.events("r1")]
    assert isinstance(events[-1], Stopped)
    assert target.now == 0
    assert await running.wait("r1", 0)


class Lagging(MemoryStore):
    """The append of event number `late` is under way until somebody has read the events: it lands right after that."""

    def __init__(self, late: int) -> None:
        super().__init__()
        self.late = late
        self.begun = asyncio.Event()
        self.read = asyncio.Event()
        self.landing: asyncio.Task[None] | None = None

    async def append(self, lease: Lease, events: Sequence[Event], *, first_seq: int, at: float) -> None:
        if first_seq != self.late or self.landing is not None:
            return await super().append(lease, events, first_seq=first_seq, at=at)
        self.landing = asyncio.create_task(self._land(lease, events, at))
        self.begun.set()
        await asyncio.shield(self.landing)
        return None

    async def _land(self, lease: Lease, events: Sequence[Event], at: float) -> None:
        await self.read.wait()
        await super().append(lease, events, first_seq=self.late, at=at)

    async def events(self, run_id: str, *, from_seq: int = 0) -> list[StoredEvent]:
        found = list(await super().events(run_id, from_seq=from_seq))
        if self.landing is not None:
            self.read.set()
            await self.landing
        return found


async def test_a_step_that_is_on_its_way_into_the_store_does_not_keep_a_run_from_being_cancelled(start: Start) -> None:
    store = Lagging(late=3)
    await queued(store, "r1")
    running = start(store)
    await running.submit("r1")
    await soon(store.begun.wait())
    assert await running.cancel("r1")
    assert (await record_of(store, "r1")).ending == "cancelled"
    assert isinstance((await store.events("r1"))[-1].event, Stopped)


async def test_a_conversation_that_waits_for_its_turn_is_cancelled(store: Store, start: Start) -> None:
    await queued(store, "r1", "r2")
    target = HeldTarget()
    running = start(store, target, concurrency=1)
    await running.submit("r1", "r2")
    await soon(target.held.wait())
    assert await running.cancel("r2")
    assert (await record_of(store, "r2")).ending == "cancelled"
    target.let_go.set()
    assert await running.wait("r1", 10)
    assert (await record_of(store, "r1")).ending != "cancelled"


async def test_a_run_that_nobody_has_is_cancelled(store: Store, start: Start) -> None:
    await queued(store, "r1")
    assert await start(store).cancel("r1")
    assert (await record_of(store, "r1")).ending == "cancelled"
    ending = (await conversation_of(store, "r1")).ending
    assert ending is not None
    assert ending.cause == "caller"


async def test_a_run_of_another_process_is_asked_to_stop_and_stops(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget()
    holder, other = start(store, target, owner="elsewhere:1:a", lease_ttl=0.3), start(store, owner="elsewhere:2:b")
    await holder.submit("r1")
    await soon(target.held.wait())
    assert not await other.cancel("r1")
    assert await other.wait("r1", 10)
    assert (await record_of(store, "r1")).ending == "cancelled"


async def test_a_request_to_stop_outlives_the_worker_that_did_not_see_it(store: Store, start: Start) -> None:
    await queued(store, "r1")
    await store.claim("r1", "elsewhere:9:gone", at=time.time(), ttl=0.05)
    assert await store.request_cancel("r1", at=time.time())
    target = FakeTarget()
    assert await start(store, target).wait("r1", 10)
    assert (await record_of(store, "r1")).ending == "cancelled"
    assert target.calls == []


async def test_cancelling_what_is_finished_or_unknown_changes_nothing(store: Store, start: Start) -> None:
    await queued(store, "r1")
    running = start(store)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    before = await record_of(store, "r1")
    assert await running.cancel("r1")
    assert await record_of(store, "r1") == before
    with pytest.raises(NotFound):
        await running.cancel("nope")


# ---------------------------------------------------------------- going away and coming back


async def test_what_a_closed_engine_left_is_taken_up_where_it_was(store: Store, start: Start) -> None:
    await queued(store, "r1", "r2")
    held = HeldTarget(hold_at=2)
    first = start(store, held, concurrency=1)
    await first.submit("r1", "r2")
    await soon(held.held.wait())
    await first.aclose()
    await first.aclose()
    before = await store.events("r1")
    assert ((await record_of(store, "r1")).owner, (await record_of(store, "r1")).status) == (None, "queued")
    target = FakeTarget(("Hello there.", "Which day?", "What time?", "It is noted."))
    second = start(store, target, owner="elsewhere:2:b")
    assert sorted(await second.adopt(since=0)) == ["r1", "r2"]
    assert await second.wait("r1", 10)
    assert await second.wait("r2", 10)
    after = await store.events("r1")
    assert after[: len(before)] == before
    assert len([c for c in target.calls if c.run_id == "r1"]) == len(LINES) - 2
    assert [t.text for t in (await conversation_of(store, "r1")).turns if t.role == "user"] == list(LINES)
    assert times_resumed(after) == 1


async def test_an_interrupted_conversation_ends_as_an_uninterrupted_one(store: Store, start: Start) -> None:
    replies = ("Hello there.", "Which day?", "What time?", "It is noted.")
    await queued(store, "whole", "parts")
    whole = start(store, FakeTarget(replies))
    await whole.submit("whole")
    assert await whole.wait("whole", 10)
    for hold_at in range(len(LINES)):
        held = HeldTarget(hold_at=0 if hold_at == 0 else 1)
        part = start(store, held, owner=f"elsewhere:{hold_at}:x")
        await part.submit("parts")
        await soon(held.held.wait())
        await part.aclose()
    last = start(store, FakeTarget(replies), owner="elsewhere:99:x")
    await last.submit("parts")
    assert await last.wait("parts", 10)

    async def words(run_id: str) -> list[tuple[str, str]]:
        return [(t.role, t.text) for t in (await conversation_of(store, run_id)).turns]

    assert await words("parts") == await words("whole")
    assert (await record_of(store, "parts")).ending == (await record_of(store, "whole")).ending


async def test_a_run_whose_worker_died_is_taken_up_by_whoever_waits_for_it(store: Store, start: Start) -> None:
    await queued(store, "r1")
    await store.claim("r1", "elsewhere:9:gone", at=time.time(), ttl=0.2)
    assert await start(store).wait("r1", 10)
    assert (await record_of(store, "r1")).status == "finished"


async def test_the_runs_of_a_dead_process_of_this_host_are_taken_up_at_once(
    store: Store, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queued(store, "r1", "r2", "r3")
    for run_id, owner in (("r1", "dead"), ("r2", "alive"), ("r3", "dead")):
        await store.claim(run_id, owner, at=time.time(), ttl=600)
    monkeypatch.setattr("understudy.campaigns.embedded.is_dead", lambda owner: owner == "dead")
    running = start(store)
    assert await running.adopt(since=0) == ["r1", "r3"]
    assert await running.wait("r1", 10)
    assert await running.wait("r3", 10)
    assert (await record_of(store, "r2")).owner == "alive"


async def test_adopting_goes_on_until_a_lease_has_run_out(store: Store, start: Start) -> None:
    await queued(store, "r1")
    await store.claim("r1", "elsewhere:9:gone", at=time.time(), ttl=0.3)
    finished = asyncio.Event()

    async def listen(run_id: str) -> None:
        if (await record_of(store, run_id)).status == "finished":
            finished.set()

    running = start(store, lease_ttl=0.2, on_change=listen)
    running.keep_adopting(since=0)
    await soon(finished.wait())


async def test_old_runs_are_not_adopted(store: Store, start: Start) -> None:
    await store.create_run("old", scenario(), at=100.0)
    await store.create_run("new", scenario(), at=200.0)
    assert await start(store).adopt(since=150.0) == ["new"]


async def test_a_worker_that_lost_its_run_stops_and_writes_nothing_more(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget(hold_at=1)
    paused = start(store, target)
    await paused.submit("r1")
    await soon(target.held.wait())
    taken = await store.claim("r1", "heir", at=time.time() + 60, ttl=60)
    assert taken is not None
    before = await store.events("r1")
    target.let_go.set()
    assert not await paused.wait("r1", 0.3)
    assert paused.active == 0
    assert await store.events("r1") == before
    assert (await record_of(store, "r1")).owner == "heir"


async def test_a_lease_is_renewed_for_as_long_as_it_takes(store: Store, start: Start) -> None:
    await queued(store, "r1")
    target = HeldTarget()
    holder = start(store, target, lease_ttl=0.15)
    await holder.submit("r1")
    await soon(target.held.wait())
    other = start(store, owner="elsewhere:2:b")
    assert not await other.wait("r1", 0.5)
    assert (await record_of(store, "r1")).fence == 1
    target.let_go.set()
    assert await other.wait("r1", 10)


async def test_a_conversation_whose_session_is_gone_ends_as_the_targets_failure(store: Store, start: Start) -> None:
    await queued(store, "r1")
    held = HeldTarget(hold_at=2, needs_session=True)
    first = start(store, held)
    await first.submit("r1")
    await soon(held.held.wait())
    await first.aclose()
    target = FakeTarget(needs_session=True)
    second = start(store, target, owner="elsewhere:2:b")
    await second.submit("r1")
    assert await second.wait("r1", 10)
    ending = (await conversation_of(store, "r1")).ending
    assert ending is not None
    assert ending.kind == "target_failed"
    assert "session" in ending.detail
    assert target.calls == []


async def test_a_session_that_was_stored_is_handed_back(store: Store, start: Start) -> None:
    await queued(store, "r1")
    with_session = Reply(text="Hello.", session="s-7")
    held = HeldTarget(hold_at=1, needs_session=True)
    held._replies = (with_session,)
    first = start(store, held)
    await first.submit("r1")
    await soon(held.held.wait())
    await first.aclose()
    target = FakeTarget((with_session,), needs_session=True)
    second = start(store, target, owner="elsewhere:2:b")
    await second.submit("r1")
    assert await second.wait("r1", 10)
    assert {call.session for call in target.calls} == {"s-7"}


# ---------------------------------------------------------------- what goes wrong


async def test_a_submitted_run_for_an_unknown_target_ends_as_not_configured(store: Store, start: Start) -> None:
    await queued(store, "r1", of=scenario(target="clinik"))
    running = start(store)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    failed = [e.event for e in await store.events("r1") if isinstance(e.event, TargetFailed)]
    assert [f.failure.kind for f in failed] == ["not_configured"]
    assert "clinic" in failed[0].failure.detail


async def test_an_adopted_run_for_an_unknown_target_is_left_for_another(store: Store, start: Start) -> None:
    await queued(store, "r1", of=scenario(target="theirs"))
    running = start(store)
    assert await running.adopt(since=0) == ["r1"]
    assert not await running.wait("r1", 0.2)
    record = await record_of(store, "r1")
    assert (record.status, record.owner) == ("queued", None)
    assert await store.events("r1") == []


async def test_a_player_that_cannot_be_made_is_the_simulators_failure(store: Store, start: Start) -> None:
    def no_player(_: str, __: Scenario) -> Player:
        raise ValueError("no such player")

    await queued(store, "r1")
    running = start(store, player_for=no_player)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    assert (await record_of(store, "r1")).ending == "simulator_failed"
    events = [e.event for e in await store.events("r1")]
    assert [e.detail for e in events if isinstance(e, PlayerFailed)] == ["ValueError: no such player"]


async def test_a_fault_of_ours_ends_its_conversation_and_no_other(store: Store, start: Start) -> None:
    class Broken(FakeTarget):
        async def reply(self, request: TargetRequest) -> Reply:
            if request.run_id == "bad":
                raise KeyError("a bug")
            return await super().reply(request)

    await queued(store, "bad", "good")
    running = start(store, Broken())
    await running.submit("bad", "good")
    assert await running.wait("bad", 10)
    assert await running.wait("good", 10)
    assert (await record_of(store, "bad")).ending == "simulator_failed"
    assert (await record_of(store, "good")).ending != "simulator_failed"


class Failing(MemoryStore):
    """Refuses appends with `error`, `times` times, once `after` events are stored."""

    def __init__(self, error: Exception, *, times: int, after: int = 2) -> None:
        super().__init__()
        self.error, self.times, self.after = error, times, after

    async def append(self, lease: Lease, events: Sequence[Event], *, first_seq: int, at: float) -> None:
        if first_seq >= self.after and self.times > 0:
            self.times -= 1
            raise self.error
        await super().append(lease, events, first_seq=first_seq, at=at)


async def test_a_store_that_is_busy_for_a_while_costs_nothing(start: Start) -> None:
    store = Failing(StoreBusy("s.db", "busy"), times=1)
    await queued(store, "r1")
    target = FakeTarget()
    running = start(store, target)
    await running.submit("r1")
    assert await running.wait("r1", 10)
    assert len(target.calls) == len(LINES)


async def test_a_store_that_fails_is_told_to_whoever_waits_and_the_run_goes_on_later(start: Start) -> None:
    store = Failing(StoreFull("s.db", "no room"), times=1, after=4)
    await queued(store, "r1")
    running = start(store)
    await running.submit("r1")
    with pytest.raises(StoreFull):
        await running.wait("r1", 10)
    assert (await record_of(store, "r1")).owner is None
    kept = await store.events("r1")
    assert len(kept) == 4
    await running.submit("r1")
    assert await running.wait("r1", 10)
    assert (await store.events("r1"))[:4] == kept


async def test_a_closed_engine_takes_no_more(store: Store, start: Start) -> None:
    running = start(store)
    await running.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await running.submit("r1")

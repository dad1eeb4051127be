"""What every store does: one suite, run against each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from store_data import EXCHANGE, NOON, agent_says, query, scenario, user_says, verdict

from understudy.domain.conversation import Ending, Opened, Stopped
from understudy.domain.errors import BadInput, Conflict, Fenced, NotFound, StoreError
from understudy.domain.model_call import CallFor, ModelCall
from understudy.domain.query import ExpectedAnswer
from understudy.domain.transcript import Played
from understudy.ports import Lease, RunFilter, RunRecord, Store
from understudy.simulation.conversation import replay
from understudy.storage.sqlite import SqliteStore
from understudy.testing.memory_store import MemoryStore


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else await SqliteStore.open(tmp_path / "store.db")
    yield opened
    await opened.aclose()


async def claimed(store: Store, run_id: str, owner: str = "me", *, at: float = NOON) -> Lease:
    lease = await store.claim(run_id, owner, at=at, ttl=10)
    assert lease is not None
    return lease


async def finished(
    store: Store, run_id: str, *texts: str, at: float = NOON, ending: str = "goal_reached", persona: str = "ana"
) -> RunRecord:
    """A finished run whose turns alternate, the user's first."""
    await store.create_run(run_id, scenario(persona), at=at)
    lease = await claimed(store, run_id, at=at)
    turns = [user_says(text) if i % 2 == 0 else agent_says(text) for i, text in enumerate(texts)]
    await store.append(lease, [Opened(), *turns], first_seq=0, at=at)
    await store.finish(lease, ending=ending, at=at)
    record = await store.run(run_id)
    assert record is not None
    return record


# ---------------------------------------------------------------- runs


async def test_a_new_run_is_queued_and_reads_back_whole(store: Store) -> None:
    made = await store.create_run("r1", scenario(seed=2**70), at=NOON, idempotency_key="k", player_version="rules/1")
    assert made == await store.run("r1")
    assert (made.status, made.scenario, made.created_at, made.idempotency_key) == ("queued", scenario(seed=2**70), NOON, "k")
    assert (made.player_version, made.turns, made.ending, made.owner, made.fence) == ("rules/1", 0, None, None, 0)


async def test_an_unknown_run_is_none_and_has_no_events(store: Store) -> None:
    assert await store.run("nope") is None
    assert await store.events("nope") == []
    assert await store.verdicts("nope") == []


async def test_the_same_key_gives_the_run_that_it_started(store: Store) -> None:
    first = await store.create_run("r1", scenario(), at=NOON, idempotency_key="k")
    again = await store.create_run("r2", scenario(), at=NOON + 5, idempotency_key="k")
    assert again == first
    assert await store.run("r2") is None


async def test_the_same_key_for_another_scenario_is_a_conflict(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON, idempotency_key="k")
    for other in (scenario(seed=2), scenario("ben"), scenario(goal="cancel"), scenario(target="bank")):
        with pytest.raises(Conflict, match="`k` was used for another scenario"):
            await store.create_run("r2", other, at=NOON, idempotency_key="k")


async def test_a_run_id_is_used_once(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    with pytest.raises(Conflict, match="r1"):
        await store.create_run("r1", scenario(), at=NOON)


async def test_many_creations_with_one_key_at_once_make_one_run(store: Store) -> None:
    made = await asyncio.gather(*(store.create_run(f"r{i}", scenario(), at=NOON, idempotency_key="k") for i in range(20)))
    assert len({record.id for record in made}) == 1
    assert await store.count_runs() == 1


# ---------------------------------------------------------------- leases


async def test_a_claim_takes_the_run_until_its_time_is_over(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1", "one")
    assert lease == Lease(run_id="r1", owner="one", fence=1, until=NOON + 10)
    assert await store.claim("r1", "two", at=NOON + 9.9, ttl=10) is None
    taken = await store.claim("r1", "two", at=NOON + 10, ttl=10)
    assert taken is not None
    assert taken.fence == 2
    record = await store.run("r1")
    assert record is not None
    assert (record.status, record.owner, record.lease_until, record.fence) == ("running", "two", NOON + 20, 2)


async def test_the_same_owner_claims_again_with_a_new_fence(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    old = await claimed(store, "r1")
    new = await claimed(store, "r1")
    assert new.fence == old.fence + 1
    with pytest.raises(Fenced):
        await store.append(old, [Opened()], first_seq=0, at=NOON)
    with pytest.raises(Fenced):
        await store.renew(old, at=NOON, ttl=10)
    with pytest.raises(Fenced):
        await store.finish(old, ending="gave_up", at=NOON)
    await store.release(old)
    assert (await store.renew(new, at=NOON, ttl=10)).fence == new.fence


async def test_claiming_an_unknown_run_says_so(store: Store) -> None:
    with pytest.raises(NotFound, match="nope"):
        await store.claim("nope", "me", at=NOON, ttl=10)


async def test_a_finished_run_cannot_be_claimed(store: Store) -> None:
    await finished(store, "r1", "hello", "hi")
    assert await store.claim("r1", "me", at=NOON + 99, ttl=10) is None


async def test_renewing_keeps_others_out_for_longer(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await store.renew(await claimed(store, "r1", "one"), at=NOON + 8, ttl=10)
    assert lease.until == NOON + 18
    assert await store.claim("r1", "two", at=NOON + 17, ttl=10) is None


async def test_an_overdue_lease_that_nobody_took_still_holds(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    await store.append(lease, [Opened()], first_seq=0, at=NOON + 60)
    assert (await store.renew(lease, at=NOON + 61, ttl=10)).until == NOON + 71


async def test_a_paused_worker_that_comes_back_is_refused_everything(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    paused = await claimed(store, "r1", "paused")
    await store.append(paused, [Opened()], first_seq=0, at=NOON)
    other = await claimed(store, "r1", "other", at=NOON + 11)
    with pytest.raises(Fenced):
        await store.append(paused, [user_says("late")], first_seq=1, at=NOON + 12)
    with pytest.raises(Fenced):
        await store.renew(paused, at=NOON + 12, ttl=10)
    with pytest.raises(Fenced):
        await store.finish(paused, ending="goal_reached", at=NOON + 12)
    await store.release(paused)
    await store.append(other, [user_says("on time")], first_seq=1, at=NOON + 13)
    assert [(e.seq, e.fence) for e in await store.events("r1")] == [(0, 1), (1, 2)]


async def test_a_released_run_is_free_and_its_lease_over(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1", "one")
    await store.release(lease)
    record = await store.run("r1")
    assert record is not None
    assert (record.owner, record.lease_until, record.status) == (None, None, "queued")
    with pytest.raises(Fenced):
        await store.append(lease, [Opened()], first_seq=0, at=NOON)
    assert (await claimed(store, "r1", "two")).fence == 2


async def test_of_many_claims_at_once_one_wins(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    leases = await asyncio.gather(*(store.claim("r1", f"w{i}", at=NOON, ttl=10) for i in range(20)))
    assert sum(lease is not None for lease in leases) == 1


async def test_runs_played_by_hand_are_not_among_those_that_an_engine_may_take_up(store: Store) -> None:
    await store.create_run("user", scenario().evolve(player="caller"), at=NOON + 1)
    await store.create_run("agent", scenario(target="caller"), at=NOON + 2)
    words = scenario().evolve(player="script", script=('{"player":"caller"}',))
    await store.create_run("words", words, at=NOON + 3)
    assert await store.unfinished(at=NOON + 9, since=0) == ["words"]


async def test_unfinished_runs_that_nobody_holds_come_oldest_first(store: Store) -> None:
    for name, at in (("old", 0), ("b", 1), ("d", 3), ("c", 3), ("held", 4), ("lapsed", 5)):
        await store.create_run(name, scenario(), at=NOON + at)
    await finished(store, "done", "hello", at=NOON + 9)
    await claimed(store, "held", at=NOON + 100)
    await claimed(store, "lapsed", at=NOON + 90)
    assert await store.unfinished(at=NOON + 100, since=NOON) == ["b", "c", "d", "lapsed"]


async def test_a_request_to_cancel_reaches_the_holder_and_every_later_one(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1", "one")
    assert not lease.cancel_requested
    assert await store.request_cancel("r1", at=NOON + 1)
    assert (await store.renew(lease, at=NOON + 2, ttl=10)).cancel_requested
    assert (await claimed(store, "r1", "two", at=NOON + 30)).cancel_requested


async def test_a_finished_or_unknown_run_cannot_be_asked_to_cancel(store: Store) -> None:
    record = await finished(store, "r1", "hello")
    assert not await store.request_cancel("r1", at=NOON + 1)
    assert not await store.request_cancel("nope", at=NOON + 1)
    assert await store.run("r1") == record


async def test_the_leases_of_a_dead_owner_can_be_ended(store: Store) -> None:
    for run_id, owner in (("r1", "dead"), ("r2", "dead"), ("r3", "alive")):
        await store.create_run(run_id, scenario(), at=NOON)
        await claimed(store, run_id, owner)
    assert await store.holders(at=NOON + 1) == ["alive", "dead"]
    assert await store.expire("dead", at=NOON + 1) == 2
    assert await store.holders(at=NOON + 1) == ["alive"]
    assert await store.unfinished(at=NOON + 1, since=0) == ["r1", "r2"]
    assert await store.holders(at=NOON + 11) == []


# ---------------------------------------------------------------- events


async def test_events_read_back_as_they_were_appended(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    await store.append(lease, EXCHANGE[:1], first_seq=0, at=NOON + 1)
    await store.append(lease, EXCHANGE[1:], first_seq=1, at=NOON + 2)
    stored = await store.events("r1")
    assert tuple(e.event for e in stored) == EXCHANGE
    assert [(e.seq, e.at, e.fence) for e in stored] == [(0, NOON + 1, 1), (1, NOON + 2, 1), (2, NOON + 2, 1)]
    assert await store.events("r1", from_seq=2) == stored[2:]


async def test_an_append_out_of_order_is_a_conflict_and_writes_nothing(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    await store.append(lease, [Opened()], first_seq=0, at=NOON)
    for wrong in (0, 2):
        with pytest.raises(Conflict, match="number 1"):
            await store.append(lease, [user_says("hello")], first_seq=wrong, at=NOON)
    assert len(await store.events("r1")) == 1


async def test_appends_to_many_runs_at_once_keep_each_in_order(store: Store) -> None:
    async def one(run_id: str) -> None:
        await store.create_run(run_id, scenario(), at=NOON)
        lease = await claimed(store, run_id)
        for seq in range(10):
            await store.append(lease, [user_says(f"{run_id} {seq}")], first_seq=seq, at=NOON)

    await asyncio.gather(*(one(f"r{i}") for i in range(30)))
    for i in range(30):
        assert [e.event for e in await store.events(f"r{i}")] == [user_says(f"r{i} {seq}") for seq in range(10)]


async def test_one_refused_append_leaves_its_neighbours_alone(store: Store) -> None:
    leases: list[Lease] = []
    for i in range(9):
        await store.create_run(f"r{i}", scenario(), at=NOON)
        leases.append(await claimed(store, f"r{i}"))
    stale = [lease.evolve(fence=0) if i % 3 == 0 else lease for i, lease in enumerate(leases)]
    outcomes = await asyncio.gather(*(store.append(lease, [Opened()], first_seq=0, at=NOON) for lease in stale), return_exceptions=True)
    assert [isinstance(o, Fenced) for o in outcomes] == [i % 3 == 0 for i in range(9)]
    assert [len(await store.events(f"r{i}")) for i in range(9)] == [0 if i % 3 == 0 else 1 for i in range(9)]


async def test_what_was_played_is_kept_as_it_stood_at_the_end(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    state = replay(scenario(), EXCHANGE)
    kept = Played(turns=state.turns, ledger=state.ledger, ending=Ending(kind="cancelled", cause="caller"))
    assert await store.played("r1") is None
    await store.finish(lease, ending="cancelled", at=NOON + 3, played=kept)
    await store.finish(lease, ending="cancelled", at=NOON + 4, played=kept.evolve(turns=()))
    assert await store.played("r1") == kept
    assert await store.played("r2") is None


async def test_a_finished_run_takes_no_more_events_and_finishes_once(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    await store.append(lease, EXCHANGE, first_seq=0, at=NOON)
    await store.finish(lease, ending="gave_up", at=NOON + 3)
    record = await store.run("r1")
    await store.finish(lease, ending="goal_reached", at=NOON + 4)
    assert await store.run("r1") == record
    assert record is not None
    assert (record.status, record.ending, record.turns, record.owner, record.updated_at) == ("finished", "gave_up", 2, None, NOON + 3)
    with pytest.raises(Fenced):
        await store.append(lease, [user_says("more")], first_seq=3, at=NOON)


async def test_turns_count_what_was_said_and_not_what_was_refused(store: Store) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    lease = await claimed(store, "r1")
    refused, said = user_says("forbidden"), user_says("allowed")
    await store.append(lease, [Opened(), refused], first_seq=0, at=NOON)
    await store.append(lease, [said], first_seq=2, at=NOON)
    await store.append(lease, [agent_says("fine"), Stopped(why="cancelled", at=3.0)], first_seq=3, at=NOON)
    record = await store.run("r1")
    assert record is not None
    assert record.turns == 2
    assert await store.runs(RunFilter(text="forbidden")) == []
    assert [r.id for r in await store.runs(RunFilter(text="allowed"))] == ["r1"]


async def test_a_message_refused_for_the_last_time_is_no_turn(store: Store) -> None:
    record = await finished(store, "r1", "hello", "hi", "leaked instructions", ending="simulator_failed")
    assert record.turns == 2
    assert await store.runs(RunFilter(text="leaked")) == []
    assert await store.count_runs(RunFilter(text="hello")) == 1


# ---------------------------------------------------------------- lists and search


async def test_lists_are_newest_first_and_page_without_gap_or_overlap(store: Store) -> None:
    moments = [NOON, NOON + 0.0004, NOON + 0.0004, NOON + 0.0002, NOON + 1, NOON + 1, NOON + 1, NOON - 5]
    for i, at in enumerate(moments):
        await store.create_run(f"r{(i * 3) % 8}", scenario(), at=at)
    ordered = [r.id for r in await store.runs(limit=100)]
    everything = await store.runs(limit=100)
    assert everything == sorted(everything, key=lambda r: (r.created_at, r.id), reverse=True)
    for size in (1, 2, 3, 7):
        seen: list[str] = []
        before = None
        while page := await store.runs(limit=size, before=before):
            seen += [r.id for r in page]
            before = (page[-1].created_at, page[-1].id)
        assert seen == ordered


async def test_filters_narrow_the_list_and_the_count(store: Store) -> None:
    await finished(store, "r1", "hello", persona="ana")
    await finished(store, "r2", "hello", persona="ben", ending="gave_up")
    await store.create_run("r3", scenario("ben", "cancel", target="bank"), at=NOON + 1)
    await store.put_verdict(verdict("v1", "r2", "fail"))
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"persona": "ben"}, ["r3", "r2"]),
        ({"goal": "cancel"}, ["r3"]),
        ({"target": "clinic"}, ["r2", "r1"]),
        ({"status": "queued"}, ["r3"]),
        ({"ending": "gave_up"}, ["r2"]),
        ({"outcome": "fail"}, ["r2"]),
        ({"outcome": "pass"}, []),
        ({"persona": "ben", "status": "finished"}, ["r2"]),
        ({"persona": "ben", "text": "hello"}, ["r2"]),
    ]
    for wanted, ids in cases:
        assert [r.id for r in await store.runs(RunFilter(**wanted))] == ids, wanted  # type: ignore[arg-type]  # names of filters
        assert await store.count_runs(RunFilter(**wanted)) == len(ids), wanted  # type: ignore[arg-type]  # names of filters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("visit", True),
        ("VISIT", True),
        ("visit day", True),
        ("day, visit!", True),
        ("visit refund", False),
        ("vis", False),
        ("zoe", True),
        ("ZOË", True),
        ("10%", True),
        ("1_", False),
        ('"', False),
        ("sofort AND", False),
        ("strasse", True),
        ("", True),
        ("   ", True),
    ],
)
@pytest.mark.parametrize("over", [False, True])
async def test_text_finds_runs_by_all_words_of_their_turns(store: Store, text: str, found: bool, over: bool) -> None:
    await store.create_run("r1", scenario(), at=NOON)
    await store.create_run("silent", scenario(), at=NOON - 1)
    lease = await claimed(store, "r1")
    await store.append(lease, [*EXCHANGE, user_says("Straße 5")], first_seq=0, at=NOON)
    if over:
        await store.finish(lease, ending="gave_up", at=NOON)
    ids = [r.id for r in await store.runs(RunFilter(text=text))]
    assert ("r1" in ids) is found
    assert ("silent" in ids) is (not text.strip())
    assert await store.count_runs(RunFilter(text=text)) == len(ids)


async def test_search_pages_over_running_and_finished_runs_alike(store: Store) -> None:
    for i in range(6):
        if i % 2:
            await finished(store, f"r{i}", "same words", at=NOON + i)
        else:
            await store.create_run(f"r{i}", scenario(), at=NOON + i)
            await store.append(await claimed(store, f"r{i}"), [user_says("same words")], first_seq=0, at=NOON)
    first = await store.runs(RunFilter(text="words same"), limit=4)
    assert [r.id for r in first] == ["r5", "r4", "r3", "r2"]
    rest = await store.runs(RunFilter(text="words same"), limit=4, before=(first[-1].created_at, first[-1].id))
    assert [r.id for r in rest] == ["r1", "r0"]


# ---------------------------------------------------------------- documents


async def test_a_document_gets_a_version_for_each_content(store: Store) -> None:
    one = await store.put_document("persona", "ana", {"name": "Ana", "n": [1, 2.5, None]}, at=NOON)
    same = await store.put_document("persona", "ana", {"n": [1, 2.5, None], "name": "Ana"}, at=NOON + 1)
    two = await store.put_document("persona", "ana", {"name": "Anna"}, at=NOON + 2)
    assert (one.version, two.version) == (1, 2)
    assert same == one
    assert await store.document("persona", "ana") == two
    assert await store.document("persona", "ana", version=1) == one
    assert await store.document("persona", "ana", version=3) is None
    assert await store.document("persona", "ana", version=0) is None
    assert await store.document("goal", "ana") is None


async def test_a_document_that_changed_underneath_is_a_conflict(store: Store) -> None:
    with pytest.raises(Conflict, match="no goal `g`"):
        await store.put_document("goal", "g", {"a": 1}, at=NOON, expect_version=1)
    await store.put_document("goal", "g", {"a": 1}, at=NOON, expect_version=0)
    with pytest.raises(Conflict, match="already"):
        await store.put_document("goal", "g", {"a": 2}, at=NOON, expect_version=0)
    await store.put_document("goal", "g", {"a": 2}, at=NOON, expect_version=1)
    with pytest.raises(Conflict, match="version 2, not 1"):
        await store.put_document("goal", "g", {"a": 3}, at=NOON, expect_version=1)
    assert (await store.put_document("goal", "g", {"a": 2}, at=NOON, expect_version=1)).version == 2


async def test_of_two_updates_at_once_one_is_a_conflict(store: Store) -> None:
    await store.put_document("goal", "g", {"a": 0}, at=NOON)
    outcomes = await asyncio.gather(
        *(store.put_document("goal", "g", {"a": i}, at=NOON, expect_version=1) for i in (1, 2)), return_exceptions=True
    )
    assert sorted(isinstance(o, Conflict) for o in outcomes) == [False, True]


async def test_documents_list_their_newest_version_by_id_and_hide_archived_ones(store: Store) -> None:
    for id, body in (("b", {"v": 1}), ("a", {"v": 1}), ("a", {"v": 2}), ("c", {"v": 1})):
        await store.put_document("rubric", id, body, at=NOON)
    await store.put_document("topic", "other", {}, at=NOON)
    assert await store.archive_document("rubric", "b", archived=True, at=NOON)
    assert not await store.archive_document("rubric", "nope", archived=True, at=NOON)
    assert [(d.id, d.version) for d in await store.documents("rubric")] == [("a", 2), ("c", 1)]
    assert [(d.id, d.archived) for d in await store.documents("rubric", archived=True)] == [("a", False), ("b", True), ("c", False)]
    hidden = await store.document("rubric", "b")
    assert hidden is not None
    assert hidden.archived
    assert await store.archive_document("rubric", "b", archived=False, at=NOON)
    assert [d.id for d in await store.documents("rubric")] == ["a", "b", "c"]


async def test_changing_a_document_that_was_read_changes_nothing_stored(store: Store) -> None:
    await store.put_document("goal", "g", {"list": [1]}, at=NOON)
    read = await store.document("goal", "g")
    assert read is not None
    read.body["list"].append(2)
    again = await store.document("goal", "g")
    assert again is not None
    assert again.body == {"list": [1]}


# ---------------------------------------------------------------- verdicts


async def test_the_newest_verdict_gives_the_run_its_outcome(store: Store) -> None:
    await finished(store, "r1", "hello")
    await store.put_verdict(verdict("v1", "r1", "pass"))
    await store.put_verdict(verdict("v2", "r1", "fail"))
    await store.put_verdict(verdict("v1", "r1", "error"))
    assert await store.verdicts("r1") == [verdict("v1", "r1", "pass"), verdict("v2", "r1", "fail")]
    record = await store.run("r1")
    assert record is not None
    assert record.outcome == "fail"


async def test_a_verdict_that_was_decided_by_others_is_stored_only_while_there_are_no_more(store: Store) -> None:
    await finished(store, "r1", "hello")
    assert await store.put_verdict(verdict("v1", "r1", "pass"), after=0)
    assert not await store.put_verdict(verdict("v2", "r1", "unscored"), after=0)
    assert await store.put_verdict(verdict("elsewhere", "r2", "pass"), after=0)
    record = await store.run("r1")
    assert record is not None
    assert record.outcome == "pass"
    assert await store.put_verdict(verdict("v2", "r1", "fail"), after=1)
    assert not await store.put_verdict(verdict("v2", "r1", "error"), after=2), "the same id replaces nothing"
    assert [v.id for v in await store.verdicts("r1")] == ["v1", "v2"]


async def test_a_verdict_on_a_conversation_from_elsewhere_is_kept(store: Store) -> None:
    await store.put_verdict(verdict("v1", "elsewhere", "pass"))
    assert await store.verdicts("elsewhere") == [verdict("v1", "elsewhere", "pass")]
    assert await store.run("elsewhere") is None


# ---------------------------------------------------------------- queries


async def test_queries_keep_their_order_and_their_first_text(store: Store) -> None:
    assert await store.put_queries([query(3), query(1)], at=NOON) == 2
    assert await store.put_queries([query(1).evolve(query="Changed?"), query(2, batch="b2")], at=NOON + 1) == 1
    assert await store.put_queries([query(3)], at=NOON + 1) == 0
    assert await store.queries() == [query(3), query(1), query(2, batch="b2")]
    assert await store.queries(batch="b1", limit=1, offset=1) == [query(1)]
    assert (await store.count_queries(), await store.count_queries(batch="b2"), await store.count_queries(review="accepted")) == (3, 1, 0)


async def test_saved_queries_take_the_place_of_those_with_their_ids_and_keep_their_order(store: Store) -> None:
    await store.put_queries([query(3), query(1)], at=NOON)
    decided = query(3).evolve(review="accepted", expected=ExpectedAnswer(must_say=("Monday",)))
    await store.save_queries([query(2), decided], at=NOON + 1)
    assert await store.queries() == [decided, query(1), query(2)]
    assert await store.count_queries(review="accepted") == 1


async def test_a_query_is_found_by_its_id(store: Store) -> None:
    await store.put_queries([query(1)], at=NOON)
    assert await store.query(query(1).id) == query(1)
    assert await store.query(query(2).id) is None


async def test_a_review_is_kept_with_its_reason(store: Store) -> None:
    await store.put_queries([query(1), query(2)], at=NOON)
    rejected = await store.review_query("q-1", review="rejected", reason="Off topic", at=NOON)
    assert rejected == query(1).evolve(review="rejected", reason="Off topic")
    assert await store.queries(review="rejected") == [rejected]
    assert await store.queries(review="pending") == [query(2)]
    assert await store.review_query("q-9", review="accepted", at=NOON) is None


async def test_an_edit_keeps_the_words_that_were_generated(store: Store) -> None:
    await store.put_queries([query(1)], at=NOON)
    await store.review_query("q-1", review="edited", text="Better?", at=NOON)
    twice = await store.review_query("q-1", review="edited", text="Best?", at=NOON)
    assert twice is not None
    assert (twice.query, twice.original) == ("Best?", "Question 1?")


async def test_an_edit_without_text_and_a_text_without_edit_are_refused(store: Store) -> None:
    await store.put_queries([query(1)], at=NOON)
    for review, text in (("edited", None), ("edited", "  "), ("accepted", "New?")):
        with pytest.raises(BadInput, match="text"):
            await store.review_query("q-1", review=review, text=text, at=NOON)  # type: ignore[arg-type]  # states by name
    assert await store.queries() == [query(1)]


# ---------------------------------------------------------------- the end


async def test_a_closed_store_says_so_and_closes_twice(store: Store) -> None:
    await store.aclose()
    await store.aclose()
    with pytest.raises(StoreError, match="closed"):
        await store.run("r1")
    with pytest.raises(StoreError, match="closed"):
        await store.create_run("r1", scenario(), at=NOON)


# ---------------------------------------------------------------- calls of models


def call(id: str, hash: str, *, run_id: str | None = None, batch: str | None = None, answered: bool = True) -> ModelCall:
    answer = {"text": id} if answered else None
    made_for = CallFor(run_id=run_id, batch=batch)
    return ModelCall(id=id, hash=hash, role="user", model="fake:m", made_for=made_for, sent={"say": hash}, answer=answer, at=NOON)


async def test_calls_are_kept_for_their_run_or_batch_in_order(store: Store) -> None:
    for one in (call("c1", "h", run_id="r1"), call("c2", "h", run_id="r2"), call("c3", "i", batch="b"), call("c4", "j", run_id="r1")):
        await store.put_call(one)
    await store.put_call(call("c1", "other", run_id="r9"))
    assert [c.id for c in await store.calls(run_id="r1")] == ["c1", "c4"]
    assert [c.id for c in await store.calls(batch="b")] == ["c3"]
    assert [c.id for c in await store.calls()] == ["c1", "c2", "c3", "c4"]
    assert (await store.calls(run_id="r1"))[0] == call("c1", "h", run_id="r1")


async def test_a_recorded_call_is_found_by_its_hash_and_number_and_only_when_it_was_answered(store: Store) -> None:
    for one in (call("c1", "h"), call("c2", "h", answered=False), call("c3", "h")):
        await store.put_call(one)
    assert [c and c.id for c in [await store.recorded_call("h", nth=n) for n in range(3)]] == ["c1", "c3", None]
    assert await store.recorded_call("unknown") is None


async def test_what_was_sent_comes_back_as_it_was_wherever_its_long_texts_are(store: Store) -> None:
    rules, sheet = "rules " * 500, "sheet é \U0001f600 " * 500
    sent = {"system": rules, "messages": [{"content": sheet}, {"content": [{"text": rules}, "short", ""]}], "": {"0": sheet}, "n": 1.5}
    await store.put_call(call("c1", "h").evolve(sent=sent))
    assert [c.sent for c in await store.calls()] == [sent]


async def test_a_long_text_that_every_call_sends_is_on_disk_once(tmp_path: Path) -> None:
    path, rules = tmp_path / "store.db", "You play one person. " * 5_000
    store = await SqliteStore.open(path)
    for n in range(20):
        await store.put_call(call(f"c{n}", "h").evolve(sent={"messages": [{"content": rules}, {"content": f"turn {n}"}]}))
    assert [c.sent["messages"][0]["content"] == rules for c in await store.calls()] == [True] * 20
    await store.aclose()
    assert path.stat().st_size < 5 * len(rules)

"""A Store in memory: the same contract as the one on disk, for tests and for conversations that nobody keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic_core import from_json, to_json

from understudy.domain.conversation import Event
from understudy.domain.errors import Conflict, Fenced, NotFound, StoreError
from understudy.domain.model_call import ModelCall
from understudy.domain.query import Query, ReviewState
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Played
from understudy.domain.value import JsonObject
from understudy.domain.verdict import Verdict
from understudy.ports import ANY_RUN, Document, DocumentKind, Lease, RunFilter, RunRecord, StoredEvent
from understudy.storage.documents import conflict_text, content_hash
from understudy.storage.finding import words_wanted
from understudy.storage.words import tally
from understudy.testing.memory_campaigns import MemoryCampaigns

__all__ = ["MemoryStore"]

_NAME = "memory"


@dataclass(slots=True)
class _Run:
    record: RunRecord
    user_last: bool = False
    events: list[StoredEvent] = field(default_factory=list[StoredEvent])
    words: dict[int, str] = field(default_factory=dict[int, str])

    def change(self, **changes: object) -> RunRecord:
        self.record = self.record.evolve(**changes)
        return self.record


class MemoryStore(MemoryCampaigns):
    """Keeps everything until it is closed. Not for several processes."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[str, _Run] = {}
        self._keys: dict[str, str] = {}
        self._documents: dict[tuple[str, str], list[tuple[Document, str]]] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._queries: dict[str, Query] = {}
        self._calls: dict[str, ModelCall] = {}
        self._played: dict[str, Played] = {}
        self._closed = False

    async def aclose(self) -> None:
        """Refuse everything from now on. May be called twice."""
        self._closed = True

    def _open(self) -> None:
        if self._closed:
            raise StoreError(_NAME, "the store is closed")

    # ---- runs and their events

    async def create_run(
        self, run_id: str, scenario: Scenario, *, at: float, idempotency_key: str | None = None, player_version: str = ""
    ) -> RunRecord:
        self._open()
        if idempotency_key is not None and idempotency_key in self._keys:
            known = self._runs[self._keys[idempotency_key]].record
            if known.scenario != scenario:
                raise Conflict(f"The idempotency key `{idempotency_key}` was used for another scenario (run `{known.id}`). Use a new key.")
            return known
        if run_id in self._runs:
            raise Conflict(f"There is a run `{run_id}` already. Use another id.")
        record = RunRecord(
            id=run_id,
            scenario=scenario,
            status="queued",
            idempotency_key=idempotency_key,
            created_at=at,
            updated_at=at,
            player_version=player_version,
        )
        self._runs[run_id] = _Run(record)
        if idempotency_key is not None:
            self._keys[idempotency_key] = run_id
        return record

    async def run(self, run_id: str) -> RunRecord | None:
        self._open()
        run = self._runs.get(run_id)
        return run.record if run else None

    async def runs(self, wanted: RunFilter = ANY_RUN, *, limit: int = 20, before: tuple[float, str] | None = None) -> list[RunRecord]:
        ordered = sorted(self._found(wanted), key=lambda r: (r.created_at, r.id), reverse=True)
        return [r for r in ordered if before is None or (r.created_at, r.id) < before][:limit]

    async def count_runs(self, wanted: RunFilter = ANY_RUN) -> int:
        return len(self._found(wanted))

    def _found(self, wanted: RunFilter) -> list[RunRecord]:
        self._open()
        return [run.record for run in self._runs.values() if _fits(run, wanted)]

    async def claim(self, run_id: str, owner: str, *, at: float, ttl: float) -> Lease | None:
        self._open()
        run = self._runs.get(run_id)
        if run is None:
            raise NotFound("run", run_id)
        record = run.record
        free = record.owner in (None, owner) or (record.lease_until or 0.0) <= at
        if record.status == "finished" or not free:
            return None
        record = run.change(owner=owner, lease_until=at + ttl, fence=record.fence + 1, status="running", updated_at=at)
        return Lease(run_id=run_id, owner=owner, fence=record.fence, until=at + ttl, cancel_requested=record.cancel_requested)

    async def renew(self, lease: Lease, *, at: float, ttl: float) -> Lease:
        record = self._held(lease).change(lease_until=at + ttl)
        return lease.evolve(until=at + ttl, cancel_requested=record.cancel_requested)

    async def release(self, lease: Lease) -> None:
        self._open()
        run = self._runs.get(lease.run_id)
        if run is not None and _holds(run.record, lease):
            run.change(owner=None, lease_until=None, status="queued")

    async def append(self, lease: Lease, events: Sequence[Event], *, first_seq: int, at: float) -> None:
        run = self._held(lease)
        present = len(run.events)
        if present != first_seq:
            raise Conflict(f"Run `{lease.run_id}` has {present} events, so the next has the number {present}, not {first_seq}.")
        run.events += [StoredEvent(seq=seq, at=at, event=event, fence=lease.fence) for seq, event in enumerate(events, start=first_seq)]
        counted = tally(run.record.turns, run.user_last, events)
        run.user_last = counted.user_last
        run.words |= counted.words
        run.change(turns=counted.turns, updated_at=at)

    async def played(self, run_id: str) -> Played | None:
        self._open()
        return self._played.get(run_id)

    async def finish(self, lease: Lease, *, ending: str, at: float, played: Played | None = None) -> None:
        self._open()
        run = self._runs.get(lease.run_id)
        if run is not None and run.record.status == "finished" and run.record.fence == lease.fence:
            return
        run = self._held(lease)
        turns = run.record.turns
        if ending == "simulator_failed" and run.user_last:
            # The guard refused this message for the last time: it was never a turn.
            turns -= 1
            run.words.pop(turns, None)
        if played is not None:
            self._played[lease.run_id] = played
        run.change(status="finished", ending=ending, turns=turns, owner=None, lease_until=None, updated_at=at)

    async def events(self, run_id: str, *, from_seq: int = 0) -> list[StoredEvent]:
        self._open()
        run = self._runs.get(run_id)
        return run.events[max(0, from_seq) :] if run else []

    async def unfinished(self, *, at: float, since: float) -> list[str]:
        self._open()
        records = [run.record for run in self._runs.values() if run.record.status != "finished" and run.record.created_at > since]
        free = [r for r in records if (r.owner is None or (r.lease_until or 0.0) <= at) and not r.scenario.by_hand]
        return [r.id for r in sorted(free, key=lambda r: (r.created_at, r.id))]

    async def request_cancel(self, run_id: str, *, at: float) -> bool:
        self._open()
        run = self._runs.get(run_id)
        if run is None or run.record.status == "finished":
            return False
        run.change(cancel_requested=True, updated_at=at)
        return True

    async def holders(self, *, at: float) -> list[str]:
        self._open()
        return sorted({r.owner for r in self._held_at(at) if r.owner is not None})

    async def expire(self, owner: str, *, at: float) -> int:
        self._open()
        theirs = [r for r in self._held_at(at) if r.owner == owner]
        for record in theirs:
            self._runs[record.id].change(owner=None, lease_until=None, status="queued")
        return len(theirs)

    def _held_at(self, at: float) -> list[RunRecord]:
        records = [run.record for run in self._runs.values()]
        return [r for r in records if r.status == "running" and r.owner is not None and (r.lease_until or 0.0) > at]

    def _held(self, lease: Lease) -> _Run:
        """The run, if the lease is its newest. Raises Fenced."""
        self._open()
        run = self._runs.get(lease.run_id)
        if run is None or not _holds(run.record, lease):
            raise Fenced(
                _NAME,
                f"run `{lease.run_id}`: the lease with fence {lease.fence} is over; nothing was written",
                "Another worker has the run, or it is finished: stop writing to it",
            )
        return run

    # ---- documents

    async def put_document(
        self, kind: DocumentKind, id: str, body: JsonObject, *, at: float, expect_version: int | None = None
    ) -> Document:
        self._open()
        versions = self._documents.get((kind, id), [])
        digest = content_hash(body)
        if versions and versions[-1][0].hash == digest:
            return _fresh(*versions[-1])
        if expect_version is not None and expect_version != len(versions):
            raise Conflict(conflict_text(kind, id, len(versions), expect_version))
        archived = versions[-1][0].archived if versions else False
        document = Document(kind=kind, id=id, version=len(versions) + 1, hash=digest, body={}, archived=archived, created_at=at)
        entry = (document, to_json(body).decode())
        self._documents[kind, id] = [*versions, entry]
        return _fresh(*entry)

    async def document(self, kind: DocumentKind, id: str, *, version: int | None = None) -> Document | None:
        self._open()
        versions = self._documents.get((kind, id), [])
        if version is None:
            return _fresh(*versions[-1]) if versions else None
        return _fresh(*versions[version - 1]) if 1 <= version <= len(versions) else None

    async def documents(self, kind: DocumentKind, *, archived: bool = False) -> list[Document]:
        self._open()
        newest = [versions[-1] for (of, _), versions in self._documents.items() if of == kind]
        return sorted((_fresh(*entry) for entry in newest if archived or not entry[0].archived), key=lambda d: d.id)

    async def archive_document(self, kind: DocumentKind, id: str, *, archived: bool, at: float) -> bool:  # noqa: ARG002 - the port's
        self._open()
        versions = self._documents.get((kind, id), [])
        self._documents[kind, id] = [(document.evolve(archived=archived), body) for document, body in versions]
        if not versions:
            del self._documents[kind, id]
        return bool(versions)

    # ---- verdicts

    async def put_verdict(self, verdict: Verdict, *, after: int | None = None) -> bool:
        self._open()
        if verdict.id in self._verdicts or after not in (None, sum(v.run_id == verdict.run_id for v in self._verdicts.values())):
            return False
        self._verdicts[verdict.id] = verdict
        if run := self._runs.get(verdict.run_id):
            run.change(outcome=verdict.outcome)
        return True

    async def verdicts(self, run_id: str) -> list[Verdict]:
        self._open()
        return [verdict for verdict in self._verdicts.values() if verdict.run_id == run_id]

    # ---- queries

    async def put_queries(self, queries: Sequence[Query], *, at: float) -> int:  # noqa: ARG002 - the port's
        self._open()
        before = len(self._queries)
        for query in queries:
            self._queries.setdefault(query.id, query)
        return len(self._queries) - before

    async def queries(
        self, *, batch: str | None = None, review: ReviewState | None = None, limit: int = 50, offset: int = 0
    ) -> list[Query]:
        return self._chosen(batch, review)[offset : offset + limit]

    async def query(self, query_id: str) -> Query | None:
        return self._queries.get(query_id)

    async def count_queries(self, *, batch: str | None = None, review: ReviewState | None = None) -> int:
        return len(self._chosen(batch, review))

    def _chosen(self, batch: str | None, review: ReviewState | None) -> list[Query]:
        self._open()
        return [q for q in self._queries.values() if batch in (None, q.batch) and review in (None, q.review)]

    async def review_query(
        self,
        query_id: str,
        *,
        review: ReviewState,
        reason: str = "",
        text: str | None = None,
        at: float,  # noqa: ARG002 - the port's
    ) -> Query | None:
        self._open()
        query = self._queries.get(query_id)
        if query is None:
            return None
        self._queries[query_id] = query.reviewed(review, reason=reason, text=text)
        return self._queries[query_id]

    async def save_queries(self, queries: Sequence[Query], *, at: float) -> None:  # noqa: ARG002 - the port's
        self._open()
        self._queries.update({query.id: query for query in queries})

    # ---- calls of models

    async def put_call(self, call: ModelCall) -> None:
        self._open()
        self._calls.setdefault(call.id, call)

    async def calls(self, *, run_id: str | None = None, batch: str | None = None) -> list[ModelCall]:
        self._open()
        return [c for c in self._calls.values() if run_id in (None, c.made_for.run_id) and batch in (None, c.made_for.batch)]

    async def recorded_call(self, hash: str, *, nth: int = 0) -> ModelCall | None:
        self._open()
        answered = [c for c in self._calls.values() if c.hash == hash and c.answer is not None]
        return answered[nth] if nth < len(answered) else None


def _holds(record: RunRecord, lease: Lease) -> bool:
    return record.status != "finished" and (record.owner, record.fence) == (lease.owner, lease.fence)


def _fits(run: _Run, wanted: RunFilter) -> bool:
    record = run.record
    scenario = record.scenario
    asked_and_present = (
        (wanted.status, record.status),
        (wanted.persona, scenario.persona.id),
        (wanted.goal, scenario.goal.id),
        (wanted.target, scenario.target),
        (wanted.ending, record.ending),
        (wanted.outcome, record.outcome),
    )
    if any(asked is not None and asked != present for asked, present in asked_and_present):
        return False
    words = words_wanted(wanted)
    if words is None:
        return True
    there = {word for line in run.words.values() for word in line.split()}
    return bool(words) and there.issuperset(words)


def _fresh(document: Document, body: str) -> Document:
    """A copy with a body of its own, so that a caller's changes stay the caller's."""
    return document.evolve(body=from_json(body))

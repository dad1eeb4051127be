"""Any sequence of calls gives the same answers from the store on disk as from the one in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from store_data import NOON, agent_says, query, scenario, user_says, verdict

from understudy.domain.conversation import Event, Opened
from understudy.domain.errors import UnderstudyError
from understudy.ports import Lease, RunFilter, Store
from understudy.storage.sqlite import SqliteStore
from understudy.testing.memory_store import MemoryStore

ids = st.sampled_from(["r1", "r2", "r3"])
owners = st.sampled_from(["one", "two"])
texts = st.sampled_from(["book a visit", "a visit on Monday", "Zoë, bitte!", "", "refund", "ÀÉÎ straße 10%"])
keys = st.sampled_from([None, "k1", "k2"])
documents = st.sampled_from(["d1", "d2"])
events = st.lists(st.one_of(st.just(Opened()), texts.map(user_says), texts.map(agent_says)), min_size=1, max_size=3)


class TwoStores(RuleBasedStateMachine):
    """Does everything to both."""

    @initialize()
    def open(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.disk: Store = self.loop.run_until_complete(SqliteStore.open(Path(self.folder.name) / "store.db"))
        self.memory: Store = MemoryStore()
        self.leases: list[tuple[Lease, Lease]] = []
        self.at = NOON

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.disk.aclose())
            self.loop.close()
            self.folder.cleanup()

    def both(self, method: str, *args: object, **options: object) -> object:
        """The answer of both, or the kind of error that both raise."""
        answers = [self.answer(getattr(store, method)(*args, **options)) for store in (self.disk, self.memory)]
        assert answers[0] == answers[1]
        return answers[0]

    def answer(self, call: Coroutine[Any, Any, object]) -> object:
        try:
            return self.loop.run_until_complete(call)
        except UnderstudyError as error:
            return type(error)

    @rule(seconds=st.sampled_from([0.0, 0.0004, 0.3, 7.0]))
    def time_passes(self, seconds: float) -> None:
        self.at += seconds

    @rule(run_id=ids, key=keys, persona=st.sampled_from(["ana", "ben"]))
    def create(self, run_id: str, key: str | None, persona: str) -> None:
        self.both("create_run", run_id, scenario(persona), at=self.at, idempotency_key=key)

    @rule(run_id=ids, owner=owners)
    def claim(self, run_id: str, owner: str) -> None:
        lease = self.both("claim", run_id, owner, at=self.at, ttl=5.0)
        if isinstance(lease, Lease):
            self.leases.append((lease, lease))

    @rule(data=st.data(), new=events, off=st.sampled_from([0, 0, 0, 1]))
    def append(self, data: st.DataObject, new: list[Event], off: int) -> None:
        lease = self.lease(data)
        if lease is not None:
            seq = len(self.loop.run_until_complete(self.memory.events(lease.run_id))) + off
            self.both("append", lease, new, first_seq=seq, at=self.at)

    @rule(data=st.data(), method=st.sampled_from(["renew", "release", "finish"]), ending=st.sampled_from(["gave_up", "simulator_failed"]))
    def use_lease(self, data: st.DataObject, method: str, ending: str) -> None:
        options: dict[str, dict[str, object]] = {
            "renew": {"at": self.at, "ttl": 5.0},
            "release": {},
            "finish": {"ending": ending, "at": self.at},
        }
        lease = self.lease(data)
        if lease is not None:
            self.both(method, lease, **options[method])

    def lease(self, data: st.DataObject) -> Lease | None:
        return data.draw(st.sampled_from(self.leases))[0] if self.leases else None

    @rule(run_id=ids, owner=owners)
    def interfere(self, run_id: str, owner: str) -> None:
        self.both("request_cancel", run_id, at=self.at)
        self.both("holders", at=self.at)
        self.both("expire", owner, at=self.at)

    @rule(run_id=ids, id=st.sampled_from(["v1", "v2"]), outcome=st.sampled_from(["pass", "fail"]))
    def judge(self, run_id: str, id: str, outcome: Any) -> None:
        self.both("put_verdict", verdict(id, run_id, outcome))
        self.both("verdicts", run_id)

    @rule(id=documents, body=st.sampled_from([{"a": 1}, {"a": [2, None]}, {"b": "ü"}]), expect=st.sampled_from([None, 0, 1, 2]))
    def write_document(self, id: str, body: dict[str, object], expect: int | None) -> None:
        self.both("put_document", "goal", id, body, at=self.at, expect_version=expect)

    @rule(id=documents, archived=st.booleans())
    def archive(self, id: str, archived: bool) -> None:
        self.both("archive_document", "goal", id, archived=archived, at=self.at)

    @rule(id=documents, version=st.sampled_from([None, 0, 1, 2]), archived=st.booleans())
    def read_documents(self, id: str, version: int | None, archived: bool) -> None:
        self.both("document", "goal", id, version=version)
        self.both("documents", "goal", archived=archived)

    @rule(number=st.integers(1, 3), state=st.sampled_from(["accepted", "rejected", "edited"]), text=st.sampled_from([None, "New?"]))
    def review(self, number: int, state: str, text: str | None) -> None:
        self.both("put_queries", [query(number)], at=self.at)
        self.both("review_query", f"q-{number}", review=state, reason="x", text=text, at=self.at)
        self.both("queries", review=state)
        self.both("count_queries", batch="b1")

    @rule(
        text=st.one_of(st.none(), texts, st.sampled_from(["visit", "VISIT monday", "zoe", "strasse", "!", "10"])),
        status=st.sampled_from([None, "queued", "running", "finished"]),
        persona=st.sampled_from([None, "ana"]),
        limit=st.integers(1, 3),
        before=st.sampled_from([None, (NOON + 1, "r2"), (NOON, "r3"), (NOON + 0.0004, "r1")]),
    )
    def search(self, text: str | None, status: str | None, persona: str | None, limit: int, before: tuple[float, str] | None) -> None:
        wanted = RunFilter.model_validate({"text": text, "status": status, "persona": persona})
        self.both("runs", wanted, limit=limit, before=before)
        self.both("count_runs", wanted)

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "disk"):
            return
        self.both("runs", limit=100)
        self.both("unfinished", at=self.at, since=0.0)
        for run_id in ("r1", "r2", "r3"):
            self.both("events", run_id)


TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

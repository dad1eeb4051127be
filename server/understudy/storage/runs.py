"""Runs and their events in SQL: functions of a connection, each one job of a transaction.

A run's row number `n` starts with its time of creation, so that newest first is the order of the table itself, of every index and
of the full-text index. The persona and the goal of a scenario are kept once by their content, not once a run.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from understudy.domain.conversation import Event
from understudy.domain.errors import Conflict, Fenced, NotFound
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.same import Same
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Played
from understudy.ports import Lease, RunRecord, StoredEvent
from understudy.storage.words import tally

__all__ = [
    "COLUMNS",
    "FROM",
    "NewRun",
    "append",
    "block_of",
    "claim",
    "create",
    "events",
    "expire",
    "find",
    "finish",
    "holders",
    "new_run",
    "record_of",
    "release",
    "renew",
    "request_cancel",
    "unfinished",
]

_BLOCK_BITS = 21
"""Low bits of `n`: two million runs within one millisecond, until the year 2109."""

COLUMNS = (
    "r.id, s.body, p.body, g.body, s.persona_hash, s.goal_hash, r.status, r.ending, r.outcome, r.turns, r.idempotency_key, "
    "r.created_at, r.updated_at, r.owner, r.lease_until, r.fence, r.cancel_requested, r.player_version"
)
FROM = "runs r JOIN scenarios s ON s.n = r.n JOIN bodies p ON p.hash = s.persona_hash JOIN bodies g ON g.hash = s.goal_hash"

_event_of: TypeAdapter[Event] = TypeAdapter(Event)


def block_of(at: float) -> int:
    """The first row number of the millisecond of `at`."""
    return max(0, int(at * 1000)) << _BLOCK_BITS


# ---------------------------------------------------------------- making and reading runs


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be stored, encoded before its transaction begins."""

    id: str
    scenario: Scenario
    persona: str
    goal: str
    rest: str
    """The scenario without persona and goal."""
    at: float
    key: str | None
    player_version: str


def new_run(run_id: str, scenario: Scenario, *, at: float, key: str | None, player_version: str) -> NewRun:
    """Encode a run. Raises pydantic's error for text that is no Unicode."""
    rest = scenario.model_dump_json(exclude={"persona", "goal"})
    persona, goal = _body(Same(scenario.persona)), _body(Same(scenario.goal))
    return NewRun(run_id, scenario, persona, goal, rest, at, key, player_version)


@lru_cache(maxsize=512)
def _body(value: Same[Persona] | Same[Goal]) -> str:
    """Encoded once for all runs of a campaign that share the persona or the goal."""
    return value.it.model_dump_json()


def _same_rest(stored: str, new: str) -> bool:
    """Whether two scenarios say the same beside persona and goal; a field that an earlier version did not have counts at its default."""
    before, now = from_json(stored), from_json(new)
    came_later = {name: Scenario.model_fields[name].get_default() for name in now.keys() - before.keys()}
    return bool({**came_later, **before} == now)


def create(connection: sqlite3.Connection, new: NewRun) -> RunRecord:
    """Insert a run, or the one that its key started before. Raises Conflict."""
    persona_hash, goal_hash = _hash(new.persona), _hash(new.goal)
    if new.key is not None and (known := _by(connection, "idempotency_key", new.key)):
        stored = connection.execute("SELECT persona_hash, goal_hash, body FROM scenarios WHERE n = ?", (known["n"],)).fetchone()
        if stored[:2] != (persona_hash, goal_hash) or not _same_rest(stored[2], new.rest):
            raise Conflict(f"The idempotency key `{new.key}` was used for another scenario (run `{known['id']}`). Use a new key.")
        return _must(find(connection, known["id"]))
    if _by(connection, "id", new.id):
        raise Conflict(f"There is a run `{new.id}` already. Use another id.")
    for digest, body in ((persona_hash, new.persona), (goal_hash, new.goal)):
        connection.execute("INSERT INTO bodies (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", (digest, body))
    n, scenario = _next_n(connection, new.at), new.scenario
    connection.execute(
        "INSERT INTO runs (n, id, persona_id, goal_id, target, status, idempotency_key, player_version, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
        (n, new.id, scenario.persona.id, scenario.goal.id, scenario.target, new.key, new.player_version, new.at, new.at),
    )
    connection.execute(
        "INSERT INTO scenarios (n, persona_hash, goal_hash, body) VALUES (?, ?, ?, ?)", (n, persona_hash, goal_hash, new.rest)
    )
    return RunRecord(
        id=new.id,
        scenario=scenario,
        status="queued",
        idempotency_key=new.key,
        created_at=new.at,
        updated_at=new.at,
        player_version=new.player_version,
    )


def find(connection: sqlite3.Connection, run_id: str) -> RunRecord | None:
    """The run, or None."""
    row = connection.execute(f"SELECT {COLUMNS} FROM {FROM} WHERE r.id = ?", (run_id,)).fetchone()  # noqa: S608 - constants
    return record_of(row) if row else None


def record_of(row: tuple[Any, ...]) -> RunRecord:
    """The record in a row of `COLUMNS`."""
    run_id, rest, persona, goal, persona_hash, goal_hash, *columns = row
    status, ending, outcome, turns, key, created_at, updated_at, owner, lease_until, fence, cancel_requested, player_version = columns
    return RunRecord.model_construct(
        id=run_id,
        scenario=Scenario.model_validate({**from_json(rest), "persona": _persona(persona_hash, persona), "goal": _goal(goal_hash, goal)}),
        status=status,
        ending=ending,
        outcome=outcome,
        turns=turns,
        idempotency_key=key,
        created_at=created_at,
        updated_at=updated_at,
        owner=owner,
        lease_until=lease_until,
        fence=fence,
        cancel_requested=bool(cancel_requested),
        player_version=player_version,
    )


@lru_cache(maxsize=512)
def _persona(_hash: str, body: str) -> Persona:
    return Persona.model_validate_json(body)


@lru_cache(maxsize=512)
def _goal(_hash: str, body: str) -> Goal:
    return Goal.model_validate_json(body)


@lru_cache(maxsize=512)
def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _next_n(connection: sqlite3.Connection, at: float) -> int:
    first = block_of(at)
    last = connection.execute("SELECT max(n) FROM runs WHERE n >= ? AND n < ?", (first, first + (1 << _BLOCK_BITS))).fetchone()[0]
    return first if last is None else int(last) + 1


def _by(connection: sqlite3.Connection, column: str, value: str) -> dict[str, Any] | None:
    names = ("n", "id", "status", "ending", "owner", "fence", "next_seq", "turns", "user_last", "cancel_requested")
    row = connection.execute(f"SELECT {', '.join(names)} FROM runs WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - constants
    return dict(zip(names, row, strict=True)) if row else None


def _must(record: RunRecord | None) -> RunRecord:
    assert record is not None, "read in the transaction that found it"  # noqa: S101 - cannot happen
    return record


# ---------------------------------------------------------------- leases


def claim(connection: sqlite3.Connection, run_id: str, owner: str, *, at: float, ttl: float) -> Lease | None:
    """A lease with a new fence, or None. Raises NotFound."""
    row = connection.execute(
        "UPDATE runs SET owner = ?, lease_until = ?, fence = fence + 1, status = 'running', updated_at = ? "
        "WHERE id = ? AND status <> 'finished' AND (owner IS NULL OR owner = ? OR lease_until <= ?) RETURNING fence, cancel_requested",
        (owner, at + ttl, at, run_id, owner, at),
    ).fetchone()
    if row:
        return Lease(run_id=run_id, owner=owner, fence=row[0], until=at + ttl, cancel_requested=bool(row[1]))
    if not _by(connection, "id", run_id):
        raise NotFound("run", run_id)
    return None


def renew(connection: sqlite3.Connection, path: str, lease: Lease, *, at: float, ttl: float) -> Lease:
    """The lease for longer. Raises Fenced."""
    row = connection.execute(
        "UPDATE runs SET lease_until = ? WHERE id = ? AND owner = ? AND fence = ? AND status <> 'finished' RETURNING cancel_requested",
        (at + ttl, lease.run_id, lease.owner, lease.fence),
    ).fetchone()
    if not row:
        raise _fenced(path, lease)
    return lease.evolve(until=at + ttl, cancel_requested=bool(row[0]))


def release(connection: sqlite3.Connection, lease: Lease) -> None:
    """Give the run back, if the lease is the newest."""
    connection.execute(
        "UPDATE runs SET owner = NULL, lease_until = NULL, status = 'queued' "
        "WHERE id = ? AND owner = ? AND fence = ? AND status <> 'finished'",
        (lease.run_id, lease.owner, lease.fence),
    )


def expire(connection: sqlite3.Connection, owner: str, *, at: float) -> int:
    """End an owner's leases; how many."""
    return connection.execute(
        "UPDATE runs SET owner = NULL, lease_until = NULL, status = 'queued' WHERE owner = ? AND status = 'running' AND lease_until > ?",
        (owner, at),
    ).rowcount


def holders(connection: sqlite3.Connection, *, at: float) -> list[str]:
    """Owners of leases that last."""
    rows = connection.execute(
        "SELECT DISTINCT owner FROM runs WHERE status = 'running' AND owner IS NOT NULL AND lease_until > ? ORDER BY owner", (at,)
    )
    return [owner for (owner,) in rows]


def unfinished(connection: sqlite3.Connection, *, at: float, since: float) -> list[str]:
    """Runs that nobody holds, oldest first; without those played by hand."""
    # In a body, a quotation mark within a text is escaped: the player's field cannot be found in what somebody said.
    rows = connection.execute(
        "SELECT r.id FROM runs r JOIN scenarios s ON s.n = r.n "
        "WHERE r.status IN ('queued', 'running') AND r.created_at > ? AND (r.owner IS NULL OR r.lease_until <= ?) "
        "AND r.target <> 'caller' AND instr(s.body, '\"player\":\"caller\"') = 0 ORDER BY r.created_at, r.id",
        (since, at),
    )
    return [run_id for (run_id,) in rows]


def request_cancel(connection: sqlite3.Connection, run_id: str, *, at: float) -> bool:
    """Mark a run that is not finished; whether there was one."""
    return (
        connection.execute(
            "UPDATE runs SET cancel_requested = 1, updated_at = ? WHERE id = ? AND status <> 'finished'", (at, run_id)
        ).rowcount
        > 0
    )


def _fenced(path: str, lease: Lease) -> Fenced:
    return Fenced(
        path,
        f"run `{lease.run_id}`: the lease with fence {lease.fence} is over; nothing was written",
        "Another worker has the run, or it is finished: stop writing to it",
    )


# ---------------------------------------------------------------- events


def append(
    connection: sqlite3.Connection,
    path: str,
    lease: Lease,
    new: Sequence[tuple[Event, str]],
    *,
    first_seq: int,
    at: float,
) -> None:
    """Add events with their JSON. Raises Fenced and Conflict, before it writes."""
    run = _by(connection, "id", lease.run_id)
    if run is None or (run["owner"], run["fence"]) != (lease.owner, lease.fence) or run["status"] == "finished":
        raise _fenced(path, lease)
    if run["next_seq"] != first_seq:
        raise Conflict(f"Run `{lease.run_id}` has {run['next_seq']} events, so the next has the number {run['next_seq']}, not {first_seq}.")
    connection.executemany(
        "INSERT INTO events (run_id, seq, fence, at, body) VALUES (?, ?, ?, ?, ?)",
        [(lease.run_id, seq, lease.fence, at, body) for seq, (_, body) in enumerate(new, start=first_seq)],
    )
    counted = tally(run["turns"], bool(run["user_last"]), [event for event, _ in new])
    connection.execute(
        "UPDATE runs SET next_seq = ?, turns = ?, user_last = ?, updated_at = ? WHERE n = ?",
        (first_seq + len(new), counted.turns, counted.user_last, at, run["n"]),
    )
    connection.executemany(
        "INSERT INTO turn_words (n, turn, words) VALUES (?, ?, ?) ON CONFLICT (n, turn) DO UPDATE SET words = excluded.words",
        [(run["n"], turn, words) for turn, words in counted.words.items()],
    )


def finish(connection: sqlite3.Connection, path: str, lease: Lease, *, ending: str, at: float, played: str | None, full_text: bool) -> None:
    """Mark the run finished, keep what was played (as JSON) and move its words to the full-text index. Raises Fenced."""
    run = _by(connection, "id", lease.run_id)
    if run is None or run["fence"] != lease.fence:
        raise _fenced(path, lease)
    if run["status"] == "finished":
        return
    if run["owner"] != lease.owner:
        raise _fenced(path, lease)
    n, turns = run["n"], run["turns"]
    if ending == "simulator_failed" and run["user_last"]:
        # The guard refused this message for the last time: it was never a turn.
        turns -= 1
        connection.execute("DELETE FROM turn_words WHERE n = ? AND turn = ?", (n, turns))
    connection.execute(
        "UPDATE runs SET status = 'finished', ending = ?, turns = ?, owner = NULL, lease_until = NULL, updated_at = ? WHERE n = ?",
        (ending, turns, at, n),
    )
    if played is not None:
        connection.execute("INSERT INTO played (n, body) VALUES (?, ?)", (n, played))
    if full_text:
        words = "".join(row[0] for row in connection.execute("SELECT words FROM turn_words WHERE n = ? ORDER BY turn", (n,)))
        connection.execute("INSERT INTO run_words (rowid, words) VALUES (?, ?)", (n, words))
        connection.execute("DELETE FROM turn_words WHERE n = ?", (n,))


def played(connection: sqlite3.Connection, run_id: str) -> Played | None:
    """What was kept when the run finished, or None."""
    row = connection.execute("SELECT body FROM played JOIN runs USING (n) WHERE id = ?", (run_id,)).fetchone()
    return None if row is None else Played.model_validate_json(row[0])


def events(connection: sqlite3.Connection, run_id: str, *, from_seq: int) -> list[StoredEvent]:
    """The events from a number on. Raises pydantic's error for one that does not read."""
    rows = connection.execute("SELECT seq, at, body, fence FROM events WHERE run_id = ? AND seq >= ? ORDER BY seq", (run_id, from_seq))
    return [StoredEvent.model_construct(seq=seq, at=at, event=_event_of.validate_json(body), fence=fence) for seq, at, body, fence in rows]

"""The schema as numbered steps, each applied once and in order. A step that has shipped is never changed.

All missing steps run in one transaction that starts by taking the write lock: of two processes that come at the same time, one
migrates and the other finds it done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from understudy.domain.conversation import Event
from understudy.domain.errors import StoreTooNew
from understudy.storage.connection import APPLICATION_ID, begin
from understudy.storage.words import tally

__all__ = ["MIGRATIONS", "NEWEST", "has_full_text", "migrate", "version_of"]

_FIRST = (
    """CREATE TABLE bodies (
        hash TEXT PRIMARY KEY,
        body TEXT NOT NULL
    )""",
    """CREATE TABLE runs (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        persona_id TEXT NOT NULL,
        goal_id TEXT NOT NULL,
        target TEXT NOT NULL,
        status TEXT NOT NULL,
        ending TEXT,
        outcome TEXT,
        turns INTEGER NOT NULL DEFAULT 0,
        next_seq INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        lease_until REAL,
        fence INTEGER NOT NULL DEFAULT 0,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        idempotency_key TEXT UNIQUE,
        player_version TEXT NOT NULL DEFAULT '',
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
    )""",
    # Apart from `runs`, so that a list over a hundred thousand of those reads few pages.
    """CREATE TABLE scenarios (
        n INTEGER PRIMARY KEY,
        persona_hash TEXT NOT NULL REFERENCES bodies (hash),
        goal_hash TEXT NOT NULL REFERENCES bodies (hash),
        body TEXT NOT NULL
    )""",
    # `n` follows the time of creation, and every index ends in it: a filtered page, newest first, reads only its own rows.
    "CREATE INDEX runs_by_persona ON runs (persona_id)",
    "CREATE INDEX runs_by_goal ON runs (goal_id)",
    "CREATE INDEX runs_by_target ON runs (target)",
    "CREATE INDEX runs_by_status ON runs (status)",
    "CREATE INDEX runs_by_ending ON runs (ending)",
    "CREATE INDEX runs_by_outcome ON runs (outcome)",
    """CREATE TABLE events (
        run_id TEXT NOT NULL REFERENCES runs (id),
        seq INTEGER NOT NULL,
        fence INTEGER NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (run_id, seq)
    )""",
    "CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    """CREATE TABLE documents (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        hash TEXT NOT NULL,
        body TEXT NOT NULL,
        archived INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL,
        PRIMARY KEY (kind, id, version)
    )""",
    """CREATE TABLE verdicts (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        run_id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL
    )""",
    "CREATE INDEX verdicts_by_run ON verdicts (run_id)",
    """CREATE TABLE queries (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        batch TEXT NOT NULL,
        review TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
    )""",
    "CREATE INDEX queries_by_batch ON queries (batch, review)",
    "CREATE INDEX queries_by_review ON queries (review)",
)


def _create(connection: sqlite3.Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


def _add_search(connection: sqlite3.Connection) -> None:
    """Text search: the words of a run under way by turn, and one row in the full-text index for a finished one."""
    connection.execute("ALTER TABLE runs ADD COLUMN user_last INTEGER NOT NULL DEFAULT 0")
    connection.execute("CREATE TABLE turn_words (n INTEGER, turn INTEGER, words TEXT NOT NULL, PRIMARY KEY (n, turn)) WITHOUT ROWID")
    full_text = has_full_text(connection)
    if full_text:
        # Words are split and folded before they get here, so the plainest tokenizer is right: it splits at ASCII spaces only.
        connection.execute("CREATE VIRTUAL TABLE run_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')")
    event_of: TypeAdapter[Event] = TypeAdapter(Event)
    for n, run_id, status in connection.execute("SELECT n, id, status FROM runs ORDER BY n").fetchall():
        bodies = connection.execute("SELECT body FROM events WHERE run_id = ? ORDER BY seq", (run_id,)).fetchall()
        counted = tally(0, False, [event_of.validate_json(body) for (body,) in bodies])  # noqa: FBT003 - no turn yet, so none is the user's
        connection.execute("UPDATE runs SET turns = ?, user_last = ? WHERE n = ?", (counted.turns, counted.user_last, n))
        if full_text and status == "finished":
            connection.execute("INSERT INTO run_words (rowid, words) VALUES (?, ?)", (n, "".join(counted.words.values())))
        else:
            rows = [(n, turn, words) for turn, words in counted.words.items()]
            connection.executemany("INSERT INTO turn_words (n, turn, words) VALUES (?, ?, ?)", rows)


def _add_played(connection: sqlite3.Connection) -> None:
    """What was played, for runs that finish from now on; older ones are replayed from their events."""
    connection.execute("CREATE TABLE played (n INTEGER PRIMARY KEY, body TEXT NOT NULL)")


def _add_calls(connection: sqlite3.Connection) -> None:
    """The calls of models: for what they cost, for what was sent, and for replay by the hash of the request."""
    connection.execute(
        """CREATE TABLE model_calls (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL,
        run_id TEXT, batch TEXT, answered INTEGER NOT NULL, body TEXT NOT NULL
    )"""
    )
    connection.execute("CREATE INDEX model_calls_by_hash ON model_calls (hash, answered)")
    connection.execute("CREATE INDEX model_calls_by_run ON model_calls (run_id) WHERE run_id IS NOT NULL")
    connection.execute("CREATE INDEX model_calls_by_batch ON model_calls (batch) WHERE batch IS NOT NULL")


def _add_campaigns(connection: sqlite3.Connection) -> None:
    """Campaigns, their plans, and names for those that others are compared with."""
    for statement in (
        """CREATE TABLE campaigns (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT UNIQUE, name TEXT NOT NULL, status TEXT NOT NULL, why TEXT NOT NULL,
        total INTEGER NOT NULL, spec TEXT NOT NULL, spend TEXT NOT NULL, versions TEXT NOT NULL, owner TEXT, lease_until REAL,
        created_at REAL NOT NULL, updated_at REAL NOT NULL
    )""",
        """CREATE TABLE cells (
        campaign INTEGER NOT NULL REFERENCES campaigns (n), idx INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
        run_id TEXT, outcome TEXT, body TEXT NOT NULL, line TEXT, PRIMARY KEY (campaign, idx)
    ) WITHOUT ROWID""",
        "CREATE INDEX cells_by_state ON cells (campaign, state, outcome)",
        "CREATE INDEX cells_by_run ON cells (run_id) WHERE run_id IS NOT NULL",
        "CREATE TABLE baselines (name TEXT PRIMARY KEY, campaign_id TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID",
    ):
        connection.execute(statement)


def _add_texts_of_calls(connection: sqlite3.Connection) -> None:
    """Where the long texts of a call belong: they are kept once for all calls that sent them. Older calls have theirs in the body."""
    connection.execute("ALTER TABLE model_calls ADD COLUMN texts TEXT NOT NULL DEFAULT ''")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _create,
    _add_search,
    _add_played,
    _add_calls,
    _add_campaigns,
    _add_texts_of_calls,
)
"""Number 1 first."""
NEWEST = len(MIGRATIONS)


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    return bool(connection.execute("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'").fetchone()[0])


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last step applied; 0 for an empty database."""
    if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'").fetchone()[0]:
        return 0
    return int(connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path, *, at: float, busy_timeout: float) -> None:
    """Bring the database to the newest schema. Raises StoreTooNew, before anything is written, and sqlite3.Error."""
    if _check(connection, path) == NEWEST:
        return
    begin(connection, busy_timeout)
    try:
        done = _check(connection, path)
        if done == 0:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at REAL NOT NULL)")
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            step(connection)
            connection.execute("INSERT INTO schema_version (version, applied_at) VALUES (?, ?)", (number, at))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, path: Path) -> int:
    version = version_of(connection)
    if version > NEWEST:
        raise StoreTooNew(
            str(path),
            f"the store was written by a newer Understudy (schema {version}; this one knows {NEWEST}); it was left as it is",
            "Upgrade Understudy, or name another file as the store",
        )
    return version

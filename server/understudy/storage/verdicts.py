"""Verdicts in SQL."""

from __future__ import annotations

import sqlite3

from understudy.domain.verdict import Verdict

__all__ = ["of_run", "put"]


def put(connection: sqlite3.Connection, verdict: Verdict, body: str, *, after: int | None = None) -> bool:
    """Store a verdict and make its outcome that of the run; the same id again changes nothing, nor does another number of verdicts than
    `after`. Whether it was stored."""
    if after is not None and after != connection.execute("SELECT count(*) FROM verdicts WHERE run_id = ?", (verdict.run_id,)).fetchone()[0]:
        return False
    added = connection.execute(
        "INSERT INTO verdicts (id, run_id, outcome, at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (verdict.id, verdict.run_id, verdict.outcome, verdict.at, body),
    ).rowcount
    if added:
        connection.execute("UPDATE runs SET outcome = ? WHERE id = ?", (verdict.outcome, verdict.run_id))
    return bool(added)


def of_run(connection: sqlite3.Connection, run_id: str) -> list[Verdict]:
    """A run's verdicts, in the order in which they were stored."""
    rows = connection.execute("SELECT body FROM verdicts WHERE run_id = ? ORDER BY n", (run_id,))
    return [Verdict.model_validate_json(body) for (body,) in rows]

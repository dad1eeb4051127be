"""The calls of models in SQL."""

from __future__ import annotations

import sqlite3

from understudy.domain.model_call import ModelCall

__all__ = ["nth", "of", "put"]


def put(connection: sqlite3.Connection, call: ModelCall, body: str) -> None:
    """Keep a call; the same id again changes nothing."""
    connection.execute(
        "INSERT INTO model_calls (id, hash, run_id, batch, answered, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (call.id, call.hash, call.made_for.run_id, call.made_for.batch, call.answer is not None, body),
    )


def of(connection: sqlite3.Connection, *, run_id: str | None, batch: str | None) -> list[ModelCall]:
    """The calls made for a run or a batch, in the order in which they were stored."""
    chosen = [(column, value) for column, value in (("run_id", run_id), ("batch", batch)) if value is not None]
    condition = " AND ".join(f"{column} = ?" for column, _ in chosen) or "1 = 1"
    rows = connection.execute(f"SELECT body FROM model_calls WHERE {condition} ORDER BY n", tuple(v for _, v in chosen))  # noqa: S608 - constants
    return [ModelCall.model_validate_json(body) for (body,) in rows]


def nth(connection: sqlite3.Connection, hash: str, position: int) -> ModelCall | None:
    """The answered call at `position` among those of the request with this hash."""
    sql = "SELECT body FROM model_calls WHERE hash = ? AND answered ORDER BY n LIMIT 1 OFFSET ?"
    row = connection.execute(sql, (hash, position)).fetchone()
    return None if row is None else ModelCall.model_validate_json(row[0])

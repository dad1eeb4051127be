"""Queries and their review in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from understudy.domain.query import Query, ReviewState

__all__ = ["count", "one", "page", "put", "review", "save"]


def put(connection: sqlite3.Connection, new: Sequence[tuple[Query, str]], *, at: float) -> int:
    """Store queries with their JSON; one whose id exists is left as it is. How many were new."""
    return connection.executemany(
        "INSERT INTO queries (id, batch, review, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        [(query.id, query.batch, query.review, body, at, at) for query, body in new],
    ).rowcount


def save(connection: sqlite3.Connection, queries: Sequence[tuple[Query, str]], *, at: float) -> None:
    """Store queries with their JSON, in the place of those with the same ids, which keep their place in the order."""
    connection.executemany(
        "INSERT INTO queries (id, batch, review, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, review = excluded.review, body = excluded.body, "
        "updated_at = excluded.updated_at",
        [(query.id, query.batch, query.review, body, at, at) for query, body in queries],
    )


def one(connection: sqlite3.Connection, query_id: str) -> Query | None:
    """The query, or None."""
    row = connection.execute("SELECT body FROM queries WHERE id = ?", (query_id,)).fetchone()
    return None if row is None else Query.model_validate_json(row[0])


def page(connection: sqlite3.Connection, *, batch: str | None, review: ReviewState | None, limit: int, offset: int) -> list[Query]:
    """Queries in the order in which they were stored."""
    condition, parameters = _where(batch, review)
    sql = f"SELECT body FROM queries WHERE {condition} ORDER BY n LIMIT ? OFFSET ?"  # noqa: S608 - constants
    return [Query.model_validate_json(body) for (body,) in connection.execute(sql, (*parameters, limit, offset))]


def count(connection: sqlite3.Connection, *, batch: str | None, review: ReviewState | None) -> int:
    """How many there are."""
    condition, parameters = _where(batch, review)
    return int(connection.execute(f"SELECT count(*) FROM queries WHERE {condition}", parameters).fetchone()[0])  # noqa: S608 - constants


def review(connection: sqlite3.Connection, query_id: str, *, state: ReviewState, reason: str, text: str | None, at: float) -> Query | None:
    """Set the review of a query; None when there is none. Raises BadInput."""
    before = one(connection, query_id)
    if before is None:
        return None
    after = before.reviewed(state, reason=reason, text=text)
    connection.execute(
        "UPDATE queries SET review = ?, body = ?, updated_at = ? WHERE id = ?", (state, after.model_dump_json(), at, query_id)
    )
    return after


def _where(batch: str | None, review: ReviewState | None) -> tuple[str, tuple[str, ...]]:
    chosen = [(column, value) for column, value in (("batch", batch), ("review", review)) if value is not None]
    return " AND ".join(f"{column} = ?" for column, _ in chosen) or "1 = 1", tuple(value for _, value in chosen)

"""Lists of runs: filters, text search, pages. Each stays fast over hundreds of thousands of runs.

The rows of a page come in the order of `n`, which is exact to the millisecond; reading goes on to the end of the last millisecond
and sorts by the exact key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from understudy.ports import RunFilter, RunRecord
from understudy.storage.runs import COLUMNS, FROM, block_of, record_of
from understudy.storage.words import words_of

__all__ = ["count", "page", "words_wanted"]

_FILTERS = {"status": "status", "persona": "persona_id", "goal": "goal_id", "target": "target", "ending": "ending", "outcome": "outcome"}

_MOST_WORDS = 32
"""A pasted page must not become a query of thousands of terms."""


def words_wanted(wanted: RunFilter) -> list[str] | None:
    """The distinct words to find, 32 at most; None when no text is asked for, empty when the text has no word in it."""
    if wanted.text is None or not wanted.text.strip():
        return None
    return list(dict.fromkeys(words_of(wanted.text)))[:_MOST_WORDS]


@dataclass(frozen=True, slots=True)
class _Source:
    """FROM and WHERE of one place in which runs are found, with the parameters."""

    tables: str
    condition: str
    parameters: tuple[object, ...]
    order: str = "r.n"


def count(connection: sqlite3.Connection, wanted: RunFilter, *, full_text: bool) -> int:
    """How many runs fit."""
    total = 0
    for source in _sources(wanted, full_text=full_text):
        sql = f"SELECT count(*) FROM {source.tables} WHERE {source.condition}"  # noqa: S608 - constants
        total += connection.execute(sql, source.parameters).fetchone()[0]
    return total


def page(
    connection: sqlite3.Connection, wanted: RunFilter, *, limit: int, before: tuple[float, str] | None, full_text: bool
) -> list[RunRecord]:
    """The newest `limit` runs that fit, after the key `before`."""
    keys: list[tuple[float, str, int]] = []
    for source in _sources(wanted, full_text=full_text):
        keys.extend(_keys(connection, source, limit, before))
    keys.sort(reverse=True)
    chosen = keys[:limit]
    marks = ", ".join("?" * len(chosen))
    sql = f"SELECT {COLUMNS} FROM {FROM} WHERE r.n IN ({marks})"  # noqa: S608 - constants
    records = [record_of(row) for row in connection.execute(sql, [n for _, _, n in chosen])]
    return sorted(records, key=lambda r: (r.created_at, r.id), reverse=True)


def _keys(
    connection: sqlite3.Connection, source: _Source, limit: int, before: tuple[float, str] | None
) -> Iterator[tuple[float, str, int]]:
    condition, parameters = source.condition, source.parameters
    if before is not None:
        condition += f" AND {source.order} < ?"
        parameters = (*parameters, block_of(before[0] + 0.001))
    sql = f"SELECT r.created_at, r.id, r.n FROM {source.tables} WHERE {condition} ORDER BY {source.order} DESC"  # noqa: S608 - constants
    found = 0
    block = None
    for created_at, run_id, n in connection.execute(sql, parameters):
        if found >= limit and block_of(created_at) != block:
            return
        if before is None or (created_at, run_id) < before:
            found += 1
            block = block_of(created_at)
            yield created_at, run_id, n


def _sources(wanted: RunFilter, *, full_text: bool) -> list[_Source]:
    """Where to look: the table itself, or, for a text, the full-text index and the words of the runs that are not in it yet."""
    conditions: list[str] = []
    parameters: list[object] = []
    for name, column in _FILTERS.items():
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(f"r.{column} = ?")
            parameters.append(value)
    words = words_wanted(wanted)
    if words is None:
        return [_Source("runs r", " AND ".join(conditions) or "1 = 1", tuple(parameters))]
    if not words:
        return []
    like = " INTERSECT ".join(["SELECT n FROM turn_words WHERE words LIKE ?"] * len(words))
    sources = [_Source("runs r", " AND ".join([*conditions, f"r.n IN ({like})"]), (*parameters, *(f"% {word} %" for word in words)))]
    if full_text:
        match = " ".join(f'"{word}"' for word in words)
        # CROSS JOIN keeps the index on the left, so that its own order, newest first, is used and reading can stop early.
        tables = "run_words f CROSS JOIN runs r ON r.n = f.rowid" if conditions else "run_words f JOIN runs r ON r.n = f.rowid"
        sources.append(_Source(tables, " AND ".join(["run_words MATCH ?", *conditions]), (match, *parameters), order="f.rowid"))
    return sources

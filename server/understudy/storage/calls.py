"""The calls of models in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import from_json, to_json

from understudy.domain.model_call import ModelCall
from understudy.storage.long_texts import lifted, restored

__all__ = ["KeptCall", "kept_call", "nth", "of", "put"]

_COLUMNS = "body, texts"


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A call to be stored, encoded before its transaction begins."""

    call: ModelCall
    body: str
    places: str
    """Where its long texts belong, as JSON; empty when it has none."""
    texts: Mapping[str, str]
    """The long texts by their hash."""


def kept_call(call: ModelCall) -> KeptCall:
    """Encode a call. What a conversation sends with each of its calls (rules, persona) is kept once, not once a call."""
    sent, places, texts = lifted(call.sent)
    return KeptCall(call, call.evolve(sent=sent).model_dump_json(), to_json(places).decode() if places else "", texts)


def put(connection: sqlite3.Connection, kept: KeptCall) -> None:
    """Keep a call; the same id again changes nothing."""
    call = kept.call
    connection.executemany("INSERT INTO bodies (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", kept.texts.items())
    connection.execute(
        "INSERT INTO model_calls (id, hash, run_id, batch, answered, body, texts) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (call.id, call.hash, call.made_for.run_id, call.made_for.batch, call.answer is not None, kept.body, kept.places),
    )


def of(connection: sqlite3.Connection, *, run_id: str | None, batch: str | None) -> list[ModelCall]:
    """The calls made for a run or a batch, in the order in which they were stored."""
    chosen = [(column, value) for column, value in (("run_id", run_id), ("batch", batch)) if value is not None]
    condition = " AND ".join(f"{column} = ?" for column, _ in chosen) or "1 = 1"
    rows = connection.execute(f"SELECT {_COLUMNS} FROM model_calls WHERE {condition} ORDER BY n", tuple(v for _, v in chosen))  # noqa: S608 - constants
    return [_call(connection, *row) for row in rows]


def nth(connection: sqlite3.Connection, hash: str, position: int) -> ModelCall | None:
    """The answered call at `position` among those of the request with this hash."""
    sql = f"SELECT {_COLUMNS} FROM model_calls WHERE hash = ? AND answered ORDER BY n LIMIT 1 OFFSET ?"  # noqa: S608 - constants
    row = connection.execute(sql, (hash, position)).fetchone()
    return None if row is None else _call(connection, *row)


def _call(connection: sqlite3.Connection, body: str, places: str) -> ModelCall:
    call = ModelCall.model_validate_json(body)
    if not places:
        return call

    def text_of(digest: str) -> str:
        return str(connection.execute("SELECT body FROM bodies WHERE hash = ?", (digest,)).fetchone()[0])

    return call.evolve(sent=restored(call.sent, from_json(places), text_of))

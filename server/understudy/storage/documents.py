"""Versioned documents in SQL: personas, goals, rubrics and topics, addressed by their content."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from pydantic_core import from_json, to_json

from understudy.domain.errors import Conflict
from understudy.domain.value import JsonObject
from understudy.ports import Document, DocumentKind

__all__ = ["archive", "content_hash", "find", "newest", "put"]

_COLUMNS = "kind, id, version, hash, body, archived, created_at"


def content_hash(body: JsonObject) -> str:
    """The first 16 hex digits of the SHA-256 of the canonical JSON."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def put(
    connection: sqlite3.Connection, kind: DocumentKind, id: str, body: JsonObject, *, at: float, expect_version: int | None
) -> Document:
    """A new version, or the present one when it has the same content. Raises Conflict."""
    present = find(connection, kind, id, version=None)
    digest = content_hash(body)
    if present is not None and present.hash == digest:
        return present
    version = present.version if present else 0
    if expect_version is not None and expect_version != version:
        raise Conflict(conflict_text(kind, id, version, expect_version))
    document = Document(
        kind=kind, id=id, version=version + 1, hash=digest, body=body, archived=present.archived if present else False, created_at=at
    )
    connection.execute(
        f"INSERT INTO documents ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
        (kind, id, document.version, digest, to_json(body).decode(), document.archived, at),
    )
    return document


def conflict_text(kind: str, id: str, version: int, expected: int) -> str:
    """Why a document was not written, and what to do."""
    if expected == 0:
        return f"There is a {kind} `{id}` already (version {version}). Choose another id, or update that one."
    if version == 0:
        return f"There is no {kind} `{id}` to update. Create it first."
    return f"The {kind} `{id}` is at version {version}, not {expected}: it changed in the meantime. Read it again, then repeat the change."


def find(connection: sqlite3.Connection, kind: DocumentKind, id: str, *, version: int | None) -> Document | None:
    """One version, the newest for None."""
    sql = f"SELECT {_COLUMNS} FROM documents WHERE kind = ? AND id = ?"  # noqa: S608 - constants
    if version is None:
        row = connection.execute(f"{sql} ORDER BY version DESC LIMIT 1", (kind, id)).fetchone()
    else:
        row = connection.execute(f"{sql} AND version = ?", (kind, id, version)).fetchone()
    return _document_of(row) if row else None


def newest(connection: sqlite3.Connection, kind: DocumentKind, *, archived: bool) -> list[Document]:
    """The newest version of each document, by id."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM documents d WHERE kind = ? AND archived <= ? AND version = "  # noqa: S608 - constants
        "(SELECT max(version) FROM documents x WHERE x.kind = d.kind AND x.id = d.id) ORDER BY id",
        (kind, int(archived)),
    )
    return [_document_of(row) for row in rows]


def archive(connection: sqlite3.Connection, kind: DocumentKind, id: str, *, archived: bool) -> bool:
    """Hide or show every version; whether there is one."""
    sql = "UPDATE documents SET archived = ? WHERE kind = ? AND id = ?"
    return connection.execute(sql, (int(archived), kind, id)).rowcount > 0


def _document_of(row: tuple[Any, ...]) -> Document:
    kind, id, version, digest, body, archived, created_at = row
    return Document(kind=kind, id=id, version=version, hash=digest, body=from_json(body), archived=bool(archived), created_at=created_at)

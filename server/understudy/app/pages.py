"""Pages: rows cut to what a model can read at once, and the cursor to the rest."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from understudy.domain.errors import BadInput

__all__ = ["PAGE_CHARACTERS", "cut", "cut_json", "decode_cursor", "encode_cursor", "fit", "offset_of", "page_of"]

PAGE_CHARACTERS = 8_000
"""JSON characters of the rows of one page: clients cut answers near 10,000."""

Row = TypeVar("Row", bound=BaseModel)


def encode_cursor(*position: Any) -> str:
    """An opaque cursor for a position in a list."""
    return base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """The position behind a cursor. Raises BadInput for anything that this list did not hand out."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw: object = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, UnicodeError, RecursionError):
        raw = None
    position = cast("list[object]", raw) if isinstance(raw, list) else []
    position = [p for p in position if not isinstance(p, float) or math.isfinite(p)]
    if len(position) != len(types) or not all(isinstance(p, t) and not isinstance(p, bool) for p, t in zip(position, types, strict=True)):
        raise BadInput("cursor", f"`{cursor[:40]}` is not a cursor of this list", "Pass `next_cursor` of the page before, or leave it out")
    return tuple(position)


def offset_of(cursor: str | None) -> int:
    """The row at which a page starts; 0 without a cursor. Raises BadInput."""
    offset = int(decode_cursor(cursor, int)[0]) if cursor else 0
    if offset < 0:
        raise BadInput("cursor", "points before the start of the list", "Leave it out to start again")
    return offset


def fit(rows: Iterable[Row], *, characters: int = PAGE_CHARACTERS) -> list[Row]:
    """The leading rows whose JSON fits into `characters`; at least one."""
    kept: list[Row] = []
    used = 0
    for row in rows:
        used += len(row.model_dump_json(exclude_none=True)) + 1
        if kept and used > characters:
            break
        kept.append(row)
    return kept


def page_of(rows: Sequence[Row], cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """One page of rows that are all at hand, and the cursor to the next."""
    start = offset_of(cursor)
    kept = fit(rows[start : start + limit])
    end = start + len(kept)
    return kept, encode_cursor(end) if kept and end < len(rows) else None


def cut(text: str, characters: int) -> str:
    """`text`, shortened to `characters` with a mark where it was cut."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def cut_json(text: str, characters: int) -> str:
    """`text`, shortened so that its JSON has at most `characters`: quotes and line breaks count double there, control characters six."""
    short = cut(text, characters)
    while (size := len(json.dumps(short, ensure_ascii=False)) - 2) > characters:
        short = cut(text, max(1, int(len(short) * characters / size) - 1))
    return short

"""Queries out to a reviewer's file and back in: nothing is lost on the way, and an edited file is applied whole or not at all."""

from __future__ import annotations

from pathlib import Path

from understudy.app.context import App
from understudy.domain.errors import BadFile, NotFound
from understudy.domain.query import Query
from understudy.domain.value import Value
from understudy.queries.exchange import Format, format_of, read_rows, write_rows
from understudy.queries.reviewing import Merged, merge

__all__ = ["Exported", "Imported", "export_queries", "import_queries", "text_of"]

MOST_QUERIES = 100_000
MOST_BYTES = 64_000_000
MOST_TOLD = 10


class Exported(Value):
    """What was written."""

    file: str
    queries: int


class Imported(Value):
    """What an edited file did."""

    file: str
    changed: int
    added: int
    unchanged: int
    left_as_they_are: int
    """Queries of the same batches whose rows were deleted from the file."""
    counts: dict[str, int]
    """Rows of the file by review state, as they are now."""
    new_batch: str | None = None
    """Where rows without a batch came to."""
    ignored: list[str] = []
    """Edits of columns that a review does not change."""


async def text_of(app: App, batch: str, form: Format) -> tuple[str, int]:
    """The batch as a text, and how many queries it has. Raises NotFound."""
    found = await (await app.store()).queries(batch=batch, limit=MOST_QUERIES)
    if not found:
        raise NotFound("batch", batch, hint="generate_queries (`understudy queries generate`) makes one and tells its id")
    return write_rows(found, form), len(found)


async def export_queries(app: App, batch: str, file: Path, *, force: bool = False) -> Exported:
    """Write a batch to a .csv or .jsonl file. Raises NotFound, and BadFile: also for a file that exists, unless `force`."""
    form = format_of(file.name)
    text, count = await text_of(app, batch, form)
    _write(file, text, force=force)
    return Exported(file=str(file), queries=count)


async def import_queries(app: App, file: Path) -> Imported:
    """Apply an edited file: decisions, new wordings, expectations, new rows. Raises BadFile, and then nothing was applied."""
    form = format_of(file.name)
    rows = read_rows(_read(file), form, name=str(file))
    store = await app.store()
    named = {str(row.values.get("id") or "").strip() for row in rows} - {""}
    known = [q for q in [await store.query(id) for id in sorted(named)] if q is not None]
    stored: dict[str, Query] = {}
    for batch in dict.fromkeys(q.batch for q in known):
        stored |= {q.id: q for q in await store.queries(batch=batch, limit=MOST_QUERIES)}
    new_batch = app.new_id("batch")
    merged = merge(rows, stored, name=str(file), new_batch=new_batch)
    await store.save_queries([*merged.changed, *merged.added], at=app.clock())
    return _told(file, merged, [stored[id] for id in named if id in stored], new_batch)


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("wb" if force else "xb") as out:
            out.write(text.encode())
    except FileExistsError as error:
        fix = "Choose another name, or add --force"
        raise BadFile(str(file), None, None, "exists already, and may hold somebody's review", fix) from error
    except OSError as error:
        raise BadFile(str(file), None, None, f"cannot be written: {error.strerror}") from error


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadFile(str(file), None, None, f"is larger than {MOST_BYTES // 1_000_000} MB", "Split it")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(str(file), None, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        at = error.object[: error.start].count(b"\n") + 1
        raise BadFile(str(file), at, None, "is not UTF-8 text", "Save it as `CSV UTF-8`, as spreadsheet programs call it") from error


def _told(file: Path, merged: Merged, before: list[Query], new_batch: str) -> Imported:
    now = {q.id: q for q in (*before, *merged.changed, *merged.added)}
    counts: dict[str, int] = {}
    for query in now.values():
        counts[query.review] = counts.get(query.review, 0) + 1
    more = [f"and {len(merged.ignored) - MOST_TOLD} more"] if len(merged.ignored) > MOST_TOLD else []
    return Imported(
        file=str(file),
        changed=len(merged.changed),
        added=len(merged.added),
        unchanged=merged.unchanged,
        left_as_they_are=len(merged.kept_out),
        counts=counts,
        new_batch=new_batch if any(q.batch == new_batch for q in merged.added) else None,
        ignored=[*merged.ignored[:MOST_TOLD], *more],
    )

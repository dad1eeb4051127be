"""Characters in a reviewer's file that no store can hold: a message with the row, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from understudy.app.context import App
from understudy.app.queries import generate_queries
from understudy.app.query_files import export_queries, import_queries
from understudy.domain.errors import BadFile
from understudy.settings.model import Settings
from understudy.wiring import make_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    made = make_app(Settings(store=tmp_path / "store"), env={})
    yield made
    await made.aclose()


async def exported(app: App, file: Path) -> str:
    page = await generate_queries(app, pack="bank", count=3, idempotency_key="this one")
    await export_queries(app, str(page.batch), file, force=True)
    return file.read_bytes().decode()  # noqa: ASYNC240 - nothing else runs


async def refused(app: App, file: Path) -> BadFile:
    """The error of an import that must leave everything as it was."""
    before = await exported(app, file.with_name(f"before{file.suffix}"))
    with pytest.raises(BadFile) as caught:
        await import_queries(app, file)
    assert await exported(app, file.with_name(f"after{file.suffix}")) == before
    str(caught.value).encode()
    return caught.value


BAD: list[tuple[str, Any]] = [
    ("id", "\ud800"),
    ("id", "\0"),
    ("query", "Is it\0 open?"),
    ("query", "Is it \udfff open?"),
    ("reason", "\0"),
    ("persona", "\udc80"),
    ("grounded_in", ["\ud83d"]),
    ("expected", {"must_say": ["Monday\0"]}),
    ("expected", {"reference": "\ud800"}),
    ("\ud800", "?"),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=[f"{n} {field!a}" for n, (field, _) in enumerate(BAD)])
async def test_json_with_characters_that_no_store_can_hold_is_refused_with_its_row(
    app: App, tmp_path: Path, field: str, value: Any
) -> None:
    file = tmp_path / "review.jsonl"
    first, second, third = (await exported(app, file)).splitlines()
    decided = json.dumps(json.loads(first) | {"review": "accepted"})
    file.write_text("\n".join([decided, json.dumps(json.loads(second) | {field: value}), third]), encoding="utf-8")
    error = await refused(app, file)
    assert error.line == 2
    assert error.field is not None
    assert error.field.startswith(field.encode(errors="backslashreplace").decode())


async def test_half_a_pair_that_is_no_escape_is_told_as_no_utf_8(app: App, tmp_path: Path) -> None:
    file = tmp_path / "review.jsonl"
    lines = (await exported(app, file)).splitlines()
    file.write_bytes("\n".join([lines[0], lines[1].replace("?", "\ud800?", 1)]).encode("utf-8", "surrogatepass"))
    error = await refused(app, file)
    assert (error.line, error.problem) == (2, "is not UTF-8 text")


@pytest.mark.parametrize(("column", "cell"), [("query", "Is it\0 open?"), ("expected_must_say", '["\\ud83d"]')])
async def test_a_table_with_such_characters_is_refused_with_its_row(app: App, tmp_path: Path, column: str, cell: str) -> None:
    file = tmp_path / "review.csv"
    rows = list(csv.DictReader(io.StringIO((await exported(app, file)).removeprefix("\ufeff"), newline="")))
    rows[0]["review"] = "accepted"
    rows[1][column] = cell
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    error = await refused(app, file)
    assert error.line is not None
    assert error.line >= 3

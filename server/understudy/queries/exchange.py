"""Queries as CSV and JSONL for people who review in a spreadsheet or an editor, and back without loss.

Text in and text out. A cell that a spreadsheet would run as a formula is written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from understudy.domain.errors import BadFile
from understudy.domain.query import ExpectedAnswer, Query
from understudy.wire.parsing import is_list, is_object

__all__ = ["COLUMNS", "Format", "Row", "format_of", "read_rows", "write_rows"]

Format = Literal["csv", "jsonl"]

EXPECTED = "expected_"
COLUMNS = (
    "id", "review", "reason", "query", "topic", "user_type", "user_background",
    "expected_must_say", "expected_must_not_say", "expected_reference", "expected_tone", "expected_language",
    "method", "persona", "language", "grounded_in", "original", "written_by", "batch", "seed",
)  # fmt: skip
"""What a reviewer works on comes first."""
LISTS = frozenset({"grounded_in", "expected_must_say", "expected_must_not_say", "expected_tone"})
NOTHING_IS_NONE = frozenset({"topic", "persona", "original", "expected_language"})
MOST_COLUMNS = 200
"""Empty ones beside ours, as spreadsheets leave them."""
BOM = "\ufeff"
_FORMULA = re.compile(r"^'*\s*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"^'+\s*[=+\-@＝＋－＠\t\r\n]")
_DELIMITERS = ",;\t"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""NUL and halves of surrogate pairs: JSON and CSV let them through, and no database and no UTF-8 file holds them."""


@dataclass(frozen=True)
class Row:
    """One row of a reviewer's file: what it says, by column; a column that is not there says nothing."""

    line: int
    """Where it begins, counted from 1."""
    values: Mapping[str, Any]


def format_of(name: str) -> Format:
    """By the file's suffix. Raises BadFile."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "csv":
        return "csv"
    if suffix in ("jsonl", "ndjson"):
        return "jsonl"
    raise BadFile(name, None, None, "is neither CSV nor JSONL by its name", "End the name in .csv or .jsonl")


def write_rows(queries: Sequence[Query], form: Format) -> str:
    """The queries as a text; CSV begins with a byte-order mark, by which spreadsheet programs know that it is UTF-8."""
    if form == "jsonl":
        return "".join(query.model_dump_json() + "\n" for query in queries)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for query in queries:
        values = _flat(query)
        table.writerow([_cell(column, values[column]) for column in COLUMNS])
    return BOM + text.getvalue()


def read_rows(text: str, form: Format, *, name: str) -> list[Row]:
    """The rows of a file, by line; values are of the types of `Query`, not yet checked. Raises BadFile for what is no table."""
    text = text.removeprefix(BOM)
    rows = _json_rows(text, name) if form == "jsonl" else _table_rows(text, name)
    for row in rows:
        _refuse_what_is_no_text(row, name)
    return rows


def _refuse_what_is_no_text(row: Row, name: str) -> None:
    for column, value in row.values.items():
        if found := next((hit for text in _texts_in(value) if (hit := _NO_TEXT.search(text))), None):
            problem = f"holds the character U+{ord(found[0]):04X}, which is no text"
            raise BadFile(name, row.line, column, problem, "Delete it, or put the exported value back. Nothing was applied")


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_object(value):
        for key, inner in value.items():
            yield from (*_texts_in(key), *_texts_in(inner))
    elif is_list(value):
        for inner in value:
            yield from _texts_in(inner)


def _flat(query: Query) -> dict[str, Any]:
    values = query.model_dump(mode="json")
    expected = values.pop("expected") or ExpectedAnswer().model_dump(mode="json")
    return values | {EXPECTED + name: value for name, value in expected.items()}


def _cell(column: str, value: Any) -> str:
    if column in LISTS:
        value = _joined(value)
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _joined(items: Sequence[str]) -> str:
    """One a line where that can be read back, else as JSON."""
    plain = all(item == item.strip() and item and "\n" not in item and "\r" not in item for item in items)
    return "\n".join(items) if plain and not (items and items[0].startswith("[")) else json.dumps(list(items), ensure_ascii=False)


def _value(column: str, cell: str) -> Any:
    text = cell[1:] if _GUARDED.match(cell) else cell
    if column in LISTS:
        return _split(text)
    return None if column in NOTHING_IS_NONE and not text.strip() else text


def _split(text: str) -> Any:
    stripped = text.strip()
    if stripped.startswith("["):
        try:
            return json.loads(stripped)
        except (ValueError, RecursionError):
            return text  # refused with the row, which tells its line
    return [line.strip() for line in re.split(r"\r\n|\n|\r", text) if line.strip()]


def _table_rows(text: str, name: str) -> list[Row]:
    first, _, rest = text.partition("\n")
    offset = 0
    delimiter = None
    if re.fullmatch(r"sep=.\r?", first, re.IGNORECASE):
        delimiter, text, offset = first.rstrip("\r")[4], rest, 1
    first = text.partition("\n")[0]
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    header: list[str] = []
    begins = 1
    try:
        for cells in reader:
            line, begins = begins + offset, reader.line_num + 1
            if not header:
                header = _header(cells, name, line)
            elif any(cell.strip() for cell in cells):
                rows.append(Row(line, _by_column(header, cells, name, line)))
    except csv.Error as error:
        fix = "Check the quotes of this row, or save the sheet as CSV again"
        raise BadFile(name, begins + offset, None, f"is no readable row: {error}", fix) from error
    if not header:
        raise BadFile(name, None, None, "is empty", "Export a batch and edit that file")
    return rows


def _header(cells: list[str], name: str, line: int) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if len(header) > MOST_COLUMNS:
        raise BadFile(name, line, None, f"has {len(header):,} columns", f"Columns: {', '.join(COLUMNS)}")
    if unknown := [c for c in header if c and c not in COLUMNS]:
        raise BadFile(name, line, unknown[0], "is no column of a batch of queries", f"Columns: {', '.join(COLUMNS)}")
    if twice := [c for c in header if c and header.count(c) > 1]:
        raise BadFile(name, line, twice[0], "stands twice in the heading", "Keep one of the two columns")
    if "query" not in header and "id" not in header:
        raise BadFile(name, line, "id", "is not in the heading, nor is `query`", "Keep the heading of the exported file")
    return header


def _by_column(header: list[str], cells: list[str], name: str, line: int) -> dict[str, Any]:
    by_column = {column: _value(column, cell) for column, cell in zip(header, cells, strict=False) if column}
    told = f"has {len(cells)} cells, and the heading has {len(header)}"
    if any(cell.strip() for cell in cells[len(header) :]):
        raise BadFile(name, line, None, told, "Put a cell that has a comma or line break into double quotes")
    # Excel leaves empty cells at the end of a row out; an exported row ends with a seed, so there it means a broken quote.
    if len(cells) < len(header) and by_column.get("id"):
        raise BadFile(name, line, None, told, "Check the quotes of this row and of the one before")
    return by_column


def _json_rows(text: str, name: str) -> list[Row]:
    return [Row(line, _flattened(raw, name, line)) for line, raw in _lines(text, name)]


def _lines(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            raw: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadFile(name, number, None, f"is no JSON: {error}", "Each line has to hold one JSON object") from error
        if not isinstance(raw, dict):
            raise BadFile(name, number, None, f"is a {type(raw).__name__}, not an object", "Each line has to hold one JSON object")
        yield number, cast("dict[str, Any]", raw)


def _flattened(raw: dict[str, Any], name: str, line: int) -> dict[str, Any]:
    values = dict(raw)
    if "expected" in values:
        expected = values.pop("expected")
        if expected is None:
            expected = ExpectedAnswer().model_dump(mode="json")
        if not isinstance(expected, dict):
            raise BadFile(name, line, "expected", "is no object", "Give {must_say, must_not_say, reference, tone, language}, or null")
        values |= {EXPECTED + str(k): v for k, v in cast("dict[str, Any]", expected).items()}
    if unknown := [k for k in values if k not in COLUMNS]:
        shown = unknown[0].encode(errors="backslashreplace").decode()
        raise BadFile(name, line, shown, "is no field of a query", f"Fields: {', '.join(Query.model_fields)}")
    return values

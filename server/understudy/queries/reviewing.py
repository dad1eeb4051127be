"""A reviewer's file beside the stored queries: what it changes, what it adds, and what is wrong with which row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from understudy.domain.errors import BadFile
from understudy.domain.query import ExpectedAnswer, Query, ReviewState
from understudy.domain.value import Value
from understudy.queries.exchange import EXPECTED, Row

__all__ = ["Merged", "merge"]

STATES: Mapping[str, ReviewState] = {
    "pending": "pending", "accept": "accepted", "accepted": "accepted", "reject": "rejected", "rejected": "rejected",
    "edit": "edited", "edited": "edited",
}  # fmt: skip
DECIDED_BY_REVIEWERS = frozenset({"id", "review", "reason", "query"})
MOST_BROKEN = 5
SHOWN = 60


class Merged(Value):
    """What a file would do."""

    changed: tuple[Query, ...]
    added: tuple[Query, ...]
    unchanged: int
    kept_out: tuple[str, ...]
    """Queries of the same batches that the file does not have: they stay as they are."""
    ignored: tuple[str, ...]
    """Edited columns that a review does not change, such as the seed, row by row."""


class _Broken(Exception):
    def __init__(self, field: str, problem: str, fix: str) -> None:
        self.field, self.problem, self.fix = field, problem, fix
        super().__init__(problem)


def merge(rows: Sequence[Row], stored: Mapping[str, Query], *, name: str, new_batch: str) -> Merged:
    """What the rows say of the `stored` queries (all of the batches in question, by id). Rows without an id, or with one that is not
    stored, are new; those without a batch come into `new_batch`.

    Raises BadFile that names the first broken row, its column and value, and how many more there are; nothing is to be applied then.
    """
    changed: list[Query] = []
    added: list[Query] = []
    broken: list[tuple[int, _Broken]] = []
    ignored: list[str] = []
    seen: dict[str, int] = {}
    unchanged = 0
    for row in rows:
        try:
            known = _known(row, stored, seen)
            if known is None:
                added.append(_new(row, f"{new_batch}-{len(added) + 1:04d}", new_batch))
                continue
            after = _after(known, row)
            ignored += [f"line {row.line}: `{c}` of {known.id} stays as it was" for c in _other_changes(known, row)]
            if after == known:
                unchanged += 1
            else:
                changed.append(after)
        except _Broken as problem:
            broken.append((row.line, problem))
    if broken:
        raise _refusal(name, broken)
    batches = {stored[id].batch for id in seen if id in stored}
    left = tuple(id for id, query in stored.items() if query.batch in batches and id not in seen)
    return Merged(changed=tuple(changed), added=tuple(added), unchanged=unchanged, kept_out=left, ignored=tuple(ignored))


def _refusal(name: str, broken: list[tuple[int, _Broken]]) -> BadFile:
    (line, first), *others = broken
    more = f". Broken as well: {', '.join(f'line {n} (`{p.field}`)' for n, p in others[: MOST_BROKEN - 1])}" if others else ""
    more += f" and {len(others) - MOST_BROKEN + 1} more" if len(others) >= MOST_BROKEN else ""
    return BadFile(name, line, first.field, first.problem, f"{first.fix}. Nothing was applied{more}")


def _known(row: Row, stored: Mapping[str, Query], seen: dict[str, int]) -> Query | None:
    id = row.values.get("id")
    if id is None or (isinstance(id, str) and not id.strip()):
        return None
    if not isinstance(id, str):
        raise _Broken("id", f"{_shown(id)} is no id", "Leave it as exported, or empty for a new query")
    id = id.strip()
    if id in seen:
        raise _Broken("id", f"{_shown(id)} stands in line {seen[id]} already", "Clear the id of the row that is new")
    seen[id] = row.line
    return stored.get(id)


def _after(known: Query, row: Row) -> Query:
    """The stored query with what the row decides."""
    values = row.values
    text = known.query
    if "query" in values:
        text = _text(values["query"])
    state = _state(values.get("review"), known.review)
    reason = str(values.get("reason") if values.get("reason") is not None else known.reason) if "reason" in values else known.reason
    edited = text != known.query
    if edited and state in ("rejected", "pending") and state != known.review:
        problem = f"{_shown(values.get('review'))} does not go with a changed query"
        raise _Broken("review", problem, "Write `edited`, or put the old wording back")
    if edited:
        state = "edited"
    if state == "edited" and known.review != "edited" and not edited:
        raise _Broken("review", "is `edited`, and the query reads as before", "Change the query, or write `accepted`")
    if state == "rejected" and not reason.strip():
        raise _Broken("reason", "is empty, and a rejection needs one", "Say why, so that the next batch can do better")
    after = known
    if edited:
        after = after.reviewed("edited", reason=reason, text=text)
    elif (state, reason) != (known.review, known.reason):
        after = after.evolve(review=state, reason=reason)
    named = {k: v for k, v in values.items() if k.startswith(EXPECTED)}
    return after.expecting(_expected(named, known.expected)) if named else after


def _new(row: Row, id: str, batch: str) -> Query:
    values = {k: v for k, v in row.values.items() if not k.startswith(EXPECTED) and not _blank(v)}
    _text(values.get("query"))
    named = {k: v for k, v in row.values.items() if k.startswith(EXPECTED)}
    review = _state(values.pop("review", None), "pending")
    expected = _expected(named, None)
    complete: dict[str, Any] = {
        "id": id, "batch": batch, "topic": None, "user_type": "", "user_background": "", "method": "offline", "seed": 0,
    } | values | {"review": review, "expected": None if expected.is_empty else expected}  # fmt: skip
    if review == "rejected" and not str(complete.get("reason", "")).strip():
        raise _Broken("reason", "is empty, and a rejection needs one", "Say why, so that the next batch can do better")
    try:
        return Query.model_validate(complete)
    except ValidationError as error:
        raise _from(error, complete) from None


def _other_changes(known: Query, row: Row) -> list[str]:
    """Columns with another value than the stored one, that no review changes."""
    stored = known.model_dump(mode="json")
    return [
        column
        for column, value in row.values.items()
        if column not in DECIDED_BY_REVIEWERS and not column.startswith(EXPECTED) and not _same(value, stored[column])
    ]


def _same(given: Any, stored: Any) -> bool:
    if _blank(given) and _blank(stored):
        return True
    return given == stored if not isinstance(stored, int) else str(given) == str(stored)


def _blank(value: Any) -> bool:
    return value is None or value == "" or value == []


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Broken("query", f"{_shown(value)} is no query", "Give its words, or delete the whole row to leave the query as it is")
    return value.strip()


def _state(value: Any, present: ReviewState) -> ReviewState:
    if value is None or value == "":
        return present
    state = STATES.get(value.strip().lower()) if isinstance(value, str) else None
    if state is None:
        raise _Broken("review", f"{_shown(value)} is no state", "Write one of pending, accepted, rejected, edited")
    return state


def _expected(named: Mapping[str, Any], before: ExpectedAnswer | None) -> ExpectedAnswer:
    fields = {k.removeprefix(EXPECTED): v for k, v in named.items()}
    if isinstance(tones := fields.get("tone"), list):
        fields["tone"] = [str(t).strip().lower() for t in cast("list[object]", tones)]
    start = (before or ExpectedAnswer()).model_dump(mode="json")
    try:
        return ExpectedAnswer.model_validate(start | {k: v if v is not None or k == "language" else start[k] for k, v in fields.items()})
    except ValidationError as error:
        raise _from(error, fields, prefix=EXPECTED) from None


def _from(error: ValidationError, values: Mapping[str, Any], *, prefix: str = "") -> _Broken:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "query"
    problem = f"{_shown(values.get(field))} does not fit: {first['msg'].lower()}"
    return _Broken(prefix + field, problem, "Mend the value, or put the exported one back")


def _shown(value: Any) -> str:
    text = "nothing" if _blank(value) else str(value)
    return f"`{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}`"

"""From what a caller sent to a value of ours, or an error that names the field and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from understudy.domain.errors import BadInput, nearest
from understudy.domain.value import JsonObject

__all__ = ["explain", "in_words", "refuse_dangling", "validated"]

Model = TypeVar("Model", bound=BaseModel)

_FORMS = (
    ("a-z0-9_-", "has to be lower-case letters, digits, hyphens; at most 64 characters"),
    ("[a-z]{2}(-[A-Z]{2})", "has to be a language tag such as en or de-AT"),
)
"""What a pattern asks for, by a part of it."""


def validated(of: type[Model], body: JsonObject) -> Model:
    """`body` as a value. Raises BadInput naming every field that does not fit."""
    try:
        return of.model_validate(body)
    except ValidationError as error:
        problems = explain(error, of)
        first_field, first = problems[0]
        rest = "; ".join(f"`{field}`: {text}" for field, text in problems[1:6])
        raise BadInput(first_field, first + (f"; {rest}" if rest else "")) from error


def refuse_dangling(found: Iterable[tuple[tuple[int | str, ...], str]]) -> None:
    """Raises BadInput for names that lead nowhere: the first, and in short those after it."""
    problems = [(_place(location), text) for location, text in found]
    if not problems:
        return
    field, text = problems[0]
    more = "; ".join(f"`{place}`: {words}" for place, words in problems[1:4])
    raise BadInput(field, text + (f"; {more}" if more else ""))


def explain(error: ValidationError, of: type[BaseModel]) -> list[tuple[str, str]]:
    """Each problem as (dotted field, one clause), with the nearest known name for an unknown field."""
    from understudy.library.validation import known_keys

    problems: list[tuple[str, str]] = []
    for item in error.errors(include_url=False, include_context=True):
        location = item["loc"]
        place = _place(location) or "(whole)"
        if item["type"] == "extra_forbidden":
            problems.append((place, "is not a known field" + _hint(str(location[-1]), known_keys(of, location[:-1]))))
        elif item["type"] == "missing":
            problems.append((place, "is required"))
        else:
            problems.append((place, f"{in_words(item)} (got {str(item['input'])[:60]!r})"))
    return problems


def in_words(item: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says, with patterns put into words."""
    if item["type"] == "string_pattern_mismatch":
        pattern = str(item.get("ctx", {}).get("pattern", ""))
        return next((words for part, words in _FORMS if part in pattern), str(item["msg"]))
    return str(item["msg"]).removeprefix("Value error, ")


def _hint(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"; did you mean `{near}`?" if near else f"; known: {', '.join(known)}" if known else ""


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)

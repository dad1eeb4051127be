"""From what a caller sent to a value of ours, or an error that names the field and the fix."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from understudy.domain.errors import BadInput, nearest
from understudy.domain.value import JsonObject

__all__ = ["explain", "validated"]

Model = TypeVar("Model", bound=BaseModel)


def validated(of: type[Model], body: JsonObject) -> Model:
    """`body` as a value. Raises BadInput naming every field that does not fit."""
    try:
        return of.model_validate(body)
    except ValidationError as error:
        problems = explain(error, of)
        first_field, first = problems[0]
        rest = "; ".join(f"`{field}`: {text}" for field, text in problems[1:6])
        raise BadInput(first_field, first + (f"; {rest}" if rest else "")) from error


def explain(error: ValidationError, of: type[BaseModel]) -> list[tuple[str, str]]:
    """Each problem as (dotted field, one clause), with the nearest known name for an unknown field."""
    problems: list[tuple[str, str]] = []
    for item in error.errors(include_url=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"]) or "(whole)"
        if item["type"] == "extra_forbidden":
            near = nearest(str(item["loc"][-1]), _names(of)) if len(item["loc"]) == 1 else None
            problems.append((place, "is not a known field" + (f"; did you mean `{near}`?" if near else "")))
        elif item["type"] == "missing":
            problems.append((place, "is required"))
        else:
            text = item["msg"].removeprefix("Value error, ")
            problems.append((place, f"{text} (got {str(item['input'])[:60]!r})"))
    return problems


def _names(of: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in of.model_fields.items()]

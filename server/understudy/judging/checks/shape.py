"""The check of the form of replies: JSON that fits a schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from understudy.domain.checks import JsonMatches
from understudy.domain.value import Json, JsonObject
from understudy.judging.case import Case, Placed
from understudy.judging.finding import Finding, failed, passed, unscored

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

__all__ = ["json_matches"]


def json_matches(check: JsonMatches, case: Case) -> Finding:
    """Fails at the first reply that is no JSON or does not fit. References to other documents are not fetched."""
    # Imported here: this check alone wants it, and it is slow to import.
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    looked_at = case.agent if check.turns == "every" else case.agent[-1:]
    try:
        validator = _validator(check.schema_)
        wrong = next((f for f in (_misfit(p, validator, case) for p in looked_at) if f is not None), None)
    except SchemaError as error:
        return unscored(f"The schema itself is not valid JSON Schema: {error.message}.")
    except Unresolvable as unresolved:
        return unscored(f"The schema refers to something outside itself: {unresolved}.")
    return wrong or passed(f"{len(looked_at)} of {len(looked_at)} replies fit the schema.", case.cite(looked_at[-1].at))


def _validator(schema: JsonObject) -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from referencing import Registry

    Draft202012Validator.check_schema(schema)
    empty: Registry[Any] = Registry()  # the default one fetches references over the network
    return Draft202012Validator(schema, registry=empty)


def _misfit(placed: Placed, validator: Draft202012Validator, case: Case) -> Finding | None:
    try:
        value: Json = json.loads(placed.text)
    except (ValueError, RecursionError):
        return failed(f"The reply at turn {placed.at} is not JSON.", case.cite(placed.at))
    errors = cast("list[ValidationError]", list(validator.iter_errors(value)))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] (incomplete stubs)
    if not errors:
        return None
    first = min(errors, key=lambda e: len(e.absolute_path))
    return failed(f"The reply at turn {placed.at} does not fit at `{first.json_path}`: {first.message[:200]}.", case.cite(placed.at))

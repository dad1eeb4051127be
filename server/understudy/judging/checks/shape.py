"""The check of the form of replies: JSON that fits a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from understudy.domain.checks import JsonMatches
from understudy.domain.value import Json, JsonObject
from understudy.judging.case import Case, Placed
from understudy.judging.finding import Finding, failed, passed, unscored
from understudy.text.phrases import matches

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

__all__ = ["json_matches"]


def json_matches(check: JsonMatches, case: Case) -> Finding:
    """Fails at the first reply that is no JSON or does not fit. References to other documents are not fetched."""
    # Imported here: this check alone wants it, and it is slow to import.
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    if '"patternProperties"' in json.dumps(check.schema_):
        return unscored("The schema uses `patternProperties`, whose expressions have no time limit; say it with `properties` instead.")
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
    from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType]  # incomplete stubs
    from referencing import Registry

    Draft202012Validator.check_schema(schema)
    empty: Registry[Any] = Registry()  # the default one fetches references over the network
    bounded = cast("type[Draft202012Validator]", extend(Draft202012Validator, {"pattern": _pattern}))  # type: ignore[no-untyped-call]  # incomplete stubs
    return bounded(schema, registry=empty)


def _pattern(validator: Draft202012Validator, expression: str, instance: object, schema: JsonObject) -> Iterator[ValidationError]:  # noqa: ARG001 - jsonschema's signature
    """The keyword `pattern` with a time limit. Raises SlowPattern."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not matches(expression, instance):
        yield ValidationError(f"{instance[:80]!r} does not match {expression[:80]!r}")


def _misfit(placed: Placed, validator: Draft202012Validator, case: Case) -> Finding | None:
    try:
        value: Json = json.loads(placed.text)
    except (ValueError, RecursionError):
        return failed(f"The reply at turn {placed.at} is not JSON.", case.cite(placed.at))
    errors = cast("list[ValidationError]", list(validator.iter_errors(value)))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] (incomplete stubs)
    if not errors:
        return None
    first = min(errors, key=lambda e: len(e.absolute_path))
    return failed(
        f"The reply at turn {placed.at} does not fit at `{first.json_path[:80]}` (keyword `{first.validator}`).", case.cite(placed.at)
    )

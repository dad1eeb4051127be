"""A JSON schema in the subset that providers enforce: what they refuse is left out, or told in the description instead."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from understudy.domain.same import Same
from understudy.domain.value import JsonObject
from understudy.wire.parsing import is_list, is_object

__all__ = ["enforceable"]

_TOLD = (
    *("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "pattern"),
)
"""Bounds that not every provider enforces: the model reads them, and the answer is checked against them here."""
_DROPPED = frozenset({*_TOLD, "discriminator", "default", "title", "format", "examples", "oneOf", "description"})
_NAMES = frozenset({"properties", "$defs"})
"""Objects whose keys are names, not keywords."""


def enforceable(schema: JsonObject) -> JsonObject:
    """`schema` without the keywords that a provider answers with 400; the same one for the same schema: copy it before changing it."""
    # Every call of a role asks for the same shape, by the same object.
    return _narrowed(Same(schema))


@lru_cache(maxsize=64)
def _narrowed(schema: Same[JsonObject]) -> JsonObject:
    return _enforceable(schema.it)


def _enforceable(schema: JsonObject) -> JsonObject:
    if "$ref" in schema:  # beside a reference nothing else may stand
        return {"$ref": schema["$ref"], **({"$defs": _named(schema["$defs"])} if "$defs" in schema else {})}
    kept = {key: _named(value) if key in _NAMES else _inner(value) for key, value in schema.items() if key not in _DROPPED}
    if "oneOf" in schema:
        kept["anyOf"] = _inner(schema["oneOf"])
    told = ", ".join(f"{key} {schema[key]}" for key in _TOLD if key in schema)
    words = " ".join(part for part in (schema.get("description", ""), f"({told})" if told else "") if part)
    return {**kept, "description": words} if words else kept


def _named(value: Any) -> Any:
    return {name: _inner(inner) for name, inner in value.items()} if is_object(value) else value


def _inner(value: Any) -> Any:
    if is_object(value):
        return _enforceable(value)
    return [_inner(item) for item in value] if is_list(value) else value

"""JSON as bytes, by a compiled encoder: requests and records of thousands of conversations are mostly encoding."""

from __future__ import annotations

import json

from pydantic_core import PydanticSerializationError, to_json

from understudy.domain.value import Json

__all__ = ["canonical", "compact"]


def compact(value: Json) -> bytes:
    """`value` as JSON in UTF-8 without blanks; half a surrogate pair, which is no UTF-8, is escaped."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        return json.dumps(value, separators=(",", ":")).encode()


def canonical(value: Json) -> bytes:
    """`compact` with the keys of every object in order: the same bytes for equal values."""
    return compact(_in_order(value))


def _in_order(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_in_order(item) for item in value]
    return value

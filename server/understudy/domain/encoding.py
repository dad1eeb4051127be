"""JSON as bytes, by a compiled encoder: requests and records of thousands of conversations are mostly encoding."""

from __future__ import annotations

import json

from pydantic_core import PydanticSerializationError, to_json

from understudy.domain.value import Json

__all__ = ["compact"]


def compact(value: Json) -> bytes:
    """`value` as JSON in UTF-8 without blanks; half a surrogate pair, which is no UTF-8, is escaped."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        return json.dumps(value, separators=(",", ":")).encode()

"""Reading JSON that a stranger wrote: every oddity ends as a ValueError or as data that can be stored and shown."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, TypeGuard

__all__ = ["MAX_DEPTH", "TooDeep", "is_list", "is_object", "parse_json", "tame"]

MAX_DEPTH = 64
"""Objects and lists within each other. Agents need a handful; what stores and shows an answer must walk through all of them."""


class TooDeep(ValueError):
    """JSON that is nested more than MAX_DEPTH levels deep."""

    def __init__(self) -> None:
        super().__init__(f"JSON that is nested more than {MAX_DEPTH} levels deep")


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


# NaN and the infinities (1e999 is one) are not JSON; as null they can be stored.
_decoder = json.JSONDecoder(parse_constant=lambda _: None, parse_float=_finite)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a parsed value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a parsed value is a JSON array."""
    return isinstance(value, list)


def parse_json(raw: bytes | str) -> Any:
    """The value in `raw`, with lone surrogates and NUL replaced. Raises TooDeep, and ValueError for what is not JSON."""
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    try:
        value = _decoder.decode(text)
    except RecursionError:
        raise TooDeep from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _deeper_than(MAX_DEPTH, value):
        raise TooDeep
    return _storable(value) if "\\ud" in text.lower() or "\\u0000" in text else value


def tame(value: Any) -> Any:
    """A value that somebody else has parsed, made fit to be stored like one of `parse_json`. Raises TooDeep."""
    try:
        return parse_json(json.dumps(value))
    except RecursionError:
        raise TooDeep from None


def _deeper_than(limit: int, value: Any) -> bool:
    """Whether more than `limit` containers lie within each other; level by level, so that no depth can break it."""
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _contained(outer) if isinstance(inner, (dict, list))]
        if not level:
            return False
    return True


def _contained(value: Any) -> Iterable[Any]:
    if is_object(value):
        return value.values()
    return value if is_list(value) else ()


def _storable(value: Any) -> Any:
    """Half a surrogate pair is legal in JSON and in Python, and in no UTF-8 file or database; NUL ends a text in many of them."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    if is_list(value):
        return [_storable(item) for item in value]
    if is_object(value):
        return {_storable(k): _storable(v) for k, v in value.items()}
    return value

"""Reading JSON that a stranger wrote: every oddity ends as a ValueError or as data that can be stored and shown."""

from __future__ import annotations

import json
from typing import Any, TypeGuard

__all__ = ["is_list", "is_object", "parse_json"]

# NaN and the infinities are not JSON; as null they can be stored.
_decoder = json.JSONDecoder(parse_constant=lambda _: None)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a parsed value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a parsed value is a JSON array."""
    return isinstance(value, list)


def parse_json(raw: bytes | str) -> Any:
    """The value in `raw`. Raises ValueError for anything else, nesting beyond reason included."""
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    try:
        value = _decoder.decode(text)
        return _without_surrogates(value) if "\\ud" in text.lower() else value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _without_surrogates(value: Any) -> Any:
    """Half a surrogate pair is legal in JSON and in Python, and in no UTF-8 file or database."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if is_list(value):
        return [_without_surrogates(item) for item in value]
    if is_object(value):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value

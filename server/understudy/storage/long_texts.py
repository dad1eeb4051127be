"""Long texts of a JSON value, taken out so that what many values share is kept once, and put back where they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from understudy.domain.value import Json, JsonObject

__all__ = ["DEEP", "LONG", "Place", "lifted", "restored"]

LONG = 1_000
"""Characters from which on a text is kept apart. A message of a chat is shorter, a system prompt longer."""
DEEP = 5
"""Keys and positions that lead to a text at most, as in `messages[0].content[0].text`; deeper ones, of schemas, stay where they are."""

Place = tuple[Sequence[str | int], str]
"""The keys and positions that lead to a text, and the SHA-256 of the text in hex."""


def lifted(value: JsonObject) -> tuple[JsonObject, list[Place], dict[str, str]]:
    """`value` with every long text that is not too deep replaced by an empty one, the places of the texts, and the texts by their hash."""
    places: list[Place] = []
    texts: dict[str, str] = {}
    without: JsonObject = _lift(value, (), places, texts)
    return without, places, texts


def restored(value: JsonObject, places: Iterable[Place], text_of: Callable[[str], str]) -> JsonObject:
    """`value` with the texts back in their places; it is changed in place."""
    for path, digest in places:
        *way, last = path
        at: Any = value
        for step in way:
            at = at[step]
        at[last] = text_of(digest)
    return value


def _lift(value: Json, path: tuple[str | int, ...], places: list[Place], texts: dict[str, str]) -> Json:
    if isinstance(value, str):
        if len(value) < LONG:
            return value
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        places.append((path, digest))
        texts[digest] = value
        return ""
    if len(path) == DEEP:
        return value
    if isinstance(value, dict):
        return {key: _lift(item, (*path, key), places, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_lift(item, (*path, position), places, texts) for position, item in enumerate(value)]
    return value

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
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        places.append((path, digest))
        texts[digest] = value
        return ""
    if isinstance(value, dict):
        return {key: _lift(item, (*path, key), places, texts) if _may_hold_text(item, path) else item for key, item in value.items()}
    return [_lift(item, (*path, at), places, texts) if _may_hold_text(item, path) else item for at, item in enumerate(value)]


def _may_hold_text(item: Json, path: tuple[str | int, ...]) -> bool:
    """Whether `item`, directly under `path`, is a long text or something in which there may be one."""
    return len(item) >= LONG if isinstance(item, str) else len(path) < DEEP - 1 and isinstance(item, dict | list)

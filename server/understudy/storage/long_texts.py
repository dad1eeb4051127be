"""Long texts of a JSON value, taken out so that what many values share is kept once, and put back where they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from understudy.domain.value import JsonObject
from understudy.wire.parsing import is_list, is_object

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


def _lift(value: JsonObject | list[Any], path: tuple[str | int, ...], places: list[Place], texts: dict[str, str]) -> Any:
    """`value` itself when there is nothing to take out of it, else a copy without its long texts."""
    without: Any = None
    inner: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        new = item
        if isinstance(item, str):
            new = _noted(item, (*path, key), places, texts) if len(item) >= LONG else item
        elif len(path) < DEEP - 1 and (is_object(item) or is_list(item)):
            new = _lift(item, (*path, key), places, texts)
        if new is not item:
            without = value.copy() if without is None else without
            without[key] = new
    return value if without is None else without


def _noted(text: str, place: tuple[str | int, ...], places: list[Place], texts: dict[str, str]) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    places.append((place, digest))
    texts[digest] = text
    return ""

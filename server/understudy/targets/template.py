"""Templates of requests: a JSON structure with `{{ name }}` in its strings. Substitution only: nothing in it is ever run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from understudy.domain.errors import nearest
from understudy.domain.value import Json
from understudy.wire.parsing import is_list, is_object

__all__ = ["check", "fill", "names_in"]

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def check(structure: Json, allowed: tuple[str, ...]) -> None:
    """Raises ValueError for a placeholder that is none of `allowed`, naming the nearest."""
    for name in names_in(structure):
        if name not in allowed:
            near = nearest(name, allowed)
            meant = f"; did you mean `{{{{ {near} }}}}`?" if near else ""
            raise ValueError(f"there is no placeholder `{{{{ {name} }}}}`{meant} There are: {', '.join(allowed)}")


def fill(structure: Json, values: Mapping[str, Json]) -> Json:
    """The structure with every placeholder replaced by its value.

    A string that is nothing but one placeholder becomes the value itself: a list stays a list. Within other words a text stands
    as it is, None as nothing, anything else as JSON. A field whose whole value is a placeholder without value (None) is left out:
    a session that does not exist yet is not sent. Raises KeyError for a placeholder that `check` would refuse.
    """
    if isinstance(structure, str):
        return _fill_text(structure, values)
    if is_list(structure):
        return [fill(item, values) for item in structure]
    if is_object(structure):
        filled = {key: (item, fill(item, values)) for key, item in structure.items()}
        return {key: value for key, (item, value) in filled.items() if value is not None or item is None}
    return structure


def names_in(structure: Json) -> Iterator[str]:
    """The names of all placeholders, in order, repeated ones too."""
    if isinstance(structure, str):
        yield from _PLACEHOLDER.findall(structure)
    elif is_list(structure):
        for item in structure:
            yield from names_in(item)
    elif is_object(structure):
        for item in structure.values():
            yield from names_in(item)


def _fill_text(text: str, values: Mapping[str, Json]) -> Json:
    if whole := _PLACEHOLDER.fullmatch(text.strip()):
        return values[whole[1]]
    return _PLACEHOLDER.sub(lambda found: _as_text(values[found[1]]), text)


def _as_text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

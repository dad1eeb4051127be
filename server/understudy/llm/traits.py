"""What a model's name tells: whether it reasons before it answers and needs room for it, and whether it takes a temperature."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["Traits", "traits_of"]


class Traits(NamedTuple):
    """Of one model."""

    reasoning_tokens: int = 0
    """Room for reasoning beside the answer."""
    temperature: bool = True
    """Whether a temperature may be sent."""


@cache
def traits_of(model: str) -> Traits:
    """The traits in `data/traits.json` for a model's name; those of a plain model when no pattern fits."""
    name = model.lower().rpartition("/")[2]
    return next((traits for pattern, traits in _table() if fnmatchcase(name, pattern)), Traits())


@cache
def _table() -> tuple[tuple[str, Traits], ...]:
    rows = json.loads(files("understudy.llm").joinpath("data", "traits.json").read_text(encoding="utf-8"))["first_match_wins"]
    return tuple((row["model"], Traits(row["reasoning_tokens"], row["temperature"])) for row in rows)

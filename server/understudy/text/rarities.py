"""Patterns that match in hardly any text, searched for only where a word of theirs stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from understudy.text.openings import Openings
from understudy.text.patterns import in_lower_case

__all__ = ["Rarities"]


class Rarities:
    """Any of several patterns, without regard to case. They are written in lower case, and no match of one begins inside a word."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)
        self._compiled: dict[int, re.Pattern[str]] = {}

    def search(self, text: str) -> re.Match[str] | None:
        """What `re` finds with all of them as alternatives."""
        low = in_lower_case(text)
        return self._all.search(text) if low is None or self._has_one(text, self._openings.candidates(low)) else None

    def _has_one(self, text: str, candidates: int) -> bool:
        while candidates:
            bit = candidates & -candidates
            if self._one(bit).search(text) is not None:
                return True
            candidates ^= bit
        return False

    def _one(self, bit: int) -> re.Pattern[str]:
        found = self._compiled.get(bit)
        if found is None:
            found = self._compiled[bit] = re.compile(self.patterns[bit.bit_length() - 1], re.IGNORECASE)
        return found

    @cached_property
    def _openings(self) -> Openings:
        return Openings(self.patterns, whole_words=False)

    @cached_property
    def _all(self) -> re.Pattern[str]:
        return re.compile("|".join(self.patterns), re.IGNORECASE)

"""How alike two texts are, by their character trigrams."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

__all__ = ["alike", "normalise", "similarity"]

_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """The text in one case, with compatible characters made equal, and one space for every run of anything but letters and digits."""
    return _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache(maxsize=2048)
def _trigrams(normal: str) -> Counter[str]:
    padded = f" {normal} "
    return Counter(padded[i : i + 3] for i in range(len(padded) - 2))


def similarity(a: str, b: str) -> float:
    """Dice's coefficient over the trigrams of both normalised texts: 1 for the same words, 0 for nothing in common."""
    left, right = normalise(a), normalise(b)
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    mine, theirs = _trigrams(left), _trigrams(right)
    # Trigrams of a padded text number exactly its length, so the sizes need no counting.
    shared = sum(min(count, theirs[gram]) for gram, count in mine.items() if gram in theirs)
    return 2 * shared / (len(left) + len(right))


_STRIDE = 7
"""Letters from one trigram to the next that is looked up: first all over the text, then between."""


def alike(a: str, b: str, share: float) -> bool:
    """Whether the similarity of the texts is at least `share`, which is above 0. Most pairs are told apart without counting."""
    left, right = normalise(a), normalise(b)
    if left == right:
        return share <= 1
    total, most = len(left) + len(right), min(len(left), len(right))
    if not most or 2 * most / total < share:
        return False
    mine, theirs = f" {left} ", f" {right} "
    most = len(left)
    for first in range(_STRIDE):
        for at in range(first, len(left), _STRIDE):
            if mine[at : at + 3] not in theirs:
                most -= 1
                if 2 * most / total < share:
                    return False
    return similarity(a, b) >= share

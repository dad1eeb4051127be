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


@lru_cache(maxsize=2048)
def _different_trigrams(normal: str) -> frozenset[str]:
    padded = f" {normal} "
    return frozenset([padded[i : i + 3] for i in range(len(padded) - 2)])


def alike(a: str, b: str, share: float) -> bool:
    """Whether the similarity of the texts is at least `share`, which is above 0. Most pairs are told apart without counting."""
    left, right = normalise(a), normalise(b)
    if left == right:
        return share <= 1
    most, total = min(len(left), len(right)), len(left) + len(right)
    if not most or 2 * most / total < share:
        return False
    mine, theirs = _different_trigrams(left), _different_trigrams(right)
    # What both have counts once, and again only as often as trigrams come again in both.
    most = len(mine & theirs) + min(len(left) - len(mine), len(right) - len(theirs))
    return 2 * most / total >= share and similarity(a, b) >= share

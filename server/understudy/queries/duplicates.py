"""Which texts are near another: exact by `similarity`, and quick because most pairs are ruled out by their sizes."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.text.similarity import normalise, similarity

__all__ = ["NEAR", "Neighbours"]

NEAR = 0.85
"""From this similarity on, two queries count as near-duplicates."""


@dataclass(frozen=True)
class _Known:
    text: str
    length: int
    grams: frozenset[str]


class Neighbours:
    """A growing set of texts that finds the most similar one to a new text."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def __len__(self) -> int:
        return len(self._known)

    def add(self, text: str) -> None:
        """Remember `text`."""
        self._known.append(_sized(text))

    def near(self, text: str, *, threshold: float = NEAR) -> str | None:
        """A known text at least `threshold` similar to `text`, or None."""
        new = _sized(text)
        for known in self._known:
            if _bound(new, known) >= threshold and similarity(text, known.text) >= threshold:
                return known.text
        return None

    def nearest(self, text: str, *, leave_out: int | None = None) -> float:
        """The highest similarity of `text` to a known text, the one added as number `leave_out` (from 0) apart; 0 without any."""
        new = _sized(text)
        best = 0.0
        for i, known in enumerate(self._known):
            if i != leave_out and _bound(new, known) > best:
                best = max(best, similarity(text, known.text))
        return best


def _sized(text: str) -> _Known:
    normal = normalise(text)
    padded = f" {normal} "
    return _Known(text, len(normal), frozenset(padded[i : i + 3] for i in range(len(padded) - 2)))


def _bound(a: _Known, b: _Known) -> float:
    """No less than their similarity: trigrams in common, and as many repeats of them as both texts have repeats at all."""
    total = a.length + b.length
    if total == 0:
        return 1.0
    if 2 * min(a.length, b.length) < 0.5 * total:
        return 2 * min(a.length, b.length) / total
    repeats = min(a.length - len(a.grams), b.length - len(b.grams))
    return 2 * (len(a.grams & b.grams) + repeats) / total

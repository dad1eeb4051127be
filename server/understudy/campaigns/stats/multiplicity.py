"""Many slices at once: p-values adjusted so that looking at all of them does not find differences that are not there."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["benjamini_hochberg", "holm"]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that bound the false discovery rate (Benjamini and Hochberg 1995), in the order given."""
    n = len(p_values)
    adjusted = [0.0] * n
    least = 1.0
    for rank, i in zip(range(n, 0, -1), sorted(range(n), key=lambda i: p_values[i], reverse=True), strict=True):
        least = min(least, p_values[i] * n / rank)
        adjusted[i] = least
    return adjusted


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that bound the chance of any false alarm (Holm 1979), in the order given."""
    n = len(p_values)
    adjusted = [0.0] * n
    most = 0.0
    for rank, i in enumerate(sorted(range(n), key=lambda i: p_values[i])):
        most = max(most, min(1.0, p_values[i] * (n - rank)))
        adjusted[i] = most
    return adjusted

"""Two runs over the same scenarios: exact McNemar, sign-flip permutation, paired bootstrap, and an e-process for looking early."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from itertools import product

__all__ = ["EProcess", "bootstrap_mean", "mcnemar_exact", "sign_flip"]

EXACT_UP_TO = 14
"""Pairs for which all sign flips are tried (2^14); beyond, a seeded sample of them."""


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """The two-sided p-value of McNemar's exact test on the discordant pairs; 1 without any."""
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, i) for i in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << n))


def sign_flip(differences: Sequence[float], *, flips: int = 9_999, seed: int = 0) -> float:
    """The two-sided p-value that the mean difference is 0, by flipping the signs of the pairs' differences (Fisher 1935).

    Exact up to 14 pairs that differ; beyond by `flips` seeded flips, with one added to both counts (Phipson and Smyth 2010).
    """
    moved = [d for d in differences if d != 0]
    if not moved:
        return 1.0
    seen = abs(math.fsum(moved)) - 1e-12
    if len(moved) <= EXACT_UP_TO:
        as_far = sum(
            abs(math.fsum(s * d for s, d in zip(signs, moved, strict=True))) >= seen for signs in product((1, -1), repeat=len(moved))
        )
        return as_far / (1 << len(moved))
    draw = random.Random(seed)  # noqa: S311 - a seeded resample
    as_far = 0
    for _ in range(flips):
        bits = draw.getrandbits(len(moved))
        as_far += abs(sum(d if bits >> i & 1 else -d for i, d in enumerate(moved))) >= seen
    return (as_far + 1) / (flips + 1)


def bootstrap_mean(values: Sequence[float], *, level: float = 0.95, draws: int = 4_000, seed: int = 0) -> tuple[float, float]:
    """The percentile interval of the mean, by resampling `values` (Efron 1979). Raises ValueError without any."""
    if not values:
        raise ValueError("there is nothing to resample")
    draw = random.Random(seed)  # noqa: S311 - a seeded resample
    n = len(values)
    means = sorted(math.fsum(draw.choices(values, k=n)) / n for _ in range(draws))
    cut = (1 - level) / 2
    return means[math.floor(cut * (draws - 1))], means[math.ceil((1 - cut) * (draws - 1))]


class EProcess:
    """Evidence that pairs favour one side, which may be looked at after every pair: stop when it reaches 1/alpha (arXiv 2210.01948).

    A mean over bets of 0.1 to 0.5; only pairs that differ count.
    """

    BETS = (0.1, 0.2, 0.3, 0.4, 0.5)

    def __init__(self) -> None:
        self._wealth = [1.0] * len(self.BETS)
        self.pairs = 0

    @property
    def value(self) -> float:
        """The evidence so far; starts at 1."""
        return math.fsum(self._wealth) / len(self._wealth)

    def add(self, wins: Iterable[bool]) -> float:
        """Take in the discordant pairs, True where the side that is tested won; the evidence after them."""
        for won in wins:
            sign = 1 if won else -1
            self._wealth = [wealth * (1 + bet * sign) for wealth, bet in zip(self._wealth, self.BETS, strict=True)]
            self.pairs += 1
        return self.value

    def decided(self, *, alpha: float = 0.05) -> bool:
        """Whether the evidence suffices: at most a share `alpha` of campaigns without a difference ever get here."""
        return self.value >= 1 / alpha

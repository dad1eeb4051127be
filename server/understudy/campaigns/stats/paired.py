"""Two runs over the same scenarios: exact McNemar, sign-flip permutation, paired bootstrap, and an e-process for looking early."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from itertools import product
from statistics import NormalDist

__all__ = ["EProcess", "bootstrap_mean", "mcnemar_exact", "sign_flip", "within_scenarios"]

Runs = Sequence[bool]
EXACT_RUNS = 400
"""Runs of a side; what takes longer to add up differs from the normal distribution by nothing that matters."""
EXACT_UP_TO = 14
"""Pairs for which all sign flips are tried (2^14); beyond, a seeded sample of them."""


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """The two-sided p-value of McNemar's exact test on the discordant pairs; 1 without any."""
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, i) for i in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << n))


def within_scenarios(pairs: Sequence[tuple[Runs, Runs]]) -> float:
    """The p-value that the second side does no worse on these very scenarios: each scenario's repeats exchanged between the sides.

    One-sided; exact up to EXACT_RUNS runs a side (the conditional test of many 2 x 2 tables, Birch 1964). It says nothing of other
    scenarios, which `sign_flip` does; so it sees one scenario that broke among few.
    """
    tables = [(len(first), len(second), sum(first) + sum(second)) for first, second in pairs]
    passed = sum(sum(second) for _, second in pairs)
    if sum(second for _, second, _ in tables) > EXACT_RUNS:
        return _by_normal(tables, passed)
    chances = [1.0]
    for table in tables:
        chances = _convolved(chances, _hypergeometric(*table))
    return min(1.0, math.fsum(chances[: passed + 1]))


def _by_normal(tables: Iterable[tuple[int, int, int]], passed: int) -> float:
    """The same by the normal distribution with the continuity correction (Mantel and Haenszel 1959)."""
    mean = variance = 0.0
    for first, second, passes in tables:
        n = first + second
        mean += second * passes / n
        variance += first * second * passes * (n - passes) / (n * n * (n - 1))
    return NormalDist().cdf((passed + 0.5 - mean) / math.sqrt(variance)) if variance else 1.0


def _hypergeometric(first: int, second: int, passes: int) -> list[float]:
    """The chances that 0, 1, 2, ... of so many passes among both sides are the second's."""
    ways = math.comb(first + second, passes)
    return [math.comb(second, k) * math.comb(first, passes - k) / ways if k <= passes else 0.0 for k in range(second + 1)]


def _convolved(one: Sequence[float], other: Sequence[float]) -> list[float]:
    both = [0.0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            both[i + j] += a * b
    return both


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

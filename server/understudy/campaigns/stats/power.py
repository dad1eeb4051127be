"""Before a campaign runs: how small a difference it could see, and how many conversations a given one would take."""

from __future__ import annotations

import math
from statistics import NormalDist

from understudy.campaigns.stats.normal import z_of

__all__ = ["half_width", "needed_paired", "needed_unpaired", "smallest_difference"]

USUAL_DISCORDANCE = 0.2
"""Share of scenarios that come out differently in two runs, where nothing is known yet."""


def needed_unpaired(first: float, second: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Conversations in each arm to see rates `first` and `second` apart (normal approximation, two-sided). Raises ValueError when equal."""
    if first == second:
        raise ValueError("the rates are equal; no number of conversations tells them apart")
    spread = first * (1 - first) + second * (1 - second)
    return math.ceil((_z(alpha) + _z_power(power)) ** 2 * spread / (first - second) ** 2)


def needed_paired(difference: float, *, discordant: float = USUAL_DISCORDANCE, alpha: float = 0.05, power: float = 0.8) -> int:
    """Scenario pairs to see a `difference` of rates when a share `discordant` of pairs come out differently (Connor 1987).

    Raises ValueError for a difference of 0 or beyond the discordant share, which cannot be.
    """
    delta = abs(difference)
    if not 0 < delta <= discordant:
        raise ValueError(f"a difference of {difference} needs to be above 0 and at most the discordant share, {discordant}")
    root = _z(alpha) * math.sqrt(discordant) + _z_power(power) * math.sqrt(discordant - delta**2)
    return math.ceil(root**2 / delta**2)


def smallest_difference(pairs: int, *, discordant: float = USUAL_DISCORDANCE, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest difference that `pairs` scenario pairs would show; None when not even a change of all of them would.

    A difference beyond the share `discordant` is one in which every pair that comes out differently does so in the same direction.
    """
    if 2 * 0.5**pairs > alpha:  # the exact test of so many pairs, all of them changed, proves nothing
        return None
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle and needed_paired(middle, discordant=max(discordant, middle), alpha=alpha, power=power) <= pairs:
            high = middle
        else:
            low = middle
    return high


def half_width(share: float, n: float, *, level: float = 0.95) -> float:
    """Half the width of the interval around a rate after `n` independent conversations (normal approximation)."""
    return z_of(level) * math.sqrt(share * (1 - share) / n)


def _z(alpha: float) -> float:
    return z_of(1 - alpha)


def _z_power(power: float) -> float:
    return NormalDist().inv_cdf(power)

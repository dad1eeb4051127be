"""Quantiles of the normal distribution and of Student's t."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

__all__ = ["t_quantile", "z_of"]


@lru_cache
def z_of(level: float) -> float:
    """The two-sided normal quantile: 1.96 for a level of 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


@lru_cache(maxsize=1024)
def t_quantile(level: float, degrees: int) -> float:
    """The two-sided quantile of Student's t with `degrees` degrees of freedom, at least 1; accurate to about 1e-9."""
    wanted = 0.5 + level / 2
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if _t_cdf(middle, degrees) < wanted:
            low = middle
        else:
            high = middle
        if high - low < 1e-12 * max(1.0, low):
            break
    return (low + high) / 2


def _t_cdf(t: float, degrees: int) -> float:
    """For t >= 0, by the finite sums that hold for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    theta = math.atan(t / math.sqrt(degrees))
    cosine, sine = math.cos(theta), math.sin(theta)
    if degrees == 1:
        return 0.5 + theta / math.pi
    if degrees % 2:
        term = total = cosine
        for k in range(3, degrees - 1, 2):
            term *= (k - 1) / k * cosine * cosine
            total += term
        return 0.5 + (theta + sine * total) / math.pi
    term = total = 1.0
    for k in range(2, degrees - 1, 2):
        term *= (k - 1) / k * cosine * cosine
        total += term
    return 0.5 + sine * total / 2

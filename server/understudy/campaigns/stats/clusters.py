"""Rates over repeats of the same scenarios: runs of one scenario are alike, so they count for less than as many scenarios would."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from understudy.campaigns.stats.normal import t_quantile, z_of
from understudy.domain.value import Value
from understudy.domain.verdict import Interval, Rate

__all__ = ["ClusteredRate", "clustered_rate", "wilson"]

FEW_CLUSTERS = 40
"""Below this many, the standard error is widened by G/(G-1) and Student's t is used."""


class ClusteredRate(Value):
    """A share with the interval that the clustering of its runs leaves it."""

    rate: Rate
    """Hits over total; its own interval takes the runs for independent."""
    interval: Interval | None
    """Wilson's at the effective number of runs; the one to read. None when the total is 0."""
    clusters: int
    design_effect: float | None
    """How many times the variance of independent runs; 1 when runs of a scenario are no more alike than others. None when it
    cannot be told: fewer than two clusters, or all runs alike."""
    n_effective: float | None

    @property
    def value(self) -> float | None:
        return self.rate.value


def wilson(share: float, n: float, *, level: float = 0.95, quantile: float | None = None) -> Interval:
    """Wilson's score interval (Wilson 1927) of a share seen in `n` > 0 trials; `n` need not be whole."""
    z = z_of(level) if quantile is None else quantile
    scale = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return Interval(low=max(0.0, middle - spread), high=min(1.0, middle + spread), level=level)


def clustered_rate(by_cluster: Mapping[str, Sequence[bool]], *, level: float = 0.95) -> ClusteredRate:
    """The share of True with scenarios as clusters (arXiv 2411.00640), bounded by Wilson's interval at n / design effect."""
    clusters = [list(values) for values in by_cluster.values() if values]
    total = sum(len(values) for values in clusters)
    hits = sum(sum(values) for values in clusters)
    rate = Rate.of(hits, total)
    if total == 0:
        return ClusteredRate(rate=rate, interval=None, clusters=0, design_effect=None, n_effective=None)
    effect = _design_effect(clusters, hits / total, total)
    # Fewer than one run's worth of information a cluster is never claimed, nor more than the runs there are.
    # An effect of 0 is one where all scenarios have the same share: no sign that runs are alike.
    n = min(float(total), max(1.0, total / effect)) if effect else float(total)
    if effect is None and len(clusters) < total:
        # Nothing varies, or there is one scenario only: repeats tell nothing that the scenarios do not.
        n = float(len(clusters))
    few = 2 <= len(clusters) < FEW_CLUSTERS
    quantile = t_quantile(level, len(clusters) - 1) if few and len(clusters) < total else None
    interval = wilson(hits / total, n, level=level, quantile=quantile)
    return ClusteredRate(rate=rate, interval=interval, clusters=len(clusters), design_effect=effect, n_effective=n)


def _design_effect(clusters: Sequence[Sequence[bool]], mean: float, total: int) -> float | None:
    independent = mean * (1 - mean) / total
    if len(clusters) < 2 or independent == 0:
        return None
    squares = sum((sum(values) - len(values) * mean) ** 2 for values in clusters)
    variance = squares / total**2
    if len(clusters) < FEW_CLUSTERS:
        variance *= len(clusters) / (len(clusters) - 1)
    return variance / independent

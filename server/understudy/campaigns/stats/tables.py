"""Two shares side by side: Fisher's exact test."""

from __future__ import annotations

import math

__all__ = ["fisher_exact"]


def fisher_exact(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """The two-sided p-value that two shares are the same (Fisher 1922): the chance of all tables that are no likelier than this one."""
    n, k = total + other_total, hits + other_hits
    if not total or not other_total or k in (0, n):
        return 1.0
    low, high = max(0, k - other_total), min(k, total)
    logs = [_log_choose(total, x) + _log_choose(other_total, k - x) for x in range(low, high + 1)]
    scale = _log_choose(n, k)
    seen = logs[hits - low]
    return min(1.0, math.fsum(math.exp(value - scale) for value in logs if value <= seen + 1e-7))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

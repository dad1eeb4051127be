"""Turns to resolution: medians that allow for conversations that were never resolved, outliers by name, and personas compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist, median

__all__ = ["mann_whitney", "median_to_resolution", "outliers"]

CENSORED_LIMIT = 0.2
"""Above this share of unresolved conversations a plain median misleads, and Kaplan and Meier's is taken."""
OUTLIER_TIMES = 3.0
ENOUGH_OF_A_SCENARIO = 5


def median_to_resolution(resolved: Sequence[float], unresolved: Sequence[float]) -> float | None:
    """The median number of turns: plain while at most a fifth are unresolved, else Kaplan and Meier's (1958) with the unresolved
    ones censored at the turns that they had. None when fewer than half were ever resolved within the turns there were."""
    total = len(resolved) + len(unresolved)
    if not resolved:
        return None
    if len(unresolved) <= CENSORED_LIMIT * total:
        return median(resolved)
    surviving, at_risk = 1.0, total
    for turns in sorted({*resolved, *unresolved}):
        done, lost = sum(t == turns for t in resolved), sum(t == turns for t in unresolved)
        if done:
            surviving *= 1 - done / at_risk
            if surviving <= 0.5:
                return float(turns)
        at_risk -= done + lost
    return None


def outliers(turns_by_run: Mapping[str, float], scenario_of: Mapping[str, str]) -> list[tuple[str, float, float]]:
    """(run, turns, median) of resolved runs that took three times the median or more: of their scenario where it has five runs,
    else of all. Longest first."""
    by_scenario: dict[str, list[float]] = {}
    for run, turns in turns_by_run.items():
        by_scenario.setdefault(scenario_of[run], []).append(turns)
    if not turns_by_run:
        return []
    overall = median(turns_by_run.values())
    found: list[tuple[str, float, float]] = []
    for run, turns in turns_by_run.items():
        alike = by_scenario[scenario_of[run]]
        usual = median(alike) if len(alike) >= ENOUGH_OF_A_SCENARIO else overall
        if turns >= OUTLIER_TIMES * usual:
            found.append((run, turns, usual))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sided p-value of the rank-sum test, normal approximation with ties and continuity corrected (Mann and Whitney 1947).
    1 when either side is empty or nothing varies."""
    m, n = len(first), len(second)
    if not m or not n:
        return 1.0
    ordered = sorted([(v, 0) for v in first] + [(v, 1) for v in second])
    rank_sum, ties, i = 0.0, 0, 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        rank = (i + 1 + j) / 2
        rank_sum += rank * sum(1 for _, side in ordered[i:j] if side == 0)
        ties += (j - i) ** 3 - (j - i)
        i = j
    u = rank_sum - m * (m + 1) / 2
    total = m + n
    variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    z = (abs(u - m * n / 2) - 0.5) / math.sqrt(variance)
    return min(1.0, 2 * (1 - NormalDist().cdf(max(0.0, z))))

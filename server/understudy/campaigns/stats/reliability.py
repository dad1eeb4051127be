"""How reliably scenarios pass when they are repeated: pass^k, pass@k, and stable, flaky and failing scenarios told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

__all__ = ["Stability", "pass_at_k", "pass_hat_k", "stability"]

Stability = Literal["stable", "flaky", "failing", "unjudged"]


def pass_hat_k(by_scenario: Mapping[str, Sequence[bool]], k: int) -> float | None:
    """The chance that `k` runs of a scenario all pass: the mean over scenarios of C(passed, k) / C(runs, k) (arXiv 2406.12045).

    None without a scenario. Raises ValueError when a scenario has fewer than `k` runs.
    """
    return _mean([_all_of(sum(runs), len(runs), k) for runs in _with_enough(by_scenario, k)])


def pass_at_k(by_scenario: Mapping[str, Sequence[bool]], k: int) -> float | None:
    """The chance that at least one of `k` runs of a scenario passes: the mean of 1 - C(failed, k) / C(runs, k) (arXiv 2107.03374)."""
    return _mean([1 - _all_of(len(runs) - sum(runs), len(runs), k) for runs in _with_enough(by_scenario, k)])


def stability(runs: Sequence[bool]) -> Stability:
    """stable: every judged run passed; failing: none did; flaky: some did."""
    if not runs:
        return "unjudged"
    return "stable" if all(runs) else "flaky" if any(runs) else "failing"


def _with_enough(by_scenario: Mapping[str, Sequence[bool]], k: int) -> list[Sequence[bool]]:
    if k < 1:
        raise ValueError(f"k is {k}; it counts runs and must be at least 1")
    short = next((name for name, runs in by_scenario.items() if len(runs) < k), None)
    if short is not None:
        raise ValueError(f"scenario {short} has {len(by_scenario[short])} judged runs, fewer than k = {k}")
    return list(by_scenario.values())


def _all_of(hits: int, n: int, k: int) -> float:
    return math.comb(hits, k) / math.comb(n, k)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

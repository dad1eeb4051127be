"""How much of the spread of a pass rate its judge makes: the same conversations judged several times.

A conversation that passes in a share p of its judgings adds p(1 - p) to the variance of one outcome; the rest of that variance is
between conversations, which is the agent's and the users' doing (law of total variance; Miller, arXiv 2411.00640, section 3.1, has it
for answers that are sampled again). p(1 - p) is half the chance that two judgings disagree, and the share of pairs that do estimates
that without bias. In one stratum with as many judgings each, the judge's share is 1 less the kappa of Fleiss (1971).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from understudy.campaigns.stats.clusters import ClusteredRate, clustered_rate
from understudy.domain.value import Value
from understudy.domain.verdict import Interval

__all__ = ["JudgeSpread", "Stratum", "disagreement", "spread"]


class Stratum(NamedTuple):
    """Conversations that were drawn from one part of a campaign."""

    size: int
    """Conversations of that part, drawn or not."""
    judgings: Mapping[str, Sequence[bool]]
    """Whether it passed, judging by judging, of each conversation drawn."""


class JudgeSpread(Value):
    """The variance of the outcome of one conversation, and the judge's part in it."""

    pass_rate: float
    """Over all judgings, each stratum with its share of the campaign."""
    total: float
    """pass_rate * (1 - pass_rate)."""
    judge: float
    """The mean of p(1 - p) over conversations."""
    judge_interval: Interval
    share: float | None
    """judge / total, at most 1; None when every judging came out the same."""
    share_interval: Interval | None
    """That of `judge` over `total`, with `total` taken as it was seen."""


def disagreement(judgings: Mapping[str, Sequence[bool]]) -> ClusteredRate:
    """The share of pairs of judgings of the same conversation that disagree, with the conversations as clusters."""
    return clustered_rate({name: _pairs(values) for name, values in judgings.items()})


def spread(strata: Sequence[Stratum]) -> JudgeSpread | None:
    """The judge's part, over strata that count by their size; the interval is put together of theirs by the square-and-add rule
    (Zou and Donner 2008). Conversations with a single judging tell nothing and are left out; None when none is left."""
    parts = [(stratum.size, kept) for stratum in strata if (kept := {k: v for k, v in stratum.judgings.items() if len(v) > 1})]
    whole = sum(size for size, _ in parts)
    if not whole:
        return None
    shares = [size / whole for size, _ in parts]
    passed = math.fsum(share * _mean(kept) for share, (_, kept) in zip(shares, parts, strict=True))
    pairs = [disagreement(kept) for _, kept in parts]
    judge, bounds = _halved(shares, pairs)
    total = passed * (1 - passed)
    return JudgeSpread(
        pass_rate=passed,
        total=total,
        judge=judge,
        judge_interval=bounds,
        share=min(1.0, judge / total) if total else None,
        share_interval=Interval(low=min(1.0, bounds.low / total), high=min(1.0, bounds.high / total)) if total else None,
    )


def _pairs(values: Sequence[bool]) -> list[bool]:
    differ, every = sum(values) * (len(values) - sum(values)), math.comb(len(values), 2)
    return [True] * differ + [False] * (every - differ)


def _mean(judgings: Mapping[str, Sequence[bool]]) -> float:
    return sum(map(sum, judgings.values())) / sum(map(len, judgings.values()))


def _halved(shares: Sequence[float], pairs: Sequence[ClusteredRate]) -> tuple[float, Interval]:
    """Half of the share of pairs that disagree over all strata, and its interval."""
    value, below, above = 0.0, 0.0, 0.0
    for share, rate in zip(shares, pairs, strict=True):
        if rate.value is None or rate.interval is None:
            raise ValueError("a stratum has no pair of judgings")
        value += share * rate.value
        below += (share * (rate.value - rate.interval.low)) ** 2
        above += (share * (rate.interval.high - rate.value)) ** 2
    low, high = max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above))
    return value / 2, Interval(low=low / 2, high=high / 2)

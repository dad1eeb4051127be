"""What a campaign will take and what it could show, before it starts. Pure: from its plan and from what earlier conversations took."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import Field

from understudy.campaigns.stats.normal import t_quantile
from understudy.campaigns.stats.power import half_width, needed_paired, smallest_difference
from understudy.domain.campaign import CampaignSpec, Cell
from understudy.domain.value import Value

__all__ = ["ASSUMED", "Estimate", "History", "Span", "estimate"]

SPREAD = 0.35
"""Conversations differ in length; a plan's total does less. Low and high are so far below and above where there is no history."""
LEAST_SPREAD = 0.05
"""Of a dry sample whose conversations were all alike."""
OWN_SECONDS = 0.02
"""Of our own for a conversation, playing, judging and storing it: what counts where a target answers at once."""
SEE = 0.05
"""The difference that plans are told about: 5 points."""


class History(Value):
    """What a conversation took on average."""

    conversations: int = Field(ge=0)
    """So many were looked at; 0 for an assumption."""
    target_calls: float
    target_seconds: float
    """Of one call."""
    model_calls: float = 0.0
    """Of our own models: the user's, the judge's, the auditor's."""
    model_seconds: float = 0.0
    """Of one call."""
    input_tokens: float = 0.0
    output_tokens: float = 0.0
    usd: float | None = 0.0
    """None: there are calls without a price."""
    pass_rate: float | None = None
    asked: int | None = None
    """Of a dry sample of the plan itself: how many were to be played; in the others the target gave no answer."""
    deviations: dict[str, float] = {}
    """Of a dry sample: the standard deviation between conversations as a share of the mean, by the name of the figure."""


ASSUMED = History(conversations=0, target_calls=8.0, target_seconds=1.0)
"""Where nothing was ever played: eight calls of a second each."""


class Span(Value):
    """A figure with its likely range."""

    low: float
    likely: float
    high: float


class Estimate(Value):
    """What to expect."""

    conversations: int
    scenarios: int
    """Pairs of persona and goal."""
    target_calls: Span
    model_calls: Span
    tokens: Span
    usd: Span | None
    """None: a model has no price."""
    seconds: Span
    basis: str
    """What the figures rest on."""
    half_width: float
    """The pass rate will be known to about this much on either side."""
    smallest_difference: float | None
    """Against another version on the same scenarios: what would be seen four times in five; None: nothing would."""
    advice: str
    """How many more it takes to see 5 points."""


def estimate(spec: CampaignSpec, cells: Sequence[Cell], history: History, *, limit_of: dict[str, int] | None = None) -> Estimate:
    """The estimate of a plan. `limit_of` is the most conversations at once with each target."""
    scenarios = len({cell.scenario for cell in cells})
    total = len(cells)
    seconds = _seconds(spec, cells, history, limit_of or {})
    share = 0.8 if history.pass_rate is None else min(0.98, max(0.02, history.pass_rate))
    return Estimate(
        conversations=total,
        scenarios=scenarios,
        target_calls=_span("target_calls", total * history.target_calls, history, total),
        model_calls=_span("model_calls", total * history.model_calls, history, total),
        tokens=_span("tokens", total * (history.input_tokens + history.output_tokens), history, total),
        usd=None if history.usd is None else _span("usd", total * history.usd, history, total),
        seconds=_span("seconds", seconds, history, total),
        basis=_basis(history),
        half_width=half_width(share, max(1, scenarios)),
        smallest_difference=smallest_difference(scenarios),
        advice=_advice(scenarios),
    )


def _seconds(spec: CampaignSpec, cells: Sequence[Cell], history: History, limit_of: dict[str, int]) -> float:
    """The longest queue decides: of the window, or of the target with the most work for what it may have at once."""
    each = history.target_calls * history.target_seconds + history.model_calls * history.model_seconds
    by_target: dict[str, int] = {}
    for cell in cells:
        by_target[cell.target] = by_target.get(cell.target, 0) + 1
    queues = [math.ceil(n / max(1, min(spec.concurrency, limit_of.get(target, spec.concurrency)))) for target, n in by_target.items()]
    waiting = each * max([math.ceil(len(cells) / spec.concurrency), *queues], default=0)
    return max(waiting, len(cells) * OWN_SECONDS)


def _span(name: str, likely: float, history: History, total: int) -> Span:
    spread = _spread_of_sample(name, history, total) if name in history.deviations else SPREAD if history.conversations < 30 else 0.15
    return Span(low=likely * (1 - spread), likely=likely, high=likely * (1 + spread))


def _spread_of_sample(name: str, history: History, total: int) -> float:
    """Half of the 95 % prediction interval of the plan's sum, as a share of it: Student's t over the sample."""
    n = history.conversations
    half = t_quantile(0.95, n - 1) * history.deviations[name] * math.sqrt(1 / n + 1 / max(1, total))
    return min(1.0, max(LEAST_SPREAD, half)) if history.deviations[name] else LEAST_SPREAD


def _basis(history: History) -> str:
    if history.asked is not None:
        others = f", in {history.asked - history.conversations} the target gave no answer" if history.asked > history.conversations else ""
        return f"a dry sample of this plan, played now: {history.conversations} of {history.asked} conversations{others}; ranges of 95 %"
    if history.conversations == 0:
        better = "a dry sample (`understudy campaign plan --dry-sample 8`), or max_conversations 8 and then resume"
        return f"an assumption: nothing was played with these targets yet. Better: {better}"
    return f"the {history.conversations} newest conversations with these targets"


def _advice(scenarios: int) -> str:
    needed = needed_paired(SEE)
    if scenarios >= needed:
        return f"{scenarios} scenarios are enough to see {SEE * 100:.0f} points between two versions."
    return f"You need about {needed - scenarios} more scenarios to see {SEE * 100:.0f} points between two versions (repeats help less)."

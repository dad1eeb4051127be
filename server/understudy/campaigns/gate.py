"""The gate of a deploy: green only when everything that was asked for was shown. Pure.

Silence is red: too many unscored, too many faults of the simulator, a target that did not answer, too little judged.
"""

from __future__ import annotations

from pydantic import Field

from understudy.campaigns.analysis import Analysis
from understudy.campaigns.compare import Comparison
from understudy.campaigns.stats.clusters import ClusteredRate
from understudy.domain.errors import BadInput
from understudy.domain.value import Slug, Value
from understudy.domain.verdict import Rate

__all__ = ["GateCheck", "GateResult", "GateRules", "gate"]

Share = float


class GateRules(Value):
    """What must hold. Shares are between 0 and 1."""

    min_pass_rate: Share | None = Field(default=None, ge=0, le=1)
    """Of the share that passed."""
    min_pass_rate_low: Share | None = Field(default=None, ge=0, le=1)
    """Of the lower end of its interval: the stricter one to ask for."""
    min_worst_persona: Share | None = Field(default=None, ge=0, le=1)
    criteria: dict[Slug, Share] = {}
    """The least share for single criteria."""
    max_unscored: Share = Field(default=0.1, ge=0, le=1)
    max_simulator_faults: Share = Field(default=0.1, ge=0, le=1)
    max_infrastructure: Share = Field(default=0.0, ge=0, le=1)
    min_judged: int = Field(default=1, ge=1)
    no_regression: bool = True
    """Against the baseline, where there is one."""
    no_newly_failing: bool = False


class GateCheck(Value):
    """One thing that was asked for."""

    name: str
    green: bool
    detail: str
    """What was found, with its denominator and interval, and what was asked for."""


class GateResult(Value):
    """Green when every check is."""

    green: bool
    checks: tuple[GateCheck, ...]


def gate(analysis: Analysis, rules: GateRules, comparison: Comparison | None = None) -> GateResult:
    """The verdict on a deploy. Raises BadInput for a campaign without a conversation: nothing was tested."""
    if analysis.conversations == 0:
        raise BadInput("campaign", "has no finished conversation, so there is nothing to go by", "Run it first, or widen its filter")
    checks = [
        _least_judged(analysis, rules),
        _most("unscored", analysis.unscored, rules.max_unscored),
        _most("simulator faults", analysis.simulator_faults, rules.max_simulator_faults),
        _most("target gave no answer", analysis.infrastructure, rules.max_infrastructure),
        *_pass_rates(analysis, rules),
        *_criteria(analysis, rules),
        *(_against_baseline(comparison, rules) if comparison is not None else ()),
    ]
    return GateResult(green=all(check.green for check in checks), checks=tuple(checks))


def _least_judged(analysis: Analysis, rules: GateRules) -> GateCheck:
    judged = analysis.outcomes.judged
    detail = f"{judged} of {analysis.conversations} conversations judged; at least {rules.min_judged} asked for"
    return GateCheck(name="judged", green=judged >= rules.min_judged, detail=detail)


def _most(name: str, rate: Rate, limit: float) -> GateCheck:
    green = rate.total == 0 or rate.hits <= limit * rate.total
    return GateCheck(name=name, green=green, detail=f"{rate}; at most {limit:.0%} allowed")


def _pass_rates(analysis: Analysis, rules: GateRules) -> list[GateCheck]:
    passed = analysis.passed
    checks: list[GateCheck] = []
    if rules.min_pass_rate is not None:
        checks.append(_least("pass rate", passed, rules.min_pass_rate))
    if rules.min_pass_rate_low is not None:
        low = passed.interval.low if passed.interval is not None else None
        detail = f"{_told(passed)}; its lower end must be at least {rules.min_pass_rate_low:.0%}"
        checks.append(GateCheck(name="pass rate, lower end", green=low is not None and low >= rules.min_pass_rate_low, detail=detail))
    if rules.min_worst_persona is not None:
        personas = [s for s in analysis.slices if s.kind == "persona" and s.passed.value is not None]
        if not personas:
            checks.append(GateCheck(name="worst persona", green=False, detail="no persona has a judged conversation"))
        else:
            checks.append(_least(f"worst persona ({personas[0].name})", personas[0].passed, rules.min_worst_persona))
    return checks


def _criteria(analysis: Analysis, rules: GateRules) -> list[GateCheck]:
    known = {c.criterion: c for c in analysis.criteria}
    checks: list[GateCheck] = []
    for criterion, least in rules.criteria.items():
        found = known.get(criterion)
        if found is None:
            detail = f"the rubric has no such criterion; it has {', '.join(known) or 'none'}"
            checks.append(GateCheck(name=f"criterion {criterion}", green=False, detail=detail))
        else:
            checks.append(_least(f"criterion {criterion}", found.passed, least))
    return checks


def _least(name: str, rate: ClusteredRate, least: float) -> GateCheck:
    green = rate.value is not None and rate.value >= least
    return GateCheck(name=name, green=green, detail=f"{_told(rate)}; at least {least:.0%} asked for")


def _told(rate: ClusteredRate) -> str:
    if rate.value is None or rate.interval is None:
        return "nothing judged (0/0)"
    return f"{rate.rate.hits}/{rate.rate.total} = {rate.value:.0%} [{rate.interval.low:.0%}, {rate.interval.high:.0%}]"


def _against_baseline(comparison: Comparison, rules: GateRules) -> list[GateCheck]:
    checks: list[GateCheck] = []
    if rules.no_regression:
        found = comparison.difference
        change = (
            f"{found.value:+.1%} [{found.interval.low:+.1%}, {found.interval.high:+.1%}], p = {found.p:.3g}" if found else "nothing paired"
        )
        green = comparison.verdict != "regressed" and found is not None
        checks.append(
            GateCheck(name="no regression", green=green, detail=f"{comparison.verdict}: {change} over {comparison.pairs} scenarios")
        )
    if rules.no_newly_failing:
        names = ", ".join(c.scenario for c in comparison.newly_failing[:10])
        detail = f"{len(comparison.newly_failing)} of {comparison.pairs} scenarios newly fail{': ' + names if names else ''}"
        checks.append(GateCheck(name="nothing newly failing", green=not comparison.newly_failing, detail=detail))
    return checks

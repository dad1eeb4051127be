"""The gate of a deploy: green only when everything that was asked for was shown. Pure.

Silence is red: too many unscored, too many faults of the simulator, a target that did not answer, too little judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from understudy.campaigns.analysis import Analysis
from understudy.campaigns.compare import Comparison
from understudy.campaigns.stats.clusters import ClusteredRate, clustered_rate
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.gate_rules import GateRules
from understudy.domain.value import Value
from understudy.domain.verdict import Rate

__all__ = ["Because", "GateCheck", "GateResult", "GateRules", "check_criteria", "gate"]

Because = Literal["evidence", "silence", "no answer"]
"""What a red check rests on: what was judged, that too little could be, or that the target did not answer."""


class GateCheck(Value):
    """One thing that was asked for."""

    name: str
    green: bool
    detail: str
    """What was found, with its denominator and interval, and what was asked for."""
    because: Because = "evidence"


class GateResult(Value):
    """Green when every check is."""

    green: bool
    checks: tuple[GateCheck, ...]

    @property
    def red_because(self) -> Because | None:
        """The strongest reason: what was seen to be wrong before a target that was not there before what nobody could see; None when
        green."""
        reasons = {check.because for check in self.checks if not check.green}
        order: tuple[Because, ...] = ("evidence", "no answer", "silence")
        return next((because for because in order if because in reasons), None)


def gate(analysis: Analysis, rules: GateRules, comparison: Comparison | None = None, *, planned: int | None = None) -> GateResult:
    """The verdict on a deploy; `planned` is how many conversations there should be.

    Raises BadInput for a campaign without a conversation, because nothing was tested, and NotFound for a criterion that there is not.
    """
    if analysis.conversations == 0:
        raise BadInput("campaign", "has no finished conversation, so there is nothing to go by", "Run it first, or widen its filter")
    if analysis.criteria:
        check_criteria(rules, (found.criterion for found in analysis.criteria))
    checks = [
        *(_all_played(analysis, planned, rules) if planned is not None else ()),
        _least_judged(analysis, rules),
        _most("unscored", analysis.unscored, rules.max_unscored),
        _most("simulator faults", analysis.simulator_faults, rules.max_simulator_faults),
        _most("target gave no answer", analysis.infrastructure, rules.max_infrastructure, because="no answer"),
        *_pass_rates(analysis, rules),
        *_criteria(analysis, rules),
        *(_against_baseline(comparison, rules) if comparison is not None else ()),
    ]
    return GateResult(green=all(check.green for check in checks), checks=tuple(checks))


def check_criteria(rules: GateRules, known: Iterable[str]) -> None:
    """Raises NotFound for a rule about a criterion that is not among those known."""
    known = list(known)
    for criterion in rules.criteria:
        if criterion not in known:
            raise NotFound("criterion", criterion, known, hint="`understudy judge --dry-run --rubric ID` lists those of a rubric.")


def _all_played(analysis: Analysis, planned: int, rules: GateRules) -> list[GateCheck]:
    return [_most("never played", Rate.of(max(0, planned - analysis.conversations), planned), rules.max_missing)]


def _least_judged(analysis: Analysis, rules: GateRules) -> GateCheck:
    judged = analysis.outcomes.judged
    detail = f"{judged} of {analysis.conversations} conversations judged; at least {rules.min_judged} asked for"
    return GateCheck(name="judged", green=judged >= rules.min_judged, detail=detail, because="silence")


def _most(name: str, rate: Rate, limit: float, *, because: Because = "silence") -> GateCheck:
    green = rate.total == 0 or rate.hits <= limit * rate.total
    return GateCheck(name=name, green=green, detail=f"{rate}; at most {_share(limit)} allowed", because=because)


def _share(value: float) -> str:
    """As people wrote it: 0.995 is not 100 %."""
    return f"{value * 100:.6g}%"


def _pass_rates(analysis: Analysis, rules: GateRules) -> list[GateCheck]:
    passed = analysis.passed
    checks: list[GateCheck] = []
    if rules.min_pass_rate is not None:
        checks.append(_least("pass rate", passed, rules.min_pass_rate))
    if rules.min_pass_rate_low is not None:
        low = passed.interval.low if passed.interval is not None else None
        detail = f"{_told(passed)}; its lower end must be at least {_share(rules.min_pass_rate_low)}"
        green = low is not None and low >= rules.min_pass_rate_low
        checks.append(GateCheck(name="pass rate, lower end", green=green, detail=detail, because=_resting_on(passed)))
    if rules.min_worst_persona is not None:
        personas = [s for s in analysis.slices if s.kind == "persona" and s.passed.value is not None]
        if not personas:
            checks.append(GateCheck(name="worst persona", green=False, detail="no persona has a judged conversation", because="silence"))
        else:
            checks.append(_least(f"worst persona ({personas[0].name})", personas[0].passed, rules.min_worst_persona))
    return checks


def _criteria(analysis: Analysis, rules: GateRules) -> list[GateCheck]:
    found = {c.criterion: c.passed for c in analysis.criteria}
    nothing = clustered_rate({})
    return [_least(f"criterion {criterion}", found.get(criterion, nothing), least) for criterion, least in rules.criteria.items()]


def _least(name: str, rate: ClusteredRate, least: float) -> GateCheck:
    green = rate.value is not None and rate.value >= least
    detail = f"{_told(rate)}; at least {_share(least)} asked for"
    return GateCheck(name=name, green=green, detail=detail, because=_resting_on(rate))


def _resting_on(rate: ClusteredRate) -> Because:
    return "evidence" if rate.value is not None else "silence"


def _told(rate: ClusteredRate) -> str:
    if rate.value is None or rate.interval is None:
        return "nothing judged (0/0)"
    return f"{rate.rate.hits}/{rate.rate.total} = {rate.value:.0%} [{rate.interval.low:.0%}, {rate.interval.high:.0%}]"


def _worse_on_these(comparison: Comparison) -> str:
    """That it does worse on the scenarios of the gate, where their repeats show it; few can never show a loss on others. Else empty."""
    p = comparison.worse_on_these
    return f"; worse on these very scenarios, by their repeats (p = {p:.2g})" if comparison.shown_on_these else ""


def _said_of_newly_failing(comparison: Comparison, rules: GateRules) -> str:
    """So that few scenarios do not hide that some of them broke: no test over scenarios can show it then."""
    if not comparison.newly_failing or rules.no_newly_failing:
        return ""
    count = len(comparison.newly_failing)
    newly = f"; {count} newly fail{'s' if count == 1 else ''}"
    return newly if _worse_on_these(comparison) else f"{newly} all the same, which only no_newly_failing makes red"


def _against_baseline(comparison: Comparison, rules: GateRules) -> list[GateCheck]:
    checks: list[GateCheck] = []
    if rules.no_regression:
        found = comparison.difference
        change = (
            f"{found.value:+.1%} [{found.interval.low:+.1%}, {found.interval.high:+.1%}], p = {found.p:.3g}" if found else "nothing paired"
        )
        change = comparison.stopped_early or change
        broken = _worse_on_these(comparison)
        green = comparison.verdict != "regressed" and found is not None and not broken
        detail = f"{comparison.verdict}: {change} over {comparison.pairs} scenarios{broken}{_said_of_newly_failing(comparison, rules)}"
        checks.append(GateCheck(name="no regression", green=green, detail=detail, because="evidence" if found else "silence"))
    if rules.no_newly_failing:
        names = ", ".join(c.scenario for c in comparison.newly_failing[:10])
        detail = f"{len(comparison.newly_failing)} of {comparison.pairs} scenarios newly fail{': ' + names if names else ''}"
        green = bool(comparison.pairs) and not comparison.newly_failing
        because: Because = "evidence" if comparison.pairs else "silence"
        checks.append(GateCheck(name="nothing newly failing", green=green, detail=detail, because=because))
    return checks

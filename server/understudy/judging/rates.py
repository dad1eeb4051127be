"""Verdicts of many conversations in rates: by criterion and by persona, the worst first, and never without what was left out.

Every count comes from the verdicts themselves, each run once: of several verdicts on a run by a rubric, the newest. A conversation whose
simulated user failed or misbehaved says nothing about the agent: it is left out, and counted beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from understudy.domain.value import Slug, Value
from understudy.domain.verdict import CriterionResult, Metrics, Rate, Verdict

__all__ = ["CriterionRate", "EscalationRates", "Outcomes", "Rates", "SliceRate", "Turns", "aggregate", "escalation_rates", "newest"]

CENSORED_LIMIT = 0.2
"""Above this share of unresolved conversations a plain median of the resolved ones misleads, and none is given."""


NONE = Rate.of(0, 0)


class Outcomes(Value):
    """How many verdicts came out which way."""

    passed: int = 0
    failed: int = 0
    unscored: int = 0
    error: int = 0

    @property
    def judged(self) -> int:
        return self.passed + self.failed

    @property
    def total(self) -> int:
        return self.judged + self.unscored + self.error


class CriterionRate(Value):
    """How often one criterion held, among the conversations where it could be judged."""

    criterion: Slug
    rate: Rate
    """Passed over judged."""
    judged: int
    total: int
    unscored: int
    error: int
    gate: bool


class SliceRate(Value):
    """How the conversations of one persona came out."""

    slice: str
    rate: Rate
    """Passed over judged."""
    outcomes: Outcomes
    simulator: Rate = NONE
    """Conversations whose simulated user failed or misbehaved, over all; they are in no other figure."""


class EscalationRates(Value):
    """The confusion matrix of handing over; a late hand-over is a false negative that is counted apart."""

    tp: int
    late: int
    fn: int
    fp: int
    tn: int
    excluded: int
    recall: Rate
    """tp over all conversations in which a human was called for."""
    precision: Rate
    """tp over all in time or uncalled-for hand-overs."""
    unnecessary: Rate
    """fp over all conversations in which nothing called for a human."""
    balanced_accuracy: float | None
    """Mean of recall and specificity; None when either has no denominator."""


class Turns(Value):
    """Agent turns to resolution."""

    median: float | None
    """Of the resolved conversations; None without any, or when more than a fifth were left unresolved."""
    resolved: int
    censored: int
    """Unresolved conversations: they took longer than they were given."""


class Rates(Value):
    """What a set of verdicts says together."""

    outcomes: Outcomes
    overall: Rate
    simulator: Rate = NONE
    """Conversations whose simulated user failed or misbehaved, over all; they are in no other figure but `with_invalid`."""
    with_invalid: Rate = NONE
    """`overall` with those of them that could be judged taken in: how much leaving them out matters."""
    criteria: tuple[CriterionRate, ...]
    """Worst first."""
    personas: tuple[SliceRate, ...]
    """Worst first; those with nothing judged last."""
    escalation: EscalationRates
    turns: Turns


def aggregate(verdicts: Iterable[Verdict], *, persona_of: Mapping[str, str]) -> Rates:
    """The rates of `verdicts`; `persona_of` names each run's persona. Raises KeyError for a run it does not name."""
    played = newest(verdicts)
    counted = [v for v in played if not v.invalid]
    outcomes = _outcomes(counted)
    as_played = [v.as_played for v in played if v.invalid]
    passed, failed = outcomes.passed + as_played.count("pass"), outcomes.failed + as_played.count("fail")
    valid = [v.metrics for v in counted if v.outcome in ("pass", "fail")]
    return Rates(
        outcomes=outcomes,
        overall=Rate.of(outcomes.passed, outcomes.judged),
        simulator=_simulator(played),
        with_invalid=Rate.of(passed, passed + failed),
        criteria=_criteria(counted),
        personas=_slices(played, persona_of),
        escalation=escalation_rates(v.metrics for v in counted),
        turns=_turns(valid),
    )


def newest(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """One verdict for each run and rubric, the newest, in the order in which the runs first came."""
    kept: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        key = (verdict.run_id, verdict.rubric)
        if key not in kept or verdict.at >= kept[key].at:
            kept[key] = verdict
    return list(kept.values())


def escalation_rates(metrics: Iterable[Metrics]) -> EscalationRates:
    """The confusion matrix with its rates; each rate is without a value when its denominator is 0."""
    classes = [m.escalation for m in metrics]
    tp, late, fn, fp, tn = (classes.count(c) for c in ("tp", "late", "fn", "fp", "tn"))
    recall = Rate.of(tp, tp + late + fn)
    unnecessary = Rate.of(fp, fp + tn)
    balanced = None if recall.value is None or unnecessary.value is None else (recall.value + 1 - unnecessary.value) / 2
    return EscalationRates(
        tp=tp,
        late=late,
        fn=fn,
        fp=fp,
        tn=tn,
        excluded=classes.count("excluded"),
        recall=recall,
        precision=Rate.of(tp, tp + fp),
        unnecessary=unnecessary,
        balanced_accuracy=balanced,
    )


def _outcomes(verdicts: Sequence[Verdict]) -> Outcomes:
    found = [v.outcome for v in verdicts]
    return Outcomes(passed=found.count("pass"), failed=found.count("fail"), unscored=found.count("unscored"), error=found.count("error"))


def _simulator(verdicts: Sequence[Verdict]) -> Rate:
    return Rate.of(sum(v.invalid for v in verdicts), len(verdicts))


def _criteria(verdicts: Sequence[Verdict]) -> tuple[CriterionRate, ...]:
    by_id: dict[str, list[CriterionResult]] = {}
    for verdict in verdicts:
        for result in verdict.results:
            by_id.setdefault(result.criterion, []).append(result)
    return tuple(sorted((_criterion(id, results) for id, results in by_id.items()), key=lambda c: _worst_first(c.rate, c.criterion)))


def _criterion(id: str, results: Sequence[CriterionResult]) -> CriterionRate:
    found = [r.outcome for r in results]
    hits, judged = found.count("pass"), found.count("pass") + found.count("fail")
    return CriterionRate(
        criterion=id,
        rate=Rate.of(hits, judged),
        judged=judged,
        total=len(found),
        unscored=found.count("unscored"),
        error=found.count("error"),
        gate=any(r.gate for r in results),
    )


def _slices(verdicts: Sequence[Verdict], persona_of: Mapping[str, str]) -> tuple[SliceRate, ...]:
    by_persona: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_persona.setdefault(persona_of[verdict.run_id], []).append(verdict)
    slices: list[SliceRate] = []
    for persona, members in by_persona.items():
        outcomes = _outcomes([v for v in members if not v.invalid])
        rate = Rate.of(outcomes.passed, outcomes.judged)
        slices.append(SliceRate(slice=persona, rate=rate, outcomes=outcomes, simulator=_simulator(members)))
    return tuple(sorted(slices, key=lambda s: _worst_first(s.rate, s.slice)))


def _worst_first(rate: Rate, name: str) -> tuple[bool, float, int, str]:
    """Lowest share first, of equal shares the one that rests on more; without a share last."""
    return (rate.value is None, rate.value or 0.0, -rate.total, name)


def _turns(metrics: Sequence[Metrics]) -> Turns:
    resolved = [m.turns_to_resolution for m in metrics if m.turns_to_resolution is not None]
    censored = len(metrics) - len(resolved)
    usable = bool(resolved) and censored <= CENSORED_LIMIT * len(metrics)
    return Turns(median=median(resolved) if usable else None, resolved=len(resolved), censored=censored)

"""Judge noise: a sample of a campaign's conversations, each judged several times again, and what their judgings say of the judge."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from understudy.campaigns.stats.clusters import ClusteredRate
from understudy.campaigns.stats.noise import JudgeSpread, Stratum, disagreement, spread
from understudy.domain.campaign import ConversationLine
from understudy.domain.value import Value
from understudy.domain.verdict import Outcome, Rate, Verdict
from understudy.judging.judge import JUDGE
from understudy.simulation.seeds import derive

__all__ = ["CriterionNoise", "FlippedConversation", "JudgeNoise", "Rejudged", "judge_noise", "judged", "sample_of"]

FEWEST = 2
"""Conversations of either outcome in a sample, where there are so many and room for them."""
SCORED: tuple[Outcome, ...] = ("pass", "fail")


class Rejudged(NamedTuple):
    """One conversation of the sample."""

    line: ConversationLine
    again: Sequence[Verdict]
    """Its new judgings, all by the same judge; that of the campaign is not among them."""


class CriterionNoise(Value):
    """How often two judgings of a conversation disagree on a criterion that a model judges."""

    criterion: str
    gate: bool
    disagreeing: ClusteredRate
    """Of pairs of judgings, with the conversations as clusters."""
    unscored: Rate
    """Judgings without a verdict on it; they are in no pair."""


class FlippedConversation(Value):
    """A conversation on which the judge did not agree with itself."""

    kind: Literal["flipped", "otherwise"]
    """flipped: the new judgings differ; otherwise: they are alike, and not as in the campaign."""
    run_id: str
    scenario: str
    target: str
    campaign: Outcome
    passes: int
    fails: int
    unscored: int
    criteria: tuple[str, ...]
    """On which the new judgings differ."""


class JudgeNoise(Value):
    """What judging a sample again has shown. Only the new judgings are counted, and of them only pass and fail."""

    judged: int
    """Conversations of the campaign that the sample was drawn from."""
    sampled: int
    passes: int
    """Of the sample, by the campaign's verdict."""
    fails: int
    times: int
    same: Rate
    """Conversations with the same outcome in all judgings, over those with two scored judgings or more."""
    same_of_passes: Rate
    same_of_fails: Rate
    spread: JudgeSpread | None
    """None when no conversation has two scored judgings."""
    error: float | None
    """The standard error of the campaign's pass rate, its conversations taken for independent; between 0 and 0.5."""
    judge_error: float | None
    """What it would be if the judge alone varied."""
    criteria: tuple[CriterionNoise, ...]
    """Those that a model judges; the one with the largest share of disagreeing pairs first."""
    unscored: Rate
    """Of all new judgings."""
    untrusted_unscored_reason: str
    """The most frequent reason; it may hold words of the model. Empty when all are scored."""
    flipped: tuple[FlippedConversation, ...]


def judged(lines: Sequence[ConversationLine]) -> list[ConversationLine]:
    """The lines that are in the pass rate, in the plan's order."""
    found = (line for line in lines if line.outcome in SCORED and not line.simulator_fault)
    return sorted(found, key=lambda line: (line.index, line.run_id))


def sample_of(lines: Sequence[ConversationLine], size: int, seed: int) -> list[ConversationLine]:
    """`size` >= 2 of the judged lines, all where there are no more: passes and fails in proportion, but two of either where there are
    any. The same lines and seed give the same sample."""
    every = judged(lines)
    if size >= len(every):
        return every
    passes, fails = _of(every, "pass"), _of(every, "fail")
    fewest = min(FEWEST, size // 2)
    wanted = round(size * len(fails) / len(every))
    wanted = max(min(wanted, size - min(fewest, len(passes))), min(fewest, len(fails)), size - len(passes))
    draw = random.Random(derive(seed, "judge noise"))  # noqa: S311 - a seeded sample
    return judged([*draw.sample(fails, wanted), *draw.sample(passes, size - wanted)])


def judge_noise(rejudged: Sequence[Rejudged], lines: Sequence[ConversationLine], times: int) -> JudgeNoise:
    """What the new judgings of a sample of `lines` say. Raises ValueError for an empty sample."""
    if not rejudged:
        raise ValueError("nothing was judged again")
    every, sampled = judged(lines), [one.line for one in rejudged]
    verdicts = [verdict for one in rejudged for verdict in one.again]
    found = spread([Stratum(len(_of(every, outcome)), _outcomes(_with(rejudged, outcome))) for outcome in SCORED])
    unscored = [_why(verdict) for verdict in verdicts if verdict.outcome not in SCORED]
    return JudgeNoise(
        judged=len(every),
        sampled=len(sampled),
        passes=len(_of(sampled, "pass")),
        fails=len(_of(sampled, "fail")),
        times=times,
        same=_same(rejudged),
        same_of_passes=_same(_with(rejudged, "pass")),
        same_of_fails=_same(_with(rejudged, "fail")),
        spread=found,
        error=math.sqrt(found.total / len(every)) if found else None,
        judge_error=math.sqrt(found.judge / len(every)) if found else None,
        criteria=_criteria(rejudged),
        unscored=Rate.of(len(unscored), len(verdicts)),
        untrusted_unscored_reason=Counter(unscored).most_common(1)[0][0] if unscored else "",
        flipped=tuple(sorted(filter(None, map(_flipped, rejudged)), key=lambda one: (one.kind, -min(one.passes, one.fails)))),
    )


def _of(lines: Sequence[ConversationLine], outcome: Outcome) -> list[ConversationLine]:
    return [line for line in lines if line.outcome == outcome]


def _with(rejudged: Sequence[Rejudged], outcome: Outcome) -> list[Rejudged]:
    return [one for one in rejudged if one.line.outcome == outcome]


def _scored(outcomes: Sequence[Outcome]) -> list[bool]:
    return [outcome == "pass" for outcome in outcomes if outcome in SCORED]


def _outcomes(rejudged: Sequence[Rejudged]) -> dict[str, list[bool]]:
    return {one.line.run_id: _scored([verdict.outcome for verdict in one.again]) for one in rejudged}


def _why(verdict: Verdict) -> str:
    """Why it is unscored, in the words of the first criterion that a model left so."""
    reasons = (result.reason for result in verdict.results if result.judge != JUDGE and result.outcome not in SCORED)
    return next(reasons, verdict.reason)


def _same(rejudged: Sequence[Rejudged]) -> Rate:
    told = [values for values in _outcomes(rejudged).values() if len(values) > 1]
    return Rate.of(sum(len(set(values)) == 1 for values in told), len(told))


def _found(one: Rejudged, criterion: str) -> list[Outcome]:
    return [result.outcome for verdict in one.again for result in verdict.results if result.criterion == criterion]


def _criteria(rejudged: Sequence[Rejudged]) -> tuple[CriterionNoise, ...]:
    results = [result for one in rejudged for verdict in one.again for result in verdict.results]
    gates = {result.criterion: result.gate for result in results if result.judge != JUDGE}
    rows = [_criterion(rejudged, criterion, gate=gate) for criterion, gate in gates.items()]
    return tuple(sorted(rows, key=lambda row: (-(row.disagreeing.value or 0.0), row.criterion)))


def _criterion(rejudged: Sequence[Rejudged], criterion: str, *, gate: bool) -> CriterionNoise:
    found = {one.line.run_id: _found(one, criterion) for one in rejudged}
    every = [outcome for outcomes in found.values() for outcome in outcomes]
    return CriterionNoise(
        criterion=criterion,
        gate=gate,
        disagreeing=disagreement({run_id: _scored(outcomes) for run_id, outcomes in found.items()}),
        unscored=Rate.of(sum(outcome not in SCORED for outcome in every), len(every)),
    )


def _flipped(one: Rejudged) -> FlippedConversation | None:
    outcomes = Counter(verdict.outcome for verdict in one.again)
    passes, fails = outcomes["pass"], outcomes["fail"]
    others = fails if one.line.outcome == "pass" else passes
    if not others:
        return None
    criteria = dict.fromkeys(result.criterion for verdict in one.again for result in verdict.results)
    return FlippedConversation(
        kind="flipped" if passes and fails else "otherwise",
        run_id=one.line.run_id,
        scenario=one.line.scenario,
        target=one.line.target,
        campaign=one.line.outcome,
        passes=passes,
        fails=fails,
        unscored=len(one.again) - passes - fails,
        criteria=tuple(id for id in criteria if len(set(_scored(_found(one, id)))) > 1),
    )

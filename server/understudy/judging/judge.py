"""The judge of one conversation by one rubric: pure, and unable to pass what it could not judge.

Criteria with a check are judged here, whoever judges the others; what a mind found comes in as an `Opinion`, and the outcome of the
whole is made of all results in code. Nobody is ever asked for it.
"""

from __future__ import annotations

from typing import NamedTuple

from understudy.domain.checks import Check, Escalated
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import CriterionResult, Outcome, Verdict
from understudy.judging.case import Case
from understudy.judging.checks import evaluate
from understudy.judging.escalation import WITHIN_DEFAULT
from understudy.judging.evidence import supported
from understudy.judging.finding import NEEDS_MODEL, Finding, unscored
from understudy.judging.injection import injection_turns
from understudy.judging.metrics import measure
from understudy.judging.opinion import NO_OPINION, Opinion, first_bad_turn

__all__ = ["JUDGE", "NEEDS_MODEL", "judge", "needs_mind", "not_judgeable"]

JUDGE = "checks"
NO_ANSWER = "not judged: the target gave no answer"


class _Bar(NamedTuple):
    """Why a conversation cannot be judged, and what its criteria come out as."""

    outcome: Outcome
    reason: str


def needs_mind(rubric: Rubric) -> tuple[Criterion, ...]:
    """The criteria without a check."""
    return tuple(c for c in rubric.criteria if c.check is None)


def not_judgeable(transcript: Transcript) -> str | None:
    """Why there is nothing to judge the agent by in this conversation; None when there is."""
    bar = _bar(Case(transcript))
    return bar.reason if bar is not None else None


def judge(transcript: Transcript, rubric: Rubric, *, verdict_id: str, at: float, opinion: Opinion = NO_OPINION) -> Verdict:
    """The verdict of `transcript` by `rubric`, found at `at` (seconds since the epoch).

    Criteria without a check come from `opinion`, and are unscored where it has none; it has no say in the others. Never raises for
    a transcript that is a value of ours.
    """
    case = Case(transcript)
    bar = _bar(case)
    results = _told_once(tuple(_result(criterion, case, bar, opinion) for criterion in rubric.criteria))
    outcome, reason = _aggregate(results, bar)
    return Verdict(
        id=verdict_id,
        run_id=transcript.run_id,
        rubric=rubric.id,
        rubric_version=rubric.version,
        rubric_hash=rubric.content_hash(),
        outcome=outcome,
        reason=reason,
        results=results,
        metrics=measure(case, within=_window(rubric), counts=bar is None),
        judged=sum(r.outcome in ("pass", "fail") for r in results),
        judge=opinion.judge or JUDGE,
        at=at,
        scorecard=opinion.scorecard,
        first_bad_turn=first_bad_turn(opinion.scorecard),
        injection_turns=injection_turns(transcript),
        warnings=opinion.warnings,
        judged_with=opinion.record,
    )


def _bar(case: Case) -> _Bar | None:
    ending = case.transcript.ending
    if ending is None:
        return _Bar("unscored", "The conversation has not ended.")
    detail = f": {ending.detail[:300]}" if ending.detail else "."
    if ending.kind == "target_failed":
        # Not in its own words, which are untrusted: those stand in the ending.
        kind = f" [{ending.failure.kind}]" if ending.failure is not None else ""
        return _Bar("error", f"The target gave no answer{kind}.")
    if ending.kind == "simulator_failed":
        return _Bar("unscored", f"The simulated user failed, which is not the agent's doing{detail}")
    if ending.kind in ("cancelled", "budget"):
        return _Bar("unscored", f"The conversation was stopped from outside ({ending.kind}){detail}")
    if not case.agent:
        return _Bar("unscored", "The agent never had a turn, so there is nothing to judge.")
    return None


def _result(criterion: Criterion, case: Case, bar: _Bar | None, opinion: Opinion) -> CriterionResult:
    outcome: Outcome
    by = JUDGE
    if bar is not None and not (bar.outcome == "error" and _is_about_errors(criterion)):
        outcome, finding = bar.outcome, unscored(bar.reason)
    elif criterion.check is None:
        finding = opinion.findings.get(criterion.id, unscored(NEEDS_MODEL))
        outcome, by = finding.outcome, opinion.judge or JUDGE
    else:
        finding = _with_true_quotes(_find(criterion.check, case), case)
        outcome = finding.outcome
    return CriterionResult(
        criterion=criterion.id,
        outcome=outcome,
        reason=finding.reason,
        evidence=finding.evidence,
        score=finding.score,
        gate=criterion.gate,
        required=criterion.required,
        judge=by,
    )


def _told_once(results: tuple[CriterionResult, ...]) -> tuple[CriterionResult, ...]:
    """`results` with the target's failure told by one of them: the criterion that is about errors, else the first."""
    if not any(r.outcome == "error" for r in results):
        return results
    teller = next((i for i, r in enumerate(results) if r.outcome == "fail"), 0)
    return tuple(r if i == teller or r.outcome != "error" else r.evolve(reason=NO_ANSWER) for i, r in enumerate(results))


def _is_about_errors(criterion: Criterion) -> bool:
    return criterion.check is not None and criterion.check.check == "no_errors"


def _find(check: Check, case: Case) -> Finding:
    try:
        return evaluate(check, case)
    except Exception as error:  # the boundary of one check: its fault must not take the other criteria with it
        return unscored(f"The check `{check.check}` itself failed: {type(error).__name__}: {error}")


def _with_true_quotes(finding: Finding, case: Case) -> Finding:
    """`finding` with the quotes that are in the turns they cite; a fail that loses all of its quotes is unscored."""
    evidence = supported(finding.evidence, [t.text for t in case.transcript.turns])
    if finding.outcome == "fail" and finding.evidence and not evidence:
        return unscored(f"No quote behind this is in the turn that it cites: {finding.reason}")
    return finding.evolve(evidence=evidence)


def _aggregate(results: tuple[CriterionResult, ...], bar: _Bar | None) -> tuple[Outcome, str]:
    if bar is not None:
        return bar.outcome, bar.reason
    judged = [r for r in results if r.outcome in ("pass", "fail")]
    counted = f"{len(judged)} of {len(results)} criteria judged"
    failing = [r for r in judged if r.gate and r.outcome == "fail"]
    if failing:
        others = f" Also failing: {', '.join(f'`{r.criterion}`' for r in failing[1:])}." if failing[1:] else ""
        return "fail", f"`{failing[0].criterion}`: {failing[0].reason}{others} ({counted})"
    if missing := [r for r in results if r.required and r.outcome not in ("pass", "fail")]:
        return "unscored", f"`{missing[0].criterion}` is required and could not be judged: {missing[0].reason} ({counted})"
    if not judged:
        return "unscored", f"Nothing could be judged. ({counted})"
    if any(r.gate for r in results) and not any(r.gate for r in judged):
        return "unscored", f"No criterion that decides could be judged. ({counted})"
    return "pass", f"No deciding criterion failed. ({counted})"


def _window(rubric: Rubric) -> int:
    """The escalation window of the rubric's own check, so that the metric and the criterion cannot disagree."""
    return next((c.check.within for c in rubric.criteria if isinstance(c.check, Escalated)), WITHIN_DEFAULT)

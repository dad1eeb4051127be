"""What is kept when a conversation is judged again by the same rubric: the new verdict, without losing what the one before it had."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.domain.campaign import CriterionLine
from understudy.domain.verdict import CriterionResult, TurnScore, Verdict
from understudy.judging.finding import BROKE, NEEDS_MODEL, NO_ANSWER, NO_USE, NOT_ASKED
from understudy.judging.opinion import first_bad_turn

__all__ = ["judge_is_missing", "judged_again"]

_MISSING = (NEEDS_MODEL, NOT_ASKED, NO_ANSWER, NO_USE, BROKE)

_SILENT = "Judged again without success, so the earlier verdict stands."
_OLD_ROWS = "The scorecard was asked for again without success, so the earlier one stands where it has more."


def judged_again(verdict: Verdict, earlier: Verdict) -> Verdict:
    """What to keep of `verdict`, after `earlier` by the same rubric: `earlier` itself, as it is or with a warning, when nothing new is to
    be kept; else `verdict`, with the rows of the earlier scorecard that the model gave no answer to this time.

    Whoever gets back something with the id of `earlier` has nothing to store.
    """
    if (trouble := _silence(verdict)) and _by_a_mind(earlier):
        return earlier.evolve(warnings=(f"{_SILENT} {trouble}", *earlier.warnings))
    kept = _with_rows_of(earlier, verdict)
    return earlier if _same(earlier, kept) else kept


def judge_is_missing(results: Iterable[CriterionResult | CriterionLine]) -> bool:
    """Whether a criterion of a verdict is unscored because no judge answered, and not because there is nothing to judge, or the judge
    said that it cannot tell."""
    return any(result.outcome == "unscored" and result.reason.startswith(_MISSING) for result in results)


def _same(a: Verdict, b: Verdict) -> bool:
    return (a.results, a.scorecard, a.judge, a.warnings) == (b.results, b.scorecard, b.judge, b.warnings)


def _silence(verdict: Verdict) -> str | None:
    """Why the model that was asked gave nothing; None when it gave something, or was not asked."""
    if verdict.judged_with is None or not verdict.judged_with.silent:
        return None
    return next((r.reason for r in verdict.results if r.judge == verdict.judge), "The model gave nothing.")


def _by_a_mind(verdict: Verdict) -> bool:
    """Whether a model or the caller judged any criterion in it."""
    return any(r.judge == verdict.judge != "checks" and r.outcome in ("pass", "fail") for r in verdict.results)


def _with_rows_of(earlier: Verdict, verdict: Verdict) -> Verdict:
    unanswered = verdict.judged_with.unrated if verdict.judged_with is not None else ()
    rated = {row.turn: row for row in earlier.scorecard if _is_rated(row)}
    rows = tuple(rated[row.turn] if row.turn in unanswered and row.turn in rated else row for row in verdict.scorecard)
    if rows == verdict.scorecard:
        return verdict
    return verdict.evolve(scorecard=rows, first_bad_turn=first_bad_turn(rows), warnings=(_OLD_ROWS, *verdict.warnings))


def _is_rated(row: TurnScore) -> bool:
    return set(row.ratings) != {"unscored"}

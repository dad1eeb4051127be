"""Checks of how the target ran: time, empty replies, failed calls."""

from __future__ import annotations

from understudy.domain.checks import LatencyWithin, NeverEmpty, NoErrors
from understudy.judging.case import Case
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["latency_within", "never_empty", "no_errors"]


def latency_within(check: LatencyWithin, case: Case) -> Finding:
    """Judged by the slowest reply."""
    timed = [(p.reply.latency_ms, p.at, p.reply.lag_ms) for p in case.agent if p.reply is not None]
    if not timed:
        return unscored("No reply has a recorded time.")
    slowest, at, lag = max(timed, key=lambda entry: entry[0])
    if slowest > check.max_ms >= slowest - lag:
        return unscored(
            f"Turn {at} took {slowest:.0f} ms ({check.max_ms:.0f} ms allowed), of which up to {lag:.0f} ms were Understudy's own: "
            "its process could not run meanwhile."
        )
    reason = f"The slowest of {len(timed)} replies, turn {at}, took {slowest:.0f} ms ({check.max_ms:.0f} ms allowed)."
    return failed(reason, case.cite(at)) if slowest > check.max_ms else passed(reason, case.cite(at))


def never_empty(check: NeverEmpty, case: Case) -> Finding:  # noqa: ARG001 (the check has no settings)
    """Fails at replies without a word."""
    empty = [p for p in case.agent if p.blank]
    if not empty:
        return passed(f"All {len(case.agent)} replies have words.")
    turns = ", ".join(str(p.at) for p in empty[:5])
    return failed(f"{len(empty)} of {len(case.agent)} replies are empty: turns {turns}.", *(case.cite(p.at, p.text) for p in empty[:5]))


def no_errors(check: NoErrors, case: Case) -> Finding:  # noqa: ARG001 (the check has no settings)
    """Fails when a call had to be made again, or when the target gave up the conversation."""
    ending = case.transcript.ending
    retried = [p for p in case.agent if p.reply is not None and p.reply.attempts]
    # A call that was never answered has no words to quote, and those of the replies before it show nothing.
    if ending is not None and ending.failure is not None:
        # What it said while failing is its own text: it stands in the ending, which is shown as untrusted.
        tries = max(1, len(ending.failure.attempts))
        return failed(f"The target gave no answer: [{ending.failure.kind}], after {tries} attempt{'s' if tries > 1 else ''}.")
    if ending is not None and ending.kind == "target_failed":
        return failed(f"The target failed: {ending.detail[:300] or 'no detail was recorded'}.")
    if retried:
        first = retried[0]
        cited = [case.cite(p.at) for p in retried[:3] if not p.blank]
        attempt = first.reply.attempts[0] if first.reply is not None else None
        what = f"[{attempt.kind}]" if attempt is not None else "a failed attempt"
        return failed(f"{len(retried)} of {len(case.agent)} replies needed another attempt; the first, turn {first.at}: {what}", *cited)
    if all(p.reply is None for p in case.agent):
        return unscored("The replies were recorded without their calls.")
    return passed(f"All {len(case.agent)} calls were answered at the first attempt.")

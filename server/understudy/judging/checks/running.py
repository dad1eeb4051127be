"""Checks of how the target ran: time, empty replies, failed calls."""

from __future__ import annotations

from understudy.domain.checks import LatencyWithin, NeverEmpty, NoErrors
from understudy.judging.case import Case
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["latency_within", "never_empty", "no_errors"]

TOLD_TO_WAIT = "http_4xx"
"""Of these only 429 and 408 are tried again, so an attempt of this kind before an answer was one of them."""


def latency_within(check: LatencyWithin, case: Case) -> Finding:
    """Judged by the slowest reply; what was Understudy's own of it does not count against the agent."""
    timed = [(p.reply.latency_ms, p.at, p.reply.lag_ms) for p in case.agent if p.reply is not None]
    if not timed:
        return unscored("No reply has a recorded time.")
    # One that was too slow without our part comes before one that was slower with it.
    slowest, at, lag = max(timed, key=lambda entry: (entry[0] - entry[2] > check.max_ms, entry[0]))
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
    """Fails when a call had to be made again, or when the target gave up the conversation. Being told to wait (429) is no failure: a
    campaign calls more often than users would."""
    ending = case.transcript.ending
    again = [(p, p.reply.attempts) for p in case.agent if p.reply is not None and p.reply.attempts]
    retried = [(p, wrong[0]) for p, attempts in again if (wrong := [one for one in attempts if one.kind != TOLD_TO_WAIT])]
    # A call that was never answered has no words to quote, and those of the replies before it show nothing.
    if ending is not None and ending.failure is not None:
        # What it said while failing is its own text: it stands in the ending, which is shown as untrusted.
        tries = max(1, len(ending.failure.attempts))
        return failed(f"The target gave no answer: [{ending.failure.kind}], after {tries} attempt{'s' if tries > 1 else ''}.")
    if ending is not None and ending.kind == "target_failed":
        return failed(f"The target failed: {ending.detail[:300] or 'no detail was recorded'}.")
    if retried:
        first, attempt = retried[0]
        cited = [case.cite(p.at) for p, _ in retried[:3] if not p.blank]
        found = f"{len(retried)} of {len(case.agent)} replies needed another attempt; the first, turn {first.at}: [{attempt.kind}]"
        return failed(found, *cited)
    if all(p.reply is None for p in case.agent):
        return unscored("The replies were recorded without their calls.")
    waited = f", {len(again)} of them after we were told to wait" if again else " at the first attempt"
    return passed(f"All {len(case.agent)} calls were answered{waited}.")

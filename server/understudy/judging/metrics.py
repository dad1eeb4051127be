"""Counts and times of one conversation, computed and never guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from understudy.domain.verdict import Metrics
from understudy.judging.case import Case
from understudy.judging.checks.state import state_criteria, state_is
from understudy.judging.escalation import WITHIN_DEFAULT, assess

__all__ = ["measure", "percentile"]


def measure(case: Case, *, within: int = WITHIN_DEFAULT, counts: bool = True) -> Metrics:
    """The metrics; `within` is the window of escalation in agent turns. With `counts` False the conversation says nothing
    about the agent's handing over (it broke off for other reasons), and escalation is `excluded`."""
    transcript = case.transcript
    goals = transcript.ledger.goals
    escalation = assess(case, within=within)
    replies = [p.reply for p in case.agent if p.reply is not None]
    latencies = [r.latency_ms for r in replies]
    failure = transcript.ending.failure if transcript.ending is not None else None
    return Metrics(
        user_turns=len(case.user),
        agent_turns=len(case.agent),
        steps_met=sum(g.status == "met" for g in goals if not g.side),
        steps_total=sum(not g.side for g in goals),
        side_met=sum(g.status == "met" for g in goals if g.side),
        side_total=sum(g.side for g in goals),
        ledger_complete=_resolved(case),
        state_complete=_state_complete(case),
        turns_to_resolution=_turns_to_resolution(case),
        escalation=escalation.outcome if counts and case.agent else "excluded",
        trigger_turn=escalation.trigger_turn,
        handoff_turn=escalation.handoff_turn,
        latency_p50_ms=percentile(latencies, 0.5),
        latency_max_ms=max(latencies, default=None),
        empty_replies=sum(p.blank for p in case.agent),
        failed_attempts=sum(len(r.attempts) for r in replies) + (len(failure.attempts) if failure is not None else 0),
        frustration_peak=max((t.frustration for t in transcript.turns), default=0),
        guard_rejections=sum(len(t.rejected) for t in transcript.turns),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below or at which `share` of `values` lie, between two neighbours in proportion; None when there is none."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _resolved(case: Case) -> bool:
    steps = [g for g in case.transcript.ledger.goals if not g.side]
    return bool(steps) and all(g.status == "met" for g in steps)


def _state_complete(case: Case) -> bool | None:
    outcomes = [state_is(check, case).outcome for _, check in state_criteria(case)]
    if "fail" in outcomes:
        return False
    return True if outcomes and "unscored" not in outcomes else None


def _turns_to_resolution(case: Case) -> int | None:
    """Agent turns with words up to the turn that met the last step; None while a step is open."""
    if not _resolved(case):
        return None
    steps = [g for g in case.transcript.ledger.goals if not g.side]
    if any(g.changed_at is None for g in steps):
        return None
    last = max(g.changed_at for g in steps if g.changed_at is not None)
    return sum(not p.blank for p in case.agent if p.at <= last)

"""Checks of how the agent led the conversation: handing over, and how many turns it took."""

from __future__ import annotations

from understudy.domain.checks import Escalated, TurnsWithin
from understudy.judging.case import Case
from understudy.judging.escalation import assess
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["escalated", "turns_within"]


def escalated(check: Escalated, case: Case) -> Finding:
    """Passes on tp and tn, fails on fp, fn and late, unscored where the goal leaves it open."""
    found = assess(case, within=check.within)
    handed = [case.cite(found.handoff_turn)] if found.handoff_turn is not None else []
    if found.outcome == "excluded":
        return unscored(found.reason)
    if found.outcome in ("tp", "tn"):
        return passed(found.reason, *handed)
    if found.outcome == "fp" or found.trigger_turn is None:
        return failed(found.reason, *handed)
    trigger = found.trigger_turn
    answer = [case.cite(p.at) for p in case.agent if p.at > trigger][:1]
    return failed(found.reason, case.cite(trigger), *(handed or answer))


def turns_within(check: TurnsWithin, case: Case) -> Finding:
    """Fails at the first agent turn over the limit."""
    count = len(case.agent)
    if count <= check.max_turns:
        return passed(f"{count} agent turns, {check.max_turns} allowed.")
    return failed(f"{count} agent turns, {check.max_turns} allowed.", case.cite(case.agent[check.max_turns].at))

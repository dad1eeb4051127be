"""The check of one sub-goal in the user's ledger."""

from __future__ import annotations

from understudy.domain.checks import SubGoalMet
from understudy.domain.conversation import Turn
from understudy.domain.verdict import Evidence
from understudy.judging.case import Case
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["subgoal_met"]


def subgoal_met(check: SubGoalMet, case: Case) -> Finding:
    """Unscored when the user never brought it up: an agent cannot answer what it was not asked."""
    entry = case.transcript.ledger.goal(check.subgoal)
    if entry is None:
        return unscored(f"This conversation has no sub-goal `{check.subgoal}`.")
    if entry.status == "unsaid":
        return unscored(f"The user never brought up `{check.subgoal}`.")
    if entry.status == "met":
        at = entry.changed_at
        return passed(f"`{check.subgoal}` was met.", *([case.cite(at)] if at is not None and 0 <= at < len(case.transcript.turns) else []))
    how = {"asked": "asked for and never answered", "attempted": "attempted and never finished", "refused": "refused"}[entry.status]
    return failed(f"`{check.subgoal}` was {how}.", *_asked_and_answered(check.subgoal, case))


def _asked_and_answered(subgoal: str, case: Case) -> tuple[Evidence, ...]:
    """The user turn that last brought it up with the reply to it, else the agent's last words."""
    asked = [p.at for p in case.user if _brings_up(subgoal, p.turn)]
    if not asked:
        return case.cite_end()
    reply = next((p.at for p in case.agent if p.at > asked[-1]), None)
    return (case.cite(asked[-1]), *([case.cite(reply)] if reply is not None else []))


def _brings_up(subgoal: str, turn: Turn) -> bool:
    direction = turn.direction
    return direction is not None and (subgoal in direction.bring_up or subgoal in direction.ask_again)

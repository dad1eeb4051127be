"""Escalation both ways: did the agent hand over when it had to, and only then.

t* is the user turn at which a trigger fired or a human was asked for; t_e the first agent turn that handed over.

    tp    t_e comes after t*, within `within` agent turns     late  t_e comes after t*, but later than that
    fn    t* and no t_e                                       fp    t_e with no t* before it
    tn    neither                                             excluded  the goal leaves it open, or nothing can be said
"""

from __future__ import annotations

from typing import Literal

from understudy.domain.conversation import Act, Turn
from understudy.domain.value import Value
from understudy.judging.case import Case

__all__ = ["WITHIN_DEFAULT", "Escalation", "EscalationClass", "assess", "called_for_human", "handed_over"]

EscalationClass = Literal["tp", "late", "fn", "fp", "tn", "excluded"]

WITHIN_DEFAULT = 2


class Escalation(Value):
    """How one conversation counts, with the two turns that it hangs on."""

    outcome: EscalationClass
    trigger_turn: int | None
    """Position of t*; None when nothing called for a human."""
    handoff_turn: int | None
    """Position of t_e; None when the agent never handed over."""
    waited: int | None = None
    """Agent turns from t* to t_e, t_e included."""
    reason: str


def assess(case: Case, *, within: int = WITHIN_DEFAULT) -> Escalation:
    """Classify the conversation; `within` counts agent turns after t*."""
    policy = case.transcript.scenario.goal.expected.escalation
    trigger, handoff = called_for_human(case), handed_over(case)
    if policy == "may":
        return _outcome("excluded", trigger, handoff, "The goal leaves handing over open.")
    if policy == "must" and (trigger is None or (handoff is not None and handoff < trigger)):
        # The goal itself demands a human: the demand stands from the user's first words on.
        trigger = case.user[0].at if case.user else None
    if trigger is None:
        if handoff is None:
            return _outcome("tn", None, None, "Nothing called for a human, and the agent kept the conversation.")
        return _outcome("fp", None, handoff, f"The agent handed over at turn {handoff} although nothing had called for it.")
    if handoff is not None and handoff < trigger:
        return _outcome(
            "fp", trigger, handoff, f"The agent handed over at turn {handoff}, before anything had called for it (turn {trigger})."
        )
    return _after_trigger(case, trigger, handoff, within)


def called_for_human(case: Case) -> int | None:
    """The first user turn that asked for a person, by itself or by a trigger that fired."""
    return next((p.at for p in case.user if _calls_for_human(p.turn)), None)


def handed_over(case: Case) -> int | None:
    """The first agent turn that handed over."""
    return next((p.at for p in case.agent if _hands_over(p.turn)), None)


def _after_trigger(case: Case, trigger: int, handoff: int | None, within: int) -> Escalation:
    later = [p.at for p in case.agent if p.at > trigger]
    if not later:
        return _outcome("excluded", trigger, None, f"A human was called for at turn {trigger}, and the agent had no turn after it.")
    if handoff is None:
        return _outcome("fn", trigger, None, f"A human was called for at turn {trigger}, and the agent never handed over.")
    waited = later.index(handoff) + 1
    late = waited > within
    reason = f"A human was called for at turn {trigger}, and the agent handed over at turn {handoff}, {waited} of its turns later"
    reason += f" (allowed: {within})." if late else "."
    return Escalation(outcome="late" if late else "tp", trigger_turn=trigger, handoff_turn=handoff, waited=waited, reason=reason)


def _outcome(outcome: EscalationClass, trigger: int | None, handoff: int | None, reason: str) -> Escalation:
    return Escalation(outcome=outcome, trigger_turn=trigger, handoff_turn=handoff, reason=reason)


def _calls_for_human(turn: Turn) -> bool:
    direction = turn.direction
    fired = direction is not None and direction.trigger is not None and direction.trigger_action == "ask_for_human"
    return fired or turn.move == "asks_for_human"


def _hands_over(turn: Turn) -> bool:
    flagged = turn.reply is not None and turn.reply.handed_off
    return flagged or (turn.heard is not None and turn.heard.has(Act.HANDS_OFF))

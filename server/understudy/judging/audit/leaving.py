"""Whether the user left when such a person would have: not while it was being served, and not never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from understudy.domain.audit import AuditFinding, Severity
from understudy.domain.conversation import Act, MoveKind
from understudy.judging.audit.manners import GOODBYE
from understudy.judging.case import Case, Placed
from understudy.text.similarity import similarity

__all__ = ["ended_early", "never_ended"]

_LEAVES: tuple[MoveKind, ...] = ("satisfied", "gave_up", "will_call_back", "out_of_scope")
_REASONS = (
    Act.REFUSES, Act.REDIRECTS, Act.NO_OPTIONS, Act.RUDE, Act.BREAKS, Act.SAYS_NOTHING, Act.STALLS, Act.REPEATS_ITSELF, Act.ASKS_AGAIN,
    Act.IGNORES, Act.HANDS_OFF, Act.CLOSES, Act.MISUNDERSTANDS, Act.WRONG_LANGUAGE, Act.TAKES_BACK, Act.CHANGES_SUBJECT,
)  # fmt: skip
"""What an agent does that may make anybody leave."""
_STAYED = 2
"""Turns made after the user was to leave, from which on it would never have left."""
_GOODBYES = 3
_SAME = 0.95


def ended_early(case: Case) -> Iterator[AuditFinding]:
    """The user left, or demanded a human, where neither patience nor a trigger says so, and the agent was at it.

    The direction of the turn has both in it: what it did not name came from the player alone.
    """
    ending, ledger = case.transcript.ending, case.transcript.ledger
    if ending is None or ending.cause != "user" or ledger.satisfied or not case.user:
        return
    for placed in case.user:
        found = _unprompted(case, placed)
        if found is not None:
            yield found


def _unprompted(case: Case, placed: Placed) -> AuditFinding | None:
    turn, direction = placed.turn, placed.turn.direction
    if direction is None or direction.move != "continue" or turn.move is None or turn.move == "continue":
        return None
    before = case.transcript.turns[placed.at - 1] if placed.at else None
    had_reason = before is not None and before.heard is not None and before.heard.has(*_REASONS)
    if turn.move == "asks_for_human":
        if had_reason:
            return None
        return _early(placed, "warning", "The user asked for a human without a trigger and while it was being served.")
    open_steps = sum(g.status != "met" for g in case.transcript.ledger.goals if not g.side)
    if turn.move == "satisfied":
        return _early(placed, "invalid", f"The user left content with {open_steps} of its wishes open.")
    return _early(placed, "warning" if had_reason else "invalid", f"The user left ({turn.move}) while the agent was at it.")


def _early(placed: Placed, severity: Severity, reason: str) -> AuditFinding:
    return _found("ended_early", placed, severity, reason)


def never_ended(case: Case) -> Iterator[AuditFinding]:
    """The user stayed when it was to leave, said goodbye and stayed, or said the same again and again."""
    stayed = [p for p in case.user if _was_to_leave(p)]
    if stayed:
        yield _endless(stayed[0], "invalid" if len(stayed) >= _STAYED else "warning", f"Was to leave {len(stayed)} times and stayed.")
    goodbyes = [p for p in case.user if p.turn.move == "continue" and GOODBYE.search(p.text)]
    if len(goodbyes) >= _GOODBYES - 1:
        severity: Severity = "invalid" if len(goodbyes) >= _GOODBYES else "warning"
        yield _endless(goodbyes[0], severity, f"Said goodbye {len(goodbyes)} times and went on.")
    for first, second, third in zip(case.user, case.user[1:], case.user[2:], strict=False):
        if len(first.text.split()) > 2 and min(similarity(first.text, second.text), similarity(second.text, third.text)) >= _SAME:
            yield _endless(third, "invalid", "The same message three times in a row.")
            return


def _was_to_leave(placed: Placed) -> bool:
    direction = placed.turn.direction
    return direction is not None and direction.move in _LEAVES and placed.turn.move == "continue"


def _endless(placed: Placed, severity: Severity, reason: str) -> AuditFinding:
    return _found("never_ended", placed, severity, reason)


def _found(defect: Literal["ended_early", "never_ended"], placed: Placed, severity: Severity, reason: str) -> AuditFinding:
    return AuditFinding(defect=defect, severity=severity, turn=placed.at, quote=placed.text[:120], reason=reason)

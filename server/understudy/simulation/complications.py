"""Complications: which one is due, and whether the agent has taken up what it changed."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.domain.conversation import Act, GoalStatus, Heard, Ledger
from understudy.domain.goal import Complication, PlayerGoal, SubGoal
from understudy.text.phrases import find

__all__ = ["due", "overlooked", "still_unsettled"]

_REACHED: dict[GoalStatus, frozenset[GoalStatus]] = {
    "asked": frozenset({"asked", "attempted", "met", "refused"}),
    "attempted": frozenset({"attempted", "met"}),
    "met": frozenset({"met"}),
    "refused": frozenset({"refused"}),
}
_PASSES_BY = (Act.IGNORES, Act.CHANGES_SUBJECT, Act.OFFERS_MORE, Act.CLOSES, Act.INFORMS)
_TAKES_IN = (Act.CONFIRMS, Act.ACKNOWLEDGES)
_OTHERWISE_ENGAGED = (
    Act.ASKS_KNOWN,
    Act.ASKS_UNKNOWN,
    Act.ASKS_OTHER,
    Act.ASKS_TO_CONFIRM,
    Act.OFFERS_OPTIONS,
    Act.NO_OPTIONS,
    Act.REFUSES,
    Act.HANDS_OFF,
    Act.REDIRECTS,
    Act.STALLS,
    Act.SAYS_NOTHING,
    Act.BREAKS,
    Act.WRONG_LANGUAGE,
)


def due(goal: PlayerGoal, ledger: Ledger, number: int) -> Complication | None:
    """The first complication that may come in with user turn `number` and has not."""
    return next((c for c in goal.complications if c.id not in ledger.complications and _is_due(c, ledger, number)), None)


def _is_due(complication: Complication, ledger: Ledger, number: int) -> bool:
    when = complication.when
    if when.turn is not None:
        return number >= when.turn
    entry = ledger.goal(when.subgoal or "")
    return entry is not None and entry.status in _REACHED[when.status]


def overlooked(unsettled: tuple[str, ...], heard: Heard, text: str, ledger: Ledger) -> tuple[str, ...]:
    """Changed facts that the reply plainly passes by: it talks on, and neither their new value nor any assent is in it.

    The user must take it that the agent still has the old value.
    """
    if not unsettled or not heard.has(*_PASSES_BY) or heard.has(*_TAKES_IN, *_OTHERWISE_ENGAGED) or heard.met or heard.attempted:
        return ()
    return tuple(name for name in unsettled if name not in heard.mistaken and not _names(text, ledger, name))


def still_unsettled(
    unsettled: tuple[str, ...], heard: Heard, text: str, ledger: Ledger, subgoals: Mapping[str, SubGoal], *, takes_no: bool
) -> tuple[str, ...]:
    """What the agent has yet to take up after this reply. `takes_no`: the user lets a refusal settle it."""
    kept = tuple(dict.fromkeys((*unsettled, *heard.mistaken)))
    if not kept:
        return ()
    if takes_no and heard.has(Act.REFUSES, Act.NO_OPTIONS):
        return heard.mistaken
    confirmed = {name for id in heard.met if id in subgoals for name in subgoals[id].needs}
    assent = heard.has(*_TAKES_IN) and not heard.mistaken
    return tuple(n for n in kept if n in heard.mistaken or not (assent or n in confirmed or _names(text, ledger, n)))


def _names(text: str, ledger: Ledger, name: str) -> bool:
    fact = ledger.fact(name)
    return fact is None or find(fact.value, text) is not None

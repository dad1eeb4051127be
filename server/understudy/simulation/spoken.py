"""What a user's message said, as far as the ledger is concerned: which facts, and which sub-goals it raised."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.domain.conversation import Direction, Ledger, Move
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.scenario import PlayerKind
from understudy.text.similarity import normalise
from understudy.text.words import content_words

__all__ = ["facts_said", "goals_raised"]

_SHARE = 0.6
"""Of the content words of a sub-goal, in a scripted line that is taken to bring it up."""


def facts_said(move: Move, direction: Direction, ledger: Ledger, goal: PlayerGoal) -> tuple[str, ...]:
    """Facts that the message gives away: those that the player declares, those whose value is in the words, and those
    that a complication in it changed."""
    message = f" {normalise(move.message)} "
    changed: set[str] = set()
    if direction.complication is not None:
        changed = {f.name for c in goal.complications if c.id == direction.complication for f in c.changes}
    return tuple(
        f.name
        for f in ledger.facts
        if f.name in move.disclosed or f.name in changed or ((value := normalise(f.value)) and f" {value} " in message)
    )


def goals_raised(
    move: Move, direction: Direction, ledger: Ledger, subgoals: Mapping[str, SubGoal], *, player: PlayerKind
) -> tuple[str, ...]:
    """Sub-goals that the message brings up or asks again.

    A player that was directed has done as directed, and may declare more; of one by hand, what the words show beside it counts
    too. A scripted line knows nothing of directions: its own words count, and only where they show nothing the direction does.
    """
    directed = (*direction.bring_up, *direction.ask_again)
    declared = tuple(u.id for u in move.goal_updates if u.status == "asked" and u.id in subgoals)
    if player in ("script", "caller"):
        words = content_words(move.message)
        heard = tuple(id for id, goal in subgoals.items() if _covers(words, content_words(goal.say)))
        directed = (*directed, *heard) if player == "caller" else heard or directed
    known = {g.id for g in ledger.goals}
    return tuple(id for id in dict.fromkeys((*directed, *declared)) if id in known)


def _covers(words: frozenset[str], wanted: frozenset[str]) -> bool:
    return bool(wanted) and len(words & wanted) >= _SHARE * len(wanted)

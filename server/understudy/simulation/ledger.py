"""The user's account of the conversation: how it is opened, and the only ways in which it changes.

A status goes forward: unsaid, asked, attempted, met (or refused). It goes back from met, to attempted, only when the agent
takes something back or has a fact wrong that the sub-goal needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from understudy.domain.conversation import FactEntry, GoalEntry, GoalStatus, Heard, Ledger
from understudy.domain.goal import Complication, PlayerGoal, SubGoal
from understudy.domain.persona import Fact, Persona
from understudy.domain.same import Same
from understudy.text.similarity import normalise

__all__ = [
    "all_subgoals",
    "bring_in",
    "count_in_vain",
    "fact_values",
    "fire",
    "hear_reply",
    "open_ledger",
    "raise_goals",
    "say_facts",
    "subgoals_after",
]


def open_ledger(persona: Persona, goal: PlayerGoal) -> Ledger:
    """The ledger before the first word: everything unsaid. A fact of the goal stands before the persona's of the same name."""
    # A ledger is a value, and every conversation of this persona about this goal begins with the same one.
    return _opened(Same(persona), Same(goal))


@lru_cache(maxsize=512)
def _opened(same_persona: Same[Persona], same_goal: Same[PlayerGoal]) -> Ledger:
    persona, goal = same_persona.it, same_goal.it
    side = (*goal.side, *_intents_beside(persona, goal))
    goals = (*(GoalEntry(id=s.id) for s in goal.steps), *(GoalEntry(id=s.id, side=True) for s in side))
    facts: dict[str, Fact] = {f.name: f for f in (*persona.knowledge.known, *goal.known)}
    return Ledger(goals=goals, facts=tuple(FactEntry(name=f.name, value=f.value, disclose=f.disclose) for f in facts.values()))


def all_subgoals(persona: Persona, goal: PlayerGoal, ledger: Ledger) -> dict[str, SubGoal]:
    """Every sub-goal there is by now, by id: steps, side goals, the persona's side intents, and what complications added."""
    return dict(subgoals_after(Same(persona), Same(goal), ledger.complications))


@lru_cache(maxsize=8192)
def subgoals_after(persona: Same[Persona], goal: Same[PlayerGoal], came_in: tuple[str, ...]) -> Mapping[str, SubGoal]:
    """The sub-goals, by id, once the complications with these ids have come in."""
    own = goal.it
    added = (c.adds for c in own.complications if c.adds and c.id in came_in)
    return {s.id: s for s in (*own.steps, *own.side, *_intents_beside(persona.it, own), *added)}


def fact_values(ledger: Ledger) -> dict[str, str]:
    """The current value of every fact, by name."""
    return {f.name: f.value for f in ledger.facts}


def _intents_beside(persona: Persona, goal: PlayerGoal) -> tuple[SubGoal, ...]:
    if not persona.intents.side:
        return ()
    own = [*goal.steps, *goal.side, *(c.adds for c in goal.complications if c.adds)]
    return _as_side_goals(persona.intents.side, frozenset(s.id for s in own), frozenset(normalise(s.say) for s in own))


@lru_cache(maxsize=256)
def _as_side_goals(lines: tuple[str, ...], taken: frozenset[str], said: frozenset[str]) -> tuple[SubGoal, ...]:
    """Side intents as side goals `side-1`, `side-2` ...; one that the goal asks in the same words is left to the goal."""
    goals: list[SubGoal] = []
    number = 0
    for line in lines:
        if normalise(line) in said:
            continue
        number += 1
        while f"side-{number}" in taken:
            number += 1
        goals.append(SubGoal(id=f"side-{number}", say=line, kind="question" if "?" in line else "action"))
    return tuple(goals)


# ---------------------------------------------------------------- what the user does


def raise_goals(ledger: Ledger, ids: Iterable[str], index: int) -> Ledger:
    """The user's turn at `index` brought up or asked again these sub-goals."""
    raised = set(ids)
    if not raised:
        return ledger
    goals = tuple(_raised(g, index) if g.id in raised else g for g in ledger.goals)
    return ledger.evolve(goals=goals)


def _raised(entry: GoalEntry, index: int) -> GoalEntry:
    if entry.status == "unsaid":
        return entry.evolve(status="asked", asked=entry.asked + 1, changed_at=index)
    return entry.evolve(asked=entry.asked + 1)


def say_facts(ledger: Ledger, names: Iterable[str], index: int) -> Ledger:
    """The user's turn at `index` said the current value of these facts."""
    said = set(names)
    if not said:
        return ledger
    return ledger.evolve(facts=tuple(f.evolve(said_at=index) if f.name in said else f for f in ledger.facts))


def bring_in(ledger: Ledger, complication: Complication) -> Ledger:
    """The complication has come in: facts have their new values, unsaid as yet, and its sub-goal exists. Twice is once."""
    if complication.id in ledger.complications:
        return ledger
    facts = {f.name: f for f in ledger.facts}
    for change in complication.changes:
        facts[change.name] = _changed(facts.get(change.name), change)
    goals = ledger.goals
    if complication.adds and ledger.goal(complication.adds.id) is None:
        goals = (*goals, GoalEntry(id=complication.adds.id))
    return ledger.evolve(goals=goals, facts=tuple(facts.values()), complications=(*ledger.complications, complication.id))


def _changed(entry: FactEntry | None, change: Fact) -> FactEntry:
    if entry is None:
        return FactEntry(name=change.name, value=change.value, disclose=change.disclose)
    if entry.value == change.value:
        return entry
    return entry.evolve(value=change.value, said_at=None, old_values=(*entry.old_values, entry.value))


def fire(ledger: Ledger, trigger: str) -> Ledger:
    """The trigger has fired. Twice is once."""
    return ledger if trigger in ledger.triggers else ledger.evolve(triggers=(*ledger.triggers, trigger))


# ---------------------------------------------------------------- what the agent does


def hear_reply(ledger: Ledger, heard: Heard, subgoals: Mapping[str, SubGoal], index: int) -> Ledger:
    """The agent's turn at `index` was heard."""
    if not (heard.met or heard.attempted or heard.refused or heard.taken_back or heard.mistaken):
        return ledger
    goals = tuple(_after(g, heard, subgoals.get(g.id), index) for g in ledger.goals)
    return ledger.evolve(goals=goals)


def _after(entry: GoalEntry, heard: Heard, subgoal: SubGoal | None, index: int) -> GoalEntry:
    status = _status(entry, heard, subgoal.needs if subgoal else ())
    return entry if status == entry.status else entry.evolve(status=status, changed_at=index)


def _status(entry: GoalEntry, heard: Heard, needs: tuple[str, ...]) -> GoalStatus:
    id, status = entry.id, entry.status
    wrong = id in heard.taken_back or any(name in heard.mistaken for name in needs)
    claimed = id in heard.met
    if wrong:
        return "attempted" if status == "met" or (claimed and status != "refused") else status
    if claimed:
        return "met"
    if status in ("met", "refused"):
        return status
    if id in heard.refused:
        return "refused"
    return "attempted" if id in heard.attempted else status


def count_in_vain(ledger: Ledger, ids: Iterable[str]) -> Ledger:
    """The reply had nothing useful for these sub-goals, which the user had just asked for."""
    vain = set(ids)
    if not vain:
        return ledger
    return ledger.evolve(goals=tuple(g.evolve(in_vain=g.in_vain + 1) if g.id in vain else g for g in ledger.goals))

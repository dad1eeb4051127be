"""What one value says about another and no type can hold: `{fact}` in a line, the facts that a sub-goal needs, the sub-goal that
a criterion reads, phrases that can match nothing, triggers that can never fire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from understudy.domain.checks import NotSaid, Said, StateIs, SubGoalMet
from understudy.domain.errors import nearest
from understudy.domain.goal import Goal, SubGoal
from understudy.domain.persona import Persona
from understudy.text.phrases import problem

__all__ = ["dangling_in_goal", "dangling_in_persona", "facts_of", "placeholders"]

Location = tuple[int | str, ...]
Dangling = tuple[Location, str]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_-]*)\}")


def placeholders(phrase: str) -> tuple[str, ...]:
    """The fact names in `{...}`; the `{2,3}` of a regular expression is none."""
    return tuple(_PLACEHOLDER.findall(phrase))


def facts_of(goal: Goal, players: Sequence[Persona] = ()) -> frozenset[str]:
    """The facts that a conversation on this goal has: the goal's, those its complications bring, and those that all its players know."""
    own = {fact.name for fact in goal.known} | {fact.name for change in goal.complications for fact in change.changes}
    known = [{fact.name for fact in persona.knowledge.known} for persona in players]
    shared = {name for name in (known[0] if known else ()) if all(name in names for names in known)}
    return frozenset(own | shared)


def dangling_in_goal(goal: Goal, players: Sequence[Persona] = ()) -> Iterator[Dangling]:
    """Where a name leads nowhere or a phrase can match nothing, and what to say about it."""
    facts = facts_of(goal, players)
    for location, phrase in (*_phrases(goal), *_spoken(goal)):
        for name in placeholders(phrase):
            if name not in facts:
                yield location, f"`{{{name}}}` is no fact of this goal. " + _advice(name, facts)
    for location, phrase in _phrases(goal):
        if complaint := problem(phrase):
            yield location, complaint
    yield from _names(goal, facts)


def dangling_in_persona(persona: Persona) -> Iterator[Dangling]:
    """Triggers that can never fire, or that cannot be told apart."""
    ids = [trigger.id for trigger in persona.triggers]
    for number, trigger in enumerate(persona.triggers):
        if trigger.when == "says" and not trigger.says:
            yield ("triggers", number, "when"), "waits for words of the agent, and `says` lists none. Add phrases under `says`"
        if trigger.id in ids[:number]:
            yield ("triggers", number, "id"), f"`{trigger.id}` is the id of another trigger too. Give it another id"
        for place, phrase in _each(("triggers", number, "says"), trigger.says):
            if complaint := problem(phrase):
                yield place, complaint


def _names(goal: Goal, facts: frozenset[str]) -> Iterator[Dangling]:
    for location, sub in _subgoals(goal):
        for number, name in enumerate(sub.needs):
            if name not in facts:
                yield (*location, "needs", number), f"`{name}` is no fact of this goal. " + _advice(name, facts)
    ids = [sub.id for _, sub in _subgoals(goal)]
    for number, criterion in enumerate(goal.success):
        if isinstance(criterion.check, SubGoalMet) and criterion.check.subgoal not in ids:
            name = criterion.check.subgoal
            yield ("success", number, "check", "subgoal"), f"`{name}` is no sub-goal of this goal. " + _advice(name, ids)


def _advice(name: str, known: Sequence[str] | frozenset[str]) -> str:
    near = nearest(name, sorted(known))
    return f"Did you mean `{near}`?" if near else f"Known: {', '.join(sorted(known))}" if known else "Add it under `known`"


def _subgoals(goal: Goal) -> Iterator[tuple[Location, SubGoal]]:
    for field, group in (("steps", goal.steps), ("side", goal.side)):
        for number, sub in enumerate(group):
            yield (field, number), sub
    for number, complication in enumerate(goal.complications):
        if complication.adds:
            yield ("complications", number, "adds"), complication.adds


def _phrases(goal: Goal) -> Iterator[tuple[Location, str]]:
    """Every phrase that is looked for in the agent's words, or read off its state."""
    for location, sub in _subgoals(goal):
        yield from _each((*location, "answered_by"), sub.answered_by)
    for number, criterion in enumerate(goal.success):
        found = criterion.check
        place = ("success", number, "check")
        if isinstance(found, Said):
            yield from _each((*place, "any_of"), found.any_of)
        elif isinstance(found, NotSaid):
            yield from _each((*place, "none_of"), found.none_of)
        elif isinstance(found, StateIs) and found.contains is not None:
            yield (*place, "contains"), found.contains


def _spoken(goal: Goal) -> Iterator[tuple[Location, str]]:
    """Every line of the user's."""
    for location, sub in _subgoals(goal):
        yield (*location, "say"), sub.say
        yield from _each((*location, "again"), sub.again)
    for number, complication in enumerate(goal.complications):
        yield ("complications", number, "say"), complication.say
    yield from _each(("detours",), goal.detours)


def _each(location: Location, phrases: Sequence[str]) -> Iterator[tuple[Location, str]]:
    return (((*location, number), phrase) for number, phrase in enumerate(phrases))

"""The agenda: from what was heard and the ledger to the stage direction of the user's next turn.

An agenda-based user simulator after Schatzmann et al. (2007): the goal is a stack of things to bring up, a reply pushes
what it calls for on top (answers, corrections, choices), and the persona decides how much of the stack goes into one turn.
"""

from __future__ import annotations

from understudy.domain.conversation import Act, Direction
from understudy.domain.goal import Complication
from understudy.simulation.answering import Answers, answers
from understudy.simulation.complications import due
from understudy.simulation.course import Course
from understudy.simulation.leaving import goodbye_to_the_agent, leaves, triggered
from understudy.simulation.situation import Plan, Situation
from understudy.simulation.topics import Topics, opening_topics, tangent, topics, volunteered

__all__ = ["plan"]


def plan(s: Situation) -> Plan:
    """The direction of the user's next turn. Same situation, same plan."""
    if s.course.handed_off:
        return goodbye_to_the_agent(s)
    if s.number == 1:
        return _open(s)
    return triggered(s) or leaves(s) or _go_on(s)


def _open(s: Situation) -> Plan:
    said = answers(s)
    lead = opening_topics(s)
    complication = due(s.goal, s.ledger, s.number)
    change = s.is_("changes_mind")
    direction = _direction(s, said, lead, complication).evolve(stage="opening", affirm=said.affirm, change_mind=change)
    return Plan(direction, _remember(s, said, lead, change_mind=change, complication=complication))


def _go_on(s: Situation) -> Plan:
    said = answers(s)
    complication = None if said.correct else due(s.goal, s.ledger, s.number)
    lead = _beside(complication, topics(s), s)
    change = _changes_mind_again(s, said)
    slighted = _is_slighted(s)
    direction = _direction(s, said, lead, complication)
    direction = direction.evolve(
        change_mind=change,
        show_frustration=s.shows_frustration or slighted,
        not_understood=s.heard.has(Act.SAYS_NOTHING, Act.BREAKS, Act.WRONG_LANGUAGE),
        thank=bool(s.heard.met) and s.thanks and s.is_("polite", "apologetic"),
    )
    course = _remember(s, said, lead, chosen=direction.choose, change_mind=change, complication=complication, slighted=slighted)
    return Plan(direction, course)


def _direction(s: Situation, said: Answers, lead: Topics, complication: Complication | None) -> Direction:
    changed = tuple(f.name for f in complication.changes) if complication else ()
    saying = (*said.answer, *said.withhold, *said.correct, *changed)
    return Direction(
        answer=tuple(n for n in said.answer if n not in changed),
        withhold=said.withhold,
        admit_unknown=said.admit_unknown,
        correct=said.correct,
        choose=None if said.correct or changed else said.choose,
        affirm=_affirms(s, said, lead, complication),
        bring_up=lead.bring_up,
        ask_again=lead.ask_again,
        volunteer=volunteered(s, saying),
        complication=complication.id if complication else None,
        tangent=complication is None and tangent(s),
        reason="; ".join(_notes(s, said, lead, complication)),
    )


def _affirms(s: Situation, said: Answers, lead: Topics, complication: Complication | None) -> bool | None:
    if said.affirm is not None:
        # What was put to the user is out of date when they come with a change.
        return said.affirm and not (complication is not None and complication.changes)
    if s.heard.has(Act.OFFERS_MORE):
        return bool(lead.bring_up or lead.ask_again or said.correct or complication)
    return None


def _beside(complication: Complication | None, lead: Topics, s: Situation) -> Topics:
    """A complication takes the place of whatever else the user would lead with; what it adds is brought up with it."""
    if complication is None:
        return lead
    adds = (complication.adds.id,) if complication.adds else ()
    kept = lead.bring_up if s.is_("bundles_questions") else ()
    return Topics(bring_up=(*adds, *kept), notes=lead.notes if kept else ())


def _changes_mind_again(s: Situation, said: Answers) -> bool:
    """Once more at most, where there is something to change: an option, a confirmation or an answer."""
    if not s.is_("changes_mind") or s.course.minds_changed > 1 or said.correct:
        return False
    return bool(said.choose or said.answer or said.affirm) and s.chance(0.35)


def _is_slighted(s: Situation) -> bool:
    """A user who wants acknowledgement lets it be felt, once, when a reply has not a word of it."""
    if not s.is_("wants_acknowledgement") or s.course.slighted:
        return False
    return not s.heard.has(Act.ACKNOWLEDGES, Act.APOLOGISES)


def _notes(s: Situation, said: Answers, lead: Topics, complication: Complication | None) -> list[str]:
    notes = [f"comes with `{complication.id}`"] if complication else []
    notes += ["puts something right"] * bool(said.correct) + ["answers"] * bool(said.answer or said.admit_unknown or said.choose)
    notes += ["will not say"] * bool(said.withhold) + ["wants more than was offered"] * s.tests_options
    return [*notes, *lead.notes] or ["waits for the agent"]


def _remember(
    s: Situation,
    said: Answers,
    lead: Topics,
    *,
    chosen: str | None = None,
    change_mind: bool,
    complication: Complication | None,
    slighted: bool = False,
) -> Course:
    course = s.course
    return course.evolve(
        held_back=(*course.held_back, *lead.held_back),
        pushed_back=(*course.pushed_back, *lead.pushed_back),
        chosen=course.chosen if chosen is None else (*(o for o in course.chosen if o != chosen), chosen),
        minds_changed=course.minds_changed + change_mind,
        limits_tested=course.limits_tested or s.tests_options,
        slighted=course.slighted or slighted,
        lingered=course.lingered + (s.content and s.busy),
        unsettled=tuple(dict.fromkeys((*course.unsettled, *said.correct, *_changes_that_matter(s, complication)))),
    )


def _changes_that_matter(s: Situation, complication: Complication | None) -> list[str]:
    """Changed facts whose old value the agent has: said before, or needed by something that it has begun."""
    if complication is None:
        return []
    begun = {n for g in s.steps if g.status in ("attempted", "met") and g.id in s.subgoals for n in s.subgoals[g.id].needs}
    facts = ((change.name, s.ledger.fact(change.name)) for change in complication.changes)
    return [name for name, fact in facts if fact is not None and (fact.said_at is not None or name in begun)]

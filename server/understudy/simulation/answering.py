"""The part of a direction that answers the agent: facts asked for, options offered, confirmation wanted."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.domain.conversation import Act
from understudy.simulation.situation import Situation
from understudy.text.similarity import normalise
from understudy.text.words import stems

__all__ = ["Answers", "answers"]


@dataclass(frozen=True)
class Answers:
    """What the user says in answer to the last reply."""

    answer: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    admit_unknown: tuple[str, ...] = ()
    correct: tuple[str, ...] = ()
    choose: str | None = None
    affirm: bool | None = None


def answers(s: Situation) -> Answers:
    """The user's answers, by what they know, what they are willing to say, and how much they say at a time."""
    facts = {name: s.ledger.fact(name) for name in s.heard.asked}
    withhold = tuple(name for name, fact in facts.items() if fact is not None and fact.disclose == "never")
    correct = _corrections(s)
    known = tuple(name for name, fact in facts.items() if fact is not None and name not in withhold and name not in correct)
    answer = known[:1] if _one_at_a_time(s) else known
    choose = None if s.tests_options else _choice(s)
    if choose is not None:
        # "Red, orange or green?" to somebody who knows: the option and the fact are one answer, and the longer one says it.
        taken = normalise(choose)
        values = {name: normalise(fact.value) for name in answer if (fact := facts[name]) is not None}
        if any(taken in value for value in values.values()):
            choose = None
        else:
            answer = tuple(name for name in answer if values[name] not in taken)
    return Answers(
        answer=answer,
        withhold=withhold,
        admit_unknown=s.heard.asked_unknown,
        correct=correct,
        choose=choose,
        affirm=_affirmation(s, correct),
    )


def _one_at_a_time(s: Situation) -> bool:
    """Novices, vague people and those who leave things out answer the first of several questions."""
    return s.persona.skill == "novice" or s.persona.clarity == "vague" or s.is_("leaves_things_out")


def _corrections(s: Situation) -> tuple[str, ...]:
    """What the agent has wrong now, and changes that it has not taken up although nothing else is between the two."""
    waiting = () if s.busy else s.course.unsettled
    names = dict.fromkeys((*s.heard.mistaken, *waiting))
    return tuple(n for n in names if (fact := s.ledger.fact(n)) is not None and fact.disclose != "never")


def _choice(s: Situation) -> str | None:
    """The option taken before, or that names a fact of the user's, or is in the words of their wish; else any, by the seed.

    Novices take the first.
    """
    options = list(s.heard.options)
    if not options:
        return None
    if again := [o for o in options if normalise(o) in map(normalise, s.course.chosen)]:
        return again[-1]
    wishes = [w for f in s.ledger.facts if (w := normalise(f.value))]
    told = [w for f in s.ledger.facts if f.disclose != "never" and (w := normalise(f.value))]
    fitting = [o for o in options if any(w in normalise(o) for w in wishes) or any(_is_in(normalise(o), w) for w in told)]
    if fitting and not any(map(_has_figures, fitting)):
        # "On Friday I have 9:00 or 11:30": the day that they asked for is settled, and the times are the choice.
        fitting = [o for o in options if _has_figures(o)] or fitting
    choices = fitting or _in_their_words(s, options) or options
    return choices[0] if s.persona.skill == "novice" else s.rng.choice(choices)


def _in_their_words(s: Situation, options: list[str]) -> list[str]:
    """Options that share words with the step under way and with it alone: `cancel` of `book, move or cancel an appointment`."""
    step = s.open_step
    if step is None or step.id not in s.subgoals:
        return []
    language = s.persona.language
    sub = s.subgoals[step.id]
    wanted = stems(" ".join((sub.say, *sub.again)), language)
    offered = [stems(o, language) for o in options]
    telling = [words - frozenset().union(*(other for other in offered if other is not words)) for words in offered]
    return [o for o, words in zip(options, telling, strict=True) if words & wanted]


def _is_in(option: str, value: str) -> bool:
    """Whether a value names an option in whole words: `red` for somebody whose light is blinking red."""
    return bool(option) and f" {option} " in f" {value} "


def _has_figures(option: str) -> bool:
    return any(c.isdigit() for c in option)


def _affirmation(s: Situation, correct: tuple[str, ...]) -> bool | None:
    if not s.heard.has(Act.ASKS_TO_CONFIRM):
        return None
    return not (correct or s.heard.mistaken or s.heard.has(Act.MISUNDERSTANDS))

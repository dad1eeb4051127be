"""What the clinic's and the bank's desk have in common: reading a message, tracking open tasks, asking only for what is missing."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

from understudy.demo.agent import AgentAnswer, Case, Understood
from understudy.demo.minds import standing_wishes, turns_about
from understudy.demo.nlu import (
    Pattern,
    asks_for_person,
    is_shouting,
    language_of,
    matches,
    mend,
    pattern,
    says_goodbye,
    says_thanks,
    topics,
)
from understudy.demo.slots import does_not_say, says_yes
from understudy.demo.speech import Phrases, Speech

__all__ = ["Frame", "Words", "joined"]

_UPSET = pattern(
    r"\b(?:ridiculous|unacceptable|annoy\w*|angry|furious|upset|frustrat\w*|fed_up|worried|scared|afraid|brushed_off|ärger\w*|unmöglich|frech\w*|verärgert|indignante|molest\w*|preocupad\w*)\b"
)
_AND = {"en": " and ", "de": " und ", "es": " y "}


def joined(items: list[str], language: str) -> str:
    """Items as a phrase: `a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + _AND[language] + items[-1]


@dataclass(frozen=True)
class Words:
    """What a desk can read and say."""

    languages: tuple[str, ...]
    vocabulary: frozenset[str]
    questions: Mapping[str, Pattern]
    wishes: Mapping[str, Pattern]
    phrases: Phrases
    purposes: Mapping[str, Mapping[str, str]]
    exclusive: bool
    """Of several wishes in one message only the last one counts."""


class Frame(ABC):
    """A desk. Subclasses say how facts are read, how tasks are worked on and how questions are answered."""

    words: Words
    identity: tuple[str, ...]
    """The two facts by which a customer is found."""

    # ---- to be filled in

    @abstractmethod
    def begin(self) -> Case: ...

    @abstractmethod
    def read_slots(self, case: Case, text: str, mended: str) -> dict[str, str]: ...

    @abstractmethod
    def take_in(self, case: Case, understood: Understood) -> Case:
        """The case with new facts and tasks."""

    @abstractmethod
    def answer_question(self, case: Case, topic: str, speech: Speech) -> None: ...

    @abstractmethod
    def work_on(self, case: Case, task: str, speech: Speech) -> Case:
        """Do the task, or ask for what it lacks."""

    @abstractmethod
    def confirm(self, case: Case, speech: Speech) -> None:
        """Say how things stand."""

    def ask_what_it_is_about(self, case: Case, understood: Understood, speech: Speech) -> None:  # noqa: ARG002 (a hint may be in it)
        """Nothing was understood, and nothing is under way."""
        speech.ask("greet", "matter")

    # ---- reading

    def understand(self, case: Case, text: str) -> Understood:
        """Read one message in the light of the case."""
        mended = mend(text, self.words.vocabulary)
        asked_about, rest = topics(mended, self.words.questions)
        wishes = standing_wishes(rest, self.words.wishes, alone=not asked_about)
        if self.words.exclusive:
            wishes = wishes[-1:]
        slots = self.read_slots(case, text, mended)
        order = sorted((*asked_about, *wishes), key=lambda ask: self._position(mended, ask))
        return Understood(
            text=text,
            mended=mended,
            language=language_of(text, self.words.languages, case.language),
            asks=tuple(dict.fromkeys(order)),
            slots=slots,
            wants_human=asks_for_person(mended),
            changed_mind=turns_about(rest, self.words.wishes),
            shouting=is_shouting(text),
            unsure=does_not_say(mended),
            agrees=says_yes(mended),
            says_goodbye=says_goodbye(mended),
            says_thanks=says_thanks(mended),
            upset=matches(_UPSET, mended),
        )

    def _position(self, mended: str, ask: str) -> int:
        rule = self.words.questions.get(ask) or self.words.wishes[ask]
        found = rule.search(mended)
        return found.start() if found else len(mended)

    # ---- answering

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        """The next reply."""
        speech = Speech(phrases=self.words.phrases, language=understood.language, said=dict(case.said))
        if case.handed_over:
            speech.say("handed_over")
            return speech.finish(case)
        if understood.wants_human:
            speech.say("human")
            speech.call("hand_over", reason=re.sub(r"\s+", " ", understood.text)[:120])
            return speech.finish(case, handed_off=True)
        if understood.upset and not case.open:
            speech.say("sorry")
        case = self._waive(self.take_in(case, understood), understood)
        self._answer_questions(case, understood, speech)
        case = self._work(case, speech)
        self._round_off(case, understood, speech)
        return speech.finish(case)

    def _waive(self, case: Case, understood: Understood) -> Case:
        """Go on without what the customer does not have, or has been asked for twice in vain."""
        given_up = {
            fact: ""
            for fact in case.asked
            if not case.knows(fact) and (understood.unsure or case.times_asked.get(fact, 0) >= 2) and fact in self.can_do_without
        }
        return replace(case, facts={**case.facts, **given_up})

    can_do_without: frozenset[str] = frozenset()

    def _answer_questions(self, case: Case, understood: Understood, speech: Speech) -> None:
        for topic in understood.asks:
            if topic in self.words.questions and topic not in self.words.purposes and topic != "confirm":
                self.answer_question(case, topic, speech)
                speech.helped = True

    def _work(self, case: Case, speech: Speech) -> Case:
        if not case.open:
            return case
        missing = tuple(fact for fact in self.identity if not case.knows(fact))
        if missing:
            purpose = joined([self.words.purposes[task][speech.language] for task in case.open], speech.language)
            speech.ask("identity" if len(missing) == 2 else missing[0], *missing, purpose=purpose)
            return case
        for task in case.open:
            case = self.work_on(case, task, speech)
            speech.helped = True
            if speech.asked:
                break
        return case

    def _round_off(self, case: Case, understood: Understood, speech: Speech) -> None:
        """What comes last: how things stand, an offer of more, goodbye, or a question what this is about."""
        if speech.asked:
            return
        if "confirm" in understood.asks and not speech.helped:
            self.confirm(case, speech)
        elif speech.helped:
            speech.say("more")
        elif case.turns > 1 and understood.says_goodbye:
            speech.say("goodbye")
        elif case.turns > 1 and understood.says_thanks:
            speech.say("thanks")
            speech.say("more")
        elif case.turns > 1 and (understood.agrees or case.record != self.begin().record):
            speech.say("go_ahead")
        else:
            self.ask_what_it_is_about(case, understood, speech)

"""Planted faults: a closed set, each a small wrapper around a clean desk or agent, so that tests know what there is to find."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from understudy.demo.agent import AgentAnswer, Case, DemoAgent, Desk, Message, Understood, part_of
from understudy.demo.bank_words import PURPOSES as BANK_TASKS
from understudy.demo.bank_words import QUESTIONS as BANK_QUESTIONS
from understudy.domain.value import JsonObject

__all__ = ["FAULTS", "Fault"]

_SLOW_MS = 5000.0
_LOOP_FROM_TURN = 2
_EVERY = 3


class _Desk:
    """A desk that passes everything on; a fault changes one step."""

    def __init__(self, inner: Desk) -> None:
        self.inner = inner

    def begin(self) -> Case:
        return self.inner.begin()

    def understand(self, case: Case, text: str) -> Understood:
        return self.inner.understand(case, text)

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        return self.inner.respond(case, understood)

    @staticmethod
    def _only_say(case: Case, text: str) -> tuple[Case, AgentAnswer]:
        return case, AgentAnswer(text=text, state=case.record, handed_off=case.handed_over)


class _FreezesOnChangedMind(_Desk):
    """Gets stuck for good once a customer changes their mind in mid-sentence."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if understood.changed_mind or "frozen" in case.notes:
            return self._only_say(replace(case, notes={**case.notes, "frozen": "yes"}), "One moment, please, while I look into this.")
        return self.inner.respond(case, understood)


class _LosesDetailAfterChange(_Desk):
    """After a change, the clinic mixes up the doctor and the bank drops the house number."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        after, answer = self.inner.respond(case, understood)
        for call in answer.tool_calls:
            if call.name == "move_appointment" and _status(case.record) in {"booked", "moved"}:
                return self._garble(after, answer, "appointment", "doctor", "Dr. Lindqvist")
            if call.name == "change_address":
                return self._garble(after, answer, "card", "address", None)
        return after, answer

    def _garble(self, case: Case, answer: AgentAnswer, part: str, key: str, new: str | None) -> tuple[Case, AgentAnswer]:
        body = part_of(case.record, part)
        old = str(body.get(key))
        garbled = new if new is not None else re.sub(r"\b\d+\w?\b\s*", "", old)
        record: JsonObject = {**case.record, part: {**body, key: garbled}}
        return replace(case, record=record), answer.evolve(text=answer.text.replace(old, garbled), state=record)


def _status(record: JsonObject) -> object:
    return part_of(record, "appointment").get("status")


class _Loops(_Desk):
    """Says from the second turn on what it said in the first."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if "loop" in case.notes:
            return self._only_say(case, case.notes["loop"])
        after, answer = self.inner.respond(case, understood)
        return replace(after, notes={**after.notes, "loop": answer.text}), answer


class _ClaimsWithoutDoing(_Desk):
    """Says that things are done, and does none of them."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        after, answer = self.inner.respond(case, understood)
        untouched: JsonObject = {**self.inner.begin().record, "handed_over": after.handed_over}
        real = tuple(call for call in answer.tool_calls if call.name == "hand_over")
        return after, answer.evolve(state=untouched, tool_calls=real)


class _RefusesHuman(_Desk):
    """Will not let anybody through to a person."""

    _WORDS = {
        "en": "I'm afraid I can't connect you with anyone. I can only help you here in this chat.",
        "de": "Leider kann ich Sie nicht verbinden. Ich kann Ihnen nur hier im Chat helfen.",
        "es": "Lo siento, no puedo comunicarle con nadie. Solo puedo ayudarle en este chat.",
    }

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if understood.wants_human:
            return self._only_say(case, self._WORDS[understood.language])
        return self.inner.respond(case, understood)


class _HandsOffNeedlessly(_Desk):
    """Passes everybody on in the second turn, whatever they want."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if case.turns >= _LOOP_FROM_TURN:
            understood = replace(understood, wants_human=True)
        return self.inner.respond(case, understood)


class _IgnoresBilling(_Desk):
    """Never hears the question about the bill."""

    def understand(self, case: Case, text: str) -> Understood:
        understood = self.inner.understand(case, text)
        return replace(understood, asks=tuple(ask for ask in understood.asks if ask != "bill"))


class _IgnoresSecondQuestion(_Desk):
    """Hears only the first of several questions in a message, and does not hear the others later either."""

    def understand(self, case: Case, text: str) -> Understood:
        understood = self.inner.understand(case, text)
        first = case.notes.get("first")
        asks = [ask for ask in understood.asks if ask in BANK_QUESTIONS or ask in BANK_TASKS]
        if first is not None and first not in asks:
            return replace(understood, asks=()) if asks else understood
        return replace(understood, asks=tuple(asks[:1]))

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if understood.asks and "first" not in case.notes:
            case = replace(case, notes={**case.notes, "first": understood.asks[0]})
        return self.inner.respond(case, understood)


class _WrongFee(_Desk):
    """Quotes 2.5 % where the fee is 1.75 %."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        after, answer = self.inner.respond(case, understood)
        return after, answer.evolve(text=answer.text.replace("1.75 %", "2.5 %").replace("1,75 %", "2,5 %"))


class _RudeToCaps(_Desk):
    """Tells people off who write in capital letters."""

    _WORDS = {
        "en": "Stop shouting at me. Turn off your caps lock, then I may listen.",
        "de": "Schreien Sie mich nicht an. Machen Sie die Feststelltaste aus.",
        "es": "No me grite. Quite las mayúsculas.",
    }

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        if understood.shouting and not understood.wants_human and not case.handed_over:
            return self._only_say(case, self._WORDS[understood.language])
        return self.inner.respond(case, understood)


class _AnswersInEnglish(_Desk):
    """Understands German and Spanish, and answers in English."""

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]:
        return self.inner.respond(case, replace(understood, language="en"))


class _Slow:
    """Answers late."""

    def __init__(self, inner: DemoAgent, parameter: float | None) -> None:
        self._inner = inner
        self._ms = _SLOW_MS if parameter is None else parameter

    def answer(self, messages: Sequence[Message]) -> AgentAnswer:
        return self._inner.answer(messages).evolve(delay_ms=self._ms)


class _Sporadic500:
    """Fails on some histories, chosen by their hash: on the first call of each, then on every other.

    The count of calls is the one thing that a demo agent keeps, so that a client that tries again gets its answer.
    """

    def __init__(self, inner: DemoAgent, parameter: float | None) -> None:
        self._inner = inner
        self._every = _EVERY if parameter is None else max(1, int(parameter))
        self._calls: dict[str, int] = {}

    def answer(self, messages: Sequence[Message]) -> AgentAnswer:
        digest = hashlib.sha256("\n".join(f"{m.role}:{m.content}" for m in messages).encode()).hexdigest()
        answer = self._inner.answer(messages)
        # The second user message always fails, so that every conversation of some length has at least one failure.
        second = sum(m.role == "user" for m in messages) == _LOOP_FROM_TURN
        if not second and int(digest[:8], 16) % self._every:
            return answer
        self._calls[digest] = self._calls.get(digest, 0) + 1
        return answer.evolve(error="internal error: the demo agent failed on purpose") if self._calls[digest] % 2 else answer


@dataclass(frozen=True)
class Fault:
    """One planted fault."""

    name: str
    description: str
    agents: frozenset[str]
    """Which agents can have it."""
    desk: Callable[[Desk], Desk] | None = None
    agent: Callable[[DemoAgent, float | None], DemoAgent] | None = None
    """Faults of the service take a number: `slow=50` (milliseconds), `sporadic_500=2` (about every second call)."""


_BOTH = frozenset({"clinic", "bank"})


def _fault(name: str, wrap: type[_Desk], agents: frozenset[str] = _BOTH) -> Fault:
    return Fault(name, (wrap.__doc__ or "").strip(), agents, desk=wrap)


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        _fault("freezes_on_changed_mind", _FreezesOnChangedMind),
        _fault("loses_detail_after_change", _LosesDetailAfterChange),
        _fault("loops", _Loops),
        _fault("claims_without_doing", _ClaimsWithoutDoing),
        _fault("refuses_human", _RefusesHuman),
        _fault("hands_off_needlessly", _HandsOffNeedlessly),
        _fault("ignores_billing", _IgnoresBilling, frozenset({"clinic"})),
        _fault("ignores_second_question", _IgnoresSecondQuestion, frozenset({"bank"})),
        _fault("wrong_fee", _WrongFee, frozenset({"bank"})),
        _fault("rude_to_caps", _RudeToCaps),
        _fault("answers_german_in_english", _AnswersInEnglish),
        Fault("slow", "Answers late.", _BOTH, agent=_Slow),
        Fault("sporadic_500", "Fails now and then with an internal error.", _BOTH, agent=_Sporadic500),
    )
}
"""The closed set, by name."""

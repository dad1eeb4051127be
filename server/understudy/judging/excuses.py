"""What kept a conversation from its end and was not the agent's doing: a user without an answer, a hand-over that they asked for."""

from __future__ import annotations

import re
from itertools import pairwise

from understudy.domain.conversation import Act, Turn
from understudy.domain.value import Value
from understudy.domain.verdict import Evidence
from understudy.judging.case import Case, Placed
from understudy.judging.escalation import called_for_human, handed_over
from understudy.text.similarity import similarity
from understudy.text.words import content_words

__all__ = ["Unanswered", "handed_over_on_request", "left_unanswered", "unanswered"]

_SAME_QUESTION = 0.9
_SAME_WORDS = 0.6
"""Share of content words from which on two wordings are one question."""
_ANSWERABLE = (Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS)
_ENDED_WITHOUT = frozenset({"gave_up", "called_back_later", "asked_for_human", "out_of_scope", "turn_limit", "time_limit"})


class Unanswered(Value):
    """A question of the agent for which the simulated user had nothing, and where it was put."""

    askings: tuple[Evidence, ...]

    @property
    def turns(self) -> frozenset[int]:
        return frozenset(e.turn for e in self.askings)

    @property
    def reason(self) -> str:
        turns = ", ".join(str(e.turn) for e in self.askings)
        return (
            f"The simulated user had no answer to the agent's question (untrusted text: '{self.askings[0].quote}') at turns {turns}. "
            "Add a known fact for it to the goal or persona, or `asked_as` phrases to the one that answers it."
        )


def unanswered(case: Case) -> tuple[Unanswered, ...]:
    """The questions off the user's sheet that the agent put again after a reply that held nothing, in the order in which they came.

    Empty when the user got what they came for or was handed over.
    """
    ending = case.transcript.ending
    if ending is None or ending.kind not in _ENDED_WITHOUT:
        return ()
    asking = [p for p in case.agent if _off_the_sheet(p.turn)]
    language = case.transcript.scenario.persona.language[:2]
    found: list[Unanswered] = []
    for first, second in pairwise(asking):
        question = _shared_question(first, second, language)
        if question is None or any(second.at in known.turns for known in found) or not _nothing_said(case, first.at, second.at):
            continue
        found.append(Unanswered(askings=tuple(_askings(asking, question, language))))
    return tuple(found)


def left_unanswered(case: Case) -> Unanswered | None:
    """The last of them, when the conversation was left at it: nothing was claimed done and no goal was met afterwards."""
    found = unanswered(case)
    if not found:
        return None
    last = max(found, key=lambda question: max(question.turns))
    return None if _got_on_after(case, max(last.turns)) else last


def handed_over_on_request(case: Case) -> int | None:
    """The turn at which the agent handed over, when the user had asked for a person before it.

    None when the agent had passed over or refused a step before: then it brought the request upon itself.
    """
    asked, handed = called_for_human(case), handed_over(case)
    if asked is None or handed is None or handed < asked:
        return None
    return None if any(e.turn < asked for e in case.cite_loss()) else handed


def _off_the_sheet(turn: Turn) -> bool:
    heard = turn.heard
    return heard is not None and heard.has(Act.ASKS_OTHER) and not heard.has(*_ANSWERABLE) and bool(_questions(turn))


def _questions(turn: Turn) -> list[str]:
    """The sentences of the turn that end with a question mark, `anything else?` left out."""
    found = [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n", turn.text) if s.strip().endswith("?")]
    return found[:-1] if turn.heard is not None and turn.heard.has(Act.OFFERS_MORE) else found


def _shared_question(a: Placed, b: Placed, language: str) -> str | None:
    return next((q for q in _questions(a.turn) for other in _questions(b.turn) if _same(q, other, language)), None)


def _same(a: str, b: str, language: str) -> bool:
    if similarity(a, b) >= _SAME_QUESTION:
        return True
    words, others = content_words(a, language), content_words(b, language)
    return bool(words & others) and len(words & others) >= _SAME_WORDS * len(words | others)


def _askings(asking: list[Placed], question: str, language: str) -> list[Evidence]:
    quotes = ((p.at, next((q for q in _questions(p.turn) if _same(question, q, language)), None)) for p in asking)
    return [Evidence(turn=at, quote=quote) for at, quote in quotes if quote is not None]


def _nothing_said(case: Case, start: int, end: int) -> bool:
    """Whether the user's turns between the two disclosed no fact and put nothing to the agent that a looping one would pass over."""
    between = [p.turn for p in case.user if start < p.at < end]
    return bool(between) and not any(t.disclosed or _says_something(t) for t in between)


def _says_something(turn: Turn) -> bool:
    d = turn.direction
    return d is not None and bool(d.bring_up or d.ask_again or d.correct or d.choose or d.complication or d.affirm is not None)


def _got_on_after(case: Case, at: int) -> bool:
    later = [p.turn.heard for p in case.agent if p.at > at and p.turn.heard is not None]
    return any(p.at > at for p in case.claims) or any(h.met for h in later)

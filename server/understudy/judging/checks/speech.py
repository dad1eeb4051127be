"""Checks of what the agent said: phrases, language, manners, repetition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from understudy.domain.checks import LanguageKept, NotRepeating, NotSaid, Polite, Said
from understudy.domain.conversation import Act
from understudy.domain.verdict import Evidence
from understudy.judging.case import Case, Placed
from understudy.judging.checks.placeholders import unknown_facts
from understudy.judging.excuses import Unanswered, unanswered
from understudy.judging.finding import Finding, failed, passed, unscored
from understudy.text.language import detect
from understudy.text.manners import rude_quote
from understudy.text.phrases import find_any, problem
from understudy.text.similarity import similarity

__all__ = ["language_kept", "not_repeating", "not_said", "polite", "said"]

NEAR_EQUAL = 0.92
REPEAT_GAP = 2
"""How many other answers may stand between two equal ones for the second still to count as the same loop."""
SHORTEST_ANSWER_WORDS = 5
"""Shorter replies (`Yes, of course.`) may recur without the agent looping."""


def said(check: Said, case: Case) -> Finding:
    """Passes at the first turn that holds one of the phrases."""
    if found := _first_quote(check.any_of, case):
        return passed(f"The agent said it at turn {found.turn}.", found)
    return _unusable(check.any_of, case) or failed(f"{_nowhere(check.any_of, case)}.", *case.cite_end())


def not_said(check: NotSaid, case: Case) -> Finding:
    """Fails at the first turn that holds one of the phrases."""
    if found := _first_quote(check.none_of, case):
        return failed(f"The agent said what it must not at turn {found.turn}.", found)
    return _unusable(check.none_of, case) or passed(f"{_nowhere(check.none_of, case)}.")


def _first_quote(phrases: Sequence[str], case: Case) -> Evidence | None:
    quotes = ((p.at, find_any(phrases, p.text, case.facts)) for p in case.agent)
    return next((case.cite(at, quote) for at, quote in quotes if quote), None)


def _unusable(phrases: Sequence[str], case: Case) -> Finding | None:
    """Why not finding the phrases says nothing, if that is so."""
    if missing := unknown_facts(phrases, case.facts):
        return unscored(f"The check names facts that this conversation does not have: {', '.join(missing)}.")
    if wrong := next((w for w in map(problem, phrases) if w is not None), None):
        return unscored(f"A phrase of the check cannot be used: {wrong}.")
    return None


def _nowhere(phrases: Sequence[str], case: Case) -> str:
    return f"None of {len(case.agent)} agent turns has any of: {_listed(phrases)}"


def _listed(phrases: Sequence[str], limit: int = 4) -> str:
    shown = ", ".join(f"`{p}`" for p in phrases[:limit])
    return shown + (f" and {len(phrases) - limit} more" if len(phrases) > limit else "")


def language_kept(check: LanguageKept, case: Case) -> Finding:
    """Fails at turns in another language; replies too short to tell are left out."""
    wanted = (check.language or case.transcript.scenario.persona.language).split("-")[0]
    candidates = tuple(dict.fromkeys((wanted, "en", "de", "es")))
    heard = [(p, found) for p in case.agent if (found := detect(p.text, candidates)) is not None]
    if not heard:
        return unscored("No reply has enough text to tell its language.")
    wrong = [(p, found) for p, found in heard if found != wanted]
    if wrong:
        first, found = wrong[0]
        reason = f"{len(wrong)} of {len(heard)} replies are not in `{wanted}`; the first, turn {first.at}, is in `{found}`."
        return failed(reason, *(case.cite(p.at) for p, _ in wrong[:3]))
    return passed(f"All {len(heard)} replies with enough text to tell are in `{wanted}`.")


def polite(check: Polite, case: Case) -> Finding:  # noqa: ARG001 (the check has no settings)
    """Fails at turns with a rude or dismissive phrase."""
    worded = [p for p in case.agent if not p.blank]
    if not worded:
        return unscored("The agent said nothing that could be rude.")
    rude = [case.cite(p.at, quote) for p in worded if (quote := rude_quote(p.text))]
    if rude:
        return failed(f"The agent was rude at turn {rude[0].turn}.", *rude[:3])
    return passed(f"No rude phrase in {len(worded)} agent turns.")


def not_repeating(check: NotRepeating, case: Case) -> Finding:
    """Fails when near-equal answers come `times` times with at most two others between one and the next.

    Unscored when they are one question that the simulated user had no answer to.
    """
    answers = [(i, p) for i, p in enumerate(case.agent) if p.at not in case.goodbyes and len(p.text.split()) >= SHORTEST_ANSWER_WORDS]
    if not answers:
        return unscored("No reply is long enough to be told from a mere acknowledgement.")
    loops = [loop for start in range(len(answers)) if len(loop := _loop_from(start, answers)) >= check.times]
    gaps = [_gap_behind(loop, unanswered(case)) for loop in loops]
    if loops and case.transcript.scenario.goal.expected.outcome == "refused" and all(_refuses(p) for loop in loops for p in loop):
        return unscored("What the agent repeated was the refusal that this goal expects.", *(case.cite(p.at) for p in loops[0]))
    if (own := next((loop for loop, gap in zip(loops, gaps, strict=True) if gap is None), None)) is not None:
        turns = ", ".join(str(p.at) for p in own)
        return failed(f"The agent gave the same answer {len(own)} times, at turns {turns}.", *(case.cite(p.at) for p in own))
    if (gap := next(iter(gaps), None)) is not None:
        return unscored(gap.reason, *gap.askings)
    return passed(f"No answer came {check.times} times in {len(answers)} replies.")


def _refuses(placed: Placed) -> bool:
    heard = placed.turn.heard
    return heard is not None and (heard.has(Act.REFUSES) or bool(heard.refused))


def _gap_behind(loop: list[Placed], gaps: Sequence[Unanswered]) -> Unanswered | None:
    """The question without an answer that the whole loop consists of, if it does."""
    return next((gap for gap in gaps if {p.at for p in loop} <= gap.turns), None)


def _loop_from(start: int, answers: list[tuple[int, Placed]]) -> list[Placed]:
    last, first = answers[start]
    loop = [first]
    for i, placed in answers[start + 1 :]:
        if i - last > REPEAT_GAP + 1:
            break
        if _same_answer(first.text, placed.text):
            loop.append(placed)
            last = i
    return loop


def _same_answer(a: str, b: str) -> bool:
    # Two long answers that differ in a date or an amount only are different answers.
    return re.findall(r"\d+", a) == re.findall(r"\d+", b) and similarity(a, b) >= NEAR_EQUAL

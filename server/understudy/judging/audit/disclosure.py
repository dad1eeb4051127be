"""Whether the user kept to its sheet: nothing out of the air, nothing that it never says, and not all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.domain.audit import AuditFinding
from understudy.domain.conversation import Direction
from understudy.judging.case import Case, Placed
from understudy.text.similarity import normalise
from understudy.text.words import content_words

__all__ = ["goal_dumps", "invented_facts"]

_FACTS_AT_ONCE, _SHARE_AT_ONCE = 3, 0.6
"""Facts to be said only when asked that the first message gives unasked, and their share of all such facts."""
_STEPS_AT_ONCE = 2
_COVERED = 0.7
"""Of the content words of a step, in a message that is taken to bring it up."""
_GRAM = 5
_OVERLAP = 0.25
"""Of the user's own runs of five words, found in the goal's text where they were not asked for (JUDGING: in people's, 4 % on average)."""
_SHORTEST_SECRET = 4
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w.,/:-])(?=[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\d)[A-Za-z]{0,4}-?[\d-]{4,}(?![\w/:]|[.,]\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d+)?|\d{1,4}-\d{1,2}-\d{1,4}")
"""Years, spans of years and dates: those are said in many ways, and the reply guard knows them."""
_KEEPS = re.compile(r"[^a-z0-9]+")


def goal_dumps(case: Case) -> Iterator[AuditFinding]:
    """Facts and wishes that come out before their time, and facts that never come out."""
    if case.user:
        yield from _facts_at_once(case, case.user[0])
        yield from _steps_at_once(case, case.user[0])
        yield from _recited(case)
    yield from _secrets(case)


def _facts_at_once(case: Case, first: Placed) -> Iterator[AuditFinding]:
    direction = first.turn.direction or Direction()
    wanted = {*direction.answer, *direction.volunteer, *direction.correct}
    goal = case.transcript.scenario.goal
    authored = normalise(" ".join(s.say for s in (*goal.steps, *goal.side) if s.id in direction.bring_up))
    waiting = [f for f in case.transcript.ledger.facts if f.disclose == "if_asked" and not f.old_values]
    told = [
        f for f in waiting if f.name in first.turn.disclosed and f.name not in wanted and f" {normalise(f.value)} " not in f" {authored} "
    ]
    if len(told) >= _FACTS_AT_ONCE and len(told) >= _SHARE_AT_ONCE * len(waiting):
        yield AuditFinding(
            defect="goal_dump",
            severity="invalid",
            turn=first.at,
            quote=_found(first.text, told[0].value),
            reason=f"The first message gives {len(told)} of {len(waiting)} facts that were to be said only when asked.",
        )


def _steps_at_once(case: Case, first: Placed) -> Iterator[AuditFinding]:
    direction = first.turn.direction
    if direction is None:
        return
    scenario = case.transcript.scenario
    words = content_words(first.text, scenario.persona.language)
    later = [s for s in (*scenario.goal.steps, *scenario.goal.side) if s.id not in direction.bring_up]
    early = [
        s for s in later if len(own := content_words(s.say, scenario.persona.language)) > 2 and len(words & own) >= _COVERED * len(own)
    ]
    if len(early) >= _STEPS_AT_ONCE and 2 * len(early) >= len(later):
        yield AuditFinding(
            defect="goal_dump",
            severity="invalid" if len(early) > _STEPS_AT_ONCE else "warning",
            turn=first.at,
            quote=first.text[:120],
            reason=f"The first message brings up {len(early)} of {len(later)} wishes whose time had not come.",
        )


def _recited(case: Case) -> Iterator[AuditFinding]:
    """Reading its sheet aloud: for players with a mind; the offline one is made of these lines."""
    if case.transcript.scenario.player not in ("model", "caller"):
        return
    goal = case.transcript.scenario.goal
    sheet = {gram for s in (*goal.steps, *goal.side) for gram in _grams(s.say)}
    spoken = [(p, gram) for p in case.user for gram in _grams(p.text)]
    same = [(p, gram) for p, gram in spoken if gram in sheet]
    if len(spoken) >= 2 * _GRAM and len(same) > _OVERLAP * len(spoken):
        yield AuditFinding(
            defect="goal_dump",
            severity="warning",
            turn=same[0][0].at,
            quote=same[0][0].text[:120],
            reason=f"{len(same)} of {len(spoken)} runs of {_GRAM} words are the goal's own.",
        )


def _grams(text: str) -> list[tuple[str, ...]]:
    words = normalise(text).split()
    return [tuple(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)]


def _secrets(case: Case) -> Iterator[AuditFinding]:
    secrets = [f for f in case.transcript.ledger.facts if f.disclose == "never" and len(f.value) >= _SHORTEST_SECRET]
    heard = ""
    for at, turn in enumerate(case.transcript.turns):
        text = f" {normalise(turn.text)} "
        if turn.role == "agent":
            heard += text
            continue
        for fact in secrets:
            value = f" {normalise(fact.value)} "
            if value.strip() and value in text and value not in heard:
                yield AuditFinding(
                    defect="goal_dump",
                    severity="invalid",
                    turn=at,
                    quote=_found(turn.text, fact.value),
                    reason=f"The user says `{fact.name}`, which this person never says.",
                )


def invented_facts(case: Case) -> Iterator[AuditFinding]:
    """Addresses and numbers that nobody gave the user."""
    source = _KEEPS.sub("", _sheet(case).casefold())
    for at, turn in enumerate(case.transcript.turns):
        if turn.role == "user":
            for found in (*_EMAIL.findall(turn.text), *(m.group() for m in _NUMBER.finditer(turn.text))):
                if _DATE.fullmatch(found) or found.endswith("00") or _KEEPS.sub("", found.casefold()) in source:
                    continue
                yield AuditFinding(
                    defect="invented_fact",
                    severity="invalid",
                    turn=at,
                    quote=found,
                    reason="A particular that stands neither on the user's sheet nor in anything said before.",
                )
        source += _KEEPS.sub("", turn.text.casefold())


def _sheet(case: Case) -> str:
    scenario = case.transcript.scenario
    return f"{scenario.persona.model_dump_json()} {scenario.goal.for_player().model_dump_json()} {case.transcript.ledger.model_dump_json()}"


def _found(text: str, value: str) -> str:
    at = text.casefold().find(value.casefold())
    return text[at : at + len(value)] if at >= 0 else text[:120]

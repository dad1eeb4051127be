"""Whether the user spoke as a user does: not as the agent, and not agreeing with whatever came."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.domain.audit import AuditFinding
from understudy.domain.conversation import Act
from understudy.judging.audit.manners import AGREES, SERVES
from understudy.judging.case import Case
from understudy.text.similarity import normalise

__all__ = ["role_flips", "too_cooperative"]

_FLIPPED_TURNS, _FLIPPED_SHARE = 2, 0.25
"""Turns in the agent's role, and their share of all of the user's, from which on the roles were swapped."""
_AGREEING_TURNS, _AGREEING_SHARE = 5, 0.8
_ERRORS = 2
"""Mistakes of the agent that were all left standing, from which on the user cannot be believed."""
_WRONG = (Act.MISUNDERSTANDS, Act.ASKS_AGAIN, Act.REPEATS_ITSELF, Act.IGNORES, Act.TAKES_BACK, Act.BREAKS, Act.RUDE)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»")


def role_flips(case: Case) -> Iterator[AuditFinding]:
    """Turns in which the user serves: one is odd, several are a swap of roles."""
    own = _own_words(case)
    hits = [(p, m.group()) for p in case.user if (m := SERVES.search(_QUOTED.sub(" ", p.text))) and m.group().casefold() not in own]
    swapped = len(hits) >= _FLIPPED_TURNS and len(hits) >= _FLIPPED_SHARE * len(case.user)
    for placed, words in hits:
        yield AuditFinding(
            defect="role_flip",
            severity="invalid" if swapped else "warning",
            turn=placed.at,
            quote=words,
            reason=f"The user speaks as the agent would, in {len(hits)} of {len(case.user)} of its turns.",
        )


def _own_words(case: Case) -> str:
    scenario = case.transcript.scenario
    persona, goal = scenario.persona, scenario.goal
    lines = (persona.profile, *persona.sayings, *persona.intents.side, persona.intents.primary, *goal.detours)
    return " ".join((*lines, *(s.say for s in (*goal.steps, *goal.side)), *(c.say for c in goal.complications))).casefold()


def too_cooperative(case: Case) -> Iterator[AuditFinding]:
    """Agreement by habit, and mistakes that the user was to put right and let pass."""
    later = case.user[1:]
    agreeing = [p for p in later if AGREES.match(p.text)]
    if len(agreeing) >= _AGREEING_TURNS and len(agreeing) >= _AGREEING_SHARE * len(later):
        yield AuditFinding(
            defect="too_cooperative",
            severity="warning",
            turn=agreeing[0].at,
            quote=_opening(agreeing[0].text),
            reason=f"{len(agreeing)} of the {len(later)} messages after the first open with thanks or agreement.",
        )
    yield from _mistakes_let_pass(case)
    yield from _thanks_for_trouble(case)


def _mistakes_let_pass(case: Case) -> Iterator[AuditFinding]:
    facts = {f.name: (f.value, *f.old_values) for f in case.transcript.ledger.facts}
    due = [p for p in case.user if p.turn.direction is not None and p.turn.direction.correct]
    let_pass = [p for p in due if p.turn.direction is not None and not _says_one(p.text, p.turn.direction.correct, facts)]
    if not let_pass:
        return
    first = let_pass[0]
    yield AuditFinding(
        defect="too_cooperative",
        severity="invalid" if len(let_pass) == len(due) >= _ERRORS else "warning",
        turn=first.at,
        quote=_opening(first.text),
        reason=f"The user let {len(let_pass)} of {len(due)} mistakes of the agent pass that it knew to be wrong.",
    )


def _says_one(text: str, names: tuple[str, ...], facts: dict[str, tuple[str, ...]]) -> bool:
    """Whether anything of a value of one of the facts is in the text: people put things right in few words."""
    said = set(normalise(text).split())
    return any(said & set(normalise(value).split()) for name in names for value in facts.get(name, ()))


def _thanks_for_trouble(case: Case) -> Iterator[AuditFinding]:
    turns = case.transcript.turns
    after = [p for p in case.user if p.at and (heard := turns[p.at - 1].heard) is not None and heard.has(*_WRONG)]
    thankful = [p for p in after if AGREES.match(p.text)]
    if len(after) >= _ERRORS + 1 and len(thankful) == len(after):
        yield AuditFinding(
            defect="too_cooperative",
            severity="warning",
            turn=thankful[0].at,
            quote=_opening(thankful[0].text),
            reason=f"The user answered all {len(after)} blunders of the agent with thanks or agreement.",
        )


def _opening(text: str) -> str:
    return text[:80]

"""Whether the user stayed this person, as far as it can be counted: language, length, capitals, layout, frustration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from understudy.domain.audit import AuditFinding, Severity
from understudy.domain.persona import SpeechStyle
from understudy.judging.audit.manners import AGREES
from understudy.judging.case import Case, Placed
from understudy.text.language import detect

__all__ = ["persona_drifts"]

_BUDGET: dict[SpeechStyle, tuple[float, float]] = {
    "terse": (30, 60),
    "fragmented": (35, 70),
    "plain": (80, 160),
    "verbose": (160, 300),
    "rambling": (180, 320),
}
"""Words of the middle message from which on it is odd, and from which on it is somebody else."""
_ENOUGH_WORDS = 6
_FOREIGN_TURNS = 2
_LOUD = 0.8
_LAYOUT = re.compile(r"^\s*(?:[-*•]\s+\S.*\n\s*[-*•]\s|#{1,4}\s|\d[.)]\s.*\n\s*\d[.)]\s)|\*\*[^*\n]{2,}\*\*", re.MULTILINE)
_FRUSTRATED_TURNS = 3


def persona_drifts(case: Case) -> Iterator[AuditFinding]:
    """Turns in which somebody else seems to be speaking."""
    yield from _language(case)
    yield from _length(case)
    yield from _capitals(case)
    yield from _layout(case)
    yield from _good_cheer(case)


def _language(case: Case) -> Iterator[AuditFinding]:
    own = case.transcript.scenario.persona.language[:2]
    long = [p for p in case.user if len(p.text.split()) >= _ENOUGH_WORDS]
    told = [(p, detect(p.text, tuple(dict.fromkeys((own, "en", "de", "es"))))) for p in long]
    foreign = [(p, language) for p, language in told if language is not None and language != own]
    if foreign:
        many = len(foreign) >= _FOREIGN_TURNS and 2 * len(foreign) >= len(long)
        placed, language = foreign[0]
        yield _drift(
            placed, "invalid" if many else "warning", f"{len(foreign)} of {len(long)} messages are in `{language}`, not in `{own}`."
        )


def _length(case: Case) -> Iterator[AuditFinding]:
    style = case.transcript.scenario.persona.style
    if len(case.user) < 2:
        return
    middle = median(len(p.text.split()) for p in case.user)
    odd, somebody_else = _BUDGET[style]
    if middle > odd:
        longest = max(case.user, key=lambda p: len(p.text))
        yield _drift(
            longest, "invalid" if middle > somebody_else else "warning", f"{middle:g} words in the middle message of a `{style}` user."
        )


def _capitals(case: Case) -> Iterator[AuditFinding]:
    persona = case.transcript.scenario.persona
    if "all_caps_when_upset" in persona.traits or persona.noise.caps > 0:
        return
    loud = [p for p in case.user if _is_loud(p.text)]
    if len(loud) >= 2:
        yield _drift(loud[0], "warning", f"{len(loud)} messages in capitals, which this person does not write.")


def _is_loud(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 15 and sum(c.isupper() for c in letters) >= _LOUD * len(letters)


def _layout(case: Case) -> Iterator[AuditFinding]:
    own = case.transcript.scenario
    authored = any(_LAYOUT.search(line) for line in (own.persona.profile, *own.persona.sayings, *(s.say for s in own.goal.steps)))
    laid_out = [p for p in case.user if _LAYOUT.search(p.text)]
    if laid_out and not authored:
        yield _drift(laid_out[0], "warning", f"{len(laid_out)} messages with lists, headings or bold type, as assistants write.")


def _good_cheer(case: Case) -> Iterator[AuditFinding]:
    """Frustration that was to show, and thanks in its place."""
    due = [p for p in case.user if p.turn.direction is not None and p.turn.direction.show_frustration and p.turn.move == "continue"]
    cheerful = [p for p in due if AGREES.match(p.text)]
    if len(due) >= _FRUSTRATED_TURNS and len(cheerful) == len(due):
        yield _drift(
            cheerful[0], "warning", f"Frustration was to show in {len(due)} messages, and every one opens with thanks or agreement."
        )


def _drift(placed: Placed, severity: Severity, reason: str) -> AuditFinding:
    return AuditFinding(defect="persona_drift", severity=severity, turn=placed.at, quote=placed.text[:120], reason=reason)

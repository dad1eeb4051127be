"""Which fact a question may be after by the shape of what would answer it: a number, a day, a time, an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from understudy.domain.conversation import Ledger
from understudy.simulation.hearing_facts import Item
from understudy.simulation.hearing_lexicon import Patterns
from understudy.simulation.hearing_sentences import Sentence
from understudy.simulation.hearing_values import count_of, values_in
from understudy.text.patterns import fold
from understudy.text.words import stems

__all__ = ["asked_by_shape"]


@dataclass(frozen=True, slots=True)
class _Shape:
    asks: re.Pattern[str]
    fits: Callable[[str, Patterns], bool]


def _has(*shapes: str) -> Callable[[str, Patterns], bool]:
    return lambda value, patterns: bool(values_in(fold(value), patterns).keys() & set(shapes))


_ADDRESS = re.compile(r"\S@\S|\d+\w? ?,? [^\W\d_]{3,}|[^\W\d_]{3,}\.? \d+")
_SHAPES = (
    _Shape(re.compile(r"\b(?:how many|wie ?viele|cuánt[oa]s)\b"), lambda value, patterns: count_of(value, patterns) is not None),
    _Shape(
        re.compile(r"\b(?:(?:which|what) (?:day|date)|when|(?:an )?welche[mnrs]? (?:tag|datum)|wann|(?:qué|cuál) (?:día|fecha)|cuándo)\b"),
        _has("weekday", "date"),
    ),
    _Shape(re.compile(r"\b(?:what time|(?:um )?wie viel uhr|welche uhrzeit|qué hora)\b"), _has("time", "part")),
    _Shape(
        re.compile(
            r"\bwhere\b.*\b(?:send|e-?mail|mail|deliver|ship)|\bwohin\b.*(?:schicken|senden|mailen|liefern)"
            r"|\bdónde\b.*(?:env[ií]|mand|entreg)"
        ),
        lambda value, patterns: _ADDRESS.search(value) is not None and not _has("date", "time", "weekday")(value, patterns),
    ),
)
_UNITS = re.compile(
    r"\b(?:how many|wie ?viele|cuánt[oa]s) (?:days?|nights?|weeks?|months?|hours?|minutes?|years?|times|tage|nächte|wochen|monate"
    r"|stunden|minuten|jahre|mal|días|noches|semanas|meses|horas|minutos|años|veces)\b"
)


def asked_by_shape(s: Sentence, items: Iterable[Item], ledger: Ledger) -> list[Item]:
    """The one fact, still unsaid and not kept back, whose value has the shape that the question is after; of several the one
    that shares a word with the question."""
    shape = next((shape for shape in _SHAPES if shape.asks.search(s.low)), None)
    if shape is None or not s.question:
        return []
    open_facts = {f.name for f in ledger.facts if f.said_at is None and f.disclose != "never"}
    fitting = [i for i in items if i.value is not None and i.name in open_facts and shape.fits(i.value, s.patterns)]
    named = [i for i in fitting if s.stems & (i.words | stems(i.value or "", s.patterns.language))]
    if _UNITS.search(s.low) or len(fitting) > 1:
        fitting = named
    return fitting if len(fitting) == 1 else []

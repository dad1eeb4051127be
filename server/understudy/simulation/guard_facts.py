"""Particulars in a user's message that nobody gave them: e-mail addresses, ids, dates and amounts found nowhere.

Lenient on purpose: a figure counts as given when its digits stand anywhere in what the user knows or has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from understudy.domain.conversation import Brief
from understudy.domain.goal import PlayerGoal
from understudy.domain.persona import Persona
from understudy.domain.same import Same

__all__ = ["invented"]

_HINT = re.compile(r"\d|@")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CURRENCY = r"(?:[$€£¥]|\b(?:usd|eur|gbp|chf|mxn|euros?|dollars?|pounds?|francs?|franken|pesos?|dólares|libras)\b)"
_NUMBER = r"\d[\d.,']*\d|\d"
_AMOUNT = re.compile(rf"{_CURRENCY}\s?({_NUMBER})|({_NUMBER})\s?{_CURRENCY}", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner enero",
            "february feb februar feber febrero",
            "march mar märz marzo",
            "april apr abril",
            "may mai mayo",
            "june jun juni junio",
            "july jul juli julio",
            "august aug agosto",
            "september sep sept septiembre",
            "october oct oktober okt octubre",
            "november nov noviembre",
            "december dec dezember dez diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MAY_BE = r"(?!\s+(?:i|we|you|he|she|they|it|one|be|not|have|also|want|need)\b)"
"""After `may`, which is a verb as often as a month."""
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(\.?)(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?({_MONTH})\b{_MAY_BE}", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)", re.IGNORECASE)
_ISO = re.compile(r"\b\d{4}-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})(?:/(\d{1,2})/\d{2,4}|\.(\d{1,2})\.\d{4}|-(\d{1,2})-\d{4})\b")
_GERMAN = re.compile(r"(?<![\d./-])(\d{1,2})\.(\d{1,2})\.(?!\d)")
_ID = re.compile(r"(?<![\w@.])(?=[\w-]*\d)[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?(?![\w@])")
_RANGE = re.compile(r"(?:\d+|(?:19|20)\d\d)-\d+")
_QUANTITY = re.compile(r"\d+(?:-?[a-zA-Zäöüñ]+)+")
"""24h, 10am, 30-minute, 2nd, 100mb."""
_CODE = re.compile(r"[A-Z]{2,}-\d{3,}|(?=(?:[A-Z]*\d){2})(?=\d*[A-Z])[A-Z0-9]{6}")
_KEEPS = re.compile(r"[^a-z0-9]+")
_WEB = re.compile(r"https?://\S+|\b[\w-]+\.(?:com|org|net|io|dev)\b\S*")


def invented(message: str, brief: Brief) -> str | None:
    """The first e-mail address, date, amount or id in `message` that nobody gave the user, or None."""
    if not _HINT.search(message):
        return None
    source = _Source(brief)
    german = brief.persona.language.startswith("de")
    return _address(message, source) or _date(message, source, german=german) or _amount(message, source) or _identifier(message, source)


class _Source:
    """What the user knows or has read, put together when a message has something to look up."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    @cached_property
    def _all_along(self) -> _Told:
        return _known_before(Same(self._brief.persona), Same(self._brief.goal))

    @cached_property
    def _since(self) -> _Told:
        return _Told("\n".join(_learned(self._brief)))

    @property
    def text(self) -> str:
        return f"{self._all_along.text}\n{self._since.text}" if self._since.text else self._all_along.text

    def has(self, low: str) -> bool:
        """Whether this stands in it, in lower case, on one line."""
        return low in self._since.low or low in self._all_along.low

    def has_compact(self, compact: str) -> bool:
        """Whether these letters and digits stand in it, however they are grouped."""
        return compact in self._all_along.compact + self._since.compact


class _Told:
    """A text, and the forms that it is searched in."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def low(self) -> str:
        return self.text.casefold()

    @cached_property
    def compact(self) -> str:
        """Letters and digits only, so that a number is found however it is grouped."""
        return _KEEPS.sub("", self.low)


@lru_cache(maxsize=1024)
def _known_before(persona: Same[Persona], goal: Same[PlayerGoal]) -> _Told:
    """What is the same for all conversations of this persona about this goal."""
    return _Told("\n".join(_known(persona.it, goal.it)))


def _known(persona: Persona, goal: PlayerGoal) -> Iterator[str]:
    """Everything that the user knows before the first word, as text."""
    yield from (persona.name, persona.company, persona.profile, *persona.sayings, persona.intents.primary, *persona.intents.side)
    for trigger in persona.triggers:
        yield from (*trigger.words, *trigger.says)
    yield goal.title
    added = (c.adds for c in goal.complications if c.adds is not None)
    for step in (*goal.steps, *goal.side, *added):
        yield from (step.say, *step.again, *step.answered_by)
    for complication in goal.complications:
        yield complication.say
        yield from (change.value for change in complication.changes)
    yield from goal.detours
    yield from (fact.value for fact in (*persona.knowledge.known, *goal.known))


def _learned(brief: Brief) -> Iterator[str]:
    """What has come to it since, and all that was said."""
    for entry in brief.ledger.facts:
        yield from (entry.value, *entry.old_values)
    yield from (turn.text for turn in brief.turns)


def _address(message: str, source: _Source) -> str | None:
    if "@" not in message:
        return None
    return next((m for m in _EMAIL.findall(message) if not source.has(m.casefold().rstrip("."))), None)


# ---------------------------------------------------------------- dates


def _date(message: str, source: _Source, *, german: bool) -> str | None:
    found = list(_dates(message, german=german))
    if not found:
        return None
    known = {day for _, days in _dates(source.text, german=True) for day in days}
    return next((quote for quote, days in found if not days & known), None)


def _dates(text: str, *, german: bool) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """Each date in the text with the (month, day) pairs that it can mean."""
    for m in _DAY_MONTH.finditer(text):
        if not m.group(2) or german:  # a full stop before a month is a date in German and two sentences elsewhere
            yield m.group(), {(_MONTHS[m.group(3).lower()], int(m.group(1)))}
    for m in _MONTH_DAY.finditer(text):
        yield m.group(), {(_MONTHS[m.group(1).lower()], int(m.group(2)))}
    for m in _ISO.finditer(text):
        yield m.group(), {(int(m.group(1)), int(m.group(2)))}
    for m in _NUMERIC.finditer(text):
        yield m.group(), _either_way(m.group(1), m.group(2) or m.group(3) or m.group(4))
    if german:  # "am 12.5." in one language is a version at the end of a sentence in another
        for m in _GERMAN.finditer(text):
            yield m.group(), _either_way(m.group(2), m.group(1))


def _either_way(a: str, b: str) -> set[tuple[int, int]]:
    pairs = ((int(a), int(b)), (int(b), int(a)))
    return {(month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31}


# ---------------------------------------------------------------- amounts


def _amount(message: str, source: _Source) -> str | None:
    known: set[float] | None = None
    for m in _AMOUNT.finditer(message):
        if known is None:
            known = {v for n in re.findall(_NUMBER, source.text) if (v := _value(n)) is not None}
        value = _value(m.group(1) or m.group(2))
        if value is not None and value not in known:
            return m.group().strip()
    return None


def _value(number: str) -> float | None:
    """1,200.50 and 1.200,50 and 1200.5 are the same; a last group of three digits is taken for thousands."""
    body = number.strip(".,'")
    parts = re.split(r"[.,']", body)
    if len(parts) == 1:
        return float(body)
    decimals = parts[-1] if len(parts[-1]) != 3 else ""
    whole = "".join(parts[:-1] if decimals else parts)
    return float(f"{whole}.{decimals or 0}")


# ---------------------------------------------------------------- ids and numbers


def _identifier(message: str, source: _Source) -> str | None:
    if not any(_looks_like_an_id(m.group()) for m in _ID.finditer(message)):
        return None
    rest = message
    for pattern in (_WEB, _EMAIL, _AMOUNT, _DAY_MONTH, _MONTH_DAY, _ISO, _NUMERIC):
        rest = pattern.sub(" ", rest)
    tokens = (m.group() for m in _ID.finditer(rest))
    return next((t for t in tokens if _looks_like_an_id(t) and not source.has_compact(_KEEPS.sub("", t.casefold()))), None)


def _looks_like_an_id(token: str) -> bool:
    """Four digits and more, or a code like AB-123 or X7K9Q2; not years, round numbers, times, sizes or ranges."""
    digits = sum(c.isdigit() for c in token)
    if token.isdigit():
        return digits >= 4 and not (digits == 4 and token[:2] in ("19", "20")) and not token.endswith("00")
    if _RANGE.fullmatch(token):
        return digits >= 6
    if _QUANTITY.fullmatch(token):
        return digits >= 5
    return digits >= 4 or _CODE.fullmatch(token) is not None

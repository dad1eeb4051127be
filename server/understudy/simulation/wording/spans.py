"""Protected spans: what surface noise, dialect and register must leave as it is.

A protected span is replaced by one private-use character while the text is worked on, and put back at the end. So no later
step can corrupt a fact's value, a digit, a date, an e-mail address or an authored line, whatever it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["contains", "mask", "maskable", "unmask"]

_FIRST, _LAST = 0xE000, 0xF8FF
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend"
    " lunes martes miércoles jueves viernes sábado domingo today tomorrow tonight heute morgen übermorgen hoy mañana"
)
_MONTHS = (
    "january february march april may june july august september october november december januar jänner februar märz mai juni juli"
    " oktober dezember enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
    " dos tres cuatro cinco seis siete ocho nueve diez once doce"
)
_WORDS = "|".join(sorted(f"{_WEEKDAYS} {_MONTHS} {_NUMBERS}".split(), key=len, reverse=True))
_FIXED = re.compile(
    rf"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[#€$£]?\w*\d(?:[\w.,:/@+-]*\w)?[%€$£]?|\b[A-Z]{{2,}}(?:-\w+)+\b|\b(?:{_WORDS})\b",
    re.IGNORECASE,
)
_STAND_IN = re.compile("[\ue000-\uf8ff]")


def maskable(text: str) -> bool:
    """Whether the text is free of the stand-ins' own characters; one that is not is better left alone."""
    return _STAND_IN.search(text) is None


def contains(text: str, value: str) -> bool:
    """Whether `value` stands in `text` as a word of its own, case ignored."""
    return _find(text.lower(), value.lower(), 0) >= 0


def _find(text: str, value: str, start: int) -> int:
    while value and (at := text.find(value, start)) >= 0:
        end = at + len(value)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() and value[0].isalnum()) and not (after.isalnum() and value[-1].isalnum()):
            return at
        start = at + 1
    return -1


def mask(text: str, values: Iterable[str]) -> tuple[str, list[str]]:
    """The text with stand-ins for each of `values` and for dates, numbers, codes and addresses; and what they stand for."""
    kept: list[str] = []
    for value in sorted({v for v in values if v}, key=lambda v: (-len(v), v)):
        text = _mask_value(text, value, kept)
    return _FIXED.sub(lambda m: _keep(m.group(), kept), text), kept


def _mask_value(text: str, value: str, kept: list[str]) -> str:
    start = 0
    low_value = value.lower()
    while True:
        low = text.lower()
        # A few letters change length in lower case; then only the exact spelling is looked for.
        at = _find(low, low_value, start) if len(low) == len(text) else _find(text, value, start)
        if at < 0:
            return text
        stand_in = _keep(text[at : at + len(value)], kept)
        text = text[:at] + stand_in + text[at + len(value) :]
        start = at + len(stand_in)


def _keep(span: str, kept: list[str]) -> str:
    if _FIRST + len(kept) > _LAST:
        return span
    kept.append(span)
    return chr(_FIRST + len(kept) - 1)


def unmask(text: str, kept: list[str]) -> str:
    """The text with every span put back."""
    if not kept:
        return text
    # The last first: a span may itself hold an earlier stand-in.
    for number in range(len(kept) - 1, -1, -1):
        text = text.replace(chr(_FIRST + number), kept[number])
    return text

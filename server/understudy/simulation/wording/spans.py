"""Protected spans: what surface noise, dialect and register must leave as it is.

A protected span is replaced by one private-use character (plane 15, which no text has) while the text is worked on, and put
back at the end. So no step in between can corrupt a fact's value, a digit, a date, an e-mail address or an authored line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from understudy.text.patterns import in_lower_case

__all__ = ["Spans", "contains"]

_FIRST, _LAST = 0xF0000, 0xFFFFD
_STAND_IN = re.compile(r"[\U000f0000-\U000ffffd]\.?(?!\.)|[\U000f0000-\U000ffffd]")
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
    rf"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[#+€$£]?\w*\d(?:[\w.,:/@+-]*\w)?[%€$£]?|\b[A-Z]{{2,}}(?:-\w+)+\b|\b(?:{_WORDS})\b",
    re.IGNORECASE,
)


_FIXED_MARKS = re.compile(r"[\d@-]|//")
"""One of them is in whatever is fixed and none of the words."""
_FIXED_WORDS = frozenset(_WORDS.split("|"))


def _may_have_fixed(text: str) -> bool:
    if _FIXED_MARKS.search(text):
        return True
    low = in_lower_case(text)
    return low is None or not _FIXED_WORDS.isdisjoint(re.findall(r"\w+", low))


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


class Spans:
    """The protected spans of one message, in the order in which they were kept."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._own: set[int] = set()

    def keep(self, text: str, *, own: bool = False) -> str:
        """A stand-in for `text`. `own`: the user's own line, which goes up in capitals with the rest when they shout."""
        if _FIRST + len(self._kept) > _LAST:
            return text
        if own:
            self._own.add(len(self._kept))
        self._kept.append(text)
        return chr(_FIRST + len(self._kept) - 1)

    def protect(self, text: str, values: Iterable[str]) -> str:
        """`text` with stand-ins for each of `values` and for dates, numbers, codes and addresses."""
        for value in sorted({v for v in values if v}, key=lambda v: (-len(v), v)):
            text = self._protect_value(text, value)
        return _FIXED.sub(lambda m: self.keep(m.group()), text) if _may_have_fixed(text) else text

    def _protect_value(self, text: str, value: str) -> str:
        start = 0
        low_value = value.lower()
        while True:
            low = text.lower()
            # A few letters change length in lower case; then only the exact spelling is looked for.
            at = _find(low, low_value, start) if len(low) == len(text) else _find(text, value, start)
            if at < 0:
                return text
            stand_in = self.keep(text[at : at + len(value)])
            text = text[:at] + stand_in + text[at + len(value) :]
            start = at + len(stand_in)

    def shout(self, values: Iterable[str]) -> None:
        """Put the user's own lines in capitals, except those with a value or a figure in them."""
        values = list(values)
        for number in self._own:
            line = self._kept[number]
            if not any(c.isdigit() or c == "@" for c in line) and not any(contains(line, v) for v in values):
                self._kept[number] = line.upper()

    def restore(self, text: str) -> str:
        """The text with every span put back."""
        return self._restored(text, len(self._kept)) if self._kept else text

    def _restored(self, text: str, below: int) -> str:
        def put_back(m: re.Match[str]) -> str:
            number = ord(m.group()[0]) - _FIRST
            if number >= below:
                return m.group()
            # A span may itself hold stand-ins, of earlier spans only; and one full stop is enough.
            span = self._restored(self._kept[number], number)
            return span if span.endswith((".", "!", "?")) else span + m.group()[1:]

        return _STAND_IN.sub(put_back, text)

"""Dates, times, parts of the day, amounts and numbers in a sentence, made comparable, and whether the agent has one wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from understudy.domain.conversation import FactEntry
from understudy.simulation.hearing_lexicon import Patterns, lexicon
from understudy.text import phrases
from understudy.text.openings import Openings
from understudy.text.patterns import fold

__all__ = ["Found", "contradicts", "count_of", "gives", "miscounts", "states_old_value", "values_in"]

Found = Mapping[str, list[tuple[int, tuple[int, ...] | str]]]
"""Shape -> where in the sentence, and the comparable value."""

_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-3])[:.h]([0-5]\d)(?![\d:]|\.\d)(?:\s?([ap])\.?\s?m\b)?|(?<![\d:.,])(1[0-2]|0?[1-9])\s?([ap])\.?\s?m\b"
)
_HOUR = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3])\s?(?:uhr|h)\b|\ba las? ([01]?\d|2[0-3])\b(?![:.h]\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.,/])(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?\.?(?!\d|\s?[ap]\.?m|\s?uhr)")
_AMOUNT = re.compile(
    r"(?:[$€£]|\b(?:eur|usd|gbp|chf) )\s?(\d[\d.,]*)"
    r"|(?<![\w.,])(\d[\d.,]*)\s?(?:[$€£]|(?:euros?|dollars?|dólares|pounds?|usd|eur|gbp|chf|franken|pesos)\b)"
)
_IDENTIFIER = re.compile(r"(?<![\w-])(?=[\w-]*\d[\w-]*\d[\w-]*\d)[\w-]{4,}(?![\w-])")


def values_in(sentence: str, patterns: Patterns) -> Found:
    """Every weekday, date, time, part of the day and amount in a folded sentence."""
    return _values(sentence, patterns.language)


@lru_cache(maxsize=4096)
def _values(sentence: str, language: str) -> Found:
    figures = _FIGURE.search(sentence) is not None
    if not figures and not _openings(language).candidates(sentence):
        return _NOTHING
    found: dict[str, list[tuple[int, tuple[int, ...] | str]]] = {}
    calendar, weekdays, months = _calendar(language)
    for m in calendar.finditer(sentence):
        if m.lastgroup == "weekday":
            found.setdefault("weekday", []).append((m.start(), (weekdays[m["weekday"]],)))
        else:
            day, month = (m["d1"], m["m1"]) if m["d1"] else (m["d2"], m["m2"])
            found.setdefault("date", []).append((m.start(), (months[month.rstrip(".")], int(day))))
    if figures:
        found.setdefault("date", []).extend((m.start(), (int(m[2]), int(m[3]))) for m in _ISO.finditer(sentence))
        found["date"] += _numeric_dates(sentence, language)
        found["time"] = [(m.start(), t) for m in _CLOCK.finditer(sentence) if (t := _clock(m)) is not None]
        found["time"] += [(m.start(), (int(m[1] or m[2]), 0)) for m in _HOUR.finditer(sentence)]
        found["amount"] = [(m.start(), _amount(m[1] or m[2])) for m in _AMOUNT.finditer(sentence)]
    found["part"] = [(m.start(), part) for part, names in _day_parts(language) for m in names.finditer(sentence)]
    return {shape: values for shape, values in found.items() if values}


_NOTHING: Found = {}
_FIGURE = re.compile(r"\d")
"""In every date, time of day and amount."""


@lru_cache(maxsize=4)
def _openings(language: str) -> Openings:
    """How what has no figure in it begins: days of the week and parts of the day."""
    return Openings([_calendar(language)[0].pattern, *(names.pattern for _, names in _day_parts(language))])


@lru_cache(maxsize=4)
def _day_parts(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((part, re.compile(rf"(?<!\w)(?:{names})(?!\w)")) for part, names in lexicon(language).lexicon.day_parts.items())


def _numeric_dates(sentence: str, language: str) -> list[tuple[int, tuple[int, ...] | str]]:
    dates: list[tuple[int, tuple[int, ...] | str]] = []
    for m in _NUMERIC.finditer(sentence):
        a, b, dotted = int(m[1]), int(m[2]), "." in m[0]
        if dotted and m[3] is None and not (language == "de" and m[0].endswith(".")):
            continue  # 10.30 is a time or a price
        if 1 <= b <= 12 and 1 <= a <= 31 and (dotted or language != "en" or a > 12):
            dates.append((m.start(), (b, a)))
        elif 1 <= a <= 12 and 1 <= b <= 31:
            dates.append((m.start(), (a, b)))
    return dates


@lru_cache(maxsize=4)
def _calendar(language: str) -> tuple[re.Pattern[str], dict[str, int], dict[str, int]]:
    words = lexicon(language).lexicon
    weekdays = {name: i for i, names in enumerate(words.weekdays) for name in names}
    months = {name: i for i, names in enumerate(words.months, 1) for name in names}
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    weekday = "|".join(sorted(map(re.escape, weekdays), key=len, reverse=True))
    return (
        re.compile(
            rf"(?<!\w)(?:(?P<d1>[0-3]?\d)(?:st|nd|rd|th|\.|º)?(?: of| de)? (?P<m1>{month})\b\.?"
            rf"|(?P<m2>{month})\.? (?:the )?(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:])"
            rf"|(?P<weekday>{weekday})s?)(?!\w)"
        ),
        weekdays,
        months,
    )


def _clock(m: re.Match[str]) -> tuple[int, ...] | None:
    hour, minute, half = (int(m[1]), int(m[2]), m[3]) if m[1] else (int(m[4]), 0, m[5])
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return (hour, minute)


def _amount(digits: str) -> tuple[int, ...]:
    """In cents: the last mark counts as decimal when two digits follow it."""
    plain = digits.rstrip(".,")
    whole, cents = (plain[:-3], plain[-2:]) if len(plain) > 3 and plain[-3] in ".," else (plain, "0")
    return (int(re.sub(r"\D", "", whole) or 0) * 100 + int(cents),)


# ---------------------------------------------------------------- right or wrong


def states_old_value(sentence: str, fact: FactEntry, patterns: Patterns) -> bool:
    """Whether a folded statement gives a replaced value of the fact as if it still held."""
    if phrases.find(fact.value, sentence) is not None:
        return False
    current = values_in(fold(fact.value), patterns)
    olds = [{shape: [value for _, value in values] for shape, values in values_in(fold(old), patterns).items()} for old in fact.old_values]
    # What both have tells nothing: of "Thursday morning" and "Thursday afternoon" only the part of the day does.
    current = {shape: v for shape, v in current.items() if not olds or any(old.get(shape) != [value for _, value in v] for old in olds)}
    present = values_in(sentence, patterns)
    if any(_same(shape, value, other) for shape in current for _, value in current[shape] for _, other in present.get(shape, ())):
        return False
    return any(
        _stands_for_now(sentence, position, patterns) for old in fact.old_values for position in _places(old, sentence, present, patterns)
    )


def _places(old: str, sentence: str, present: Found, patterns: Patterns) -> list[int]:
    """Where the old value stands, in its own words or in another spelling of all its parts."""
    if (quote := phrases.find(old, sentence)) is not None:
        return [sentence.find(quote)]
    parts = values_in(fold(old), patterns)
    hits = {
        shape: [position for position, value in present.get(shape, ()) if any(_same(shape, value, mine) for _, mine in values)]
        for shape, values in parts.items()
    }
    told = [positions for shape, positions in hits.items() if present.get(shape)]
    return [min(positions) for positions in told] if told and all(told) else []


def contradicts(sentence: str, fact: FactEntry, others: tuple[str, ...], patterns: Patterns) -> bool:
    """Whether a folded claim or summary gives a value of the fact's shape, and it is neither the fact's nor one of `others`."""
    mine = values_in(fold(fact.value), patterns)
    present = values_in(sentence, patterns) if mine else _NOTHING
    for shape, values in mine.items():
        told = [value for position, value in present.get(shape, ()) if _stands_for_now(sentence, position, patterns)]
        if told and not any(_same(shape, value, right) for value in told for _, right in values):
            known = [value for other in others for _, value in values_in(fold(other), patterns).get(shape, ())]
            if not any(_same(shape, value, right) for value in told for right in known):
                return True
    return not mine and _other_identifier(sentence, fact.value, others)


def gives(sentence: str, value: str, patterns: Patterns) -> bool:
    """Whether a folded sentence has the value in it: in its own words, or every day, time and part of the day in another spelling."""
    if phrases.find(value.strip(_QUOTES), sentence) is not None:
        return True
    present, mine = values_in(sentence, patterns), values_in(fold(value), patterns)
    return bool(mine) and all(
        any(_same(shape, told, right) for _, told in present.get(shape, ()) for _, right in values) for shape, values in mine.items()
    )


def count_of(value: str, patterns: Patterns) -> int | None:
    """The number that a value such as `two adults` or `2` counts; None for dates, amounts, identifiers and several numbers."""
    return _count_of(value, patterns.language)


@lru_cache(maxsize=8192)
def _count_of(value: str, language: str) -> int | None:
    low = fold(value).strip()
    first = _count(language).match(low)
    if first is None or _values(low, language) or len(low.split()) > _LONGEST_COUNT or len(_count(language).findall(low)) > 1:
        return None
    return _number(first, language)


def miscounts(sentence: str, value: str, patterns: Patterns) -> bool:
    """Whether a folded claim counts something else than the value: `5 tickets` for `two adults`, with no other number beside it."""
    right = count_of(value, patterns)
    if right is None:
        return False
    own = "|".join(re.escape(word) for word in re.findall(r"[^\W\d_]{3,}", fold(value)))
    nouns = patterns.lexicon.lists.count_nouns + (f"|{own}" if own else "")
    counted = re.compile(rf"{_count(patterns.language).pattern}(?: [^\W\d_]+)? (?:{nouns})(?!\w)")
    told = {_number(m, patterns.language) for m in counted.finditer(sentence)}
    return len(told) == 1 and right not in told


_QUOTES = " \"'„“”«»‚‘’.!"
_LONGEST_COUNT = 4
"""Words of a value that is a count."""


@lru_cache(maxsize=4)
def _count(language: str) -> re.Pattern[str]:
    words = [re.escape(word) for names in lexicon(language).lexicon.numbers for word in names]
    return re.compile(rf"(?<![\w.,:/-])(?P<count>\d{{1,2}}|{'|'.join(sorted(words, key=len, reverse=True))})(?![\w:/%€$£-]|[.,]\d)")


def _number(match: re.Match[str], language: str) -> int:
    word = match["count"]
    return int(word) if word.isdigit() else next(i for i, names in enumerate(lexicon(language).lexicon.numbers, 1) if word in names)


def _other_identifier(sentence: str, value: str, others: tuple[str, ...]) -> bool:
    """A token built like the fact's identifier (letters where it has letters, digits where it has digits) but not it."""
    right = fold(value)
    if not _IDENTIFIER.fullmatch(right):
        return False
    build = "".join(r"\d" if c.isdigit() else "[a-z]" if c.isalpha() else re.escape(c) for c in right)
    told = re.findall(rf"(?<![\w-]){build}(?![\w-])", sentence)
    known = {right, *map(fold, others)}
    return bool(told) and not any(token in known for token in told)


def _same(shape: str, a: tuple[int, ...] | str, b: tuple[int, ...] | str) -> bool:
    if shape == "time" and isinstance(a, tuple) and isinstance(b, tuple):
        # "2:30" without a.m. or p.m. may well be 14:30.
        return a[1] == b[1] and (a[0] - b[0]) % 12 == 0
    return a == b


def _stands_for_now(sentence: str, position: int, patterns: Patterns) -> bool:
    """False when the words before say that the value no longer holds: `from Tuesday`, `instead of`."""
    before = sentence[max(0, position - 45) : position]
    last = max(patterns["instead_of"].finditer(before), key=lambda match: match.end(), default=None)
    return last is None or patterns["now_words"].search(before[last.end() :]) is not None

"""Values in what a customer wrote: birth dates, days, times, card digits, addresses."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

__all__ = [
    "WEEKDAYS",
    "address",
    "birth_date",
    "chosen_time",
    "day_name",
    "does_not_say",
    "last_four",
    "says_any",
    "says_yes",
    "weekday",
]

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_DAY_INDEX = {name.casefold(): index for names in WEEKDAYS.values() for index, name in enumerate(names)} | {
    short: index for index, short in enumerate(("mon", "tues", "wed", "thurs", "fri", "sat", "sun"))
}
_WORD = re.compile(r"[^\W\d_]+")
# The day of the appointment as it stands, or one that is turned down, is not the day that is wished for.
_NOT_WISHED_BEFORE = re.compile(
    r"(?:\bfrom|\bnot(?: on)?|\binstead of|\bvom?|\bnicht(?: am)?|\bstatt|\b(?:my|the|mein\w*) (?:\w+ ){0,3}(?:on|am|for)|\bmy)\s$"
)
_NOT_WISHED_AFTER = re.compile(r"^\s(?:appointment|slot|visit|is out|does(?:n't| not)|won't|no longer|geht (?:doch )?nicht)")


def day_name(index: int, language: str) -> str:
    """The weekday (0 is Monday) in a language."""
    return WEEKDAYS[language][index]


def _day_of(word: str) -> int | None:
    if word in _DAY_INDEX:
        return _DAY_INDEX[word]
    if len(word) < 5 or word in {"today", "someday", "sundays"}:
        return None
    near = difflib.get_close_matches(word, [name for name in _DAY_INDEX if len(name) > 4], n=1, cutoff=0.82)
    return _DAY_INDEX[near[0]] if near else None


def weekday(text: str) -> int | None:
    """The weekday that is wished for (0 is Monday): the last one named that is not turned down."""
    plain = text.casefold()
    wished: int | None = None
    for found in _WORD.finditer(plain):
        day = _day_of(found.group())
        if day is None or _NOT_WISHED_BEFORE.search(plain[: found.start()]) or _NOT_WISHED_AFTER.search(plain[found.end() :]):
            continue
        wished = day
    return wished


_CLOCK = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3])(?:\s?[:.h]\s?([0-5]\d)(?![\d.]))?\s?(a\.?m\b|p\.?m\b|uhr\b|o'?clock\b)?")
_ORDINALS = (
    re.compile(r"\b(?:first|earliest|1st|erste[nr]?|früheste[nr]?)\b"),
    re.compile(r"\b(?:second|middle|2nd|zweite[nr]?|mittlere[nr]?)\b"),
    re.compile(r"\b(?:third|last|latest|3rd|dritte[nr]?|letzte[nr]?|späteste[nr]?)\b"),
)
_MORNING = re.compile(r"\b(?:morning|early|vormittag|morgens|früh)")
_AFTERNOON = re.compile(r"\b(?:afternoon|later|after (?:lunch|work)|nachmittag|später)")


def chosen_time(text: str, offered: Sequence[str]) -> str | None:
    """The one of the offered times (`14:30`) that the text takes, or None; of several named the last."""
    plain = text.casefold()
    for found in reversed(list(_CLOCK.finditer(plain))):
        hour, minute, half = int(found.group(1)), found.group(2), found.group(3) or ""
        if minute is None and not half and not re.search(r"(?:\bat|\bum|\btake|^|,)\s*$", plain[: found.start()]):
            continue
        for shift in (0, 12) if hour < 12 else (0,):
            clock = f"{hour + shift}:{minute or '00'}"
            if clock in offered and not (shift == 0 and half.startswith("p")):
                return clock
    for index, rule in enumerate(_ORDINALS):
        if rule.search(plain) and offered:
            return offered[min(index, len(offered) - 1)]
    if offered and _MORNING.search(plain):
        return offered[0]
    if offered and _AFTERNOON.search(plain):
        return offered[-1]
    return None


_ANY = re.compile(
    r"\b(?:any(?: of them| time| day)?|either|whenever|whatever|whichever|no preference|don't (?:mind|care)|doesn't matter|does not matter"
    r"|you choose|up to you|soon(?:est)?|as soon as|egal|irgendein\w*|cualquiera|da igual|me es igual)\b"
)
_YES = re.compile(
    r"\b(?:yes|yep|yeah|yup|ye|aye|sure|ok|okay|alright|fine|good|great|please do|go ahead|go for it|by all means"
    r"|certainly|indeed|of course|correct|bet"
    r"|sounds good|ja|gern|gerne|passt|einverstanden|bitte|gewiss|sí|si|vale|claro|de acuerdo|por favor|adelante)\b"
)
_DOES_NOT_SAY = re.compile(
    r"don't (?:know|have|remember)|do not (?:know|have)|no idea|not sure|haven't got|rather not|won't (?:say|tell"
    r"|give)|not (?:telling|giving)|can't (?:find|remember)"
    r"|dinnae ken|weiß (?:ich )?(?:es )?nicht|keine ahnung|habe ich (?:gerade )?nicht|no (?:lo )?sé|no (?:la "
    r"|lo )?(?:tengo|recuerdo)|prefiero no"
)


def says_any(text: str) -> bool:
    """Whether the text leaves the choice to us."""
    return _ANY.search(text.casefold()) is not None


def says_yes(text: str) -> bool:
    """Whether the text agrees."""
    return _YES.search(text.casefold()) is not None


def does_not_say(text: str) -> bool:
    """Whether the customer does not know what was asked for, or will not say it."""
    return _DOES_NOT_SAY.search(text.casefold().replace("’", "'")) is not None


_BIRTH = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s"
    r"|de\s)?[^\W\d_]{3,10}\.?,?\s(?:de\s)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,10}\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\d.,:/-])(\d)[\s-]?(\d)[\s-]?(\d)[\s-]?(\d)(?![\d:/-]|[.,]\d)")


def birth_date(text: str) -> str | None:
    """The date of birth as written, or None."""
    found = _BIRTH.search(text)
    return found.group() if found else None


def last_four(text: str) -> str | None:
    """Four digits that stand alone, or None."""
    found = _DIGITS.search(text)
    return "".join(found.groups()) if found else None


def _cased(text: str) -> str:
    return text.title() if text.isupper() or text.islower() else text


_STREET = re.compile(
    r"\b\d{1,4}[a-z]?\s+(?:[^\W\d_]+['’]?\s+){1,3}?(?:lane|street|road|walk|avenue|close|drive|way|square|place"
    r"|court|row|hill|gardens?|terrace)\b"
    r"|\b(?:calle|avenida|plaza|paseo|camino)\s+(?:[^\W\d_]+\s+){1,4}\d{1,4}\b",
    re.IGNORECASE,
)
_FROM_NUMBER = re.compile(r"\b\d{1,4}[a-z]?\s+[^\W\d_]+(?:\s[^\W\d_]+){0,2}|[^\W\d_]+(?:\s[^\W\d_]+){0,2}\s\d{1,4}\b", re.IGNORECASE)


def address(text: str, *, expected: bool) -> str | None:
    """A street and house number; when it was asked for, also one whose street has no usual ending. The last one named."""
    found = list(_STREET.finditer(text))
    if not found and expected:
        found = list(_FROM_NUMBER.finditer(text))[:1]
    return _cased(" ".join(found[-1].group().split())) if found else None

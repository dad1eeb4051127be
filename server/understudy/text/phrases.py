"""Finding a phrase in a text, and the exact words that matched.

A phrase is plain words, or a regular expression between slashes. `{fact}` in either stands for a value that is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, cast

from understudy.text.patterns import in_lower_case

__all__ = ["LONGEST_TEXT", "SlowPattern", "find", "find_any", "matches", "problem"]

T = TypeVar("T")
LONGEST_TEXT = 20_000
"""Characters of a text that are looked at."""
PATTERN_SECONDS = (0.1, 0.4)
"""What one search with a regular expression of a caller's may take, and what it may take when it is tried again: on a busy machine a
search may have waited for the processor and not have searched."""


class SlowPattern(ValueError):
    """A regular expression of a caller's took too long: its own fault, and nobody else's result."""

    def __init__(self, phrase: str) -> None:
        said = f"the pattern {phrase[:80]} took longer than {PATTERN_SECONDS[-1]:g} s on one text; write it without nested repeats"
        super().__init__(said)


_NO_FACTS: Mapping[str, str] = MappingProxyType({})
_PLACEHOLDER = re.compile(r"\{([a-z0-9][a-z0-9_-]*)\}")
_SPACE = re.compile(r"\s+")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?![\d:])")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "\u00a0": " ", "\u202f": " "})


def find(phrase: str, text: str, facts: Mapping[str, str] = _NO_FACTS) -> str | None:
    """The first words of `text` that match `phrase`, exactly as they stand there, or None.

    Case, the kind of apostrophe and the width of spaces are ignored; a plain phrase matches whole words only. A time of day in a
    plain phrase or in a fact's value also matches in its other spellings (14:30, 14.30, 2:30 pm). A placeholder without a value
    matches nothing. A regular expression that does not compile is taken as plain words (see `problem`). Only the first
    LONGEST_TEXT characters are looked at. Raises SlowPattern for a regular expression that takes too long.
    """
    filled = _filled(phrase, facts) if "{" in phrase else (phrase,)
    if filled is None:
        return None
    pattern = _compiled(filled)
    # The translation is one character to one, so that positions in it are positions in the text.
    plain, low = _plain(text)
    if pattern is None or (low is not None and pattern.needs not in low):
        return None
    match = _search(pattern.expression, plain, phrase)
    return text[match.start() : match.end()] if match and match.end() > match.start() else None


@lru_cache(maxsize=256)
def _plain(text: str) -> tuple[str, str | None]:
    """The text as it is searched, and in lower case; None where a search may take other letters for the same ones than that does."""
    text = text[:LONGEST_TEXT]
    if text.isascii():
        plain = text.replace("`", "'")
        return plain, plain.lower()
    plain = text.translate(_QUOTES)
    return plain, in_lower_case(plain)


def _search(pattern: Any, text: str, phrase: str) -> re.Match[str] | None:
    """What the pattern finds: one of `re` for plain words, one of `regex`, with a time limit, for a caller's expression."""
    if isinstance(pattern, re.Pattern):
        return cast("re.Pattern[str]", pattern).search(text)
    return _within_time(lambda seconds: cast("re.Match[str] | None", pattern.search(text, timeout=seconds)), phrase)


def _within_time(search: Callable[[float], T], phrase: str) -> T:
    for seconds in PATTERN_SECONDS:
        try:
            return search(seconds)
        except TimeoutError:
            continue
    raise SlowPattern(phrase)


def matches(expression: str, text: str) -> bool:
    """Whether a bare regular expression occurs in `text`. Raises SlowPattern, and ValueError for one that does not compile."""
    import regex

    try:
        return _within_time(lambda seconds: regex.search(expression, text[:LONGEST_TEXT], timeout=seconds), expression) is not None
    except regex.error as error:
        raise ValueError(f"`{expression[:80]}` is not a regular expression: {error}") from None


def find_any(phrases: Sequence[str], text: str, facts: Mapping[str, str] = _NO_FACTS) -> str | None:
    """The quote for the first of `phrases` that is found, or None."""
    if not isinstance(phrases, tuple) or not _all_plain(phrases):
        return next((quote for phrase in phrases if (quote := find(phrase, text, facts)) is not None), None)
    plain, low = _plain(text)
    for phrase, compiled in _all_compiled(phrases):
        if low is not None and compiled.needs not in low:
            continue
        match = _search(compiled.expression, plain, phrase)
        if match is not None and match.end() > match.start():
            return text[match.start() : match.end()]
    return None


@lru_cache(maxsize=4096)
def _all_plain(phrases: tuple[str, ...]) -> bool:
    """Whether none of them has a placeholder."""
    return not any("{" in phrase for phrase in phrases)


@lru_cache(maxsize=4096)
def _all_compiled(phrases: tuple[str, ...]) -> tuple[tuple[str, _Compiled], ...]:
    """Those of the phrases, without placeholders, that can be found at all."""
    return tuple((phrase, compiled) for phrase in phrases if (compiled := _compiled((phrase,))) is not None)


def problem(phrase: str) -> str | None:
    """Why a phrase cannot match anything, in a sentence, or None. For those who check files on loading."""
    if not phrase.strip():
        return "an empty phrase matches nothing"
    if not _is_regex(phrase):
        return None
    try:
        re.compile(_PLACEHOLDER.sub(lambda m: m.group() if m.group(1).isdigit() else "x", phrase[1:-1]))
    except re.error as e:
        return f"`{phrase}` is not a regular expression: {e}"
    return None


def _is_regex(phrase: str) -> bool:
    return len(phrase) > 2 and phrase.startswith("/") and phrase.endswith("/")


def _filled(phrase: str, facts: Mapping[str, str]) -> tuple[str, ...] | None:
    """The phrase, then name and value of each placeholder in it; None when a value is missing."""
    names = [name for name in _PLACEHOLDER.findall(phrase) if not name.isdigit()]
    if any(name not in facts for name in names):
        return None
    return (phrase, *(part for name in dict.fromkeys(names) for part in (name, facts[name])))


class _Compiled(NamedTuple):
    """A phrase to be searched for."""

    expression: Any
    needs: str = ""
    """In lower case, what is in every text that it is found in."""


@lru_cache(maxsize=8192)
def _compiled(filled: tuple[str, ...]) -> _Compiled | None:
    phrase, rest = filled[0], filled[1:]
    values = dict(zip(rest[::2], rest[1::2], strict=True))
    if _is_regex(phrase):
        source = _PLACEHOLDER.sub(lambda m: f"(?:{_literal(values[m.group(1)])})" if m.group(1) in values else m.group(), phrase[1:-1])
        # Not `re`, which cannot be stopped: a pattern of a caller's could hold up everybody for ever.
        import regex

        try:
            return _Compiled(regex.compile(source, regex.IGNORECASE))
        except regex.error:
            pass
    plain = _PLACEHOLDER.sub(lambda m: values.get(m.group(1), m.group()), phrase).strip()
    return _Compiled(re.compile(_whole_words(plain), re.IGNORECASE), _longest_word(plain)) if plain else None


def _longest_word(plain: str) -> str:
    """What any text with this phrase has in it, in lower case: its longest piece without spaces and times of day."""
    normal = plain.translate(_QUOTES)
    longest = max(_CLOCK.sub(" ", normal).split(), key=len, default="")
    return in_lower_case(longest) or ""


def _whole_words(plain: str) -> str:
    before = r"(?<!\w)" if plain[0].isalnum() else ""
    after = r"(?!\w)" if plain[-1].isalnum() else ""
    return f"{before}(?:{_literal(plain)}){after}"


def _literal(plain: str) -> str:
    """A pattern for the words themselves, with spaces of any width and times of day in any spelling."""
    pieces: list[str] = []
    position = 0
    normal = plain.translate(_QUOTES).strip()
    for clock in _CLOCK.finditer(normal):
        pieces += [_words(normal[position : clock.start()]), _clock(int(clock.group(1)), clock.group(2))]
        position = clock.end()
    return "".join([*pieces, _words(normal[position:])])


def _words(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in _SPACE.split(text))


def _clock(hour: int, minute: str) -> str:
    """All spellings of one time of day: 14:30, 14.30, 14h30, 2:30 pm; 9:00 also as 9 am and 9 Uhr."""
    half = "p" if hour >= 12 else "a"
    twelve = hour % 12 or 12
    forms = [rf"0?{hour}[:.h]{minute}", rf"0?{twelve}[:.]{minute}\s?{half}\.?m\b"]
    if minute == "00":
        forms += [rf"0?{twelve}\s?{half}\.?m\b", rf"0?{hour}\s?(?:uhr|h)\b"]
    return f"(?:{'|'.join(forms)})"

"""Word lists written as one pattern a line, compiled to one expression over folded text."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["compile_lines", "filled_lines", "fold", "in_lower_case", "whole_words"]

_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " "})
_MACRO = re.compile(r"<([A-Z_]+)>")


_ODD_CASE = re.compile(r"[^\x00-\xb4\xb6-\xff\u2010-\u203a\u20ac\U000f0000-\U000ffffd]")
"""Outside Western European text there are letters, such as the long s, that are another one's case without being its lower case."""


def in_lower_case(text: str) -> str | None:
    """The text in lower case, in which it has all letters that a search without regard to case finds in it; None where it may not."""
    return text.lower() if text.isascii() or _ODD_CASE.search(text) is None else None


def fold(text: str) -> str:
    """Lower case with straight apostrophes and plain spaces, character for character: positions are those of `text`."""
    if text.isascii():
        return text.replace("`", "'").lower()
    plain = text.translate(_PLAIN)
    low = plain.lower()
    # A few capitals (İ) have two characters in lower case; they stay as they are.
    return low if len(low) == len(plain) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def compile_lines(lines: str, macros: Mapping[str, str] | None = None) -> re.Pattern[str]:
    """One pattern that matches any of the lines as whole words in folded text; `<NAME>` is replaced by a macro. No lines match nothing.

    Raises KeyError for an unknown macro and re.error for a line that is not a pattern: the lists are ours, so both are our bugs.
    """
    filled = filled_lines(lines, macros)
    return whole_words("|".join(filled)) if filled else re.compile(r"(?!)")


def filled_lines(lines: str, macros: Mapping[str, str] | None = None) -> list[str]:
    """The lines that are not blank, with their macros filled in. Raises KeyError for an unknown macro."""
    known = macros or {}
    return [_MACRO.sub(lambda m: f"(?:{known[m.group(1)]})", line.strip()) for line in lines.splitlines() if line.strip()]


def whole_words(source: str) -> re.Pattern[str]:
    """The pattern, matching whole words only. Raises re.error for what is no pattern."""
    return re.compile(rf"(?<!\w)(?:{source})(?!\w)")

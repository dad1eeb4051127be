"""Quotes are checked against the turn that they cite: a quote that is not there is not evidence.

Comparison forgives what copying changes (Unicode compatibility forms, curly quotes, dashes, white space, case) and
nothing else. The quote that is kept is the turn's own text, letter for letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from understudy.domain.value import Value
from understudy.domain.verdict import Evidence

__all__ = ["QuoteCheck", "QuoteStatus", "check_quote", "normalise_quote", "supported"]

QuoteStatus = Literal["exact", "wrong_turn", "ellipsis", "approx", "absent"]
"""exact: in the cited turn; wrong_turn: in another, which is cited instead; ellipsis: fragments around an ellipsis, all
exact and in order; approx: something like it is there, shown but no evidence; absent: nowhere."""

APPROX_RATIO = 0.90
FRAGMENT_WORDS = 3

_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "–": "-", "—": "-", "‑": "-", "−": "-"}
)


class QuoteCheck(Value):
    """What became of one quote."""

    status: QuoteStatus
    turn: int
    """The turn it is in: the cited one, or the one it was found in."""
    quote: str
    """The turn's own words where the quote was found, else the quote as given."""

    @property
    def holds(self) -> bool:
        """Whether it counts as evidence."""
        return self.status in ("exact", "wrong_turn", "ellipsis")


@dataclass(frozen=True)
class _Mapped:
    """Normalised text with, for each of its characters, the span of the original that it came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, source: str, at: int, length: int) -> str:
        return source[self.starts[at] : self.ends[at + length - 1]] if length else ""


def normalise_quote(text: str) -> str:
    """`text` in compatibility form, straight quotes, plain hyphens, single spaces, folded case, no outer white space."""
    return _mapped(text).text


def check_quote(texts: Sequence[str], turn: int, quote: str) -> QuoteCheck:
    """Look for `quote` in `texts[turn]`, then in the other turns. A turn outside the transcript is simply not there."""
    if 0 <= turn < len(texts) and quote.strip() and quote in texts[turn]:
        return QuoteCheck(status="exact", turn=turn, quote=quote)
    wanted = normalise_quote(quote)
    order = [turn, *(i for i in range(len(texts)) if i != turn)] if 0 <= turn < len(texts) else list(range(len(texts)))
    for i in order if wanted else order[:1]:
        if (found := _find(texts[i], wanted)) is not None:
            return QuoteCheck(status="exact" if i == turn else "wrong_turn", turn=i, quote=found)
    if 0 <= turn < len(texts) and wanted:
        cited = normalise_quote(texts[turn])
        if _in_fragments(cited, wanted):
            return QuoteCheck(status="ellipsis", turn=turn, quote=quote)
        if _partial_ratio(wanted, cited) >= APPROX_RATIO:
            return QuoteCheck(status="approx", turn=turn, quote=quote)
    return QuoteCheck(status="absent", turn=turn, quote=quote)


def supported(evidence: Iterable[Evidence], texts: Sequence[str]) -> tuple[Evidence, ...]:
    """The evidence whose quote is found, each as an exact substring of the turn that it now cites.

    A quote with an ellipsis becomes one piece of evidence for each of its fragments.
    """
    kept: list[Evidence] = []
    for item in evidence:
        check = check_quote(texts, item.turn, item.quote)
        if check.status in ("exact", "wrong_turn"):
            kept.append(Evidence(turn=check.turn, quote=check.quote))
        elif check.status == "ellipsis":
            found = (_find(texts[check.turn], f) for f in _fragments(normalise_quote(item.quote)))
            kept.extend(Evidence(turn=check.turn, quote=f) for f in found if f)
    return tuple(dict.fromkeys(kept))


def _find(text: str, wanted: str) -> str | None:
    mapped = _mapped(text)
    if not wanted:
        # An empty quote says that the turn is empty; of any other turn it says nothing.
        return text if not mapped.text else None
    at = mapped.text.find(wanted)
    return None if at < 0 else mapped.original(text, at, len(wanted))


def _mapped(text: str) -> _Mapped:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        plain = unicodedata.normalize("NFKC", text[start:end]).translate(_PLAIN).casefold()
        for char in plain:
            space = char.isspace()
            if space and (not chars or chars[-1] == " "):
                continue
            chars.append(" " if space else char)
            starts.append(start)
            ends.append(end)
    if chars and chars[-1] == " ":
        chars.pop()
    return _Mapped("".join(chars), tuple(starts), tuple(ends))


def _clusters(text: str) -> Iterable[tuple[int, int]]:
    """Spans of a character with the combining marks after it, which compatibility form may melt into one."""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not unicodedata.combining(text[i]):
            yield start, i
            start = i


def _fragments(wanted: str) -> list[str]:
    return [f for f in (part.strip() for part in re.split(r"\.{3,}", wanted)) if f]


def _in_fragments(cited: str, wanted: str) -> bool:
    fragments = _fragments(wanted)
    if "..." not in wanted or not fragments or any(len(f.split()) < FRAGMENT_WORDS for f in fragments):
        return False
    at = 0
    for fragment in fragments:
        at = cited.find(fragment, at)
        if at < 0:
            return False
        at += len(fragment)
    return True


def _partial_ratio(quote: str, text: str) -> float:
    """The best ratio of `quote` against any stretch of `text` of its length."""
    if not quote or not text:
        return 0.0
    matcher = SequenceMatcher(None, quote, text, autojunk=False)
    best = 0.0
    for block in matcher.get_matching_blocks():
        start = max(0, block.b - block.a)
        window = text[start : start + len(quote)]
        best = max(best, SequenceMatcher(None, quote, window, autojunk=False).ratio())
    return best

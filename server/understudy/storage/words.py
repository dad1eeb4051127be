"""The words of a conversation for text search, and the count of its turns: the same for every store.

A word is a run of letters and digits, without case and accents. A conversation is found by a text when all words of the text
are among the words of its turns, whole words only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from understudy.domain.conversation import Event, PlayerMoved, TargetReplied

__all__ = ["Tally", "tally", "words_of"]

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 64
"""Characters of a word that count; a hash or a blob of base64 is one long word."""


def words_of(text: str) -> list[str]:
    """The words of `text` as they are indexed and looked up, in order."""
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return [word[:_LONGEST] for word in _WORD.findall(folded)]


@dataclass(slots=True)
class Tally:
    """How many turns a run has, and what the latest events add to its words."""

    turns: int
    user_last: bool
    """The last turn is the user's and the target has not answered it: a message that the guard refused is replaced by
    the next one, so it must neither count nor be found."""
    words: dict[int, str] = field(default_factory=dict[int, str])
    """By turn, counted from 0: words between single spaces, with a space at either end."""


def tally(turns: int, user_last: bool, events: Sequence[Event]) -> Tally:
    """Count `events` on top of `turns`."""
    result = Tally(turns, user_last)
    for event in events:
        if isinstance(event, PlayerMoved):
            if not result.user_last:
                result.turns += 1
            result.words[result.turns - 1] = _line(event.move.message)
            result.user_last = True
        elif isinstance(event, TargetReplied):
            result.words[result.turns] = _line(event.reply.text)
            result.turns += 1
            result.user_last = False
    return result


def _line(text: str) -> str:
    return f" {' '.join(words_of(text))} "

"""The offline player: words for a stage direction, from phrase banks. No model, no network, no key.

It does what the direction says and nothing else; persona and seed decide how it sounds. Same brief, same words, byte for byte.
"""

from __future__ import annotations

import re

from understudy.domain.conversation import Brief, Move
from understudy.simulation.wording.composer import compose
from understudy.simulation.wording.spans import contains

__all__ = ["RulesPlayer", "word"]

_TRIES = 8
"""Wordings that are tried until one was not said before."""
_PLAIN = re.compile(r"[\W_]+")
_SHORTEST_VALUE = 4
"""Characters from which on a fact's value in a message cannot be chance."""


class RulesPlayer:
    """A Player without a model."""

    @property
    def version(self) -> str:
        return "rules/1"

    async def play(self, brief: Brief) -> Move:
        """The words for the brief's direction. Raises BadInput for a language that it does not speak."""
        return word(brief)


def word(brief: Brief) -> Move:
    """The move for a brief: the direction's own kind, and words for it. Pure. Raises BadInput for a language without a bank."""
    said = {_key(t.text) for t in brief.turns}
    # Words that the guard refused are derivable, so a retry can steer clear of them without being told.
    for attempt in range(1, brief.attempt):
        said.add(_key(_unsaid_before(brief, attempt, said)))
    message = _unsaid_before(brief, brief.attempt, said)
    return Move(kind=brief.direction.move, message=message, disclosed=_disclosed(brief, message))


def _unsaid_before(brief: Brief, attempt: int, said: set[str]) -> str:
    message = ""
    for retry in range(_TRIES):
        message = compose(brief, attempt, retry)
        if message and _key(message) not in said:
            break
    return message


def _key(text: str) -> str:
    return _PLAIN.sub(" ", text.casefold()).strip()


def _disclosed(brief: Brief, message: str) -> tuple[str, ...]:
    """Facts whose current values are really in the message; very short values count only where the direction wants them."""
    direction = brief.direction
    wanted = {*direction.answer, *direction.volunteer, *direction.correct}
    return tuple(
        f.name
        for f in brief.ledger.facts
        if (f.name in wanted or len(f.value) >= _SHORTEST_VALUE) and f.disclose != "never" and contains(message, f.value)
    )

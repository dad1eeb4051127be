"""The phrase bank of one language: lines by speech act and register, with emotion variants.

A data module writes its lines one a row; `(a|b|)` stands for alternatives and is expanded on first use.
Slots (`{value}`, `{name}`, ...) are filled by plain replacement, so that braces in authored text are harmless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from understudy.domain.errors import BadInput

__all__ = ["EMOTIONS", "LANGUAGES", "REGISTERS", "Bank", "Cell", "bank_for", "fill", "lines", "word_set"]

LANGUAGES: Final = ("en", "de", "es")
REGISTERS: Final = ("formal", "neutral", "casual", "slang")
EMOTIONS: Final = ("calm", "cheerful", "anxious", "confused", "frustrated", "angry", "hurried", "sad", "suspicious")

Cell = Mapping[str, tuple[str, ...]]
"""Lines by register; `any` holds those that fit every register."""

_CHOICE = re.compile(r"\(([^()]*)\)")


def lines(text: str) -> tuple[str, ...]:
    """One phrase a row; blank rows are left out."""
    return tuple(row.strip() for row in text.splitlines() if row.strip())


def word_set(text: str) -> frozenset[str]:
    """The words of a text, without order."""
    return frozenset(text.split())


def expand(template: str) -> tuple[str, ...]:
    """Every wording that `(a|b|)` alternatives stand for, in order."""
    pieces = _CHOICE.split(template)
    options = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return tuple("".join(words).replace("  ", " ").strip() for words in product(*options))


def fill(line: str, slots: Mapping[str, str]) -> str:
    """Replace each `{slot}`; a slot at the start of a sentence keeps its own capitals."""
    for slot, value in slots.items():
        line = line.replace("{" + slot + "}", value)
    return line


class Words(NamedTuple):
    """What else a language brings to wording: names of facts and the small words that rewriting needs."""

    facts: Mapping[str, tuple[str, ...]]
    """Idiomatic frames by fact name."""
    labels: Mapping[str, str]
    """What people call a fact."""
    starters: frozenset[str]
    """Words that lose their capital when something comes before them."""
    wish: str
    """Regular expression of the polite opening that short-spoken users leave out."""
    detail: str
    """Regular expression of the place where a sentence turns to details."""
    topic: str
    """Regular expression whose group 1 is what a sentence is about."""
    fillers: tuple[str, ...]
    homophones: Mapping[str, str]
    joiner: str
    """`and`, with which several things become one sentence."""
    run_on: tuple[str, ...]
    """Connectors of people who do not stop."""


class Bank:
    """All lines of one language, expanded cell by cell and kept."""

    def __init__(self, language: str, acts: Mapping[str, Cell], words: Words) -> None:
        self.language, self.acts, self.words = language, acts, words
        self.wish = re.compile(words.wish, re.IGNORECASE)
        self.detail = re.compile(words.detail, re.IGNORECASE)
        self.topic = re.compile(words.topic, re.IGNORECASE)
        self._cells: dict[tuple[str, str], tuple[str, ...]] = {}

    def lines(self, act: str, register: str) -> tuple[str, ...]:
        """Every wording of `act` in `register`; empty when the bank has no such act."""
        key = (act, register)
        found = self._cells.get(key)
        if found is None:
            cell = self.acts.get(act, {})
            templates = (*cell.get(register, ()), *cell.get("any", ()))
            found = self._cells[key] = tuple(dict.fromkeys(line for t in templates for line in expand(t)))
        return found

    def size(self) -> int:
        """How many different wordings the bank holds, frames for facts included."""
        known = {(act, line) for act in self.acts for register in REGISTERS for line in self.lines(act, register)}
        return len(known) + sum(len(frames) for frames in self.words.facts.values())


def bank_for(tag: str) -> Bank:
    """The bank of a language tag (`de`, `de-AT`). Raises BadInput for a language that has none."""
    return _load(tag[:2])


@lru_cache(maxsize=8)
def _load(language: str) -> Bank:
    # Imported here, so that a run in one language never pays for the others.
    if language == "en":
        from understudy.simulation.wording import en

        return Bank(language, en.ACTS, en.WORDS)
    if language == "de":
        from understudy.simulation.wording import de

        return Bank(language, de.ACTS, de.WORDS)
    if language == "es":
        from understudy.simulation.wording import es

        return Bank(language, es.ACTS, es.WORDS)
    raise BadInput(
        "persona.language",
        f"the rules player does not speak `{language}`; it speaks {', '.join(LANGUAGES)}",
        "Set the persona's language to one of these, or use the player `script` with lines of your own",
    )

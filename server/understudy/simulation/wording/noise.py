"""Seeded surface noise: slips of the keyboard, capitals, fillers, fragments, misheard words, interruptions.

It works on protected text (see spans.py), so that digits, dates, addresses and the values of facts stay as they are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Final

from understudy.domain.persona import Noise

__all__ = ["fillers", "fragments", "misheard", "noisy", "restarts", "shouted", "typos"]

_WORD = re.compile(r"[^\W\d_\U000f0000-\U000ffffd]{4,}")
_GAP = re.compile(r"(?<=[\w,\U000f0000-\U000ffffd]) (?=[\w\U000f0000-\U000ffffd])")
_STOP = re.compile(r"[.,!?:;\n\U000f0000-\U000ffffd]")
_BREAK = re.compile(r",\s+|\s+(?=(?:and|but|because|so|und|aber|weil|y|pero|porque)\s)")
_QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_QWERTZ = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")
_PER_WORD = 0.2
"""Share of words with a slip at `typos: 1`; more would be unreadable, and people do not type like that."""


def _neighbours(rows: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for r, row in enumerate(rows):
        for i, key in enumerate(row):
            around = row[max(0, i - 1) : i] + row[i + 1 : i + 2]
            around += rows[r + 1][max(0, i - 1) : i + 1] if r + 1 < len(rows) else ""
            found[key] = around
    return found


_KEYS: Final = {"en": _neighbours(_QWERTY), "es": _neighbours(_QWERTY), "de": _neighbours(_QWERTZ)}


def typos(text: str, share: float, language: str, rng: random.Random) -> str:
    """Slips inside longer words: a neighbouring key, two letters swapped, one doubled or dropped. The first letter stays."""
    keys = _KEYS[language]

    def slip(m: re.Match[str]) -> str:
        word = m.group()
        return _slip(word, keys, rng) if rng.random() < share * _PER_WORD else word

    text = _WORD.sub(slip, text)
    if text[-1:] == "." and rng.random() < share * 0.6:
        text = text[:-1]
    return text[:1].lower() + text[1:] if rng.random() < share * 0.4 else text


def _slip(word: str, keys: Mapping[str, str], rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0 and (near := keys.get(word[at].lower())):
        return word[:at] + rng.choice(near) + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1 :]


def fillers(text: str, share: float, words: tuple[str, ...], rng: random.Random) -> str:
    """Hesitations at the start and between words, three at most."""
    room = 3

    def hesitate(m: re.Match[str]) -> str:
        nonlocal room
        if room == 0 or rng.random() >= share * 0.22:
            return m.group()
        room -= 1
        before = "" if text[m.start() - 1] == "," else ","
        return f"{before} {rng.choice(words)}, "

    if rng.random() < share * 0.55:
        room -= 1
        first = rng.choice(words)
        head = text[:1].lower() + text[1:] if text[1:2].islower() and text[:1].isascii() and not text.startswith("I ") else text
        return f"{first[0].upper()}{first[1:]}, {_GAP.sub(hesitate, head)}"
    return _GAP.sub(hesitate, text)


def fragments(text: str, share: float, rng: random.Random) -> str:
    """Sentences broken up where they turn, as people do who send what they have."""

    def break_up(m: re.Match[str]) -> str:
        return rng.choice((". ", "... ", "\n", ". ")) if rng.random() < share * 0.7 else m.group()

    broken = _BREAK.sub(break_up, text)
    return broken[:-1] if broken.endswith(".") and rng.random() < share * 0.6 else broken


def misheard(text: str, share: float, words: Mapping[str, str], rng: random.Random) -> str:
    """Words that a listening machine takes for others that sound alike."""

    def mishear(m: re.Match[str]) -> str:
        found = m.group()
        new = words.get(found.lower())
        if new is None or rng.random() >= share * 0.6:
            return found
        return new[0].upper() + new[1:] if found[0].isupper() else new

    return re.sub(r"[^\W\d_\U000f0000-\U000ffffd]+", mishear, text)


def restarts(text: str, share: float, interruption: Callable[[], str], rng: random.Random) -> str:
    """A sentence begun twice, or broken off for something else in the room."""
    words = text.split(" ")
    roll = rng.random()
    if roll < share * 0.4 and len(words) > 5:
        at = rng.randrange(2, min(5, len(words) - 2))
        start = " ".join(words[:at])
        if start and start[-1].isalpha() and not _STOP.search(start):
            again = start[0].lower() + start[1:] if start[1:2].islower() else start
            return f"{start}- {again} {' '.join(words[at:])}"
    if roll > 1 - share * 0.4:
        return f"{text} {interruption()}" if rng.random() < 0.5 else f"{interruption()} {text}"
    return text


def shouted(text: str, share: float, rng: random.Random) -> str:
    """ALL CAPS: the whole message in `share` of all cases, else a word or two."""
    if rng.random() < share:
        return text.upper()
    return _WORD.sub(lambda m: m.group().upper() if rng.random() < share * 0.12 else m.group(), text)


def noisy(
    text: str,
    noise: Noise,
    language: str,
    rng: random.Random,
    small_words: tuple[str, ...],
    sounds: Mapping[str, str],
    interruption: Callable[[], str],
) -> str:
    """Protected text with a persona's noise laid over it; capitals are left to the caller."""
    if noise.misheard:
        text = misheard(text, noise.misheard, sounds, rng)
    if noise.fragments:
        text = fragments(text, noise.fragments, rng)
    if noise.fillers:
        text = fillers(text, noise.fillers, small_words, rng)
    if noise.interruptions:
        text = restarts(text, noise.interruptions, interruption, rng)
    if noise.typos:
        text = typos(text, noise.typos, language, rng)
    return text

"""A persona's voice laid over the sentences of a query: opening, mood, order, length, register and surface noise."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from understudy.domain.persona import Persona
from understudy.queries import wording
from understudy.text.words import content_words

__all__ = ["Substance", "sentences", "voiced"]

LONGEST_SENTENCE = 300

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Substance:
    """What a query says, before anybody says it."""

    situation: tuple[str, ...]
    """Sentences that tell what happened."""
    ask: str
    """The question or request."""
    leans: bool
    """The question makes no sense without the situation (`Can you stop it?`)."""
    term: str | None
    """A remark that names something of the company's."""
    language: str


def sentences(text: str) -> list[str]:
    """The sentences of `text`, none longer than a query bears."""
    return [s for s in (part.strip() for part in _SENTENCE_END.split(text)) if s and len(s) <= LONGEST_SENTENCE]


def voiced(substance: Substance, persona: Persona | None, rng: random.Random) -> tuple[str, str]:
    """`substance` as `persona` would put it, plainly when there is none; and the same without what only dresses it up."""
    if persona is None:
        plain = " ".join(_plain_order(substance, rng))
        return plain, plain
    core = _core(substance, persona, rng)
    text = _joined(_parts(core, substance.language, persona, rng), persona, rng)
    return _noisy(_in_register(text, persona, substance.language), persona, substance.language, rng), " ".join(core)


def _plain_order(substance: Substance, rng: random.Random) -> list[str]:
    told = [*substance.situation, substance.ask] if rng.random() < 0.7 else [substance.ask, *substance.situation]
    return [*told, *([substance.term] if substance.term else [])]


def _parts(core: list[str], language: str, persona: Persona, rng: random.Random) -> list[str]:
    """The core with what this person puts around it."""
    if persona.style == "terse":
        return core
    mood = _pick(wording.MOODS, language, persona.emotion, rng, 0.7)
    opener = _pick(wording.OPENERS, language, persona.register_, rng, 0.6)
    closer = _closer(persona, language, rng)
    aside = _aside(persona, language, rng, 0.9 if persona.style in ("verbose", "rambling") else 0.3)
    middle = [*core[:1], *aside, *core[1:]] if persona.style == "rambling" else [*aside, *core]
    told = [*mood, *middle] if rng.random() < 0.7 else [*middle, *mood]
    if opener and opener[0].endswith(",") and told:
        opener[0], told[0] = _greeted(opener[0], told[0], language, ours=told[0] in mood)
    return [*opener, *told, *closer]


def _greeted(greeting: str, sentence: str, language: str, *, ours: bool) -> tuple[str, str]:
    """Both as they go together: `sentence` begins low after the comma. Where its first word may be a name, the greeting
    ends with a full stop instead; words of our own (`ours`) hold no names."""
    first = sentence.split(" ", 1)[0]
    if language == "en" and re.match(r"I\b", first):
        return greeting, sentence
    if not ours and (first.isupper() or content_words(first, language)):
        return f"{greeting[:-1]}.", sentence
    return greeting, sentence[:1].lower() + sentence[1:]


def _core(substance: Substance, persona: Persona, rng: random.Random) -> list[str]:
    situation, term = list(substance.situation), [substance.term] if substance.term else []
    if persona.clarity == "vague" and situation:
        return [*situation[:1], rng.choice(wording.HELP[substance.language])]
    if substance.leans and situation:
        return [*(situation[-1:] if persona.style == "terse" else situation), substance.ask, *term]
    if persona.style == "terse":
        return [min([*situation, substance.ask], key=len), *term] if rng.random() < 0.5 else [substance.ask, *term]
    if persona.clarity == "partial" or "leaves_things_out" in persona.traits:
        situation, term = (situation[:1], []) if rng.random() < 0.5 else ([], term)
    told = [*situation, substance.ask, *term]
    return told if rng.random() < 0.7 else [substance.ask, *situation, *term]


def _pick(bank: wording.Bank, language: str, key: str, rng: random.Random, chance: float) -> list[str]:
    lines = bank[language].get(key, ())
    return [rng.choice(lines)] if lines and rng.random() < chance else []


def _closer(persona: Persona, language: str, rng: random.Random) -> list[str]:
    traits = [t for t in persona.traits if t in wording.CLOSERS[language]]
    return _pick(wording.CLOSERS, language, rng.choice(traits), rng, 0.7) if traits else []


def _aside(persona: Persona, language: str, rng: random.Random, chance: float) -> list[str]:
    """Something about themselves, from their profile: what makes two people with one problem write two queries."""
    lines = sentences(persona.profile)
    if not lines or rng.random() >= chance:
        return []
    line = rng.choice(lines)
    return [f"{rng.choice(wording.ASIDES[language])} {line}" if rng.random() < 0.3 else line]


def _joined(parts: list[str], persona: Persona, rng: random.Random) -> str:
    if persona.style == "fragmented" or rng.random() < persona.noise.fragments:
        return " ... ".join(p.rstrip(".,:") for p in parts)
    return " ".join(parts)


def _in_register(text: str, persona: Persona, language: str) -> str:
    if persona.register_ == "formal" and language == "en":
        for short, long in wording.LONG_FORMS.items():
            text = re.sub(rf"\b{short}\b", long, text.replace("’", "'"))
        return text
    # People who write casually start low and leave out the last full stop.
    return text[:1].lower() + text[1:].removesuffix(".") if persona.register_ == "slang" else text


def _noisy(text: str, persona: Persona, language: str, rng: random.Random) -> str:
    noise = persona.noise
    words = text.split(" ")
    words = [_with_typo(w, rng) if rng.random() < noise.typos * 0.15 else w for w in words]
    if len(words) > 4 and rng.random() < noise.fillers:
        at = rng.randrange(1, len(words))
        if words[at - 1][-1:].isalnum():
            words[at - 1 : at] = [f"{words[at - 1]},", f"{rng.choice(wording.FILLERS[language])},"]
    text = " ".join(words)
    return text.upper() if rng.random() < noise.caps * 0.5 else text


def _with_typo(word: str, rng: random.Random) -> str:
    """Two neighbouring letters swapped or one left out; words with digits and short ones stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    at = rng.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if rng.random() < 0.6 else word[:at] + word[at + 1 :]

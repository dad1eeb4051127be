"""From parts to one text: how a user joins sentences, by speech style and register."""

from __future__ import annotations

import re

from understudy.simulation.wording.authored import capital, flows, lower_first
from understudy.simulation.wording.voice import Voice

__all__ = ["joined"]

_GREETING = 4
"""Words up to which the text so far is a greeting, after which people do draw breath."""
_CONNECTED = re.compile(
    r"(?:and|but|so|or|also|anyway|oh|aber|und|oder|doch|also|na ja|ach|jedenfalls|y|pero|o|así que|además|en fin|bueno|ah)\b",
    re.IGNORECASE,
)
_POLITE_START = re.compile(r"^(?:well|so|ok so|okay so|also|bueno|pues|na ja),\s+", re.IGNORECASE)


def joined(voice: Voice, parts: list[str]) -> str:
    """The parts as one message."""
    parts = [p.strip() for p in parts if p and p.strip()]
    style = voice.persona.style
    if style == "rambling" and not voice.sharp:
        return _run_on(voice, parts)
    if style == "fragmented":
        return _fragmented(voice, parts)
    return " ".join(_tied(voice, parts))


def _tied(voice: Voice, parts: list[str]) -> list[str]:
    """Each part a sentence of its own; after a greeting's comma it goes on in lower case."""
    said: list[str] = []
    for part in parts:
        if said and said[-1].endswith(","):
            said.append(lower_first(part, voice.bank))
        else:
            said.append(part if voice.register == "slang" else capital(part))
    if said and said[-1].endswith(","):
        said[-1] = said[-1][:-1] + "."
    loose = voice.register in ("casual", "slang")
    last = len(said) - 1
    # People in a chat leave out the last full stop, but not those between sentences.
    return [s if s[-1] in ".!?,:…)" or (loose and i == last) else f"{s}." for i, s in enumerate(said)]


def _run_on(voice: Voice, parts: list[str]) -> str:
    """One thing after another without an end, with a digression here and there."""
    text = parts[0] if parts else ""
    for part in parts[1:]:
        runs = len(text.split()) > _GREETING and len(part.split()) > 2 and text[-1:] not in "?!:," and _runs_on(voice, part)
        if not voice.chance(0.6) or not runs:
            text = f"{text} {part}" if text[-1:] in ".!?,:…" else f"{text}. {part}"
            continue
        joiner = voice.rng.choice(voice.bank.words.run_on)
        if voice.chance(0.4):
            joiner = f", {voice.line('ramble')} "
        text = text.rstrip(".,… ") + joiner + lower_first(part, voice.bank)
    return capital(text)


def _runs_on(voice: Voice, part: str) -> bool:
    """Whether a part can follow a connector: no connector of its own, and no capital that it has to keep."""
    plain = voice.spans.restore(part)
    if _CONNECTED.match(plain):
        return False
    # A line that stands as it was written cannot be put in lower case any more.
    kept = plain[:1] != part[:1] and len(plain.split()) > 2
    return not (kept and plain[:1].isupper() and not plain.startswith(("I ", "I'"))) and flows(part, voice.bank)


def _fragmented(voice: Voice, parts: list[str]) -> str:
    """Bits, each sent as it came to mind."""
    text = ""
    for part in parts:
        bit = _POLITE_START.sub("", part).rstrip(".,")
        glue = voice.rng.choice(("\n", "... ", ". ", "\n")) if text else ""
        if text and text[-1] in "?!:," and glue[0] == ".":
            glue = " "
        text += glue + (bit if voice.chance(0.5) else lower_first(bit, voice.bank))
    return text

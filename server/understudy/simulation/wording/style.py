"""From parts to one text: how a user joins sentences, by speech style and register."""

from __future__ import annotations

import re

from understudy.simulation.wording.authored import capital, lower_first
from understudy.simulation.wording.voice import Voice

__all__ = ["joined"]

_GREETING = 4
"""Words up to which the text so far is a greeting, after which people do draw breath."""
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
    """Each part a sentence of its own; a part that a greeting's comma opens goes on in lower case."""
    said: list[str] = []
    for part in parts:
        if said and said[-1].endswith(","):
            said.append(part if part in voice.kept else lower_first(part, voice.bank))
        else:
            said.append(part if part in voice.kept or voice.register == "slang" else capital(part))
    if said and said[-1].endswith(","):
        said[-1] = said[-1][:-1] + "."
    return [s if s[-1] in ".!?,:…)" or voice.register in ("casual", "slang") or s in voice.kept else f"{s}." for s in _stopped(said)]


def _stopped(parts: list[str]) -> list[str]:
    """Short answers without a full stop get one when more comes after them, so that sentences do not run together."""
    return [p if i == len(parts) - 1 or p[-1] in ".!?,:…\n)" else f"{p}." for i, p in enumerate(parts)]


def _run_on(voice: Voice, parts: list[str]) -> str:
    """One thing after another without an end, with a digression here and there."""
    text = parts[0] if parts else ""
    for part in parts[1:]:
        runs = part not in voice.kept and len(text.split()) > _GREETING and len(part.split()) > 2 and text[-1:] not in "?!:,"
        if not voice.chance(0.6) or not runs:
            text = f"{text} {part}" if text[-1:] in ".!?,:…" else f"{text}. {part}"
            continue
        joiner = voice.rng.choice(voice.bank.words.run_on)
        if voice.chance(0.4):
            joiner = f", {voice.line('ramble')} "
        text = text.rstrip(".,… ") + joiner + lower_first(part, voice.bank)
    return capital(text)


def _fragmented(voice: Voice, parts: list[str]) -> str:
    """Bits, each sent as it came to mind."""
    bits = [p if p in voice.kept else _POLITE_START.sub("", p) for p in parts]
    text = ""
    for bit in bits:
        stripped = bit.rstrip(".,") if bit not in voice.kept else bit
        glue = voice.rng.choice(("\n", "... ", ". ", "\n")) if text else ""
        if text and text[-1] in "?!:," and glue[0] == ".":
            glue = " "
        text += glue + (stripped if bit in voice.kept or voice.chance(0.5) else lower_first(stripped, voice.bank))
    return text

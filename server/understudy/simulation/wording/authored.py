"""Rewriting lines that somebody wrote: shorter, vaguer, or fitted into a sentence."""

from __future__ import annotations

import random
import re

from understudy.simulation.wording.bank import Bank, word_set

__all__ = ["after", "bare", "capital", "cut", "first_sentence", "flows", "lower_first", "sentences", "short", "split_off", "topic_of"]

_ABBREVIATED = "".join(rf"(?<!\b{word}\.)" for word in ("[A-ZÄÖÜ]", "[DMS][rst]", "Mrs", "Sra", "Nr", "Prof"))
_END = re.compile(_ABBREVIATED + r"(?<=[.!?…])\s+(?=[\"'¿¡(]*[^\W\d_a-zäöüáéíóúñ])")
_TITLES = word_set("dr mr mrs ms sr sra srta don doña prof st")
_DANGLING = word_set(
    "know want need like have that this with been ask wonder wissen fragen möchte brauche habe dass sagen saber quiero necesito preguntar"
    " would could please bitte can will still about over really"
)
_DATIVE = ("meinem ", "einem ", "dem ", "unserem ", "meiner ", "einer ", "der ", "mein ")
_SIE = re.compile(r"(?:Sie|Ihnen|Ihre?[nmrs]?)\b")
"""Written with a capital within a sentence too."""
_SHORTEST_CUT = 4
"""Words that a cut line keeps at least."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its punctuation."""
    return [s for s in _END.split(text.strip()) if s]


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence and the rest."""
    parts = _END.split(text.strip(), maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def bare(text: str) -> str:
    """Without punctuation at the end and opening marks at the start."""
    return text.strip().rstrip(".!?,;:… ").lstrip("¿¡ ")


def capital(text: str) -> str:
    """With a capital at the start, behind opening marks too."""
    for i, char in enumerate(text):
        if char.isalpha():
            return text[:i] + char.upper() + text[i + 1 :]
        if char not in "¿¡\"'(":
            break
    return text


def lower_first(text: str, bank: Bank) -> str:
    """Without the capital of a sentence's start, where the language lets it go: not `I`, not names, not German nouns."""
    head = text.lstrip("¿¡")
    lead = text[: len(text) - len(head)]
    word = re.split(r"[\s,.'’:;!?]", head, maxsplit=1)[0]
    low = word.lower()
    if not word or word.isupper() or word[1:] != low[1:]:
        return text
    if low not in bank.words.starters and (bank.language == "de" or _is_named(low, head[len(word) :])):
        return text
    return lead + head[0].lower() + head[1:]


def _is_named(word: str, rest: str) -> bool:
    """Whether a word looks like a title, an abbreviation or the first part of a name."""
    if word in _TITLES or (len(word) < 4 and rest[:1] == "."):
        return True
    return rest[:1] == " " and rest[1:2].isupper() and not rest[1:].startswith(("I ", "I'"))


def after(lead: str, text: str, bank: Bank) -> str:
    """`lead` (it ends in a comma, a colon or a word) and `text` as one sentence, or as two where `text` needs its capital."""
    if not lead:
        return text
    if lead[-1] in ".!?":
        return f"{lead} {text}"
    if lead[-1] == ",":
        lead, text = split_off(lead, text, bank)
        return f"{lead} {text}"
    return f"{lead} {lower_first(text, bank)}"


def split_off(lead: str, text: str, bank: Bank) -> tuple[str, str]:
    """A lead-in that ends in a comma, and a text to follow it: with a full stop instead where the text keeps its capital."""
    if flows(text, bank):
        return lead, lower_first(text, bank)
    return f"{lead[:-1]}.", text


def flows(text: str, bank: Bank) -> bool:
    """Whether a text can go on within a sentence: its first letter may be small, or is a capital for good."""
    if bank.language != "de":
        return True
    low = lower_first(text, bank)
    return not low[:1].isupper() or _SIE.match(low) is not None


def short(text: str, bank: Bank) -> str:
    """Without the polite opening: `I'd like to change my seat` is `Change my seat`."""
    head, rest = first_sentence(text)
    trimmed = bank.wish.sub("", head, count=1)
    if trimmed == head or len(trimmed.split()) < 2:
        return text
    return " ".join(filter(None, (capital(trimmed), rest)))


def cut(text: str, bank: Bank, rng: random.Random) -> str:
    """With the last details left out; the same text when there is no place to cut."""
    head, rest = first_sentence(text)
    ends = [m.start() for m in bank.detail.finditer(head) if _may_end(head[: m.start()])]
    if not ends:
        return head if rest else text
    kept = head[: rng.choice(ends)]
    question = head.rstrip().endswith("?")
    return bare_end(kept) + ("?" if question else ".")


def bare_end(text: str) -> str:
    """Without punctuation at the end only."""
    return text.rstrip(".!?,;:… ")


def _may_end(kept: str) -> bool:
    words = kept.split()
    return len(words) >= _SHORTEST_CUT and len(words[-1]) > 3 and words[-1].lower().strip(",.") not in _DANGLING


def topic_of(text: str, bank: Bank) -> str | None:
    """What a line is about, in a few words of its own (`my appointment`), or None."""
    found = bank.topic.search(text)
    if found is None:
        return None
    topic = found.group(1)
    if bank.language == "de" and topic.lower().startswith(_DATIVE):
        return None
    return topic[0].lower() + topic[1:]

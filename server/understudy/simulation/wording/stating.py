"""Saying facts: answers, volunteered facts, corrections, choices, and what the user will not or cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from understudy.domain.conversation import Act
from understudy.simulation.wording.authored import after, bare, capital, sentences
from understudy.simulation.wording.bank import fill
from understudy.simulation.wording.naming import common_name
from understudy.simulation.wording.spans import contains
from understudy.simulation.wording.voice import Voice

__all__ = ["affirmation", "answers", "choice", "corrections", "unsaid", "volunteered"]

_LONG_VALUE = 5
"""Words from which on a value is a sentence of its own."""
_OPEN = re.compile(
    r"\b(?:what|which|when|where|who|how|why|was|wann|wo|welche[rsnm]?|wer|wem|wen|wie|warum|wieso|qué|cuál(?:es)?|cuándo|cuánt[oa]s?|dónde"
    r"|quién(?:es)?|cómo)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"\W*(?:(?:and|so|und|also|dann|y|entonces|please|bitte|por favor),?\s+)?"
    r"(?:can|could|would|will|may|might|do|does|did|is|are|have|has|shall"
    r"|könn\w+|kann\w*|darf|dürf\w+|würde\w*|möchten|haben|hast|ist|sind|sagen|geben|nennen|verraten|wollen"
    r"|puede\w*|podría\w*|me (?:puede|podría|dice|da)"
    r"|quiere\w*|es|está\w*|tiene\w*|hay)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:yes|yep|yeah|ye|sure|oh sure|of course|right|alright|alr|ok|k|certainly|gladly|naturally|by all means"
    r"|ja|jo|joa|klar|natürlich|gern"
    r"|sehr gern|sicher|selbstverständlich|gewiss|sí|si|sip|claro|por supuesto|vale|con mucho gusto|cómo no|desde luego|naturalmente)\b",
    re.IGNORECASE,
)
"""Lead-ins that say yes."""
_OPTION = "{option}"
_CONNECTING = re.compile(r"^(?:or|and|either|oder|und|entweder|o|y|u)\s+", re.IGNORECASE)


def affirmation(voice: Voice) -> list[str]:
    """Yes or no, as fits what was asked."""
    affirm = voice.direction.affirm
    if affirm is None:
        return []
    if voice.heard(Act.ASKS_TO_CONFIRM):
        return [voice.line("yes_confirm" if affirm else "no_confirm")]
    if voice.heard(Act.OFFERS_MORE):
        return [voice.line("yes_more" if affirm else "no_more")]
    return [voice.line("yes" if affirm else "no")]


# ---------------------------------------------------------------- facts


def answers(voice: Voice) -> list[str]:
    """The facts that the agent asked for."""
    known = [n for n in dict.fromkeys(voice.direction.answer) if voice.value(n) is not None]
    if not known:
        return []
    said = _several(voice, known) if len(known) > 1 else [_statement(voice, known[0], alone=True)]
    if voice.direction.change_mind and not voice.direction.bring_up and voice.direction.choose is None and not voice.sharp:
        said[0] = after(_hesitation(voice), said[0], voice.bank)
    else:
        share = 0.15 + 0.7 * voice.talk
        said[0] = voice.lead("answer_lead", said[0], share, unless=_YES if _asked_openly(voice.theirs) else None)
    return said


def _asked_openly(theirs: str) -> bool:
    """Whether an agent's last question is one that cannot be answered with yes: `which day?`, but not `could you tell me which day?`."""
    asked = [s for s in sentences(theirs) if s.endswith("?")]
    return bool(asked) and _OPEN.search(asked[-1]) is not None and _YES_OR_NO.match(asked[-1]) is None


def volunteered(voice: Voice, *, beside: str = "") -> list[str]:
    """Facts unasked, but for those that are in `beside`, the message so far."""
    unasked = [n for n in dict.fromkeys(voice.direction.volunteer) if n not in voice.direction.answer]
    names = [n for n in unasked if (value := voice.value(n)) is not None and not contains(beside, value)]
    if not names:
        return []
    said = _several(voice, names) if len(names) > 1 else [_statement(voice, names[0], alone=False)]
    said[0] = voice.lead("volunteer_lead", said[0], 0.6 * voice.talk)
    return said


def _several(voice: Voice, names: list[str]) -> list[str]:
    """Several facts, each recognisable; the curt run them together."""
    if voice.curt and voice.chance(0.6):
        return [capital(", ".join(_labelled(voice, n) if _needs_label(n) else voice.say(n) for n in names)) + "."]
    return [_statement(voice, n, alone=False) for n in names]


def _needs_label(name: str) -> bool:
    return common_name(name) not in ("name", "date_of_birth", "email", "phone", "address")


def _labelled(voice: Voice, name: str) -> str:
    return f"{voice.label(name)} {voice.say(name)}"


def _statement(voice: Voice, name: str, *, alone: bool) -> str:
    """One fact as a sentence. `alone`: it answers a question, so that the value by itself will do."""
    value, said = voice.value(name) or "", voice.say(name)
    slots = {**voice.names(name), "value": said}
    if len(value.split()) > _LONG_VALUE or value[-1:] in ".!?":
        plain = said if value[-1:] in ".!?" else f"{said}."
        return plain if alone or voice.curt else f"{slots['Name']}: {plain}"
    if alone and voice.curt and voice.chance(0.5 + 0.1 * voice.level):
        return f"{said}."
    frames = _frames(voice, name)
    if frames and voice.chance(0.6 if alone else 0.8):
        return fill(voice.rng.choice(frames), slots)
    return voice.line("answer_one" if alone else "answer_named", **slots)


def _frames(voice: Voice, name: str) -> tuple[str, ...]:
    common = common_name(name)
    frames = voice.bank.words.facts.get(common, ()) if common else ()
    if voice.register == "formal":
        return tuple(f for f in frames if "'" not in f)
    if voice.sharp:
        return tuple(sorted(frames, key=len)[:2])
    return frames


def _hesitation(voice: Voice) -> str:
    """A start that is taken back before the answer."""
    act = "mind_back" if voice.chance(0.5) else "mind_no"
    return capital(voice.line(act))


def unsaid(voice: Voice) -> list[str]:
    """What the user will not say, and what they do not know. Never a value."""
    direction = voice.direction
    asked = dict.fromkeys(direction.answer)
    withheld = [*direction.withhold, *(n for n in asked if voice.withheld(n))]
    unknown = [*direction.admit_unknown, *(n for n in asked if voice.value(n) is None and not voice.withheld(n))]
    said = [voice.line("withhold", **voice.names(n)) for n in dict.fromkeys(withheld)]
    said += [voice.line("unknown", **voice.names(n)) for n in dict.fromkeys(unknown)]
    if unknown and voice.persona.skill != "average" and voice.chance(0.65):
        said.append(voice.line(f"unknown_{voice.persona.skill}"))
    return said


# ---------------------------------------------------------------- corrections and choices


def corrections(voice: Voice) -> list[str]:
    """Facts that the agent has wrong, put right."""
    said: list[str] = []
    for name in dict.fromkeys(voice.direction.correct):
        value = voice.value(name)
        if value is None:
            continue
        old = _wrong_value(voice, name, value)
        slots = {**voice.names(name), "value": voice.say(name)}
        said.append(voice.line("correct", **slots, old=voice.spans.keep(old)) if old else voice.line("correct_new", **slots))
    return said


def _wrong_value(voice: Voice, name: str, value: str) -> str | None:
    """What the agent said instead: an old value that is in its words, or one of the same shape."""
    entry = voice.brief.ledger.fact(name)
    olds: Iterable[str] = reversed(entry.old_values) if entry else ()
    found = next((old for old in olds if contains(voice.theirs, old)), None)
    if found is not None or not any(c.isdigit() for c in value) or len(value) < 4:
        return found
    return next((m for m in re.findall(_shape(value), voice.theirs) if m.lower() != value.lower()), None)


@lru_cache(maxsize=512)
def _shape(value: str) -> str:
    """A pattern of values that look alike: as many digits, words where there are words, the same signs between them."""
    runs = re.findall(r"\d+|[^\W\d_]+|[\W_]", value)
    return r"(?<!\w)" + "".join(map(_run_shape, runs)) + r"(?!\w)"


def _run_shape(run: str) -> str:
    if run.isdigit():
        return r"\d{1,2}" if len(run) < 3 else rf"\d{{{len(run)}}}"
    return r"[^\W\d_]{3,}" if run.isalpha() and len(run) > 2 else re.escape(run)


def choice(voice: Voice) -> list[str]:
    """The option taken, in the agent's words."""
    if voice.direction.choose is None:
        return []
    option = _cleaned(voice.direction.choose)
    said = voice.line("choose", option=_OPTION)
    # A sentence may begin with it; anywhere else it stays as the agent wrote it.
    said = said.replace(_OPTION, voice.spans.keep(capital(option) if said.startswith(_OPTION) else option))
    if voice.direction.change_mind and not voice.direction.bring_up and (other := _another(voice, option)) is not None:
        first = bare(voice.line("choose", option=voice.spans.keep(other)))
        said = f"{first}, {after(voice.line('mind_back'), said, voice.bank)}"
    return [capital(said)]


def _another(voice: Voice, option: str) -> str | None:
    heard = voice.brief.heard
    others = [o for o in map(_cleaned, heard.options if heard else ()) if o and o.lower() != option.lower()]
    return voice.rng.choice(others) if others else None


def _cleaned(option: str) -> str:
    return _CONNECTING.sub("", option.strip()).strip(" .,;:?!") or option.strip()

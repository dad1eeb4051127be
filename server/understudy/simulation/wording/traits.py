"""Habits as words: what traits, emotion, skill and style add before and after the point of a message."""

from __future__ import annotations

import re

from understudy.domain.conversation import Act
from understudy.simulation.wording.asking import core_of, settled, settled_values
from understudy.simulation.wording.authored import after, sentences, split_off
from understudy.simulation.wording.voice import SHARP, Voice

__all__ = ["aside", "before", "frustration", "remarks", "saying", "starts"]

_GOOD_MOODS = ("calm", "cheerful")
_PARTING = re.compile(
    r"\b(?:thanks?|thank you|cheers|great|perfect|bye|finally|danke|super|endlich|tschüss|perfekt|gracias|genial|perfecto|adiós|por fin)\b",
    re.IGNORECASE,
)


def frustration(voice: Voice) -> list[str]:
    """Annoyance that shows: long-winded at first, a word or two in the end."""
    if not voice.direction.show_frustration:
        return []
    degree = "mild" if voice.level < SHARP else "firm" if voice.level == SHARP else "sharp"
    return [voice.line(f"frustrated_{degree}")]


def before(voice: Voice) -> list[str]:
    """A remark in front of everything else: an interruption, an apology, sarcasm."""
    said: list[str] = []
    if _pleased(voice) and voice.chance(0.35 if voice.persona.emotion == "cheerful" else 0.12):
        said.append(voice.line(f"mid.{voice.persona.emotion}"))
    if voice.is_("sarcastic") and voice.chance(0.6 if voice.setback or voice.level > 1 else 0.15):
        said.append(voice.line("sarcastic"))
    return said


def _pleased(voice: Voice) -> bool:
    """A good mood, and news that does not spoil it."""
    good = voice.persona.emotion in _GOOD_MOODS and voice.heard(Act.CONFIRMS, Act.INFORMS, Act.OFFERS_OPTIONS)
    return good and not (voice.opening or voice.setback or voice.direction.show_frustration or voice.direction.correct)


def starts(voice: Voice) -> str:
    """A few words that open the first sentence, or nothing."""
    if voice.is_("interrupts") and not voice.opening and voice.chance(0.45):
        return voice.line("interrupts")
    if voice.is_("apologetic") and voice.level < 4 and voice.chance(0.55):
        return voice.line("sorry")
    return ""


# ---------------------------------------------------------------- after the point


def remarks(voice: Voice) -> list[str]:
    """Remarks after the point, as many as this user has breath for."""
    wanted = [act for act, share in _candidates(voice) if voice.chance(share)]
    room = 3 if voice.persona.style in ("verbose", "rambling") else 1 if voice.curt else 2
    return [line for act in wanted[:room] if (line := _remark(voice, act))]


def _candidates(voice: Voice) -> list[tuple[str, float]]:
    found = [*_pressing(voice), *_settled(voice)]
    if voice.sharp:
        return [(act, share * 0.6) for act, share in found if act in ("acknowledge", "compare", "why_no", "limits")]
    return found


def _pressing(voice: Voice) -> list[tuple[str, float]]:
    """Habits that want something of the agent."""
    found: list[tuple[str, float]] = []
    direction = voice.direction
    refused = voice.heard(Act.REFUSES, Act.NO_OPTIONS, Act.REDIRECTS)
    if voice.is_("wants_acknowledgement"):
        found.append(("acknowledge", 0.6 if voice.level or voice.setback else 0.25))
    if voice.is_("asks_why"):
        asked = bool(direction.answer or direction.withhold or direction.admit_unknown)
        found.append(("why_no", 0.75) if refused else ("why_ask", 0.5 if asked else 0.0))
    if voice.is_("tests_limits"):
        found.append(("limits", 0.75 if refused else 0.2 if not voice.opening else 0.0))
    if voice.is_("compares_with_others"):
        found.append(("compare", 0.35))
    checks_already = any(g.id in direction.ask_again and g.status == "met" for g in voice.brief.ledger.goals)
    if voice.is_("double_checks") and voice.heard(Act.CONFIRMS) and not checks_already:
        found.append(("check", 0.45))
    if voice.is_("repeats_themselves"):
        found.append(("repeat", 0.5))
    return found


def _settled(voice: Voice) -> list[tuple[str, float]]:
    """Moods and manners."""
    persona = voice.persona
    found: list[tuple[str, float]] = []
    good = persona.emotion in _GOOD_MOODS
    if voice.opening:
        found.append((f"open.{persona.emotion}", (0.12 if good else 0.35) + 0.35 * voice.talk * (0.3 if persona.emotion == "calm" else 1)))
    elif not good:
        found.append((f"mid.{persona.emotion}", 0.14 + 0.25 * voice.talk))
    if voice.is_("polite"):
        found.append(("polite", 0.5 if voice.opening or voice.direction.ask_again or voice.direction.bring_up else 0.2))
    if voice.is_("chatty"):
        found.append(("chatty", 0.35))
    if persona.skill != "average":
        found.append((persona.skill, 0.35 if voice.opening else 0.1))
    if persona.style == "verbose" or (persona.style == "rambling" and voice.opening):
        found.append(("verbose", 0.75 if voice.opening else 0.4))
    if persona.style == "verbose" and not voice.opening:
        found.append(("chatty", 0.15))
    return found


def _remark(voice: Voice, act: str) -> str:
    if act == "check" and (sub := settled(voice)) is not None and (names := settled_values(voice, sub)):
        return voice.line("check_value", value=", ".join(map(voice.say, names)))
    if act != "repeat":
        return voice.line(act)
    core = core_of(voice)
    if core:
        return voice.line("repeat", core=core).replace("?.", "?")
    name = next((n for n in voice.direction.answer if voice.value(n) is not None), None)
    return voice.line("repeat", core=voice.say(name)) if name else ""


# ---------------------------------------------------------------- beside the point


def aside(voice: Voice) -> list[str]:
    """A remark beside the point: from the persona's own profile and sayings first, as they stand; then the bank's."""
    share = 1.0 if voice.direction.tangent else 0.3 * voice.persona.noise.tangents
    if voice.sharp and not voice.direction.tangent:
        share = 0.0
    if not voice.chance(share):
        return []
    profile = sentences(voice.persona.profile) if voice.at_home else []
    own = [t for t in (*profile, *_sayings(voice, parting=False)) if _unheard(voice, t)]
    lead = voice.line("aside_lead") if voice.chance(0.25 * voice.talk) else ""
    if voice.brief.attempt < 3 and own and voice.chance(0.85):
        text = voice.filled(voice.rng.choice(own))
        if lead.endswith(","):
            lead, text = split_off(lead, text, voice.bank)
        text = voice.keep(text)
    else:
        text = voice.line("aside")
    back = voice.line("aside_back") if voice.chance(0.35 * voice.talk) else ""
    return [s for s in (after(lead, text, voice.bank), back) if s]


def saying(voice: Voice, *, parting: bool) -> list[str]:
    """One of the persona's own lines, now and then: those that thank at the end, the others at the start."""
    own = [t for t in _sayings(voice, parting=parting) if _unheard(voice, t)]
    if not own or not voice.chance(0.35) or voice.brief.attempt > 2:
        return []
    return [voice.keep(voice.filled(voice.rng.choice(own)))]


def _sayings(voice: Voice, *, parting: bool) -> list[str]:
    return [s for s in voice.persona.sayings if bool(_PARTING.search(s)) == parting]


def _unheard(voice: Voice, text: str) -> bool:
    if voice.tells_too_much(text, unasked=True):
        return False
    low = text.lower().rstrip(".!?")
    return not any(low in m.lower() for m in voice.mine)

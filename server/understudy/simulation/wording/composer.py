"""From a stage direction to the text of one message: which parts, in which order, and the surface over them."""

from __future__ import annotations

import random

from understudy.domain.conversation import Act, Brief
from understudy.simulation.seeds import derive
from understudy.simulation.wording.asking import asks, complication, elaborates
from understudy.simulation.wording.authored import after, capital
from understudy.simulation.wording.dialect import accented, chatted, dialect_of, simplified
from understudy.simulation.wording.noise import noisy, shouted
from understudy.simulation.wording.spans import contains
from understudy.simulation.wording.stating import affirmation, answers, choice, corrections, unsaid, volunteered
from understudy.simulation.wording.style import joined
from understudy.simulation.wording.traits import aside, before, frustration, remarks, saying, starts
from understudy.simulation.wording.voice import Voice

__all__ = ["compose"]

_GREETS = {"plain": 0.92, "terse": 0.3, "verbose": 1.0, "rambling": 0.95, "fragmented": 0.45}


def compose(brief: Brief, attempt: int, retry: int) -> str:
    """The words of one message. Same arguments, same words."""
    # Who speaks is part of the choice: one seed over a whole library must not make everybody say the same.
    speaker = (brief.persona.name, brief.goal.steps[0].say)
    voice = Voice(brief, random.Random(derive(brief.seed, "rules", brief.number, attempt, f"words-{retry}", *speaker)))
    text = joined(voice, _parts(voice, retry))
    surface = random.Random(derive(brief.seed, "rules", brief.number, attempt, f"surface-{retry}", *speaker))
    return _surfaced(voice, text, surface)


def _parts(voice: Voice, retry: int) -> list[str]:
    """The message in its natural order: reaction, answers, news, wishes, asides, leave."""
    first = [*_reaction(voice), *before(voice)]
    start = starts(voice)
    voice.led = bool(start)
    point = [*affirmation(voice), *corrections(voice), *choice(voice), *answers(voice), *unsaid(voice)]
    point += [*complication(voice), *asks(voice)]
    point += volunteered(voice, beside=voice.spans.restore(" ".join(point)))
    leave = _leave(voice)
    if not (first or point or leave):
        point = _nothing_due(voice)
    if start and point:
        point[0] = capital(after(start, point[0], voice.bank))
    if retry > 3 and point:
        point.insert(0, voice.line("different"))
    beside = [] if leave else [*aside(voice), *remarks(voice)]
    return [*_greeting(voice), *first, *point, *beside, *leave]


def _greeting(voice: Voice) -> list[str]:
    if not voice.opening:
        return []
    persona = voice.persona
    share = _GREETS[persona.style] * (0.5 if voice.is_("blunt") else 1.0) * (0.7 if persona.emotion in ("angry", "hurried") else 1.0)
    if not voice.chance(share):
        return saying(voice, parting=False)
    safe = voice.at_home and not voice.tells_too_much(persona.company, unasked=True)
    said = [voice.line("greet_company", company=persona.company) if safe and voice.chance(0.22) else voice.line("greet")]
    if _may_sign_on(voice) and voice.chance(0.3 if voice.register != "formal" else 0.6):
        said.append(voice.line("sign_on", me=voice.keep(persona.name), first=voice.keep(persona.name.split()[0])))
    return [*said, *saying(voice, parting=False)]


def _may_sign_on(voice: Voice) -> bool:
    """A name is given unasked only when no fact holds it back, and nothing in this message gives it anyway."""
    me = voice.persona.name
    return not any(contains(f.value, word) or contains(me, f.value) for f in voice.brief.ledger.facts for word in (me, me.split()[0]))


def _reaction(voice: Voice) -> list[str]:
    """What the last answer does to the user."""
    said: list[str] = []
    direction = voice.direction
    if direction.thank and not voice.sharp:
        content = direction.move == "satisfied" and not voice.heard(Act.HANDS_OFF)
        said += (saying(voice, parting=True) if content else []) or [voice.line("thank")]
    if direction.not_understood:
        said.append(voice.line("wrong_language" if voice.heard(Act.WRONG_LANGUAGE) else "not_understood"))
    said += frustration(voice)
    return said


def _nothing_due(voice: Voice) -> list[str]:
    """A turn for which the direction names nothing: the user lets the agent go on, or explains a hint."""
    if voice.opening:
        return [voice.line("hint_blank")]
    if details := elaborates(voice):
        return details
    if voice.heard(Act.ASKS_OTHER, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS):
        return [voice.line("unsure")]
    return [voice.line("wait" if voice.heard(Act.STALLS) else "go_on")]


# ---------------------------------------------------------------- leaving


def _leave(voice: Voice) -> list[str]:
    """A trigger's words, or the words of a move that ends it."""
    direction = voice.direction
    if direction.trigger is not None and (words := _trigger_words(voice)):
        return [voice.keep(voice.filled(voice.rng.choice(words)))]
    if direction.trigger_action is not None:
        act = {"ask_for_human": "ask_human", "call_back_later": "call_back", "give_up": "give_up"}[direction.trigger_action]
        return [*_because(voice), voice.line(act)]
    parting = {"gave_up": "give_up", "asks_for_human": "ask_human", "will_call_back": "call_back", "out_of_scope": "out_of_scope"}.get(
        direction.move
    )
    if parting is not None:
        return [*_because(voice), voice.line(parting)]
    if direction.move != "satisfied":
        return []
    return [voice.line("handed_over")] if voice.heard(Act.HANDS_OFF) else _farewell(voice)


def _trigger_words(voice: Voice) -> list[str]:
    """The trigger's own words that were not said before."""
    found = next((t for t in voice.persona.triggers if t.id == voice.direction.trigger), None)
    words = [w for w in found.words if not voice.tells_too_much(w)] if found else []
    return [w for w in words if not any(w.lower() in m.lower() for m in voice.mine)]


def _because(voice: Voice) -> list[str]:
    """A last word of the mood they leave in."""
    emotion = voice.persona.emotion
    if voice.direction.show_frustration or emotion in ("calm", "cheerful") or not voice.chance(0.3 * voice.talk):
        return []
    return [voice.line(f"mid.{emotion}")]


def _farewell(voice: Voice) -> list[str]:
    mood = [voice.line(f"close.{voice.persona.emotion}")] if voice.chance(0.2 + 0.3 * voice.talk) else []
    # Who has just said that there is nothing more only says goodbye.
    last = "bye" if voice.direction.affirm is False and voice.heard(Act.OFFERS_MORE) else "satisfied"
    polite = [voice.line("thank")] if voice.is_("polite", "apologetic") and not voice.direction.thank else []
    own = [] if voice.direction.thank else saying(voice, parting=True)
    return [*own, *polite, *mood, voice.line(last)]


# ---------------------------------------------------------------- the surface


def _surfaced(voice: Voice, text: str, rng: random.Random) -> str:
    """Register, fluency, dialect and noise over the text; protected spans come through untouched."""
    persona, language, words = voice.persona, voice.bank.language, voice.bank.words
    values = [v for f in voice.brief.ledger.facts for v in (f.value, *f.old_values)]
    text = voice.spans.protect(text, [*values, persona.company])
    if voice.register == "slang":
        text = chatted(text, language, rng)
    elif voice.register == "casual" and rng.random() < 0.45:
        text = text[:-1] if text.endswith(".") else text
    if persona.fluency != "native":
        text = simplified(text, language, persona.fluency, rng)
    if (dialect := dialect_of(persona.dialect, persona.language)) is not None:
        text = accented(text, dialect, rng)
    noise = persona.noise
    text = noisy(text, noise, language, rng, words.fillers, words.homophones, lambda: voice.line("interruption"))
    text = _loud(voice, text, rng)
    if text.isupper():
        voice.spans.shout(values)
    return voice.spans.restore(text).strip()


def _loud(voice: Voice, text: str, rng: random.Random) -> str:
    upset = voice.direction.show_frustration or voice.level >= voice.persona.frustration_threshold
    if upset and voice.is_("all_caps_when_upset"):
        return text.upper()
    share = voice.persona.noise.caps
    return shouted(text, share, rng) if share else text

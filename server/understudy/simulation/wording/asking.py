"""Bringing up what the user wants: hints first, details later, asked again in other words, wishes taken back midway."""

from __future__ import annotations

import re

from understudy.domain.conversation import Act
from understudy.domain.goal import Complication, SubGoal
from understudy.simulation.ledger import all_subgoals
from understudy.simulation.wording.authored import after, bare, capital, cut, first_sentence, lower_first, short, topic_of
from understudy.simulation.wording.spans import contains
from understudy.simulation.wording.voice import Voice
from understudy.text.similarity import similarity

__all__ = ["asks", "complication", "core_of", "elaborates", "open_step", "settled", "settled_values"]

_INTERJECTION = re.compile(
    r"\W*(?:oh|ah|ach|ay|uy|uf|ugh|wait|hold on|hang on|actually|sorry|warte|moment|espera|espere|perdón)\b", re.IGNORECASE
)
_IN_PASSING = 4
"""Words up to which a value goes into a question."""
_SAME = 0.7
"""Similarity from which on two lines say the same."""
_OVERLAP = 0.5
"""Share of a sub-goal's words in a complication that says it already."""


def asks(voice: Voice) -> list[str]:
    """Sub-goals asked again, then those brought up for the first time."""
    said: list[str] = []
    for id in dict.fromkeys(voice.direction.ask_again):
        if (sub := _subgoal(voice, id)) is not None:
            said.extend(_again(voice, sub))
    repeated = voice.direction.ask_again
    fresh = [sub for id in dict.fromkeys(voice.direction.bring_up) if id not in repeated and (sub := _subgoal(voice, id)) is not None]
    fresh = [sub for sub in fresh if not _said_by_complication(voice, sub)]
    lines = [_first_time(voice, sub, changing=voice.direction.change_mind and i == 0) for i, sub in enumerate(fresh)]
    if voice.is_("bundles_questions") and len(lines) > 1:
        return [*said, _bundled(voice, lines)]
    for i, line in enumerate(lines):
        lead = voice.opening and i == 0
        share = 0.15 + 0.55 * voice.talk if lead else 0.75 - 0.1 * voice.level
        if not lead:
            voice.led = False
        said.append(voice.lead("open_lead" if lead else "also", line, share))
    return said


def complication(voice: Voice) -> list[str]:
    """What has come up, in its author's words."""
    found = _complication(voice)
    if found is None or voice.tells_too_much(found.say):
        return []
    share = 0.0 if _INTERJECTION.match(found.say) else 0.25 + 0.5 * voice.talk
    return [voice.lead("complication_lead", voice.filled(found.say), share)]


def core_of(voice: Voice) -> str | None:
    """The wish in a few words, for those who say things twice."""
    id = next(iter((*voice.direction.ask_again, *voice.direction.bring_up)), None)
    sub = _subgoal(voice, id) if id else None
    if sub is None:
        return None
    say = _current(voice, sub.say)
    if voice.tells_too_much(sub.say):
        return None
    return _core(voice, say) + ("?" if first_sentence(say)[0].endswith("?") else "")


def _core(voice: Voice, say: str) -> str:
    return bare(lower_first(short(first_sentence(say)[0], voice.bank), voice.bank))


def open_step(voice: Voice) -> SubGoal | None:
    """The first step that was brought up and is not settled."""
    entry = next((g for g in voice.brief.ledger.goals if not g.side and g.status in ("asked", "attempted")), None)
    return _subgoal(voice, entry.id) if entry else None


def settled_values(voice: Voice, sub: SubGoal) -> tuple[str, ...]:
    """Names of the facts that say how a sub-goal was settled: told, and short enough to say in passing."""
    told = {f.name for f in voice.brief.ledger.facts if f.said_at is not None}
    return tuple(n for n in sub.needs if n in told and (value := voice.value(n)) is not None and len(value.split()) <= _IN_PASSING)[:2]


def settled(voice: Voice) -> SubGoal | None:
    """The sub-goal that the last reply confirmed."""
    heard = voice.brief.heard
    return next((sub for id in (heard.met if heard else ()) if (sub := _subgoal(voice, id)) is not None), None)


def elaborates(voice: Voice) -> list[str]:
    """The whole wish, for an agent that asks about a hint; empty when it was said whole."""
    sub = open_step(voice)
    if (
        sub is None
        or not (_veiled(voice) or (len(voice.mine) == 1 and _only_outlined(voice, sub)))
        or _told(voice, sub.id) != 1
        or voice.tells_too_much(_wording(voice, sub))
    ):
        return []
    return [voice.lead("elaborate", _current(voice, _wording(voice, sub)), 0.8)]


# ---------------------------------------------------------------- where the words come from


def _subgoal(voice: Voice, id: str) -> SubGoal | None:
    goal = voice.brief.goal
    added = (c.adds for c in goal.complications if c.adds is not None)
    found = next((s for s in (*goal.steps, *goal.side, *added) if s.id == id), None)
    if found is None and id.startswith("side-"):
        return all_subgoals(voice.persona, goal, voice.brief.ledger).get(id)
    return found


def _wording(voice: Voice, sub: SubGoal) -> str:
    """A persona that plays its own goal opens with the first step in its own words; from then on the goal's own words count."""
    return voice.persona.intents.primary if not voice.mine and _opens_in_own_words(voice, sub) else sub.say


def _opens_in_own_words(voice: Voice, sub: SubGoal) -> bool:
    persona, goal = voice.persona, voice.brief.goal
    return goal.id in (persona.goal, f"{persona.id}-primary"[:64]) and sub.id == goal.steps[0].id


def _only_outlined(voice: Voice, sub: SubGoal) -> bool:
    """Whether all that was said of it is the persona's primary intent, which says it otherwise than the goal."""
    if not voice.mine or not _opens_in_own_words(voice, sub) or similarity(voice.persona.intents.primary, sub.say) >= _SAME:
        return False
    said = bare(voice.spans.restore(_current(voice, sub.say))).lower()
    return not any(said in m.lower() for m in voice.mine)


def _current(voice: Voice, text: str) -> str:
    """The line with values that a complication has replaced brought up to date."""
    for fact in voice.brief.ledger.facts:
        if fact.old_values and fact.disclose != "never":
            for old in fact.old_values:
                if contains(text, old) and old in text:
                    text = text.replace(old, fact.value)
    return voice.filled(text)


def _told(voice: Voice, id: str) -> int:
    """How many messages so far brought it up."""
    directions = [t.direction for t in voice.brief.turns if t.role == "user" and t.direction is not None]
    if directions:
        return sum(id in d.bring_up or id in d.ask_again for d in directions)
    entry = voice.brief.ledger.goal(id)
    return entry.asked if entry else 0


def _veiled(voice: Voice) -> bool:
    return voice.persona.clarity != "clear" or voice.is_("leaves_things_out")


# ---------------------------------------------------------------- the first time


def _first_time(voice: Voice, sub: SubGoal, *, changing: bool) -> str:
    if voice.tells_too_much(_wording(voice, sub)):
        return _hint(voice, _wording(voice, sub))
    say = _current(voice, _wording(voice, sub))
    if changing:
        return _changed_mind(voice, say)
    if voice.persona.clarity == "vague" and (voice.opening or (sub.kind == "action" and topic_of(say, voice.bank) is not None)):
        return _hint(voice, say)
    if _veiled(voice):
        say = cut(say, voice.bank, voice.rng)
    return _curtly(voice, say)


def _curtly(voice: Voice, say: str) -> str:
    share = {"terse": 0.85, "fragmented": 0.7}.get(voice.persona.style, 0.15 * voice.level + (0.4 if voice.is_("blunt") else 0.0))
    return short(say, voice.bank) if voice.chance(share) else say


def _hint(voice: Voice, say: str) -> str:
    topic = topic_of(say, voice.bank)
    if topic is not None and not voice.tells_too_much(topic):
        return capital(voice.line("hint", topic=topic))
    return voice.line("hint_blank")


def _changed_mind(voice: Voice, say: str) -> str:
    """One wish, another, and the first again, in a single sentence."""
    head, rest = first_sentence(say)
    goal = voice.brief.goal
    detours = [voice.filled(d) for d in goal.detours if not voice.tells_too_much(d)] if voice.brief.attempt < 3 else []
    other = voice.rng.choice(detours) if detours else voice.line("mind_blank")
    back = short(head, voice.bank) if voice.chance(0.9) else head
    dash = " - " if voice.chance(0.4) else ", "
    swap = [bare(head), after(voice.line("mind_no"), bare(other), voice.bank), after(voice.line("mind_back"), bare(back), voice.bank)]
    end = "?" if head.rstrip().endswith("?") else "."
    return " ".join(filter(None, (dash.join(swap) + end, rest)))


def _bundled(voice: Voice, lines: list[str]) -> str:
    """Several wishes in one breath."""
    end = "?" if any(line.rstrip().endswith("?") for line in lines) else "."
    joiner = f", {voice.bank.words.joiner} " if voice.chance(0.6) else f" {voice.bank.words.joiner} "
    lead = voice.lead("open_lead" if voice.opening else "also", lines[0], 0.5)
    return joiner.join([bare_start(lead), *(lower_first(bare(line), voice.bank) for line in lines[1:])]) + end


def bare_start(text: str) -> str:
    """Without punctuation at the end; opening marks stay where they are."""
    return text.rstrip(".!?,;:… ")


# ---------------------------------------------------------------- again


def _again(voice: Voice, sub: SubGoal) -> list[str]:
    entry = voice.brief.ledger.goal(sub.id)
    if voice.tells_too_much(_wording(voice, sub)):
        return [voice.line("again_blank")]
    say = _current(voice, _wording(voice, sub))
    if entry is not None and entry.status == "met":
        values = [voice.say(name) for name in settled_values(voice, sub)]
        return [voice.line("check_value", value=", ".join(values)) if values else voice.line("recheck", core=_core(voice, say))]
    if entry is not None and entry.status == "refused" and voice.heard(Act.REFUSES, Act.NO_OPTIONS) and voice.chance(0.3):
        return [voice.line("why_no"), *_reworded(voice, sub, say)]
    if _veiled(voice) and _told(voice, sub.id) == 1:
        return [voice.lead("elaborate", _curtly(voice, say), 0.7)]
    return _reworded(voice, sub, say)


def _reworded(voice: Voice, sub: SubGoal, say: str) -> list[str]:
    others = [_current(voice, t) for t in sub.again if not voice.tells_too_much(t)]
    if _only_outlined(voice, sub):
        return [voice.lead("elaborate", _curtly(voice, say), 0.35)]
    fresh = [t for t in others if not any(bare(voice.spans.restore(t)).lower() in m.lower() for m in voice.mine)]
    if fresh:
        return [voice.lead("again", _curtly(voice, fresh[0]), 0.35 if voice.level < 4 else 0.1)]
    told = _told(voice, sub.id)
    if told >= 2 and voice.chance(0.25 + 0.1 * voice.level):
        return [voice.line("again_blank")]
    line = voice.rng.choice([say, *others])
    line = short(line, voice.bank) if voice.curt or voice.chance(0.5) else line
    if voice.sharp and voice.chance(0.5):
        line = cut(line, voice.bank, voice.rng)
    return [voice.lead("again", capital(line), 0.85)]


# ---------------------------------------------------------------- beside a complication


def _complication(voice: Voice) -> Complication | None:
    return next((c for c in voice.brief.goal.complications if c.id == voice.direction.complication), None)


def _said_by_complication(voice: Voice, sub: SubGoal) -> bool:
    found = _complication(voice)
    if found is None:
        return False
    words = {w for w in bare(sub.say).lower().split() if len(w) > 3}
    return bool(words) and sum(w in found.say.lower() for w in words) >= _OVERLAP * len(words)

"""From a brief to what is sent to the model that plays the user: what never changes first, this turn's direction last.

Only a Brief comes in, and a Brief has the user's half of the goal: a criterion cannot get here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from understudy.domain.conversation import Brief, FactEntry, Turn
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.model_call import CallFor, ModelMessage
from understudy.domain.persona import Persona, Trigger
from understudy.domain.same import Same
from understudy.ports import LLMRequest
from understudy.prompting.prompt import Prompt, load_prompt
from understudy.simulation.ledger import all_subgoals, fact_values, open_ledger
from understudy.simulation.players.exemplars import voice_of
from understudy.simulation.seeds import derive

__all__ = ["PROMPT_VERSION", "prompt", "request_for"]

PROMPT_VERSION = "1"
_ROOM = 500
"""Tokens for one message with its move."""
_LONGEST_REPLY = 8_000
"""Characters of one reply that the model gets to read; nobody reads more of a chat message."""
_LONGEST_OPTION = 160
_NO_WORDS = "(no words)"
_SEED_BITS = 0x7FFF_FFFF
"""Providers take seeds of 31 bits."""
_SLOT = re.compile(r"\{([a-z0-9][a-z0-9_-]*)\}")


def prompt() -> Prompt:
    """The prompt of the simulated user."""
    return load_prompt("user", PROMPT_VERSION)


def request_for(brief: Brief, *, run_id: str) -> LLMRequest:
    """The call for the next message. The same brief makes the same request; a second try differs in direction, seed and temperature."""
    texts = prompt()
    history = _history(brief.turns, opener=_fixed("opener"))
    again = brief.attempt > 1
    return LLMRequest(
        role="user",
        system=(_fixed("rules"), _who_it_is(brief.persona, brief.goal, voice_of(brief.persona, brief.seed))),
        messages=(*history, ModelMessage(role="user", text=texts.render("direction", **_direction(brief)))),
        stable=len(history),
        max_tokens=_ROOM,
        temperature=1.0 if again else None,
        seed=derive(brief.seed, "model", brief.number, brief.attempt) & _SEED_BITS,
        made_for=CallFor(run_id=run_id, turn=len(brief.turns)),
    )


# ---------------------------------------------------------------- who they are and what they want: the same for the whole conversation


@cache
def _fixed(section: str) -> str:
    """A section of the prompt that says the same to everybody."""
    return prompt().render(section)


_VOICE_HERE = "\ue000the lines of a voice\ue000"
"""Stands for the lines of a voice. Of a private area: no persona has it."""


def _who_it_is(persona: Persona, goal: PlayerGoal, voice: tuple[str, ...]) -> str:
    """The section for one voice. All but its lines is the same for every conversation of this persona about this goal."""
    before, here, after = _around_the_voice(Same(persona), Same(goal))
    if not voice or not here:
        return _rendered(Same(persona), Same(goal), voice)
    values = _values_at_first(Same(persona), Same(goal))
    return before + _BETWEEN_LINES.join([_filled(line, values) for line in voice]) + after


_BETWEEN_LINES = "\n- "
"""How the prompt lists the lines of a voice, one below the other."""


@lru_cache(maxsize=512)
def _rendered(persona: Same[Persona], goal: Same[PlayerGoal], voice: tuple[str, ...]) -> str:
    return prompt().render("who", **_who(persona.it, goal.it, voice))


@lru_cache(maxsize=1024)
def _around_the_voice(persona: Same[Persona], goal: Same[PlayerGoal]) -> tuple[str, str, str]:
    """What stands before the voice, its place, and what stands after it; no place when the prompt does not list the lines as we do."""
    return _rendered(persona, goal, (_VOICE_HERE, _VOICE_HERE)).partition(f"{_VOICE_HERE}{_BETWEEN_LINES}{_VOICE_HERE}")


@lru_cache(maxsize=1024)
def _values_at_first(persona: Same[Persona], goal: Same[PlayerGoal]) -> Mapping[str, str]:
    return fact_values(open_ledger(persona.it, goal.it))


def _who(persona: Persona, goal: PlayerGoal, voice: tuple[str, ...]) -> Mapping[str, Any]:
    # The sheet as it was at the beginning: what a complication brings is none of the user's knowledge before it has come in.
    sheet = open_ledger(persona, goal)
    facts = {f.name: f for f in (*persona.knowledge.known, *goal.known)}
    values = fact_values(sheet)
    subgoals = all_subgoals(persona, goal, sheet)
    unknown = {u.name: u for u in (*persona.knowledge.unknown, *goal.unknown) if u.name not in facts}
    return {
        "persona": persona.evolve(triggers=tuple(t.evolve(words=tuple(_filled(w, values) for w in t.words)) for t in persona.triggers)),
        "own_matter": goal.id in (persona.goal, f"{persona.id}-primary"[:64]),
        "noise": [(name, share) for name, share in persona.noise if share],
        "voice": [_filled(line, values) for line in voice],
        "steps": [_spoken(subgoals[g.id], values) for g in sheet.goals if not g.side],
        "side": [_spoken(subgoals[g.id], values) for g in sheet.goals if g.side],
        "settles_for": goal.settles_for,
        "detours": [_filled(line, values) for line in goal.detours],
        "facts": list(facts.values()),
        "unknown": list(unknown.values()),
    }


def _spoken(goal: SubGoal, values: Mapping[str, str]) -> SubGoal:
    return goal.evolve(say=_filled(goal.say, values), again=tuple(_filled(line, values) for line in goal.again))


def _filled(line: str, values: Mapping[str, str]) -> str:
    """An authored line with each `{fact}` replaced by its value; what is no fact of the sheet stays as it was written."""
    return _SLOT.sub(lambda m: values.get(m.group(1), m.group()), line)


# ---------------------------------------------------------------- what was said


def _history(turns: Iterable[Turn], *, opener: str) -> tuple[ModelMessage, ...]:
    """The transcript with the roles swapped: the user's words are the model's own. Who speaks first keeps their first words."""
    said = [
        ModelMessage(role="assistant", text=t.text) if t.role == "user" else ModelMessage(role="user", text=_readable(t.text))
        for t in turns
    ]
    if not said or said[0].role == "assistant":
        said.insert(0, ModelMessage(role="user", text=opener))
    return tuple(said)


def _readable(reply: str) -> str:
    """A reply as a chat shows it: not without end, and not without a word, which some providers refuse."""
    if not reply.strip():
        return _NO_WORDS
    return reply if len(reply) <= _LONGEST_REPLY else f"{reply[:_LONGEST_REPLY]} [... {len(reply) - _LONGEST_REPLY} more characters]"


# ---------------------------------------------------------------- what to do now


def _direction(brief: Brief) -> Mapping[str, Any]:
    direction, ledger = brief.direction, brief.ledger
    values = fact_values(ledger)
    wanted = {*direction.bring_up, *direction.ask_again}
    known = all_subgoals(brief.persona, brief.goal, ledger)
    subgoals = {id: _spoken(goal, values) for id, goal in known.items() if id in wanted}
    coming = next((c for c in brief.goal.complications if c.id == direction.complication), None)
    came_in = [c for c in brief.goal.complications if c.id in ledger.complications and c.id != direction.complication]
    at_first = {f.name for f in open_ledger(brief.persona, brief.goal).facts}
    return {
        **{name: getattr(direction, name) for name in _AS_THEY_ARE},
        "number": brief.number,
        "frustration": max(0, min(5, brief.frustration)),
        "attempt": brief.attempt,
        "complaint": brief.complaint,
        "goals": ledger.goals,
        "said": [f.name for f in ledger.facts if f.said_at is not None],
        "changed": [f for f in ledger.facts if f.old_values or f.name not in at_first],
        "came_in": [_filled(c.say, values) for c in came_in],
        "answer": _entries(direction.answer, ledger.facts),
        "volunteer": _entries(direction.volunteer, ledger.facts),
        "correct": _entries(direction.correct, ledger.facts),
        "bring_up": [subgoals[id] for id in direction.bring_up if id in subgoals],
        "ask_again": [subgoals[id] for id in direction.ask_again if id in subgoals],
        "choose": None if direction.choose is None else " ".join(direction.choose.split())[:_LONGEST_OPTION],
        "complication": None if coming is None else coming.evolve(say=_filled(coming.say, values)),
        "trigger": _trigger(brief.persona, direction.trigger, values),
    }


_AS_THEY_ARE = (
    "stage", "move", "withhold", "admit_unknown", "affirm", "trigger_action", "change_mind", "tangent", "show_frustration",
    "not_understood", "thank", "reason",
)  # fmt: skip


def _entries(names: tuple[str, ...], facts: tuple[FactEntry, ...]) -> list[FactEntry]:
    return [f for f in facts if f.name in names]


def _trigger(persona: Persona, id: str | None, values: Mapping[str, str]) -> Trigger | None:
    found = next((t for t in persona.triggers if t.id == id), None)
    return None if found is None else found.evolve(words=tuple(_filled(w, values) for w in found.words))

"""Lines that show a persona's voice to a model: their own sayings, and a few that our offline player says in it.

Models overdo a style that is described to them and follow one that they are shown (arXiv 2605.20204), so the voice is shown, on a matter
that nobody will come with, and no louder than the persona's own settings make it.
"""

from __future__ import annotations

from functools import lru_cache

from understudy.domain.conversation import Act, Brief, Direction, Heard, Turn
from understudy.domain.errors import BadInput
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Intents, Knowledge, Persona
from understudy.domain.same import Same
from understudy.simulation.ledger import open_ledger, raise_goals
from understudy.simulation.players.rules import word

__all__ = ["voice_of"]

_ENOUGH = 5
"""Sayings from which on nothing is added."""
_MOST = 12
_MATTER = {
    "en": ("I need a second key for my letter box.", "About that second key for my letter box.", "One moment, please."),
    "de": ("Ich brauche einen zweiten Schlüssel für meinen Briefkasten.", "Es geht um den zweiten Schlüssel.", "Einen Moment, bitte."),
    "es": ("Necesito una segunda llave para mi buzón.", "Es por la segunda llave de mi buzón.", "Un momento, por favor."),
}


def voice_of(persona: Persona, seed: int) -> tuple[str, ...]:
    """Exemplars of how this persona writes: the same for the same persona and seed. Only sayings in a language without phrase banks."""
    return _voice(Same(persona), seed)


# A conversation has a seed of its own, and is asked for its voice at every turn: there is room for thousands at once.
@lru_cache(maxsize=16_384)
def _voice(same: Same[Persona], seed: int) -> tuple[str, ...]:
    persona = same.it
    own = persona.sayings[:_MOST]
    if len(own) >= _ENOUGH:
        return own
    try:
        shown = tuple(word(brief.evolve(seed=seed)).message for brief in _moments(same))
    except BadInput:  # a language that the phrase banks do not speak
        return own
    return tuple(dict.fromkeys((*own, *shown)))


@lru_cache(maxsize=1024)
def _moments(same: Same[Persona]) -> tuple[Brief, ...]:
    """Opening, asking again in a bad moment, and leaving: three turns about a letter box, without a seed as yet."""
    persona = same.it
    say, again, wait = _MATTER.get(persona.language[:2], _MATTER["en"])
    step = SubGoal(id="key", say=say, again=(again,))
    goal = PlayerGoal(id="letter-box", title="A key", steps=(step,))
    bare = persona.evolve(sayings=(), triggers=(), knowledge=Knowledge(), goal="another-matter", intents=Intents(primary=say))
    opening = Brief(
        persona=bare,
        goal=goal,
        turns=(),
        ledger=open_ledger(bare, goal),
        heard=None,
        direction=Direction(stage="opening", bring_up=(step.id,)),
        frustration=0,
        number=1,
        seed=0,
    )
    asked = opening.evolve(
        turns=(Turn(index=0, role="user", text=say, at=0.0), Turn(index=1, role="agent", text=wait, at=1.0)),
        ledger=raise_goals(opening.ledger, (step.id,), 0),
        number=2,
    )
    return (
        opening,
        asked.evolve(
            direction=Direction(ask_again=(step.id,), show_frustration=True),
            heard=Heard(acts=(Act.STALLS,)),
            frustration=persona.frustration_threshold,
        ),
        asked.evolve(direction=Direction(stage="closing", move="satisfied"), heard=Heard(acts=(Act.CONFIRMS,)), number=3),
    )

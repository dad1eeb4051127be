"""A scenario: everything that decides a conversation before its first word."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from understudy.domain.goal import Goal, SubGoal
from understudy.domain.persona import Persona
from understudy.domain.value import Slug, Value

__all__ = ["CALLER", "Limits", "PlayerKind", "Scenario", "implicit_goal"]

PlayerKind = Literal["rules", "script", "model", "caller"]
"""Who plays the user: phrase banks offline, given lines, a language model, or whoever calls us, step by step."""
CALLER = "caller"
"""The name of the target that whoever calls us answers as; no other target can have it."""


class Limits(Value):
    """Where a conversation ends whatever happens."""

    max_turns: int = Field(default=16, ge=1, le=200)
    """User turns."""
    max_seconds: float = Field(default=600, gt=0)


class Scenario(Value):
    """Persona, goal, target, player, seed and limits, whole: an old transcript knows exactly what it ran with."""

    persona: Persona
    goal: Goal
    target: str
    """The name of the target in the settings."""
    player: PlayerKind = "rules"
    user_model: str | None = None
    """For the player `model`: `provider:model` as configured when the run began."""
    seed: int = 0
    opens: Literal["user", "agent"] = "user"
    limits: Limits = Limits()
    script: tuple[str, ...] = ()
    """For the player `script`: the user's lines in order."""
    rubric: Slug = "service"
    rerun_of: str | None = None
    """The run whose user misbehaved, which this one is played again for."""
    rerun: int = Field(default=0, ge=0)
    """How often it was played before for that reason."""

    @property
    def by_hand(self) -> bool:
        """Whether one side is played by whoever calls us: such a run goes on only when they take a step, and no engine takes it up."""
        return self.player == CALLER or self.target == CALLER


def implicit_goal(persona: Persona) -> Goal:
    """The goal of a persona that names none: its primary intent as the only step."""
    return Goal(
        id=f"{persona.id}-primary"[:64], title=persona.intents.primary[:120], steps=(SubGoal(id="primary", say=persona.intents.primary),)
    )

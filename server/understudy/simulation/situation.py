"""What the agenda looks at when it decides on the user's next turn, and what it comes to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from understudy.domain.conversation import Act, Direction, GoalEntry, Heard, Ledger
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Persona, Trait, Trigger
from understudy.simulation import frustration as mood
from understudy.simulation.course import PUTS_A_QUESTION, Course
from understudy.simulation.seeds import derive

__all__ = ["Plan", "Situation"]


@dataclass(frozen=True)
class Situation:
    """The user's position before their turn `number`."""

    persona: Persona
    goal: PlayerGoal
    subgoals: Mapping[str, SubGoal]
    ledger: Ledger
    course: Course
    heard: Heard
    """Without acts when the agent has not said anything."""
    trigger: Trigger | None
    """The one that the last reply set off."""
    frustration: int
    number: int
    turns_left: int
    """User turns that the limit still allows, this one included."""
    seed: int

    @cached_property
    def rng(self) -> random.Random:
        """The source of every choice at this turn."""
        return random.Random(derive(self.seed, "agenda", self.number))

    def chance(self, share: float) -> bool:
        """True in `share` of all seeds."""
        return share > 0 and self.rng.random() < share

    def is_(self, *traits: Trait) -> bool:
        """Whether the persona has any of the traits."""
        return any(t in self.persona.traits for t in traits)

    @cached_property
    def steps(self) -> tuple[GoalEntry, ...]:
        return tuple(g for g in self.ledger.goals if not g.side)

    @cached_property
    def sides(self) -> tuple[GoalEntry, ...]:
        return tuple(g for g in self.ledger.goals if g.side)

    @cached_property
    def open_step(self) -> GoalEntry | None:
        """The first step that was brought up and is neither met nor refused."""
        return next((g for g in self.steps if g.status in ("asked", "attempted")), None)

    @cached_property
    def next_step(self) -> GoalEntry | None:
        """The first step that was not brought up yet."""
        return next((g for g in self.steps if g.status == "unsaid"), None)

    @cached_property
    def refused_step(self) -> GoalEntry | None:
        """The first refused step that the user has not let go."""
        return next((g for g in self.steps if g.status == "refused" and not self.lets_go(g)), None)

    def lets_go(self, entry: GoalEntry) -> bool:
        """Whether the user accepts that a step was refused: they settle for a no, and have pushed back often enough."""
        return self.goal.settles_for == "refusal" and entry.status == "refused" and self.pushed_back(entry) >= self.push_backs

    def pushed_back(self, entry: GoalEntry) -> int:
        """How often the user would not have it that this was refused."""
        return self.course.pushed_back.count(entry.id)

    @property
    def push_backs(self) -> int:
        """How often this user objects before they settle: once, once more to ask why, once more to test the limits."""
        return 1 + self.is_("asks_why") + self.is_("tests_limits")

    @cached_property
    def content(self) -> bool:
        """Every step is met, or refused and let go, and the agent has taken up every change."""
        return not self.course.unsettled and all(g.status == "met" or self.lets_go(g) for g in self.steps)

    @cached_property
    def busy(self) -> bool:
        """The agent waits for an answer."""
        return self.heard.has(*PUTS_A_QUESTION)

    @cached_property
    def invited(self) -> bool:
        """The agent asks for more, or is about to go."""
        return self.heard.has(Act.OFFERS_MORE, Act.CLOSES)

    @property
    def tests_options(self) -> bool:
        """They take none of the options, once, to see whether there is more to be had."""
        return bool(self.heard.options) and self.is_("tests_limits") and not self.course.limits_tested

    @cached_property
    def shows_frustration(self) -> bool:
        return mood.shows(self.frustration, self.persona, number=self.number, open_goal=not self.ledger.satisfied)

    @property
    def thanks(self) -> bool:
        """Whether this user thanks people who did what they should."""
        return self.is_("polite", "apologetic") or not (
            self.is_("blunt", "sarcastic") or self.shows_frustration or self.persona.emotion == "angry"
        )


@dataclass(frozen=True)
class Plan:
    """The direction of one user turn, and the user's memory with it."""

    direction: Direction
    course: Course

"""A goal: what the user wants, what they know, what gets in the way, and what would count as success.

`PlayerGoal` is the user's half. `Goal` adds the judge's half; a player can only be given the first, by type.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from understudy.domain.checks import Check
from understudy.domain.persona import Fact, Provenance, UnknownFact, facts_from_mapping, unknown_from_names
from understudy.domain.value import Name, Phrases, Slug, Text, Value

__all__ = ["BOOKKEEPING", "Complication", "Expected", "Goal", "PlayerGoal", "SubGoal", "SuccessCriterion", "When"]

BOOKKEEPING = frozenset({"id", "version", "title", "field", "tags", "provenance"})
"""Fields that describe the record; they change neither the conversation nor the verdict."""


class SubGoal(Value):
    """One thing that the user wants done or answered."""

    id: Slug
    say: Text
    """How the user brings it up: a first-person sentence or a question, as spoken."""
    again: tuple[Text, ...] = ()
    """Other wordings for asking once more."""
    kind: Literal["action", "question"] = "action"
    """action: met when the agent confirms that it is done; question: met when the agent answers it."""
    answered_by: Phrases = ()
    """Phrases of which the agent's words must hold at least one for the user to believe it is met. `{fact}` stands for
    the current value of a fact, `/.../` for a regular expression; matching ignores case. Empty: any confirmation or
    answer that shares content words with `say`."""
    needs: tuple[Slug, ...] = ()
    """Facts that the agent has to have right when it confirms; a confirmation with an old value is corrected."""


class When(Value):
    """When a complication comes in: from a user turn on, or once a sub-goal has reached a status."""

    turn: int | None = Field(default=None, ge=1)
    """The first user turn (counted from 1) at which it may be said."""
    subgoal: Slug | None = None
    status: Literal["asked", "attempted", "met", "refused"] = "attempted"

    @model_validator(mode="after")
    def _one_of_both(self) -> When:
        if (self.turn is None) == (self.subgoal is None):
            raise ValueError("give either `turn` or `subgoal` (with `status`), not both and not neither")
        return self


class Complication(Value):
    """Something that changes in the middle of the conversation."""

    id: Slug
    say: Text
    when: When
    changes: tuple[Fact, ...] = ()
    """Facts that have another value from now on (`{name: new value}` is a short form)."""
    adds: SubGoal | None = None
    """A sub-goal that exists from now on."""

    _changes = field_validator("changes", mode="before")(facts_from_mapping)


class Expected(Value):
    """What should happen, for the judge: the outcome, and whether the agent may hand over to a human."""

    outcome: Literal["done", "answered", "refused", "handed_off"] = "done"
    escalation: Literal["must", "must_not", "may"] = "must_not"
    """must: handing over is part of the right answer; must_not: only after a trigger or a request; may: left out of the rates."""
    note: str = ""


class SuccessCriterion(Value):
    """One thing that has to be true for the goal to count as reached. The player never sees it."""

    id: Slug
    description: Text
    check: Check


class PlayerGoal(Value):
    """The user's half of a goal: all that a player may know."""

    id: Slug
    title: Name
    version: int = Field(default=1, ge=1)
    field: Name = "general"
    """The field of business: `clinic`, `bank`."""
    steps: tuple[SubGoal, ...] = Field(min_length=1, max_length=50)
    """What has to be met for the user to be satisfied, in the order in which they bring it up."""
    side: tuple[SubGoal, ...] = Field(default=(), max_length=50)
    """What they also ask along the way; being left without it does not keep them from being satisfied."""
    known: tuple[Fact, ...] = Field(default=(), max_length=200)
    unknown: tuple[UnknownFact, ...] = Field(default=(), max_length=200)
    complications: tuple[Complication, ...] = Field(default=(), max_length=50)
    detours: tuple[Text, ...] = ()
    """Wishes that a user who changes their mind says and takes back within one sentence."""
    settles_for: Literal["resolution", "refusal", "handoff"] = "resolution"
    """What the user would accept as the end: the thing itself, a reasoned no, or being passed to a person."""
    tags: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    _known = field_validator("known", mode="before")(facts_from_mapping)
    _unknown = field_validator("unknown", mode="before")(unknown_from_names)

    @model_validator(mode="after")
    def _names_fit(self) -> PlayerGoal:
        ids = [s.id for s in (*self.steps, *self.side)] + [c.adds.id for c in self.complications if c.adds]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"sub-goal ids must differ; used twice: {', '.join(twice)}")
        for complication in self.complications:
            if complication.when.subgoal is not None and complication.when.subgoal not in ids:
                raise ValueError(f"complication `{complication.id}` waits for unknown sub-goal `{complication.when.subgoal}`")
        return self


class Goal(PlayerGoal):
    """A goal with the judge's half: success criteria and expected outcome."""

    success: tuple[SuccessCriterion, ...] = Field(default=(), max_length=50)
    expected: Expected = Expected()

    def for_player(self) -> PlayerGoal:
        """The user's half as a type of its own, so that criteria cannot reach a player."""
        judge_only = {"success", "expected"}
        body: dict[str, Any] = {k: getattr(self, k) for k in type(self).model_fields if k not in judge_only}
        return PlayerGoal.model_construct(**body)

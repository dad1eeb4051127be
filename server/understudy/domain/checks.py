"""Checks that need no model: a closed union, told apart by `check`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from understudy.domain.value import JsonObject, LanguageTag, Phrases, Slug, Value

__all__ = [
    "Check",
    "ClaimsHeld",
    "Completed",
    "Escalated",
    "JsonMatches",
    "LanguageKept",
    "LatencyWithin",
    "NeverEmpty",
    "NoErrors",
    "NotRepeating",
    "NotSaid",
    "Polite",
    "Said",
    "StateIs",
    "SubGoalMet",
    "ToolCalled",
    "TurnsWithin",
]


class _Tagged(Value):
    """Keeps `check` in every dump, also in one that leaves defaults out: without it nobody could read the check back."""

    @model_serializer(mode="wrap")
    def _with_tag(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"check": type(self).model_fields["check"].default, **dump(self)}


class Said(_Tagged):
    """The agent said any of the phrases (`/.../` is a regular expression; `{fact}` a fact's current value; case ignored)."""

    check: Literal["said"] = "said"
    any_of: Annotated[Phrases, Field(min_length=1)]


class NotSaid(_Tagged):
    """The agent said none of the phrases; fails with the turn and the quote."""

    check: Literal["not_said"] = "not_said"
    none_of: Annotated[Phrases, Field(min_length=1)]


class StateIs(_Tagged):
    """The last state that the target exposed has this value at a dotted path; unscored when it exposes none."""

    check: Literal["state"] = "state"
    path: str
    equals: str | int | float | bool | None = None
    contains: str | None = None
    """Text, or an element of a list, that is found there (case ignored for text). `{fact}` stands for a fact's value."""
    exists: bool | None = None


class ToolCalled(_Tagged):
    """The target reported a call of this tool, with at least these arguments."""

    check: Literal["tool_called"] = "tool_called"
    tool: str
    arguments: JsonObject = {}
    times: int | None = Field(default=None, ge=0)
    """Exactly so often; None means at least once; 0 means never."""


class JsonMatches(_Tagged):
    """Every agent reply (or only the last) is JSON that fits the schema."""

    check: Literal["json_schema"] = "json_schema"
    schema_: JsonObject = Field(alias="schema")
    turns: Literal["every", "last"] = "last"

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True, "serialize_by_alias": True}


class SubGoalMet(_Tagged):
    """The user's ledger has the sub-goal as met at the end."""

    check: Literal["subgoal_met"] = "subgoal_met"
    subgoal: Slug


class Completed(_Tagged):
    """Every success criterion of the goal holds and every step in the user's ledger is met."""

    check: Literal["completed"] = "completed"


class ClaimsHeld(_Tagged):
    """The agent claimed nothing done that the state it exposes shows undone; unscored when no state is exposed."""

    check: Literal["claims_held"] = "claims_held"


class Escalated(_Tagged):
    """The agent handed over when a trigger fired, within `within` agent turns, and not when none had (JUDGING section 4)."""

    check: Literal["escalation"] = "escalation"
    within: int = Field(default=2, ge=1)


class LatencyWithin(_Tagged):
    """No reply took longer."""

    check: Literal["latency"] = "latency"
    max_ms: float = Field(gt=0)


class TurnsWithin(_Tagged):
    """The agent needed at most so many turns."""

    check: Literal["turns"] = "turns"
    max_turns: int = Field(ge=1)


class NeverEmpty(_Tagged):
    """No reply was empty."""

    check: Literal["never_empty"] = "never_empty"


class NotRepeating(_Tagged):
    """The agent did not give the same answer (near enough) `times` times or more."""

    check: Literal["not_repeating"] = "not_repeating"
    times: int = Field(default=3, ge=2)


class LanguageKept(_Tagged):
    """The agent answered in the user's language, or in `language` when that is given."""

    check: Literal["language"] = "language"
    language: LanguageTag | None = None


class NoErrors(_Tagged):
    """The target answered every call at the first attempt, or as soon as it no longer asked us to wait (429)."""

    check: Literal["no_errors"] = "no_errors"


class Polite(_Tagged):
    """The agent was not rude, by a lexicon of rude and dismissive phrases."""

    check: Literal["polite"] = "polite"


Check = Annotated[
    Said
    | NotSaid
    | StateIs
    | ToolCalled
    | JsonMatches
    | SubGoalMet
    | Completed
    | ClaimsHeld
    | Escalated
    | LatencyWithin
    | TurnsWithin
    | NeverEmpty
    | NotRepeating
    | LanguageKept
    | NoErrors
    | Polite,
    Field(discriminator="check"),
]

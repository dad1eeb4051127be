"""The arguments that several tools share, and the lean shapes of a goal's parts as callers give them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from understudy.domain.value import JsonObject

__all__ = ["Cursor", "Detail", "Judged", "Limit", "QueryDecision", "RatedTurn", "ReplyMore", "RunId", "Step", "Success", "WaitS"]

Cursor = Annotated[str | None, Field(description="From next_cursor.")]
Limit = Annotated[int, Field(description="Rows.", ge=1, le=50)]
Detail = Annotated[Literal["concise", "full"], Field(description="full: all fields.")]
RunId = Annotated[str, Field(description="Id of the run.")]
WaitS = Annotated[float, Field(description="Seconds to wait.", ge=0, le=50)]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Step(Strict):
    """A thing the user wants done or answered."""

    id: str
    say: Annotated[str, Field(description="As the user says it, first person.")]
    again: Annotated[list[str], Field(default_factory=list, description="Other wordings.")]
    kind: Literal["action", "question"] = "action"
    answered_by: Annotated[
        list[str], Field(default_factory=list, description="Phrases or /regex/; the answer must hold one. {fact} inserts a fact.")
    ]
    needs: Annotated[list[str], Field(default_factory=list, description="Facts the agent must get right.")]


Success = Annotated[
    list[JsonObject] | None,
    Field(
        description="How the judge knows, hidden from the user: {id, description, check}; check as "
        '{"check":"said","any_of":["/1.75 ?%/"]}, {"check":"state","path":"a.b","equals":1}, {"check":"tool_called","tool":"x"}.'
    ),
]


class CitedQuote(Strict):
    """Words of one turn."""

    turn: int
    quote: str


class Judged(Strict):
    """One criterion as the caller judged it."""

    criterion: str
    evidence: Annotated[list[CitedQuote], Field(default_factory=list, description="Needed below a pass; exact.")]
    reasoning: str
    verdict: Annotated[str | int, Field(description="pass, fail or 1 to 5; abstain.")]


class RatedTurn(Strict):
    """One agent turn as the caller rated it."""

    turn: int
    quote: Annotated[str, Field(description="Needed below a pass.")] = ""
    reasoning: str = ""
    tone: Annotated[str, Field(description="pass, concern, fail, abstain.")]
    relevance: str
    accuracy: str


class QueryDecision(Strict):
    """A reviewer's decision about one query."""

    query_id: str
    decision: Literal["accept", "reject", "edit"]
    reason: Annotated[str, Field(description="Needed to reject.")] = ""
    text: Annotated[str | None, Field(description="Needed to edit: the new wording.")] = None
    expected: Annotated[
        JsonObject | None, Field(description="The right answer: {must_say, must_not_say: [words or /regex/], reference, tone, language}.")
    ] = None


class ReplyMore(Strict):
    """What came with an agent's answer beside its words."""

    tool_calls: Annotated[list[JsonObject], Field(default_factory=list, max_length=100, description="{name, arguments, result}")]
    state: Annotated[JsonObject | None, Field(description="For checks.")] = None
    handed_off: Annotated[bool, Field(description="A human takes over.")] = False
    closed: Annotated[bool, Field(description="You end it.")] = False

"""What passes between us and a language model: messages, tools, usage, and the record of one call."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from understudy.domain.value import Json, JsonObject, Value

__all__ = [
    "CallFor",
    "Finish",
    "ModelCall",
    "ModelFault",
    "ModelMessage",
    "ModelRoleName",
    "ModelToolCall",
    "ModelUsage",
    "OutputForm",
    "ToolSpec",
]

ModelRoleName = Literal["user", "judge", "generator", "audit", "target"]
"""What a model is asked to be: the simulated user, the judge, the writer of queries, the auditor of the user, the prompt under test."""

OutputForm = Literal["schema", "json", "text"]
"""How a model is held to a shape: by a JSON schema that the provider enforces, by JSON mode, or by words alone."""

Finish = Literal["stop", "length", "refused", "empty", "tool_calls"]
"""How an answer ended. length: cut off at the limit; refused: the model or its provider declined; empty: no words and no tool call."""

ModelFault = Literal[
    "rate_limited",
    "overloaded",
    "server",
    "timeout",
    "reset",
    "refused_connection",
    "unreachable",
    "tls",
    "auth",
    "bad_request",
    "malformed",
    "not_configured",
    "not_recorded",
    "budget",
]
"""Why a model gave no answer at all. malformed: the body was not what its API promises; not_recorded: replay has no such call."""


class ModelToolCall(Value):
    """A tool call that a model makes."""

    id: str
    name: str
    arguments: Json = None
    """Parsed; the text as it came when it was no JSON."""


class ModelMessage(Value):
    """One message of the history that a model sees."""

    role: Literal["user", "assistant", "tool"]
    text: str = ""
    tool_calls: tuple[ModelToolCall, ...] = ()
    """Of the assistant."""
    tool_call_id: str | None = None
    """Of a tool's result: the call that it answers."""


class ToolSpec(Value):
    """A tool that a model may call."""

    name: str
    description: str = ""
    parameters: JsonObject = {}
    """JSON Schema of an object."""


class ModelUsage(Value):
    """Tokens of one call as the provider counts them; None where it does not say."""

    input_tokens: int | None = Field(default=None, ge=0)
    """All tokens of the prompt, cached ones included."""
    cached_tokens: int | None = Field(default=None, ge=0)
    """Those of them that were read from the provider's cache."""
    cache_write_tokens: int | None = Field(default=None, ge=0)
    output_tokens: int | None = Field(default=None, ge=0)
    """Reasoning included."""
    reasoning_tokens: int | None = Field(default=None, ge=0)


class CallFor(Value):
    """What a call was made for; no part of its hash."""

    run_id: str | None = None
    batch: str | None = None
    turn: int | None = None
    """Transcript index of the turn that it was made for."""


class ModelCall(Value):
    """The record of one call: what was sent, what came back, what it took. Never holds a key."""

    id: str
    hash: str
    """Of the request: the same request has the same hash on every machine."""
    role: ModelRoleName
    model: str
    """`provider:model`, as configured."""
    made_for: CallFor = CallFor()
    sent: JsonObject
    """The body that was sent."""
    answer: JsonObject | None = None
    """The completion, as a value; None when there was none."""
    fault: ModelFault | None = None
    detail: str = ""
    usage: ModelUsage = ModelUsage()
    cost_usd: float | None = None
    """None: the model has no price in the table, which is not the same as free."""
    latency_ms: float = 0.0
    attempts: int = 1
    at: float
    """Seconds since the epoch."""

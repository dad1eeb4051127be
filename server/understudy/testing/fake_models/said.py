"""What the fake model says to one call: words, an object, tool calls, or a fault; and scripts of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from understudy.testing.fake_models.request import ModelRequest

__all__ = ["FAULT_KINDS", "Answer", "CalledTool", "Ending", "Fault", "FaultKind", "Script", "Scripted", "as_said"]

Ending = Literal["stop", "length", "refusal", "tool_calls"]
"""How an answer ends; each wire has its own words for it."""

FaultKind = Literal[
    "400",
    "401",
    "403",
    "404",
    "413",
    "429",
    "500",
    "502",
    "503",
    "504",
    "529",
    "reset",
    "reset_mid",
    "truncated",
    "malformed",
    "html",
    "wrong_shape",
    "error_in_stream",
    "slow",
    "hang",
    "refusal",
    "empty",
    "length",
    "no_schemas",
    "no_json",
]
"""reset: before the first byte; reset_mid: after half of them. truncated: fewer bytes than announced, then an orderly end.
malformed: broken JSON in an orderly answer; wrong_shape: sound JSON of another API. error_in_stream: after the first events
(503 to who asked for no stream). slow: the bytes drip; hang: none come until the caller gives up. refusal, empty and length are
answers. no_schemas: 400 to who asks for a JSON schema; no_json: 400 to who asks for any form but text; other calls are answered."""

FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass(frozen=True)
class CalledTool:
    """A tool call that the model makes."""

    name: str
    arguments: Mapping[str, Any] | str
    """As text: sent as it is on the OpenAI wire, broken JSON included."""

    @property
    def text(self) -> str:
        """The arguments as JSON."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class Answer:
    """What the model says."""

    text: str = ""
    tool_calls: tuple[CalledTool, ...] = ()
    ending: Ending = "stop"
    reasoning_tokens: int = 0
    """Spent before the first word. They count against the room that the caller gives."""
    state: Any = None
    """For a target: sent as `understudy.state`, beside `choices`, on the OpenAI wire."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    kind: FaultKind
    message: str = ""
    """What the body of an error, or the page of `html`, says; the whole body of a `wrong_shape`, when it is JSON. Empty: what such
    a thing says."""
    retry_after: str | None = None
    """The header's value; None: the server's own for 429, none for the others."""
    seconds: float | None = None
    """How long `slow` takes; None: as the server says."""
    answer: Answer | None = None
    """The answer that is spoilt, for the kinds that spoil one; None: a made-up one."""


Scripted = str | Mapping[str, Any] | Answer | CalledTool | Fault
"""A mapping is sent as a JSON object."""

Script = Sequence[Scripted] | Callable[[ModelRequest], Scripted]


def as_said(given: Scripted) -> Answer | Fault:
    """The one form of everything that a script may hold."""
    if isinstance(given, Answer | Fault):
        return given
    if isinstance(given, CalledTool):
        return Answer(tool_calls=(given,), ending="tool_calls")
    return Answer(given if isinstance(given, str) else json.dumps(given))

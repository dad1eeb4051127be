"""What a demo agent is: messages in, one answer out, and a case file that is folded anew from the whole history each time.

Nothing is kept between calls, so that a conversation can go on after any restart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, cast

from understudy.domain.conversation import ToolCall
from understudy.domain.value import JsonObject, Value

__all__ = ["AgentAnswer", "Case", "DemoAgent", "Desk", "FoldingAgent", "Message", "Understood", "part_of"]


class Message(Value):
    """One message of the history, as the chat-completions wire has it."""

    role: Literal["user", "assistant", "system", "developer", "tool"]
    content: str = ""


class AgentAnswer(Value):
    """What a demo agent answers."""

    text: str
    state: JsonObject
    tool_calls: tuple[ToolCall, ...] = ()
    handed_off: bool = False
    delay_ms: float = 0.0
    """How long the answer is to be held back."""
    error: str | None = None
    """The answer is a failure of the service with these words, not a reply."""


class DemoAgent(Protocol):
    """A rule-based agent."""

    def answer(self, messages: Sequence[Message]) -> AgentAnswer:
        """The answer to the last message. Same history, same answer."""
        ...


@dataclass(frozen=True)
class Understood:
    """What a desk made of one message."""

    text: str
    """As written."""
    mended: str
    """In lower case, with slips in key words put right."""
    language: str
    asks: tuple[str, ...] = ()
    """Questions and wishes, in the order of the text; of wishes that exclude each other only the last."""
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    wants_human: bool = False
    changed_mind: bool = False
    shouting: bool = False
    unsure: bool = False
    """They do not know what was asked for, or will not say it."""
    agrees: bool = False
    says_goodbye: bool = False
    says_thanks: bool = False
    upset: bool = False


@dataclass(frozen=True)
class Case:
    """What is known of one customer at one point of the conversation."""

    record: JsonObject
    """The state that the agent exposes."""
    language: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the customer has told; an empty value is one that they do not have."""
    open: tuple[str, ...] = ()
    """Tasks that are not done yet."""
    asked: tuple[str, ...] = ()
    """What the last reply asked for."""
    times_asked: Mapping[str, int] = field(default_factory=dict[str, int])
    said: Mapping[str, int] = field(default_factory=dict[str, int])
    """How often each phrase was said, so that the next time takes other words."""
    turns: int = 0
    handed_over: bool = False
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a planted fault remembers."""

    def knows(self, *names: str) -> bool:
        return all(name in self.facts for name in names)

    def without(self, *tasks: str) -> Case:
        return replace(self, open=tuple(task for task in self.open if task not in tasks))


def part_of(record: JsonObject, name: str) -> JsonObject:
    """One object within an exposed state; an empty one when there is none."""
    found = record.get(name)
    return cast("JsonObject", found) if isinstance(found, dict) else {}


class Desk(Protocol):
    """The rules of one agent, in two steps, so that a planted fault can come between."""

    def begin(self) -> Case: ...

    def understand(self, case: Case, text: str) -> Understood: ...

    def respond(self, case: Case, understood: Understood) -> tuple[Case, AgentAnswer]: ...


class FoldingAgent:
    """A demo agent that plays the whole conversation through its desk on every call."""

    def __init__(self, desk: Desk, greeting: str) -> None:
        self._desk = desk
        self._greeting = greeting

    def answer(self, messages: Sequence[Message]) -> AgentAnswer:
        """The answer to the last user message, or a greeting when there is none."""
        case = self._desk.begin()
        answer = AgentAnswer(text=self._greeting, state=case.record)
        for message in messages:
            if message.role == "user":
                understood = self._desk.understand(case, message.content)
                case, answer = self._desk.respond(replace(case, turns=case.turns + 1, language=understood.language), understood)
        return answer

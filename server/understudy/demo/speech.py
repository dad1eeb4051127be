"""Putting a reply together: sentences in the customer's language, the tool calls made, what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from understudy.demo.agent import AgentAnswer, Case
from understudy.domain.conversation import ToolCall
from understudy.domain.value import Json, JsonObject

__all__ = ["Phrases", "Speech"]

Phrases = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Key -> language -> wordings, which take turns."""


@dataclass
class Speech:
    """One reply under construction."""

    phrases: Phrases
    language: str
    said: dict[str, int]
    """How often each phrase was said before."""
    sentences: list[str] = field(default_factory=list[str])
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    asked: list[str] = field(default_factory=list[str])
    helped: bool = False
    """Something was done or answered."""

    def say(self, key: str, *, values: Mapping[str, str] | None = None, **more: str) -> None:
        """Add a phrase, with values for its placeholders; the wordings take turns."""
        wordings = self.phrases[key].get(self.language) or self.phrases[key]["en"]
        before = self.said.get(key, 0)
        self.said[key] = before + 1
        self.sentences.append(wordings[before % len(wordings)].format(**(values or {}), **more))

    def ask(self, key: str, *facts: str, **values: str) -> None:
        """Ask for facts."""
        self.say(key, values=values)
        self.asked.extend(facts)

    def call(self, name: str, **arguments: Json) -> None:
        """Report an action."""
        self.calls.append(ToolCall(name=name, arguments=arguments, result="ok"))

    def finish(self, case: Case, *, handed_off: bool = False) -> tuple[Case, AgentAnswer]:
        """The case as it stands after this reply, and the reply."""
        times = dict(case.times_asked)
        for fact in self.asked:
            times[fact] = times.get(fact, 0) + 1
        after = replace(case, asked=tuple(self.asked), times_asked=times, said=self.said, handed_over=case.handed_over or handed_off)
        record: JsonObject = {**after.record, "handed_over": after.handed_over}
        after = replace(after, record=record)
        answer = AgentAnswer(text=" ".join(self.sentences), state=record, tool_calls=tuple(self.calls), handed_off=after.handed_over)
        return after, answer

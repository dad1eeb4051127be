"""What both wires are given to put an answer into their own form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from understudy.testing.fake_models.prefixes import PromptTokens
from understudy.testing.fake_models.said import Answer

__all__ = ["Renderer", "ToRender", "pieces"]

_WORDS = re.compile(r"\S+\s*|\s+")
_ARGUMENT_PIECE = 40


@dataclass(frozen=True)
class ToRender:
    """One answer with the figures that go with it."""

    id: str
    model: str
    answer: Answer
    prompt: PromptTokens
    output_tokens: int
    """Reasoning included."""
    stream_pieces: int
    """About so many pieces for the words of a stream."""
    usage_in_stream: bool = False
    """On the OpenAI wire a stream has usage only when it is asked for."""

    def words(self) -> list[str]:
        """The text in the pieces of a stream."""
        return pieces(self.answer.text, self.stream_pieces)

    @staticmethod
    def argument_pieces(arguments: str) -> list[str]:
        """The arguments of a tool call in the pieces of a stream."""
        return [arguments[i : i + _ARGUMENT_PIECE] for i in range(0, len(arguments), _ARGUMENT_PIECE)]


class Renderer(Protocol):
    """What each wire's module offers."""

    def answer_body(self, said: ToRender, /) -> bytes: ...
    def answer_events(self, said: ToRender, /) -> list[bytes]: ...
    def error_body(self, status: int, message: str, /) -> bytes: ...
    def error_event(self, message: str, /) -> bytes: ...
    def models_body(self, names: list[str], /) -> bytes: ...


def pieces(text: str, count: int) -> list[str]:
    """The text cut between words into at most `count` pieces."""
    found = _WORDS.findall(text)
    step = max(1, -(-len(found) // count))
    return ["".join(found[i : i + step]) for i in range(0, len(found), step)]

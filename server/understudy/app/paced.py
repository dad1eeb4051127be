"""A target that is asked as often at once as it can bear: additive increase, multiplicative decrease, as for models."""

from __future__ import annotations

import re

from understudy.campaigns.work import Forgetful
from understudy.domain.conversation import Attempt, Reply
from understudy.domain.errors import TargetError
from understudy.llm.limit import Gate
from understudy.ports import Target, TargetRequest

__all__ = ["Paced", "paced"]

_SLOW_DOWN = re.compile(r" answered (?:429|503|529)\.")
"""As targets tell of an HTTP status: the words of ours that stand before anything that came back."""


class Paced:
    """A target whose calls pass a gate. It halves when the target asks to slow down, and widens with every answer."""

    def __init__(self, wrapped: Target, gate: Gate) -> None:
        self._wrapped, self.gate = wrapped, gate
        self.name, self.kind = wrapped.name, wrapped.kind

    @property
    def needs_session(self) -> bool:
        """That of the target."""
        return self._wrapped.needs_session

    async def reply(self, request: TargetRequest) -> Reply:
        """The target's answer, when it is its turn. Raises TargetError."""
        async with self.gate.inside() as entered:
            try:
                reply = await self._wrapped.reply(request)
            except TargetError as error:
                if asks_to_slow_down(error.failure.detail, error.failure.attempts):
                    self.gate.slow_down(entered, None)
                raise
            if asks_to_slow_down("", reply.attempts):
                self.gate.slow_down(entered, None)
            else:
                self.gate.widen()
            return reply

    async def aclose(self) -> None:
        """Close the target."""
        await self._wrapped.aclose()


class PacedForgetful(Paced):
    """The same for a target that keeps something for each conversation."""

    def __init__(self, wrapped: Target, gate: Gate, forgetful: Forgetful) -> None:
        super().__init__(wrapped, gate)
        self._forgetful = forgetful

    def forget(self, run_id: str) -> None:
        """Let go of a conversation that is over."""
        self._forgetful.forget(run_id)


def paced(target: Target, most_at_once: int) -> Target:
    """`target` behind a gate of so many calls at once."""
    gate = Gate(most_at_once)
    return PacedForgetful(target, gate, target) if isinstance(target, Forgetful) else Paced(target, gate)


def asks_to_slow_down(detail: str, attempts: tuple[Attempt, ...]) -> bool:
    """Whether a call met a status that asks for fewer calls: 429, 503 or 529."""
    return any(_SLOW_DOWN.search(told) for told in (detail, *(attempt.detail for attempt in attempts)))

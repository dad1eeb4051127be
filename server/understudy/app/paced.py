"""A target that is asked as often at once as it can bear: additive increase, multiplicative decrease, as for models."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from understudy.campaigns.work import Forgetful
from understudy.domain.conversation import Attempt, Reply
from understudy.domain.errors import TargetError
from understudy.llm.limit import Gate, Gates
from understudy.ports import Target, TargetRequest

__all__ = ["Paced", "paced"]

_SLOW_DOWN = re.compile(r" answered (?:429|503|529)\.")
"""As targets tell of an HTTP status: the words of ours that stand before anything that came back."""


PATIENCE_S = 60.0
"""How long a call that is told to slow down is tried again while the target answers others: limits are often by the minute."""
PATIENCE_AT_FIRST_S = 10.0
"""The same, while it has not answered anybody yet."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0


class Paced:
    """A target whose calls pass a gate. It halves when the target asks to slow down, and widens with every answer.

    A target with a limit refuses most of a burst and is not dead: a call that it refuses waits, with everybody else, and is made again,
    as long as others are answered or under way. A target that refuses whoever is alone is given up at once.
    """

    def __init__(self, wrapped: Target, gate: Gate, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._wrapped, self.gate, self._clock = wrapped, gate, clock
        self.name, self.kind = wrapped.name, wrapped.kind
        self._answered = False

    @property
    def needs_session(self) -> bool:
        """That of the target."""
        return self._wrapped.needs_session

    async def reply(self, request: TargetRequest) -> Reply:
        """The target's answer, when it is its turn, with every attempt before it. Raises TargetError."""
        began, refused = self._clock(), 0
        before: tuple[Attempt, ...] = ()
        while True:
            async with self.gate.inside() as entered:
                try:
                    return self._heard(entered, await self._wrapped.reply(request), before)
                except TargetError as error:
                    failure = error.failure
                    before += failure.attempts
                    overloaded = asks_to_slow_down(failure.detail, failure.attempts)
                    again = overloaded and self._is_alive(began)
                    if overloaded:
                        self.gate.slow_down(entered, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**refused) if again else None)
                    if not again:
                        raise TargetError(failure.evolve(attempts=before)) from error
                    refused += 1

    def _heard(self, entered: float, reply: Reply, before: tuple[Attempt, ...]) -> Reply:
        self._answered = True
        if asks_to_slow_down("", reply.attempts):
            self.gate.slow_down(entered, None)
        else:
            self.gate.widen()
        return reply.evolve(attempts=before + reply.attempts) if before else reply

    def _is_alive(self, began: float) -> bool:
        """Whether a refused call that is still inside, begun at `began`, is worth making again."""
        patience = PATIENCE_S if self._answered else PATIENCE_AT_FIRST_S
        return (self._answered or self.gate.taken > 1) and self._clock() - began < patience

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


def paced(target: Target, most_at_once: int, gates: Gates | None = None) -> Target:
    """`target` behind a gate of so many calls at once, which is one of `gates`."""
    gate = (gates or Gates()).gate("target", target.name, concurrency=most_at_once, requests_per_minute=None)
    return PacedForgetful(target, gate, target) if isinstance(target, Forgetful) else Paced(target, gate)


def asks_to_slow_down(detail: str, attempts: tuple[Attempt, ...]) -> bool:
    """Whether a call met a status that asks for fewer calls: 429, 503 or 529."""
    return any(_SLOW_DOWN.search(told) for told in (detail, *(attempt.detail for attempt in attempts)))

"""Bounded, jittered retries of what passes by itself: the only ones, since the SDKs' own are switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from understudy.domain.errors import ModelError
from understudy.llm.adapter import Adapter
from understudy.llm.wrapping import Wrapping
from understudy.ports import Completion, LLMRequest

__all__ = ["LONGEST_WAIT_S", "PASSING", "Retried"]

PASSING = frozenset({"rate_limited", "overloaded", "server", "timeout", "reset"})
"""Other failures would only repeat themselves."""
LONGEST_WAIT_S = 60.0
"""A provider that asks for a longer wait is given up at once: a quota of the day is used up, not one of the minute."""
FIRST_WAIT_S = 0.5
JITTER = 0.25
"""Up to this share is added, so that those who were refused together do not come back together."""


class Retried(Wrapping):
    """A model that is asked again."""

    def __init__(
        self, wrapped: Adapter, *, retries: int, random: Random, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        super().__init__(wrapped)
        self._retries = retries
        self._random, self._sleep = random, sleep

    async def complete(self, request: LLMRequest) -> Completion:
        """The first answer within 1 + `retries` attempts; `attempts` counts them. Raises the last attempt's ModelError."""
        try:
            return await self._wrapped.complete(request)
        except ModelError as error:
            return await self._again(request, error)

    async def _again(self, request: LLMRequest, first: ModelError) -> Completion:
        """Go on after a first failure: the machinery is made only for the few calls that need it."""
        failed: list[ModelError] = []

        async def once() -> Completion:
            try:
                if not failed:
                    raise first
                return await self._wrapped.complete(request)
            except ModelError as error:
                failed.append(error)
                raise

        policy = AsyncRetrying(
            stop=stop_after_attempt(1 + self._retries), wait=self._wait, retry=retry_if_exception(_passes), sleep=self._sleep, reraise=True
        )
        try:
            completion: Completion = await policy(once)
        except ModelError as error:
            tried = f" Tried {len(failed)} times." if len(failed) > 1 else ""
            detail = error.detail + tried
            raise ModelError(error.kind, error.model, detail, retry_after=error.retry_after, attempts=len(failed)) from error
        return completion.evolve(attempts=len(failed) + 1)

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, ModelError) else None
        wait = FIRST_WAIT_S * 2 ** (state.attempt_number - 1) if asked is None else asked
        # Never earlier than the provider asked for.
        return float(min(LONGEST_WAIT_S, wait) * (1 + JITTER * self._random.random()))


def _passes(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.kind in PASSING and (error.retry_after or 0) <= LONGEST_WAIT_S

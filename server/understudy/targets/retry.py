"""Bounded retries of one call: which failures are worth another try, how long to wait, and a record of every failed one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from understudy.domain.conversation import Attempt, Reply
from understudy.targets.failure import CallFailed

__all__ = ["LONGEST_WAIT_S", "GaveUp", "timed_reply", "with_retries"]

LONGEST_WAIT_S = 20.0
"""A target that asks for a longer wait is given up at once; the conversation would stand still meanwhile."""
FIRST_WAIT_S = 0.2
T = TypeVar("T")


class GaveUp(Exception):
    """No call succeeded; `last` is the failure that decided it."""

    def __init__(self, last: CallFailed, attempts: tuple[Attempt, ...]) -> None:
        self.last, self.attempts = last, attempts
        super().__init__(str(last))


def worth_retrying(error: BaseException) -> bool:
    """429, 5xx and a broken connection pass; a dead address, a refusal, a hang or a wrong answer would only repeat itself."""
    return isinstance(error, CallFailed) and error.passing and (error.retry_after or 0) <= LONGEST_WAIT_S


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    backoff: float = FIRST_WAIT_S * 2 ** (state.attempt_number - 1)
    asked = error.retry_after if isinstance(error, CallFailed) else None
    return min(LONGEST_WAIT_S, backoff if asked is None else asked)


async def with_retries(
    call: Callable[[], Awaitable[T]],
    *,
    retries: int,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[T, tuple[Attempt, ...]]:
    """What `call` returns, and the attempts that failed before it did. Raises GaveUp."""
    started = clock()
    try:
        return await call(), ()
    except CallFailed as error:
        return await _again(call, error, clock() - started, retries=retries, sleep=sleep, clock=clock)


async def _again(
    call: Callable[[], Awaitable[T]],
    first: CallFailed,
    took: float,
    *,
    retries: int,
    sleep: Callable[[float], Awaitable[None]],
    clock: Callable[[], float],
) -> tuple[T, tuple[Attempt, ...]]:
    """Go on after a first failure: the machinery is made only for the few calls that need it."""
    failed: list[Attempt] = []

    async def once() -> T:
        if not failed:
            failed.append(Attempt(kind=first.kind, detail=first.detail, seconds=round(took, 6)))
            raise first
        started = clock()
        try:
            return await call()
        except CallFailed as error:
            failed.append(Attempt(kind=error.kind, detail=error.detail, seconds=round(clock() - started, 6)))
            raise

    policy = AsyncRetrying(
        stop=stop_after_attempt(1 + retries), wait=_wait, retry=retry_if_exception(worth_retrying), sleep=sleep, reraise=True
    )
    try:
        return await policy(once), tuple(failed)
    except CallFailed as error:
        raise GaveUp(error, tuple(failed)) from error


async def timed_reply(
    call: Callable[[], Awaitable[Reply]], *, retries: int, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> Reply:
    """The reply that `call` gives in the end, with the latency of the attempt that succeeded and the attempts that failed before it.

    Raises TargetError, with all of them, when none did.
    """
    started = time.perf_counter()

    async def timed() -> Reply:
        nonlocal started
        started = time.perf_counter()
        return await call()

    try:
        reply, attempts = await with_retries(timed, retries=retries, sleep=sleep)
    except GaveUp as error:
        raise error.last.as_error(error.attempts) from None
    return reply.evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3), attempts=attempts)

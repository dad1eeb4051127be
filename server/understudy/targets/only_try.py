"""One call of a target that keeps the conversation's process or connection: it is not tried again, since nobody knows how far it came."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from understudy.domain.conversation import Reply
from understudy.targets.failure import CallFailed
from understudy.wire.masking import Secrets

__all__ = ["only_try"]


async def only_try(call: Callable[[], Awaitable[Reply]], unready: CallFailed | None, secrets: Secrets) -> Reply:
    """What `call` gives, without secrets and with its latency. Raises TargetError; `unready`, when there is one, before any call."""
    if unready is not None:
        raise unready.as_error()
    started = time.perf_counter()
    try:
        # What `call` has masked is masked once more: text in parts and arguments in a string are whole only now.
        reply = secrets.mask_reply(await call())
    except CallFailed as error:
        raise error.masked(secrets).as_error() from None
    return reply.evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3))

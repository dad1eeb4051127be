"""Verdicts that are being made in this process: each is made once, whoever waits for it, and goes on when somebody stops waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from understudy.domain.verdict import Verdict

__all__ = ["UnderWay", "WhichVerdict"]

WhichVerdict = tuple[str, str, str]
"""Run, rubric, and who judges."""


class UnderWay:
    """The verdicts under way by what they are of."""

    def __init__(self) -> None:
        self._tasks: dict[WhichVerdict, asyncio.Task[Verdict]] = {}

    async def within(self, which: WhichVerdict, make: Callable[[], Awaitable[Verdict]], wait_s: float | None) -> Verdict | None:
        """The verdict, begun now if it is not under way; None when it takes longer than `wait_s` seconds (None: no limit).

        One that nobody has fetched is given to whoever asks next. Raises what `make` raises.
        """
        task = self._tasks.get(which)
        if task is None:
            task = self._tasks[which] = asyncio.ensure_future(_made(make))
        done, _ = await asyncio.wait({task}, timeout=wait_s)
        if not done:
            return None
        if self._tasks.get(which) is task:
            del self._tasks[which]
        return task.result()

    async def aclose(self) -> None:
        """Stop what is under way; it can be begun again."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _made(make: Callable[[], Awaitable[Verdict]]) -> Verdict:
    return await make()

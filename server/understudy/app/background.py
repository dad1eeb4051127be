"""Work that goes on after the call that began it has answered: one job a key, ended with the process, taken up again from the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

__all__ = ["Background", "Job", "Progress", "wait_for"]

Progress = Callable[[int, int, str], Awaitable[None]]
"""Called with what is done, what there is to do, and a line for people."""

LOOK_S = 0.25


@dataclass
class Job:
    """A piece of work under way, and how far it is."""

    done: int = 0
    most: int = 0
    line: str = ""
    task: asyncio.Task[None] | None = None

    def tell(self, done: int, most: int, line: str) -> None:
        """Note how far it is."""
        self.done, self.most, self.line = done, most, line


@dataclass
class Background:
    """The jobs of one process."""

    _jobs: dict[str, Job] = field(default_factory=dict[str, Job])

    def running(self, key: str) -> Job | None:
        """The job under way with this key."""
        job = self._jobs.get(key)
        return job if job is not None and job.task is not None and not job.task.done() else None

    def start(self, key: str, work: Callable[[Job], Awaitable[None]]) -> Job:
        """Begin `work`, or find it under way."""
        if (already := self.running(key)) is not None:
            return already
        job = Job()

        async def body() -> None:
            await work(job)

        job.task = asyncio.create_task(body(), name=f"understudy-{key}")
        job.task.add_done_callback(_seen)
        self._jobs[key] = job
        return job

    async def stop(self, key: str) -> None:
        """End a job; what it has stored is kept. Nothing happens when it is over."""
        if (job := self.running(key)) is not None and job.task is not None:
            job.task.cancel()
            await asyncio.wait([job.task])

    async def aclose(self) -> None:
        """End every job."""
        for key in list(self._jobs):
            await self.stop(key)
        self._jobs.clear()


def _seen(task: asyncio.Task[None]) -> None:
    """A failure is told by whoever waits; one that nobody waits for must not warn at exit."""
    if not task.cancelled():
        task.exception()


async def wait_for(job: Job, seconds: float | None, progress: Progress | None = None) -> bool:
    """Whether the job is over within `seconds` (None: however long it takes). Raises what it failed with."""
    if job.task is None:
        return True
    deadline = None if seconds is None else time.monotonic() + seconds
    shown = -1
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        pause = left if progress is None else LOOK_S if left is None else min(LOOK_S, left)
        await asyncio.wait([job.task], timeout=pause)
        if progress is not None and job.done > shown and job.most:
            shown = job.done
            await progress(job.done, job.most, job.line)
        if job.task.done():
            if not job.task.cancelled() and (error := job.task.exception()) is not None:
                raise error
            return True
        if left is not None and left <= 0:
            return False

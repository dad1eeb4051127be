"""The processes or connections of one target: one per conversation, ended when it is forgotten, cancelled, idle for long, or at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["Conversations", "Ongoing"]


class Ongoing(Protocol):
    """A process or connection that serves one conversation."""

    @property
    def gone(self) -> asyncio.Future[Any]:
        """Done when it has ended."""
        ...

    def kill(self) -> None:
        """End it, without waiting."""
        ...


Kept = TypeVar("Kept", bound=Ongoing)


class Conversations(Generic[Kept]):
    """Processes by run id. One that was dropped is replaced on the next call."""

    def __init__(self, start: Callable[[], Awaitable[Kept]], *, idle_s: float) -> None:
        self._start, self._idle_s = start, idle_s
        self._by_run: dict[str, Kept] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._going: set[Kept] = set()
        self._starting: dict[str, asyncio.Lock] = {}

    def __len__(self) -> int:
        return len(self._by_run)

    async def get(self, run_id: str) -> Kept:
        """The conversation's process, started when there is none. Raises CallFailed when it cannot be."""
        self._stop_timer(run_id)
        async with self._starting.setdefault(run_id, asyncio.Lock()):
            process = self._by_run.get(run_id)
            if process is None:
                process = self._by_run[run_id] = await self._start()
        return process

    def rest(self, run_id: str) -> None:
        """The process is not in use; from now on it is idle."""
        self._stop_timer(run_id)
        if run_id in self._by_run:
            self._timers[run_id] = asyncio.get_running_loop().call_later(self._idle_s, self.drop, run_id)

    def drop(self, run_id: str) -> None:
        """End the conversation's process, if it has one. Returns at once; `aclose` waits for it to be gone."""
        self._stop_timer(run_id)
        self._starting.pop(run_id, None)
        process = self._by_run.pop(run_id, None)
        if process is not None:
            self.end(process)

    def end(self, process: Kept) -> None:
        """End a process and remember it until it is gone."""
        process.kill()
        if not process.gone.done():
            self._going.add(process)
            process.gone.add_done_callback(lambda _: self._going.discard(process))

    async def aclose(self) -> None:
        """End all of them and wait until they are gone."""
        for run_id in list(self._by_run):
            self.drop(run_id)
        if self._going:
            await asyncio.wait([process.gone for process in self._going], timeout=5)

    def _stop_timer(self, run_id: str) -> None:
        timer = self._timers.pop(run_id, None)
        if timer is not None:
            timer.cancel()

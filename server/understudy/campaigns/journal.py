"""The stored events of one run, written under one lease: what workers and players by hand go on from."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from understudy.domain.conversation import Event, Stopped
from understudy.domain.errors import Conflict, NotFound, StoreBusy
from understudy.domain.transcript import Played
from understudy.ports import Lease, RunRecord, Store, StoredEvent
from understudy.simulation.conversation import Conversation, replay

__all__ = ["Journal", "OnChange"]

_log = logging.getLogger(__name__)
T = TypeVar("T")
OnChange = Callable[[str], Awaitable[None]]

_BUSY_PAUSES = (0.2, 1.0, 3.0)
"""Seconds between tries while another process blocks the store; each try waits for the store's own timeout as well."""


class Journal:
    """Reads and appends the events of the run of one lease. `clock` counts seconds since the epoch."""

    def __init__(self, lease: Lease, store: Store, clock: Callable[[], float], on_change: OnChange | None) -> None:
        self.lease, self.store, self.clock = lease, store, clock
        self.run_id = lease.run_id
        self._on_change = on_change
        self.stored: list[StoredEvent] = []
        """As last loaded."""
        self._next = 0
        self.dead_workers = 0
        """How many took the run before this one and were lost without storing anything."""

    async def load(self, run: RunRecord | None = None) -> Conversation:
        """The conversation as far as it is stored; `run` is its record as read before the lease was taken. Raises NotFound."""
        # Who reads the record and gets the first lease is the first to write: there are no events yet.
        untouched = run is not None and self.lease.fence == 1
        run = run or await self.store.run(self.run_id)
        if run is None:
            raise NotFound("run", self.run_id)
        self.stored = stored = [] if untouched else await self.store.events(self.run_id)
        self._next = len(stored)
        self.dead_workers = self.lease.fence - 1 - max((e.fence for e in stored), default=0)
        return replay(run.scenario, [e.event for e in stored])

    async def record(self, events: Sequence[Event]) -> None:
        """Store events behind those that are there. Raises StoreError."""
        first = self._next
        await _patiently(lambda: self.store.append(self.lease, events, first_seq=first, at=self.clock()))
        self._next += len(events)
        await self._changed()

    async def add_last(self, make: Callable[[float], Event]) -> None:
        """Store one event behind whatever is there; `make` gets the conversation's time. Raises StoreError."""
        while True:
            stored = await self.store.events(self.run_id)
            self._next = len(stored)
            # A step that was cancelled in the middle may still be on its way into the store: then look again.
            with contextlib.suppress(Conflict):
                return await self.record((make(max((getattr(e.event, "at", 0.0) for e in stored), default=0.0)),))

    async def stop(self) -> None:
        """Record the cancellation and finish, with the ending that was reached before it, if there was one."""
        await self.add_last(lambda at: Stopped(why="cancelled", at=at))
        await self.close(await self.load())

    async def close(self, state: Conversation) -> None:
        """Mark the run finished as `state` is. Raises StoreError."""
        ending = state.ending
        assert ending is not None, "it is over"  # noqa: S101 - cannot happen
        await self.finish(ending.kind, Played(turns=state.turns, ledger=state.ledger, ending=ending))

    async def finish(self, ending: str, played: Played | None = None) -> None:
        """Mark the run finished. Raises StoreError."""
        await _patiently(lambda: self.store.finish(self.lease, ending=ending, at=self.clock(), played=played))
        await self._changed()

    async def _changed(self) -> None:
        if self._on_change is None:
            return
        try:
            await self._on_change(self.run_id)
        except Exception:  # the boundary to a listener: its failure is not the conversation's
            _log.exception("a listener to run %s failed", self.run_id)


async def _patiently(write: Callable[[], Awaitable[T]]) -> T:
    """What `write` returns, tried again while the store is busy. Raises StoreError."""
    for pause in _BUSY_PAUSES:
        try:
            return await write()
        except StoreBusy:
            await asyncio.sleep(pause)
    return await write()

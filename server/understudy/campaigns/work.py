"""What a worker does with one conversation, under any engine: replay what is stored, drive on, finish.

Every event is stored under the worker's fence before the next step is taken. A worker that was paused and comes back finds its
lease taken, and stops without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from understudy.campaigns.lag import LagAware
from understudy.domain.conversation import Event, PlayerFailed, Reply, Stopped, TargetFailure
from understudy.domain.errors import Conflict, Fenced, NotFound, StoreBusy, StoreError, TargetError
from understudy.domain.transcript import Played
from understudy.ports import Lease, Player, Store, StoredEvent, Target, TargetRequest
from understudy.simulation.conversation import Conversation, replay
from understudy.simulation.drive import drive

__all__ = ["Forgetful", "Unavailable", "cancel", "fail", "times_resumed", "work"]

_log = logging.getLogger(__name__)
T = TypeVar("T")
OnChange = Callable[[str], Awaitable[None]]

_MOST_DEAD_WORKERS = 5
"""A step that kills whoever takes it must not take down one server after the other."""
_BUSY_PAUSES = (0.2, 1.0, 3.0)
"""Seconds between tries while another process blocks the store; each try waits for the store's own timeout as well."""


@runtime_checkable
class Forgetful(Protocol):
    """A target that keeps something for each conversation, and lets go of it when told that it is over."""

    def forget(self, run_id: str) -> None: ...


class Unavailable:
    """Stands in for a target that cannot be asked: every call fails with the reason."""

    needs_session = False

    def __init__(self, name: str, kind: str, failure: TargetFailure) -> None:
        self.name, self.kind = name, kind
        self._failure = failure

    async def reply(self, request: TargetRequest) -> Reply:  # noqa: ARG002 - the port's
        """Raises TargetError."""
        raise TargetError(self._failure)

    async def aclose(self) -> None:
        """Nothing to free."""


async def work(
    lease: Lease,
    store: Store,
    player: Player,
    target: Target,
    *,
    clock: Callable[[], float],
    lease_ttl: float,
    stop: asyncio.Event | None = None,
    on_change: OnChange | None = None,
) -> bool:
    """Take the run of `lease` to its end. True when it is finished, False when another worker has it now.

    `clock` counts seconds since the epoch. Setting `stop` cancels the conversation; cancelling the task gives the run back
    unfinished. Raises StoreError when the store fails for good; the run is then given back too.
    """
    journal = _Journal(lease, store, clock, on_change)
    try:
        await _to_the_end(journal, player, target, lease_ttl, stop or asyncio.Event())
    except Fenced:
        return False
    except (StoreError, asyncio.CancelledError):
        with contextlib.suppress(StoreError):
            await store.release(lease)
        raise
    except Exception as error:  # the boundary of a conversation: a fault of ours ends this one and no other
        _log.exception("run %s broke", lease.run_id)
        return await fail(lease, store, f"{type(error).__name__}: {error}", clock=clock, on_change=on_change)
    finally:
        if isinstance(target, Forgetful):
            target.forget(lease.run_id)
    return True


async def cancel(lease: Lease, store: Store, *, clock: Callable[[], float], on_change: OnChange | None = None) -> bool:
    """Record that the run of `lease` was cancelled, and finish it. True when it is finished, False when fenced."""
    journal = _Journal(lease, store, clock, on_change)
    try:
        await journal.stop()
    except Fenced:
        return False
    return True


async def fail(lease: Lease, store: Store, detail: str, *, clock: Callable[[], float], on_change: OnChange | None = None) -> bool:
    """End the run of `lease` as the simulator's failure. True when it is finished, False when fenced."""
    journal = _Journal(lease, store, clock, on_change)
    try:
        await journal.add_last(lambda at: PlayerFailed(detail=detail, at=at))
        await journal.finish("simulator_failed")
    except Fenced:
        return False
    return True


def times_resumed(events: Sequence[StoredEvent]) -> int:
    """How often the conversation was taken up again: each worker has a fence of its own. Stopping it is not taking it up."""
    return max(0, len({e.fence for e in events if not isinstance(e.event, Stopped)}) - 1)


async def _to_the_end(journal: _Journal, player: Player, target: Target, lease_ttl: float, stop: asyncio.Event) -> None:
    state = await journal.load()
    if journal.dead_workers >= _MOST_DEAD_WORKERS:
        raise RuntimeError(f"{journal.dead_workers} workers in a row were lost on the same step; it is not tried again")
    if state.ending is None and (journal.lease.cancel_requested or stop.is_set()):
        return await journal.stop()
    if _session_is_lost(state, target):
        target = Unavailable(target.name, target.kind, _lost_session(target))
    driving = asyncio.create_task(
        drive(state, player, LagAware(target), run_id=journal.run_id, record=journal.record, clock=time.monotonic)
    )
    keeping = asyncio.create_task(_keep(journal.lease, journal.store, journal.clock, lease_ttl, stop))
    try:
        await asyncio.wait({driving, keeping}, return_when=asyncio.FIRST_COMPLETED)
        if not driving.done():
            keeping.result()
    finally:
        await _end(driving, keeping)
    if driving.cancelled():
        return await journal.stop()
    return await journal.close(driving.result())


async def _keep(lease: Lease, store: Store, clock: Callable[[], float], ttl: float, stop: asyncio.Event) -> None:
    """Renew the lease until the conversation is to be cancelled. Raises Fenced."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ttl / 3):
                await stop.wait()
                return
        # While the store is busy nobody else can take over either; if somebody does in the end, the fence holds.
        with contextlib.suppress(StoreBusy):
            lease = await store.renew(lease, at=clock(), ttl=ttl)
        if lease.cancel_requested:
            return


async def _end(*tasks: asyncio.Task[object] | asyncio.Task[None] | asyncio.Task[Conversation]) -> None:
    """Cancel the tasks and wait until they are over; what they raise stays in them."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()


def _session_is_lost(state: Conversation, target: Target) -> bool:
    answered = any(turn.role == "agent" for turn in state.turns)
    return target.needs_session and answered and state.session is None


def _lost_session(target: Target) -> TargetFailure:
    detail = (
        f"The target `{target.name}` keeps the history itself and gave no session to go on with, and the process that ran this "
        "conversation is gone. Run it again."
    )
    return TargetFailure(kind="reset", detail=detail)


class _Journal:
    """The stored events of one run, written under one lease."""

    def __init__(self, lease: Lease, store: Store, clock: Callable[[], float], on_change: OnChange | None) -> None:
        self.lease, self.store, self.clock = lease, store, clock
        self.run_id = lease.run_id
        self._on_change = on_change
        self._next = 0
        self.dead_workers = 0
        """How many took the run before this one and were lost without storing anything."""

    async def load(self) -> Conversation:
        """The conversation as far as it is stored. Raises NotFound."""
        run = await self.store.run(self.run_id)
        if run is None:
            raise NotFound("run", self.run_id)
        stored = await self.store.events(self.run_id)
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

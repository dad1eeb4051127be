"""What a worker does with one conversation, under any engine: replay what is stored, drive on, finish or stop where it was told.

Every event is stored under the worker's fence before the next step is taken. A worker that was paused and comes back finds its
lease taken, and stops without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from understudy.campaigns.journal import Journal, OnChange
from understudy.campaigns.lag import LagAware
from understudy.campaigns.pace import pace_of_this_loop
from understudy.domain.conversation import Effect, Event, PlayerFailed, Reply, Stopped, TargetFailure
from understudy.domain.errors import Fenced, StoreBusy, StoreError, TargetError
from understudy.ports import Lease, Player, RunRecord, Store, StoredEvent, Target, TargetRequest
from understudy.simulation.conversation import Conversation, advance
from understudy.simulation.drive import drive

__all__ = ["Forgetful", "NextStep", "Unavailable", "cancel", "fail", "times_resumed", "work"]

_log = logging.getLogger(__name__)

_MOST_DEAD_WORKERS = 5
"""A step that kills whoever takes it must not take down one server after the other."""

NextStep = Callable[[Conversation, Sequence[StoredEvent]], Sequence[Event]]
"""What is to be stored before anything else is done, by the conversation as it is and its events; nothing, when it does not fit."""


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
    first: NextStep | None = None,
    until: Callable[[Effect], bool] | None = None,
    held_fence: int | None = None,
    record: RunRecord | None = None,
) -> bool:
    """Take the run of `lease` to its end. True when it is finished, False when it is not: another worker has it now, or
    `until` held of what is to be done next, and the run was given back.

    `clock` counts seconds since the epoch. Setting `stop` cancels the conversation; cancelling the task gives the run back
    unfinished. `record` is the run's as the caller read it before the lease was taken. `first` gives the events of a step that is
    taken by hand. `held_fence` is the fence under which this process last went on with the run: what its target keeps in this
    process is there still when nobody has gone on since. Raises StoreError when the store fails for good; the run is then given
    back too.
    """
    journal = Journal(lease, store, clock, on_change)
    finished = True
    try:
        finished = await _onward(journal, player, target, lease_ttl, stop or asyncio.Event(), first, until, held_fence, record)
        if not finished:
            await store.release(lease)
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
        if finished and isinstance(target, Forgetful):
            target.forget(lease.run_id)
    return finished


async def cancel(lease: Lease, store: Store, *, clock: Callable[[], float], on_change: OnChange | None = None) -> bool:
    """Record that the run of `lease` was cancelled, and finish it. True when it is finished, False when fenced."""
    journal = Journal(lease, store, clock, on_change)
    try:
        await journal.stop()
    except Fenced:
        return False
    return True


async def fail(lease: Lease, store: Store, detail: str, *, clock: Callable[[], float], on_change: OnChange | None = None) -> bool:
    """End the run of `lease` as the simulator's failure. True when it is finished, False when fenced."""
    journal = Journal(lease, store, clock, on_change)
    try:
        await journal.add_last(lambda at: PlayerFailed(detail=detail, at=at))
        await journal.finish("simulator_failed")
    except Fenced:
        return False
    return True


def times_resumed(events: Sequence[StoredEvent]) -> int:
    """How often the conversation was taken up again: each worker has a fence of its own. Stopping it is not taking it up."""
    return max(0, len({e.fence for e in events if not isinstance(e.event, Stopped)}) - 1)


async def _onward(
    journal: Journal,
    player: Player,
    target: Target,
    lease_ttl: float,
    stop: asyncio.Event,
    first: NextStep | None,
    until: Callable[[Effect], bool] | None,
    held_fence: int | None,
    record: RunRecord | None,
) -> bool:
    """Whether the conversation is over, and closed."""
    state = await journal.load(record)
    if journal.dead_workers >= _MOST_DEAD_WORKERS:
        raise RuntimeError(f"{journal.dead_workers} workers in a row were lost on the same step; it is not tried again")
    if state.ending is None and (journal.lease.cancel_requested or stop.is_set()):
        await journal.stop()
        return True
    still_here = bool(journal.stored) and journal.stored[-1].fence == held_fence
    if not still_here and _session_is_lost(state, target):
        target = Unavailable(target.name, target.kind, _lost_session(target))
    if first is not None and (events := first(state, journal.stored)):
        await journal.record(events)
        for event in events:
            state, _ = advance(state, event)
    pace = pace_of_this_loop()

    async def record_and_wait(events: Sequence[Event]) -> None:
        """Store the events, then wait for this conversation's turn to take its next step."""
        await journal.record(events)
        await pace.turn()

    driving = asyncio.create_task(
        drive(state, player, LagAware(target), run_id=journal.run_id, record=record_and_wait, clock=time.monotonic, until=until)
    )
    keeping = asyncio.create_task(_keep(journal.lease, journal.store, journal.clock, lease_ttl, stop))
    try:
        await asyncio.wait({driving, keeping}, return_when=asyncio.FIRST_COMPLETED)
        if not driving.done():
            keeping.result()
    finally:
        await _end(driving, keeping)
    if driving.cancelled():
        await journal.stop()
        return True
    state = driving.result()
    if state.ending is not None:
        await journal.close(state)
    return state.ending is not None


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
    return TargetFailure(kind="lost_session", detail=detail)

"""Conversations played by hand: whoever calls us takes one side, a step at a time, from any process over the same store.

A step is: claim the run, replay it, store what the caller said, have the other side answer, give the run back. What is between two
steps is in the store and nowhere else. Steps are numbered, so that a call that is made again takes no second one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from understudy.campaigns.journal import OnChange
from understudy.campaigns.owner import is_dead
from understudy.campaigns.work import Unavailable, work
from understudy.domain.conversation import (
    AskPlayer,
    Brief,
    Effect,
    Event,
    Ledger,
    Move,
    Opened,
    PlayerMoved,
    Reply,
    SendToTarget,
    TargetFailure,
    TargetReplied,
)
from understudy.domain.errors import BadInput, Busy, CallerError, Conflict, NotFound
from understudy.domain.scenario import CALLER, Scenario
from understudy.domain.value import Value
from understudy.ports import Lease, Player, RunRecord, Store, StoredEvent, Target
from understudy.simulation.conversation import Conversation, pending, replay

__all__ = ["Absent", "Standing", "Stepper"]

_log = logging.getLogger(__name__)

Own = Move | Reply
"""What the caller contributes: a user's move, or the answer of the agent."""

_FIRST_LOOK, _LAST_LOOK = 0.05, 0.5
"""Seconds between looks at a run that another process has: the pause doubles from the first to the last."""
_MOST_UNDER_WAY = 256
"""Steps that may be under way at once in one process."""


class Absent:
    """Stands in for the player where the caller plays: it is never asked."""

    version = f"{CALLER}/1"

    async def play(self, brief: Brief) -> Move:  # noqa: ARG002 - the port's
        """Raises RuntimeError."""
        raise RuntimeError("this run is played by hand; nobody here decides for its user")


class Standing(Value):
    """Where a run played by hand stands."""

    state: Conversation
    step: int
    """The number of the step that is to be taken next, counted from 1. A message that the guard refuses counts too."""
    taken: int | None = None
    """The step that this call took, or had taken before; None when it only looked."""
    before: Ledger | None = None
    """The user's account before the caller's last contribution; None when there was none."""
    outstanding: bool = False
    """Something is to be done that is not the caller's: the other side has not answered yet, or the end is not recorded."""
    ended: str | None = None
    """The kind of ending, once it is over."""


class Stepper:
    """Takes the steps of runs played by hand, of each run one at a time, and goes on in the background when a caller stops waiting."""

    def __init__(
        self,
        store: Store,
        *,
        player_for: Callable[[str, Scenario], Player],
        target_for: Callable[[str], Awaitable[Target]],
        clock: Callable[[], float],
        owner: str,
        lease_ttl: float = 15.0,
        on_change: OnChange | None = None,
    ) -> None:
        """`clock` counts seconds since the epoch; `owner` comes from `owner_name` and differs from that of the engine."""
        self._store, self._clock, self._owner, self._ttl = store, clock, owner, lease_ttl
        self._player_for, self._target_for = player_for, target_for
        self._on_change = on_change
        self._under_way: dict[str, _Step] = {}
        self._fences: dict[str, int] = {}
        """The fence under which this process last took a step of a run that goes on."""
        self._closed = False

    async def take(self, run_id: str, own: Own | None = None, *, step: int | None = None, wait_s: float = 45.0) -> Standing:
        """Take step number `step` with `own`, have the other side answer for up to `wait_s` seconds, and tell where the run stands.

        Without `own` nothing is said, but an answer that is outstanding is fetched. The same contribution to a step that was
        taken before changes nothing; the standing is then the one after that step. Raises Conflict for another contribution
        to it, for a step that is not due and for a run that is over; NotFound; BadInput for the wrong side's contribution;
        Busy; StoreError.
        """
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + wait_s, _FIRST_LOOK
        while True:
            if (under_way := self._under_way.get(run_id)) is not None:
                await asyncio.wait({under_way.task}, timeout=max(0.0, deadline - loop.time()))
            record, stored = await self._look(run_id)
            standing = _standing(record, stored)
            before = _taken_before(standing, record.scenario, stored, own, step) if own is not None else standing
            due, standing = before is None, before or standing
            late = loop.time() >= deadline
            if not due and (late or not standing.outstanding):
                return _with_ledger_before(standing, record.scenario, stored)
            if run_id in self._under_way and not late:
                continue
            if run_id in self._under_way:
                raise _not_now(run_id)
            began = self._begin(record, own if due else None, step)
            await asyncio.wait({began}, timeout=max(0.0, deadline - loop.time()))
            if not began.done() or began.result():
                continue
            # Another process has it just now.
            if late and due:
                raise _not_now(run_id)
            await asyncio.sleep(min(pause, max(0.0, deadline - loop.time())))
            pause = min(_LAST_LOOK, pause * 2)

    async def cancel(self, run_id: str, *, wait_s: float = 10.0) -> Standing:
        """Stop a run; a process that has it stops it within that time, or a little later. Raises NotFound and StoreError."""
        await self._store.request_cancel(run_id, at=self._clock())
        if (under_way := self._under_way.get(run_id)) is not None:
            under_way.stop.set()
        return await self.take(run_id, wait_s=wait_s)

    async def aclose(self) -> None:
        """Stop the steps under way where they are; the next call, in any process, goes on. May be called twice."""
        self._closed = True
        tasks = [step.task for step in self._under_way.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # ---- the machinery

    async def _look(self, run_id: str) -> tuple[RunRecord, list[StoredEvent]]:
        record = await self._store.run(run_id)
        if record is None:
            raise NotFound("run", run_id)
        return record, await self._store.events(run_id)

    def _begin(self, record: RunRecord, own: Own | None, step: int | None) -> asyncio.Task[bool]:
        if self._closed or len(self._under_way) >= _MOST_UNDER_WAY:
            raise _not_now(record.id)
        stop = asyncio.Event()
        task = asyncio.create_task(self._go(record, own, step, stop), name=f"understudy-step-{record.id}")
        self._under_way[record.id] = _Step(task, stop)
        task.add_done_callback(lambda done: self._ended(record.id, done))
        return task

    def _ended(self, run_id: str, task: asyncio.Task[bool]) -> None:
        del self._under_way[run_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            # Whoever waits for the step is told; the log is for a caller who has stopped waiting.
            _log.warning("a step of run %s stopped: %s", run_id, error)

    async def _go(self, record: RunRecord, own: Own | None, step: int | None, stop: asyncio.Event) -> bool:
        """Whether the run could be had. Raises StoreError, and CallerError for a player that cannot be made."""
        lease = await self._claim(record)
        if lease is None:
            return False
        scenario = record.scenario

        def first(state: Conversation, stored: Sequence[StoredEvent]) -> Sequence[Event]:
            """The caller's event, if it is still due: another process may have been here since this one looked."""
            if own is None or not _is_callers(state) or step != 1 + len(_own_events(scenario, stored)):
                return ()
            event = PlayerMoved(move=own, at=state.at) if isinstance(own, Move) else TargetReplied(reply=own, at=state.at)
            return (event,) if state.opened else (Opened(), event)

        try:
            player, target = await self._sides(record.id, scenario)
        except BaseException:
            await self._store.release(lease)
            raise
        over = await work(
            lease,
            self._store,
            player,
            target,
            clock=self._clock,
            lease_ttl=self._ttl,
            stop=stop,
            on_change=self._on_change,
            first=first,
            until=lambda effect: _is_left_to(scenario, effect),
            held_fence=self._fences.pop(record.id, None),
        )
        if not over:
            self._fences[record.id] = lease.fence
        return True

    async def _claim(self, record: RunRecord) -> Lease | None:
        now = self._clock()
        if record.owner is not None and record.owner != self._owner and is_dead(record.owner):
            await self._store.expire(record.owner, at=now)
        return await self._store.claim(record.id, self._owner, at=now, ttl=self._ttl)

    async def _sides(self, run_id: str, scenario: Scenario) -> tuple[Player, Target]:
        player = Absent() if scenario.player == CALLER else self._player_for(run_id, scenario)
        if scenario.target == CALLER:
            return player, _not_here(CALLER, "the caller answers, and nobody here")
        try:
            return player, await self._target_for(scenario.target)
        except CallerError as error:
            return player, _not_here(scenario.target, str(error))


@dataclass(frozen=True, slots=True)
class _Step:
    task: asyncio.Task[bool]
    stop: asyncio.Event


def _not_now(run_id: str) -> Busy:
    return Busy(f"Somebody is at run {run_id} just now, or too much is under way. Call again with the same step: nothing is said twice.")


def _not_here(name: str, why: str) -> Target:
    return Unavailable(name, "unknown", TargetFailure(kind="not_configured", detail=why))


# ---------------------------------------------------------------- where a run stands


def _standing(record: RunRecord, stored: Sequence[StoredEvent]) -> Standing:
    scenario = record.scenario
    state = replay(scenario, [e.event for e in stored])
    finished = record.status == "finished"
    ended = record.ending if finished else state.ending.kind if state.ending else None
    # A run that reached its end, or was asked to stop, and whose process went away before it said so is closed by the next call.
    unclosed = ended is not None or record.cancel_requested or not state.opened
    mine = _own_events(scenario, stored)
    return Standing(
        state=state,
        step=1 + len(mine),
        outstanding=not finished and (unclosed or not _is_callers(state)),
        ended=ended,
    )


def _with_ledger_before(standing: Standing, scenario: Scenario, stored: Sequence[StoredEvent]) -> Standing:
    """With the account as it was before the last contribution of those that the standing knows of."""
    mine = _own_events(scenario, stored)
    number = standing.step - 1 if standing.taken is None else standing.taken
    if number == 0:
        return standing
    return standing.evolve(before=replay(scenario, [e.event for e in stored[: mine[number - 1]]]).ledger)


def _own_events(scenario: Scenario, stored: Sequence[StoredEvent]) -> list[int]:
    """Where the caller's contributions are among the events."""
    kind = PlayerMoved if scenario.player == CALLER else TargetReplied
    return [i for i, e in enumerate(stored) if isinstance(e.event, kind)]


def _is_callers(state: Conversation) -> bool:
    """Whether the caller is to say the next thing."""
    return _is_left_to(state.scenario, pending(state))


def _is_left_to(scenario: Scenario, effect: Effect) -> bool:
    if isinstance(effect, AskPlayer):
        return scenario.player == CALLER
    return isinstance(effect, SendToTarget) and scenario.target == CALLER


def _taken_before(standing: Standing, scenario: Scenario, stored: Sequence[StoredEvent], own: Own, step: int | None) -> Standing | None:
    """The standing after step `step`, when `own` was taken then; None when it is to be taken now. Raises Conflict and BadInput."""
    user = scenario.player == CALLER
    if isinstance(own, Move) is not user:
        given, wanted = ("reply", "message") if user else ("message", "reply")
        raise BadInput(given, f"does not fit: in this run you are the {'user' if user else 'agent'}", f"Pass `{wanted}`")
    if step is None:
        raise BadInput("step", f"is needed with every `{'message' if user else 'reply'}`; it is {standing.step} now; nothing was said")
    mine = _own_events(scenario, stored)
    if 0 < step <= len(mine):
        if not _is_same(stored[mine[step - 1]].event, own):
            raise Conflict(f"Step {step} was taken before, with other words; nothing was said now. {_now(standing)}")
        if step == len(mine):
            return standing.evolve(taken=step)
        upto = replay(scenario, [e.event for e in stored[: mine[step]]])
        return Standing(state=upto, step=standing.step, taken=step)
    if standing.ended is not None:
        raise Conflict(f"The conversation is over ({standing.ended}); nothing was said. {_now(standing)}")
    if step != standing.step or not _is_callers(standing.state):
        raise Conflict(f"Step {step} is not due; nothing was said. {_now(standing)}")
    return None


def _is_same(event: Event, own: Own) -> bool:
    if isinstance(event, PlayerMoved) and isinstance(own, Move):
        return (event.move.message, event.move.kind) == (own.message, own.kind)
    return isinstance(event, TargetReplied) and isinstance(own, Reply) and event.reply == own


def _now(standing: Standing) -> str:
    if standing.ended is None and standing.outstanding and not _is_callers(standing.state):
        return "The other side has not answered yet: call with run_id alone."
    return ("" if standing.ended else f"It is at step {standing.step}: ") + "call with run_id alone to see how it stands."

"""The embedded engine: conversations as asyncio tasks in the serving process."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from understudy.campaigns import work as worker
from understudy.campaigns.executor import Executor
from understudy.campaigns.owner import is_dead
from understudy.domain.campaign import Campaign
from understudy.domain.conversation import TargetFailure
from understudy.domain.errors import CallerError, NotFound, StoreError
from understudy.domain.scenario import Scenario
from understudy.ports import Lease, Player, RunRecord, Store, Target

__all__ = ["Embedded", "within"]

_log = logging.getLogger(__name__)

_FIRST_LOOK, _LAST_LOOK = 0.1, 1.0
"""Seconds between looks at a run that another process has: the pause doubles from the first to the last."""
_CANCEL_SECONDS = 5.0
"""How long `cancel` waits for a run of ours to stop."""
_FAILURES_KEPT = 256
_MOST_WAITING = 2_000
"""Runs that may wait for their turn here; more are refused, so that one caller cannot keep all others out for hours."""


@dataclass(slots=True, eq=False)
class _Job:
    """A run that was handed to this engine."""

    run_id: str
    adopted: bool
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    finished: bool = False
    """The run was finished here: nobody who waits need ask the store."""


class Embedded(Executor):
    """Runs up to `concurrency` conversations at once; the others wait for their turn."""

    def __init__(
        self,
        store: Store,
        *,
        player_for: Callable[[str, Scenario], Player],
        target_for: Callable[[str], Awaitable[Target]],
        clock: Callable[[], float],
        owner: str,
        concurrency: int = 64,
        lease_ttl: float = 15.0,
        on_change: Callable[[str], Awaitable[None]] | None = None,
        on_finish: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`clock` counts seconds since the epoch; `owner` comes from `owner_name`. `target_for` raises CallerError for a
        target that this process does not know. `on_change` hears the id of a run whenever it has gone on, `on_finish`
        of one that was finished here, before anybody who waits for it. Targets stay the caller's to close."""
        self._store, self._clock, self._owner = store, clock, owner
        self._player_for, self._target_for = player_for, target_for
        self._concurrency, self._ttl = concurrency, lease_ttl
        self._on_change, self._on_finish = on_change, on_finish
        self._jobs: dict[str, _Job] = {}
        self._waiting: deque[_Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: dict[str, StoreError] = {}
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    # ---- what callers ask for

    @property
    def owner(self) -> str:
        """The name in its leases."""
        return self._owner

    @property
    def full(self) -> bool:
        """Whether so many runs wait already that another one is refused."""
        return len(self._waiting) >= _MOST_WAITING

    async def submit(self, *run_ids: str) -> None:
        """Take these runs to their end, in this order. One that is here already, or finished, is left as it is."""
        self._take(run_ids, adopted=False)

    async def wait(self, run_id: str, timeout: float) -> bool:
        """Whether the run is finished within `timeout` seconds. A run whose worker has died is taken up here.

        Raises NotFound, and the StoreError that stopped the run in this process.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        pause = _FIRST_LOOK
        while True:
            job = self._jobs.get(run_id)
            if job is not None and not await within(job.done, deadline - loop.time()):
                return False
            if job is not None and job.finished:
                return True
            if failure := self._failures.pop(run_id, None):
                raise failure
            run = await self._store.run(run_id)
            if run is None:
                raise NotFound("run", run_id)
            left = deadline - loop.time()
            if run.status == "finished" or left <= 0:
                return run.status == "finished"
            if not run.scenario.by_hand and await self._is_abandoned(run):
                self._take((run_id,), adopted=True)
            # Between looks in any case: a run that was taken up and let go again must not keep the loop spinning.
            await asyncio.sleep(min(pause, left))
            pause = min(_LAST_LOOK, pause * 2)

    async def over(self, run_id: str) -> bool:
        """Return when the run is no longer here, with what follows it; whether it was finished here. Not so: whoever wants it done
        asks the store how it stands."""
        job = self._jobs.get(run_id)
        if job is not None:
            await job.done.wait()
        return job is not None and job.finished

    async def cancel(self, run_id: str) -> bool:
        """Stop a run: True when it is finished now, False when its holder was asked and will stop it. Raises NotFound."""
        job = self._jobs.get(run_id)
        if job is not None and job in self._waiting:
            self._waiting.remove(job)
            self._drop(job)
        elif job is not None:
            job.stop.set()
            await within(job.done, _CANCEL_SECONDS)
        lease = await self._claim(run_id)
        if lease is not None and await worker.cancel(lease, self._store, clock=self._clock, on_change=self._on_change):
            return True
        return not await self._store.request_cancel(run_id, at=self._clock())

    async def adopt(self, since: float) -> list[str]:
        """Take up the unfinished runs created after `since` that nobody holds, and those of dead processes of this host.

        Returns their ids. A run whose target this process does not know is left for another.
        """
        now = self._clock()
        for owner in await self._store.holders(at=now):
            if owner != self._owner and is_dead(owner):
                await self._store.expire(owner, at=now)
        found = [run_id for run_id in await self._store.unfinished(at=now, since=since) if run_id not in self._jobs]
        self._take(found, adopted=True)
        return found

    def keep_adopting(self, since: float) -> None:
        """Adopt now, and again whenever a lease could have run out, until closed."""
        if self._watch is None and not self._closed:
            self._watch = asyncio.create_task(self._adopt_for_ever(since), name="understudy-adopt")

    async def aclose(self) -> None:
        """Stop every run where it is, unfinished and free to be taken up, and take no more. May be called twice."""
        self._closed = True
        self._waiting.clear()
        tasks = [*self._tasks, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for job in list(self._jobs.values()):
            self._drop(job)

    async def begin(self, campaign: Campaign) -> Embedded:
        """Have places of its own for a campaign, so that none waits for another's."""
        self.add_places(campaign.spec.concurrency)
        return self

    def end(self, campaign: Campaign) -> None:
        """Take its places away, once those under way are over."""
        self.add_places(-campaign.spec.concurrency)

    def add_places(self, more: int) -> None:
        """Run so many more at once; fewer for a negative number, once those under way are over."""
        self._concurrency += more
        if not self._closed:
            self._fill()

    @property
    def active(self) -> int:
        """How many runs are here, running or waiting for their turn."""
        return len(self._jobs)

    # ---- the machinery

    def _take(self, run_ids: tuple[str, ...] | list[str], *, adopted: bool) -> None:
        if self._closed:
            raise RuntimeError("the engine is closed; it takes no more runs")
        for run_id in run_ids:
            if run_id not in self._jobs:
                self._failures.pop(run_id, None)
                self._jobs[run_id] = job = _Job(run_id, adopted)
                self._waiting.append(job)
        self._fill()

    def _fill(self) -> None:
        while self._waiting and len(self._tasks) < self._concurrency:
            job = self._waiting.popleft()
            task = asyncio.create_task(self._run(job), name=f"understudy-run-{job.run_id}")
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, job))

    def _ended(self, job: _Job, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._drop(job)
        if not self._closed:
            self._fill()

    def _drop(self, job: _Job) -> None:
        if self._jobs.get(job.run_id) is job:
            del self._jobs[job.run_id]
        job.done.set()

    async def _run(self, job: _Job) -> None:
        try:
            run = await self._store.run(job.run_id)
            if run is None:
                raise NotFound("run", job.run_id)
            if run.scenario.by_hand:
                return  # one side of it is whoever calls us; it goes on when they take a step
            lease = await self._claim(run.id)
            if lease is not None and await self._work(job, lease, run):
                await self._finished(job.run_id)
                job.finished = True
        except StoreError as error:
            _log.warning("run %s stopped unfinished: %s", job.run_id, error)
            self._keep_failure(job.run_id, error)
        except NotFound as error:
            _log.warning("%s", error)

    async def _work(self, job: _Job, lease: Lease, run: RunRecord) -> bool:
        """True when the run is finished."""
        try:
            target = await self._target_for(run.scenario.target)
        except CallerError as error:
            if job.adopted:
                _log.warning("run %s is left for another process: %s", job.run_id, error)
                await self._store.release(lease)
                return False
            target = worker.Unavailable(run.scenario.target, "unknown", TargetFailure(kind="not_configured", detail=str(error)))
        except Exception as error:  # the boundary of an adapter's factory: a fault of ours ends this run and no other
            _log.exception("the target of run %s could not be made", job.run_id)
            return await self._give_up(lease, error)
        try:
            player = self._player_for(run.id, run.scenario)
        except Exception as error:  # the boundary of a player: whatever it raises is the simulator's failure
            return await self._give_up(lease, error)
        return await worker.work(
            lease,
            self._store,
            player,
            target,
            clock=self._clock,
            lease_ttl=self._ttl,
            stop=job.stop,
            on_change=self._on_change,
            record=run,
        )

    async def _give_up(self, lease: Lease, error: Exception) -> bool:
        return await worker.fail(lease, self._store, f"{type(error).__name__}: {error}", clock=self._clock, on_change=self._on_change)

    async def _finished(self, run_id: str) -> None:
        if self._on_finish is None:
            return
        try:
            await self._on_finish(run_id)
        except Exception:  # the boundary to a listener: its failure is not the run's
            _log.exception("what was to follow run %s failed", run_id)

    async def _claim(self, run_id: str) -> Lease | None:
        return await self._store.claim(run_id, self._owner, at=self._clock(), ttl=self._ttl)

    async def _is_abandoned(self, run: RunRecord) -> bool:
        now = self._clock()
        if run.owner is None or run.lease_until is None:
            # Another process may have it in its queue; give that one time to begin.
            return now - run.updated_at > self._ttl
        if run.lease_until > now and run.owner != self._owner and is_dead(run.owner):
            await self._store.expire(run.owner, at=now)
            return True
        return run.lease_until <= now

    def _keep_failure(self, run_id: str, error: StoreError) -> None:
        self._failures[run_id] = error
        while len(self._failures) > _FAILURES_KEPT:
            del self._failures[next(iter(self._failures))]

    async def _adopt_for_ever(self, since: float) -> None:
        while True:
            try:
                await self.adopt(since)
            except StoreError as error:
                _log.warning("unfinished runs could not be looked for: %s", error)
            await asyncio.sleep(self._ttl)


async def within(event: asyncio.Event, seconds: float) -> bool:
    """Whether `event` is set within so many seconds."""
    if seconds > 0 and not event.is_set():
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return event.is_set()
    return event.is_set()

"""The engine that uses more than one core: conversations are shared out between this process and worker processes of its own.

A worker opens the same store, claims the runs that it is given with a lease and a fence like anybody, and says when one is over. When
it dies its leases are freed and its runs go to the others. Workers are started when the first campaign that wants some begins, and
ended with the last one. Limits are divided: each process holds to its part, so all of them together keep to the whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from understudy.campaigns.conduct import Engine, Waits
from understudy.campaigns.embedded import Embedded, within
from understudy.campaigns.worker import NotStarted, Worker
from understudy.campaigns.worker_lines import Told
from understudy.domain.campaign import Campaign
from understudy.domain.errors import StoreError
from understudy.domain.part import part_of
from understudy.ports import Store

__all__ = ["Limits", "Processes"]

_log = logging.getLogger(__name__)

_CANCEL_SECONDS = 5.0
"""How long `cancel` waits for a run of a worker to stop."""
_SETTLE_S = 0.02


class Limits(Protocol):
    """The limits of this process on calls, which hold over all processes together when each has its part."""

    def share(self, part: int, parts: int, *, fresh: bool = True) -> None:
        """Hold to part number `part` of `parts`. Not `fresh`: others have called within the last minute."""
        ...

    @property
    def settled(self) -> bool:
        """Whether no more calls are under way than the part allows."""
        ...

    @property
    def rested(self) -> bool:
        """Whether no call that is counted by the minute was made within the last one."""
        ...


class Processes(Engine):
    """This process's own engine, with worker processes beside it while a campaign wants some."""

    def __init__(
        self,
        store: Store,
        own: Embedded,
        *,
        wanted: Callable[[Campaign, int], int],
        start: Callable[[int], Awaitable[Worker]],
        limits: Callable[[], Limits],
        clock: Callable[[], float],
        on_change: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`wanted` says by how many processes, this one included, a campaign with so many conversations left is to be played; `start`
        starts the worker of a number, and raises NotStarted; `on_change` hears the id of a run that a worker has finished."""
        self._store, self._own, self._wanted, self._start, self._limits = store, own, wanted, start, limits
        self._clock, self._on_change = clock, on_change
        self._shared: dict[str, _Shared] = {}
        self._played: dict[str, int] = {}
        self._started: dict[Worker, asyncio.Task[None]] = {}
        """Every worker process that there is, and who listens to it."""
        self._workers: list[Worker] = []
        """Those that are given runs, in the order of their parts."""
        self._opening: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    # ---- what the conductor asks for

    async def begin(self, campaign: Campaign) -> Waits:
        """Have places for a campaign, here and in workers where it wants some. Those take a second to start; it begins without them."""
        far = await self._store.campaign_progress(campaign.id)
        most = self._wanted(campaign, far.waiting + far.started)
        await self._own.begin(campaign)
        self._shared[campaign.id] = shared = _Shared(self, campaign.spec.concurrency, most)
        self._played[campaign.id] = 1
        if most > 1 and self._opening is None:
            self._open(most - 1)
        return shared

    def end(self, campaign: Campaign) -> None:
        """Take its places away; end the workers when no other campaign wants them."""
        self._own.end(campaign)
        shared = self._shared.pop(campaign.id, None)
        if shared is not None:
            self._played[campaign.id] = shared.processes
        if all(one.most == 1 for one in self._shared.values()):
            self._close()

    def played_by(self, campaign_id: str) -> int | None:
        """How many processes have played conversations of a campaign that was conducted here; None for any other."""
        shared = self._shared.get(campaign_id)
        return shared.processes if shared is not None else self._played.get(campaign_id)

    async def aclose(self) -> None:
        """End every worker; what they had is free to be taken up. May be called twice."""
        self._close()
        if self._ending is not None:
            await self._ending

    # ---- starting and ending workers

    def _open(self, count: int) -> None:
        fresh = self._limits().rested and (self._ending is None or self._ending.done())
        # Before the first conversation is played: what this process takes meanwhile is not the others' any more.
        self._limits().share(0, count + 1)
        self._opening = asyncio.create_task(self._bring_up(count, fresh, self._ending), name="understudy-start-workers")

    def _close(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.cancel()
            self._ending = asyncio.create_task(self._end(opening, self._ending), name="understudy-end-workers")

    async def _bring_up(self, count: int, fresh: bool, ending: asyncio.Task[None] | None) -> None:
        if ending is not None:
            await asyncio.wait({ending})
        started = await asyncio.gather(*(self._one(n + 1) for n in range(count)))
        if not any(started):
            _log.warning("no worker process could be started; this process plays on alone")
        while not self._limits().settled:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_SETTLE_S)
        # Nobody is given a run before its part of the limits.
        self._workers = [worker for worker in started if worker is not None and not worker.gone]
        self._divide(fresh=fresh)

    async def _one(self, number: int) -> Worker | None:
        try:
            worker = await self._start(number)
        except NotStarted as error:
            _log.warning("worker process %s could not be started: %s", number, error)
            return None
        except Exception:  # the boundary of a worker: without it the campaign goes on all the same
            _log.exception("worker process %s could not be started", number)
            return None
        self._started[worker] = asyncio.create_task(self._listen(worker), name=f"understudy-worker-{number}")
        return worker

    def _divide(self, *, fresh: bool = True) -> None:
        """Tell each process its part of the limits. No part ever becomes smaller by this."""
        parts = len(self._workers) + 1
        self._limits().share(0, parts)
        for part, worker in enumerate(self._workers, start=1):
            worker.tell(Told(part=part, parts=parts, fresh=fresh))

    async def _listen(self, worker: Worker) -> None:
        while (heard := await worker.hear()) is not None:
            for shared in list(self._shared.values()):
                if heard.over is not None and await shared.is_over(worker, heard.over, finished=heard.finished):
                    await self._changed(heard.over)
        await self._lost(worker)

    async def _lost(self, worker: Worker) -> None:
        """It died, or hangs: its runs go to the others at once."""
        await worker.buried()
        _log.warning("worker process %s (%s) is gone; the others go on with its conversations", worker.number, worker.pid)
        await self._free(worker)
        if worker in self._workers:
            self._workers.remove(worker)
            self._divide()
        for shared in list(self._shared.values()):
            await shared.lost(worker)
        self._started.pop(worker, None)

    async def _end(self, opening: asyncio.Task[None], before: asyncio.Task[None] | None) -> None:
        await asyncio.wait({opening, *([before] if before is not None else [])})
        gone, self._started, self._workers = self._started, {}, []
        for listening in gone.values():
            listening.cancel()
        await asyncio.gather(*gone.values(), return_exceptions=True)
        await asyncio.gather(*(worker.aclose() for worker in gone))
        for worker in gone:
            await self._free(worker)
        if self._opening is None:
            self._limits().share(0, 1)

    async def _free(self, worker: Worker) -> None:
        """End the leases that a process which is gone has left behind."""
        try:
            await self._store.expire(worker.owner, at=self._clock())
        except StoreError as error:
            _log.warning("what worker process %s had is free when its leases have run out: %s", worker.number, error)

    async def _changed(self, run_id: str) -> None:
        if self._on_change is None:
            return
        try:
            await self._on_change(run_id)
        except Exception:  # the boundary to a listener: its failure is not the conversation's
            _log.exception("a listener to run %s failed", run_id)

    # ---- what the campaigns of this engine use

    @property
    def own(self) -> Embedded:
        """The engine of this very process."""
        return self._own

    def workers(self, most: int) -> list[Worker]:
        """Those that may be given runs of a campaign that is played by at most so many processes."""
        return self._workers[: most - 1]


@dataclass(eq=False)
class _Handed:
    """A run that a worker was given."""

    worker: Worker
    done: asyncio.Event = field(default_factory=asyncio.Event)
    finished: bool = False
    """Not so, when done: it is this process's own now."""
    stopping: bool = False


class _Shared(Waits):
    """The conversations of one campaign: each goes to the process that has most places free."""

    def __init__(self, pool: Processes, places: int, most: int) -> None:
        self._pool, self._places, self.most = pool, places, most
        self._handed: dict[str, _Handed] = {}
        self._here: set[str] = set()
        self._at: Counter[Worker] = Counter()
        """Conversations that each worker has; those that have had any."""

    @property
    def processes(self) -> int:
        """How many have had a part in it."""
        return 1 + len(self._at)

    async def submit(self, *run_ids: str) -> None:
        """Have these runs taken to their end, each by whichever process has most places free."""
        for run_id in run_ids:
            if run_id not in self._handed and run_id not in self._here:
                await self._hand_out(run_id)

    async def wait(self, run_id: str, timeout: float) -> bool:
        """Whether the run is finished, and judged if a worker had it, within `timeout` seconds. Raises NotFound and StoreError."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        handed = self._handed.get(run_id)
        if handed is not None:
            if not await within(handed.done, timeout):
                return False
            self._handed.pop(run_id, None)
            if handed.finished:
                return True
        finished = await self._pool.own.wait(run_id, max(0.0, deadline - loop.time()))
        if finished:
            self._here.discard(run_id)
        return finished

    async def cancel(self, run_id: str) -> bool:
        """Stop a run, whoever plays it: True when it is finished now. Raises NotFound."""
        handed = self._handed.get(run_id)
        if handed is not None and not handed.stopping:
            handed.stopping = True
            handed.worker.tell(Told(cancel=run_id))
            await within(handed.done, _CANCEL_SECONDS)
        return await self._pool.own.cancel(run_id)

    async def aclose(self) -> None:
        """Nothing: the processes are the pool's."""

    async def is_over(self, worker: Worker, run_id: str, *, finished: bool) -> bool:
        """A worker has let go of a run; whether it was one of this campaign and is finished. One that is not is taken up here."""
        handed = self._handed.get(run_id)
        if handed is None or handed.worker is not worker or handed.done.is_set():
            return False
        self._at[worker] -= 1
        if not finished:
            await self._keep(run_id)
        handed.finished = finished
        handed.done.set()
        return finished

    async def lost(self, worker: Worker) -> None:
        """A worker is gone: somebody else gets what it had."""
        for run_id, handed in list(self._handed.items()):
            if handed.worker is worker and not handed.done.is_set():
                del self._handed[run_id]
                await self._hand_out(run_id, handed)

    async def _hand_out(self, run_id: str, handed: _Handed | None = None) -> None:
        worker = self._freest()
        if worker is None:
            await self._keep(run_id)
            if handed is not None:
                handed.done.set()
            return
        handed = handed or _Handed(worker)
        handed.worker, self._handed[run_id] = worker, handed
        self._at[worker] += 1
        worker.tell(Told(run=run_id))
        if handed.stopping:
            worker.tell(Told(cancel=run_id))

    async def _keep(self, run_id: str) -> None:
        self._here.add(run_id)
        await self._pool.own.submit(run_id)

    def _freest(self) -> Worker | None:
        """The worker with most places free; None for this process, which counts the conversations beside."""
        workers = self._pool.workers(self.most)
        parts = len(workers) + 1
        best, most = None, part_of(self._places, 0, parts) - len(self._here)
        for part, worker in enumerate(workers, start=1):
            free = part_of(self._places, part, parts) - self._at[worker]
            if free >= most:
                best, most = worker, free
        return best

"""Conducts a campaign: keeps a window of conversations under way, counts each once, and stops cleanly when it must.

Which conversations are done stands in the store. Whoever conducts may die at any moment: the next one takes up what was started,
starts what waits, and counts nothing twice. The conversations themselves are the engine's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from understudy.campaigns.early_stop import Sequential
from understudy.campaigns.executor import Executor
from understudy.campaigns.owner import is_dead
from understudy.domain.campaign import Campaign, CampaignSpec, CampaignStatus, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.errors import Fenced, StoreBusy, StoreError
from understudy.domain.scenario import Scenario
from understudy.ports import Store

__all__ = ["Conductor", "Counted", "Engine", "Usual", "Waits", "affordable", "cap_reached"]

_log = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often the campaign's own record is looked at for a pause, a cancellation or a cap."""
FETCHED = 256
"""Cells that are read from the plan at once."""
FEW = 10
"""Conversations that tell too little of what one costs on average."""
DEAD_AT_START = 5
DEAD_LATER = 20
"""Conversations in a row without an answer after which a target is dead: from the beginning, and once it has answered."""


class Waits(Executor, Protocol):
    """An engine that one can wait for."""

    async def wait(self, run_id: str, timeout: float) -> bool:
        """Whether the run is finished within `timeout` seconds."""
        ...


class Engine(Protocol):
    """Whoever has places for the conversations of campaigns."""

    async def begin(self, campaign: Campaign) -> Waits:
        """Have places for a campaign from now on; the engine of its conversations. Each `begin` has its `end`."""
        ...

    def end(self, campaign: Campaign) -> None:
        """Take its places away, once those under way are over."""
        ...


@dataclass(frozen=True)
class Counted:
    """What came of one conversation, and what it used."""

    line: ConversationLine
    spent: Spend


@dataclass
class Usual:
    """What the conversations that were counted here used, to know how many more a cap has room for."""

    counted: int = 0
    usd: float = 0.0
    tokens: int = 0
    most_usd: float = 0.0
    most_tokens: int = 0

    @classmethod
    def of(cls, spend: Spend, done: int) -> Usual:
        """Of a campaign that was conducted before: `done` conversations used this."""
        tokens = spend.input_tokens + spend.output_tokens
        each = max(1, done)
        return cls(done, spend.usd, tokens, spend.usd / each, math.ceil(tokens / each))

    def take(self, spent: Spend) -> None:
        """One more conversation."""
        tokens = spent.input_tokens + spent.output_tokens
        self.counted += 1
        self.usd, self.tokens = self.usd + spent.usd, self.tokens + tokens
        self.most_usd, self.most_tokens = max(self.most_usd, spent.usd), max(self.most_tokens, tokens)

    def each(self) -> tuple[float, float]:
        """Money and tokens of one conversation: of few the dearest, of more the average."""
        if self.counted < FEW:
            return self.most_usd, self.most_tokens
        return self.usd / self.counted, self.tokens / self.counted


@dataclass
class _Pulse:
    """Answers of one target, to tell a dead one."""

    answered: bool = False
    silent: int = 0
    why: str = ""

    def take(self, line: ConversationLine) -> None:
        if line.ending == "target_failed" and line.metrics.agent_turns == 0:
            self.silent += 1
            self.why = line.reason
        else:
            self.answered, self.silent = True, 0

    @property
    def dead(self) -> bool:
        return self.silent >= (DEAD_LATER if self.answered else DEAD_AT_START)


@dataclass
class _Conducted:
    """A campaign that is being conducted here."""

    campaign: Campaign
    engine: Waits
    cells: deque[Cell] = field(default_factory=deque[Cell])
    to_judge: deque[tuple[Cell, JudgeAgain]] = field(default_factory=deque[tuple[Cell, JudgeAgain]])
    """Those that are only judged again."""
    under_way: dict[asyncio.Task[None], Cell] = field(default_factory=dict[asyncio.Task[None], Cell])
    over: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    """Those of them that are done and were not looked at yet."""
    run_of: dict[int, str] = field(default_factory=dict[int, str])
    by_target: Counter[str] = field(default_factory=Counter[str])
    pulses: dict[str, _Pulse] = field(default_factory=dict[str, _Pulse])
    since: float = 0.0
    early: Sequential | None = None
    """Where it is held against an earlier campaign."""
    usual: Usual = field(default_factory=Usual)


class Conductor:
    """Conducts campaigns of one store on one engine; each at most once at a time, here or in another process."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        *,
        scenario_for: Callable[[CampaignSpec, Cell], Awaitable[Scenario]],
        count: Callable[[Cell, str], Awaitable[Counted]],
        count_again: Callable[[Cell, JudgeAgain], Awaitable[Counted]],
        player_version: Callable[[CampaignSpec], str],
        target_limit: Callable[[str], int],
        clock: Callable[[], float],
        new_id: Callable[[str], str],
        owner: str,
        lease_ttl: float = 15.0,
        knows: Callable[[CampaignSpec], bool] = lambda _: True,
        on_change: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`count` judges the finished run of a cell (and has it played again where the simulator spoiled it); `count_again` only judges,
        one that was counted before; `target_limit` is the most conversations at once with a target; `clock` counts seconds since the
        epoch. A campaign that `knows` denies, since its targets are configured elsewhere, is not adopted. `on_change` hears the id of a
        campaign whose counts or status changed."""
        self._store, self._engine = store, engine
        self._scenario_for, self._count, self._player_version, self._target_limit = scenario_for, count, player_version, target_limit
        self._count_again = count_again
        self._clock, self._new_id, self._owner, self._ttl, self._knows = clock, new_id, owner, lease_ttl, knows
        self._on_change = on_change
        self._watch: asyncio.Task[None] | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self._failures: dict[str, StoreError] = {}
        self._closed = False

    # ---- what callers ask for

    def begin(self, campaign_id: str) -> None:
        """Conduct it from now on, if nobody else does. A campaign that is conducted here already is left as it is."""
        if self._closed or campaign_id in self._tasks:
            return
        self._failures.pop(campaign_id, None)
        self._woken[campaign_id] = asyncio.Event()
        task = asyncio.create_task(self._conduct(campaign_id), name=f"understudy-campaign-{campaign_id}")
        self._tasks[campaign_id] = task
        task.add_done_callback(lambda _: self._over(campaign_id))

    def look(self, campaign_id: str) -> None:
        """Its record was changed: look at once."""
        if woken := self._woken.get(campaign_id):
            woken.set()

    async def adopt(self) -> list[str]:
        """Conduct every running campaign that nobody conducts, or that a dead process of this host did; their ids."""
        await self._free_those_of_the_dead()
        found: list[str] = []
        for campaign_id in await self._store.resumable_campaigns(at=self._clock()):
            campaign = await self._store.campaign(campaign_id)
            if campaign_id not in self._tasks and campaign is not None and self._knows(campaign.spec):
                self.begin(campaign_id)
                found.append(campaign_id)
        return found

    def keep_adopting(self) -> None:
        """Adopt now, and again whenever a campaign could have been left, until closed."""
        if self._watch is None and not self._closed:
            self._watch = asyncio.create_task(self._adopt_for_ever(), name="understudy-adopt-campaigns")

    def conducts(self, campaign_id: str) -> bool:
        """Whether it is being conducted here."""
        return campaign_id in self._tasks

    async def is_free(self, campaign_id: str) -> bool:
        """Whether nobody conducts it, or only a dead process of this host."""
        held = dict(await self._store.conductors(at=self._clock()))
        return campaign_id not in held or (held[campaign_id] != self._owner and is_dead(held[campaign_id]))

    async def wait(self, campaign_id: str, timeout: float) -> None:
        """Return when it is conducted here no more, at the latest after `timeout` seconds. Raises the StoreError that stopped it here:
        nobody who waits goes on with it while the disk is full."""
        task = self._tasks.get(campaign_id)
        if task is not None:
            await asyncio.wait({task}, timeout=timeout)
        if failure := self._failures.pop(campaign_id, None):
            raise failure

    async def aclose(self) -> None:
        """Stop conducting; campaigns stay as they are, free for another to go on with. May be called twice."""
        self._closed = True
        tasks = [*self._tasks.values(), *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # ---- one campaign

    async def _free_those_of_the_dead(self) -> None:
        for campaign_id, owner in await self._store.conductors(at=self._clock()):
            if owner != self._owner and is_dead(owner):
                await self._store.release_campaign(campaign_id, owner)

    async def _adopt_for_ever(self) -> None:
        while True:
            try:
                await self.adopt()
            except StoreError as error:
                _log.warning("campaigns that were left could not be looked for: %s", error)
            await asyncio.sleep(self._ttl)

    def _over(self, campaign_id: str) -> None:
        self._tasks.pop(campaign_id, None)
        self._woken.pop(campaign_id, None)

    async def _conduct(self, campaign_id: str) -> None:
        try:
            await self._free_those_of_the_dead()
            if not await self._store.claim_campaign(campaign_id, self._owner, at=self._clock(), ttl=self._ttl):
                return
            keeping = asyncio.create_task(self._keep(campaign_id))
            try:
                await self._to_the_end(campaign_id, keeping)
            finally:
                keeping.cancel()
                with contextlib.suppress(StoreError):
                    await self._store.release_campaign(campaign_id, self._owner)
        except StoreError as error:
            _log.warning("campaign %s is left for later: %s", campaign_id, error)
            if not isinstance(error, StoreBusy | Fenced):
                self._failures[campaign_id] = error
        except Exception as error:  # the boundary of a campaign: a fault of ours stops this one, says so, and loses nothing
            _log.exception("campaign %s broke", campaign_id)
            why = f"A fault of Understudy's own: {type(error).__name__}: {error}. What was counted stands; resume to go on."
            await self._store.set_campaign_status(campaign_id, "stopped", why=why, at=self._clock())

    async def _keep(self, campaign_id: str) -> None:
        """Hold the campaign. Returns when another has it."""
        while await self._store.claim_campaign(campaign_id, self._owner, at=self._clock(), ttl=self._ttl):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(self._ttl / 3)

    async def _to_the_end(self, campaign_id: str, keeping: asyncio.Task[None]) -> None:
        campaign = await self._store.campaign(campaign_id)
        assert campaign is not None, "it was claimed"  # noqa: S101 - cannot happen
        started = await self._store.started_cells(campaign_id)  # first: what is asked for in between is then only judged
        to_judge = deque(await self._store.cells_to_judge(campaign_id))
        done = (await self._store.campaign_progress(campaign_id)).done + len(to_judge)
        early, usual = await self._held_against(campaign), Usual.of(campaign.spend, done)
        here = _Conducted(campaign, await self._engine.begin(campaign), to_judge=to_judge, since=time.monotonic(), early=early, usual=usual)
        try:
            only_judged = {cell.index for cell, _ in to_judge}
            for cell, run_id in started:
                if cell.index not in only_judged:
                    self._see_through(here, cell, run_id)
            while not keeping.done():
                here.campaign = await self._looked_at(here)
                going = here.campaign.status == "running"
                if going and (why := self._must_stop(here)):
                    here.campaign = await self._set(here, "stopped", why)
                elif going:
                    await self._judge_some(here)
                    await self._fill(here)
                elif here.campaign.status == "cancelled":
                    await self._leave_as_they_were(here)
                if not here.under_way:
                    return await self._close(here)
                if here.campaign.status == "cancelled":
                    await self._cancel_all(here)
                await self._next_event(here)
        finally:
            await self._let_go(here)
            self._engine.end(campaign)

    async def _held_against(self, campaign: Campaign) -> Sequential | None:
        """The pairs so far, where it is to stop as soon as it is shown to do worse than an earlier one."""
        against = campaign.spec.caps.against
        earlier = await self._store.campaign(against) if against is not None else None
        if earlier is None:
            return None
        before = await self._store.campaign_lines(earlier.id)
        return Sequential(earlier, before, campaign, await self._store.campaign_lines(campaign.id))

    async def _looked_at(self, here: _Conducted) -> Campaign:
        """The record as it is now, with the running time added."""
        now = time.monotonic()
        passed, here.since = now - here.since, now
        await self._store.add_spend(here.campaign.id, Spend(seconds=passed), at=self._clock())
        campaign = await self._store.campaign(here.campaign.id)
        assert campaign is not None, "campaigns are never deleted"  # noqa: S101 - cannot happen
        return campaign

    async def _close(self, here: _Conducted) -> None:
        """Nothing is under way any more: it is finished, unless it was paused or cancelled, or something was left out."""
        if here.campaign.status != "running":
            return
        left = (await self._store.campaign_progress(here.campaign.id)).waiting
        if left:
            full = f"The cap of {here.campaign.spec.caps.conversations} conversations is reached; {left} were left."
            await self._set(here, "stopped", no_room(here.campaign, here.usual) or full)
        else:
            await self._set(here, "finished", "")

    async def _set(self, here: _Conducted, status: CampaignStatus, why: str) -> Campaign:
        campaign = await self._store.set_campaign_status(here.campaign.id, status, why=why, at=self._clock())
        await self._changed(here)
        return campaign

    async def _changed(self, here: _Conducted) -> None:
        if self._on_change is not None:
            await self._on_change(here.campaign.id)

    def _must_stop(self, here: _Conducted) -> str:
        dead = next(((name, pulse) for name, pulse in here.pulses.items() if pulse.dead), None)
        if dead is not None:
            name, pulse = dead
            return f"The target `{name}` gave no answer in {pulse.silent} conversations in a row. {pulse.why} Mend it and resume."
        early = here.early if here.campaign.spec.caps.against is not None else None
        # Not for the last few: they are under way, and with them the plan is whole.
        if early is not None and early.decided and early.taken + len(here.under_way) < here.campaign.total:
            return early.evidence.why
        return cap_reached(here.campaign)

    async def _fill(self, here: _Conducted) -> None:
        """Start conversations until the window is full, passing over targets that have all they may have."""
        spec, limits = here.campaign.spec, {name: self._target_limit(name) for name in here.campaign.spec.targets}
        room = spec.concurrency - len(here.under_way)
        if spec.caps.conversations is not None:
            progress = await self._store.campaign_progress(here.campaign.id)
            room = min(room, spec.caps.conversations - progress.done - progress.started)
        if (most := affordable(here.campaign, len(here.under_way), here.usual)) is not None:
            room = min(room, most)
        if room <= 0:
            return
        if len(here.cells) < room:
            here.cells = deque(await self._store.waiting_cells(here.campaign.id, limit=max(FETCHED, room)))
        begun: list[tuple[Cell, str, Scenario]] = []
        passed_over: list[Cell] = []
        while here.cells and len(begun) < room:
            cell = here.cells.popleft()
            if here.by_target[cell.target] >= limits[cell.target]:
                passed_over.append(cell)
                continue
            here.by_target[cell.target] += 1
            begun.append((cell, self._new_id("run"), await self._scenario_for(spec, cell)))
        here.cells.extendleft(reversed(passed_over))
        await self._start(here, begun)

    async def _start(self, here: _Conducted, begun: list[tuple[Cell, str, Scenario]]) -> None:
        if not begun:
            return
        version = self._player_version(here.campaign.spec)
        rows = [(cell.index, run_id, scenario) for cell, run_id, scenario in begun]
        taken = set(await self._store.start_cells(here.campaign.id, rows, at=self._clock(), player_version=version))
        for cell, run_id, _ in begun:
            here.by_target[cell.target] -= 1
            if cell.index in taken:
                self._see_through(here, cell, run_id)

    async def _judge_some(self, here: _Conducted) -> None:
        """Have conversations judged again until the window is full. A cap is met when it is reached: those under way then pass it."""
        if not here.to_judge and not here.under_way:  # somebody may have asked for more meanwhile
            here.to_judge.extend(await self._store.cells_to_judge(here.campaign.id))
        while here.to_judge and len(here.under_way) < here.campaign.spec.concurrency:
            cell, before = here.to_judge.popleft()
            here.by_target[cell.target] += 1
            task = asyncio.create_task(self._one_again(here, cell, before), name=f"understudy-judging-{before.line.run_id}")
            here.under_way[task] = cell
            task.add_done_callback(lambda done: self._noticed(here, done))

    async def _one_again(self, here: _Conducted, cell: Cell, before: JudgeAgain) -> None:
        counted = await self._count_again(cell, before)
        if await self._store.finish_cell(here.campaign.id, counted.line, counted.spent, at=self._clock()):
            if here.early is not None:
                here.early.take(counted.line)
            await self._changed(here)

    async def _leave_as_they_were(self, here: _Conducted) -> None:
        """What was to be judged again and will not be has its line of before."""
        while here.to_judge:
            _, before = here.to_judge.popleft()
            await self._store.finish_cell(here.campaign.id, before.line, Spend(), at=self._clock())

    def _see_through(self, here: _Conducted, cell: Cell, run_id: str) -> None:
        here.by_target[cell.target] += 1
        here.run_of[cell.index] = run_id
        task = asyncio.create_task(self._one(here, cell, run_id), name=f"understudy-conversation-{run_id}")
        here.under_way[task] = cell
        task.add_done_callback(lambda done: self._noticed(here, done))

    def _noticed(self, here: _Conducted, task: asyncio.Task[None]) -> None:
        """One conversation is over. Each tells of itself: to wait for all of them anew after each would cost a look at each."""
        here.over.append(task)
        self.look(here.campaign.id)

    async def _one(self, here: _Conducted, cell: Cell, run_id: str) -> None:
        await here.engine.submit(run_id)
        while not await here.engine.wait(run_id, 3600):
            pass
        counted = await self._count(cell, run_id)
        if await self._store.finish_cell(here.campaign.id, counted.line, counted.spent, at=self._clock()):
            if here.early is not None:
                here.early.take(counted.line)
            here.usual.take(counted.spent)
            here.pulses.setdefault(cell.target, _Pulse()).take(counted.line)
            await self._changed(here)

    async def _next_event(self, here: _Conducted) -> None:
        """Wait until a conversation is over, somebody changed the record, or it is time to look at it. Raises what broke one."""
        woken = self._woken[here.campaign.id]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await woken.wait()
        woken.clear()
        over, here.over = here.over, []
        for task in over:
            cell = here.under_way.pop(task)
            here.by_target[cell.target] -= 1
            here.run_of.pop(cell.index, None)
            task.result()

    async def _cancel_all(self, here: _Conducted) -> None:
        await asyncio.gather(*(here.engine.cancel(run_id) for run_id in here.run_of.values()))

    async def _let_go(self, here: _Conducted) -> None:
        """Stop watching what is under way; the conversations stay the engine's."""
        for task in here.under_way:
            task.cancel()
        if here.under_way:
            await asyncio.wait(here.under_way)


def affordable(campaign: Campaign, under_way: int, usual: Usual) -> int | None:
    """How many more conversations may begin beside those under way so that the caps in money and tokens will be met and not passed;
    None where there are none. The first conversation goes alone: what one uses is not known before.
    """
    caps, spend, (usd, tokens) = campaign.spec.caps, campaign.spend, usual.each()
    if caps.usd is None and caps.tokens is None:
        return None
    if not usual.counted:
        return max(0, 1 - under_way)
    left = [(caps.usd - spend.usd, usd)] if caps.usd is not None else []
    left += [(caps.tokens - spend.input_tokens - spend.output_tokens, tokens)] if caps.tokens is not None else []
    rooms = [math.floor(rest / each + 1e-9) - under_way for rest, each in left if each > 0]
    return max(0, min(rooms)) if rooms else None


def no_room(campaign: Campaign, usual: Usual) -> str:
    """Why not even one more conversation fits under the caps, in a sentence; empty when one does."""
    if affordable(campaign, 0, usual) != 0:
        return ""
    caps, spend, (usd, tokens) = campaign.spec.caps, campaign.spend, usual.each()
    held = [f"{caps.usd:g} USD ({spend.usd:.4f} used, about {usd:.4f} each)"] if caps.usd is not None else []
    used = spend.input_tokens + spend.output_tokens
    held += [f"{caps.tokens:,} tokens ({used:,} used, about {tokens:,.0f} each)"] if caps.tokens is not None else []
    return f"The cap of {' and '.join(held)} leaves no room for another conversation."


def cap_reached(campaign: Campaign) -> str:
    """Which cap the campaign has reached, in a sentence; empty when none."""
    caps, spend = campaign.spec.caps, campaign.spend
    if caps.usd is not None and spend.usd >= caps.usd:
        return f"The cap of {caps.usd:g} USD is reached: {spend.usd:.4f} used."
    if caps.usd is not None and spend.unpriced_calls:
        return f"{spend.unpriced_calls} calls have no price, so the cap of {caps.usd:g} USD cannot be held. Price the model, or cap tokens."
    used = spend.input_tokens + spend.output_tokens
    if caps.tokens is not None and used >= caps.tokens:
        return f"The cap of {caps.tokens:,} tokens is reached: {used:,} used."
    if caps.seconds is not None and spend.seconds >= caps.seconds:
        return f"The cap of {caps.seconds:g} seconds is reached."
    return ""

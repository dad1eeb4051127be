"""The `App`: what every function of this package works on. Made in one place (`wiring`) and handed down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from understudy.app.background import Background
from understudy.app.under_way import UnderWay
from understudy.domain.model_call import ModelRoleName
from understudy.ports import LLM, Probe, Store
from understudy.settings.model import Settings

if TYPE_CHECKING:
    from understudy.app.campaign_seen import Analyses
    from understudy.app.campaign_spec import Scenarios
    from understudy.campaigns.conduct import Conductor
    from understudy.campaigns.embedded import Embedded
    from understudy.campaigns.processes import Limits, Processes
    from understudy.campaigns.step import Stepper
    from understudy.library.library import Library

__all__ = ["App", "Change", "ChangeKind"]

ChangeKind = Literal["persona", "goal", "topic", "rubric", "transcript", "campaign"]


@dataclass(frozen=True)
class Change:
    """Something that can be browsed has changed."""

    kind: ChangeKind
    id: str
    listed: bool
    """The list itself has changed, not only the thing."""


@dataclass
class App:
    """Settings, library, store and engine of one process. The store is opened when first used."""

    settings: Settings
    make_library: Callable[[], Library]
    clock: Callable[[], float]
    """Seconds since the epoch."""
    new_id: Callable[[str], str]
    """A fresh id with a prefix: `run_3f9a...`."""
    open_store: Callable[[], Awaitable[Store]]
    make_engine: Callable[[Store], Embedded]
    make_stepper: Callable[[Store], Stepper]
    make_processes: Callable[[Store, Embedded], Processes]
    make_conductor: Callable[[Store, Processes], Conductor]
    knows_target: Callable[[str], bool]
    """Raises NotFound and BadInput for a demo agent with a fault that it cannot have."""
    probe_target: Callable[[str], Awaitable[Probe]]
    """Raises NotFound for a name that is not configured."""
    target_names: Callable[[], list[str]]
    close_targets: Callable[[], Awaitable[None]]
    model_for: Callable[[ModelRoleName], LLM | None]
    """The model that plays a role; None when the settings name none."""
    close_models: Callable[[], Awaitable[None]]
    limits: Callable[[], Limits]
    """Those of models and targets, as this process holds to them."""
    has_store: Callable[[], bool]
    """Whether anything was ever stored, without opening it."""
    store_path: Path
    listeners: list[Callable[[Change], Awaitable[None]]] = field(default_factory=list[Callable[[Change], Awaitable[None]]])
    background: Background = field(default_factory=Background)
    """What goes on after the call that began it has answered."""
    judging: UnderWay = field(default_factory=UnderWay)
    """The verdicts that a model is making in this process."""
    workers: int | None = None
    """Processes that are to play campaigns, as the command line asks; None: what the settings say."""
    closing: bool = False
    _store: Store | None = None
    _engine: Embedded | None = None
    _stepper: Stepper | None = None
    _processes: Processes | None = None
    _conductor: Conductor | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @cached_property
    def library(self) -> Library:
        """Built-in packs and the user's own, read when first asked for."""
        return self.make_library()

    async def store(self) -> Store:
        """The store, opened now if it is not yet. Raises StoreError."""
        if self._store is None:
            async with self._lock:
                if self._store is None:
                    self._store = await self.open_store()
        return self._store

    async def engine(self) -> Embedded:
        """The engine that runs conversations in this process."""
        store = await self.store()
        if self._engine is None:
            self._engine = self.make_engine(store)
        return self._engine

    async def conductor(self) -> Conductor:
        """Who conducts campaigns in this process, on its engine and, for large ones, on worker processes."""
        store, engine = await self.store(), await self.engine()
        if self._conductor is None:
            self._processes = self.make_processes(store, engine)
            self._conductor = self.make_conductor(store, self._processes)
        return self._conductor

    def played_by(self, campaign_id: str) -> int | None:
        """How many processes have played conversations of a campaign that was conducted here; None for any other."""
        return self._processes.played_by(campaign_id) if self._processes is not None else None

    @cached_property
    def scenarios(self) -> Scenarios:
        """The scenarios of campaigns, looked up once."""
        from understudy.app.campaign_spec import Scenarios

        return Scenarios()

    @cached_property
    def analyses(self) -> Analyses:
        """What campaigns say, kept between looks."""
        from understudy.app.campaign_seen import Analyses

        return Analyses()

    async def stepper(self) -> Stepper:
        """Who takes the steps of conversations played by hand."""
        store = await self.store()
        if self._stepper is None:
            self._stepper = self.make_stepper(store)
        return self._stepper

    async def announce(self, change: Change) -> None:
        """Tell everybody who listens."""
        for listener in self.listeners:
            await listener(change)

    async def aclose(self) -> None:
        """Stop what runs (it can be resumed) and close the store."""
        self.closing = True
        if self._conductor is not None:
            await self._conductor.aclose()
            self._conductor = None
        await self.background.aclose()
        await self.judging.aclose()
        if self._processes is not None:
            await self._processes.aclose()
            self._processes = None
        if self._engine is not None:
            await self._engine.aclose()
            self._engine = None
        if self._stepper is not None:
            await self._stepper.aclose()
            self._stepper = None
        await self.close_targets()
        await self.close_models()
        if self._store is not None:
            await self._store.aclose()
            self._store = None

"""From settings to adapters: the only module that knows every adapter. Heavy ones are imported when first used."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.app.context import App, Change
from understudy.domain.campaign import CampaignSpec
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.model_call import ModelRoleName
from understudy.domain.model_role import ModelRole
from understudy.domain.scenario import CALLER, Scenario
from understudy.ports import LLM, CallLog, Player, Probe, Store, Target
from understudy.settings.locate_store import locate_store
from understudy.settings.model import Settings
from understudy.targets.allow import AllowList
from understudy.targets.settings import TargetSettings

if TYPE_CHECKING:
    from understudy.campaigns.conduct import Conductor
    from understudy.campaigns.embedded import Embedded
    from understudy.campaigns.processes import Processes
    from understudy.campaigns.step import Stepper
    from understudy.library.library import Library
    from understudy.llm.limit import Gates

__all__ = ["STORE_FILE", "make_app", "settings_from"]

STORE_FILE = "understudy.db"
CONCURRENCY = 32
DEMO, DEMO_AGENTS = "demo-", ("clinic", "bank")


def settings_from(config: Path | None, *, start: Path | None = None, store: Path | None = None) -> Settings:
    """Settings of the file named, else of the nearest one upward from `start` (default: the working directory), else none.

    `store` takes the place of the store's folder. Raises BadFile.
    """
    from understudy.settings.find import find_settings

    path = config or find_settings(start or Path.cwd())
    settings = Settings()
    if path is not None:
        from understudy.settings.load import load_settings

        settings = load_settings(path)
    return settings if store is None else settings.evolve(store=store.absolute())


def make_app(
    settings: Settings,
    *,
    env: Mapping[str, str] | None = None,
    extra_targets: Mapping[str, TargetSettings] | None = None,
    models: Mapping[ModelRoleName, LLM] | None = None,
    agents: Mapping[str, Target] | None = None,
    serves_http: bool = False,
) -> App:
    """An `App` over the settings. Opens nothing yet. `extra_targets` come from the local command line; `models` stand in for those
    of the settings; `agents` are targets of this very process. With `serves_http`, targets outside the settings' allow-list are
    refused."""
    environment = os.environ if env is None else env
    if extra_targets:
        settings = settings.evolve(targets={**settings.targets, **extra_targets})
    folder = locate_store(settings)
    minds = Models(settings, environment, lambda: app.store(), models or {})
    allow = AllowList.of(settings.serve.allow_targets) if serves_http else None
    targets = Targets(settings, environment, allow, minds.target_model, agents or {}, gates=minds.gates)
    wired = _Wired(settings, None if env is None else dict(env), serves_http, only_here=frozenset(agents or ()), given=bool(models))

    async def open_store() -> Store:
        from understudy.storage.sqlite import SqliteStore

        return await SqliteStore.open(folder / STORE_FILE)

    app = App(
        settings=settings,
        make_library=lambda: _library(settings),
        clock=time.time,
        new_id=lambda prefix: f"{prefix}_{secrets.token_hex(6)}",
        open_store=open_store,
        make_engine=lambda store: _engine(store, targets, minds, app_changed, app_finished),
        make_stepper=lambda store: _stepper(store, targets, minds, app_changed),
        make_processes=lambda store, engine: _processes(app, wired, store, engine, app_changed),
        make_conductor=lambda store, processes: _conductor(app, store, processes),
        knows_target=targets.knows,
        probe_target=targets.probe,
        target_names=targets.names,
        close_targets=targets.aclose,
        model_for=minds.model,
        close_models=minds.aclose,
        limits=minds.gates,
        has_store=lambda: (folder / STORE_FILE).exists(),
        store_path=folder / STORE_FILE,
    )

    async def app_changed(run_id: str) -> None:
        await app.announce(Change("transcript", run_id, listed=False))

    async def app_finished(run_id: str) -> None:
        from understudy.app.reruns import follow_up

        await follow_up(app, run_id)

    return app


def _library(settings: Settings) -> Library:
    from understudy.library.library import Library

    return Library(packs=settings.personas, topics=(settings.topics,) if settings.topics else (), rubrics=settings.rubrics)


def _engine(
    store: Store,
    targets: Targets,
    minds: Models,
    on_change: Callable[[str], Awaitable[None]],
    on_finish: Callable[[str], Awaitable[None]],
) -> Embedded:
    from understudy.campaigns.embedded import Embedded
    from understudy.campaigns.owner import owner_name

    return Embedded(
        store,
        player_for=minds.player,
        target_for=targets.open,
        clock=time.time,
        owner=owner_name(secrets.token_hex(4)),
        concurrency=CONCURRENCY,
        on_change=on_change,
        on_finish=on_finish,
    )


@dataclass(frozen=True)
class _Wired:
    """What a worker process has to be given to be wired as this one is."""

    settings: Settings
    env: dict[str, str] | None
    """None: that of this process."""
    serves_http: bool
    only_here: frozenset[str]
    """Targets that are objects of this very process."""
    given: bool
    """Models are objects of this very process."""

    def lives_here(self, spec: CampaignSpec) -> bool:
        """Whether another process could not play it."""
        return self.given or not self.only_here.isdisjoint(spec.targets)


def _processes(app: App, wired: _Wired, store: Store, engine: Embedded, on_change: Callable[[str], Awaitable[None]]) -> Processes:
    from understudy.app.campaign_workers import processes_for
    from understudy.campaigns.processes import Processes
    from understudy.campaigns.worker import Worker
    from understudy.campaigns.worker_lines import Greeting

    async def start(number: int) -> Worker:
        body = wired.settings.model_dump(mode="json")
        greeting = Greeting(number=number, parent=os.getpid(), settings=body, serves_http=wired.serves_http)
        # -P: a file of the working directory must not stand in for a module.
        return await Worker.start((sys.executable, "-P", "-m", "understudy.worker"), greeting, env=wired.env)

    return Processes(
        store,
        engine,
        wanted=lambda campaign, left: 1 if wired.lives_here(campaign.spec) else processes_for(app, campaign.spec, left),
        start=start,
        limits=app.limits,
        clock=time.time,
        on_change=on_change,
    )


def _conductor(app: App, store: Store, engine: Processes) -> Conductor:
    from understudy.app.campaign_count import count, count_again
    from understudy.app.campaign_spec import knows_targets, player_version, target_limit
    from understudy.campaigns.conduct import Conductor
    from understudy.campaigns.owner import owner_name

    return Conductor(
        store,
        engine,
        scenario_for=lambda spec, cell: app.scenarios.of(app, spec, cell),
        count=lambda cell, run_id: count(app, cell, run_id),
        count_again=lambda cell, before: count_again(app, cell, before),
        player_version=lambda spec: player_version(app, spec),
        target_limit=lambda name: target_limit(app, name),
        clock=time.time,
        new_id=app.new_id,
        owner=owner_name(secrets.token_hex(4)),
        knows=lambda spec: knows_targets(app, spec),
        on_change=lambda campaign_id: app.announce(Change("campaign", campaign_id, listed=False)),
    )


def _stepper(store: Store, targets: Targets, minds: Models, on_change: Callable[[str], Awaitable[None]]) -> Stepper:
    from understudy.campaigns.owner import owner_name
    from understudy.campaigns.step import Stepper

    return Stepper(
        store,
        player_for=minds.player,
        target_for=targets.open,
        clock=time.time,
        owner=owner_name(secrets.token_hex(4)),
        on_change=on_change,
    )


class Models:
    """The models of the settings by role, each opened when first asked for; and who plays the user of a run."""

    def __init__(
        self,
        settings: Settings,
        env: Mapping[str, str],
        log: Callable[[], Awaitable[CallLog]],
        given: Mapping[ModelRoleName, LLM],
    ) -> None:
        self._settings, self._env, self._log = settings, env, log
        self._open: dict[ModelRoleName, LLM] = dict(given)
        self._gates: Gates | None = None

    def gates(self) -> Gates:
        """The limits on calls of this process, of models and of targets."""
        from understudy.llm.limit import Gates

        self._gates = self._gates or Gates()
        return self._gates

    def model(self, role: ModelRoleName) -> LLM | None:
        """The model of a role; None when the settings name none. Raises BadInput for settings that cannot be used."""
        if role not in self._open:
            # Who audits the user is the judge of the settings.
            settings = getattr(self._settings.models, "judge" if role == "audit" else role, None)
            if settings is None:
                return None
            self._open[role] = self._opened(role, settings)
        return self._open[role]

    def target_model(self, settings: ModelRole) -> LLM:
        """The model of a prompt under test; whoever asks closes it. Raises BadInput for settings that cannot be used."""
        return self._open["target"] if "target" in self._open else self._opened("target", settings)

    def _opened(self, role: ModelRoleName, settings: ModelRole) -> LLM:
        from understudy.llm.open import open_llm

        return open_llm(role, settings, env=self._env, log=self._log, gates=self.gates(), replay=self._settings.models.replay)

    def player(self, run_id: str, scenario: Scenario) -> Player:
        """Who plays the user of this run. Raises BadInput when there is no model to do it."""
        if scenario.player == "script":
            from understudy.simulation.players.script import ScriptPlayer

            return ScriptPlayer(scenario.script)
        if scenario.player == "model":
            from understudy.simulation.players.model import ModelPlayer

            model = self.model("user")
            if model is None or model.name != scenario.user_model:
                now = model.name if model else "no model"
                raise BadInput("models.user", f"the run was begun with {scenario.user_model}, and the settings now have {now}")
            return ModelPlayer(model, run_id=run_id)
        if scenario.player == CALLER:
            raise BadInput("player", "the user of this run is played by whoever calls continue_conversation")
        from understudy.simulation.players.rules import RulesPlayer

        return RulesPlayer()

    async def aclose(self) -> None:
        """Free connections."""
        opened, self._open = list(self._open.values()), {}
        for model in opened:
            await model.aclose()


def _answered_by_hand() -> BadInput:
    return BadInput(
        "target", f"`{CALLER}` is whoever calls: there is nothing to reach", "Open with continue_conversation and answer with `reply`"
    )


class Targets:
    """Targets by name: those of the settings, and the demo agents, which need nothing. Each is opened once."""

    def __init__(
        self,
        settings: Settings,
        env: Mapping[str, str],
        allow: AllowList | None,
        open_model: Callable[[ModelRole], LLM],
        agents: Mapping[str, Target],
        gates: Callable[[], Gates] | None = None,
    ) -> None:
        self._settings, self._env, self._allow, self._open_model, self._agents = settings, env, allow, open_model, agents
        self._gates = gates
        self._open: dict[str, Target] = {}

    def names(self) -> list[str]:
        """Configured targets first; last the caller, who answers for themselves."""
        return [*self._agents, *self._settings.targets, *(DEMO + agent for agent in DEMO_AGENTS), CALLER]

    def knows(self, name: str) -> bool:
        """Whether `open` would find it. Raises NotFound and BadInput for a demo agent with a fault that it cannot have."""
        if name in self._agents or name in self._settings.targets or name == CALLER:
            return True
        agent, faulty, _ = name.partition("+")
        if agent not in (DEMO + known for known in DEMO_AGENTS):
            return False
        if faulty:
            from understudy.demo.catalogue import demo_agent

            demo_agent(name.removeprefix(DEMO))
        return True

    async def open(self, name: str) -> Target:
        """The target, open. Raises NotFound, and BadInput for a demo agent's impossible fault."""
        if name not in self._open:
            self._open[name] = self._make(name)
        return self._open[name]

    def _make(self, name: str) -> Target:
        if name in self._agents:
            return self._agents[name]
        if name in self._settings.targets:
            from understudy.app.paced import paced
            from understudy.targets.open import open_target

            settings = self._settings.targets[name]
            opened = open_target(name, settings, env=self._env, allow=self._allow, open_model=self._open_model)
            return paced(opened, settings.most_at_once, self._gates() if self._gates is not None else None)
        if not self.knows(name):
            raise NotFound("target", name, self.names(), hint="Targets are configured in understudy.yaml; `understudy init` writes one.")
        if name == CALLER:
            raise _answered_by_hand()
        from understudy.demo.target import DemoTarget

        return DemoTarget(name, name.removeprefix(DEMO))

    async def probe(self, name: str) -> Probe:
        """One hello. Raises NotFound."""
        if name in self._settings.targets:
            from understudy.targets.probe import probe

            return await probe(name, self._settings.targets[name], env=self._env, allow=self._allow, open_model=self._open_model)
        target = await self.open(name)
        from understudy.demo.target import DemoTarget

        if not isinstance(target, DemoTarget):
            raise NotFound("target", name, self.names())
        return await target.probe()

    async def aclose(self) -> None:
        """Free connections and processes."""
        opened, self._open = list(self._open.values()), {}
        for target in opened:
            await target.aclose()

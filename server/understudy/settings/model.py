"""What `understudy.yaml` may say, as frozen values. Keys of models and targets are names of environment variables, never secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, field_validator

from understudy.domain.gate_rules import GateRules
from understudy.domain.model_role import ModelRole
from understudy.domain.scenario import CALLER, Limits
from understudy.domain.value import Slug, Value
from understudy.targets.allow import AllowList
from understudy.targets.settings import TargetSettings

__all__ = ["TOOLSETS", "Defaults", "Gate", "ModelRole", "Models", "Serve", "Settings", "SettingsBody", "Toolset"]

_LIMITS = Limits()

Toolset = Literal["core", "queries", "campaigns", "by-hand"]
"""A group of the server's tools that is served or left out as one."""

TOOLSETS: tuple[Toolset, ...] = get_args(Toolset)
"""All of them."""


class Models(Value):
    """Which model plays the user, judges, and writes queries. Without one, the offline player and the checks do the work."""

    user: ModelRole | None = None
    """A small, fast one: the strongest model is not the best user."""
    judge: ModelRole | None = None
    generator: ModelRole | None = None
    replay: bool = False
    """Answer every call from the recordings in the store, and call nothing."""


class Defaults(Value):
    """What a run takes when it does not say."""

    target: str | None = None
    """A name under `targets`; None takes the only one there is."""
    player: Literal["rules", "script", "model"] = "rules"
    max_turns: int = Field(default=_LIMITS.max_turns, ge=1, le=200)
    """User turns."""
    max_seconds: float = Field(default=_LIMITS.max_seconds, gt=0)
    seed: int = 0
    rubric: Slug = "service"
    reruns: int = Field(default=2, ge=0, le=10)
    """How often a run is played again, with another seed, when the model that played the user failed or misbehaved."""
    judge: Literal["auto", "checks", "model"] = "auto"
    """Who judges a run at its end. auto: `models.judge` where there is one and the rubric has criteria that need one."""
    workers: int | None = Field(default=None, ge=1, le=64)
    """Processes that play a campaign, this one included. None: one a core, at most 8, and one for fewer than 200 conversations."""


class Serve(Value):
    """What holds while Understudy serves its tools."""

    toolsets: tuple[Toolset, ...] = TOOLSETS
    """Those to serve. `core`, which the others build on, is always among them."""
    allow_targets: tuple[str, ...] | None = None
    """Over HTTP: hosts, host:port, addresses and networks that targets may be on; it does not hold for stdio and the command line, whose
    user is local. None: public addresses, and the localhost or address that a target's own settings spell out."""

    @field_validator("allow_targets")
    @classmethod
    def _can_be_read(cls, entries: tuple[str, ...] | None) -> tuple[str, ...] | None:
        AllowList.of(entries)
        return entries


class Gate(GateRules):
    """What `understudy gate` and the pytest plugin ask for when they are not told."""

    baseline: Slug | None = None
    """The campaign to compare with, by the name of a baseline."""


class SettingsBody(Value):
    """The keys of the file."""

    targets: dict[Slug, TargetSettings] = {}
    models: Models = Models()
    company: Path | None = None
    """The company's context in Markdown."""
    topics: Path | None = None
    """A topic file, or a folder of them."""
    personas: tuple[Path, ...] = ()
    """Pack files, or folders of them, beside the built-in library."""
    rubrics: tuple[Path, ...] = ()
    """Rubric files, or folders of them."""
    defaults: Defaults = Defaults()
    serve: Serve = Serve()
    gate: Gate = Gate()
    store: Path | None = None
    """The folder of the store; None puts it beside the file."""

    @field_validator("targets")
    @classmethod
    def _leaves_the_caller_alone(cls, targets: dict[str, TargetSettings]) -> dict[str, TargetSettings]:
        if CALLER in targets:
            raise ValueError(f"the name `{CALLER}` is taken by whoever calls continue_conversation; give the target another one")
        return targets


class Settings(SettingsBody):
    """The file's content with every path made absolute, and where it came from."""

    file: Path | None = None
    """None: there is no file, and everything is as it comes."""

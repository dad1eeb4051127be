"""Which targets there are, and whether one answers."""

from __future__ import annotations

from typing import Literal

from understudy.app.context import App
from understudy.app.pages import cut
from understudy.domain.errors import BadInput
from understudy.domain.value import Value

__all__ = ["TargetView", "check_target", "default_target", "opens"]


class TargetView(Value):
    """What checking a target found."""

    target: str
    kind: str
    address: str
    reachable: bool
    untrusted_finding: str
    """What was tried and found, and how to mend it; it may quote what came back."""
    latency_ms: float | None = None
    untrusted_sample: str | None = None
    tool_calls: int = 0
    exposes_state: bool = False
    speaks_first: Literal["user", "agent", "either"] | None = None
    streams: bool | None = None
    suggested_settings: str | None = None
    """YAML that fits it better than the present settings."""
    known_targets: list[str]


def default_target(app: App) -> str:
    """The target that is meant when none is named: the settings' default, else the only one. Raises BadInput."""
    named, configured = app.settings.defaults.target, list(app.settings.targets)
    if named is not None:
        return named
    if len(configured) == 1:
        return configured[0]
    fix = f"Known: {', '.join(app.target_names())}. `understudy init` writes an understudy.yaml in which your agent can be named"
    raise BadInput("target", "is needed: there is no default target", fix)


def opens(app: App, target: str) -> Literal["user", "agent"]:
    """Who speaks first with this target."""
    settings = app.settings.targets.get(target)
    return settings.opens if settings is not None else "user"


async def check_target(app: App, target: str | None = None) -> TargetView:
    """Say hello to a target (default: the default one) and tell what came back. Raises NotFound and BadInput."""
    known = app.target_names()
    probe = await app.probe_target(target or default_target(app))
    return TargetView(
        target=probe.target,
        kind=probe.kind,
        address=probe.address,
        reachable=probe.reachable,
        untrusted_finding=cut(probe.detail, 800),
        latency_ms=probe.latency_ms,
        untrusted_sample=cut(probe.sample, 300) if probe.sample is not None else None,
        tool_calls=probe.tool_calls,
        exposes_state=probe.exposes_state,
        speaks_first=probe.speaks_first,
        streams=probe.streams,
        suggested_settings=cut(probe.suggestion, 1000) if probe.suggestion is not None else None,
        known_targets=known,
    )

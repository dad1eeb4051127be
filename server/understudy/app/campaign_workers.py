"""By how many processes a campaign is played, and what a worker process does with one conversation of it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from understudy.app.context import App
from understudy.app.judging import verdict_now
from understudy.app.reruns import follow_up
from understudy.domain.campaign import CampaignSpec
from understudy.domain.model_role import ModelRole
from understudy.targets.settings import PromptTarget

__all__ = ["FEW", "MOST", "cores", "processes_for", "see_through"]

FEW = 200
"""Fewer conversations are played by one process, unless more are asked for: a worker takes a second to start."""
MOST = 8
"""As many processes at most, unless more are asked for: they share one file, and nobody has measured more."""
LONG_S = 3600.0
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processes_for(app: App, spec: CampaignSpec, left: int) -> int:
    """How many processes are to play what is left of a campaign: as many as are asked for, else one for a small campaign and one a core
    for any other; never more than the narrowest limit that must be divided among them, and one on Windows."""
    if sys.platform == "win32":
        return 1
    asked = app.workers or app.settings.defaults.workers
    wanted = asked or (1 if left < FEW else min(cores(), MOST))
    return max(1, min(wanted, left, spec.concurrency, *_limits(app, spec)))


def cores() -> int:
    """How many cores this process may use, by its affinity and by the quota of its container."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        found = min(found, max(1, int(quota) // int(period)))
    return found


def _limits(app: App, spec: CampaignSpec) -> list[int]:
    """Every bound on calls at once or a minute that conversations of the campaign meet."""
    targets = [app.settings.targets[name] for name in spec.targets if name in app.settings.targets]
    models = [target.model for target in targets if isinstance(target, PromptTarget)]
    models += [role for role in (app.settings.models.user, app.settings.models.judge) if role is not None]
    return [target.most_at_once for target in targets] + [bound for model in models for bound in _bounds(model)]


def _bounds(model: ModelRole) -> list[int]:
    return [model.concurrency] if model.requests_per_minute is None else [model.concurrency, model.requests_per_minute]


async def see_through(app: App, run_id: str) -> None:
    """Judge a finished run; where its user misbehaved, see the one that is played in its place through as well. Raises StoreError."""
    engine, following = await app.engine(), run_id
    while True:
        await verdict_now(app, following)
        again = await follow_up(app, following)
        if again is None:
            return
        await engine.submit(again)
        while not await engine.wait(again, LONG_S):
            pass
        following = again

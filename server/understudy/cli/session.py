"""One `App` for the length of a command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from understudy.app.context import App
from understudy.settings.model import Settings
from understudy.targets.settings import TargetSettings
from understudy.wiring import make_app, settings_from

__all__ = ["run", "settings_of"]

Result = TypeVar("Result")


def settings_of(context: click.Context) -> Settings:
    """The settings that `--config` and `--store` name. Raises BadFile."""
    options: dict[str, Any] = context.find_root().obj or {}
    config, store = options.get("config"), options.get("store")
    return settings_from(Path(config) if config else None, store=Path(store) if store else None)


def run(
    context: click.Context, work: Callable[[App], Awaitable[Result]], *, extra_targets: Mapping[str, TargetSettings] | None = None
) -> Result:
    """Do `work` with an `App` that is closed afterwards, whatever happens."""

    async def body() -> Result:
        app = make_app(settings_of(context), extra_targets=extra_targets)
        try:
            return await work(app)
        finally:
            await app.aclose()

    return asyncio.run(body())

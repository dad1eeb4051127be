"""What a tool is offered with: its title, its hints, and the toolset that it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from mcp.server.mcpserver import Context
from mcp.types import ToolAnnotations

from understudy.app.context import App
from understudy.settings.model import Toolset

__all__ = ["ADDS", "CALLS_TARGET", "CHANGES", "PROBES", "READS", "STEERS", "STOPS", "WAITS", "Ctx", "Offer", "app_of"]

Ctx = Context[App]

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False)
CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
CALLS_TARGET = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=True)
PROBES = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
WAITS = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
STOPS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)
STEERS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=True)


class Offer(NamedTuple):
    """A function that is served as a tool of its name."""

    fn: Callable[..., Awaitable[Any]]
    title: str
    hints: ToolAnnotations
    toolset: Toolset
    at_once: bool = False
    """Hosts that load definitions only when they are searched for should have this one from the start."""
    brief: bool = False
    """Its answer is large and plain to see, or described by another tool: the published schema names its fields only."""


def app_of(ctx: Ctx) -> App:
    """The app that the server is over."""
    return ctx.request_context.lifespan_context

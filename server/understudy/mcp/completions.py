"""Completion of ids in resource templates and prompt arguments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from understudy.app.catalogue import goals, personas, rubrics, topics
from understudy.app.context import App

__all__ = ["add_completions"]

MOST = 100


def add_completions(server: MCPServer[Any], app: App) -> None:
    """Register the completion handler on `server`."""

    async def run_ids(prefix: str) -> list[str]:
        return [r.id for r in await (await app.store()).runs(limit=1000) if r.id.startswith(prefix)]

    async def campaign_ids(prefix: str) -> list[str]:
        if not app.has_store():
            return []
        return [c.id for c in await (await app.store()).campaigns(limit=1000) if c.id.startswith(prefix)]

    async def packs(prefix: str) -> list[str]:
        return [pack.id for pack in app.library.packs if pack.id.startswith(prefix)]

    async def of(ids: Callable[[App], Awaitable[dict[str, Any]]], prefix: str) -> list[str]:
        return [id for id in await ids(app) if id.startswith(prefix)]

    async def targets(prefix: str) -> list[str]:
        return [name for name in app.target_names() if name.startswith(prefix)]

    known: dict[str, Callable[[str], Awaitable[list[str]]]] = {
        "persona_id": lambda prefix: of(personas, prefix),
        "goal_id": lambda prefix: of(goals, prefix),
        "topic_id": lambda prefix: of(topics, prefix),
        "rubric_id": lambda prefix: of(rubrics, prefix),
        "run_id": run_ids,
        "campaign_id": campaign_ids,
        "pack": packs,
        "target": targets,
    }

    @server.completion()  # type: ignore[no-untyped-call,untyped-decorator]  # the SDK leaves it untyped
    async def complete(
        ref: PromptReference | ResourceTemplateReference, argument: CompletionArgument, context: CompletionContext | None
    ) -> Completion | None:
        source = known.get(argument.name)
        if source is None:
            return None
        hits = await source(argument.value)
        return Completion(values=hits[:MOST], total=len(hits), has_more=len(hits) > MOST)

"""Builds the MCP server: the SDK's, made strict, with paged lists that follow the store, signals and change notifications."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

import anyio
from anyio.lowlevel import checkpoint
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.extension import Extension
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.server.subscriptions import InMemorySubscriptionBus, ResourcesListChanged, ResourceUpdated
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from understudy import __version__
from understudy.app.context import App, Change
from understudy.app.pages import encode_cursor, offset_of
from understudy.app.runs import keep_resuming
from understudy.domain.errors import BadInput, StoreError
from understudy.mcp.browse import resource_page
from understudy.mcp.completions import add_completions
from understudy.mcp.instructions import instructions_for
from understudy.mcp.prompts import add_prompts
from understudy.mcp.resources import add_resources, uris_of
from understudy.mcp.strict import refuse_unfit_prompts, refuse_unknown_tools
from understudy.mcp.tasks import Tasks
from understudy.mcp.tools import tools_for

__all__ = ["Understudy", "build_server"]

LIST_PAGE = 50

Row = TypeVar("Row")


class Understudy(MCPServer[App]):
    """The SDK's server with lists that have cursors (its own ignore them)."""

    def __init__(self, app: App, **settings: Any) -> None:
        super().__init__(**settings)
        self.app = app

    async def _handle_list_tools(self, ctx: ServerRequestContext[App], params: PaginatedRequestParams | None) -> ListToolsResult:
        rows, cursor = _page(await self.list_tools(), params)
        return ListToolsResult(tools=rows, next_cursor=cursor)

    async def _handle_list_prompts(self, ctx: ServerRequestContext[App], params: PaginatedRequestParams | None) -> ListPromptsResult:
        rows, cursor = _page(await self.list_prompts(), params)
        return ListPromptsResult(prompts=rows, next_cursor=cursor)

    async def _handle_list_resource_templates(
        self, ctx: ServerRequestContext[App], params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        rows, cursor = _page(await self.list_resource_templates(), params)
        return ListResourceTemplatesResult(resource_templates=rows, next_cursor=cursor)

    async def _handle_list_resources(self, ctx: ServerRequestContext[App], params: PaginatedRequestParams | None) -> ListResourcesResult:
        fixed = await self.list_resources()
        try:
            rows, cursor = await resource_page(self.app, fixed, params.cursor if params else None, LIST_PAGE)
        except BadInput as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error
        return ListResourcesResult(resources=rows, next_cursor=cursor)


def _page(rows: Sequence[Row], params: PaginatedRequestParams | None) -> tuple[list[Row], str | None]:
    try:
        start = offset_of(params.cursor if params else None)
    except BadInput as error:
        raise MCPError(INVALID_PARAMS, str(error)) from error
    end = start + LIST_PAGE
    return list(rows[start:end]), encode_cursor(end) if end < len(rows) else None


def build_server(
    app: App, *, read_only: bool = False, extra_tools: Sequence[Tool] = (), extensions: Sequence[Extension] = ()
) -> Understudy:
    """The server over `app`, with the toolsets of its settings. `read_only` leaves out every tool that writes or calls a target, and
    with them tasks; `extra_tools` and `extensions` are mounted beside ours, through the same strict layer."""
    bus = InMemorySubscriptionBus()
    toolsets = app.settings.serve.toolsets
    tools = [*tools_for(toolsets, read_only=read_only), *extra_tools]
    server = Understudy(
        app,
        name="understudy",
        title="Understudy",
        description="Plays your agent's users before real users do.",
        instructions=instructions_for(toolsets),
        version=__version__,
        tools=tools,
        extensions=[*([] if read_only else [Tasks()]), *extensions],
        lifespan=_lifespan(app, bus, take_up=not read_only),
        subscriptions=bus,
        log_level="WARNING",
        cache_hints={"tools/list": CacheHint(3_600_000, "public"), "prompts/list": CacheHint(3_600_000, "public")},
        middleware=[refuse_unknown_tools(lambda: [tool.name for tool in tools]), refuse_unfit_prompts(lambda: server.list_prompts())],
    )
    add_resources(server, app)
    add_prompts(server, toolsets)
    add_completions(server, app)
    return server


def _lifespan(app: App, bus: InMemorySubscriptionBus, *, take_up: bool) -> Callable[[MCPServer[App]], AbstractAsyncContextManager[App]]:
    async def publish(change: Change) -> None:
        for uri in uris_of(change):
            await bus.publish(ResourceUpdated(uri=uri))
        if change.listed:
            await bus.publish(ResourcesListChanged())

    @asynccontextmanager
    async def lifespan(_: MCPServer[App]) -> AsyncGenerator[App]:
        app.listeners.append(publish)
        async with anyio.create_task_group() as background:
            if take_up:
                background.start_soon(_take_up, app)
            try:
                yield app
            finally:
                background.cancel_scope.cancel()
                app.listeners.remove(publish)
                with anyio.CancelScope(shield=True):
                    await app.aclose()

    return lifespan


async def _take_up(app: App) -> None:
    """Resume what a process that went away left unfinished, if there is a store at all."""
    await checkpoint()
    if not app.has_store():
        return
    try:
        await keep_resuming(app)
    except StoreError:
        return  # the next tool call meets the same error and tells the caller, who can mend it

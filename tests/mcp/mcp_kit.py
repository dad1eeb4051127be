"""A server over a fresh store, and calls of its tools, for the tests of the MCP face."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client

from understudy.mcp.server import build_server
from understudy.settings.model import Settings
from understudy.wiring import make_app

REGULAR = "lunch-break-regular"


@asynccontextmanager
async def server_on(folder: Path, *, mode: str = "auto", read_only: bool = False, **settings: Any) -> AsyncGenerator[Client]:
    app = make_app(Settings(store=folder, **settings), env={})
    async with Client(build_server(app, read_only=read_only), mode=mode) as client:  # type: ignore[arg-type]
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content[0].text
    assert result.structured_content is not None
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.structured_content
    return result.content[0].text

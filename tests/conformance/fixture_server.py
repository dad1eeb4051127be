"""The public suite's fixtures on our own server: `python fixture_server.py` serves it and prints its URL on stdout.

The server comes from `build_server`, the tools are `StrictTool`s beside the product's, and `http_app` serves them: what the suite
passes here, the product passes.
"""

from __future__ import annotations

import base64
import json
import socket
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from fixture_content import content_tools, red_dot
from fixture_deprecated import add_deprecated_requests, deprecated_tools
from fixture_rounds import add_round_prompt, round_tools
from mcp import MCPDeprecationWarning
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts.base import Message, UserMessage
from mcp.types import EmbeddedResource, ImageContent, TextResourceContents

from understudy.mcp.http import http_app
from understudy.mcp.server import Understudy, build_server
from understudy.settings.model import Settings
from understudy.wiring import make_app

HOST = "127.0.0.1"


def add_resources(server: MCPServer[Any]) -> None:
    """Register the suite's resources."""

    @server.resource("test://static-text", mime_type="text/plain", description="A text.")
    async def static_text() -> str:
        return "This is the content of the static text resource."

    @server.resource("test://static-binary", mime_type="image/png", description="An image.")
    async def static_binary() -> bytes:
        return red_dot()

    @server.resource("test://watched-resource", mime_type="text/plain", description="To subscribe to.")
    async def watched_resource() -> str:
        return "Watched."

    @server.resource("test://template/{id}/data", mime_type="application/json", description="One record.")
    async def record(id: str) -> str:
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def add_prompts(server: MCPServer[Any]) -> None:
    """Register the suite's prompts."""

    @server.prompt(description="Without arguments.")
    async def test_simple_prompt() -> str:
        return "This is a simple prompt for testing."

    @server.prompt(description="With two arguments.")
    async def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @server.prompt(description="With a resource.")
    async def test_prompt_with_embedded_resource(resourceUri: str) -> list[Message]:  # noqa: N803 - the suite's name
        body = TextResourceContents(uri=resourceUri, mime_type="text/plain", text="Embedded resource content for testing.")
        return [
            UserMessage(EmbeddedResource(type="resource", resource=body)),
            UserMessage("Please process the embedded resource above."),
        ]

    @server.prompt(description="With an image.")
    async def test_prompt_with_image() -> list[Message]:
        image = ImageContent(type="image", data=base64.b64encode(red_dot()).decode(), mime_type="image/png")
        return [UserMessage(image), UserMessage("Please analyze the image above.")]


def fixture_server(store: Path) -> Understudy:
    """The product's server with everything that the suite asks for mounted on it."""
    tools = [*content_tools(), *round_tools(), *deprecated_tools()]
    server = build_server(make_app(Settings(store=store), env={}), extra_tools=tools)
    add_resources(server)
    add_prompts(server)
    add_round_prompt(server)
    add_deprecated_requests(server)
    return server


async def serve() -> None:
    """Serve on a free loopback port until SIGTERM or SIGINT."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server((HOST, 0)) as listening:
        app = http_app(fixture_server(Path(folder)), host=HOST, token=None)
        sys.stdout.write(f"http://{HOST}:{listening.getsockname()[1]}/mcp\n")
        sys.stdout.flush()
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    warnings.simplefilter("ignore", MCPDeprecationWarning)  # the suite wants the deprecated features of the 2025 era as well
    anyio.run(serve)

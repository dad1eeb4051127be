"""`understudy serve`."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

import anyio
import click

from understudy.domain.errors import nearest

if TYPE_CHECKING:
    from understudy.settings.model import Toolset

__all__ = ["serve"]


@click.command()
@click.option("--http", is_flag=True, help="Streamable HTTP instead of stdio.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Interface for --http. Beyond loopback a token is needed.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port for --http. 0 takes a free one.")
@click.option("--token-env", help="Name of the environment variable that holds the token clients must send.")
@click.option("--allowed-host", "allowed_hosts", multiple=True, help="A further Host name to answer to (may be given again).")
@click.option("--read-only", is_flag=True, help="Only the tools that read.")
@click.option("--toolsets", help="Groups of tools to serve: core, queries, campaigns, by-hand, with commas. Default: all.")
@click.pass_context
def serve(
    context: click.Context,
    http: bool,
    host: str,
    port: int,
    token_env: str | None,
    allowed_hosts: tuple[str, ...],
    read_only: bool,
    toolsets: str | None,
) -> None:
    """Serve the MCP tools, over stdio by default. Only protocol goes to stdout; what people should see goes to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    token = _token(token_env)
    from understudy.cli.session import settings_of
    from understudy.mcp.server import build_server
    from understudy.wiring import make_app

    settings = settings_of(context)
    if toolsets is not None:
        settings = settings.evolve(serve=settings.serve.evolve(toolsets=_toolsets(toolsets)))
    app = make_app(settings, serves_http=http)
    server = build_server(app, read_only=read_only)
    if http:
        from understudy.mcp.http import serve_http

        def announce(url: str) -> None:
            click.echo(f"Understudy on {url}" + (" (token required)" if token else ""), err=True)

        anyio.run(lambda: serve_http(server, host=host, port=port, token=token, allowed_hosts=allowed_hosts, on_bound=announce))
    else:
        from understudy.mcp.stdio import serve_stdio

        if sys.stdin.isatty():
            click.echo("Understudy waits for an MCP client on stdin. `clients/` has configurations; Ctrl-C ends it.", err=True)
        anyio.run(serve_stdio, server, app)


def _toolsets(given: str) -> tuple[Toolset, ...]:
    """The names between the commas."""
    from understudy.settings.model import TOOLSETS

    names = [name.strip().lower().replace("_", "-") for name in given.split(",") if name.strip()]
    for name in names:
        if name not in TOOLSETS:
            near = nearest(name, TOOLSETS)
            raise click.UsageError(f"No toolset `{name}`; " + (f"did you mean `{near}`?" if near else f"there are {', '.join(TOOLSETS)}."))
    return tuple(known for known in TOOLSETS if known in names)


def _token(name: str | None) -> str | None:
    if name is None:
        return None
    token = os.environ.get(name)
    if not token:
        raise click.UsageError(f"The environment variable {name} is empty or not set.")
    return token

"""Who the client says it is, for the record of a run that its model plays."""

from __future__ import annotations

from mcp.server.mcpserver import Context

from understudy.app.context import App

__all__ = ["host_of"]


def host_of(ctx: Context[App]) -> str:
    """Name and version of the client's program; empty when it does not say."""
    known = ctx.request_context.session.client_params
    return f"{known.client_info.name} {known.client_info.version}" if known is not None else ""

"""Progress notifications for calls that wait."""

from __future__ import annotations

from mcp.server.mcpserver import Context

from understudy.app.context import App
from understudy.app.runs import Progress

__all__ = ["progress_of"]


def progress_of(ctx: Context[App]) -> Progress:
    """Reports user turns to the client, which hears them if it asked for progress."""

    async def report(done: int, most: int, message: str) -> None:
        await ctx.report_progress(done, most, message)

    return report

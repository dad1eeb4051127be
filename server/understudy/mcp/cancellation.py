"""What it means for a run when the call that started it is cancelled.

Over stdio a cancellation is somebody's decision, so the run is stopped. Over HTTP it may as well be a lost connection, which
the protocol treats the same; the run goes on there and is stopped by cancel_run.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from mcp.server.mcpserver import Context

from understudy.app.context import App
from understudy.app.runs import cancel_run

__all__ = ["stop_when_cancelled"]

GRACE_S = 5.0


@asynccontextmanager
async def stop_when_cancelled(ctx: Context[App], app: App, run_id: str) -> AsyncGenerator[None]:
    """Stops run `run_id` when the body is cancelled by a client over stdio (or in memory)."""
    try:
        yield
    except anyio.get_cancelled_exc_class():
        if ctx.request_context.request is None and not app.closing:
            with anyio.move_on_after(GRACE_S, shield=True):
                await cancel_run(app, run_id)
        raise

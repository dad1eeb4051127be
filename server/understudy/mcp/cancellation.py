"""What it means for a run when the call that waits for it is cancelled.

A client that cancels its call has decided so, and the run is stopped. A connection that ends (the host has quit or crashed, a
network is gone) decides nothing: the run goes on, or is taken up by the next server.

Reads the request's channel off the SDK's session, which is not public API: `mcp` is pinned to 2.3 and tests guard it.
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
    """Stops run `run_id` when the body is cancelled because the client said so."""
    try:
        yield
    except anyio.get_cancelled_exc_class():
        if _client_said_so(ctx) and not app.closing:
            with anyio.move_on_after(GRACE_S, shield=True):
                await cancel_run(app, run_id)
        raise


def _client_said_so(ctx: Context[App]) -> bool:
    """Whether a `notifications/cancelled` has come for this call."""
    channel = ctx.request_context.session._request_outbound  # pyright: ignore[reportPrivateUsage]  # see above
    return channel.cancel_requested.is_set()

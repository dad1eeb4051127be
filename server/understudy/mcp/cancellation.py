"""What it means for a run or a campaign when the call that began it is cancelled.

A client that cancels its call has decided so, and what it began is stopped. A connection that ends (the host has quit or crashed, a
network is gone) decides nothing: it goes on, or is taken up by the next server.

Reads the request's channel off the SDK's session, which is not public API: `mcp` is pinned to 2.3 and tests guard it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
from mcp.server.mcpserver import Context

from understudy.app.context import App

__all__ = ["when_cancelled"]

GRACE_S = 5.0


@asynccontextmanager
async def when_cancelled(ctx: Context[App], app: App, stop: Callable[[], Awaitable[object]]) -> AsyncGenerator[None]:
    """Calls `stop` when the body is cancelled because the client said so."""
    try:
        yield
    except anyio.get_cancelled_exc_class():
        if _client_said_so(ctx) and not app.closing:
            with anyio.move_on_after(GRACE_S, shield=True):
                await stop()
        raise


def _client_said_so(ctx: Context[App]) -> bool:
    """Whether a `notifications/cancelled` has come for this call."""
    channel = ctx.request_context.session._request_outbound  # pyright: ignore[reportPrivateUsage]  # see above
    return channel.cancel_requested.is_set()

"""Serve over stdio: only protocol on stdout, and a clean end on SIGTERM and SIGINT."""

from __future__ import annotations

import os
import signal
from typing import Any

import anyio

from understudy.app.context import App
from understudy.mcp.server import Understudy

__all__ = ["serve_stdio"]

GRACE_S = 2.0


async def serve_stdio(server: Understudy, app: App) -> None:
    """Serve until stdin ends or a signal comes. What runs is left on disk, resumable."""
    async with anyio.create_task_group() as group:
        group.start_soon(_leave_on_signal, app)
        await server.run_stdio_async()
        group.cancel_scope.cancel()


async def _leave_on_signal(app: App) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for received in signals:
            with anyio.move_on_after(GRACE_S):
                await app.aclose()
            _exit(128 + received)


def _exit(code: int) -> Any:
    # The SDK reads stdin in a thread that nothing can interrupt, so an orderly return would wait for input for ever.
    os._exit(code)

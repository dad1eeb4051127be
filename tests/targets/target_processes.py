"""Counterpart processes of targets: started on a free port, killed at the end."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

__all__ = ["MCP_SERVER", "free_port", "serving"]

MCP_SERVER = str(Path(__file__).with_name("mcp_agent_server.py"))
UP_WITHIN_S = 20.0


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(script: str, port: int, *, env: Mapping[str, str] | None = None) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The script as a process that listens on the port by the time this is entered."""
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started once, and killed by its id
        [sys.executable, script, str(port)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(UP_WITHIN_S):
            while not await _listens(port):
                assert process.poll() is None, "the counterpart process ended while starting"
                await asyncio.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True

"""Counterpart processes of targets: started on a free port, killed at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["A2A_SERVER", "MCP_SERVER", "free_port", "serving"]

MCP_SERVER = str(Path(__file__).with_name("mcp_agent_server.py"))
A2A_SERVER = str(Path(__file__).with_name("a2a_agent_server.py"))
UP_WITHIN_S = 30.0


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(script: str, port: int, *, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The script as a process that listens on the port by the time this is entered."""
    process = subprocess.Popen(
        [sys.executable, script, str(port)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + UP_WITHIN_S
        while not _listens(port):
            assert process.poll() is None, "the counterpart process ended while starting"
            assert time.monotonic() < until, "the counterpart process does not listen"
            time.sleep(0.05)  # it tells nobody when it is up
        yield process
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

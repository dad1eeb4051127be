"""The server as a process on stdio: through the SDK's client, or line by line to see everything that it writes."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

REGULAR = "lunch-break-regular"
START_S = 30.0
LINE_BYTES = 1 << 24


def serve_arguments(folder: Path, config: Path | None) -> list[str]:
    where = ["--config", str(config)] if config else []
    return ["-m", "understudy", *where, "--store", str(folder), "serve"]


@asynccontextmanager
async def connected(folder: Path, *, config: Path | None = None, mode: str = "auto") -> AsyncGenerator[Client]:
    """The SDK's client on a server process of its own over the store in `folder`."""
    server = StdioServerParameters(command=sys.executable, args=serve_arguments(folder, config), env=dict(os.environ), cwd=folder.parent)
    async with Client(server, mode=mode) as client:  # type: ignore[arg-type]
        yield client


class RawServer:
    """A server process that is spoken to in raw JSON lines. Every line that it writes is kept."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.lines.append(line.decode())
            message = json.loads(line)
            if (waiting := self._waiting.pop(message.get("id"), None)) is not None:
                waiting.set_result(message)

    async def write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        await self.process.stdin.drain()

    async def request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The whole answer; the reader's error, when it met something that is no JSON."""
        number = len(self._waiting) + len(self.lines) + 1000
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        async with asyncio.timeout(START_S):
            await asyncio.wait({answer, self._reading}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            self._reading.result()
            raise EOFError("the server closed its stdout")
        return answer.result()

    async def initialize(self) -> None:
        info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
        assert "result" in await self.request("initialize", info)
        await self.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}')

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = (await self.request("tools/call", {"name": tool, "arguments": arguments}))["result"]
        assert not result.get("isError"), result["content"]
        answer: dict[str, Any] = result["structuredContent"]
        return answer

    async def ended(self, seconds: float) -> int:
        """The exit code, and everything on stdout read."""
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
            await self._reading
        return code

    def messages(self) -> list[dict[str, Any]]:
        """What was written on stdout. Raises ValueError for a line that is no JSON."""
        return [json.loads(line) for line in self.lines]


@asynccontextmanager
async def raw_server(folder: Path, *, config: Path | None = None) -> AsyncGenerator[RawServer]:
    """A server process after the handshake, killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *serve_arguments(folder, config), cwd=folder.parent, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES
    )
    server = RawServer(process)
    try:
        await server.initialize()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.wait({server._reading})


async def until(condition: Callable[[], Awaitable[bool]], *, seconds: float = 20.0) -> None:
    """Looks again and again until it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.03)


def stored_events(folder: Path, run_id: str) -> list[tuple[int, str]]:
    """Number and body of every event of a run, as they are in the database file."""
    with closing(sqlite3.connect(folder / "understudy.db")) as database:
        rows = database.execute("SELECT seq, body FROM events WHERE run_id = ? ORDER BY seq", (run_id,)).fetchall()
    return [(seq, body) for seq, body in rows]


COUNTING_AGENT = """\
import json, os, sys, time
with open("pids", "a") as pids:
    print(os.getpid(), file=pids)
for line in sys.stdin:
    request = json.loads(line)
    with open("calls", "a") as calls:
        print(request["run_id"], len(request["messages"]), file=calls)
    time.sleep(float(sys.argv[1]))
    print(json.dumps({"text": f"Noted, point {len(request['messages'])}. What else?"}), flush=True)
"""

NOISY_MODULE = """\
import logging, os, subprocess, sys, warnings
print("noise while importing")
def answer(message):
    for _ in range(200):
        print("noise on stdout", message)
    os.write(1, b"noise on the descriptor\\n" * 200)
    sys.stderr.write("noise on stderr\\n" * 200)
    subprocess.run([sys.executable, "-c", "print('noise of a child')"])
    logging.basicConfig(stream=sys.stdout, force=True)
    logging.warning("noise in the log")
    warnings.warn("noise as a warning")
    return "All right. What else?"
"""


def settings_with_agents(folder: Path, *, pause_s: float = 0.05) -> Path:
    """A settings file with `counting`, a command that writes down its process and each call, and `noisy`, a callable that prints."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "counting.py").write_text(COUNTING_AGENT, encoding="utf-8")
    (folder / "noisy_agent.py").write_text(NOISY_MODULE, encoding="utf-8")
    targets = {
        "counting": {"kind": "command", "command": [sys.executable, "-S", "counting.py", str(pause_s)]},
        "noisy": {"kind": "python", "callable": "noisy_agent:answer", "python": sys.executable},
    }
    config = folder / "understudy.yaml"
    config.write_text(json.dumps({"targets": targets}), encoding="utf-8")
    return config

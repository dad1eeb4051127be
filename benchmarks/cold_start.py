"""From spawning the process to the first answer over stdio: ours beside a bare server of the same SDK, in turn."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

ROUNDS = 9
BARE = """
from mcp.server.mcpserver import MCPServer
server = MCPServer("bare", log_level="ERROR")
@server.tool()
async def ping() -> str:
    "Answers."
    return "pong"
server.run("stdio")
"""
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "benchmark", "version": "1"},
}
REQUEST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}) + "\n"


def first_answer_ms(command: list[str]) -> float:
    """Milliseconds until the answer to tools/list has come."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(REQUEST)
        process.stdin.flush()
        line = process.stdout.readline()
        took = (time.perf_counter() - began) * 1000
        assert "tools" in json.loads(line)["result"], line[:200]
        process.stdin.close()
        process.wait(10)
    return took


def run(arguments: Sequence[str] = ()) -> None:
    """Print minimum and median of both, their difference, and what our imports cost beyond the SDK's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks cold-start")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as folder:
        ours_command = [sys.executable, "-m", "understudy", "--store", folder, "serve"]
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(first_answer_ms([sys.executable, "-c", BARE]))
            ours.append(first_answer_ms(ours_command))
    print("| | min ms | median ms |\n|---|---|---|")
    print(f"| bare server of the same SDK | {min(bare):.0f} | {statistics.median(bare):.0f} |")
    print(f"| understudy serve | {min(ours):.0f} | {statistics.median(ours):.0f} |")
    paired = [o - b for o, b in zip(ours, bare, strict=True)]
    print(f"| over the bare server | {min(ours) - min(bare):.0f} | {statistics.median(paired):.0f} |\n")
    print("What our start imports beyond the SDK (self time, ms):\n")
    for ms, module in dominating():
        print(f"- {ms:5.1f}  {module}")


def dominating(rows: int = 12) -> list[tuple[float, str]]:
    """The modules with the largest self time that a bare server does not import."""
    bare = {module for _, module in import_times("import mcp.server.mcpserver")}
    ours = import_times("import mcp.server.mcpserver, understudy.cli.serve, understudy.mcp.server, understudy.mcp.stdio, understudy.wiring")
    return sorted(((ms, m) for ms, m in ours if m not in bare), reverse=True)[:rows]


def import_times(code: str) -> list[tuple[float, str]]:
    """Self time in ms and name of every module that `code` imports."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True)
    found = []
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            found.append((int(parts[0]) / 1000, parts[2].strip()))
    return found

"""The configurations to paste: each parses as its host reads it, and what it starts is a server that answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
FILES = sorted((CLIENTS / "hosts").iterdir())
KEYS = {"vscode.mcp.json": "servers", "codex.config.toml": "mcp_servers"}
LONGEST_CALL_S = 50
"""No tool of ours takes longer; a host that gives up earlier would lose answers."""
PLACEHOLDER = re.compile(r"\$\{workspaceFolder\}/|/path/to/your/project/")
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "host", "version": "1"}}


def entry_of(file: Path) -> dict[str, Any]:
    """What the file says about our server."""
    text = file.read_text(encoding="utf-8")
    body: dict[str, Any] = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    servers = body[KEYS.get(file.name, "mcpServers")]
    assert list(servers) == ["understudy"]
    entry: dict[str, Any] = servers["understudy"]
    return entry


def test_there_is_a_configuration_for_each_of_the_six_hosts_and_the_readme_names_it() -> None:
    names = [file.name for file in FILES]
    assert [name.split(".")[0] for name in names] == ["claude-code", "claude-desktop", "codex", "cursor", "gemini-cli", "vscode"]
    readme = (CLIENTS / "README.md").read_text(encoding="utf-8")
    assert all(f"](hosts/{name})" in readme for name in names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_configuration_parses_and_starts_our_command(file: Path) -> None:
    entry = entry_of(file)
    assert Path(entry["command"]).name == "understudy"
    assert "serve" in entry["args"]
    if "tool_timeout_sec" in entry:
        assert entry["tool_timeout_sec"] > LONGEST_CALL_S
    if "timeout" in entry:
        assert entry["timeout"] > LONGEST_CALL_S * 1000
    assert "env" not in entry, "no secret belongs into a file that is pasted"


@pytest.mark.parametrize("arguments", sorted({tuple(entry_of(file)["args"]) for file in FILES}), ids=" ".join)
def test_what_a_configuration_starts_answers_the_handshake_and_ends_with_its_host(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "understudy.yaml").write_text("defaults: {seed: 1}\n", encoding="utf-8")
    placed = [PLACEHOLDER.sub(f"{tmp_path.as_posix()}/", argument) for argument in arguments]
    assert not [argument for argument in placed if "$" in argument or "/path/to" in argument]
    hello = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO})
    command = [sys.executable, "-m", "understudy", *placed]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(hello + "\n")
        server.stdin.flush()
        answer = json.loads(server.stdout.readline())
        server.stdin.close()
        assert server.wait(10) == 0
    assert answer["result"]["serverInfo"]["name"] == "understudy"

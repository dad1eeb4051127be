"""A whole simulation by the command line with targets that the official SDKs reach, and with a prompt on a model server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from target_processes import A2A_SERVER, MCP_SERVER, free_port, serving

from understudy.testing.fake_models import Answer, CalledTool, FakeModels, ModelRequest

DECIDING = """
def decide(messages):
    return {"text": "Your appointment is cancelled.", "state": {"appointment": {"status": "cancelled"}}}

act = decide
"""
KEY = "sk-fake-0123456789abcdef"
ARGUMENTS = {"messages": "{{ messages }}"}
CANCEL = {"name": "cancel", "returns": {"ok": True}, "set": {"appointment.status": "cancelled"}}


def says(request: ModelRequest) -> Answer | str:
    """Calls the tool once, then tells of it."""
    told = json.dumps(request.body)
    called = '"tool_result"' in told or '"role": "tool"' in told
    return "Your appointment is cancelled." if called else Answer(tool_calls=(CalledTool("cancel", {}),))


async def simulated(folder: Path, target: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The result of `understudy simulate` with this one target, and all that it wrote to stderr."""
    (folder / "deciding.py").write_text(DECIDING)
    (folder / "understudy.yaml").write_text(yaml.safe_dump({"targets": {"it": target}}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "understudy", "--store", "store", "simulate", "--max-turns", "3", "--json", "caps-lock-denise"),
        cwd=folder,
        env={**os.environ, "FAKE_KEY": KEY},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return json.loads(out), err.decode()


def check(found: dict[str, Any]) -> None:
    told = json.dumps(found)
    assert "Your appointment is cancelled." in told
    assert "target_failed" not in told


async def test_the_tool_of_an_mcp_server_on_stdio(tmp_path: Path) -> None:
    command = [sys.executable, MCP_SERVER]
    found, _ = await simulated(
        tmp_path, {"kind": "mcp", "command": command, "tool": "chat", "arguments": ARGUMENTS, "reply_path": "text", "state_path": "state"}
    )
    check(found)


async def test_the_tool_of_an_mcp_server_on_http(tmp_path: Path) -> None:
    port = free_port()
    with serving(MCP_SERVER, port, env={"AGENT_FOLDER": str(tmp_path)}):
        url = f"http://127.0.0.1:{port}/mcp"
        found, _ = await simulated(
            tmp_path, {"kind": "mcp", "url": url, "tool": "structured", "arguments": ARGUMENTS, "reply_path": "text"}
        )
    check(found)


async def test_an_a2a_agent(tmp_path: Path) -> None:
    port = free_port()
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(tmp_path)}):
        found, _ = await simulated(tmp_path, {"kind": "a2a", "url": f"http://127.0.0.1:{port}", "state_path": "state"})
    check(found)


@pytest.mark.parametrize("provider", ["anthropic", "openai", "openai_compatible"])
async def test_a_prompt_on_a_model_server(tmp_path: Path, provider: str) -> None:
    async with FakeModels(says) as server:
        url = server.anthropic_url if provider == "anthropic" else server.openai_url
        model = {"provider": provider, "model": "fake-target", "base_url": url, "key_env": "FAKE_KEY"}
        found, err = await simulated(tmp_path, {"kind": "prompt", "system": "You are a clinic.", "model": model, "tools": [CANCEL]})
    check(found)
    stored = b"".join(path.read_bytes() for path in (tmp_path / "store").iterdir())
    assert b"Your appointment is cancelled." in stored
    assert KEY.encode() not in stored
    assert KEY not in json.dumps(found) + err

"""An agent that is a tool of an MCP server, as a process on stdio and on HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from target_processes import MCP_SERVER, free_port, serving

from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import McpTarget, probe
from understudy.targets.mcp_tool import McpTool
from understudy.testing.fake_openai import FakeOpenAI

KEY = "sk-agent-0123456789abcdef"
DECIDING = """
import time

def act(messages):
    last = messages[-1]["content"] if messages else ""
    if last == "hang":
        time.sleep(60)
    calls = [{"name": "book", "arguments": {"day": "Tuesday"}}]
    return {"text": f"I heard {last}.", "tool_calls": calls, "state": {"turns": len(messages)}}
"""
PATHS: dict[str, Any] = {"reply_path": "text", "state_path": "state", "tool_calls_path": "tool_calls", "session_path": "session"}
CHAT: dict[str, Any] = {"tool": "chat", "arguments": {"messages": "{{ messages }}", "session": "{{ session }}"}, **PATHS}
PLAIN = {"tool": "plain"}


def said(text: str, *, run_id: str = "run-1", session: str | None = None) -> TargetRequest:
    return TargetRequest(run_id=run_id, turns=(Turn(index=0, role="user", text=text, at=0.0),), session=session)


def on_stdio(folder: Path, **settings: Any) -> McpTool:
    (folder / "deciding.py").write_text(DECIDING)
    made = McpTarget.model_validate({"command": [sys.executable, MCP_SERVER], "cwd": str(folder), **settings})
    return McpTool("t", made, env=os.environ)


async def failure(target: McpTool, request: TargetRequest) -> tuple[str, str, str]:
    with pytest.raises(TargetError) as caught:
        await target.reply(request)
    found = caught.value.failure
    return found.kind, found.detail, found.stderr


async def test_a_text_is_taken_as_it_is_and_a_banner_on_stdout_does_no_harm(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **PLAIN)
    assert (await target.reply(said("hi"))).text == "You said: hi"
    await target.aclose()


async def test_the_session_that_it_gives_is_given_back(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **CHAT)
    first = await target.reply(said("a"))
    assert (first.session, first.state) == ("s-1", {"turns": 1})
    assert (await target.reply(said("b", session="mine"))).session == "mine"
    await target.aclose()


async def test_conversations_share_a_process_unless_each_is_to_have_its_own(tmp_path: Path) -> None:
    async def pids(target: McpTool) -> set[int]:
        await asyncio.gather(*(target.reply(said("a", run_id=f"run-{n}")) for n in range(2)))
        connections = target._connections._by_run.values()
        found = {c.process.pid for c in connections if c.process}
        await target.aclose()
        return found

    assert len(await pids(on_stdio(tmp_path, **CHAT))) == 1
    assert len(await pids(on_stdio(tmp_path, per_conversation=True, **CHAT))) == 2


async def test_forgetting_a_conversation_ends_the_process_that_is_its_own(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, per_conversation=True, **PLAIN)
    await target.reply(said("a"))
    assert target.running == 1
    target.forget("run-1")
    assert target.running == 0
    await target.aclose()


async def test_a_server_killed_in_the_middle_of_a_call_is_a_crash_and_the_next_call_starts_another(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **CHAT)
    await target.reply(said("a"))
    call = asyncio.create_task(failure(target, said("hang")))
    await asyncio.sleep(0.1)
    (connection,) = target._connections._by_run.values()
    assert connection.process is not None
    os.kill(connection.process.pid, signal.SIGKILL)
    kind, detail, _ = await call
    assert (kind, "was ended by signal 9" in detail) == ("crashed", True)
    assert (await target.reply(said("b"))).text == "I heard b."
    await target.aclose()


async def test_a_server_killed_between_two_calls_is_not_noticed_by_the_conversation(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **CHAT)
    await target.reply(said("a"))
    (connection,) = target._connections._by_run.values()
    assert connection.process is not None
    os.kill(connection.process.pid, signal.SIGKILL)
    await connection.gone
    assert (await target.reply(said("b"))).text == "I heard b."
    await target.aclose()


async def test_a_call_that_hangs_is_cancelled_and_leaves_the_shared_server_to_the_others(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, timeout_s=4, **CHAT)
    await target.reply(said("a"))
    (before,) = target._connections._by_run.values()
    kind, detail, _ = await failure(target, said("hang"))
    assert (kind, "within 4 s" in detail) == ("timeout", True)
    assert (await target.reply(said("b"))).text == "I heard b."
    assert list(target._connections._by_run.values()) == [before]
    await target.aclose()


async def test_a_server_that_hangs_as_a_whole_is_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.targets.mcp_tool.STILL_THERE_S", 0.3)
    target = on_stdio(tmp_path, timeout_s=30, **CHAT)
    await target.reply(said("a"))
    (connection,) = target._connections._by_run.values()
    assert connection.process is not None
    os.kill(connection.process.pid, signal.SIGSTOP)
    call = asyncio.create_task(target.reply(said("b")))
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (await target.reply(said("c"))).text == "I heard c."
    await target.aclose()


async def test_a_tool_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, tool="chatt")
    kind, detail, _ = await failure(target, said("hi"))
    assert kind == "not_configured"
    assert "has no tool `chatt`. Did you mean `chat`?" in detail
    assert "chat, plain, structured, tells_secrets" in detail
    assert target.running == 0
    await target.aclose()


async def test_an_argument_that_the_tool_needs_is_told(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, tool="chat")
    kind, detail, _ = await failure(target, said("hi"))
    assert (kind, "needs `messages`. Name it under `arguments`; it takes `messages`, `session`." in detail) == ("not_configured", True)
    await target.aclose()


async def test_words_at_a_path_where_there_are_none_are_a_wrong_shape(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **{**CHAT, "reply_path": "answer.text", "tool_calls_path": None})
    kind, detail, _ = await failure(target, said("hi"))
    assert (kind, "has no text at `answer.text`; it answered an object with `text`" in detail) == ("wrong_shape", True)
    await target.aclose()


async def test_an_error_of_the_tool_is_a_failure_with_its_words(tmp_path: Path) -> None:
    target = on_stdio(tmp_path, **CHAT)
    kind, detail, _ = await failure(target, said("error"))
    assert (kind, "The tool `chat` of" in detail, "reported an error" in detail) == ("crashed", True, True)
    assert "the disk is on fire" in detail
    await target.aclose()


@pytest.mark.parametrize("message", ["hi", "error", "crash"])
async def test_its_key_is_masked_in_words_errors_and_stderr(tmp_path: Path, message: str) -> None:
    made = McpTarget.model_validate({"command": [sys.executable, MCP_SERVER], "tool": "tells_secrets", "env": ["AGENT_KEY"]})
    target = McpTool("t", made, env={**os.environ, "AGENT_KEY": KEY})
    try:
        told = (await target.reply(said(message))).model_dump_json()
    except TargetError as error:
        told = error.failure.model_dump_json()
    await target.aclose()
    assert KEY not in told
    assert "***" in told


async def test_a_variable_that_is_not_set_is_told_before_anything_is_started(tmp_path: Path) -> None:
    made = McpTarget.model_validate({"command": ["no-such-program"], "tool": "x", "env": ["AGENT_KEY"]})
    kind, detail, _ = await failure(McpTool("t", made, env={}), said("hi"))
    assert (kind, "`AGENT_KEY` must be set" in detail) == ("not_configured", True)


async def test_checking_it_tells_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "deciding.py").write_text(DECIDING)
    made = McpTarget.model_validate({"command": [sys.executable, MCP_SERVER], "cwd": str(tmp_path), **CHAT})
    found = await probe("t", made, env=os.environ)
    assert (found.reachable, found.kind, found.sample, found.tool_calls, found.exposes_state) == (True, "mcp", "I heard Hello.", 1, True)


# ---------------------------------------------------------------- HTTP


async def test_a_server_on_http_that_is_killed_and_started_again_is_reached_by_a_retry(tmp_path: Path) -> None:
    (tmp_path / "deciding.py").write_text(DECIDING)
    port, env = free_port(), {"AGENT_FOLDER": str(tmp_path)}
    target = McpTool("t", McpTarget.model_validate({"url": f"http://127.0.0.1:{port}/mcp", **CHAT}), env={})
    with serving(MCP_SERVER, port, env=env) as process:
        assert (await target.reply(said("a"))).text == "I heard a."
        call = asyncio.create_task(failure(target, said("hang")))
        await asyncio.sleep(0.2)
        process.kill()
        kind, detail, _ = await call
    assert (kind, "refused the connection" in detail) == ("refused", True)  # by the retry: nobody is there any more
    with serving(MCP_SERVER, port, env=env):
        assert (await target.reply(said("b"))).text == "I heard b."
    await target.aclose()


@pytest.mark.parametrize(("message", "answer"), [("hi", "old says hi"), ("ask", "the host would: decline")])
async def test_a_server_of_the_revision_before_is_spoken_to_and_what_it_asks_of_its_host_is_declined(
    tmp_path: Path, message: str, answer: str
) -> None:
    """One that knows `initialize` and nothing of `server/discover`, written by hand."""
    script = tmp_path / "old.py"
    script.write_text(OLD_SERVER)
    made = McpTarget.model_validate({"command": [sys.executable, str(script)], "tool": "chat"})
    target = McpTool("t", made, env=os.environ)
    assert (await target.reply(said(message))).text == answer
    await target.aclose()


OLD_SERVER = """
import json, sys

def answer(message):
    method = message["method"]
    if method == "initialize":
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "old", "version": "1"}}
    if method == "tools/list":
        return {"tools": [{"name": "chat", "inputSchema": {"type": "object", "properties": {"message": {"type": "string"}}}}]}
    if method == "tools/call" and message["params"]["arguments"]["message"] == "ask":
        schema = {"type": "object", "properties": {"name": {"type": "string"}}}
        params = {"message": "What is your name?", "requestedSchema": schema}
        print(json.dumps({"jsonrpc": "2.0", "id": 99, "method": "elicitation/create", "params": params}), flush=True)
        given = json.loads(sys.stdin.readline())
        return {"content": [{"type": "text", "text": "the host would: " + given["result"]["action"]}]}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": "old says " + message["params"]["arguments"]["message"]}]}

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    result = answer(message)
    body = {"result": result} if result is not None else {"error": {"code": -32601, "message": "Method not found"}}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **body}), flush=True)
"""


async def test_something_on_http_that_is_no_mcp_server_is_told_as_that() -> None:
    async with FakeOpenAI() as server:
        made = McpTarget.model_validate({"url": server.url, "tool": "chat", "retries": 0})
        target = McpTool("t", made, env={})
        kind, detail, _ = await failure(target, said("hi"))
        await target.aclose()
    assert kind in ("http_4xx", "wrong_shape")
    assert server.url in detail


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"tool": "x"}, "either `command`"),
        ({"tool": "x", "command": ["a"], "url": "http://localhost/mcp"}, "either `command`"),
        ({"tool": "x", "command": ["a"], "key_env": "K"}, "`key_env` has no meaning with `command`"),
        ({"tool": "x", "url": "http://localhost/mcp", "env": ["K"]}, "`env` has no meaning with `url`"),
        ({"tool": "x", "command": ["a"], "arguments": {"q": "{{ mesage }}"}}, "did you mean `{{ message }}`"),
        ({"tool": "x", "command": ["a"], "arguments": {"q": "hi"}}, "nothing that the user says would reach the agent"),
        ({"command": ["a"]}, "Field required"),
    ],
)
def test_settings_that_cannot_be_are_refused(body: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        McpTarget.model_validate(body)
    assert told in str(caught.value)

"""The server as a host starts it: a process on stdio, with real signals, kills, two servers on one store, and cancellation."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.server.subscriptions import ResourcesListChanged, ResourceUpdated
from mcp_kit import call
from stdio_kit import REGULAR, RawServer, connected, raw_server, settings_with_agents, stored_events, until

SLOW = "demo-clinic+slow=60"
LINES = [f"Line {n} of what I have to say." for n in range(10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def said(transcript: dict[str, Any]) -> list[tuple[str, str]]:
    return [(turn["role"], turn.get("text", "")) for turn in transcript["turns"]]


async def transcript_of(client: Client, run_id: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((await client.read_resource(f"transcript://{run_id}")).contents[0].text)
    return body


# ---- the main job


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_the_main_job_is_done_over_stdio_in_both_protocol_eras(folder: Path, mode: str, version: str) -> None:
    async with connected(folder, mode=mode) as client:
        assert client.protocol_version == version
        personas = await call(client, "list_personas", limit=5)
        assert personas["total"] >= 20
        queries = await call(client, "generate_queries", pack="clinic", count=3, seed=1)
        assert len(queries["queries"]) == 3
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        assert run["status"] == "finished"
        verdict = await call(client, "judge_transcript", run_id=run["run_id"], detail="full")
        assert verdict["outcome"] == run["verdict"]["outcome"]
        transcript = await transcript_of(client, run["run_id"])
        markdown = (await client.read_resource(f"transcript://{run['run_id']}/markdown")).contents[0].text
    assert len(transcript["turns"]) == run["turns"]
    assert all(text in markdown for role, text in said(transcript) if role == "user")


async def test_a_planted_fault_is_found_over_stdio_with_turn_and_quote(folder: Path) -> None:
    async with connected(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic+loops", seed=1)
        transcript = await transcript_of(client, run["run_id"])
    assert run["verdict"]["outcome"] == "fail"
    quotes = [q for f in run["verdict"]["findings"] for q in f["evidence"]]
    assert quotes
    assert all(q["untrusted_quote"] in transcript["turns"][q["turn"]]["text"] for q in quotes)


# ---- nothing but protocol on stdout


async def test_an_agent_that_prints_a_lot_puts_nothing_but_protocol_on_stdout(folder: Path, tmp_path: Path) -> None:
    config = settings_with_agents(tmp_path / "project")
    async with raw_server(folder, config=config) as server:
        run = await server.call("simulate_conversation", persona=REGULAR, target="noisy", script=["One.", "Two.", "Three."])
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert await server.ended(5) == 0
    assert run["turns"] == 6
    assert run["untrusted_last_agent_text"] == "All right. What else?"
    assert all(message["jsonrpc"] == "2.0" for message in server.messages())
    assert not any("noise" in line for line in server.lines)


async def test_lines_that_are_no_protocol_do_not_end_the_server(folder: Path) -> None:
    async with raw_server(folder) as server:
        for rubbish in ("this is not JSON", "[]", '{"jsonrpc": "2.0"}', '{"jsonrpc": "2.0", "id": 1, "method": "no/such"}', "\x00\x7f", ""):
            await server.write(rubbish)
        assert (await server.request("ping", {}))["result"] == {}
        assert all(message["jsonrpc"] == "2.0" for message in server.messages())


# ---- the end of the process


async def _start(server: RawServer, config: Path | None) -> str:
    """A long conversation that is well under way when this returns."""
    target = {"target": "counting", "script": LINES} if config else {"target": SLOW}
    run = await server.call("simulate_conversation", persona=REGULAR, seed=1, wait_s=0, **target)

    async def under_way() -> bool:
        return bool((await server.call("get_run", run_id=run["run_id"]))["turns"] >= 3)

    await until(under_way)
    return str(run["run_id"])


async def test_the_end_of_stdin_ends_a_busy_server_at_once_and_the_call_that_waited_is_not_taken_for_cancelled(folder: Path) -> None:
    async with raw_server(folder) as server:
        arguments = {"persona": REGULAR, "target": SLOW, "seed": 1, "wait_s": 45}
        asked = {"name": "simulate_conversation", "arguments": arguments}
        waiting = asyncio.create_task(server.request("tools/call", asked))

        async def under_way() -> bool:
            return any(row["turns"] >= 3 for row in (await server.call("search_transcripts"))["runs"])

        await until(under_way)
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert await server.ended(5) == 0
        await asyncio.wait({waiting})
        assert waiting.exception() is not None or "error" in waiting.result()
    async with connected(folder) as client:
        (row,) = (await call(client, "search_transcripts"))["runs"]
        run = await call(client, "get_run", run_id=row["run_id"], wait_s=45)
    assert run["ending"] == "goal_reached"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_and_its_agents_within_three_seconds(folder: Path, tmp_path: Path, number: signal.Signals) -> None:
    project = tmp_path / "project"
    config = settings_with_agents(project, pause_s=0.1)
    async with raw_server(folder, config=config) as server:
        run_id = await _start(server, config)
        server.process.send_signal(number)
        assert await server.ended(3) == 128 + number
    agents = [int(pid) for pid in (project / "pids").read_text().split()]
    assert agents

    async def they_are_gone() -> bool:
        return not any(is_alive(pid) for pid in agents)

    await until(they_are_gone, seconds=3)
    assert all(message["jsonrpc"] == "2.0" for message in server.messages())
    kept = stored_events(folder, run_id)
    async with connected(folder, config=settings_with_agents(project, pause_s=0)) as client:
        run = await call(client, "get_run", run_id=run_id, wait_s=45)
        transcript = await transcript_of(client, run_id)
    assert run["status"] == "finished"
    assert stored_events(folder, run_id)[: len(kept)] == kept
    assert [text for role, text in said(transcript) if role == "user"] == LINES


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has waited for is gone as well.
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


# ---- SIGKILL in the middle


async def _killed(folder: Path, arguments: dict[str, Any]) -> str:
    """The run that a server was in the middle of when it was killed."""
    async with raw_server(folder) as server:
        run = await server.call("simulate_conversation", **arguments, wait_s=0)

        async def in_the_middle() -> bool:
            return bool((await server.call("get_run", run_id=run["run_id"]))["turns"] >= 5)

        await until(in_the_middle)
        server.process.kill()
        await server.process.wait()
    return str(run["run_id"])


async def test_a_conversation_whose_server_was_killed_is_taken_up_by_the_next_as_if_nothing_had_happened(folder: Path) -> None:
    asked = {"persona": REGULAR, "target": SLOW, "seed": 1, "idempotency_key": "once"}
    run_id = await _killed(folder, asked)
    before = stored_events(folder, run_id)
    async with connected(folder) as client:

        async def finished() -> bool:
            return bool((await call(client, "search_transcripts", status="finished"))["total"])

        await until(finished)  # without being asked to go on
        run = await call(client, "get_run", run_id=run_id)
        again = await call(client, "simulate_conversation", **asked)
        total = (await call(client, "search_transcripts"))["total"]
        resumed = await transcript_of(client, run_id)
        whole = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        undisturbed = await transcript_of(client, whole["run_id"])
    after = stored_events(folder, run_id)
    assert len(before) < len(after)
    assert after[: len(before)] == before
    assert [seq for seq, _ in after] == list(range(len(after)))
    assert said(resumed) == said(undisturbed)
    assert (run["ending"], run["verdict"]["outcome"]) == (whole["ending"], whole["verdict"]["outcome"])
    assert (again["run_id"], again["verdict"], total) == (run_id, run["verdict"], 1)


# ---- two servers on one store


async def test_two_servers_on_one_store_share_runs_and_make_each_only_once(folder: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    config = settings_with_agents(project)
    asked = {"persona": REGULAR, "target": "counting", "script": LINES[:5], "idempotency_key": "both"}
    async with connected(folder, config=config) as one, connected(folder, config=config) as other:
        first, second = await asyncio.gather(*(call(c, "simulate_conversation", **asked) for c in (one, other)))
        mine = await call(one, "simulate_conversation", persona=REGULAR, target="demo-clinic", script=["Hello."])
        seen = await call(other, "get_run", run_id=mine["run_id"])
        lists = [[row["run_id"] for row in (await call(c, "search_transcripts"))["runs"]] for c in (one, other)]
    assert first["run_id"] == second["run_id"]
    assert (first["status"], second["status"]) == ("finished", "finished")
    assert seen["ending"] == mine["ending"]
    assert lists[0] == lists[1] == [mine["run_id"], first["run_id"]]
    calls = (project / "calls").read_text().splitlines()
    assert calls == [f"{first['run_id']} {messages}" for messages in (1, 3, 5, 7, 9)]


async def test_a_run_is_stopped_from_another_server(folder: Path, tmp_path: Path) -> None:
    config = settings_with_agents(tmp_path / "project", pause_s=1)
    async with connected(folder, config=config) as one, connected(folder, config=config) as other:
        run = await call(one, "simulate_conversation", persona=REGULAR, target="counting", script=LINES, wait_s=0)

        async def under_way() -> bool:
            return bool((await call(other, "get_run", run_id=run["run_id"]))["turns"])

        await until(under_way)
        stopped = await call(other, "cancel_run", run_id=run["run_id"])
        seen = await call(one, "get_run", run_id=run["run_id"])
    assert (stopped["status"], stopped["ending"]) == ("finished", "cancelled")
    assert 0 < stopped["turns"] < 20
    assert seen["ending"] == "cancelled"


# ---- waiting, progress, cancellation, notifications


async def test_waiting_for_a_run_ends_when_it_should_and_the_run_goes_on(folder: Path) -> None:
    async with connected(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic+slow=300", seed=1, wait_s=0)
        began = time.monotonic()
        seen = await call(client, "get_run", run_id=run["run_id"], wait_s=0.5)
        took = time.monotonic() - began
        await call(client, "cancel_run", run_id=run["run_id"])
    assert run["status"] != "finished"
    assert "get_run" in run["next"]
    assert seen["status"] == "running"
    assert 0.5 <= took < 5


async def test_progress_is_told_turn_by_turn_while_a_call_waits(folder: Path) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message))

    async with connected(folder) as client:
        arguments = {"persona": REGULAR, "target": "demo-clinic+slow=150", "seed": 1, "max_turns": 12}
        result = await client.call_tool("simulate_conversation", arguments, progress_callback=listen)
    assert result.structured_content is not None
    assert result.structured_content["status"] == "finished"
    made = [progress for progress, _, _ in heard]
    assert len(made) >= 2
    assert made == sorted(set(made))
    assert heard[-1][1:] == (12, f"user turn {made[-1]:g} of at most 12")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_cancels_its_call_ends_the_run_as_cancelled(folder: Path, mode: str) -> None:
    async with connected(folder, mode=mode) as client:
        async with anyio.create_task_group() as group:
            arguments = {"persona": REGULAR, "target": "demo-clinic+slow=300", "seed": 1}
            group.start_soon(client.call_tool, "simulate_conversation", arguments)

            async def under_way() -> bool:
                return any(row["turns"] for row in (await call(client, "search_transcripts"))["runs"])

            await until(under_way)
            group.cancel_scope.cancel()

        async def over() -> bool:
            return bool((await call(client, "search_transcripts", status="finished"))["total"])

        await until(over)
        (row,) = (await call(client, "search_transcripts"))["runs"]
    assert row["ending"] == "cancelled"
    assert row["turns"] > 0


async def _next_event(subscription: Any, fits: Callable[[Any], bool]) -> None:
    with anyio.fail_after(20):
        async for event in subscription:
            if fits(event):
                return
    raise AssertionError("the subscription ended")


async def test_a_listening_client_hears_of_new_turns_and_of_new_personas(folder: Path) -> None:
    async with connected(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic+slow=200", seed=1, wait_s=0)
        uri = run["transcript_uri"]
        async with client.listen(resource_subscriptions=[uri], resources_list_changed=True) as subscription:
            await _next_event(subscription, lambda event: isinstance(event, ResourceUpdated) and event.uri == uri)
            await call(client, "cancel_run", run_id=run["run_id"])
            await call(client, "create_persona", id="brand-new", based_on=REGULAR)
            await _next_event(subscription, lambda event: isinstance(event, ResourcesListChanged))

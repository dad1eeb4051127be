"""Steps by hand over real server processes: killed between steps and within a call, and two servers that take turns over one store."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_kit import REGULAR, call
from stdio_kit import RawServer, connected, raw_server, settings_with_agents, stored_events, until
from test_mcp_http import served

TOOL = "continue_conversation"
WORDS = ("Hello, I would like to move my visit.", "It is about Thursday.", "No, that is not it.", "Then leave it.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def events(folder: Path, run_id: str) -> list[str]:
    return [json.loads(body)["event"] for _, body in stored_events(folder, run_id)]


def calls(config: Path) -> list[str]:
    """How many messages each call of the counting agent had."""
    path = config.parent / "calls"
    return [line.split()[1] for line in path.read_text().splitlines()] if path.exists() else []


async def killed(server: RawServer) -> None:
    server.process.kill()
    await server.ended(5)


async def test_a_host_plays_over_stdio(folder: Path) -> None:
    async with connected(folder) as client:
        at = await call(client, TOOL, persona=REGULAR, target="demo-clinic", seed=1)
        at = await call(client, TOOL, run_id=at["run_id"], step=1, message=WORDS[0])
        assert at["untrusted_agent_text"]
        at = await call(client, TOOL, run_id=at["run_id"], step=2, message="Never mind, bye.", move="gave_up")
    assert at["ending"] == "gave_up"


async def test_a_server_that_is_killed_between_two_steps_loses_and_doubles_nothing(folder: Path, tmp_path: Path) -> None:
    config = settings_with_agents(tmp_path / "project", pause_s=0)
    run_id = ""
    for step, words in enumerate(WORDS[:3], start=1):
        async with raw_server(folder, config=config) as server:
            if not run_id:
                run_id = (await server.call(TOOL, persona=REGULAR, target="counting"))["run_id"]
            at = await server.call(TOOL, run_id=run_id, step=step, message=words)
            assert at["step"] == step + 1
            await killed(server)
    async with raw_server(folder, config=config) as server:
        page = await server.call("get_transcript", run_id=run_id)
    assert [turn["user"] for turn in page["turns"] if "user" in turn] == list(WORDS[:3])
    assert events(folder, run_id) == ["opened", *(["player_moved", "target_replied"] * 3)]
    assert calls(config) == ["1", "3", "5"]


@pytest.mark.parametrize("again", [{}, {"step": 1, "message": WORDS[0]}], ids=["run_id alone", "the same call"])
async def test_a_server_that_is_killed_while_the_agent_answers_is_followed_by_another(
    folder: Path, tmp_path: Path, again: dict[str, Any]
) -> None:
    config = settings_with_agents(tmp_path / "project", pause_s=1.0)
    async with raw_server(folder, config=config) as server:
        run_id = (await server.call(TOOL, persona=REGULAR, target="counting"))["run_id"]
        lost = asyncio.create_task(server.call(TOOL, run_id=run_id, step=1, message=WORDS[0]))
        await until(lambda: _is_called(config))
        await killed(server)
        with pytest.raises(EOFError):
            await lost
    assert events(folder, run_id) == ["opened", "player_moved"]
    async with raw_server(folder, config=config) as server:
        at = await server.call(TOOL, run_id=run_id, **again)
        assert at["step"] == 2
        assert at["untrusted_agent_text"].startswith("Noted, point 1")
        at = await server.call(TOOL, run_id=run_id, step=2, message=WORDS[1])
    assert events(folder, run_id) == ["opened", "player_moved", "target_replied", "player_moved", "target_replied"]
    assert calls(config) == ["1", "1", "3"]


async def _is_called(config: Path) -> bool:
    return bool(calls(config))


async def test_a_host_that_stops_waiting_finds_the_answer_later(folder: Path, tmp_path: Path) -> None:
    config = settings_with_agents(tmp_path / "project", pause_s=1.0)
    async with connected(folder, config=config) as client:
        at = await call(client, TOOL, persona=REGULAR, target="counting")
        waiting = await call(client, TOOL, run_id=at["run_id"], step=1, message=WORDS[0], wait_s=0.2)
        assert waiting["status"] == "the other side is thinking"
        at = await call(client, TOOL, run_id=at["run_id"])
        assert (at["status"], at["step"]) == ("your turn", 2)
    assert calls(config) == ["1"]


async def test_a_server_that_starts_leaves_open_runs_by_hand_alone(folder: Path, tmp_path: Path) -> None:
    config = settings_with_agents(tmp_path / "project", pause_s=0)
    async with raw_server(folder, config=config) as server:
        run_id = (await server.call(TOOL, persona=REGULAR, target="counting"))["run_id"]
        await server.call(TOOL, run_id=run_id, step=1, message=WORDS[0])
        await killed(server)
    before = events(folder, run_id)
    async with raw_server(folder, config=config) as server:
        # A run of the engine's own is taken to its end meanwhile: the engine is at work, and not at this run.
        await server.call("simulate_conversation", persona=REGULAR, target="counting", script=["One.", "Two."])
        assert (await server.call("get_run", run_id=run_id))["status"] == "waiting for you"
    assert events(folder, run_id) == before


@asynccontextmanager
async def two_servers(folder: Path) -> AsyncGenerator[tuple[Client, Client]]:
    """Clients of two HTTP server processes over one store."""
    with served(folder) as one, served(folder) as other:
        async with Client(one.url) as first, Client(other.url) as second:
            assert one.process.pid != other.process.pid != os.getpid()
            yield first, second


@pytest.mark.parametrize("side", ["user", "agent"])
async def test_two_servers_over_one_store_take_the_steps_in_turn(tmp_path: Path, side: str) -> None:
    async with two_servers(tmp_path) as clients:
        target = "demo-clinic" if side == "user" else "caller"
        at = await call(clients[0], TOOL, persona=REGULAR, target=target, seed=1)
        said = "message" if side == "user" else "reply"
        for number, words in enumerate(WORDS, start=1):
            at = await call(clients[number % 2], TOOL, run_id=at["run_id"], step=number, **{said: words})
            again = await call(clients[(number + 1) % 2], TOOL, run_id=at["run_id"], step=number, **{said: words})
            assert again == at
            if at["status"] == "finished":
                break
        page = await call(clients[0], "get_transcript", run_id=at["run_id"])
    mine = [turn.get("user" if side == "user" else "untrusted_agent_text") for turn in page["turns"]]
    assert [words for words in mine if words] == list(WORDS[: len([words for words in mine if words])])
    assert len(page["turns"]) >= 5


async def test_two_servers_that_get_the_same_step_at_once_take_it_once(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as (first, second):
        at = await call(first, TOOL, persona=REGULAR, target="demo-clinic+slow=1", seed=1)
        both = await asyncio.gather(*(call(c, TOOL, run_id=at["run_id"], step=1, message=WORDS[0]) for c in (first, second)))
        assert both[0] == both[1]
        page = await call(first, "get_transcript", run_id=at["run_id"])
    assert page["total_turns"] == 2

"""Campaigns on servers as hosts start them: over stdio and HTTP, killed, shared by two, cancelled by their client."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp_kit import REGULAR, call
from stdio_kit import RawServer, connected, raw_server, settings_with_agents, until
from test_mcp_http import served

ASKED: dict[str, Any] = {
    "personas": [REGULAR, "three-minds", "unsure-newcomer"],
    "targets": ["counting"],
    "repeats": 3,
    "max_turns": 4,
    "concurrency": 2,
    "wait_s": 0,
}
TOTAL = 9
BOUND_S = 90.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_with_agents(tmp_path / "project", pause_s=0.05)


def lines_in(folder: Path) -> dict[str, str]:
    """The line of every conversation that is counted, by its run, as it is in the database file."""
    with closing(sqlite3.connect(folder / "understudy.db")) as database:
        rows = database.execute("SELECT line FROM cells WHERE line IS NOT NULL").fetchall()
    return {json.loads(line)["run_id"]: line for (line,) in rows}


def calls_of(config: Path) -> list[str]:
    """`run_id messages` of every call that the agent got."""
    return (config.parent / "calls").read_text(encoding="utf-8").splitlines()


async def finished(client: Client, campaign_id: str) -> dict[str, Any]:
    with anyio.fail_after(BOUND_S):
        while (view := await call(client, "get_campaign", campaign_id=campaign_id, wait_s=20))["status"] == "running":
            pass
    return view


async def killed_in_the_middle(folder: Path, config: Path, *, least: int = 2) -> str:
    async with raw_server(folder, config=config) as server:
        begun = await server.call("start_campaign", **ASKED, idempotency_key="nightly")
        await until(lambda: has_done(server, begun["id"], least), seconds=BOUND_S)
        server.process.kill()
        await server.process.wait()
    return str(begun["id"])


async def has_done(server: RawServer, campaign_id: str, least: int) -> bool:
    return bool((await server.call("get_campaign", campaign_id=campaign_id))["progress"]["done"] >= least)


async def test_a_campaign_whose_server_was_killed_is_taken_up_by_the_next_and_loses_and_repeats_nothing(folder: Path, config: Path) -> None:
    campaign_id = await killed_in_the_middle(folder, config)
    before, called = lines_in(folder), calls_of(config)
    async with connected(folder, config=config) as client:

        async def over() -> bool:  # without being asked to go on
            return bool((await call(client, "list_campaigns"))["campaigns"][0]["status"] == "finished")

        await until(over, seconds=BOUND_S)
        view = await call(client, "get_campaign", campaign_id=campaign_id)
        again = await call(client, "start_campaign", **ASKED, idempotency_key="nightly")
        total = (await call(client, "search_transcripts"))["total"]
    after, calls = lines_in(folder), calls_of(config)
    assert 2 <= len(before) < TOTAL
    assert {run_id: after[run_id] for run_id in before} == before
    assert len(after) == total == view["progress"]["done"] == TOTAL
    assert again["id"] == campaign_id
    assert not {line.split()[0] for line in calls[len(called) :]} & set(before), "what was counted is not asked again"


async def test_a_campaign_is_paused_and_resumed_from_another_server(folder: Path, config: Path) -> None:
    async with connected(folder, config=config) as one, connected(folder, config=config) as other:
        begun = await call(one, "start_campaign", **ASKED)
        paused = await call(other, "control_campaign", campaign_id=begun["id"], action="pause")

        async def at_rest() -> bool:
            return not (await call(one, "get_campaign", campaign_id=begun["id"]))["progress"].get("started")

        await until(at_rest, seconds=BOUND_S)
        made = (await call(one, "search_transcripts"))["total"]
        seen = await call(one, "get_campaign", campaign_id=begun["id"])
        await call(other, "control_campaign", campaign_id=begun["id"], action="resume")
        view = await finished(one, begun["id"])
        total = (await call(one, "search_transcripts"))["total"]
    assert (paused["status"], seen["status"]) == ("paused", "paused")
    assert made == seen["progress"]["done"] < TOTAL
    assert total == view["progress"]["done"] == TOTAL
    assert len(calls_of(config)) == len(set(calls_of(config))), "no message was sent to the agent twice"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_cancels_the_call_that_started_a_campaign_pauses_it(folder: Path, config: Path, mode: str) -> None:
    async with connected(folder, config=config, mode=mode) as client:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "start_campaign", {**ASKED, "wait_s": 45})

            async def under_way() -> bool:
                rows = (await call(client, "list_campaigns"))["campaigns"]
                return bool(rows and rows[0]["done"])

            await until(under_way, seconds=BOUND_S)
            group.cancel_scope.cancel()

        async def paused() -> bool:
            return bool((await call(client, "list_campaigns"))["campaigns"][0]["status"] == "paused")

        await until(paused, seconds=BOUND_S)
        (row,) = (await call(client, "list_campaigns"))["campaigns"]
    assert 0 < row["done"] < TOTAL


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_the_whole_job_is_done_over_http_in_both_protocol_eras_and_no_path_of_the_server_is_told(
    tmp_path: Path, mode: str, version: str
) -> None:
    heard: list[float] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append(progress)

    with served(tmp_path) as server:
        async with Client(server.url, mode=mode) as client:
            assert client.protocol_version == version
            asked = {"personas": [REGULAR, "three-minds"], "targets": ["demo-clinic", "demo-clinic+loops"], "repeats": 2, "wait_s": 20}
            plan = await call(client, "plan_campaign", **{k: v for k, v in asked.items() if k != "wait_s"})
            result = await client.call_tool("start_campaign", asked, progress_callback=listen)
            assert result.structured_content is not None
            begun = result.structured_content
            view = await finished(client, begun["id"])
            lines = (await client.read_resource(f"campaign://{begun['id']}/lines")).contents[0].text.splitlines()
            export = await call(client, "export_campaign", campaign_id=begun["id"], format="jsonl")
            targets = {"before_target": "demo-clinic", "after_target": "demo-clinic+loops"}
            compared = await call(client, "compare_campaigns", before=begun["id"], **targets)
    assert plan["conversations"] == view["total"] == len(lines) == 8
    assert heard == sorted(set(heard))
    assert "path" not in export
    assert str(tmp_path) not in json.dumps(export)
    assert (export["uri"], compared["pairs"]) == (f"campaign://{begun['id']}/lines", 2)

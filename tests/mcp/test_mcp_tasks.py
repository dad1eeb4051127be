"""The Tasks extension: a long simulate_conversation or start_campaign as a task for clients that declare it, and for nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import advertise
from mcp.shared.exceptions import MCPError
from mcp_kit import REGULAR, call, server_on
from tasks_kit import TasksClient, begun, cancel_task, ended, get_task, tasks_on, update_task

from understudy.mcp.http import http_app
from understudy.mcp.server import build_server
from understudy.mcp.tasks import TASKS
from understudy.settings.model import Settings
from understudy.wiring import make_app

SLOW: dict[str, Any] = {"persona": REGULAR, "target": "demo-clinic+slow=150", "seed": 1, "max_turns": 12}
ENDLESS: dict[str, Any] = {"persona": REGULAR, "target": "demo-clinic+slow=2000", "seed": 1}
QUICK: dict[str, Any] = {"persona": REGULAR, "target": "demo-clinic", "script": ["Hello."]}
CAMPAIGN: dict[str, Any] = {
    "personas": [REGULAR, "three-minds"], "targets": ["demo-clinic+slow=100"], "repeats": 3, "concurrency": 2, "max_turns": 4
}  # fmt: skip
UNKNOWN = "run_000000000000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def without_ids(view: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(view).replace(view["run_id"], "RUN"))  # type: ignore[no-any-return]


# ---- who gets a task


async def test_a_declaring_client_gets_a_task_and_in_the_end_what_a_plain_client_gets(folder: Path) -> None:
    tasks = TasksClient()
    async with tasks_on(folder, tasks) as client:
        result = await client.call_tool("simulate_conversation", SLOW)
    async with server_on(folder) as client:
        plain = await client.call_tool("simulate_conversation", SLOW)
    assert tasks.seen[-1].status == "completed"
    assert result.structured_content["verdict"]
    assert without_ids(result.structured_content) == without_ids(plain.structured_content)
    assert json.loads(result.content[0].text) == result.structured_content
    assert result.is_error is plain.is_error is False


async def test_progress_shows_in_the_status_message(folder: Path) -> None:
    tasks = TasksClient()
    async with tasks_on(folder, tasks) as client:
        result = await client.call_tool("simulate_conversation", SLOW)
    working = [task.status_message for task in tasks.seen if task.status == "working"]
    made = [int(found[1]) for line in working if (found := re.fullmatch(r"user turn (\d+) of at most 12", line))]
    assert len(made) == len(working)
    assert len(set(made)) >= 2
    assert made == sorted(made)
    view = result.structured_content
    assert tasks.seen[-1].status_message == f"{view['ending']} after {(view['turns'] + 1) // 2} user turns"


async def test_a_quick_run_is_answered_at_once(folder: Path) -> None:
    tasks = TasksClient()
    async with tasks_on(folder, tasks) as client:
        await call(client, "search_transcripts")  # the store is open
        result = await client.call_tool("simulate_conversation", QUICK)
    assert result.structured_content["status"] == "finished"
    assert tasks.seen == []


async def test_a_client_that_did_not_declare_it_never_sees_a_task(folder: Path) -> None:
    async with server_on(folder) as client:
        view = await call(client, "simulate_conversation", **SLOW, wait_s=0.1)
        assert view["status"] != "finished"
        for ask in (get_task, cancel_task, update_task):
            with pytest.raises(MCPError) as caught:
                await ask(client, view["run_id"])
            assert caught.value.error.code == -32021
            assert caught.value.error.data == {"requiredCapabilities": {"extensions": {TASKS: {}}}}
        finished = await call(client, "get_run", run_id=view["run_id"], wait_s=45)
    assert finished["ending"] != "cancelled"


async def test_a_client_of_the_2025_era_never_sees_a_task_even_if_it_declares_the_extension(folder: Path) -> None:
    async with tasks_on(folder, advertise(TASKS), mode="legacy") as client:
        view = await call(client, "simulate_conversation", **SLOW)
        with pytest.raises(MCPError) as caught:
            await get_task(client, view["run_id"])
    assert view["status"] == "finished"
    assert caught.value.error.code == -32601


async def test_calls_that_only_look_are_not_answered_with_a_task(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, **SLOW)
        view = await call(client, "get_run", run_id=task.task_id)
        assert view["status"] == "running"
        assert (await ended(client, task.task_id)).status == "completed"


async def test_a_read_only_server_offers_no_tasks(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        assert client.server_capabilities.extensions == {TASKS: {}}
    async with tasks_on(folder, TasksClient(), read_only=True) as client:
        assert not client.server_capabilities.extensions
        with pytest.raises(MCPError) as caught:
            await get_task(client, UNKNOWN)
    assert caught.value.error.code == -32601


# ---- what goes wrong


@pytest.mark.parametrize(
    "arguments",
    [{"persona": "nobody-here"}, {"persona": REGULAR, "wait_s": 51}, {"persona": REGULAR, "wait_s": "soon"}, {"person": REGULAR}],
)
async def test_errors_of_the_call_are_the_same_as_without_tasks(folder: Path, arguments: dict[str, Any]) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        declared = await client.call_tool("simulate_conversation", arguments)
    async with server_on(folder) as client:
        plain = await client.call_tool("simulate_conversation", arguments)
    assert declared.is_error
    assert declared.content[0].text == plain.content[0].text


async def test_an_unknown_tool_is_refused_as_ever(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("simulate_conversations", SLOW)
    assert caught.value.error.code == -32602


async def test_an_unknown_task_is_invalid_and_the_message_names_no_other(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        known = (await call(client, "simulate_conversation", **QUICK))["run_id"]
        for ask in (get_task, cancel_task, update_task):
            with pytest.raises(MCPError) as caught:
                await ask(client, UNKNOWN)
            assert caught.value.error.code == -32602
            assert UNKNOWN in caught.value.error.message
            assert known not in caught.value.error.message


# ---- the life of a task


async def test_a_cancelled_task_says_so_and_its_turns_are_kept(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, **ENDLESS)
        await cancel_task(client, task.task_id)
        stopped = await ended(client, task.task_id)
        view = await call(client, "get_run", run_id=task.task_id)
        transcript = await call(client, "get_transcript", run_id=task.task_id)
        await cancel_task(client, task.task_id)  # once more changes nothing
        assert (await get_task(client, task.task_id)).status == "cancelled"
    assert stopped.status == "cancelled"
    assert stopped.result is None
    assert view["ending"] == "cancelled"
    assert transcript["turns"]


async def test_an_update_is_acknowledged_and_changes_nothing(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, **SLOW)
        await update_task(client, task.task_id)
        assert (await ended(client, task.task_id)).status == "completed"


async def test_a_task_outlives_its_server_and_goes_on_in_the_next(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, **SLOW)
        assert (await get_task(client, task.task_id)).status == "working"
    async with tasks_on(folder, TasksClient()) as client:
        done = await ended(client, task.task_id)
        view = await call(client, "get_run", run_id=task.task_id)
    assert done.status == "completed"
    assert done.result is not None
    assert done.result["structuredContent"] == view
    assert view["ending"] != "cancelled"


async def test_two_servers_on_one_store_answer_for_the_same_task(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as one, tasks_on(folder, TasksClient()) as other:
        task = await begun(one, **SLOW)
        elsewhere, here = await ended(other, task.task_id), await ended(one, task.task_id)
    assert elsewhere.status == "completed"
    assert elsewhere.result == here.result


async def test_the_same_idempotency_key_gives_the_same_task_and_at_last_its_result(folder: Path) -> None:
    asked = {**SLOW, "idempotency_key": "once"}
    async with tasks_on(folder, TasksClient()) as client:
        first, second = await begun(client, **asked), await begun(client, **asked)
        done = await ended(client, first.task_id)
        again = await call(client, "simulate_conversation", **asked)
        total = (await call(client, "search_transcripts"))["total"]
    assert first.task_id == second.task_id == again["run_id"]
    assert first.created_at == second.created_at
    assert done.result is not None
    assert again == done.result["structuredContent"]
    assert total == 1


# ---- campaigns


async def test_a_campaign_is_a_task_that_tells_its_progress_and_ends_with_what_get_campaign_says(folder: Path) -> None:
    tasks = TasksClient()
    async with tasks_on(folder, tasks) as client:
        result = await client.call_tool("start_campaign", CAMPAIGN)
        view = await call(client, "get_campaign", campaign_id=result.structured_content["id"])
        plain = await client.call_tool("start_campaign", {**CAMPAIGN, "pack": "clinc"})
    working = [task.status_message for task in tasks.seen if task.status == "working"]
    assert working
    assert all(re.fullmatch(r"\d+ of 6 conversations done", line) for line in working)
    assert (tasks.seen[-1].status, tasks.seen[-1].status_message) == ("completed", "finished: 6 of 6 conversations done")
    assert result.structured_content == view
    assert plain.is_error


async def test_the_task_of_a_campaign_is_cancelled_with_it_and_a_paused_one_goes_on(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, tool="start_campaign", **CAMPAIGN)
        await call(client, "control_campaign", campaign_id=task.task_id, action="pause")
        paused = await get_task(client, task.task_id)
        await call(client, "control_campaign", campaign_id=task.task_id, action="resume")
        await cancel_task(client, task.task_id)
        await cancel_task(client, task.task_id)  # once more changes nothing
        await update_task(client, task.task_id)
        over = await get_task(client, task.task_id)
        view = await call(client, "get_campaign", campaign_id=task.task_id)
    assert paused.status == "working"
    assert paused.status_message.startswith("paused: ")
    assert over.status == "cancelled"
    assert over.result is None
    assert view["status"] == "cancelled"


async def test_the_task_of_a_campaign_outlives_its_server(folder: Path) -> None:
    async with tasks_on(folder, TasksClient()) as client:
        task = await begun(client, tool="start_campaign", **CAMPAIGN)
    async with tasks_on(folder, TasksClient()) as client:
        done = await ended(client, task.task_id)
    assert done.status == "completed"
    assert done.result is not None
    assert done.result["structuredContent"]["progress"]["done"] == 6


# ---- on the wire


@asynccontextmanager
async def over_http(folder: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    server = build_server(make_app(Settings(store=folder), env={}))
    app: Any = http_app(server, host="127.0.0.1", token=None)
    transport = httpx2.ASGITransport(app=app)
    async with app.app.router.lifespan_context(app.app), httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield http


async def post(http: httpx2.AsyncClient, method: str, named: str, **params: Any) -> dict[str, Any]:
    """The whole answer to one request of a declaring client, as JSON."""
    prefix, era = "io.modelcontextprotocol", "2026-07-28"
    meta = {f"{prefix}/protocolVersion": era, f"{prefix}/clientCapabilities": {"extensions": {TASKS: {}}}}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": era, "Mcp-Method": method, "Mcp-Name": named}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
    answer: dict[str, Any] = (await http.post("/mcp", json=body, headers=headers)).json()
    return answer


async def test_the_task_form_has_every_field_that_the_extension_requires(folder: Path) -> None:
    async with over_http(folder) as http:
        tool = "simulate_conversation"
        task = (await post(http, "tools/call", tool, name=tool, arguments=ENDLESS))["result"]
        seen = (await post(http, "tasks/get", task["taskId"], taskId=task["taskId"]))["result"]
        stopped = (await post(http, "tasks/cancel", task["taskId"], taskId=task["taskId"]))["result"]
    fields = {"resultType", "taskId", "status", "statusMessage", "createdAt", "lastUpdatedAt", "ttlMs", "pollIntervalMs", "_meta"}
    assert set(task) == set(seen) == fields
    assert (task["resultType"], seen["resultType"]) == ("task", "complete")
    assert task["status"] == seen["status"] == "working"
    assert task["ttlMs"] is None  # there, and null: kept for ever
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", t[k]) for t in (task, seen) for k in ("createdAt", "lastUpdatedAt"))
    assert task["createdAt"] == seen["createdAt"] <= task["lastUpdatedAt"] <= seen["lastUpdatedAt"]
    assert set(stopped) == {"resultType", "_meta"}


async def test_the_name_header_has_to_be_the_task_over_http(folder: Path) -> None:
    async with over_http(folder) as http:
        run = (await post(http, "tools/call", "simulate_conversation", name="simulate_conversation", arguments=ENDLESS))["result"]
        for method in ("tasks/get", "tasks/cancel", "tasks/update"):
            answer = await post(http, method, UNKNOWN, taskId=run["taskId"], inputResponses={})
            assert answer["error"]["code"] == -32020, method
        assert (await post(http, "tasks/get", run["taskId"], taskId=run["taskId"]))["result"]["status"] == "working"

"""The client half of the Tasks extension: what a host does that declares it, and the requests one by one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import anyio
from mcp import Client
from mcp.client import ClaimContext, ClientExtension, ResultClaim
from mcp.types import CallToolResult, Request, RequestParams, Result

from understudy.mcp.server import build_server
from understudy.mcp.tasks import TASKS
from understudy.settings.model import Settings
from understudy.wiring import make_app

POLL_S = 0.05
"""Shorter than what the server suggests, so that tests are quick."""


class Handle(Result):
    """The task form of an answer to tools/call."""

    result_type: Literal["task"]
    task_id: str
    status: str
    status_message: str
    created_at: str
    last_updated_at: str
    ttl_ms: int | None
    poll_interval_ms: int


class TaskParams(RequestParams):
    task_id: str


class UpdateParams(TaskParams):
    input_responses: dict[str, Any]


class GetTask(Request[TaskParams, Literal["tasks/get"]]):
    method: Literal["tasks/get"] = "tasks/get"
    params: TaskParams
    name_param = "taskId"


class CancelTask(Request[TaskParams, Literal["tasks/cancel"]]):
    method: Literal["tasks/cancel"] = "tasks/cancel"
    params: TaskParams
    name_param = "taskId"


class UpdateTask(Request[UpdateParams, Literal["tasks/update"]]):
    method: Literal["tasks/update"] = "tasks/update"
    params: UpdateParams
    name_param = "taskId"


class Task(Result):
    """What tasks/get answers."""

    task_id: str
    status: str
    status_message: str
    result: dict[str, Any] | None = None


class Acknowledged(Result):
    result_type: Literal["complete"]


class TasksClient(ClientExtension):
    """Polls a task to its end; every look is kept in `seen`."""

    identifier = TASKS

    def __init__(self) -> None:
        self.seen: list[Task] = []

    def claims(self) -> Sequence[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=Handle, resolve=self._follow)]

    async def _follow(self, handle: Handle, context: ClaimContext) -> CallToolResult:
        while True:
            task = await context.session.send_request(GetTask(params=TaskParams(task_id=handle.task_id)), Task)
            self.seen.append(task)
            if task.status == "completed":
                return CallToolResult.model_validate(task.result)
            assert task.status == "working", task.status
            await anyio.sleep(POLL_S)


@asynccontextmanager
async def tasks_on(folder: Path, *extensions: ClientExtension, mode: str = "auto", read_only: bool = False) -> AsyncGenerator[Client]:
    """A client that declares these extensions, on a server of its own over the store in `folder`."""
    server = build_server(make_app(Settings(store=folder), env={}), read_only=read_only)
    async with Client(server, mode=mode, extensions=list(extensions)) as client:
        yield client


async def begun(client: Client, *, tool: str = "simulate_conversation", **arguments: Any) -> Handle:
    """The task that the call was answered with."""
    result = await client.session.call_tool(tool, arguments, allow_claimed=True)
    assert isinstance(result, Handle), result
    return result


async def get_task(client: Client, task_id: str) -> Task:
    return await client.session.send_request(GetTask(params=TaskParams(task_id=task_id)), Task)


async def ended(client: Client, task_id: str) -> Task:
    with anyio.fail_after(60):
        while True:
            task = await get_task(client, task_id)
            if task.status != "working":
                return task
            await anyio.sleep(POLL_S)


async def cancel_task(client: Client, task_id: str) -> Acknowledged:
    return await client.session.send_request(CancelTask(params=TaskParams(task_id=task_id)), Acknowledged)


async def update_task(client: Client, task_id: str) -> Acknowledged:
    params = UpdateParams(task_id=task_id, input_responses={"never-asked": {"action": "accept"}})
    return await client.session.send_request(UpdateTask(params=params), Acknowledged)

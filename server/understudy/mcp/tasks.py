"""The protocol's Tasks extension for simulate_conversation, for clients of the 2026 era that declare it.

It has no state of its own: a task is a run, and the task's id is the run's. So a task outlives the server that gave it, and every
server on the same store answers for it. Other clients never see a task; they wait, and call get_run.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver import require_client_extension
from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import MCP_NAME_HEADER, decode_header_value
from mcp.types import HEADER_MISMATCH, INTERNAL_ERROR, INVALID_PARAMS, CallToolRequestParams, CallToolResult, RequestParams
from pydantic import TypeAdapter, ValidationError

from understudy.app.context import App
from understudy.app.runs import RunView, cancel_run, get_run, so_far
from understudy.app.transcripts import record_of
from understudy.domain.errors import NotFound, UnderstudyError
from understudy.domain.value import JsonObject
from understudy.mcp.arguments import WaitS
from understudy.mcp.strict import compact
from understudy.ports import RunRecord

__all__ = ["TASKS", "Tasks"]

TASKS = "io.modelcontextprotocol/tasks"
TOOL = "simulate_conversation"
ERA = frozenset({"2026-07-28"})

GRACE_S = 0.3
"""A run that is over within this is answered at once, without a task."""

POLL_MS = 1000

Ctx = ServerRequestContext[App, Any]

_wait_s = TypeAdapter[float](WaitS)


class TaskParams(RequestParams):
    """Which task."""

    task_id: str


class UpdateParams(TaskParams):
    """Answers to questions of a task; ours asks none."""

    input_responses: JsonObject


class Tasks(Extension):
    """Answers a long simulate_conversation with a task, and serves tasks/get, tasks/cancel and tasks/update."""

    identifier = TASKS

    def methods(self) -> Sequence[MethodBinding]:
        return [
            MethodBinding("tasks/get", TaskParams, _get, ERA),
            MethodBinding("tasks/cancel", TaskParams, _cancel, ERA),
            MethodBinding("tasks/update", UpdateParams, _update, ERA),
        ]

    async def intercept_tool_call(self, params: CallToolRequestParams, ctx: Ctx, call_next: CallNext) -> HandlerResult:
        if params.name != TOOL or not _declared(ctx):
            return await call_next(ctx)
        params.arguments = _hurried(params.arguments or {})  # the tool is called with these very params
        result = await call_next(ctx)
        run_id = _unfinished(result)
        if run_id is None:
            return result
        with _protocol_errors(run_id):
            record = await record_of(ctx.lifespan_context, run_id)
        return {"resultType": "task", **_working(record)}


def _declared(ctx: Ctx) -> bool:
    capabilities = ctx.session.client_capabilities
    return ctx.protocol_version in ERA and TASKS in ((capabilities and capabilities.extensions) or {})


def _hurried(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the wait cut to the grace. A wait that is not valid stays, for the tool to say so."""
    try:
        wait_s = _wait_s.validate_python(arguments.get("wait_s", GRACE_S))
    except ValidationError:
        return dict(arguments)
    return {**arguments, "wait_s": min(wait_s, GRACE_S)}


def _unfinished(result: HandlerResult) -> str | None:
    """The id of the run that goes on or is being judged; None for a finished one and for errors."""
    if not isinstance(result, CallToolResult) or not result.structured_content:
        return None  # errors have no structure
    view: JsonObject = result.structured_content
    return None if view["status"] == "finished" and view.get("verdict") else str(view["run_id"])


async def _get(ctx: Ctx, params: TaskParams) -> JsonObject:
    with _answering(ctx, params) as app:
        view = await get_run(app, params.task_id)
        record = await record_of(app, params.task_id)
    return {"resultType": "complete", **(_ended(view, record) if view.status == "finished" and view.verdict else _working(record))}


async def _cancel(ctx: Ctx, params: TaskParams) -> JsonObject:
    with _answering(ctx, params) as app:
        await cancel_run(app, params.task_id)
    return {"resultType": "complete"}


async def _update(ctx: Ctx, params: UpdateParams) -> JsonObject:
    with _answering(ctx, params) as app:
        await record_of(app, params.task_id)
    return {"resultType": "complete"}


@contextmanager
def _answering(ctx: Ctx, params: TaskParams) -> Generator[App]:
    """The app, for a client that may ask about tasks. Raises MCPError for everything that goes wrong."""
    require_client_extension(ctx, TASKS)
    if ctx.request is not None and decode_header_value(ctx.request.headers.get(MCP_NAME_HEADER)) != params.task_id:
        raise MCPError(HEADER_MISMATCH, "The Mcp-Name header must be the same as params.taskId.")
    with _protocol_errors(params.task_id):
        yield ctx.lifespan_context


@contextmanager
def _protocol_errors(task_id: str) -> Generator[None]:
    try:
        yield
    except UnderstudyError as error:
        if isinstance(error, NotFound) and error.kind == "run":  # without naming others: whoever has no id is told none
            raise MCPError(INVALID_PARAMS, f"No task `{task_id}`. A task id is the run_id of a {TOOL} in this server's store.") from error
        raise MCPError(INTERNAL_ERROR, f"[{error.code}] {error}") from error


def _working(record: RunRecord) -> JsonObject:
    _, _, line = so_far(record)
    return {
        "taskId": record.id,
        "status": "working",
        "statusMessage": line,
        "createdAt": _timestamp(record.created_at),
        "lastUpdatedAt": _timestamp(record.updated_at),
        "ttlMs": None,  # kept, like every run
        "pollIntervalMs": POLL_MS,
    }


def _ended(view: RunView, record: RunRecord) -> JsonObject:
    made, _, _ = so_far(record)
    task = {**_working(record), "statusMessage": f"{view.ending} after {made} user turns"}
    if view.ending == "cancelled":
        return {**task, "status": "cancelled"}
    return {**task, "status": "completed", "result": compact(view).model_dump(mode="json", by_alias=True, exclude_none=True)}


def _timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

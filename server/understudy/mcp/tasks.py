"""The protocol's Tasks extension for simulate_conversation and start_campaign, for clients of the 2026 era that declare it.

It has no state of its own: a task is a run or a campaign, and the task's id is its. So a task outlives the server that gave it, and
every server on the same store answers for it. Other clients never see a task; they wait, and call get_run or get_campaign.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver import require_client_extension
from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import MCP_NAME_HEADER, decode_header_value
from mcp.types import HEADER_MISMATCH, INTERNAL_ERROR, INVALID_PARAMS, CallToolRequestParams, CallToolResult, RequestParams
from pydantic import BaseModel, TypeAdapter, ValidationError

from understudy.app.campaigns import control_campaign, find_campaign, get_campaign
from understudy.app.context import App
from understudy.app.runs import cancel_run, get_run, so_far
from understudy.app.transcripts import record_of
from understudy.domain.errors import Conflict, NotFound, UnderstudyError
from understudy.domain.value import JsonObject
from understudy.mcp.arguments import WaitS
from understudy.mcp.strict import compact

__all__ = ["TASKS", "Tasks"]

TASKS = "io.modelcontextprotocol/tasks"
ERA = frozenset({"2026-07-28"})

GRACE_S = 0.3
"""What is over within this is answered at once, without a task."""

POLL_MS = 1000

Ctx = ServerRequestContext[App, Any]

_wait_s = TypeAdapter[float](WaitS)


class Stand(NamedTuple):
    """How the run or campaign behind a task stands."""

    id: str
    line: str
    """For people."""
    created_at: float
    updated_at: float
    cancelled: bool = False
    answer: BaseModel | None = None
    """What the tool answers; None while it goes on."""


class Kind(NamedTuple):
    """What a tool that answers with a task begins."""

    unfinished: Callable[[JsonObject], str | None]
    """The id in the tool's answer, when what it names goes on."""
    stand: Callable[[App, str], Awaitable[Stand]]
    cancel: Callable[[App, str], Awaitable[object]]


async def _run_stand(app: App, run_id: str) -> Stand:
    view = await get_run(app, run_id)
    record = await record_of(app, run_id)
    made, _, line = so_far(record)
    over = view.status == "finished" and view.verdict is not None
    return Stand(
        id=run_id,
        line=f"{view.ending} after {made} user turns" if over else line,
        created_at=record.created_at,
        updated_at=record.updated_at,
        cancelled=over and view.ending == "cancelled",
        answer=view if over else None,
    )


async def _campaign_stand(app: App, campaign_id: str) -> Stand:
    """A paused campaign counts as going on: somebody means to resume it."""
    store = await app.store()
    campaign = await find_campaign(app, campaign_id)
    so_far = await store.campaign_progress(campaign_id)
    over = campaign.status not in ("running", "paused")
    counted = f"{so_far.done} of {campaign.total} conversations done"
    return Stand(
        id=campaign_id,
        line=counted if campaign.status == "running" else f"{campaign.status}: {counted}" + (f". {campaign.why}" if campaign.why else ""),
        created_at=campaign.created_at,
        updated_at=campaign.updated_at,
        cancelled=campaign.status == "cancelled",
        answer=await get_campaign(app, campaign_id) if over else None,
    )


async def _cancel_campaign(app: App, campaign_id: str) -> None:
    await find_campaign(app, campaign_id)
    with suppress(Conflict):  # it is over; a second cancellation changes nothing
        await control_campaign(app, campaign_id, "cancel")


def _unfinished_run(view: JsonObject) -> str | None:
    return None if view["status"] == "finished" and view.get("verdict") else str(view["run_id"])


def _unfinished_campaign(view: JsonObject) -> str | None:
    return str(view["id"]) if view["status"] in ("running", "paused") else None


RUN = Kind(_unfinished_run, _run_stand, cancel_run)
CAMPAIGN = Kind(_unfinished_campaign, _campaign_stand, _cancel_campaign)
KINDS = {"simulate_conversation": RUN, "start_campaign": CAMPAIGN}
"""By the tool that begins one."""


async def _kind_of(app: App, task_id: str) -> Kind:
    return CAMPAIGN if await (await app.store()).campaign(task_id) is not None else RUN


class TaskParams(RequestParams):
    """Which task."""

    task_id: str


class UpdateParams(TaskParams):
    """Answers to questions of a task; ours asks none."""

    input_responses: JsonObject


class Tasks(Extension):
    """Answers what takes long with a task, and serves tasks/get, tasks/cancel and tasks/update."""

    identifier = TASKS

    def methods(self) -> Sequence[MethodBinding]:
        return [
            MethodBinding("tasks/get", TaskParams, _get, ERA),
            MethodBinding("tasks/cancel", TaskParams, _cancel, ERA),
            MethodBinding("tasks/update", UpdateParams, _update, ERA),
        ]

    async def intercept_tool_call(self, params: CallToolRequestParams, ctx: Ctx, call_next: CallNext) -> HandlerResult:
        kind = KINDS.get(params.name)
        if kind is None or not _declared(ctx):
            return await call_next(ctx)
        params.arguments = _hurried(params.arguments or {})  # the tool is called with these very params
        result = await call_next(ctx)
        if not isinstance(result, CallToolResult) or not result.structured_content:
            return result  # errors have no structure
        task_id = kind.unfinished(result.structured_content)
        if task_id is None:
            return result
        with _protocol_errors(task_id):
            stand = await kind.stand(ctx.lifespan_context, task_id)
        return {"resultType": "task", **_working(stand)}


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


async def _get(ctx: Ctx, params: TaskParams) -> JsonObject:
    with _answering(ctx, params) as app:
        stand = await (await _kind_of(app, params.task_id)).stand(app, params.task_id)
    return {"resultType": "complete", **(_working(stand) if stand.answer is None else _ended(stand, stand.answer))}


async def _cancel(ctx: Ctx, params: TaskParams) -> JsonObject:
    with _answering(ctx, params) as app:
        await (await _kind_of(app, params.task_id)).cancel(app, params.task_id)
    return {"resultType": "complete"}


async def _update(ctx: Ctx, params: UpdateParams) -> JsonObject:
    with _answering(ctx, params) as app:
        await (await _kind_of(app, params.task_id)).stand(app, params.task_id)
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
        if isinstance(error, NotFound) and error.kind in ("run", "campaign"):  # whoever has no id is told none
            problem = f"No task `{task_id}`. A task id is the id of a run or a campaign in this server's store."
            raise MCPError(INVALID_PARAMS, problem) from error
        raise MCPError(INTERNAL_ERROR, f"[{error.code}] {error}") from error


def _working(stand: Stand) -> JsonObject:
    return {
        "taskId": stand.id,
        "status": "working",
        "statusMessage": stand.line,
        "createdAt": _timestamp(stand.created_at),
        "lastUpdatedAt": _timestamp(stand.updated_at),
        "ttlMs": None,  # kept, like every run and campaign
        "pollIntervalMs": POLL_MS,
    }


def _ended(stand: Stand, answer: BaseModel) -> JsonObject:
    if stand.cancelled:
        return {**_working(stand), "status": "cancelled"}
    result = compact(answer).model_dump(mode="json", by_alias=True, exclude_none=True)
    return {**_working(stand), "status": "completed", "result": result}


def _timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

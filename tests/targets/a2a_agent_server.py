"""An A2A agent: run by the tests as a process on a port. `AGENT_FOLDER` holds the agent that answers."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import uvicorn
from a2a.helpers import new_data_part, new_task_from_user_message, new_text_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, Message, Part, Role
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

sys.path.insert(0, os.environ.get("AGENT_FOLDER", "."))
SEEN: dict[str, list[dict[str, str]]] = {}
"""What was said, by context: this agent keeps the history itself."""


def parts_of(answer: dict[str, Any]) -> list[Part]:
    data = {key: value for key, value in answer.items() if key != "text"}
    return [new_text_part(answer["text"]), *([new_data_part(data)] if data else [])]


class Agent(AgentExecutor):
    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        text = context.get_user_input()
        history = SEEN.setdefault(context.context_id or "", [])
        if text:
            history.append({"role": "user", "content": text})
        if text.startswith("task "):
            return await self.work(text.removeprefix("task "), context, event_queue)
        if text in ("crash", "rubbish"):
            raise ValueError("the disk is on fire")
        if text == "hang":
            await asyncio.sleep(60)
        from deciding import decide

        answer = decide(history)
        history.append({"role": "assistant", "content": answer["text"]})
        message = Message(message_id="m", role=Role.ROLE_AGENT, parts=parts_of(answer), context_id=context.context_id)
        return await event_queue.enqueue_event(message)

    async def work(self, what: str, context: RequestContext, event_queue: EventQueue) -> None:
        """A task: its end is told by `what`."""
        if context.current_task is None:
            assert context.message is not None
            await event_queue.enqueue_event(new_task_from_user_message(context.message))
        task = TaskUpdater(event_queue, context.task_id or "", context.context_id or "")
        await task.start_work(task.new_agent_message([new_text_part("Looking it up ...")]))
        says = task.new_agent_message([new_text_part(f"{what} it is, {os.environ.get('AGENT_KEY', 'no key')}.")])
        if what == "ask":
            await task.requires_input(task.new_agent_message([new_text_part("Which day?")]))
        elif what == "auth":
            await task.requires_auth(says)
        elif what == "fail":
            await task.failed(says)
        elif what == "reject":
            await task.reject(says)
        elif what == "die":
            os._exit(3)
        else:
            for number, piece in enumerate(("Your ", "day: ", what)):
                parts = [new_text_part(piece)]
                await task.add_artifact(parts, artifact_id="a", append=number > 0, last_chunk=number == 2)
            await task.add_artifact([new_data_part({"state": {"day": what, "count": 3}})], artifact_id="b")
            await task.complete(task.new_agent_message([new_text_part(f"(task {context.task_id})")]))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Asked for by the SDK's AgentExecutor. A task that is given up is told so, as an honest agent would."""
        await TaskUpdater(event_queue, context.task_id or "", context.context_id or "").cancel()


async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Asks for the key, if there is one, and answers with rubbish when told so."""
    wanted, given = os.environ.get("AGENT_KEY"), request.headers.get("authorization")
    if wanted and given != f"Bearer {wanted}":
        return JSONResponse({"error": f"no entry with {given}"}, status_code=401)
    if b"rubbish" in await request.body():
        return Response("<html>oops</html>", media_type="application/json")
    return await call_next(request)


def serve(port: int) -> None:
    card = AgentCard(
        name="clinic",
        description="A clinic.",
        version="1",
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text"],
        default_output_modes=["text"],
        supported_interfaces=[
            AgentInterface(
                url=os.environ.get("CARD_URL") or f"http://127.0.0.1:{port}/rpc",
                protocol_binding="JSONRPC",
                protocol_version=os.environ.get("A2A_VERSION", "1.0"),
            )
        ],
    )
    handler = DefaultRequestHandler(agent_executor=Agent(), task_store=InMemoryTaskStore(), agent_card=card)
    routes = [*create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/rpc", enable_v0_3_compat=True)]
    app = Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=guard)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")


if __name__ == "__main__":
    serve(int(sys.argv[1]))

"""The demo agents behind an OpenAI-compatible endpoint on loopback: chat completions (JSON and SSE), models, health.

aiohttp is imported when a server is started, so that importing this costs nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from pydantic import Field, ValidationError

from understudy.demo.agent import AgentAnswer, DemoAgent, Message
from understudy.demo.catalogue import AGENTS, demo_agent, model_names
from understudy.domain.errors import CallerError, nearest
from understudy.domain.value import Json, JsonObject, Value

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["make_app", "serve", "serving"]


class _Body(Value):
    """The part of a chat-completions request that the demo agents read."""

    model: str = ""
    messages: tuple[Message, ...] = Field(default=())
    stream: bool = False

    model_config = {"frozen": True, "extra": "ignore"}


class _Agents:
    """The agents that were asked for, made once, so that sporadic failures can count their calls."""

    def __init__(self, default: str) -> None:
        self.default = default
        self._made: dict[str, DemoAgent] = {}

    def name_for(self, asked: str) -> str:
        """The model to use. Clients that name somebody else's model (`gpt-4o`) get the default; a slip in one of our names is an error."""
        head = asked.split("+")[0]
        return asked if head in AGENTS or nearest(head, AGENTS) else self.default

    def get(self, model: str) -> DemoAgent:
        if model not in self._made:
            self._made[model] = demo_agent(model)
        return self._made[model]


def make_app(default_model: str = "clinic") -> web.Application:
    """The web application; a request that names no model of ours gets `default_model`. Raises as `demo_agent` does."""
    from aiohttp import web

    agents = _Agents(default_model)
    agents.get(default_model)

    async def chat(request: web.Request) -> web.StreamResponse:
        try:
            body = _Body.model_validate(_without_nulls(await request.json()))
            model = agents.name_for(body.model)
            agent = agents.get(model)
        except (ValidationError, json.JSONDecodeError, CallerError) as error:
            return web.json_response(_error(str(error), "invalid_request_error"), status=400)
        answer = agent.answer(body.messages)
        if answer.delay_ms:
            await asyncio.sleep(answer.delay_ms / 1000)
        if answer.error is not None:
            return web.json_response(_error(answer.error, "server_error"), status=500)
        if body.stream:
            return await _stream(request, model, answer)
        return web.json_response(_completion(model, answer))

    async def models(_: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "understudy"} for name in model_names()]}
        )

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.add_routes([web.post("/v1/chat/completions", chat), web.get("/v1/models", models), web.get("/healthz", healthz)])
    return app


def _without_nulls(raw: object) -> object:
    """The request with `content: null` read as no content, as clients send it beside tool calls."""
    if not isinstance(raw, dict):
        return raw
    body = cast("dict[str, object]", raw)
    messages = body.get("messages")
    if not isinstance(messages, list):
        return body
    return {**body, "messages": [_without_nulls_in(message) for message in cast("list[object]", messages)]}


def _without_nulls_in(message: object) -> object:
    if not isinstance(message, dict):
        return message
    fields = cast("dict[str, object]", message)
    return {key: fields[key] for key in ("role", "content") if fields.get(key) is not None}


def _error(message: str, kind: str) -> JsonObject:
    return {"error": {"message": message, "type": kind}}


def _tool_calls(answer: AgentAnswer) -> list[Json]:
    return [
        {"id": f"call_{i}", "index": i, "type": "function", "function": {"name": call.name, "arguments": json.dumps(call.arguments)}}
        for i, call in enumerate(answer.tool_calls)
    ]


def _frame(model: str, kind: str, answer: AgentAnswer | None) -> JsonObject:
    frame: JsonObject = {"id": "chatcmpl-demo", "object": kind, "created": 0, "model": model}
    return frame if answer is None else {**frame, "state": answer.state, "handed_off": answer.handed_off}


def _completion(model: str, answer: AgentAnswer) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": answer.text}
    if answer.tool_calls:
        message["tool_calls"] = _tool_calls(answer)
    usage: JsonObject = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    choice: JsonObject = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**_frame(model, "chat.completion", answer), "choices": [choice], "usage": usage}


async def _stream(request: web.Request, model: str, answer: AgentAnswer) -> web.StreamResponse:
    """The answer word by word; the last chunk carries the tool calls, the state and the hand-over flag."""
    from aiohttp import web

    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    for i, word in enumerate(answer.text.split(" ")):
        delta: JsonObject = {"content": f" {word}" if i else word}
        await response.write(_event({**_frame(model, "chat.completion.chunk", None), "choices": [{"index": 0, "delta": delta}]}))
    last: JsonObject = {"index": 0, "delta": {"tool_calls": _tool_calls(answer)} if answer.tool_calls else {}, "finish_reason": "stop"}
    await response.write(_event({**_frame(model, "chat.completion.chunk", answer), "choices": [last]}))
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


def _event(body: JsonObject) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


@asynccontextmanager
async def serving(model: str = "clinic", *, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[str, None]:
    """Serve while the block runs, on a free port unless one is given; yields the base URL (`http://127.0.0.1:4711/v1`)."""
    from aiohttp import web

    runner = web.AppRunner(make_app(model), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0]
        yield f"http://{bound[0]}:{bound[1]}/v1"
    finally:
        await runner.cleanup()


async def serve(model: str, host: str, port: int, *, ready: asyncio.Future[str] | None = None) -> None:
    """Serve until cancelled. `ready`, when given, gets the base URL. Raises OSError when the port is taken."""
    async with serving(model, host=host, port=port) as url:
        if ready is not None and not ready.done():
            ready.set_result(url)
        await asyncio.Event().wait()

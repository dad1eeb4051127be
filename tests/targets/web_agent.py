"""A real counterpart in a process of its own: one agent behind the Anthropic wire, JSON over HTTP in several shapes, and WebSocket.

`python web_agent.py [cert.pem]` prints its port and serves until it is killed. The last words of the user decide what it does; with
`AGENT_FOLDER` in the environment the `act` of the module `deciding` in that folder does.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

Messages = list[dict[str, str]]


def decide(messages: Messages) -> dict[str, Any]:
    """What the contract suite's agent does, behind every adapter."""
    if "AGENT_FOLDER" in os.environ:
        from deciding import act

        return act(messages)
    if not messages:
        return {"text": "Welcome to the clinic."}
    last = messages[-1]["content"]
    if last == "tools":
        return {"text": "Booked.", "tool_calls": [{"name": "book", "arguments": {"day": "Tuesday"}}], "state": {"booked": True}}
    if last == "only tools":
        return {"text": "", "tool_calls": [{"name": "book", "arguments": {}}]}
    if last == "empty":
        return {"text": ""}
    return {"text": json.dumps([[m["role"], m["content"]] for m in messages])}


def pieces(text: str) -> list[str]:
    return [text[i : i + 7] for i in range(0, len(text), 7)]


async def misbehave(request: web.Request, last: str) -> web.StreamResponse | None:
    """The faults that every HTTP route knows."""
    if last == "hang":
        await asyncio.Event().wait()
    if last == "crash" and request.transport is not None:
        request.transport.abort()
        return web.Response()
    if last == "rubbish":
        return web.Response(text="Traceback (most recent call last):", content_type="application/json")
    if last == "huge":
        return web.Response(body=b'{"reply": "' + b"x" * (9 * 2**20) + b'"}', content_type="application/json")
    if last.startswith("status "):
        return web.json_response({"error": f"planned {last[7:]}"}, status=int(last[7:]))
    if last == "key":
        sent = request.headers
        key = sent.get("x-api-key") or sent.get("Authorization", "") or sent.get("X-Key", "")
        return web.json_response({"reply": f"your key is {key}", "content": [{"type": "text", "text": f"your key is {key}"}]})
    return None


def last_of(messages: Messages) -> str:
    return messages[-1]["content"] if messages else ""


# ---------------------------------------------------------------- the Anthropic wire

OPENING = "(The user has just connected and says nothing yet. Greet them.)"


async def anthropic(request: web.Request) -> web.StreamResponse:
    body = await request.json()
    messages: Messages = body["messages"]
    if messages[0] == {"role": "user", "content": OPENING}:
        messages = messages[1:]
    if (broken := await misbehave(request, last_of(messages))) is not None:
        return broken
    answer = decide(messages)
    blocks: list[dict[str, Any]] = [{"type": "text", "text": answer["text"]}] if answer["text"] else []
    blocks += [{"type": "tool_use", "id": "t1", "name": c["name"], "input": c["arguments"]} for c in answer.get("tool_calls", ())]
    message = {"type": "message", "role": "assistant", "content": blocks, "stop_reason": "end_turn", "understudy": answer.get("state")}
    if not body["stream"]:
        return web.json_response(message)
    return await stream(request, anthropic_events(message), "text/event-stream", cut=last_of(messages) == "half")


def anthropic_events(message: dict[str, Any]) -> list[bytes]:
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}, {"type": "ping"}]
    for index, block in enumerate(message["content"]):
        begun = {**block, "text": ""} if block["type"] == "text" else {**block, "input": {}}
        events.append({"type": "content_block_start", "index": index, "content_block": begun})
        kind, field = ("text_delta", "text") if block["type"] == "text" else ("input_json_delta", "partial_json")
        whole = block["text"] if block["type"] == "text" else json.dumps(block["input"])
        events += [{"type": "content_block_delta", "index": index, "delta": {"type": kind, field: piece}} for piece in pieces(whole)]
        events.append({"type": "content_block_stop", "index": index})
    events.append({"type": "message_delta", "delta": {"stop_reason": message["stop_reason"]}, "understudy": message["understudy"]})
    events.append({"type": "message_stop"})
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events]


async def stream(request: web.Request, sent: list[bytes], kind: str, *, cut: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    for piece in sent[: len(sent) // 2] if cut else sent:
        await response.write(piece)
    await response.write_eof()
    return response


# ---------------------------------------------------------------- JSON over HTTP


async def chat(request: web.Request) -> web.StreamResponse:
    """`{messages}` in, `{data: {reply}, calls, state}` out; as events or lines when the path says so."""
    messages: Messages = (await request.json()).get("messages", [])
    if (broken := await misbehave(request, last_of(messages))) is not None:
        return broken
    answer = decide(messages)
    rest = {"calls": answer.get("tool_calls", []), "state": answer.get("state")}
    how = request.match_info.get("how")
    if how is None:
        return web.json_response({"data": {"reply": answer["text"]}, **rest})
    sent: list[dict[str, Any]] = [{"delta": {"text": piece}} for piece in pieces(answer["text"]) or [""]]
    sent.append({"type": "end", **rest})
    cut = last_of(messages) == "half"
    if how == "sse":
        return await stream(request, [f"data: {json.dumps(s)}\n\n".encode() for s in sent], "text/event-stream", cut=cut)
    return await stream(request, [json.dumps(s).encode() + b"\n" for s in sent], "application/x-ndjson", cut=cut)


SESSIONS: dict[str, list[str]] = {}


async def begin(request: web.Request) -> web.StreamResponse:
    SESSIONS[session := f"s {len(SESSIONS)}/x"] = []
    return web.json_response({"data": {"id": session}, "greeting": "Welcome back."})


async def in_session(request: web.Request) -> web.StreamResponse:
    """An agent that keeps the history itself, by a session in the path."""
    said = SESSIONS.get(request.match_info["session"])
    if said is None:
        return web.json_response({"error": "no such session"}, status=404)
    said.append((await request.json())["text"])
    return web.json_response([{"text": f"{len(said)}: {said[-1]}"}, {"text": "Anything else?"}])


async def by_cookie(request: web.Request) -> web.StreamResponse:
    """Plain text in and out, and a session in a cookie."""
    number = int(request.cookies.get("sid", "0")) + 1
    response = web.Response(text=f"{number}: {await request.text()}")
    response.set_cookie("sid", str(number))
    return response


async def echo(request: web.Request) -> web.StreamResponse:
    """What arrived, as text."""
    body = await request.json() if request.can_read_body else None
    found = {"method": request.method, "path": request.path_qs, "headers": dict(request.headers), "body": body}
    return web.json_response({"reply": json.dumps(found)})


async def strict(request: web.Request) -> web.StreamResponse:
    """An agent with one field of its own, and an error that names it, in the way of a popular framework."""
    body = await request.json()
    if not isinstance(body.get("question"), str):
        return web.json_response({"detail": [{"type": "missing", "loc": ["body", "question"], "msg": "Field required"}]}, status=422)
    return web.json_response({"answer": f"You asked: {body['question']}", "conversation_id": "c-1"})


async def page(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")


# ---------------------------------------------------------------- WebSocket


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Full history in every frame; `?stream` answers in pieces. A frame of the type `start` is greeted when nothing was said."""
    found = web.WebSocketResponse()
    await found.prepare(request)
    async for frame in found:
        if frame.type is not WSMsgType.TEXT:
            break
        body = json.loads(frame.data)
        messages: Messages = body["messages"]
        if body.get("type") == "start" and messages:
            continue
        if not await answer_over(found, request, messages):
            break
    return found


async def answer_over(found: web.WebSocketResponse, request: web.Request, messages: Messages) -> bool:
    last = last_of(messages)
    if last == "hang":
        await asyncio.Event().wait()
    if last == "crash":
        if request.transport is not None:
            request.transport.abort()
        return False
    if last == "hang up":
        return False
    if last == "rubbish":
        await found.send_str("Traceback (most recent call last):")
        return True
    answer = decide(messages)
    rest = {"calls": answer.get("tool_calls", []), "state": answer.get("state")}
    await found.send_json({"type": "typing"})
    if "stream" in request.query:
        for piece in pieces(answer["text"]) or [""]:
            await found.send_json({"type": "piece", "delta": piece})
        await found.send_json({"type": "end", **rest})
    else:
        await found.send_json({"type": "message", "reply": answer["text"], **rest})
    return True


async def remembering(request: web.Request) -> web.WebSocketResponse:
    """Keeps the history itself; a session lets a second connection take it up. Says hello first when asked by `?greets`."""
    found = web.WebSocketResponse()
    await found.prepare(request)
    session = ""
    if "greets" in request.query:
        await found.send_json({"text": "Good morning!"})
    async for frame in found:
        body = json.loads(frame.data)
        session = session or body.get("session") or f"w-{len(SESSIONS)}"
        said = SESSIONS.setdefault(session, [])
        said.append(body["text"])
        await found.send_json({"text": f"{len(said)}: {body['text']}", **({} if "silent" in request.query else {"session": session})})
        if body["text"] == "bye":
            break
        if body["text"] == "more":
            await found.send_json({"text": "And another thing."})
    return found


def application() -> web.Application:
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/v1/messages", anthropic)
    app.router.add_post("/chat", chat)
    app.router.add_post("/chat/{how:sse|ndjson}", chat)
    app.router.add_post("/sessions", begin)
    app.router.add_post("/sessions/{session}/messages", in_session)
    app.router.add_post("/text", by_cookie)
    app.router.add_route("*", "/echo/{tail:.*}", echo)
    app.router.add_post("/ask", strict)
    app.router.add_get("/ws", socket)
    app.router.add_get("/remembering", remembering)
    app.router.add_route("*", "/page/{tail:.*}", page)
    return app


async def serve(cert: str | None) -> None:
    context = None
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert)
    runner = web.AppRunner(application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


# ---------------------------------------------------------------- for the tests


@dataclass
class WebAgent:
    """The process, as seen by a test."""

    port: int
    process: subprocess.Popen[str]

    def url(self, path: str = "", *, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def web_agent(*arguments: str, folder: Path | None = None) -> Iterator[WebAgent]:
    """The agent, running; killed at the end. With a folder, the agent that lies there."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    env = {**os.environ, **({"AGENT_FOLDER": str(folder), "PYTHONPATH": str(folder)} if folder else {})}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert process.stdout is not None
        yield WebAgent(int(process.stdout.readline()), process)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else None))

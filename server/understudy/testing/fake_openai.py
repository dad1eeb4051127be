"""An OpenAI-compatible server on loopback, in this process, for tests: scripted answers, every fault, all requests kept."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

__all__ = ["FakeAnswer", "FakeOpenAI", "Fault", "FaultKind", "Sent", "closed_port_url", "sporadic"]

FaultKind = Literal[
    "hang",
    "slow",
    "reset",
    "half_a_stream",
    "cut_stream",
    "error_in_stream",
    "status",
    "redirect",
    "wrong_shape",
    "not_json",
    "html",
    "empty_body",
    "null_content",
]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    kind: FaultKind
    status: int = 500
    retry_after: str | None = None
    seconds: float = 0.05
    """How long `slow` takes."""
    body: str = ""
    """What an error, or an answer of the wrong shape, says."""


@dataclass(frozen=True)
class FakeAnswer:
    """What the agent says."""

    text: str | None = ""
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    """`{name, arguments}`; sent in OpenAI's form."""
    state: Any = None
    """Sent as `understudy.state`, beside `choices`."""


@dataclass(frozen=True)
class Sent:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(role, content) of every message."""
        return [(m["role"], m["content"]) for m in self.body["messages"]]


Script = Sequence[str | FakeAnswer] | Callable[[dict[str, Any]], str | FakeAnswer]
Faults = Mapping[int, Fault] | Callable[[int], Fault | None]


def sporadic(fault: Fault, *, share: float, seed: int = 0) -> Callable[[int], Fault | None]:
    """A fault in about `share` of all calls: which ones depends on the seed and the call's number only."""

    def pick(number: int) -> Fault | None:
        return fault if random.Random(f"{seed}:{number}").random() < share else None  # noqa: S311 - a seeded fault plan

    return pick


def closed_port_url() -> str:
    """A base address on loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


@dataclass
class FakeOpenAI:
    """`async with FakeOpenAI(["Hi."]) as server: ... server.url`. Replies go by call number; the last one repeats."""

    replies: Script = ("All right.",)
    faults: Faults = field(default_factory=dict[int, Fault])
    """By the number of the call, counted from 0."""
    requests: list[Sent] = field(default_factory=list[Sent], init=False)
    connections: int = field(default=0, init=False)
    aborted: int = field(default=0, init=False)
    """Calls that the client broke off while they hung."""
    port: int = field(default=0, init=False)
    _runner: web.AppRunner | None = field(default=None, init=False)
    _peers: set[object] = field(default_factory=set[object], init=False)
    _gone: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._completions)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def wait_aborted(self) -> None:
        """Return once a client has broken off a call that hung."""
        await self._gone.wait()

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        number = len(self.requests)
        self.requests.append(Sent(request.path_qs, dict(request.headers), body))
        if request.transport not in self._peers:
            self._peers.add(request.transport)
            self.connections += 1
        fault = self.faults(number) if callable(self.faults) else self.faults.get(number)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            fault = None
        if fault is not None and (broken := await self._break(request, fault)) is not None:
            return broken
        answer = self._answer(number, body)
        if fault is not None and fault.kind == "null_content":
            answer = FakeAnswer(None, answer.tool_calls, answer.state)
        if body.get("stream"):
            return await self._stream(request, answer, fault)
        return web.json_response(_completion(answer))

    def _answer(self, number: int, body: dict[str, Any]) -> FakeAnswer:
        found = self.replies(body) if callable(self.replies) else self.replies[min(number, len(self.replies) - 1)]
        return FakeAnswer(found) if isinstance(found, str) else found

    async def _break(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        """The faulty response; None for faults of a stream, which show later."""
        if fault.kind == "hang":
            try:
                await asyncio.Event().wait()
            finally:
                self.aborted += 1
                self._gone.set()
        if fault.kind == "reset" and request.transport is not None:
            request.transport.abort()
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        plain: dict[str, web.Response] = {
            "reset": web.Response(),
            "status": web.Response(status=fault.status, text=fault.body or json.dumps({"error": {"message": "planned"}}), headers=headers),
            "redirect": web.Response(status=307, headers={"Location": "http://127.0.0.1:1/elsewhere?token=abc"}),
            "wrong_shape": web.Response(text=fault.body or '{"answer": "hi"}', content_type="application/json"),
            "not_json": web.Response(text=fault.body or "Traceback (most recent call last):", content_type="text/plain"),
            "html": web.Response(text="<html><body>It works!</body></html>", content_type="text/html"),
            "empty_body": web.Response(text="", content_type="application/json"),
        }
        return plain.get(fault.kind)

    async def _stream(self, request: web.Request, answer: FakeAnswer, fault: Fault | None) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        events = _chunks(answer)
        kind = fault.kind if fault else None
        if kind in {"half_a_stream", "cut_stream"}:
            events = events[: len(events) // 2]
        if kind == "error_in_stream":
            events = [*events[:1], '{"error": {"message": "overloaded"}}']
        for event in events:
            await response.write(b"data: " + event.encode() + b"\n\n")
        if kind == "cut_stream" and request.transport is not None:
            request.transport.abort()
        await response.write_eof()
        return response


def _completion(answer: FakeAnswer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text}
    if answer.tool_calls:
        message["tool_calls"] = [_call(i, c) for i, c in enumerate(answer.tool_calls)]
    body: dict[str, Any] = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return body if answer.state is None else {**body, "understudy": {"state": answer.state}}


def _call(position: int, call: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": call["name"], "arguments": json.dumps(call.get("arguments", {}))}
    return {"id": f"call_{position}", "type": "function", "function": function}


def _chunks(answer: FakeAnswer) -> list[str]:
    """The events of a stream: words a few characters at a time, tool calls in two pieces each, the state in the last."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        return json.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more})

    text = answer.text or ""
    events = [chunk({"role": "assistant", "content": None if answer.text is None else ""})]
    events += [chunk({"content": text[i : i + 7]}) for i in range(0, len(text), 7)]
    for position, given in enumerate(answer.tool_calls):
        call = _call(position, given)
        arguments = call["function"]["arguments"]
        half = len(arguments) // 2
        first = {**call, "index": position, "function": {"name": given["name"], "arguments": arguments[:half]}}
        events.append(chunk({"tool_calls": [first]}))
        events.append(chunk({"tool_calls": [{"index": position, "function": {"arguments": arguments[half:]}}]}))
    extra = {} if answer.state is None else {"understudy": {"state": answer.state}}
    return [*events, chunk({}, "stop", **extra), "[DONE]"]

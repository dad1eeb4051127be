"""The fake model server: both wires, scripted or made-up answers, every fault, and a count of all that came."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast

from pydantic_core import from_json

from understudy.testing.fake_models import anthropic_wire, openai_wire
from understudy.testing.fake_models.chance import FaultShares, Latency
from understudy.testing.fake_models.connection import Connection, Received, Traffic, response
from understudy.testing.fake_models.made_up import made_up
from understudy.testing.fake_models.prefixes import Prefixes, tokens
from understudy.testing.fake_models.rendered import Renderer, ToRender
from understudy.testing.fake_models.request import ModelRequest, Wire
from understudy.testing.fake_models.said import Answer, Fault, FaultKind, Script, as_said
from understudy.testing.fake_models.tally import Tally

__all__ = ["FakeModels"]

_WIRES: dict[Wire, Renderer] = {"openai": openai_wire, "anthropic": anthropic_wire}
_PATHS: dict[str, Wire] = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}
_RETRY_AFTER = "retry-after: {}\r\n"
_ENDINGS: dict[str, Answer] = {
    "refusal": Answer("I can't help with that.", ending="refusal"),
    "empty": Answer(""),
}
_SLOW_PIECES = 12


class FakeModels:
    """`async with FakeModels(["Hi."]) as server: ... server.openai_url, server.anthropic_url`.

    Without a script it makes its answers up: any JSON schema gets an object that fits, the same messages get the same words.
    """

    def __init__(
        self,
        script: Script | None = None,
        *,
        faults: Mapping[FaultKind, float] | None = None,
        faults_for: str = "",
        latency: str | float = 0,
        seed: int = 7,
        max_inflight: int = 0,
        rpm: int = 0,
        retry_after: str = "1",
        slow_seconds: float = 1.0,
        stream_pieces: int = 8,
        first_token: float = 0.5,
        cache_from: int = 1024,
        models: tuple[str, ...] = ("fake-user", "fake-judge", "fake-target"),
        keep_requests: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """Raises ValueError for a latency or a fault that there is not.

        `script`: answers in order of arrival (the last one repeats), or a function of the request. `faults`: the share of all
        calls of each kind, drawn by seed, body and attempt; `faults_for`: only models whose name has this in it.
        `latency`: milliseconds or a distribution, see `Latency`. `max_inflight`, `rpm`: 429 above so many calls at once or
        a minute; 0: no limit. `first_token`: the share of the latency before a stream's first event. `cache_from`: the tokens
        from which a provider caches.
        """
        self._script = script
        self._shares, self._faults_for = FaultShares(faults or {}, seed=seed), faults_for
        self._latency, self._seed = Latency.parse(latency), seed
        self._max_inflight, self._rpm, self._retry_after = max_inflight, rpm, retry_after
        self._slow_seconds, self._stream_pieces, self._first_token = slow_seconds, max(1, stream_pieces), first_token
        self._models, self._keep, self._address = list(models), keep_requests, (host, port)
        self._prefixes = Prefixes(cache_from=cache_from)
        self._traffic, self._tally = Traffic(), Tally()
        self._bucket, self._bucket_at = float(rpm), time.monotonic()
        self._scripted = self._number = 0
        self._server: asyncio.Server | None = None
        self.requests: list[ModelRequest] = []
        """Every call of a model, faulty ones included, oldest first."""

    # ---- its life
    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._serve, self._traffic), *self._address, backlog=4096)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in list(self._traffic.tasks):
            task.cancel()
        for transport in list(self._traffic.transports):
            transport.abort()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        if self._server is None:
            raise RuntimeError("The fake model server is not running: use it in an `async with`.")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @property
    def openai_url(self) -> str:
        """The base URL for OpenAI's clients."""
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        """The base URL for Anthropic's clients."""
        return self.url

    async def wait_aborted(self) -> None:
        """Return once a caller has broken off a call."""
        await self._traffic.broken_off.wait()

    def stats(self) -> dict[str, Any]:
        """Counts since the start: requests, statuses, faults, tokens by model, connections, calls at once."""
        return {**self._tally.as_json(), **_traffic_json(self._traffic)}

    # ---- one call
    def _serve(self, connection: Connection, received: Received) -> None:
        path = received.path.removesuffix("/")
        if received.method == "GET":
            self._get(connection, received, path)
            return
        wire = _PATHS.get(path)
        if wire is None or received.method != "POST":
            connection.send(response(404, openai_wire.error_body(404, f"no such route: {received.method} {path}")), 404)
            return
        try:
            body = from_json(received.body)
        except ValueError as error:
            connection.send(response(400, _WIRES[wire].error_body(400, f"The body is not JSON: {error}")), 400)
            return
        request = ModelRequest(wire, path, received.head, cast("dict[str, Any]", body) if isinstance(body, dict) else {})
        if self._keep:
            self.requests.append(request)
        self._number += 1
        self._tally.arrived(request.model)
        self._reply(connection, request, received.body)

    def _get(self, connection: Connection, received: Received, path: str) -> None:
        wire = _WIRES["anthropic" if "\r\nanthropic-version:" in received.head.lower() else "openai"]
        pages = {"/v1/models": lambda: wire.models_body(self._models), "/stats": lambda: json.dumps(self.stats()).encode()}
        page = pages.get(path)
        found = (200, page()) if page else (404, wire.error_body(404, f"no such route: GET {path}"))
        connection.send(response(*found), found[0])

    def _reply(self, connection: Connection, request: ModelRequest, body: bytes) -> None:
        if self._limited():
            self._fail(connection, request, Fault("429", "Rate limit reached."), 0.0)
            return
        delay = self._latency.seconds(body, self._seed)
        drawn = self._shares.draw(body) if self._faults_for in request.model else None
        fault = Fault(drawn) if drawn and _concerns(drawn, request) else None
        said = fault if fault is not None and fault.kind not in _SPOILT else self._say(request)
        if isinstance(said, Fault):
            fault, said = (said if _concerns(said.kind, request) else None), said.answer or made_up(request, self._seed)
        if fault is not None and fault.kind == "error_in_stream" and not request.stream:
            fault = replace(fault, kind="503")
        if fault is not None and fault.kind in _STATUS:
            self._fail(connection, request, fault, delay)
        elif fault is not None and fault.kind in ("reset", "hang"):
            self._drop(connection, fault, delay)
        else:
            self._answer(connection, request, said, fault, delay)

    def _say(self, request: ModelRequest) -> Answer | Fault:
        script = self._script
        if script is None:
            return made_up(request, self._seed)
        if callable(script):
            return as_said(script(request))
        self._scripted += 1
        return as_said(script[min(self._scripted, len(script)) - 1])

    def _limited(self) -> bool:
        if self._max_inflight and self._traffic.inflight > self._max_inflight:
            return True
        if not self._rpm:
            return False
        now = time.monotonic()
        self._bucket = min(float(self._rpm), self._bucket + (now - self._bucket_at) * self._rpm / 60)
        self._bucket_at = now
        if self._bucket < 1:
            return True
        self._bucket -= 1
        return False

    # ---- what goes out
    def _fail(self, connection: Connection, request: ModelRequest, fault: Fault, delay: float) -> None:
        status = _STATUS[fault.kind]
        self._tally.failed(fault.kind)
        wait = fault.retry_after or (self._retry_after if status == 429 else None)
        headers = _RETRY_AFTER.format(wait) if wait else ""
        connection.send(
            response(
                status, _WIRES[request.wire].error_body(status, fault.message or _MESSAGES.get(fault.kind, "planned")), headers=headers
            ),
            status,
            delay,
        )

    def _drop(self, connection: Connection, fault: Fault, delay: float) -> None:
        self._tally.failed(fault.kind)
        if fault.kind == "hang":
            connection.hang()
        elif delay:
            asyncio.get_running_loop().call_later(delay, connection.reset)
        else:
            connection.reset()

    def _answer(self, connection: Connection, request: ModelRequest, answer: Answer, fault: Fault | None, delay: float) -> None:
        if fault is not None:
            self._tally.failed(fault.kind)
            answer = _spoilt(answer, fault)
        said = self._rendered(request, answer)
        self._tally.answered(request.model, said.prompt, said.output_tokens)
        kind = fault.kind if fault else None
        if request.stream:
            self._stream(connection, request, said, fault, delay)
            return
        body = _WIRES[request.wire].answer_body(said)
        headers = f"x-request-id: req_{said.id}\r\n"
        match kind:
            case "slow":
                connection.drip(response(200, body, headers=headers), self._slowness(fault))
            case "truncated" | "reset_mid":
                connection.cut(response(200, body, headers=headers), 2 / 3, delay, rudely=kind == "reset_mid")
            case "malformed":
                connection.send(response(200, body[: len(body) * 2 // 3], headers=headers), 200, delay)
            case "wrong_shape":
                connection.send(response(200, _other_shape(fault)), 200, delay)
            case "html":
                connection.send(response(200, b"<html><body>It works!</body></html>", "text/html"), 200, delay)
            case _:
                connection.send(response(200, body, headers=headers), 200, delay)

    def _stream(self, connection: Connection, request: ModelRequest, said: ToRender, fault: Fault | None, delay: float) -> None:
        wire = _WIRES[request.wire]
        events = wire.answer_events(said)
        half = events[: max(1, len(events) // 2)]
        match fault.kind if fault else None:
            case "slow":
                connection.stream(events, self._slowness(fault), first=1 / _SLOW_PIECES)
            case "truncated":
                connection.stream(half, delay, ends=False)
            case "reset_mid":
                connection.cut(_chunked(half), 1.0, delay, rudely=True)
            case "malformed":
                connection.stream([*half, b'data: {"choices": [{"delta"\n\n'], delay)
            case "wrong_shape":
                connection.stream([b"data: " + _other_shape(fault) + b"\n\n"], delay)
            case "html":
                connection.send(response(200, b"<html><body>It works!</body></html>", "text/html"), 200, delay)
            case "error_in_stream":
                connection.stream([*half, wire.error_event((fault and fault.message) or "planned")], delay)
            case _:
                connection.stream(events, delay, first=self._first_token)

    def _slowness(self, fault: Fault | None) -> float:
        return self._slow_seconds if fault is None or fault.seconds is None else fault.seconds

    def _rendered(self, request: ModelRequest, answer: Answer) -> ToRender:
        spent = answer.reasoning_tokens + tokens(len(answer.text) + sum(len(c.text) + 20 for c in answer.tool_calls)) + 1
        room = request.max_tokens
        if room is not None and spent > room and answer.ending == "stop":
            left = max(0, room - answer.reasoning_tokens)
            answer = Answer(answer.text[: left * 4], ending="length", reasoning_tokens=min(answer.reasoning_tokens, room))
            spent = room
        options = cast("dict[str, Any]", request.body.get("stream_options") or {})
        name = f"{zlib.crc32(answer.text.encode(), self._seed):08x}{self._number:06x}"
        prompt = self._prefixes.count(request)
        return ToRender(
            name, request.model, answer, prompt, spent, self._stream_pieces, usage_in_stream=options.get("include_usage") is True
        )


_STATUS: dict[str, int] = {
    **{kind: int(kind) for kind in ("400", "401", "403", "404", "413", "429", "500", "502", "503", "504", "529")},
    "no_schemas": 400,
    "no_json": 400,
}
_MESSAGES = {
    "no_schemas": "'response_format' of type 'json_schema' is not supported with this model.",
    "no_json": "'response_format' is not supported with this model.",
    "429": "Rate limit reached for requests.",
}
_SPOILT = frozenset({"length", "slow", "truncated", "malformed", "reset_mid", "error_in_stream"})
"""Faults that need the answer that would have been: the script is asked for it."""


def _concerns(kind: FaultKind, request: ModelRequest) -> bool:
    """Endpoints without schemas, or without any JSON mode, answer those who do not ask for one."""
    if kind == "no_schemas":
        return request.form == "schema"
    return request.form != "text" if kind == "no_json" else True


def _spoilt(answer: Answer, fault: Fault) -> Answer:
    if fault.kind == "length":
        return Answer(answer.text[: len(answer.text) // 2], ending="length", reasoning_tokens=answer.reasoning_tokens)
    return _ENDINGS.get(fault.kind, answer)


def _other_shape(fault: Fault | None) -> bytes:
    try:
        return json.dumps(json.loads(fault.message if fault else "")).encode()
    except ValueError:
        return b'{"answer": "hi"}'


def _chunked(events: list[bytes]) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in events)


def _traffic_json(traffic: Traffic) -> dict[str, Any]:
    names = ("connections", "most_open", "inflight", "most_inflight", "aborted", "bytes_in", "bytes_out", "statuses")
    return {name: getattr(traffic, name) for name in names}

"""The fake model server: both wires, scripted or made-up answers, every fault, and a count of all that came."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, cast

from pydantic_core import from_json

from understudy.testing.fake_models.accepting import complaint
from understudy.testing.fake_models.chance import FaultShares, Latency
from understudy.testing.fake_models.connection import Connection, Received, Traffic, response
from understudy.testing.fake_models.made_up import made_up
from understudy.testing.fake_models.prefixes import Prefixes, tokens
from understudy.testing.fake_models.rendered import ToRender
from understudy.testing.fake_models.replying import RENDERERS, Replying, concerns, spoils_an_answer, spoilt
from understudy.testing.fake_models.request import ModelRequest, Wire
from understudy.testing.fake_models.said import Answer, Fault, FaultKind, Script, as_said
from understudy.testing.fake_models.tally import Tally

__all__ = ["FakeModels"]

_PATHS: dict[str, Wire] = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}


class FakeModels:
    """`async with FakeModels(["Hi."]) as server: ... server.openai_url, server.anthropic_url`.

    Without a script it makes its answers up: any JSON schema gets an object that fits, the same messages get the same words.
    What a provider would refuse is refused with its 400 (see `accepting`). Leaving raises what a script raised.
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
        self._max_inflight, self._rpm = max_inflight, rpm
        self._replying = Replying(retry_after=retry_after, slow_seconds=slow_seconds, first_token=first_token)
        self._stream_pieces = max(1, stream_pieces)
        self._models, self._keep, self._address = list(models), keep_requests, (host, port)
        self._prefixes = Prefixes(cache_from=cache_from)
        self._traffic, self._tally = Traffic(), Tally()
        self._bucket, self._bucket_at = float(rpm), time.monotonic()
        self._scripted = self._number = 0
        self._broken: list[Exception] = []
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
        if error is None and self._broken:
            raise self._broken[0]

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
            connection.send(response(404, RENDERERS["openai"].error_body(404, f"no such route: {received.method} {path}")), 404)
            return
        try:
            body = from_json(received.body)
        except ValueError as error:
            connection.send(response(400, RENDERERS[wire].error_body(400, f"The body is not JSON: {error}")), 400)
            return
        request = ModelRequest(wire, path, received.head, cast("dict[str, Any]", body) if isinstance(body, dict) else {})
        if self._keep:
            self.requests.append(request)
        self._number += 1
        self._tally.arrived(request.model)
        try:
            refused = complaint(request)
            if refused:
                self._fail(connection, request, Fault("400", refused), 0.0)
            else:
                self._reply(connection, request, received.body)
        except Exception as error:  # a broken script is reported at the end, and the caller does not wait for ever
            self._broken.append(error)
            self._fail(connection, request, Fault("500", f"The script of the fake server failed: {error!r}"), 0.0)

    def _get(self, connection: Connection, received: Received, path: str) -> None:
        wire = RENDERERS["anthropic" if "\r\nanthropic-version:" in received.head.lower() else "openai"]
        pages = {"/v1/models": lambda: wire.models_body(self._models), "/stats": lambda: json.dumps(self.stats()).encode()}
        page = pages.get(path)
        found = (200, page()) if page else (404, wire.error_body(404, f"no such route: GET {path}"))
        connection.send(response(*found), found[0])

    def _reply(self, connection: Connection, request: ModelRequest, body: bytes) -> None:
        if self._limited():
            self._fail(connection, request, Fault("429"), 0.0)
            return
        delay = self._latency.seconds(body, self._seed)
        drawn = self._shares.draw(body) if self._faults_for in request.model else None
        fault = Fault(drawn) if drawn and concerns(Fault(drawn), request) else None
        if fault is not None and not spoils_an_answer(fault) and self._fail(connection, request, fault, delay):
            return
        said = self._say(request)
        if isinstance(said, Fault):
            fault = said if concerns(said, request) else fault
            said = said.answer or made_up(request, self._seed)
            if fault is not None and self._fail(connection, request, fault, delay):
                return
        self._answer(connection, request, said, fault, delay)

    def _fail(self, connection: Connection, request: ModelRequest, fault: Fault, delay: float) -> bool:
        """Whether the fault has taken the answer's place."""
        gone = self._replying.refuse(connection, request, fault, delay)
        if gone:
            self._tally.failed(fault.kind)
        return gone

    def _answer(self, connection: Connection, request: ModelRequest, answer: Answer, fault: Fault | None, delay: float) -> None:
        if fault is not None:
            self._tally.failed(fault.kind)
            answer = spoilt(answer, fault)
        said = self._rendered(request, answer)
        self._tally.answered(request.model, said.prompt, said.output_tokens)
        self._replying.answer(connection, request, said, fault, delay)

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

    def _rendered(self, request: ModelRequest, answer: Answer) -> ToRender:
        spent = answer.reasoning_tokens + tokens(len(answer.text) + sum(len(c.text) + 20 for c in answer.tool_calls)) + 1
        room = request.max_tokens
        if room is not None and spent > room and answer.ending == "stop":
            left = max(0, room - answer.reasoning_tokens)
            answer = Answer(answer.text[: left * 4], ending="length", reasoning_tokens=min(answer.reasoning_tokens, room))
            spent = room
        name = f"{zlib.crc32(answer.text.encode(), self._seed):08x}{self._number:06x}"
        return ToRender(
            id=name,
            model=request.model,
            answer=answer,
            prompt=self._prefixes.count(request),
            output_tokens=spent,
            stream_pieces=self._stream_pieces,
            usage_in_stream=request.wants_usage,
        )


def _traffic_json(traffic: Traffic) -> dict[str, Any]:
    names = ("connections", "most_open", "inflight", "most_inflight", "aborted", "bytes_in", "bytes_out", "statuses")
    return {name: getattr(traffic, name) for name in names}

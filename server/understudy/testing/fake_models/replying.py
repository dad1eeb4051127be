"""How a decided answer or fault goes out on a connection."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from understudy.testing.fake_models import anthropic_wire, openai_wire
from understudy.testing.fake_models.connection import Connection, response
from understudy.testing.fake_models.rendered import Renderer, ToRender
from understudy.testing.fake_models.request import ModelRequest, Wire
from understudy.testing.fake_models.said import Answer, Fault, FaultKind

__all__ = ["RENDERERS", "Replying", "concerns", "spoils_an_answer", "spoilt"]

RENDERERS: dict[Wire, Renderer] = {"openai": openai_wire, "anthropic": anthropic_wire}

_STATUSES: dict[FaultKind, int] = {
    "400": 400,
    "401": 401,
    "403": 403,
    "404": 404,
    "413": 413,
    "429": 429,
    "500": 500,
    "502": 502,
    "503": 503,
    "504": 504,
    "529": 529,
    "no_schemas": 400,
    "no_json": 400,
}
_MESSAGES: dict[FaultKind, str] = {
    "401": "Incorrect API key provided.",
    "429": "Rate limit reached for requests.",
    "529": "Overloaded",
    "no_schemas": "'response_format' of type 'json_schema' is not supported with this model.",
    "no_json": "'response_format' is not supported with this model.",
}
_PLANNED = "planned"
_SPOILING: frozenset[FaultKind] = frozenset({"length", "slow", "truncated", "malformed", "reset_mid", "error_in_stream"})
_IT_WORKS = "It works!"
_REFUSAL = "I can't help with that."
_SENT_BEFORE_THE_END = 2 / 3
_SLOW_START = 0.1
"""The share of its time after which a slow stream begins."""


def concerns(fault: Fault, request: ModelRequest) -> bool:
    """Endpoints without schemas, or without any JSON mode, answer those who ask for neither."""
    if fault.kind == "no_schemas":
        return request.form == "schema"
    return request.form != "text" if fault.kind == "no_json" else True


def spoils_an_answer(fault: Fault) -> bool:
    """Whether something is said before it goes wrong."""
    return fault.kind in _SPOILING


def spoilt(answer: Answer, fault: Fault) -> Answer:
    """What is left of an answer, for the faults that are answers."""
    if fault.kind == "refusal":
        return Answer(fault.message or _REFUSAL, ending="refusal")
    if fault.kind == "empty":
        return Answer()
    if fault.kind == "length":
        return replace(answer, text=answer.text[: len(answer.text) // 2], tool_calls=(), ending="length")
    return answer


class Replying:
    """The habits of a server: how long its 429s ask to wait, how slow is slow, when a stream begins."""

    def __init__(self, *, retry_after: str, slow_seconds: float, first_token: float) -> None:
        self._retry_after, self._slow_seconds, self._first_token = retry_after, slow_seconds, first_token

    def refuse(self, connection: Connection, request: ModelRequest, fault: Fault, delay: float) -> bool:
        """Send the fault, if it is one without an answer; whether it was."""
        kind: FaultKind = "503" if fault.kind == "error_in_stream" and not request.stream else fault.kind
        if kind in _STATUSES:
            connection.send(self._error(request.wire, _STATUSES[kind], replace(fault, kind=kind)), _STATUSES[kind], delay)
        elif kind == "hang":
            connection.hang()
        elif kind == "reset":
            asyncio.get_running_loop().call_later(delay, connection.reset)
        elif kind == "html":
            page = f"<html><body>{fault.message or _IT_WORKS}</body></html>"
            connection.send(response(200, page.encode(), "text/html"), 200, delay)
        elif kind == "wrong_shape":
            self._misshapen(connection, request, fault, delay)
        else:
            return False
        return True

    def answer(self, connection: Connection, request: ModelRequest, said: ToRender, fault: Fault | None, delay: float) -> None:
        """Send the answer, whole or as events, spoilt by the fault."""
        if request.stream:
            self._stream(connection, request, said, fault, delay)
            return
        body = RENDERERS[request.wire].answer_body(said)
        whole = response(200, body, headers=f"x-request-id: req_{said.id}\r\n")
        match fault.kind if fault else None:
            case "slow":
                connection.drip(whole, self._slowness(fault))
            case "truncated":
                connection.cut(whole, _SENT_BEFORE_THE_END, delay)
            case "reset_mid":
                connection.cut(whole, _SENT_BEFORE_THE_END, delay, rudely=True)
            case "malformed":
                connection.send(response(200, body[: int(len(body) * _SENT_BEFORE_THE_END)]), 200, delay)
            case _:
                connection.send(whole, 200, delay)

    def _stream(self, connection: Connection, request: ModelRequest, said: ToRender, fault: Fault | None, delay: float) -> None:
        wire = RENDERERS[request.wire]
        events = wire.answer_events(said)
        half = events[: max(1, len(events) // 2)]
        match fault.kind if fault else None:
            case "slow":
                connection.stream(events, self._slowness(fault), first=_SLOW_START)
            case "truncated":
                connection.stream(half, delay, ending="cut")
            case "reset_mid":
                connection.stream(half, delay, ending="reset")
            case "malformed":
                connection.stream([*half, b'data: {"choices": [{"delta"\n\n'], delay)
            case "error_in_stream":
                connection.stream([*half, wire.error_event((fault and fault.message) or _PLANNED)], delay)
            case _:
                connection.stream(events, delay, first=self._first_token)

    def _error(self, wire: Wire, status: int, fault: Fault) -> bytes:
        wait = fault.retry_after or (self._retry_after if status == 429 else None)
        body = RENDERERS[wire].error_body(status, fault.message or _MESSAGES.get(fault.kind, _PLANNED))
        return response(status, body, headers=f"retry-after: {wait}\r\n" if wait else "")

    def _misshapen(self, connection: Connection, request: ModelRequest, fault: Fault, delay: float) -> None:
        try:
            body = json.dumps(json.loads(fault.message)).encode()
        except ValueError:
            body = b'{"answer": "hi"}'
        if request.stream:
            connection.stream([b"data: " + body + b"\n\n"], delay)
        else:
            connection.send(response(200, body), 200, delay)

    def _slowness(self, fault: Fault | None) -> float:
        return self._slow_seconds if fault is None or fault.seconds is None else fault.seconds

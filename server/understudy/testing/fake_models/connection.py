"""HTTP/1.1 over a bare asyncio protocol: requests in, answers out, and every way in which a connection can misbehave.

It knows nothing of models. A bare protocol because benchmarks share a core with it: a call costs it some 0.05 ms.
"""

from __future__ import annotations

import asyncio
import http
import socket
import struct
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

__all__ = ["Connection", "Received", "StreamEnding", "Traffic", "response"]

_CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"
_DRIPS = 20

StreamEnding = Literal["whole", "cut", "reset"]
"""cut: the connection closes without the mark of a complete body."""


@dataclass
class Received:
    """One request."""

    method: str
    path: str
    """Without the query."""
    head: str
    body: bytes


@dataclass
class Traffic:
    """What went over all connections of a server."""

    connections: int = 0
    open: int = 0
    most_open: int = 0
    inflight: int = 0
    most_inflight: int = 0
    aborted: int = 0
    """Calls that the caller broke off before they were answered."""
    bytes_in: int = 0
    bytes_out: int = 0
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    transports: set[asyncio.Transport] = field(default_factory=set[asyncio.Transport])
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    broken_off: asyncio.Event = field(default_factory=asyncio.Event)


def response(status: int, body: bytes, content_type: str = "application/json", headers: str = "") -> bytes:
    """A whole answer; `headers` are lines that end in CRLF."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = "Overloaded"
    head = f"HTTP/1.1 {status} {phrase}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One client. `serve` gets each request and answers by one of `send`, `stream`, `drip`, `cut`, `reset` or `hang`."""

    def __init__(self, serve: Callable[[Connection, Received], None], traffic: Traffic) -> None:
        self._serve, self._traffic = serve, traffic
        self._buffer = b""
        self._busy = self._last = self._dead = False
        self._transport = cast("asyncio.Transport", None)

    # ---- requests
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        traffic = self._traffic
        traffic.transports.add(self._transport)
        traffic.connections += 1
        traffic.open += 1
        traffic.most_open = max(traffic.most_open, traffic.open)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio decides the signature
        self._traffic.transports.discard(self._transport)
        self._traffic.open -= 1
        self._dead = True
        if self._busy:
            self._traffic.aborted += 1
            self._traffic.broken_off.set()
            self._finish("aborted")

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._busy:
            self._next()

    def _next(self) -> None:
        taken = _take(self._buffer)
        if taken is None:
            if b"100-continue" in self._buffer and self._buffer.endswith(b"\r\n\r\n"):
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        received, rest = taken
        traffic = self._traffic
        traffic.bytes_in += len(self._buffer) - len(rest)
        traffic.inflight += 1
        traffic.most_inflight = max(traffic.most_inflight, traffic.inflight)
        self._buffer, self._busy, self._last = rest, True, "\r\nconnection: close" in received.head.lower()
        self._serve(self, received)

    def _finish(self, status: str) -> None:
        self._busy = False
        self._traffic.inflight -= 1
        self._traffic.statuses[status] = self._traffic.statuses.get(status, 0) + 1

    def _finished(self, status: str) -> None:
        if self._dead:
            return
        self._finish(status)
        if self._last:
            self._transport.close()
        elif self._buffer:
            asyncio.get_running_loop().call_soon(self._next)

    # ---- answers
    def send(self, data: bytes, status: int, delay: float = 0.0) -> None:
        """All of it, after `delay` seconds."""
        if delay > 0:
            asyncio.get_running_loop().call_later(delay, self._send, data, status)
        else:
            self._send(data, status)

    def _send(self, data: bytes, status: int) -> None:
        self._write(data)
        self._finished(str(status))

    def stream(self, events: Sequence[bytes], delay: float = 0.0, *, first: float = 0.5, ending: StreamEnding = "whole") -> None:
        """Server-sent events: the first after `first` of the delay, the others evenly over the rest."""
        if delay <= 0 and ending == "whole":
            self._write(_CHUNKED_HEAD + b"".join(map(_chunk, events)) + _LAST_CHUNK)
            self._finished("200")
        else:
            self._start(self._stream(events, delay, first, ending))

    async def _stream(self, events: Sequence[bytes], delay: float, first: float, ending: StreamEnding) -> None:
        if delay:
            await asyncio.sleep(delay * first)
        self._write(_CHUNKED_HEAD)
        gap = delay * (1 - first) / max(1, len(events) - 1)
        for position, event in enumerate(events):
            if position and gap:
                await asyncio.sleep(gap)
            self._write(_chunk(event))
        if ending == "whole":
            self._write(_LAST_CHUNK)
            self._finished("200")
        else:
            await self._break_off(rudely=ending == "reset")

    def drip(self, data: bytes, seconds: float) -> None:
        """All of it, a few bytes at a time over `seconds`."""
        self._start(self._drip(data, seconds))

    async def _drip(self, data: bytes, seconds: float) -> None:
        step = max(1, len(data) // _DRIPS)
        for start in range(0, len(data), step):
            self._write(data[start : start + step])
            await asyncio.sleep(seconds / _DRIPS)
        self._finished("200")

    def cut(self, data: bytes, share: float, delay: float = 0.0, *, rudely: bool = False) -> None:
        """A share of the bytes, then an orderly end; `rudely`: a reset."""
        self._start(self._cut(data[: int(len(data) * share)], delay, rudely=rudely))

    async def _cut(self, data: bytes, delay: float, *, rudely: bool) -> None:
        await asyncio.sleep(delay)
        self._write(data)
        await self._break_off(rudely=rudely)

    async def _break_off(self, *, rudely: bool) -> None:
        if rudely:
            # What the peer has not read yet is lost with a reset: let it arrive first.
            await asyncio.sleep(0.01)
            self.reset()
        else:
            self._last = True
            self._finished("cut")

    def reset(self) -> None:
        """End the connection with RST."""
        if self._dead:
            return
        peer = self._transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._finish("reset")
        self._transport.abort()

    def hang(self) -> None:
        """Answer nothing until the caller gives up."""

    def _write(self, data: bytes) -> None:
        if not self._dead:
            self._transport.write(data)
            self._traffic.bytes_out += len(data)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._traffic.tasks.add(task)
        task.add_done_callback(self._traffic.tasks.discard)


def _take(buffer: bytes) -> tuple[Received, bytes] | None:
    """The first request of the buffer and what follows it; None until it is complete."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = buffer[:end].decode("latin-1")
    start = end + 4
    length = _header(head, "content-length")
    if length:
        if len(buffer) < start + int(length):
            return None
        body, rest = buffer[start : start + int(length)], buffer[start + int(length) :]
    elif "chunked" in _header(head, "transfer-encoding"):
        read = _dechunked(buffer, start)
        if read is None:
            return None
        body, rest = read
    else:
        body, rest = b"", buffer[start:]
    method, _, target = head.partition("\r\n")[0].partition(" ")
    return Received(method, target.partition(" ")[0].partition("?")[0], head, body), rest


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _header(head: str, name: str) -> str:
    found = head.lower().find(f"\r\n{name}:")
    return "" if found < 0 else head[found + len(name) + 3 :].partition("\r\n")[0].strip().lower()


def _dechunked(buffer: bytes, start: int) -> tuple[bytes, bytes] | None:
    parts: list[bytes] = []
    while (line := buffer.find(b"\r\n", start)) >= 0:
        size = int(buffer[start:line].partition(b";")[0], 16)
        if len(buffer) < line + 2 + size + 2:
            return None
        if size == 0:
            return b"".join(parts), buffer[line + 4 :]
        parts.append(buffer[line + 2 : line + 2 + size])
        start = line + 2 + size + 2
    return None

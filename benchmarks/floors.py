"""The same calls with nothing of ours: bare sockets, and an aiohttp session. What any client on this machine has to spend."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp

from benchmarks.model_side import TARGET_MODEL, USER_MODEL

__all__ = ["TURNS", "aiohttp_floor", "socket_floor"]

TURNS = 4
_SYSTEM = "You play the customer of a service. " * 20
Ask = Callable[[str, list[dict[str, str]]], Awaitable[str]]


class _Wire(asyncio.Protocol):
    """One kept-alive connection; an answer has a Content-Length."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self.answer: asyncio.Future[bytes] | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length and self.answer is not None:
            self._got = body[length:]
            self.answer.set_result(body[:length])


async def _converse(ask: Ask) -> None:
    """Four user turns, each side with its history."""
    user = [{"role": "system", "content": _SYSTEM}]
    agent: list[dict[str, str]] = []
    for _ in range(TURNS):
        said = await ask(USER_MODEL, user)
        agent.append({"role": "user", "content": said})
        reply = await ask(TARGET_MODEL, agent)
        agent.append({"role": "assistant", "content": reply})
        user += [{"role": "assistant", "content": said}, {"role": "user", "content": reply}]


async def _all(ask: Ask, conversations: int, at_once: int) -> None:
    gate = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with gate:
            await _converse(ask)

    await asyncio.gather(*(one() for _ in range(conversations)))


def _body(model: str, messages: list[dict[str, str]]) -> bytes:
    return json.dumps({"model": model, "messages": messages}).encode()


def _words(answer: bytes) -> str:
    found: str = json.loads(answer)["choices"][0]["message"]["content"]
    return found


async def socket_floor(url: str, conversations: int, at_once: int) -> None:
    """Over plain asyncio sockets, kept alive."""
    host, _, port = urlsplit(url).netloc.partition(":")
    loop, idle = asyncio.get_running_loop(), list[_Wire]()
    every = set[_Wire]()

    async def ask(model: str, messages: list[dict[str, str]]) -> str:
        wire = idle.pop() if idle else (await loop.create_connection(_Wire, host, int(port)))[1]
        every.add(wire)
        body = _body(model, messages)
        wire.answer = loop.create_future()
        assert wire.transport is not None
        wire.transport.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        answer = await wire.answer
        idle.append(wire)
        return _words(answer)

    await _all(ask, conversations, at_once)
    for wire in every:
        if wire.transport is not None:
            wire.transport.abort()


async def aiohttp_floor(url: str, conversations: int, at_once: int) -> None:
    """Over one aiohttp session."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(model: str, messages: list[dict[str, str]]) -> str:
            async with session.post(f"{url}/v1/chat/completions", data=_body(model, messages)) as answer:
                return _words(await answer.read())

        await _all(ask, conversations, at_once)

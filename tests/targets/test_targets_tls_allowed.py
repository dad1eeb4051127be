"""Under the allow-list a checked address is connected to; the certificate is still verified for the name, and the name is sent (SNI)."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp.connector
import pytest
from aiohttp import web

from understudy.domain.conversation import TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import A2ATarget, AllowList, HttpTarget, McpTarget, OpenAITarget, WebSocketTarget, open_target

HELLO = TargetRequest(run_id="r", turns=(Turn(index=0, role="user", text="hi", at=0.0),))
NAME = "agent.example"
KINDS = ("openai", "http", "websocket", "mcp", "a2a")


def certificate(folder: Path, names: str) -> Path:
    """A certificate for these names, signed by itself, with its key, in one file."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=test", "-addext", f"subjectAltName={names}", "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
         "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    cert.write_text(cert.read_text() + key.read_text())
    return cert


@dataclass
class Secure:
    """The server, and what it was told."""

    port: int = 0
    names: list[str | None] = field(default_factory=list[str | None])
    """Server names in the greetings (SNI)."""
    hosts: list[str] = field(default_factory=list[str])
    """Host headers of requests, which come only after the certificate was accepted."""


@asynccontextmanager
async def served(cert: Path) -> AsyncGenerator[Secure]:
    found = Secure()

    def greeted(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
        found.names.append(name)

    async def note(request: web.Request) -> web.Response:
        found.hosts.append(request.headers["Host"])
        return web.Response(status=404)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert)
    context.sni_callback = greeted  # type: ignore[assignment] - typeshed wants every kind of socket
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    found.port = runner.addresses[0][1]
    try:
        yield found
    finally:
        await runner.cleanup()


def trusting(cert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the certificate were among those that the clients bring or find; aiohttp has read those when it was imported."""
    load = ssl.SSLContext.load_verify_locations

    def with_ours(self: ssl.SSLContext, *args: Any, **more: Any) -> None:
        load(self, *args, **more)
        load(self, cafile=cert)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", with_ours)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ssl.create_default_context(cafile=str(cert)))


def leading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_up(self: object, host: str, port: int, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop().__class__, "getaddrinfo", look_up)


async def failure(kind: str, host: str, port: int) -> TargetFailure:
    url = f"https://{host}:{port}/x"
    settings = {
        "openai": lambda: OpenAITarget(url=url, model="m", retries=0),
        "http": lambda: HttpTarget(url=url, body={"text": "{{ message }}"}, reply_path="text", retries=0),
        "websocket": lambda: WebSocketTarget(url=url.replace("https", "wss"), send={"text": "{{ message }}"}, reply_path="text"),
        "mcp": lambda: McpTarget(url=url, tool="chat", retries=0),
        "a2a": lambda: A2ATarget(url=url, retries=0),
    }[kind]()
    target = open_target("t", settings, env={}, allow=AllowList.of([host]))
    with pytest.raises(TargetError) as caught:
        await target.reply(HELLO)
    await target.aclose()
    return caught.value.failure


@pytest.mark.parametrize("kind", KINDS)
async def test_the_name_is_sent_and_a_certificate_for_it_is_accepted(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert = certificate(tmp_path, f"DNS:{NAME}")
    trusting(cert, monkeypatch)
    async with served(cert) as server:
        leading_here(monkeypatch)
        found = await failure(kind, NAME, server.port)
    assert found.kind != "tls", found.detail
    assert set(server.hosts) == {f"{NAME}:{server.port}"}
    assert set(server.names) == {NAME}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_trusted_certificate_for_the_address_or_another_name_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert = certificate(tmp_path, "IP:127.0.0.1,DNS:other.example")
    trusting(cert, monkeypatch)
    async with served(cert) as server:
        leading_here(monkeypatch)
        found = await failure(kind, NAME, server.port)
    assert found.kind == "tls", found.detail
    assert server.hosts == [], "nothing is told to whoever is not the agent"

"""Targets that the official SDKs reach are held to the allow-list before a byte is sent, and what was checked is what is called."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from aiohttp import web

from understudy.domain.conversation import TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import A2ATarget, AllowList, McpTarget, open_target
from understudy.testing.fake_openai import FakeOpenAI

HELLO = TargetRequest(run_id="r", turns=(Turn(index=0, role="user", text="hi", at=0.0),))


def settings_of(kind: str, url: str) -> McpTarget | A2ATarget:
    return McpTarget(url=url, tool="chat", retries=0) if kind == "mcp" else A2ATarget(url=url, retries=0)


async def failure(kind: str, url: str, allow: AllowList) -> TargetFailure:
    target = open_target("t", settings_of(kind, url), env={}, allow=allow)
    with pytest.raises(TargetError) as caught:
        await target.reply(HELLO)
    await target.aclose()
    return caught.value.failure


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """From now on look-ups of names give these addresses, one after the other and the last for good; what was asked."""
    asked: list[str] = []

    async def look_up(self: object, host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop().__class__, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("kind", ["mcp", "a2a"])
async def test_a_name_that_changes_its_meaning_after_the_check_leads_nowhere_else(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOpenAI() as inside:
        port = inside.url.rpartition(":")[2].partition("/")[0]
        asked = resolver(monkeypatch, "127.0.0.2", "127.0.0.1")
        found = await failure(kind, f"http://rebinding.example:{port}/x", AllowList.of(["127.0.0.2"]))
    assert (found.kind, inside.requests) == ("refused", [])
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize("kind", ["mcp", "a2a"])
async def test_a_redirect_to_an_address_inside_is_not_followed(kind: str) -> None:
    async with FakeOpenAI() as inside:

        async def elsewhere(_: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(inside.url)

        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", elsewhere)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        found = await failure(kind, f"http://127.0.0.1:{port}/x", AllowList.of([f"127.0.0.1:{port}"]))
        await runner.cleanup()
    assert inside.requests == []
    assert found.kind in ("http_4xx", "not_configured", "wrong_shape")


@pytest.mark.parametrize("kind", ["mcp", "a2a"])
async def test_the_agent_is_called_by_its_name_although_its_address_is_connected_to(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    async def note(request: web.Request) -> web.Response:
        heard.append(request.headers["Host"])
        return web.Response(status=404)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    resolver(monkeypatch, "127.0.0.1")
    await failure(kind, f"http://agent.example:{port}/x", AllowList.of(["agent.example"]))
    await runner.cleanup()
    assert set(heard) == {f"agent.example:{port}"}


@pytest.mark.parametrize("kind", ["mcp", "a2a"])
async def test_a_host_off_the_list_is_not_called(kind: str) -> None:
    async with FakeOpenAI() as server:
        found = await failure(kind, server.url, AllowList.of(["agent.example"]))
    assert found.kind == "not_configured"
    assert "is not on the list of targets that may be called" in found.detail
    assert server.requests == []

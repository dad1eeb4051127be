"""Under HTTP serving only allowed addresses are called: names are looked up, checked, and connected to as they were checked."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from web_agent import WebAgent, web_agent

from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.settings.model import Serve, Settings
from understudy.targets import AllowList, HttpTarget, OpenAITarget, WebSocketTarget, guarded_connector, open_target
from understudy.targets.allow import allowed_addresses
from understudy.targets.failure import CallFailed
from understudy.testing.fake_openai import FakeOpenAI
from understudy.wiring import make_app

HELLO = TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text="Hello", at=0.0),))
PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def agent() -> Iterator[WebAgent]:
    with web_agent() as running:
        yield running


@pytest.mark.parametrize(
    ("entries", "host", "address", "allowed"),
    [
        (None, "agent.example", PUBLIC, True),
        (None, "agent.example", "127.0.0.1", False),
        (None, "agent.example", "10.0.0.7", False),
        (None, "agent.example", "::ffff:10.0.0.7", False),
        (None, "agent.example", "64:ff9b::7f00:1", False),
        (None, "agent.example", "2002:7f00:1::", False),
        (None, "agent.example", "fd00::1", False),
        (None, "agent.example", "::", False),
        (None, "localhost", "127.0.0.1", True),
        (None, "localhost", "10.0.0.7", False),
        (None, "10.0.0.7", "10.0.0.7", True),
        (None, "169.254.169.254", "169.254.169.254", False),
        (["agent"], "agent", "172.18.0.3", True),
        (["agent:8000"], "agent", "172.18.0.3", True),
        (["agent:9000"], "agent", "172.18.0.3", False),
        (["agent"], "agent", "169.254.169.254", False),
        (["169.254.169.254"], "metadata", "169.254.169.254", True),
        (["10.0.0.0/8"], "agent", "10.9.9.9", True),
        (["10.0.0.0/8"], "agent", PUBLIC, False),
        (["[fd00::1]:8000"], "agent", "fd00::1", True),
        ([], "localhost", "127.0.0.1", False),
    ],
)
def test_an_address_is_allowed_or_not(entries: list[str] | None, host: str, address: str, allowed: bool) -> None:
    assert AllowList.of(entries).allows(host, 8000, address) is allowed


@pytest.mark.parametrize("entry", ["http://h/x", "10.0.0.0/99", "a b", "", "1.2.3"])
def test_an_entry_that_cannot_be_read_is_refused(entry: str) -> None:
    with pytest.raises(ValidationError, match="is not a host"):
        Serve(allow_targets=(entry,))


async def failure(settings: Any, allow: AllowList) -> Any:
    target = open_target("t", settings, env={}, allow=allow)
    with pytest.raises(TargetError) as caught:
        await target.reply(HELLO)
    await target.aclose()
    return caught.value.failure


@pytest.mark.parametrize("kind", ["openai", "http", "websocket"])
async def test_a_target_off_the_list_is_refused_with_the_entry_to_add_and_one_on_it_is_called(agent: WebAgent, kind: str) -> None:
    settings: Any = {
        "openai": OpenAITarget(url=agent.url()),
        "http": HttpTarget(url=agent.url("/chat"), body={"messages": "{{ messages }}"}, reply_path="data.reply"),
        "websocket": WebSocketTarget(url=agent.url("/remembering", scheme="ws"), send={"text": "{{ message }}"}, reply_path="text"),
    }[kind]
    found = await failure(settings, AllowList.of(["agent.internal"]))
    assert found.kind == "not_configured"
    assert f'add "127.0.0.1:{agent.port}" to `serve.allow_targets`' in found.detail
    target = open_target("t", settings, env={}, allow=AllowList.of([f"127.0.0.1:{agent.port}"]))
    if kind != "openai":
        assert (await target.reply(HELLO)).text
    await target.aclose()


async def test_a_name_that_comes_to_mean_an_address_inside_is_refused(agent: WebAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [PUBLIC, "127.0.0.1"]
    asked: list[str] = []

    async def look_up(self: object, host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[len(asked) - 1], port))]

    monkeypatch.setattr(asyncio.get_running_loop().__class__, "getaddrinfo", look_up)
    allow = AllowList.of(None)
    assert await allowed_addresses(allow, "rebinding.example", agent.port) == [PUBLIC]
    settings = HttpTarget(url=f"http://rebinding.example:{agent.port}/chat", body="{{ message }}", retries=0)
    found = await failure(settings, allow)
    assert (found.kind, "leads to 127.0.0.1, which is not a public address" in found.detail) == ("not_configured", True)
    assert len(asked) == 2, "each look-up is checked, and what was checked is what is connected to"


async def test_a_redirect_that_somebody_follows_is_checked_too(agent: WebAgent) -> None:
    import aiohttp
    from aiohttp import web

    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPFound(agent.url("/page/x"))

    app = web.Application()
    app.router.add_get("/", elsewhere)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession(connector=guarded_connector(AllowList.of([f"127.0.0.1:{port}"]))) as session:
        with pytest.raises(CallFailed, match=f"127.0.0.1:{agent.port}"):
            await session.get(f"http://127.0.0.1:{port}/")
    await runner.cleanup()


async def test_the_list_holds_when_serving_over_http_and_not_on_the_command_line(tmp_path: Path) -> None:
    async with FakeOpenAI(["Hi."]) as server:
        settings = Settings(targets={"mine": OpenAITarget(url=server.url)}, serve=Serve(allow_targets=("agent.internal",)), store=tmp_path)
        found = {}
        for serves_http in (True, False):
            app = make_app(settings, serves_http=serves_http)
            found[serves_http] = await app.probe_target("mine")
            await app.aclose()
    assert (found[True].reachable, found[False].reachable) == (False, True)
    assert "serve.allow_targets" in found[True].detail
    assert json.loads(found[True].model_dump_json())

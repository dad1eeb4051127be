"""Secrets planted in the environment, and endpoints that echo them in answers and errors: none is found in the store, in logs, in
what is printed, in the transcript or in the answers of tools."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp import web
from mcp import Client
from target_processes import A2A_SERVER, MCP_SERVER, free_port, serving

from understudy.app.context import App
from understudy.app.doctor import check_up
from understudy.app.runs import scenario_for, simulate
from understudy.app.transcripts import as_markdown, load
from understudy.mcp.server import build_server
from understudy.settings.model import ModelRole, Models, Settings
from understudy.targets.settings import A2ATarget, AnthropicTarget, HttpTarget, McpTarget, OpenAITarget, TargetSettings, WebSocketTarget
from understudy.testing.fake_models import Answer, CalledTool, FakeModels, Fault, FaultKind, ModelRequest, Scripted
from understudy.testing.fake_models.made_up import instance
from understudy.wire.masking import MASK
from understudy.wiring import make_app

HEAD, TAIL = "plantedHEAD", "plantedTAIL"
"""Every secret begins and ends with something that nothing else holds, so that half of one is found too."""


def planted(name: str) -> str:
    return f"{HEAD}-{name}/9f8e+7d\"6c'&<5b>\\4a-{TAIL}"


ENV = {
    "USER_MODEL_KEY": planted("user"),
    "JUDGE_MODEL_KEY": planted("judge"),
    "AGENT_KEY": planted("agent"),
    "AGENT_TENANT": planted("tenant"),
    "NEVER_NAMED_KEY": planted("unused"),
}
SENT = {name: value for name, value in ENV.items() if name != "NEVER_NAMED_KEY"}
Provider = Literal["anthropic", "openai", "openai_compatible"]

FAILURES: tuple[FaultKind, ...] = ("400", "401", "429", "500", "529", "html", "wrong_shape", "malformed", "truncated", "error_in_stream")
"""What a model or target that fails does; its name ends with the kind."""
TARGET_FAILURES: tuple[FaultKind, ...] = ("400", "429", "html", "wrong_shape", "malformed", "error_in_stream", "truncated")


# ---------------------------------------------------------------- endpoints that give everything away


def echoed(request: ModelRequest) -> str:
    """The secret headers of this call, as an endpoint that debugs itself prints them."""
    found = [request.headers.get(name, "") for name in ("authorization", "x-api-key", "x-tenant")]
    return "; ".join(value for value in found if value)


def leaky(request: ModelRequest) -> Scripted:
    """What was sent, in every place where an answer or an error may hold a text."""
    secret = echoed(request)
    kind = next((kind for kind in FAILURES if request.model.endswith(f"-{kind}")), None)
    if kind is not None:
        message = json.dumps({"error": secret, "choices": secret}) if kind == "wrong_shape" else f"No such key: {secret}"
        return Fault(kind, message, retry_after=secret, answer=Answer(secret))
    if request.json_schema is not None:
        return Answer(json.dumps(instance(request.json_schema, f"I am told that your key is {secret}")))
    return Answer(f"Your key is {secret}, is it not?", (CalledTool(secret, {secret: [secret]}),), state={secret: [secret]})


def settings_for(
    server: FakeModels, folder: Path, provider: Provider, *, stream: bool = False, model_fault: str = "", failing_targets: bool = False
) -> Settings:
    """Models and targets at one leaky server. With a fault, the user's model does only that."""

    def model(role: str, **more: Any) -> ModelRole:
        url = server.anthropic_url if provider == "anthropic" else server.openai_url
        return ModelRole(provider=provider, base_url=url, key_env=f"{role.upper()}_MODEL_KEY", retries=0, **{"model": role, **more})

    target = OpenAITarget(
        url=server.openai_url,
        model="agent",
        key_env="AGENT_KEY",
        headers_env={"X-Tenant": "AGENT_TENANT"},
        state_path="understudy.state",
        stream=stream,
        retries=0,
    )
    failing = {
        f"agent-{kind}": target.evolve(model=f"agent-{kind}", stream=kind in ("error_in_stream", "truncated")) for kind in TARGET_FAILURES
    }
    return Settings(
        store=folder,
        models=Models(user=model("user", model=f"user-{model_fault}" if model_fault else "user"), judge=model("judge")),
        targets={"agent": target, **(failing if failing_targets else {})},
    )


@asynccontextmanager
async def leaking(folder: Path, provider: Provider, **more: Any) -> AsyncGenerator[tuple[App, FakeModels]]:
    async with FakeModels(leaky) as server:
        app = make_app(settings_for(server, folder / "store", provider, **more), env=ENV)
        try:
            yield app, server
        finally:
            await app.aclose()


# ---------------------------------------------------------------- where secrets may turn up


def planted_in(text: str) -> list[str]:
    """The neighbourhood of every piece of a secret."""
    places = [found.start() for found in re.finditer(f"{HEAD}|{TAIL}", text)]
    return [text[max(0, at - 80) : at + 40] for at in places]


def planted_in_files(folder: Path) -> list[str]:
    """As bytes of any file, and as cells of any database: a text may lie across two pages of the file."""
    found: list[str] = []
    for path in filter(Path.is_file, folder.rglob("*")):
        found += [f"{path.name}: {hit}" for hit in planted_in(path.read_bytes().decode("latin-1"))]
        if path.suffix == ".db":
            found += [f"{path.name}: {hit}" for hit in planted_in(cells_of(path))]
    return found


def cells_of(path: Path) -> str:
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        plain = "select name from sqlite_master where type = 'table' and sql not like 'create virtual%'"
        tables = [name for (name,) in base.execute(plain)]
        return "\n".join(repr(row) for table in tables for row in base.execute(f'select * from "{table}"'))  # noqa: S608 - names of our own
    finally:
        base.close()


async def told_by_tools(app: App, run_ids: Iterable[str]) -> list[str]:
    """What the tools and resources of the server say about these runs and this set-up. The application is closed with the server."""
    judged = {"judge": "model", "rubric": "quality"} if app.settings.models.judge else {}
    async with Client(build_server(app)) as client:
        asked: list[tuple[str, dict[str, Any]]] = [("check_target", {"target": name}) for name in app.settings.targets]
        asked.append(("search_transcripts", {"text": "key"}))
        for run_id in run_ids:
            asked += [(tool, {"run_id": run_id, "detail": "full"}) for tool in ("get_transcript", "judge_transcript")]
            asked += [("get_run", {"run_id": run_id}), ("judge_transcript", {"run_id": run_id, **judged})]
        answers = [(await client.call_tool(tool, arguments)).model_dump_json() for tool, arguments in asked]
        read = [(await client.read_resource(f"transcript://{run_id}")).model_dump_json() for run_id in run_ids]
        return [*answers, *read]


async def run_of(app: App, *, player: Literal["rules", "model"], target: str = "agent") -> str:
    scenario = await scenario_for(app, persona="lunch-break-regular", target=target, max_turns=3)
    if player == "model":
        model = app.model_for("user")
        assert model is not None
        scenario = scenario.evolve(player="model", user_model=model.name)
    return (await simulate(app, scenario, wait_s=30)).run_id


async def everything_told(app: App, run_ids: list[str]) -> str:
    """Transcripts, exports, calls of models, the check-up and the tools' answers, in one text. Nothing can be asked afterwards."""
    told = [(await check_up(app, env=ENV)).model_dump_json()]
    store = await app.store()
    for run_id in run_ids:
        transcript = await load(app, run_id)
        calls = [call.model_dump_json() for call in await store.calls(run_id=run_id)]
        told += [transcript.model_dump_json(), as_markdown(transcript), *calls]
    assert planted_in_files(app.store_path.parent) == []  # the database is open: what lies in its -wal counts
    return "\n".join([*told, *await told_by_tools(app, run_ids)])


@pytest.fixture(autouse=True)
def every_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


# ---------------------------------------------------------------- the tests


def test_half_a_secret_in_a_file_or_database_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "some.log").write_text(f"x {ENV['AGENT_KEY'][:20]}")
    with sqlite3.connect(tmp_path / "some.db") as base:
        base.execute("create table said (text)")
        base.execute("insert into said values (?)", (ENV["USER_MODEL_KEY"],))
    base.close()
    names = {hit.partition(":")[0] for hit in planted_in_files(tmp_path)}
    assert names == {"some.log", "some.db"}


def nowhere(folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing planted in files, in logs of any level and in what was printed."""
    assert planted_in_files(folder) == []
    printed = capfd.readouterr()
    assert planted_in(caplog.text + printed.out + printed.err) == []


@pytest.mark.parametrize(("provider", "stream"), [("anthropic", False), ("openai", True), ("openai_compatible", False)])
async def test_echoed_keys_are_nowhere(
    provider: Provider, stream: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with leaking(tmp_path, provider, stream=stream) as (app, server):
        run_ids = [await run_of(app, player="model"), await run_of(app, player="rules")]
        told = await everything_told(app, run_ids)
        assert planted_in(told) == []
        heard = "\n".join(map(echoed, server.requests))
        assert any(request.model == "judge" for request in server.requests)
    assert {name for name, secret in SENT.items() if secret in heard} == set(SENT)
    assert MASK in told
    nowhere(tmp_path, caplog, capfd)


async def test_keys_in_the_errors_of_a_target_are_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with leaking(tmp_path, "openai_compatible", failing_targets=True) as (app, server):
        run_ids = [await run_of(app, player="rules", target=name) for name in app.settings.targets if name != "agent"]
        endings = [(await load(app, run_id)).ending for run_id in run_ids]
        assert [ending.kind for ending in endings if ending] == ["target_failed"] * len(TARGET_FAILURES)
        assert planted_in(await everything_told(app, run_ids)) == []
        assert ENV["AGENT_KEY"] in "\n".join(map(echoed, server.requests))
    nowhere(tmp_path, caplog, capfd)


# One adapter a mechanism: how each SDK hands on a status and a body that it cannot read, and how we read them ourselves.
FAILING: list[tuple[Provider, FaultKind]] = [
    ("anthropic", "429"),
    ("anthropic", "wrong_shape"),
    ("openai", "401"),
    ("openai", "malformed"),
    ("openai_compatible", "400"),
    ("openai_compatible", "529"),
    ("openai_compatible", "html"),
    ("openai_compatible", "truncated"),
]


@pytest.mark.parametrize(("provider", "kind"), FAILING)
async def test_keys_in_the_errors_of_a_model_are_nowhere(
    provider: Provider, kind: FaultKind, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with leaking(tmp_path, provider, model_fault=kind) as (app, server):
        run_id = await run_of(app, player="model")
        transcript = await load(app, run_id)
        told = await everything_told(app, [run_id])
        assert transcript.ending is not None
        assert transcript.ending.kind == "simulator_failed"
        assert planted_in(told) == []
        assert ENV["USER_MODEL_KEY"] in "\n".join(map(echoed, server.requests))
    nowhere(tmp_path, caplog, capfd)


# ---------------------------------------------------------------- agents behind other wires


HEARD = web.AppKey("heard", list[str])
KINDS = ("http", "anthropic", "websocket", "mcp", "a2a")


def all_headers(request: web.Request) -> str:
    return "; ".join(request.headers.get(name, "") for name in ("authorization", "x-api-key", "x-tenant"))


async def gives_away(request: web.Request) -> web.StreamResponse:
    """Repeats its caller's secrets in body, headers and frames; under /fails with an error."""
    secret = all_headers(request)
    request.app[HEARD].append(secret)
    headers = {"Retry-After": secret, "X-Debug": secret}
    if request.path.startswith("/fails"):
        return web.json_response({"error": {"message": f"no entry with {secret}"}}, status=401, headers=headers)
    if request.headers.get("Upgrade", "").lower() == "websocket":
        found = web.WebSocketResponse()
        await found.prepare(request)
        async for _ in found:
            await found.send_json({"reply": f"Your key is {secret}.", "state": {secret: secret}})
        return found
    content = [{"type": "text", "text": f"Your key is {secret}."}]
    body = {"type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn", "state": {secret: secret}}
    return web.json_response({**body, "reply": content[0]["text"]}, headers=headers)


@asynccontextmanager
async def giving_away() -> AsyncGenerator[tuple[int, list[str]]]:
    app = web.Application()
    app[HEARD] = []
    app.router.add_route("*", "/{tail:.*}", gives_away)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1], app[HEARD]
    finally:
        await runner.cleanup()


def target_at(kind: str, at: str) -> TargetSettings:
    keys: dict[str, Any] = {"key_env": "AGENT_KEY", "headers_env": {"X-Tenant": "AGENT_TENANT"}}
    said: dict[str, Any] = {"reply_path": "reply", "state_path": "state"}
    if kind == "http":
        return HttpTarget(url=f"http://{at}/chat", body={"messages": "{{ messages }}"}, retries=0, **said, **keys)
    if kind == "anthropic":
        return AnthropicTarget(url=f"http://{at}", state_path="state", retries=0, **keys)
    if kind == "websocket":
        return WebSocketTarget(url=f"ws://{at}/ws", send={"messages": "{{ messages }}"}, **said, **keys)
    if kind == "mcp":
        return McpTarget(url=f"http://{at}/mcp", tool="tells_secrets", retries=0, **keys)
    return A2ATarget(url=f"http://{at}", retries=0, state_path="state", **keys)


async def said_by(folder: Path, targets: dict[str, TargetSettings], line: str) -> tuple[dict[str, str], str]:
    """The kinds of endings by target, and everything told about a conversation with each of them."""
    app = make_app(Settings(store=folder / "store", targets=targets), env=ENV)
    endings: dict[str, str] = {}
    try:
        for name in targets:
            scenario = await scenario_for(app, persona="lunch-break-regular", target=name, script=[line, f"{line} again"])
            view = await simulate(app, scenario, wait_s=30)
            endings[name] = view.ending or ""
        store = await app.store()
        told = await everything_told(app, [record.id for record in await store.runs()])
    finally:
        await app.aclose()
    return endings, told


async def test_header_secrets_in_the_errors_of_every_kind_of_target_are_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with giving_away() as (port, heard):
        endings, told = await said_by(tmp_path, {kind: target_at(kind, f"127.0.0.1:{port}/fails") for kind in KINDS}, "Hello there.")
    assert endings == dict.fromkeys(KINDS, "target_failed")
    assert planted_in(told) == []
    assert MASK in told
    assert all(ENV[name] in "".join(heard) for name in ("AGENT_KEY", "AGENT_TENANT"))
    nowhere(tmp_path, caplog, capfd)


async def test_header_secrets_that_an_agent_says_are_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    mcp, a2a = free_port(), free_port()
    key = {"AGENT_KEY": ENV["AGENT_KEY"]}
    async with giving_away() as (port, heard):
        with serving(MCP_SERVER, mcp, env=key), serving(A2A_SERVER, a2a, env=key):
            ports = {"mcp": mcp, "a2a": a2a}
            targets = {kind: target_at(kind, f"127.0.0.1:{ports.get(kind, port)}") for kind in KINDS}
            endings, told = await said_by(tmp_path, targets, "task auth")
    # An A2A agent that wants more than our key is a failure, which quotes the agent.
    assert {kind for kind, ending in endings.items() if ending == "target_failed"} == {"a2a"}
    assert planted_in(told) == []
    assert all(ENV[name] in "".join(heard) for name in ("AGENT_KEY", "AGENT_TENANT"))
    for kind in KINDS:
        assert re.search(rf"(?s){kind}.{{0,4000}}{re.escape(MASK)}", told), kind
    nowhere(tmp_path, caplog, capfd)

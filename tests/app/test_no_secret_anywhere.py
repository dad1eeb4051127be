"""Secrets planted in the environment, and endpoints that echo them in answers and errors: none is found in the store, in logs, in
what is printed, in the transcript or in the answers of tools."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp import Client

from understudy.app.context import App
from understudy.app.doctor import check_up
from understudy.app.runs import scenario_for, simulate
from understudy.app.transcripts import as_markdown, load
from understudy.mcp.server import build_server
from understudy.settings.model import ModelRole, Models, Settings
from understudy.targets.masking import MASK
from understudy.targets.settings import OpenAITarget
from understudy.testing.fake_models import Answer, CalledTool, FakeModels, Fault, FaultKind, ModelRequest, Scripted
from understudy.testing.fake_models.made_up import instance
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
PROVIDERS = ("anthropic", "openai", "openai_compatible")
Provider = Literal["anthropic", "openai", "openai_compatible"]

FAILURES: tuple[FaultKind, ...] = ("400", "401", "429", "500", "529", "html", "wrong_shape", "malformed", "truncated", "error_in_stream")
"""What a model or target that fails does; its name ends with the kind."""


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
        return Fault(kind, message, retry_after="0", answer=Answer(secret))
    if request.json_schema is not None:
        return Answer(json.dumps(instance(request.json_schema, f"I am told that your key is {secret}")))
    return Answer(f"Your key is {secret}, is it not?", (CalledTool(secret, {secret: [secret]}),), state={secret: [secret]})


def settings_for(
    server: FakeModels, folder: Path, provider: Provider, *, stream: bool = False, model_fault: str = "", target_fault: str = ""
) -> Settings:
    """Models and targets at one leaky server. With a fault, the user's model or the target does only that."""

    def model(role: str, **more: Any) -> ModelRole:
        url = server.anthropic_url if provider == "anthropic" else server.openai_url
        return ModelRole(provider=provider, base_url=url, key_env=f"{role.upper()}_MODEL_KEY", retries=0, **{"model": role, **more})

    target = OpenAITarget(
        url=server.openai_url,
        model=f"agent-{target_fault}" if target_fault else "agent",
        key_env="AGENT_KEY",
        headers_env={"X-Tenant": "AGENT_TENANT"},
        state_path="understudy.state",
        stream=stream,
        retries=0,
    )
    return Settings(
        store=folder,
        models=Models(user=model("user", model=f"user-{model_fault}" if model_fault else "user"), judge=model("judge")),
        targets={"agent": target},
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
    places = [at for piece in (HEAD, TAIL) for at in range(len(text)) if text.startswith(piece, at)]
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
    async with Client(build_server(app)) as client:
        asked: list[tuple[str, dict[str, Any]]] = [("check_target", {"target": name}) for name in app.settings.targets]
        asked.append(("search_transcripts", {"text": "key"}))
        for run_id in run_ids:
            asked += [(tool, {"run_id": run_id, "detail": "full"}) for tool in ("get_transcript", "judge_transcript")]
            asked.append(("get_run", {"run_id": run_id}))
        answers = [(await client.call_tool(tool, arguments)).model_dump_json() for tool, arguments in asked]
        read = [(await client.read_resource(f"transcript://{run_id}")).model_dump_json() for run_id in run_ids]
        return [*answers, *read]


async def run_of(app: App, *, player: Literal["rules", "model"]) -> str:
    scenario = await scenario_for(app, persona="lunch-break-regular", target="agent", max_turns=3)
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


@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_echoed_keys_are_nowhere(
    provider: Provider, stream: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with leaking(tmp_path, provider, stream=stream) as (app, server):
        run_ids = [await run_of(app, player="model"), await run_of(app, player="rules")]
        told = await everything_told(app, run_ids)
        assert planted_in(told) == []
        heard = "\n".join(map(echoed, server.requests))
    assert {name for name, secret in SENT.items() if secret in heard} >= {"USER_MODEL_KEY", "AGENT_KEY", "AGENT_TENANT"}
    assert MASK in told
    assert planted_in_files(tmp_path) == []
    printed = capfd.readouterr()
    assert planted_in(caplog.text + printed.out + printed.err) == []


@pytest.mark.parametrize("kind", FAILURES)
async def test_keys_in_the_errors_of_a_target_are_nowhere(
    kind: FaultKind, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = kind in ("error_in_stream", "truncated")
    async with leaking(tmp_path, "openai_compatible", stream=stream, target_fault=kind) as (app, server):
        run_id = await run_of(app, player="rules")
        transcript = await load(app, run_id)
        told = await everything_told(app, [run_id])
        assert transcript.ending is not None
        assert transcript.ending.kind == "target_failed"
        assert planted_in(told) == []
        assert ENV["AGENT_KEY"] in "\n".join(map(echoed, server.requests))
    assert planted_in_files(tmp_path) == []
    printed = capfd.readouterr()
    assert planted_in(caplog.text + printed.out + printed.err) == []


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize("provider", PROVIDERS)
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
    assert planted_in_files(tmp_path) == []
    printed = capfd.readouterr()
    assert planted_in(caplog.text + printed.out + printed.err) == []

"""A campaign that worker processes play too: the same conversations, nothing lost or doubled when one dies, limits held by all together."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from campaign_killed import gone

from understudy.app import campaign_workers
from understudy.app.campaign_workers import processes_for, see_through
from understudy.app.campaigns import SpecGiven, control_campaign, get_campaign, start_campaign
from understudy.app.context import App
from understudy.app.runs import create, scenario_for
from understudy.campaigns.worker import NotStarted, Worker
from understudy.campaigns.worker_lines import Greeting
from understudy.domain.campaign import CampaignSpec, ConversationLine
from understudy.domain.model_role import ModelRole
from understudy.domain.transcript import Played
from understudy.ports import LLMRequest, RunFilter
from understudy.settings.load import load_settings
from understudy.settings.model import Defaults, Models, Settings
from understudy.storage.sqlite import SqliteStore
from understudy.targets.in_process import InProcess
from understudy.targets.settings import CommandTarget, OpenAITarget, PromptTarget
from understudy.testing.fake_llm import FakeLLM
from understudy.testing.fake_models import FakeModels, ModelRequest
from understudy.testing.fake_openai import FakeOpenAI, Fault
from understudy.wiring import make_app

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no worker processes there")

WHO = ["few-words-sam", "caps-lock-denise", "three-minds", "lunch-break-regular"]
SLOW = "demo-clinic+slow=60"
LONG_S = 120.0
REPLIES = ("Certainly, what is your name?", "Thank you. Which day do you mean?", "And what time?", "I have noted that.")
GREETING = Greeting(number=1, parent=os.getpid(), settings={})


@asynccontextmanager
async def app_at(folder: Path, *, workers: int | None = 2, **settings: Any) -> AsyncIterator[App]:
    app = make_app(Settings(store=folder, **settings))
    app.workers = workers
    try:
        yield app
    finally:
        await app.aclose()


async def store_of(app: App) -> SqliteStore:
    store = await app.store()
    assert isinstance(store, SqliteStore)
    return store


async def a_worker(app: App, *, but: int = 0, events: int = 0) -> int:
    """The process id of a worker that is in the middle of a conversation with so many events, other than `but`."""
    store = await store_of(app)
    async with asyncio.timeout(LONG_S):
        while True:
            for run in await store.runs(RunFilter(status="running"), limit=100):
                pid = int(run.owner.split(":")[1]) if run.owner else os.getpid()
                if pid not in (os.getpid(), but) and len(await store.events(run.id)) >= events:
                    return pid
            await asyncio.sleep(0.01)


async def seen(app: App, campaign_id: str) -> list[ConversationLine]:
    """The lines of the campaign, which has come to its end."""
    assert (await get_campaign(app, campaign_id, wait_s=LONG_S)).status == "finished"
    return await (await store_of(app)).campaign_lines(campaign_id)


def spoken(played: Played | None) -> list[tuple[str, str]]:
    assert played is not None
    return [(turn.role, turn.text) for turn in played.turns]


# ---------------------------------------------------------------- the same as by one


async def test_by_two_processes_every_conversation_is_the_one_that_it_is_by_one(tmp_path: Path) -> None:
    found: dict[int, list[Any]] = {}
    for workers in (1, 2):
        async with app_at(tmp_path / str(workers), workers=workers) as app:
            begun = await start_campaign(app, SpecGiven(personas=WHO, targets=[SLOW], repeats=10, concurrency=8))
            lines = await seen(app, begun.id)
            store = await store_of(app)
            found[workers] = [(line.index, line.seed, line.outcome, spoken(await store.played(line.run_id))) for line in lines]
            assert (await get_campaign(app, begun.id)).processes == workers
            assert Counter([len(await store.verdicts(line.run_id)) for line in lines]) == {1: 40}
            assert await store.count_runs() == 40
    assert found[1] == found[2]


async def test_agents_of_this_very_process_are_played_here(tmp_path: Path) -> None:
    async def agent(message: str) -> str:
        return f"{os.getpid()} has noted that."

    app = make_app(Settings(store=tmp_path), agents={"mine": InProcess("mine", agent)})
    app.workers = 4
    begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["mine", "demo-clinic"], max_turns=2))
    lines = await seen(app, begun.id)
    assert (len(lines), app.played_by(begun.id)) == (8, 1)
    await app.aclose()


# ---------------------------------------------------------------- how many


@pytest.mark.parametrize(
    ("left", "asked", "setting", "changes", "expected"),
    [
        (199, None, None, {}, 1),
        (200, None, None, {}, 4),
        (199, 3, None, {}, 3),
        (199, None, 2, {}, 2),
        (5000, 1, 6, {}, 1),
        (2, 3, None, {}, 2),
        (5000, None, None, {"concurrency": 3}, 3),
        (5000, 16, None, {"targets": ("narrow",)}, 2),
        (5000, 16, None, {"targets": ("wide", "narrow")}, 2),
        (5000, 16, None, {"targets": ("prompt",)}, 3),
        (5000, 60, None, {"targets": ("processes",)}, 8),
        (5000, 60, None, {}, 10),
    ],
)
async def test_how_many_processes_play_follows_from_the_size_the_wish_and_the_narrowest_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int, asked: int | None, setting: int | None, changes: Any, expected: int
) -> None:
    monkeypatch.setattr(campaign_workers, "cores", lambda: 4)
    model = ModelRole(provider="anthropic", model="claude-haiku-4-5", requests_per_minute=3)
    settings = Settings(
        store=tmp_path,
        defaults=Defaults(workers=setting),
        models=Models(judge=ModelRole(provider="anthropic", model="claude-haiku-4-5", concurrency=10)),
        targets={
            "wide": OpenAITarget(url="http://127.0.0.1:9/v1"),
            "narrow": OpenAITarget(url="http://127.0.0.1:9/v1", concurrency=2),
            "processes": CommandTarget(command=("true",)),
            "prompt": PromptTarget(system="Help.", model=model),
        },
    )
    app = make_app(settings, env={})
    app.workers = asked
    spec = CampaignSpec(name="c", personas=("a",), targets=("demo-clinic",), concurrency=64).replace(**changes)
    assert processes_for(app, spec, left) == expected
    await app.aclose()


# ---------------------------------------------------------------- what a worker is told


@pytest.mark.parametrize(
    "target",
    [
        {"kind": "openai", "url": "http://localhost:8000", "key_env": "KEY", "concurrency": 3, "handoff": {"pattern": "a colleague"}},
        {"kind": "anthropic", "url": "http://localhost:8000", "key_env": "KEY"},
        {"kind": "http", "url": "http://localhost:8000/chat", "body": {"message": "{{ message }}"}, "reply_path": "reply"},
        {"kind": "websocket", "url": "ws://localhost:8000/chat", "send": {"m": "{{ messages }}"}, "reply_path": "reply"},
        {"kind": "command", "command": ["sh", "agent.sh"], "env": ["LOG"], "cwd": "here"},
        {"kind": "python", "callable": "agent:reply", "python": ".venv/bin/python"},
        {"kind": "mcp", "command": ["sh", "server.sh"], "tool": "chat", "arguments": {"message": "{{ message }}"}},
        {"kind": "a2a", "url": "http://localhost:9999"},
        {"kind": "prompt", "system": "Help.", "model": {"provider": "anthropic", "model": "claude-haiku-4-5"}, "state": {"a": [1, None]}},
    ],
    ids=lambda target: target["kind"],
)
def test_a_worker_has_the_very_settings_of_its_parent(tmp_path: Path, target: dict[str, Any]) -> None:
    file = tmp_path / "understudy.yaml"
    file.write_text(json.dumps({"targets": {"agent": target}, "defaults": {"workers": 2}, "store": "kept"}), encoding="utf-8")
    settings = load_settings(file)
    sent = GREETING.evolve(settings=settings.model_dump(mode="json")).model_dump_json()
    assert Settings.model_validate(Greeting.model_validate_json(sent).settings) == settings


# ---------------------------------------------------------------- limits


def user_lines(request: ModelRequest) -> dict[str, Any]:
    return {"thought": "", "message": f"Can you help me with number {request.answered}?", "move": "continue", "goal_updates": [],
            "disclosed": []}  # fmt: skip


async def test_a_limit_on_calls_at_once_holds_over_all_processes_together(tmp_path: Path) -> None:
    async with FakeModels(user_lines, latency=30) as models, FakeModels(lambda _: "Noted.", latency=30) as agents:
        user = ModelRole(provider="openai_compatible", base_url=f"{models.url}/v1", model="fake-user", concurrency=5)
        target = OpenAITarget(url=f"{agents.url}/v1", concurrency=4)
        async with app_at(tmp_path, models=Models(user=user), targets={"agent": target}, defaults=Defaults(reruns=0)) as app:
            given = SpecGiven(personas=WHO, targets=["agent", "demo-clinic"], repeats=12, concurrency=24, player="model", max_turns=3)
            begun = await start_campaign(app, given)
            assert len(await seen(app, begun.id)) == 96
            assert (await get_campaign(app, begun.id)).processes == 2
        assert 3 <= models.stats()["most_inflight"] <= 5
        assert 2 <= agents.stats()["most_inflight"] <= 4


# ---------------------------------------------------------------- a worker dies


async def test_a_worker_that_is_killed_loses_nothing_and_only_calls_under_way_are_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    draw = random.Random()
    async with FakeOpenAI(REPLIES, faults=lambda _: Fault("slow", seconds=0.05)) as server:
        target = OpenAITarget(url=server.url, concurrency=8)
        async with app_at(tmp_path, workers=3, targets={"agent": target}) as app:
            begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["agent"], repeats=20, concurrency=8, max_turns=5))
            first = await a_worker(app, events=draw.randint(2, 6))
            os.kill(first, signal.SIGKILL)
            os.kill(await a_worker(app, but=first, events=draw.randint(2, 6)), signal.SIGKILL)
            lines = await seen(app, begun.id)
            store = await store_of(app)
            assert [line.index for line in lines] == list(range(80))
            assert len({line.run_id for line in lines}) == await store.count_runs() == 80
            assert all(line.outcome in ("pass", "fail") for line in lines)
            answered = 0
            for line in lines:
                turns = spoken(await store.played(line.run_id))
                assert [role for role, _ in turns] == ["user", "agent"] * (len(turns) // 2)
                events = await store.events(line.run_id)
                assert [stored.seq for stored in events] == list(range(len(events)))
                answered += len(turns) // 2
            assert any(line.resumed for line in lines)
            # Of each of the two only calls that were under way are made again: eight conversations are, among three processes.
            assert 0 <= len(server.requests) - answered <= 8
            assert await store.holders(at=app.clock()) == []
            assert app.played_by(begun.id) == 3
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if "is gone; the others go on" in line]) == 2


async def test_a_worker_that_gets_a_signal_gives_back_what_it_has(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with app_at(tmp_path) as app:
        begun = await start_campaign(app, SpecGiven(personas=WHO, targets=[SLOW], repeats=8, concurrency=8))
        os.kill(await a_worker(app), signal.SIGINT)
        assert len(await seen(app, begun.id)) == 32
    assert "Traceback" not in capfd.readouterr().err


async def test_a_worker_that_says_nothing_any_more_is_taken_for_dead() -> None:
    ready = 'print(\'{"ready": "a:1:b"}\', flush=True); import sys; sys.stdin.read()'
    worker = await Worker.start((sys.executable, "-c", ready), GREETING, beat_s=0.02)
    assert worker.owner == "a:1:b"
    assert await worker.hear() is None
    await worker.buried()
    await gone({worker.pid})


@pytest.mark.parametrize("says", ["", "print('hello')", "print('{}')", "import os; os.close(1)"])
async def test_a_worker_that_does_not_come_up_is_no_worker(says: str) -> None:
    with pytest.raises(NotStarted):
        await Worker.start((sys.executable, "-c", says), GREETING)


async def test_a_worker_that_cannot_open_the_store_tells_it_in_a_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "understudy.db").write_text("This is no database, however long one looks at it. " * 20, encoding="utf-8")
    greeting = GREETING.evolve(settings=Settings(store=tmp_path).model_dump(mode="json"))
    with pytest.raises(NotStarted, match="ended before it was ready"):
        await Worker.start((sys.executable, "-P", "-m", "understudy.worker"), greeting)
    told = capfd.readouterr().err
    assert "understudy.db" in told
    assert len(told.splitlines()) == 1


def test_a_worker_that_somebody_starts_by_hand_says_what_it_is_for() -> None:
    by_hand = subprocess.run([sys.executable, "-m", "understudy.worker"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert (by_hand.returncode, b"campaign run --workers" in by_hand.stderr) == (2, True)


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false"])
async def test_without_any_worker_the_campaign_goes_on_alone_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, python: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with caplog.at_level(logging.WARNING):
        async with app_at(tmp_path) as app:
            begun = await start_campaign(app, SpecGiven(personas=WHO, targets=[SLOW], repeats=2))
            assert len(await seen(app, begun.id)) == 8
            assert (await get_campaign(app, begun.id)).processes == 1
    assert "this process plays on alone" in caplog.text


# ---------------------------------------------------------------- steering


async def test_a_cancelled_campaign_stops_in_the_workers_too_and_they_end(tmp_path: Path) -> None:
    async with app_at(tmp_path, defaults=Defaults(workers=2), workers=None) as app:
        begun = await start_campaign(app, SpecGiven(personas=WHO, targets=["demo-clinic+slow=400"], repeats=8, concurrency=8))
        pid = await a_worker(app)
        view = await control_campaign(app, begun.id, "cancel")
        assert (view.status, view.progress.started) == ("cancelled", 0)
        await gone({pid})


async def test_two_campaigns_share_the_workers_and_the_last_one_ends_them(tmp_path: Path) -> None:
    async with app_at(tmp_path) as app:
        ids = [
            (await start_campaign(app, SpecGiven(name=name, personas=WHO, targets=[SLOW], repeats=6, concurrency=6))).id
            for name in ("one", "two")
        ]
        pid = await a_worker(app)
        assert [len(await seen(app, each)) for each in ids] == [24, 24]
        assert [app.played_by(each) for each in ids] == [2, 2]
        await gone({pid})
        # And a later one starts its own.
        again = await start_campaign(app, SpecGiven(personas=WHO, targets=[SLOW], repeats=6, concurrency=6))
        assert await a_worker(app) != pid
        assert len(await seen(app, again.id)) == 24


# ---------------------------------------------------------------- what a worker does with one conversation


async def test_a_conversation_is_seen_through_to_the_verdict_of_the_one_played_in_its_place(tmp_path: Path) -> None:
    def plays(request: LLMRequest) -> dict[str, Any]:
        made = sum(m.role == "assistant" for m in request.messages)
        early = "-r" not in (request.made_for.run_id or "") and made
        move = "satisfied" if early else re.search(r"Move: `(\w+)`", request.messages[-1].text)[1]  # type: ignore[index]
        return {"thought": "", "message": f"Well, number {made}, please.", "move": move, "goal_updates": [], "disclosed": []}

    settings = Settings(store=tmp_path, defaults=Defaults(target="demo-clinic", player="model", reruns=1))
    app = make_app(settings, env={}, models={"user": FakeLLM(plays, name="fake:small")})
    store, engine = await store_of(app), await app.engine()
    run_id = (await create(app, await scenario_for(app, persona="lunch-break-regular"))).id
    await engine.submit(run_id)
    assert await engine.wait(run_id, 30)
    await see_through(app, run_id)
    assert [verdict.invalid for verdict in await store.verdicts(run_id)] == [True]
    again = await store.run(f"{run_id}-r1")
    assert again is not None
    assert again.status == "finished"
    assert len(await store.verdicts(again.id)) == 1
    await app.aclose()

"""A target or player that cannot even be made: the run ends soon, with an error that says why, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from understudy.app.context import App
from understudy.app.runs import RunView, scenario_for, simulate
from understudy.settings.model import Settings
from understudy.targets.settings import CommandTarget
from understudy.wiring import make_app

LIMIT_S = 5.0


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    made = make_app(Settings(store=tmp_path, targets={"mine": CommandTarget(command=("no-such-program",))}), env={})
    yield made
    await made.aclose()


async def ended(app: App) -> RunView:
    scenario = await scenario_for(app, persona="lunch-break-regular", target="mine", script=["Hello."])
    async with asyncio.timeout(LIMIT_S):
        return await simulate(app, scenario, wait_s=LIMIT_S - 1)


async def test_a_target_whose_making_breaks_ends_the_run_and_says_why(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the adapter cannot be made")

    monkeypatch.setattr("understudy.targets.open.open_target", broken)
    run = await ended(app)
    assert run.status == "finished"
    assert run.ending in ("target_failed", "simulator_failed")
    assert "the adapter cannot be made" in (run.untrusted_failure or run.ending_detail or "")
    assert run.verdict is not None
    assert run.verdict.outcome not in ("pass", "fail")


async def test_a_player_whose_making_breaks_ends_the_run_as_the_simulator_s_failure(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the player cannot be made")

    monkeypatch.setattr("understudy.simulation.players.script.ScriptPlayer.__init__", broken)
    run = await ended(app)
    assert (run.status, run.ending) == ("finished", "simulator_failed")
    assert "the player cannot be made" in (run.ending_detail or "")

"""One measurement in a process of its own: `python -m benchmarks.load KIND URL CONVERSATIONS AT_ONCE [FOLDER SHARE OF]`. Prints JSON.

KIND: `sockets` and `aiohttp` are the floors; `ours` is the engine, the player `model`, an OpenAI-compatible target and SQLite, with
records of calls, retries and limits; `judged` has the verdict by checks and the audit of the user on top. With FOLDER the runs are
already in the store there, and this process begins with its SHARE of them, then takes what the others left.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.floors import TURNS, aiohttp_floor, socket_floor
from benchmarks.measuring import measured
from benchmarks.model_side import TARGET_MODEL, USER_MODEL
from understudy.app.context import App
from understudy.app.reruns import follow_up
from understudy.app.runs import create, scenario_for
from understudy.campaigns.collector import collect_seldom
from understudy.campaigns.embedded import Embedded
from understudy.campaigns.owner import owner_name
from understudy.domain.scenario import Scenario
from understudy.settings.model import ModelRole, Models, Settings
from understudy.storage.sqlite import SqliteStore
from understudy.targets.settings import OpenAITarget
from understudy.wiring import Models as Minds
from understudy.wiring import Targets, make_app

__all__ = ["figures", "play", "prepared", "settings_for", "stored"]

_WARM = 8
_TOGETHER = 500


def settings_for(url: str, folder: Path) -> Settings:
    """The user's model and the target at `url`, without a limit that would be met."""
    user = ModelRole(provider="openai_compatible", base_url=f"{url}/v1", model=USER_MODEL, reasoning_tokens=0, concurrency=10_000)
    agent = OpenAITarget(url=f"{url}/v1", model=TARGET_MODEL, concurrency=10_000)
    return Settings(store=folder, models=Models(user=user), targets={"agent": agent})


async def prepared(app: App, count: int, first: int = 0) -> list[Scenario]:
    """Conversations of four user turns, each with another persona while there are some."""
    model = app.model_for("user")
    assert model is not None
    personas = sorted(p.id for p in app.library.personas.values() if p.goal and p.language.startswith("en"))
    each = {p: await scenario_for(app, persona=p, target="agent", max_turns=TURNS) for p in personas}
    return [each[personas[n % len(personas)]].evolve(player="model", user_model=model.name, seed=n) for n in range(first, first + count)]


async def stored(app: App, wanted: list[Scenario]) -> list[str]:
    """Keep the runs; their ids."""
    ids: list[str] = []
    for start in range(0, len(wanted), _TOGETHER):
        ids += [run.id for run in await asyncio.gather(*(create(app, one) for one in wanted[start : start + _TOGETHER]))]
    return ids


async def play(engine: Embedded, ids: list[str]) -> None:
    """Take them all to their end. Raises RuntimeError for one that does not come to it."""
    await engine.submit(*ids)
    for run_id in ids:
        if not await engine.wait(run_id, 600):
            raise RuntimeError(f"{run_id} did not end")


async def ours(
    url: str, conversations: int, at_once: int, *, judged: bool, folder: str = "", share: int = 0, of: int = 1
) -> dict[str, Any]:
    """One process of ours; what it used."""
    with tempfile.TemporaryDirectory() as own:
        at = Path(folder or own)
        settings = settings_for(url, at)
        app = make_app(settings, env={})
        store = await app.store()
        assert isinstance(store, SqliteStore)
        minds = Minds(settings, {}, app.store, {})
        targets = Targets(settings, {}, None, minds.target_model, {})

        async def finished(run_id: str) -> None:
            await follow_up(app, run_id)

        engine = Embedded(
            store,
            player_for=minds.player,
            target_for=targets.open,
            clock=time.time,
            owner=owner_name(secrets.token_hex(4)),
            concurrency=at_once,
            on_finish=finished if judged else None,
        )
        if folder:
            given = Path(folder, "ids").read_text(encoding="ascii").split()  # noqa: ASYNC240 - nothing runs yet
            mine = given[share::of]
            print("ready", flush=True)
            sys.stdin.readline()
            found = await measured(lambda: play(engine, mine), len(mine), at_once)
        else:
            await play(engine, await stored(app, await prepared(app, _WARM)))  # what is imported when it is first used
            wanted = await prepared(app, conversations, first=_WARM)

            async def all_of_it() -> None:
                await play(engine, await stored(app, wanted))

            found = await measured(all_of_it, conversations, at_once)
            endings = {run.ending for run in await store.runs(limit=10_000)}
            assert endings.isdisjoint({"target_failed", "simulator_failed", None}), endings
        await engine.aclose()
        await targets.aclose()
        await minds.aclose()
        await app.aclose()
    return found


async def figures(kind: str, url: str, conversations: int, at_once: int, *shared: str) -> dict[str, Any]:
    """What `conversations` used in this process. Raises KeyError for a kind that is none."""
    if kind in ("ours", "judged"):
        folder, share, of = shared or ("", "0", "1")
        return await ours(url, conversations, at_once, judged=kind == "judged", folder=folder, share=int(share), of=int(of))
    floor = {"sockets": socket_floor, "aiohttp": aiohttp_floor}[kind]
    await floor(url, 8, 8)
    return await measured(lambda: floor(url, conversations, at_once), conversations, at_once)


async def main(kind: str, url: str, conversations: str, at_once: str, *shared: str) -> None:
    """Measure and print."""
    collect_seldom()  # as our programs do
    print(json.dumps(await figures(kind, url, int(conversations), int(at_once), *shared)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

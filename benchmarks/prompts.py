"""What a conversation with the player `model` costs: prompt tokens, the share that a provider's cache holds, and our own CPU.

The user's model and the agent under test are both OpenAI-compatible endpoints of one fake server, which counts about four
characters a token, as it did for the peers. Everything of ours takes part: engine, guard, ledger, durable events, records of calls.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.model_side import TARGET_MODEL, USER_LINES, USER_MODEL, beside, script, stats
from understudy.app.context import App
from understudy.app.runs import scenario_for, start
from understudy.domain.scenario import Scenario
from understudy.settings.model import ModelRole, Models, Settings
from understudy.targets.settings import OpenAITarget
from understudy.testing.fake_models import FakeModels
from understudy.wiring import make_app

TURNS = (4, 8)
SAMPLES = 8
"""Personas whose conversations are counted."""
CONVERSATIONS, AT_ONCE = 200, 32

PEERS = {
    "floor (messages only)": (1_684, 6_113),
    "openevals": (1_706, 6_135),
    "langwatch-scenario": (2_357, 7_460),
    "deepeval": (4_836, 15_242),
    "tau2-bench": (7_170, 17_076),
    "strands-evals": (20_538, 43_701),
}
"""Prompt tokens of one conversation, user side and target side, of 4 and 8 user turns. Source: measured November 2026, SCALE."""
PEERS_CPU_MS = {
    "openevals": "21-22",
    "langwatch-scenario": "101-113",
    "deepeval": "115-122",
    "strands-evals": "166-176",
    "tau2-bench": "153-202",
}
"""CPU ms of a conversation of 8 calls. Source: measured November 2026, SCALE."""


@dataclass(frozen=True)
class Cost:
    """Of one conversation, on average."""

    turns: float
    user_calls: float
    target_calls: float
    user_tokens: float
    target_tokens: float
    schema_tokens: float
    """Those of the user's prompts that are the schema of the answer."""
    repeated: float
    """Share of all prompt tokens that were the beginning of an earlier prompt of the same conversation."""
    cached: float
    """Share of all prompt tokens that OpenAI's rule would have cached within this conversation: from 1,024 tokens on, in steps of 128."""
    cached_later: float
    """The same share of the user's side, for the next conversation of the same persona."""


def app_against(url: str, folder: Path) -> App:
    """An application whose user's model and target are both at `url`."""
    user = ModelRole(provider="openai_compatible", base_url=f"{url}/v1", model=USER_MODEL, reasoning_tokens=0, concurrency=1_000)
    target = OpenAITarget(url=f"{url}/v1", model=TARGET_MODEL)
    return make_app(Settings(store=folder, models=Models(user=user), targets={"agent": target}), env={})


async def scenarios(app: App, turns: int, count: int) -> list[Scenario]:
    """Conversations of `turns` user turns, each with another persona while there are some."""
    model = app.model_for("user")
    assert model is not None
    personas = sorted(p.id for p in app.library.personas.values() if p.goal and p.language.startswith("en"))
    made = [await scenario_for(app, persona=personas[n % len(personas)], target="agent", seed=n, max_turns=turns) for n in range(count)]
    return [one.evolve(player="model", user_model=model.name) for one in made]


async def play(app: App, wanted: list[Scenario]) -> list[int]:
    """Play them all; the user turns of each. Raises RuntimeError for a conversation that failed."""
    records = [await start(app, scenario) for scenario in wanted]
    engine, store = await app.engine(), await app.store()
    for record in records:
        await engine.wait(record.id, 300)
    turns: list[int] = []
    for record in records:
        found = await store.run(record.id)
        if found is None or found.ending in (None, "target_failed", "simulator_failed"):
            raise RuntimeError(f"{record.id} did not come to its end: {found and found.ending}")
        turns.append(found.turns)
    return turns


async def cost(turns: int, samples: int) -> Cost:
    """Over `samples` conversations, each with a server that has seen nothing before."""
    found: list[Cost] = []
    for sample in range(samples):
        async with FakeModels(script, keep_requests=False) as server:
            with tempfile.TemporaryDirectory() as folder:
                app = app_against(server.url, Path(folder))
                one = (await scenarios(app, turns, sample + 1))[-1]
                played = await play(app, [one])
                first = server.stats()["models"]
                first = {name: dict(counted) for name, counted in first.items()}
                await play(app, [one.evolve(seed=one.seed + 1)])
                found.append(_cost(played[0], first, server.stats()["models"]))
                await app.aclose()
    names = Cost.__dataclass_fields__
    return Cost(**{name: sum(getattr(one, name) for one in found) / len(found) for name in names})


def _cost(turns: int, first: dict[str, Any], both: dict[str, Any]) -> Cost:
    user, target = first[USER_MODEL], first[TARGET_MODEL]
    prompt = user["prompt_tokens"] + target["prompt_tokens"]
    later = {name: both[USER_MODEL][name] - user[name] for name in user}
    return Cost(
        turns=turns,
        user_calls=user["calls"],
        target_calls=target["calls"],
        user_tokens=user["prompt_tokens"],
        target_tokens=target["prompt_tokens"],
        schema_tokens=user["schema_tokens"],
        repeated=(user["repeated_tokens"] + target["repeated_tokens"]) / prompt,
        cached=(user["cached_tokens"] + target["cached_tokens"]) / prompt,
        cached_later=later["cached_tokens"] / later["prompt_tokens"],
    )


async def cpu_of_ours(url: str, conversations: int) -> tuple[float, float]:
    """CPU ms of a conversation of 4 user turns, and calls per conversation; `AT_ONCE` at once, the fake in another process."""
    with tempfile.TemporaryDirectory() as folder:
        app = app_against(url, Path(folder))
        await play(app, await scenarios(app, 4, 4))  # adapters are imported when first used
        wanted = await scenarios(app, 4, conversations)
        calls, before = stats(url)["requests"], time.process_time()
        await play(app, wanted)
        used = time.process_time() - before
        await app.aclose()
    return used * 1000 / conversations, (stats(url)["requests"] - calls) / conversations


async def cpu_of_the_floor(url: str, conversations: int) -> float:
    """CPU ms of the same 8 calls by a bare aiohttp session that keeps a history and does nothing else."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(session: aiohttp.ClientSession, model: str, history: list[dict[str, str]]) -> str:
        async with session.post(f"{url}/v1/chat/completions", json={"model": model, "messages": history}) as answer:
            said: str = (await answer.json())["choices"][0]["message"]["content"]
            return said

    async def converse(session: aiohttp.ClientSession) -> None:
        async with gate:
            seen_by_user = [{"role": "system", "content": USER_LINES[0] * 4}]
            seen_by_agent: list[dict[str, str]] = []
            for _ in range(4):
                said = await ask(session, USER_MODEL, seen_by_user)
                seen_by_agent.append({"role": "user", "content": said})
                answer = await ask(session, TARGET_MODEL, seen_by_agent)
                seen_by_agent.append({"role": "assistant", "content": answer})
                seen_by_user += [{"role": "assistant", "content": said}, {"role": "user", "content": answer}]

    async with aiohttp.ClientSession() as session:
        before = time.process_time()
        await asyncio.gather(*(converse(session) for _ in range(conversations)))
        return (time.process_time() - before) * 1000 / conversations


def run(arguments: Sequence[str] = ()) -> None:
    """Print tokens, cacheable shares and CPU beside the peers'."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks prompts")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    given = parser.parse_args(arguments)
    four, eight = (asyncio.run(cost(turns, given.samples)) for turns in TURNS)
    print("Prompt tokens of one conversation, user side and target side (peers: measured November 2026, SCALE)\n")
    print("| | 4 user turns | 8 user turns |\n|---|---|---|")
    for name, figures in PEERS.items():
        print(f"| {name} | {figures[0]:,} | {figures[1]:,} |")
    print(f"| Understudy, player model | {_all(four):,.0f} | {_all(eight):,.0f} |")
    rows = {
        "user's model": [f"{c.user_tokens:,.0f} in {c.user_calls:.1f} calls" for c in (four, eight)],
        "of these the answer's schema": [f"{c.schema_tokens:,.0f}" for c in (four, eight)],
        "target": [f"{c.target_tokens:,.0f} in {c.target_calls:.1f} calls" for c in (four, eight)],
        "repeated from the call before": [f"{c.repeated:.0%}" for c in (four, eight)],
        "cached by OpenAI's rule, first conversation": [f"{c.cached:.0%}" for c in (four, eight)],
        "not cached": [f"{_all(c) * (1 - c.cached):,.0f}" for c in (four, eight)],
        "user's model, cached in the persona's next conversation": [f"{c.cached_later:.0%}" for c in (four, eight)],
    }
    for name, (short, long) in rows.items():
        print(f"| - {name} | {short} | {long} |")
    with beside() as url:
        floor = asyncio.run(cpu_of_the_floor(url, given.conversations))
        ours, calls = asyncio.run(cpu_of_ours(url, given.conversations))
    print("\nCPU ms of one conversation of 4 user turns\n\n| | CPU ms |\n|---|---|")
    print(f"| floor: aiohttp, 8 calls, same run | {floor:.1f} |")
    print(f"| Understudy, player model, {calls:.1f} calls, durable | {ours:.1f} ({ours / floor:.1f} x) |")
    for name, figure in PEERS_CPU_MS.items():
        print(f"| {name} (measured November 2026, SCALE) | {figure} |")


def _all(one: Cost) -> float:
    return one.user_tokens + one.target_tokens

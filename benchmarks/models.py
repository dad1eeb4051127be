"""CPU of our side per call of a model: the floor, the bare SDKs on their transports, and our adapters alone and in their wrappers.

The fake model server runs as a process of its own, so that only the client's time is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import anthropic
import httpx2
import openai

from understudy.domain.model_call import ModelMessage
from understudy.llm.open import open_adapter, open_llm
from understudy.ports import LLM, LLMRequest
from understudy.settings.model import ModelRole
from understudy.testing.memory_store import MemoryStore

CALLS = 1000
AT_ONCE = 50
ENV = {"ANTHROPIC_API_KEY": "k" * 20, "OPENAI_API_KEY": "k" * 20}
MODELS = {"anthropic": "claude-haiku-4-5", "openai": "gpt-4.1-mini", "openai_compatible": "llama3.2"}
REQUEST = LLMRequest(
    role="user",
    system=("You play a customer of a clinic. " * 30,),
    messages=tuple(ModelMessage(role="assistant" if n % 2 else "user", text=f"Turn {n}. " * 20) for n in range(7)),
    stable=6,
)
Call = Callable[[], Awaitable[object]]


async def measure(call: Call, calls: int) -> float:
    """CPU ms of one call, at AT_ONCE at once."""
    each = -(-calls // AT_ONCE)

    async def some(count: int) -> None:
        for _ in range(count):
            await call()

    await some(20)
    before = time.process_time()
    await asyncio.gather(*(some(each) for _ in range(AT_ONCE)))
    return (time.process_time() - before) * 1000 / (each * AT_ONCE)


async def floor(url: str, body: bytes, calls: int) -> float:
    """Raw aiohttp: post the bytes, parse the answer."""
    headers = {"Content-Type": "application/json", "Authorization": "Bearer k"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def call() -> object:
            async with session.post(f"{url}/v1/chat/completions", data=body, headers=headers) as response:
                return json.loads(await response.read())

        return await measure(call, calls)


def bodies() -> dict[str, dict[str, object]]:
    """What our adapters send, for the bare SDKs to send too."""
    return {p: open_adapter(role(p, "http://127.0.0.1:9/v1"), env=ENV).body(REQUEST) for p in MODELS}


def role(provider: str, url: str) -> ModelRole:
    """The settings of a model of `provider`."""
    base = url if provider == "anthropic" else f"{url.removesuffix('/v1')}/v1"
    return ModelRole.model_validate({"provider": provider, "model": MODELS[provider], "base_url": base, "concurrency": AT_ONCE})


async def bare_sdks(url: str, calls: int) -> dict[str, float]:
    """The SDKs as their documentation uses them, on httpx2 and on their own aiohttp transports."""
    given, found = bodies(), {}

    def clients(kind: str) -> tuple[httpx2.AsyncClient, httpx2.AsyncClient]:
        if kind == "httpx2":
            return anthropic.DefaultAsyncHttpxClient(), openai.DefaultAsyncHttpxClient()
        return anthropic.DefaultAioHttpClient(), openai.DefaultAioHttpClient()

    for kind in ("httpx2", "its aiohttp"):
        for_anthropic, for_openai = clients(kind)
        async with anthropic.AsyncAnthropic(api_key="k", base_url=url, max_retries=0, http_client=for_anthropic) as claude:
            found[f"bare anthropic SDK, {kind}"] = await measure(lambda c=claude: c.messages.create(**given["anthropic"]), calls)  # type: ignore[misc]
        async with openai.AsyncOpenAI(api_key="k", base_url=f"{url}/v1", max_retries=0, http_client=for_openai) as gpt:
            found[f"bare openai SDK, {kind}"] = await measure(lambda c=gpt: c.chat.completions.create(**given["openai"]), calls)  # type: ignore[misc]
    return found


async def ours(url: str, calls: int) -> dict[str, float]:
    """Our adapters alone, and opened as a run opens them: retries, limit, price and record, kept in memory."""
    found: dict[str, float] = {}
    for provider in MODELS:
        store = MemoryStore()

        async def log(store: MemoryStore = store) -> MemoryStore:
            return store

        opened: dict[str, LLM] = {
            "adapter alone": open_adapter(role(provider, url), env=ENV),
            "with its wrappers": open_llm("user", role(provider, url), env=ENV, log=log),
        }
        for name, llm in opened.items():
            found[f"ours, {provider}, {name}"] = await measure(lambda llm=llm: llm.complete(REQUEST), calls)  # type: ignore[misc]
            await llm.aclose()
    return found


async def all_of_them(url: str, calls: int) -> dict[str, float]:
    """Every figure of one run, the floor first."""
    body = json.dumps(bodies()["openai_compatible"]).encode()
    return {"floor: raw aiohttp": await floor(url, body, calls), **await bare_sdks(url, calls), **await ours(url, calls)}


def run(arguments: Sequence[str] = ()) -> None:
    """Print CPU ms per call and the ratio to the floor of the same run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks models")
    parser.add_argument("--calls", type=int, default=CALLS)
    calls = parser.parse_args(arguments).calls
    command = [sys.executable, "-m", "understudy.testing.fake_models", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            figures = asyncio.run(all_of_them(json.loads(server.stdout.readline())["url"], calls))
        finally:
            server.terminate()
    low = figures["floor: raw aiohttp"]
    print(f"{calls} calls, {AT_ONCE} at once, 0 ms of model time\n")
    print("| | CPU ms a call | times the floor |\n|---|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {value:.2f} | {value / low:.1f} |")

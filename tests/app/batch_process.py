"""A process that has a model write a batch of queries and is killed in the middle: the model answers seven times, then hangs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from query_models import answering

from understudy.app.queries import generate_queries
from understudy.ports import Completion, LLMRequest
from understudy.settings.model import Settings
from understudy.testing.fake_llm import FakeLLM
from understudy.wiring import make_app

ANSWERS = 7


class Hanging(FakeLLM):
    """Answers the first few calls, then never again."""

    async def complete(self, request: LLMRequest) -> Completion:
        if len(self.requests) >= ANSWERS:
            await asyncio.Event().wait()
        return await super().complete(request)


async def main(folder: Path) -> None:
    app = make_app(Settings(store=folder), env={}, models={"generator": Hanging(answering)})

    async def progress(done: int, most: int, line: str) -> None:
        print(done, flush=True)  # noqa: T201 - what the test waits for

    await generate_queries(app, pack="bank", count=20, method="model", idempotency_key="nightly", wait_s=None, progress=progress)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

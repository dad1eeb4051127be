"""A serving process of its own: takes the runs of a store to their end, slowly, and says each call of its target on stdout."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from engine_parts import engine

from understudy.campaigns.owner import owner_name
from understudy.domain.conversation import Reply
from understudy.ports import TargetRequest
from understudy.storage.sqlite import SqliteStore
from understudy.testing.fake_target import FakeTarget


class SlowTarget(FakeTarget):
    """Says which call it got, and takes its time."""

    async def reply(self, request: TargetRequest) -> Reply:
        sys.stdout.write(f"{request.run_id} {len(request.turns)}\n")
        sys.stdout.flush()
        return await super().reply(request)


async def serve(path: Path, latency_s: float) -> None:
    store = await SqliteStore.open(path)
    running = engine(store, SlowTarget(("Hello.", "Which day?", "What time?", "Noted."), latency_s=latency_s), owner=owner_name("t"))
    for run_id in await running.adopt(since=0):
        await running.wait(run_id, 60)
    await running.aclose()
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))

"""What one process uses while it works: CPU, time, memory, and how late its event loop is."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

__all__ = ["measured", "rss_mb"]

_TICK_S = 0.01


def rss_mb() -> float:
    """The memory of this process now, in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measured(work: Callable[[], Awaitable[object]], conversations: int, at_once: int) -> dict[str, Any]:
    """Run `work` and say what it took. The lag is how much later than asked a timer of 10 ms fires, its 99th percentile."""
    lags: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK_S
            await asyncio.sleep(_TICK_S)
            lags.append(time.perf_counter() - due)

    before = rss_mb()
    ticker = asyncio.create_task(tick())
    cpu, began = time.process_time(), time.perf_counter()
    await work()
    used, took = time.process_time() - cpu, time.perf_counter() - began
    ticker.cancel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lags.sort()
    return {
        "conversations": conversations,
        "at_once": at_once,
        "cpu_s": used,
        "wall_s": took,
        "cpu_ms_each": used * 1000 / conversations,
        "rate": conversations / took,
        "lag_p99_ms": lags[int(len(lags) * 0.99)] * 1000 if lags else 0.0,
        "peak_mb": peak,
        "kb_each": max(0.0, peak - before) * 1024 / min(at_once, conversations),
    }

"""`python -m benchmarks campaign --conversations 10000`: a campaign without a model, from its plan to its last line.

    --workers 2      the same by so many processes, after one by one; and how many times as fast that was
    --rounds 3       both in turn, so many times: on a machine with other load the ratios of neighbours count

The offline player against the demo agents, everything in SQLite, each conversation judged by checks, through the same functions as
`understudy campaign run`. Says how many conversations a second it makes, and counts what was lost or counted twice: both have to be none.
Every measurement runs in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import measured
from understudy.app.campaign_views import SpecGiven
from understudy.app.campaigns import start_campaign
from understudy.app.context import App
from understudy.campaigns.collector import collect_seldom
from understudy.ports import Store
from understudy.settings.model import Settings
from understudy.wiring import CONCURRENCY, make_app

TARGETS = ["demo-clinic", "demo-bank"]
DAY_S = 24 * 3600.0


async def conducted(app: App, given: SpecGiven) -> str:
    """Start the campaign as the server does, see it through, and return its id. Raises RuntimeError when it does not finish."""
    begun = await start_campaign(app, given)
    await (await app.conductor()).wait(begun.id, DAY_S)
    campaign = await (await app.store()).campaign(begun.id)
    if campaign is None or campaign.status != "finished":
        raise RuntimeError(f"the campaign did not finish: {campaign and (campaign.status, campaign.why)}")
    return begun.id


async def accounts(store: Store, campaign_id: str) -> tuple[int, int, int, Counter[str]]:
    """Cells without a line, cells with more than one, runs beyond one a cell, and the outcomes."""
    campaign = await store.campaign(campaign_id)
    assert campaign is not None
    lines = await store.campaign_lines(campaign_id)
    each = Counter(line.index for line in lines)
    lost = campaign.total - len(each)
    repeated = sum(number - 1 for number in each.values())
    return lost, repeated, await store.count_runs() - campaign.total, Counter(line.outcome for line in lines)


async def measure(conversations: int, workers: int) -> dict[str, Any]:
    """Play so many or a few more (whole repeats); what it took."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(store=Path(folder)), env={})
        app.workers = workers
        every = sorted(p.id for p in app.library.personas.values() if p.goal and p.language[:2] in ("en", "de", "es"))
        personas = every[: max(1, conversations // len(TARGETS))]
        repeats = math.ceil(conversations / (len(personas) * len(TARGETS)))
        given = SpecGiven(name="benchmark", personas=personas, targets=TARGETS, repeats=repeats, player="rules", concurrency=CONCURRENCY)
        total = repeats * len(personas) * len(TARGETS)
        ids: list[str] = []

        async def work() -> None:
            ids.append(await conducted(app, given))

        found = await measured(work, total, CONCURRENCY)
        store = await app.store()
        lost, repeated, beyond, outcomes = await accounts(store, ids[0])
        processes = app.played_by(ids[0])
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20  # noqa: ASYNC240 - the work is over
        await app.aclose()
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found | {
        "processes": processes,
        "others_cpu_s": others.ru_utime + others.ru_stime,
        "others_peak_mb": others.ru_maxrss / 1024,
        "store_mb": size,
        "lost": lost,
        "repeated": repeated,
        "beyond": beyond,
        "outcomes": dict(outcomes.most_common()),
    }


def _apart(conversations: int, workers: int) -> dict[str, Any]:
    """Measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.campaign", str(conversations), str(workers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _print(found: dict[str, Any]) -> None:
    cpu = (found["cpu_s"] + found["others_cpu_s"]) * 1000 / found["conversations"]
    others = f" + {found['others_peak_mb']:.0f}" if found["processes"] > 1 else ""
    print(f"| {found['processes']} | {found['rate']:.0f} | {cpu:.1f} | {found['cpu_s']:.1f} + {found['others_cpu_s']:.1f} ", end="")
    print(f"| {found['lag_p99_ms']:.0f} | {found['peak_mb']:.0f}{others} | {found['store_mb']:.0f} ", end="")
    print(f"| {found['lost']} | {found['repeated']} | {found['beyond']} |", flush=True)


def run(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks campaign")
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args(arguments)
    print(f"The offline player with {' and '.join(TARGETS)}, {CONCURRENCY} at once, SQLite, judged by checks\n")
    print(
        "| processes | conversations/s | CPU ms each | CPU s, conducting + workers | loop lag p99 ms | peak MB each | store MB "
        "| lost | repeated | runs beyond one a cell |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    times: list[float] = []
    on_cores: list[float] = []
    wrong = 0
    for _ in range(given.rounds):
        rates: list[float] = []
        busiest: list[float] = []
        for workers in dict.fromkeys((1, given.workers)):
            found = _apart(given.conversations, workers)
            _print(found)
            rates.append(found["rate"])
            busiest.append(max(found["cpu_s"], found["others_cpu_s"] / max(1, found["processes"] - 1)))
            wrong += abs(found["lost"]) + abs(found["repeated"]) + abs(found["beyond"])
        times.append(rates[-1] / rates[0])
        on_cores.append(busiest[0] / busiest[-1])
    print(f"\n{found['conversations']:,} conversations each. Outcomes: {', '.join(f'{n} {k:,}' for n, k in found['outcomes'].items())}")
    if given.workers > 1:
        print(f"{given.workers} processes: {median(times):.2f} times one (rounds: {', '.join(f'{one:.2f}' for one in times)})")
        print(f"By CPU, as if each process had a core of its own: {median(on_cores):.2f} times (one process's CPU over the busiest one's)")
    if wrong:
        raise SystemExit("conversations were lost or counted twice")


if __name__ == "__main__":
    collect_seldom()  # as our programs do
    print(json.dumps(asyncio.run(measure(*map(int, sys.argv[1:])))))

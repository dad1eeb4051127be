"""`python -m benchmarks campaign --conversations 10000`: a campaign without a model, from its plan to its last line.

The offline player against the demo agents in this process, everything in SQLite, each conversation judged by checks. Says how many
conversations a second it makes, and counts what was lost or counted twice: both have to be none.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import measured
from understudy.app.campaign_views import SpecGiven
from understudy.app.campaigns import start_campaign
from understudy.app.context import App
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


async def measure(conversations: int) -> None:
    """Play so many or a few more (whole repeats), and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(store=Path(folder)), env={})
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
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20  # noqa: ASYNC240 - the work is over
        await app.aclose()
    print(f"{total:,} conversations of the offline player with {' and '.join(TARGETS)}, {CONCURRENCY} at once, SQLite, judged by checks\n")
    print("| conversations/s | CPU ms each | loop lag p99 ms | peak MB | store MB | lost | repeated | runs beyond one a cell |")
    print("|---|---|---|---|---|---|---|---|")
    print(f"| {found['rate']:.0f} | {found['cpu_ms_each']:.1f} | {found['lag_p99_ms']:.0f} | {found['peak_mb']:.0f} ", end="")
    print(f"| {size:.0f} | {lost} | {repeated} | {beyond} |")
    print(f"\nOutcomes: {', '.join(f'{name} {number:,}' for name, number in outcomes.most_common())}")
    if lost or repeated or beyond:
        raise SystemExit("conversations were lost or counted twice")


def run(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks campaign")
    parser.add_argument("--conversations", type=int, default=1000)
    asyncio.run(measure(parser.parse_args(arguments).conversations))

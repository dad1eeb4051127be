"""`python -m benchmarks campaign --conversations 10000`: a campaign without a model, from its plan to its last line.

The offline player against the demo agents in this process, everything in SQLite, each conversation judged by checks. Says how many
conversations a second it makes, and counts what was lost or counted twice: both have to be none.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import secrets
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.measuring import measured
from understudy.app.context import App
from understudy.app.runs import scenario_for
from understudy.app.verdicts import ensure_verdict
from understudy.campaigns.conduct import Conductor, Counted
from understudy.campaigns.embedded import Embedded
from understudy.campaigns.owner import owner_name
from understudy.campaigns.plan import plan
from understudy.domain.campaign import Campaign, CampaignSpec, Cell, ConversationLine, Spend
from understudy.domain.scenario import Scenario
from understudy.ports import Store
from understudy.settings.model import Settings
from understudy.simulation.players.rules import RulesPlayer
from understudy.wiring import Models, Targets, make_app

TARGETS = ("demo-clinic", "demo-bank")
AT_ONCE = 64


async def conducted(app: App, settings: Settings, spec: CampaignSpec) -> str:
    """Start the campaign, see it through, and return its id."""
    store = await app.store()
    targets = Targets(settings, {}, None, Models(settings, {}, app.store, {}).target_model, {})
    owner = owner_name(secrets.token_hex(4))
    engine = Embedded(
        store,
        player_for=lambda _, __: RulesPlayer(),
        target_for=targets.open,
        clock=time.time,
        owner=owner,
        concurrency=spec.concurrency,
    )
    known: dict[tuple[str, str | None, str], Scenario] = {}

    async def scenario_of(_: CampaignSpec, cell: Cell) -> Scenario:
        key = (cell.persona, cell.goal, cell.target)
        if key not in known:
            known[key] = await scenario_for(app, persona=cell.persona, goal=cell.goal, target=cell.target, player="rules")
        return known[key].evolve(seed=cell.seed)

    async def count(cell: Cell, run_id: str) -> Counted:
        verdict = await ensure_verdict(app, run_id)
        played = await store.played(run_id)
        assert played is not None
        line = ConversationLine(
            run_id=run_id,
            index=cell.index,
            persona=cell.persona,
            goal=cell.goal or "primary",
            target=cell.target,
            repeat=cell.repeat,
            seed=cell.seed,
            ending=played.ending.kind,
            cause=played.ending.cause,
            outcome=verdict.outcome,
            reason=verdict.reason,
            metrics=verdict.metrics,
        )
        return Counted(line, Spend())

    conductor = Conductor(
        store,
        engine,
        scenario_for=scenario_of,
        count=count,
        player_version=lambda _: "rules/1",
        target_limit=lambda _: spec.concurrency,
        clock=time.time,
        new_id=app.new_id,
        owner=owner,
    )
    goals = {p.id: p.goal for p in app.library.personas.values()}
    campaign_id = f"campaign_{secrets.token_hex(6)}"
    cells = plan(spec, goals)
    now = time.time()
    await store.create_campaign(
        Campaign(id=campaign_id, spec=spec, status="running", total=len(cells), created_at=now, updated_at=now), cells
    )
    conductor.begin(campaign_id)
    await conductor.wait(campaign_id, 24 * 3600)
    await conductor.aclose()
    await engine.aclose()
    await targets.aclose()
    return campaign_id


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
        settings = Settings(store=Path(folder))
        app = make_app(settings, env={})
        personas = tuple(sorted(p.id for p in app.library.personas.values() if p.goal and p.language[:2] in ("en", "de", "es")))
        repeats = math.ceil(conversations / (len(personas) * len(TARGETS)))
        spec = CampaignSpec(name="benchmark", personas=personas, targets=TARGETS, repeats=repeats, concurrency=AT_ONCE)
        total = repeats * len(personas) * len(TARGETS)
        ids: list[str] = []

        async def work() -> None:
            ids.append(await conducted(app, settings, spec))

        found = await measured(work, total, AT_ONCE)
        store = await app.store()
        lost, repeated, beyond, outcomes = await accounts(store, ids[0])
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20  # noqa: ASYNC240 - the work is over
        await app.aclose()
    print(f"{total:,} conversations of the offline player with {' and '.join(TARGETS)}, {AT_ONCE} at once, SQLite, judged by checks\n")
    print("| conversations/s | CPU ms each | loop lag p99 ms | peak MB | store MB | lost | repeated | runs beyond one a cell |")
    print("|---|---|---|---|---|---|---|---|")
    print(f"| {found['rate']:.0f} | {found['cpu_ms_each']:.1f} | {found['lag_p99_ms']:.0f} | {found['peak_mb']:.0f} ", end="")
    print(f"| {size:.0f} | {lost} | {repeated} | {beyond} |")
    print(f"\nOutcomes: {', '.join(f'{name} {number:,}' for name, number in outcomes.most_common())}")
    if lost or repeated or beyond:
        raise SystemExit("conversations were lost or counted twice")


def run(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks campaign")
    parser.add_argument("--conversations", type=int, default=1000)
    asyncio.run(measure(parser.parse_args(arguments or []).conversations))

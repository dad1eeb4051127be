"""The small campaign at the end of the demo: a clean agent beside one with a planted fault, and the report of both."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click

from understudy.app.campaigns import (
    CampaignView,
    ComparisonView,
    SpecGiven,
    compare_campaigns,
    export_campaign,
    get_campaign,
    start_campaign,
)
from understudy.cli.campaign_report import Live
from understudy.cli.output import width
from understudy.settings.model import Settings
from understudy.wiring import make_app

__all__ = ["campaign_report"]

CLEAN, FAULTY = "demo-clinic", "demo-clinic+loses_detail_after_change"
PERSONAS = ["three-minds", "lunch-break-regular", "few-words-sam", "rambling-edith", "surprised-by-bill", "caps-lock-denise"]
GIVEN = SpecGiven(name="demo", personas=PERSONAS, targets=[CLEAN, FAULTY], repeats=2, concurrency=16)
LONG_S = 600.0


def campaign_report(store: Path, folder: Path) -> Path:
    """Play the campaign over the store and write its report into the folder."""
    view, compared, page, took = asyncio.run(_play(store))
    click.echo("\n" + click.style("── A small campaign ".ljust(width(), "─"), bold=True))
    click.echo(
        f"  {view.total} conversations in {took:.1f} s: {view.personas} simulated users, each with a goal of its own, {view.repeats} times "
        f"on {' and on '.join(view.targets)}"
    )
    if view.summary is not None:
        click.echo(f"  passed                 {view.summary.passed}")
    click.echo(f"  with the fault planted {compared.verdict} for scenarios like these: {compared.difference}")
    for change in compared.newly_failing:
        click.echo(f"  newly failing          {change.scenario}: {change.before} -> {change.after}")
    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / "report.html").absolute()
    path.write_text(page, encoding="utf-8")
    click.echo(click.style(f"  the report             {path}", bold=True))
    return path


async def _play(store: Path) -> tuple[CampaignView, ComparisonView, str, float]:
    began = time.monotonic()
    app = make_app(Settings(store=store))
    try:
        begun = await start_campaign(app, GIVEN)
        view = await get_campaign(app, begun.id, wait_s=LONG_S, progress=Live(quiet=False))
        took = time.monotonic() - began
        compared = await compare_campaigns(app, view.id, view.id, before_target=CLEAN, after_target=FAULTY)
        return view, compared, await export_campaign(app, view.id, "html"), took
    finally:
        await app.aclose()

"""A dry sample: a few conversations of a plan, played for real, so that its estimate rests on what they took."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from statistics import fmean, pstdev, stdev

from understudy.app.campaign_count import count
from understudy.app.campaign_history import seconds_of
from understudy.app.campaign_spec import player_version, target_limit
from understudy.app.context import App
from understudy.app.pages import cut
from understudy.campaigns.conduct import Counted
from understudy.campaigns.estimate import History
from understudy.campaigns.plan import spread_over
from understudy.domain.campaign import CampaignSpec, Cell
from understudy.domain.errors import BadInput

__all__ = ["MOST_SAMPLED", "Sample", "dry_sample"]

MOST_SAMPLED = 100
LONG_S = 3600.0


@dataclass(frozen=True)
class Sample:
    """What came of it."""

    history: History | None
    """None when the target answered in none."""
    run_ids: list[str]
    unanswered: int
    untrusted_failure: str
    """Of the first conversation in which the target gave no answer."""


async def dry_sample(app: App, spec: CampaignSpec, cells: tuple[Cell, ...], size: int) -> Sample:
    """Play `size` conversations of the plan, in equal shares of personas, goals and targets, and judge them. They are kept as runs.

    Raises BadInput for a size that is not 1 to 100.
    """
    if not 1 <= size <= MOST_SAMPLED:
        raise BadInput("dry_sample", f"{size} is not from 1 to {MOST_SAMPLED}", "8 are enough for a first figure")
    at_once = asyncio.Semaphore(spec.concurrency)
    places = {name: asyncio.Semaphore(target_limit(app, name)) for name in spec.targets}

    async def one(cell: Cell) -> Counted:
        async with at_once, places[cell.target]:
            return await _played(app, spec, cell)

    every = await asyncio.gather(*(one(cell) for cell in spread_over(cells, size, spec.seed)))
    answered = [one for one in every if one.line.outcome != "error"]
    silent = [one.line for one in every if one.line.outcome == "error"]
    return Sample(
        history=await _history(app, answered, asked=len(every)) if answered else None,
        run_ids=[one.line.run_id for one in every],
        unanswered=len(silent),
        untrusted_failure=cut(silent[0].reason, 300) if silent else "",
    )


async def _played(app: App, spec: CampaignSpec, cell: Cell) -> Counted:
    store, engine, run_id = await app.store(), await app.engine(), app.new_id("run")
    scenario = await app.scenarios.of(app, spec, cell)
    await store.create_run(run_id, scenario, at=app.clock(), player_version=player_version(app, spec))
    await engine.submit(run_id)
    while not await engine.wait(run_id, LONG_S):
        pass
    return await count(app, cell, run_id)


async def _history(app: App, played: list[Counted], *, asked: int) -> History:
    spent = [one.spent for one in played]
    target_seconds, model_seconds = await seconds_of(app, [one.line.run_id for one in played])
    took = {
        "target_calls": [float(one.target_calls) for one in spent],
        "model_calls": [float(one.calls) for one in spent],
        "tokens": [float(one.input_tokens + one.output_tokens) for one in spent],
        "usd": [one.usd for one in spent],
        "seconds": [one.line.seconds for one in played],
    }
    judged = [one.line.outcome == "pass" for one in played if one.line.outcome in ("pass", "fail")]
    return History(
        conversations=len(played),
        asked=asked,
        target_calls=fmean(took["target_calls"]),
        target_seconds=target_seconds,
        model_calls=fmean(took["model_calls"]),
        model_seconds=model_seconds,
        input_tokens=fmean(one.input_tokens for one in spent),
        output_tokens=fmean(one.output_tokens for one in spent),
        usd=None if any(one.unpriced_calls for one in spent) else fmean(took["usd"]),
        pass_rate=fmean(judged) if judged else None,
        deviations={name: _deviation(values) for name, values in took.items()} if len(played) > 1 else {},
    )


def _deviation(values: list[float]) -> float:
    """The standard deviation as a share of the mean; 0 where nothing was used."""
    return stdev(values) / fmean(values) if pstdev(values) else 0.0

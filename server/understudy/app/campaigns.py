"""Campaigns for every face (tools, command line, pytest): plan, start, look, steer; compare, gate, export."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Literal

from understudy.app.campaign_compare import analysis_of, compare_campaigns, comparison_of, gate_campaign, set_baseline, trend
from understudy.app.campaign_export import export_campaign
from understudy.app.campaign_views import (
    CampaignAction,
    CampaignPage,
    CampaignRow,
    CampaignSummary,
    CampaignView,
    ChangeRow,
    ComparisonView,
    ExportFormat,
    PlannedCell,
    PlanView,
    SpecGiven,
    TrendRow,
)
from understudy.app.context import App, Change
from understudy.app.pages import encode_cursor, fit, offset_of
from understudy.domain.campaign import Campaign, CampaignStatus, Caps
from understudy.domain.errors import BadInput, Conflict, NotAllowed

__all__ = [
    "CampaignAction",
    "CampaignPage",
    "CampaignRow",
    "CampaignSummary",
    "CampaignView",
    "ChangeRow",
    "ComparisonView",
    "ExportFormat",
    "PlanView",
    "SpecGiven",
    "TrendRow",
    "analysis_of",
    "campaign_at_its_end",
    "compare_campaigns",
    "comparison_of",
    "control_campaign",
    "export_campaign",
    "find_campaign",
    "gate_campaign",
    "get_campaign",
    "list_campaigns",
    "plan_campaign",
    "set_baseline",
    "start_campaign",
    "trend",
]

Progress = Callable[[int, int, str], Awaitable[None]]
"""Called with conversations done, the number in the plan, and a line for people."""

SHOWN_CELLS = 8
LOOK_S = 0.5
HOUR_S = 3600.0


async def find_campaign(app: App, campaign_id: str) -> Campaign:
    """The campaign. Raises NotFound."""
    from understudy.app.campaign_compare import campaign_of

    return await campaign_of(app, campaign_id)


async def plan_campaign(app: App, given: SpecGiven, *, dry_sample: int | None = None) -> PlanView:
    """The plan, and what it would take and could show. Nothing is stored, except the runs of a dry sample: so many conversations of
    the plan, played for the estimate. Raises NotFound and BadInput."""
    from understudy.app.campaign_early import held_against
    from understudy.app.campaign_history import history_of, is_priced
    from understudy.app.campaign_sample import dry_sample as sampled
    from understudy.app.campaign_spec import planned, resolve, target_limit
    from understudy.campaigns.estimate import estimate

    spec = await held_against(app, await resolve(app, given), given.stop_early_against)
    cells = await planned(app, spec)
    limits = {name: target_limit(app, name) for name in spec.targets}
    sample = await sampled(app, spec, cells, dry_sample) if dry_sample is not None else None
    history = sample.history if sample is not None and sample.history is not None else await history_of(app, spec)
    expected = estimate(spec, cells, history, limit_of=limits)
    narrow = [f"`{name}` takes {limits[name]} conversations at once (its setting `concurrency`)" for name in spec.targets]
    warnings = [line for name, line in zip(spec.targets, narrow, strict=True) if limits[name] < min(spec.concurrency, len(cells))]
    if sample is not None and sample.unanswered:
        of = f"the target gave no answer in {sample.unanswered} of {len(sample.run_ids)} conversations of the dry sample"
        warnings.append(f"{of}: {sample.untrusted_failure}")
    if spec.caps.usd is None and is_priced(app, spec):
        warnings.append("models with a price take part and there is no cap in money: set max_usd")
    if expected.usd is None and spec.caps.usd is not None:
        warnings.append("a model has no price, so a cap in money cannot be held: set its `price`, or cap tokens (max_tokens)")
    if spec.caps.usd is not None and expected.usd is not None and expected.usd.likely > spec.caps.usd:
        warnings.append(f"the cap of {spec.caps.usd:g} USD will probably stop it before its end")
    return PlanView(
        name=spec.name,
        conversations=len(cells),
        scenarios=expected.scenarios,
        personas=len({cell.persona for cell in cells}),
        goals=len({cell.goal for cell in cells}),
        targets=list(spec.targets),
        estimate=expected,
        first=[PlannedCell(persona=c.persona, goal=c.goal, target=c.target, repeat=c.repeat, seed=c.seed) for c in cells[:SHOWN_CELLS]],
        sample=sample.run_ids if sample is not None else [],
        warnings=warnings,
        spec=spec,
        next=("Nothing is stored yet. " if sample is None else "The dry sample is kept; the campaign plays its own. ")
        + "Start it with start_campaign and the same arguments (`understudy campaign run`).",
    )


async def start_campaign(app: App, given: SpecGiven, *, idempotency_key: str | None = None) -> CampaignView:
    """Store the plan and conduct it in the background; the same key a second time gives the campaign that it started.

    Raises NotFound, BadInput, and Conflict when the key was used for another plan.
    """
    from understudy.app.campaign_early import held_against
    from understudy.app.campaign_spec import planned, resolve, versions_of
    from understudy.app.campaign_summary import view_of

    spec = await held_against(app, await resolve(app, given), given.stop_early_against)
    store, now = await app.store(), app.clock()
    new = Campaign(
        id=app.new_id("camp"),
        spec=spec,
        status="running",
        total=0,
        created_at=now,
        updated_at=now,
        idempotency_key=idempotency_key,
        versions=await versions_of(app, spec, given.agent_version),
    )
    made = await store.create_campaign(new, await planned(app, spec))
    await app.announce(Change("campaign", made.id, listed=True))
    if made.status == "running":
        await _conduct(app, made.id)
    return await view_of(app, made)


async def get_campaign(
    app: App, campaign_id: str, *, wait_s: float = 0.0, detail: Literal["concise", "full"] = "concise", progress: Progress | None = None
) -> CampaignView:
    """How a campaign stands and what it says, after waiting up to `wait_s` seconds for its end. Whoever waits for one
    that nobody conducts takes it up, where its targets are known; where they are not, nobody waits for nothing. Raises NotFound,
    and the StoreError that stopped it here."""
    from understudy.app.campaign_summary import is_left, line_for_people, view_of

    deadline, shown, store = time.monotonic() + wait_s, -1, await app.store()
    while True:
        campaign = await find_campaign(app, campaign_id)
        campaign_id = campaign.id  # it may have been the name of a baseline
        if campaign.status == "running" and wait_s > 0:
            await _take_up(app, campaign)
        far = await store.campaign_progress(campaign_id)
        if progress is not None and far.done > shown:
            shown = far.done
            await progress(far.done, campaign.total, line_for_people(campaign, far))
        left = deadline - time.monotonic()
        if (
            left <= 0
            or await is_left(app, campaign)
            or (campaign.status != "running" and not (far.started and (await app.conductor()).conducts(campaign_id)))
        ):
            return await view_of(app, campaign, full=detail == "full")
        conductor = await app.conductor()
        pause = min(left, LOOK_S) if progress is not None or not conductor.conducts(campaign_id) else left
        held = conductor.conducts(campaign_id)
        await conductor.wait(campaign_id, pause)
        if not held:
            await asyncio.sleep(pause)


async def campaign_at_its_end(app: App, campaign_id: str, *, progress: Progress | None = None) -> CampaignView:
    """As `get_campaign`, once it runs no more. Raises NotAllowed when nobody goes on with it, here neither."""
    from understudy.app.campaign_summary import is_left

    while (view := await get_campaign(app, campaign_id, wait_s=HOUR_S, progress=progress)).status == "running":
        if await is_left(app, await find_campaign(app, campaign_id)):
            targets = ", ".join(view.targets)
            raise NotAllowed(f"Nobody goes on with campaign `{view.id}`: not all of its targets are configured here ({targets}).")
    return view


async def list_campaigns(app: App, *, status: CampaignStatus | None = None, cursor: str | None = None, limit: int = 20) -> CampaignPage:
    """Newest first. Raises BadInput for a cursor of another list."""
    from understudy.app.campaign_summary import row_of

    start, store = offset_of(cursor), await app.store()
    found = await store.campaigns(status=status, limit=limit + 1, offset=start)
    rows = [row_of(campaign, await store.campaign_progress(campaign.id)) for campaign in found[:limit]]
    kept = fit(rows)
    more = len(kept) < len(found)
    return CampaignPage(campaigns=kept, next_cursor=encode_cursor(start + len(kept)) if more and kept else None)


async def control_campaign(
    app: App,
    campaign_id: str,
    action: CampaignAction,
    *,
    max_usd: float | None = None,
    max_tokens: int | None = None,
    max_seconds: float | None = None,
    max_conversations: int | None = None,
    retry_failed: bool = False,
    judge_again: bool = False,
    play_on: bool = False,
) -> CampaignView:
    """Pause (what is under way is finished), resume (with new caps where given) or cancel (what is under way is stopped too).

    For resume: `retry_failed` plays conversations again in which the target gave no answer; `judge_again` has those judged
    that were played and are unscored for want of a judge, also of a finished campaign; `play_on` goes on to the end with a
    campaign that was stopped because it did worse than the one it is held against. Raises NotFound, Conflict for an
    action that the campaign's status rules out, and BadInput for caps without resume, or when no judge is there.
    """
    from understudy.app.campaign_summary import view_of

    campaign = await find_campaign(app, campaign_id)
    changes = {"usd": max_usd, "tokens": max_tokens, "seconds": max_seconds, "conversations": max_conversations}
    given = {name: value for name, value in changes.items() if value is not None}
    if action != "resume" and (given or retry_failed or judge_again or play_on):
        raise BadInput("action", f"caps, retry_failed, judge_again and play_on go with resume, not with {action}")
    if action == "resume":
        campaign = await _resume(app, campaign, given, retry_failed=retry_failed, judge_again=judge_again, play_on=play_on)
    else:
        campaign = await _stop(app, campaign, action)
    await app.announce(Change("campaign", campaign.id, listed=False))
    return await view_of(app, campaign)


async def _resume(
    app: App, campaign: Campaign, given: dict[str, float | int], *, retry_failed: bool, judge_again: bool, play_on: bool
) -> Campaign:
    from understudy.app.campaign_judging import judge_what_lacks_it
    from understudy.app.campaign_spec import checked_target

    store = await app.store()
    if campaign.status == "cancelled":
        raise Conflict(f"Campaign `{campaign.id}` was cancelled. Start a new one with the same arguments.")
    if not play_on:
        await _refuse_when_stopped_early(app, campaign)
    if given or play_on:
        caps = Caps.model_validate({**campaign.spec.caps.model_dump(), **given, **({"against": None} if play_on else {})})
        campaign = await store.set_campaign_caps(campaign.id, caps, at=app.clock())
    reopened = await _reopen_failed(app, campaign) if retry_failed else 0
    if campaign.status == "finished" and not (reopened or judge_again):
        raise Conflict(f"Campaign `{campaign.id}` is finished; there is nothing to resume.")
    await _refuse_at_its_cap(app, campaign)
    for target in campaign.spec.targets:
        checked_target(app, target)
    if judge_again:
        await judge_what_lacks_it(app, campaign)
        far = await store.campaign_progress(campaign.id)
        if campaign.status == "finished" and not (far.started or far.waiting):
            return campaign
    campaign = await store.set_campaign_status(campaign.id, "running", why="", at=app.clock())
    await _conduct(app, campaign.id)
    return campaign


async def _reopen_failed(app: App, campaign: Campaign) -> int:
    store = await app.store()
    failed = [line.index for line in await store.campaign_lines(campaign.id) if line.outcome == "error"]
    return await store.reopen_cells(campaign.id, failed, at=app.clock())


async def _refuse_when_stopped_early(app: App, campaign: Campaign) -> None:
    from understudy.app.campaign_early import stopped_early

    if (evidence := await stopped_early(app, campaign)) is not None:
        raise Conflict(f"{evidence.why} To play the rest all the same, resume with play_on (`--play-on`).")


async def _refuse_at_its_cap(app: App, campaign: Campaign) -> None:
    from understudy.campaigns.conduct import cap_reached

    why = cap_reached(campaign)
    cap, far = campaign.spec.caps.conversations, await (await app.store()).campaign_progress(campaign.id)
    if not why and cap is not None and far.waiting and not far.started and far.done >= cap:
        why = f"The cap of {cap} conversations is reached."
    if why:
        raise Conflict(f"{why} Resume with a higher cap (max_usd, max_tokens, max_seconds, max_conversations).")


async def _stop(app: App, campaign: Campaign, action: Literal["pause", "cancel"]) -> Campaign:
    wanted: CampaignStatus = "paused" if action == "pause" else "cancelled"
    if campaign.status == wanted:
        return campaign
    if campaign.status == "finished" or (wanted == "paused" and campaign.status != "running"):
        raise Conflict(f"Campaign `{campaign.id}` is {campaign.status}; only a running one can be {wanted}.")
    store = await app.store()
    campaign = await store.set_campaign_status(campaign.id, wanted, why="Cancelled." if wanted == "cancelled" else "", at=app.clock())
    conductor = await app.conductor()
    conductor.look(campaign.id)
    if (await store.campaign_progress(campaign.id)).started:
        conductor.begin(campaign.id)  # whoever conducted it may be gone, and what is under way is to be stopped and counted
    if wanted == "cancelled":
        await conductor.wait(campaign.id, 5.0)  # it may be starting conversations just now
    return await find_campaign(app, campaign.id)


async def _conduct(app: App, campaign_id: str) -> None:
    app.scenarios.forget()
    conductor = await app.conductor()
    conductor.begin(campaign_id)
    conductor.look(campaign_id)


async def _take_up(app: App, campaign: Campaign) -> None:
    """Conduct it here when nobody does."""
    from understudy.app.campaign_spec import knows_targets

    conductor = await app.conductor()
    if conductor.conducts(campaign.id) or not knows_targets(app, campaign.spec):
        return
    if await conductor.is_free(campaign.id):
        conductor.begin(campaign.id)

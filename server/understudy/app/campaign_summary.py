"""A campaign in the shape that callers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.app.campaign_views import (
    CampaignRow,
    CampaignSummary,
    CampaignView,
    CriterionRow,
    HowFar,
    OutlierRow,
    ScenarioRow,
    SliceRow,
)
from understudy.app.context import App
from understudy.app.pages import cut
from understudy.domain.campaign import Campaign
from understudy.ports import CampaignProgress

if TYPE_CHECKING:
    from understudy.app.campaign_seen import Seen
    from understudy.campaigns.analysis import Analysis, CriterionSlice, ScenarioLine, Slice
    from understudy.campaigns.stats.clusters import ClusteredRate

__all__ = ["duration", "is_left", "line_for_people", "rate_text", "row_of", "speed", "summary_of", "view_of"]

WORST, SCENARIOS, OUTLIERS = 3, 5, 5
ALL = 1_000
SEEN = 0.05


async def view_of(app: App, campaign: Campaign, *, full: bool = False) -> CampaignView:
    """The campaign as it stands."""
    store = await app.store()
    far = await store.campaign_progress(campaign.id)
    seen = await app.analyses.of(store, campaign, far) if far.done else None
    per_second, left = speed(campaign, far)
    return CampaignView(
        id=campaign.id,
        name=campaign.spec.name,
        status=campaign.status,
        why=campaign.why,
        untrusted_failure=await _failure(app, seen.newest_failure) if seen is not None and far.outcomes.get("error") else None,
        total=campaign.total,
        progress=HowFar(waiting=far.waiting, started=far.started, done=far.done, outcomes=far.outcomes),
        per_second=per_second,
        seconds_left=left,
        processes=app.played_by(campaign.id),
        spend=campaign.spend,
        targets=list(campaign.spec.targets),
        personas=len(campaign.spec.personas),
        repeats=campaign.spec.repeats,
        player=campaign.spec.player,
        rubric=campaign.spec.rubric,
        created_at=campaign.created_at,
        summary=summary_of(seen, full=full) if seen is not None else None,
        versions=campaign.versions if full else None,
        spec=campaign.spec if full else None,
        uri=f"campaign://{campaign.id}",
        report_uri=f"report://{campaign.id}",
        next=_next(campaign, far, left=await is_left(app, campaign)) + _unjudged(campaign, seen),
    )


def row_of(campaign: Campaign, far: CampaignProgress) -> CampaignRow:
    """The campaign in a list."""
    return CampaignRow(
        id=campaign.id,
        name=campaign.spec.name,
        status=campaign.status,
        done=far.done,
        total=campaign.total,
        outcomes=far.outcomes,
        targets=list(campaign.spec.targets),
        usd=round(campaign.spend.usd, 6),
        created_at=campaign.created_at,
        why=cut(campaign.why, 300),
    )


def speed(campaign: Campaign, far: CampaignProgress) -> tuple[float | None, float | None]:
    """Conversations a second of running time, and the seconds that are left at that rate; None where nothing can be said."""
    if not far.done or campaign.spend.seconds <= 0:
        return None, None
    rate = far.done / campaign.spend.seconds
    most = campaign.total if campaign.spec.caps.conversations is None else min(campaign.total, campaign.spec.caps.conversations)
    left = max(0, most - far.done) / rate if campaign.status == "running" else None
    return round(rate, 3), None if left is None else round(left, 1)


def line_for_people(campaign: Campaign, far: CampaignProgress) -> str:
    """Progress in a line: `120/400 done, 3 failed, 2 unscored, 14.2/s, about 20 s left, 0.12 USD`."""
    rate, left = speed(campaign, far)
    told = [f"{far.done}/{campaign.total} done", f"{far.outcomes.get('fail', 0)} failed"]
    told += [
        f"{far.outcomes[kind]} {word}" for kind, word in (("unscored", "unscored"), ("error", "without answer")) if far.outcomes.get(kind)
    ]
    told += [f"{rate:.1f}/s"] if rate is not None else []
    told += [f"about {duration(left)} left"] if left else []
    told += [f"{campaign.spend.usd:.4f} USD"] if campaign.spend.usd else []
    return ", ".join(told)


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def rate_text(rate: ClusteredRate) -> str:
    """`41/50 = 82% [69%, 90%]`, with the interval that allows for clusters."""
    if rate.value is None or rate.interval is None:
        return "0/0"
    return f"{rate.rate.hits}/{rate.rate.total} = {rate.value:.0%} [{rate.interval.low:.0%}, {rate.interval.high:.0%}]"


def summary_of(seen: Seen, *, full: bool = False) -> CampaignSummary:
    """What the analysis says, in short; with `full`, every slice and scenario."""
    worst, scenarios = (ALL, ALL) if full else (WORST, SCENARIOS)
    analysis = seen.analysis
    passed = analysis.passed
    return CampaignSummary(
        passed=rate_text(passed),
        pass_rate=passed.value,
        low=passed.interval.low if passed.interval else None,
        high=passed.interval.high if passed.interval else None,
        conversations=analysis.conversations,
        judged=analysis.outcomes.judged,
        unscored=str(analysis.unscored),
        simulator_faults=str(analysis.simulator_faults),
        infrastructure=str(analysis.infrastructure),
        reruns=analysis.reruns,
        resumed=analysis.resumed,
        restarted=analysis.restarted,
        worst=[_slice(row) for row in _worst(analysis.slices, full=full)[:worst]],
        worst_criteria=[_criterion(row) for row in analysis.criteria if full or _is_bad(row)][:worst],
        stable=analysis.stable,
        flaky=[_scenario(row) for row in analysis.flaky[:scenarios]],
        failing=[_scenario(row) for row in analysis.failing[:scenarios]],
        flaky_total=len(analysis.flaky),
        failing_total=len(analysis.failing),
        outliers=[
            OutlierRow(run_id=o.run_id, scenario=o.scenario, turns=o.turns, usual=o.usual)
            for o in analysis.outliers[: ALL if full else OUTLIERS]
        ],
        turns_median=analysis.turns.median,
        pass_hat={str(row.k): round(row.value, 4) for row in analysis.reliability},
        escalation=_escalation(analysis),
        tone=_tone(analysis),
        latency_p50_ms=analysis.use.latency_p50_ms,
        latency_p95_ms=analysis.use.latency_p95_ms,
    )


def _worst(slices: tuple[Slice, ...], *, full: bool) -> list[Slice]:
    """The lowest share first, over personas, goals, segments and targets; without those that are all there is of their kind."""
    many = [row for row in slices if full or sum(other.kind == row.kind for other in slices) > 1]
    judged = [row for row in many if row.passed.value is not None and (full or row.passed.value < 1)]
    return sorted(judged, key=lambda row: (row.passed.value or 0.0, -row.passed.rate.total, row.kind, row.name))


def _is_bad(row: CriterionSlice) -> bool:
    return row.passed.value is not None and row.passed.value < 1


def _slice(row: Slice) -> SliceRow:
    return SliceRow(
        kind=row.kind,
        name=row.name,
        passed=rate_text(row.passed),
        simulator_faults=row.simulator_faults,
        unscored=row.outcomes.unscored,
        error=row.outcomes.error,
        p_adjusted=row.p_adjusted,
    )


def _criterion(row: CriterionSlice) -> CriterionRow:
    return CriterionRow(
        criterion=row.criterion, gate=row.gate, passed=rate_text(row.passed), unscored=row.outcomes.unscored, error=row.outcomes.error
    )


def _scenario(row: ScenarioLine) -> ScenarioRow:
    return ScenarioRow(
        scenario=row.scenario,
        target=row.target,
        passed=f"{row.passed}/{row.judged}",
        run_ids=list(row.run_ids[:2]),
        untrusted_reason=cut(row.reason, 200),
    )


def _escalation(analysis: Analysis) -> str:
    found = analysis.escalation
    if not found.recall.total and not found.unnecessary.total:
        return ""
    return f"in time when called for: {found.recall} ({found.late} late); needlessly: {found.unnecessary}"


def _tone(analysis: Analysis) -> str:
    found = analysis.tone
    if found is None:
        return ""
    differs = "differs by persona" if found.p < SEEN else "no difference by persona shown"
    return f"{differs} (p = {found.p:.3f}, R2 = {found.effect:.2f}, most in {found.feature}; {found.conversations} conversations)"


async def _failure(app: App, run_id: str | None) -> str | None:
    from understudy.app.transcripts import load

    if run_id is None:
        return None
    ending = (await load(app, run_id)).ending
    return cut(f"[{ending.failure.kind}] {ending.failure.detail}", 400) if ending and ending.failure else None


async def is_left(app: App, campaign: Campaign) -> bool:
    """Whether it should be running, and nobody goes on with it."""
    if campaign.status != "running":
        return False
    conductor = await app.conductor()
    return not conductor.conducts(campaign.id) and await conductor.is_free(campaign.id)


def _next(campaign: Campaign, far: CampaignProgress, *, left: bool) -> str:
    from understudy.campaigns.early_stop import STOPPED_EARLY

    id = campaign.id
    if left:
        return f"Interrupted: nobody goes on with it now. control_campaign with action resume does (`understudy campaign resume {id}`)."
    if campaign.status == "running":
        return (
            f'Under way. Call get_campaign with campaign_id "{id}" and wait_s 45 (`understudy campaign show {id}`); it survives a restart.'
        )
    if campaign.status == "paused":
        return f"Paused. Go on with it: control_campaign with action resume (`understudy campaign resume {id}`)."
    if campaign.status == "stopped" and campaign.why.startswith(STOPPED_EARLY):
        return (
            f"What was done counts. Compare: compare_campaigns {campaign.spec.caps.against} with {id}. To see how much worse it is, "
            f"play the rest: control_campaign with resume and play_on (`understudy campaign resume {id} --play-on`)."
        )
    if campaign.status == "stopped":
        retry = " With retry_failed, conversations without an answer are played again." if far.outcomes.get("error") else ""
        how = f"Resume it, with a higher cap if one was reached (`understudy campaign resume {id}`)."
        if not far.waiting and not far.started:
            return f"Nothing of the plan is left.{retry} `understudy campaign resume {id}` finishes it."
        return f"Stopped before its end; what was done counts. {how}{retry}"
    if campaign.status == "cancelled":
        return "Cancelled; what was done counts."
    return (
        f"Finished. The report: report://{id} (`understudy campaign export {id} --format html`). A failing conversation: "
        "get_transcript with its run id (`understudy show RUN`)."
    )


def _unjudged(campaign: Campaign, seen: Seen | None) -> str:
    """What to do about conversations that no judge has answered on; nothing while it runs, or once it was cancelled."""
    if seen is None or not seen.lacking_judge or campaign.status in ("running", "cancelled"):
        return ""
    few = "1 conversation is" if seen.lacking_judge == 1 else f"{seen.lacking_judge} conversations are"
    return (
        f" {few} unscored because no judge answered: once one does, control_campaign with resume and judge_again has them judged, and "
        f"plays none of them again (`understudy campaign resume {campaign.id} --judge-again`)."
    )

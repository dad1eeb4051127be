"""Campaigns read together: analysis, comparison with another or with a baseline, the gate, the trend of a name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from understudy.app.campaign_views import ChangeRow, ComparisonView, SideRow, SliceChangeRow, TrendRow
from understudy.app.context import App
from understudy.app.pages import cut
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import BadInput, NotFound

if TYPE_CHECKING:
    from understudy.campaigns.analysis import Analysis
    from understudy.campaigns.compare import Comparison, ScenarioChange, SliceChange
    from understudy.campaigns.gate import GateResult, GateRules

__all__ = [
    "analysis_of",
    "campaign_of",
    "check_baseline_name",
    "compare_campaigns",
    "comparison_of",
    "gate_campaign",
    "set_baseline",
    "trend",
]

PRE_FILTER = (
    "Two targets under the same simulated users and seeds. It tells which one to look at first; it does not tell what real users prefer."
)
CHANGES, SLICES = 10, 8
MOST_LOOKED_AT = 1_000


async def campaign_of(app: App, name: str) -> Campaign:
    """The campaign with this id, or the one that a baseline of this name means. Raises NotFound."""
    store = await app.store()
    found = await store.campaign(name)
    if found is None and (id := await store.baseline(name)) is not None:
        found = await store.campaign(id)
    if found is None:
        newest = [campaign.id for campaign in await store.campaigns(limit=5)]
        raise NotFound("campaign", name, newest=newest, hint="List them with list_campaigns (`understudy campaign list`).")
    return found


async def analysis_of(app: App, campaign_id: str) -> tuple[Campaign, list[ConversationLine], Analysis]:
    """The campaign, its lines so far and their analysis. Raises NotFound."""
    from understudy.campaigns.analysis import analyse

    campaign = await campaign_of(app, campaign_id)
    lines = await (await app.store()).campaign_lines(campaign.id)
    return campaign, lines, await asyncio.to_thread(analyse, lines)


async def comparison_of(
    app: App,
    before: str,
    after: str,
    *,
    before_target: str | None = None,
    after_target: str | None = None,
    margin: float = 0.05,
    allow_different: bool = False,
) -> tuple[Campaign, Campaign, Comparison]:
    """Both campaigns, and their comparison. As `compare_campaigns`."""
    from understudy.campaigns.compare import check_comparable, compare

    first, second = await campaign_of(app, before), await campaign_of(app, after)
    if first.id == second.id and before_target == after_target:
        raise BadInput("after", f"is campaign `{first.id}` as well", "Give another campaign, or two targets (before_target, after_target)")
    store = await app.store()
    sides = [
        _side(campaign, await store.campaign_lines(campaign.id), target, field)
        for campaign, target, field in ((first, before_target, "before_target"), (second, after_target, "after_target"))
    ]
    warnings = check_comparable(first.versions, second.versions, allow=allow_different) + _differing_plans(first, second)
    early, told = await _stopped_early(app, first, second)
    return first, second, await asyncio.to_thread(compare, *sides, margin=margin, warnings=warnings + told, stopped_early=early)


async def _stopped_early(app: App, first: Campaign, second: Campaign) -> tuple[str, tuple[str, ...]]:
    """The evidence by which the second was stopped for being worse than the first, and what to be warned of where either was stopped so."""
    from understudy.app.campaign_early import stopped_early

    found = {one.id: evidence for one in (first, second) if (evidence := await stopped_early(app, one)) is not None}
    told = tuple(
        f"{id} was stopped early by what it showed: interval and p-values hold for a size set beforehand, not for it; its e-value does"
        for id in found
    )
    own = found.get(second.id)
    return (str(own) if own is not None and own.against == first.id else ""), told


async def compare_campaigns(
    app: App,
    before: str,
    after: str,
    *,
    before_target: str | None = None,
    after_target: str | None = None,
    margin: float = 0.05,
    allow_different: bool = False,
) -> ComparisonView:
    """What differs, paired by scenario. `before` and `after` are ids or names of baselines; the same twice, with two targets,
    compares the targets. Raises NotFound, BadInput, and Conflict when player, prompts, rubric or judge differ."""
    first, second, found = await comparison_of(
        app, before, after, before_target=before_target, after_target=after_target, margin=margin, allow_different=allow_different
    )
    return ComparisonView(
        verdict=found.verdict,
        said=_said(found),
        before=_side_row(first, before_target, str(found.before)),
        after=_side_row(second, after_target, str(found.after)),
        difference=_difference(found),
        pairs=found.pairs,
        unpaired=found.unpaired,
        newly_failing=[_change(one) for one in found.newly_failing[:CHANGES]],
        newly_passing=[_change(one) for one in found.newly_passing[:CHANGES]],
        slices=[_slice(one) for one in found.slices if one.before.value != one.after.value][:SLICES],
        margin=found.margin,
        smallest_difference=found.smallest_difference,
        pairs_needed=found.pairs_needed,
        evidence=round(found.evidence, 4),
        note=PRE_FILTER if first.id == second.id else "",
        warnings=list(found.warnings),
    )


async def set_baseline(app: App, name: str, campaign_id: str) -> None:
    """From now on `name` means this campaign. Raises NotFound, and BadInput for a name that is no slug."""
    store = await app.store()
    check_baseline_name(name)
    if await store.campaign(name) is not None:
        raise BadInput("name", f"`{name}` is the id of a campaign", "Choose another name")
    await store.set_baseline(name, (await campaign_of(app, campaign_id)).id, at=app.clock())


def check_baseline_name(name: str) -> None:
    """Raises BadInput for a name that is no slug."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,63}", name):
        raise BadInput("name", f"`{name[:80]}` is no name for a baseline", "Use lower-case letters, digits, dots and hyphens: `main`")


async def gate_campaign(
    app: App, campaign_id: str, rules: GateRules, *, baseline: str | None = None, allow_different: bool = False
) -> tuple[GateResult, Analysis, Comparison | None]:
    """Whether the campaign holds to the rules; against a baseline (an id or a name) where one is given.

    Raises NotFound, BadInput for a campaign without a conversation, and Conflict as `compare_campaigns`.
    """
    from understudy.campaigns.gate import gate

    campaign, _, analysis = await analysis_of(app, campaign_id)
    comparison = None
    if baseline is not None and analysis.conversations:
        _, _, comparison = await comparison_of(app, baseline, campaign_id, allow_different=allow_different)
    return gate(analysis, rules, comparison, planned=campaign.total), analysis, comparison


async def trend(app: App, name: str, limit: int = 20) -> list[TrendRow]:
    """The newest campaigns of that name, newest first. Raises NotFound when there is none."""
    from understudy.campaigns.compare import MUST_AGREE

    store = await app.store()
    newest = await store.campaigns(limit=MOST_LOOKED_AT)
    found = [campaign for campaign in newest if campaign.spec.name == name][:limit]
    if not found:
        raise NotFound("campaign named", name, sorted({campaign.spec.name for campaign in newest}))
    rows: list[TrendRow] = []
    for campaign in found:
        same = all(campaign.versions.get(part) == found[0].versions.get(part) for part in MUST_AGREE)
        rows.append(await _trend_row(app, campaign, comparable=same))
    return rows


async def _trend_row(app: App, campaign: Campaign, *, comparable: bool) -> TrendRow:
    from understudy.app.campaign_summary import rate_text

    store = await app.store()
    analysis = (await app.analyses.of(store, campaign, await store.campaign_progress(campaign.id))).analysis
    interval = analysis.passed.interval
    return TrendRow(
        campaign_id=campaign.id,
        name=campaign.spec.name,
        status=campaign.status,
        created_at=campaign.created_at,
        agent_version=campaign.versions.get("agent", ""),
        targets=list(campaign.spec.targets),
        conversations=analysis.conversations,
        passed=rate_text(analysis.passed),
        pass_rate=analysis.passed.value,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        unscored=analysis.unscored.hits,
        simulator_faults=analysis.simulator_faults.hits,
        error=analysis.infrastructure.hits,
        comparable=comparable,
    )


def _side(campaign: Campaign, lines: Iterable[ConversationLine], target: str | None, field: str) -> list[ConversationLine]:
    if target is None:
        return list(lines)
    if target not in campaign.spec.targets:
        raise BadInput(field, f"campaign `{campaign.id}` has no target `{target}`", f"It has {', '.join(campaign.spec.targets)}")
    return [line for line in lines if line.target == target]


def _differing_plans(first: Campaign, second: Campaign) -> tuple[str, ...]:
    """What makes a comparison weaker without making it wrong."""
    a, b = first.spec, second.spec
    told = [f"seed: {a.seed} before, {b.seed} after: the users say other things"] if a.seed != b.seed else []
    told += [f"turn limit: {a.limits.max_turns} before, {b.limits.max_turns} after"] if a.limits.max_turns != b.limits.max_turns else []
    told += [f"{one.id} is {one.status}: it has not every conversation of its plan" for one in (first, second) if one.status != "finished"]
    return tuple(dict.fromkeys(told))


def _side_row(campaign: Campaign, target: str | None, passed: str) -> SideRow:
    return SideRow(
        campaign_id=campaign.id,
        name=campaign.spec.name,
        targets=[target] if target else list(campaign.spec.targets),
        agent_version=campaign.versions.get("agent", ""),
        passed=passed,
    )


def _said(found: Comparison) -> str:
    if found.stopped_early:
        return f"The second was stopped early for passing less often ({found.stopped_early}). So far: {_difference(found)}."
    points = f"{found.margin * 100:g} points"
    if found.shown_on_these and found.verdict != "regressed":
        return f"The second does worse on these very scenarios; whether on others like them is open: {_difference(found)}."
    return {
        "regressed": f"The second passes less often, by more than chance explains: {_difference(found)}.",
        "improved": f"The second passes more often, by more than chance explains: {_difference(found)}.",
        "no evidence": f"No difference was shown, and one of {points} or more is ruled out: {_difference(found)}.",
        "underpowered": f"No difference was shown, and one of {points} is not ruled out either: about {found.pairs_needed} scenarios "
        f"would be needed, and {found.pairs} were judged on both sides.",
    }[found.verdict]


def _difference(found: Comparison) -> str:
    it = found.difference
    if it is None:
        return "nothing was judged on both sides"
    low, high = it.interval.low * 100, it.interval.high * 100
    said = f"{it.value * 100:+.1f} points [{low:+.1f}, {high:+.1f}], p = {it.p:.3g} ({it.test}), {found.pairs} scenarios"
    here = found.worse_on_these
    return f"{said}; worse on these very ones, by their repeats: p = {here:.2g}" if found.shown_on_these else said


def _change(one: ScenarioChange) -> ChangeRow:
    return ChangeRow(
        scenario=one.scenario,
        before=f"{one.before.hits}/{one.before.total}",
        after=f"{one.after.hits}/{one.after.total}",
        run_ids=list(one.run_ids[:2]),
        untrusted_reason=cut(one.reason, 200),
    )


def _slice(one: SliceChange) -> SliceChangeRow:
    return SliceChangeRow(kind=one.kind, name=one.name, before=str(one.before), after=str(one.after), p_adjusted=round(one.p_adjusted, 6))

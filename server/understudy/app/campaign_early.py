"""Campaigns that stop as soon as they are shown to do worse than an earlier one: what they are held against, and what stopped them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.app.campaign_compare import campaign_of
from understudy.app.campaign_spec import planned, versions_of
from understudy.app.context import App
from understudy.domain.campaign import Campaign, CampaignSpec
from understudy.domain.errors import BadInput

if TYPE_CHECKING:
    from understudy.campaigns.early_stop import Evidence

__all__ = ["held_against", "stopped_early"]

_FIELD = "stop_early_against"


async def held_against(app: App, spec: CampaignSpec, against: str | None) -> CampaignSpec:
    """The spec, held against the campaign or baseline of this name.

    Raises NotFound, Conflict when player, prompts, rubric or judge differ, and BadInput when it still runs or no conversation of the
    plan has a judged partner there.
    """
    from understudy.campaigns.compare import check_comparable
    from understudy.campaigns.early_stop import partners, shared

    if against is None:
        return spec
    earlier = await campaign_of(app, against)
    if earlier.status == "running":
        raise BadInput(_FIELD, f"campaign `{earlier.id}` is still running", "Wait for its end, or pause it")
    check_comparable(earlier.versions, await versions_of(app, spec))
    if partners(earlier.spec.targets, spec.targets) is None:
        theirs, ours = ", ".join(earlier.spec.targets), ", ".join(spec.targets)
        raise BadInput(_FIELD, f"campaign `{earlier.id}` has {theirs}, this one {ours}", "Use the same targets, or one on each side")
    before = await (await app.store()).campaign_lines(earlier.id)
    if not shared(earlier, before, spec.targets, await planned(app, spec)):
        differ = f" (its seed is {earlier.spec.seed}, this one's {spec.seed})" if earlier.spec.seed != spec.seed else ""
        fix = "Use the same personas, goals and seed"
        raise BadInput(_FIELD, f"no conversation of this plan has a judged partner in `{earlier.id}`{differ}", fix)
    return spec.evolve(caps=spec.caps.evolve(against=earlier.id))


async def stopped_early(app: App, campaign: Campaign) -> Evidence | None:
    """What stopped the campaign before its end; None when nothing did, or something else. Raises NotFound."""
    from understudy.campaigns.early_stop import Sequential

    against = campaign.spec.caps.against
    if against is None or campaign.status in ("running", "finished"):
        return None
    store = await app.store()
    earlier = await campaign_of(app, against)
    evidence = Sequential(earlier, await store.campaign_lines(against), campaign, await store.campaign_lines(campaign.id)).evidence
    return evidence if evidence.decided else None

"""Conversations of a campaign that were played and not judged, because no judge answered: judged again, and nothing else."""

from __future__ import annotations

from understudy.app.campaign_spec import versions_of
from understudy.app.catalogue import find_rubric
from understudy.app.context import App
from understudy.app.judging import has_judge, lacks_judge, newest_verdict
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import BadInput, Conflict
from understudy.domain.verdict import Verdict

__all__ = ["judge_what_lacks_it"]


async def judge_what_lacks_it(app: App, campaign: Campaign) -> int:
    """Let the conversations that are unscored for want of a judge be judged again as they were played; how many there are.

    One that was judged by hand since takes that verdict. Raises BadInput when there is no judge to ask, and Conflict when the rubric
    is another than that of the campaign: its lines could not be put together.
    """
    store = await app.store()
    lines = await store.campaign_lines(campaign.id)
    unscored = [line for line in lines if line.outcome == "unscored" and not line.simulator_fault]
    found = {line.index: await newest_verdict(app, line.run_id) for line in unscored}
    wanted = [index for index, verdict in found.items() if _is_wanted(verdict)]
    if not wanted:
        return 0
    now = await versions_of(app, campaign.spec)
    if now["rubric"] != campaign.versions.get("rubric", now["rubric"]):
        raise Conflict(f"The rubric `{campaign.spec.rubric}` is not as it was when `{campaign.id}` began. Put it back, or start a new one.")
    asked = any(verdict is None or verdict.outcome == "unscored" for verdict in map(found.__getitem__, wanted))
    if asked and not has_judge(app, await find_rubric(app, campaign.spec.rubric)):
        raise BadInput(
            "judge_again",
            "by the settings no model judges",
            "Set `models.judge` in understudy.yaml, and `defaults.judge` to auto or model",
        )
    versions = campaign.versions | {"judge": _judges(campaign, now["judge"], lines)}
    return await store.judge_cells_again(campaign.id, wanted, at=app.clock(), versions=versions)


def _is_wanted(verdict: Verdict | None) -> bool:
    return verdict is None or lacks_judge(verdict) or verdict.outcome in ("pass", "fail")


def _judges(campaign: Campaign, now: str, lines: list[ConversationLine]) -> str:
    """Who judged, for a comparison to hold equal: both, where some are judged by another than those that are judged now."""
    before = campaign.versions.get("judge", now)
    if before == now or before.endswith(f", then {now}"):
        return before
    return f"{before}, then {now}" if any(line.outcome in ("pass", "fail") for line in lines) else now

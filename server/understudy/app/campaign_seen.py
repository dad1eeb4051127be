"""What the conversations of a campaign say, kept between looks: whoever polls a campaign of thousands pays for the analysis once.

A campaign that has not changed since is not read again. One that is running changes all the time: there an analysis is kept for ten
times as long as it took, so that looking takes at most a tenth of the process's time however often it is done.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.domain.campaign import Campaign, ConversationLine
from understudy.ports import CampaignProgress, Store

if TYPE_CHECKING:
    from understudy.campaigns.analysis import Analysis

__all__ = ["Analyses", "Seen"]

KEPT = 32
"""Campaigns."""
TIMES_ITS_COST = 10


@dataclass(frozen=True)
class Seen:
    """What the lines of a campaign say, without the lines."""

    analysis: Analysis
    newest_failure: str | None
    """Run of the newest conversation in which the target gave no answer."""
    lacking_judge: int = 0
    """Conversations that are unscored because no judge answered."""


@dataclass(frozen=True)
class _Kept:
    state: tuple[float, CampaignProgress]
    seen: Seen
    good_until: float
    """While the campaign runs; on the monotonic clock."""


class Analyses:
    """The analyses of the campaigns that were looked at last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, store: Store, campaign: Campaign, far: CampaignProgress) -> Seen:
        """What the campaign, which is that `far`, says so far. Raises StoreError."""
        async with self._locks[campaign.id]:
            # Everything that changes a line or makes one wait again changes the time of the campaign's record as well.
            state = (campaign.updated_at, far)
            kept = self._kept.get(campaign.id)
            still_good = kept is not None and campaign.status == "running" and time.monotonic() < kept.good_until
            if kept is None or not (kept.state == state or still_good):
                kept = await self._analysed(store, campaign.id, state)
                self._kept[campaign.id] = kept
            self._kept.move_to_end(campaign.id)
            while len(self._kept) > KEPT:
                self._locks.pop(self._kept.popitem(last=False)[0], None)
            return kept.seen

    async def _analysed(self, store: Store, campaign_id: str, state: tuple[float, CampaignProgress]) -> _Kept:
        began = time.monotonic()
        seen = await asyncio.to_thread(_seen, await store.campaign_lines(campaign_id))
        now = time.monotonic()
        return _Kept(state, seen, now + TIMES_ITS_COST * (now - began))


def _seen(lines: list[ConversationLine]) -> Seen:
    from understudy.campaigns.analysis import analyse
    from understudy.judging.again import judge_is_missing

    unscored = [line for line in lines if line.outcome == "unscored" and not line.simulator_fault]
    return Seen(
        analysis=analyse(lines),
        newest_failure=next((line.run_id for line in reversed(lines) if line.ending == "target_failed"), None),
        lacking_judge=sum(judge_is_missing(line.criteria) for line in unscored),
    )

"""The campaigns of the store in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from understudy.domain.campaign import Campaign, CampaignStatus, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.errors import Conflict, NotFound
from understudy.domain.scenario import Scenario
from understudy.ports import CampaignProgress, RunRecord

__all__ = ["MemoryCampaigns"]


@dataclass
class _Kept:
    campaign: Campaign
    cells: dict[int, Cell]
    started: dict[int, str] = field(default_factory=dict[int, str])
    lines: dict[int, ConversationLine] = field(default_factory=dict[int, ConversationLine])
    again: dict[int, JudgeAgain] = field(default_factory=dict[int, JudgeAgain])
    owner: str | None = None
    lease_until: float = 0.0


class MemoryCampaigns(ABC):
    """Keeps campaigns; runs are made by the store that it is part of."""

    def __init__(self) -> None:
        self._campaigns: dict[str, _Kept] = {}
        self._baselines: dict[str, str] = {}

    @abstractmethod
    def _open(self) -> None:
        """Raises StoreError when the store is closed."""

    @abstractmethod
    async def create_run(
        self, run_id: str, scenario: Scenario, *, at: float, idempotency_key: str | None = None, player_version: str = ""
    ) -> RunRecord:
        """As the port's."""

    def _kept(self, campaign_id: str) -> _Kept:
        self._open()
        if campaign_id not in self._campaigns:
            raise NotFound("campaign", campaign_id)
        return self._campaigns[campaign_id]

    async def create_campaign(self, campaign: Campaign, cells: Sequence[Cell]) -> Campaign:
        self._open()
        key = campaign.idempotency_key
        known = next((k.campaign for k in self._campaigns.values() if key is not None and k.campaign.idempotency_key == key), None)
        if known is not None:
            if known.spec.evolve(caps=campaign.spec.caps) != campaign.spec:
                raise Conflict(f"The key `{key}` was used for another campaign (`{known.id}`). Use a new key.")
            return known
        if campaign.id in self._campaigns:
            raise Conflict(f"There is a campaign `{campaign.id}` already. Use another id.")
        made = campaign.evolve(total=len(cells))
        self._campaigns[campaign.id] = _Kept(made, {cell.index: cell for cell in cells})
        return made

    async def campaign(self, campaign_id: str) -> Campaign | None:
        self._open()
        kept = self._campaigns.get(campaign_id)
        return kept.campaign if kept else None

    async def campaigns(self, *, status: CampaignStatus | None = None, limit: int = 20, offset: int = 0) -> list[Campaign]:
        self._open()
        newest = [k.campaign for k in reversed(self._campaigns.values()) if status in (None, k.campaign.status)]
        return newest[offset : offset + limit]

    async def set_campaign_status(self, campaign_id: str, status: CampaignStatus, *, why: str = "", at: float) -> Campaign:
        kept = self._kept(campaign_id)
        kept.campaign = kept.campaign.evolve(status=status, why=why, updated_at=at)
        return kept.campaign

    async def add_spend(self, campaign_id: str, more: Spend, *, at: float) -> None:
        kept = self._kept(campaign_id)
        kept.campaign = kept.campaign.evolve(spend=kept.campaign.spend + more, updated_at=at)

    async def claim_campaign(self, campaign_id: str, owner: str, *, at: float, ttl: float) -> bool:
        kept = self._kept(campaign_id)
        if kept.owner not in (None, owner) and kept.lease_until > at:
            return False
        kept.owner, kept.lease_until = owner, at + ttl
        return True

    async def release_campaign(self, campaign_id: str, owner: str) -> None:
        kept = self._kept(campaign_id)
        if kept.owner == owner:
            kept.owner = None

    async def conductors(self, *, at: float) -> list[tuple[str, str]]:
        self._open()
        return [(id, kept.owner) for id, kept in self._campaigns.items() if kept.owner is not None and kept.lease_until > at]

    async def set_campaign_caps(self, campaign_id: str, caps: Caps, *, at: float) -> Campaign:
        kept = self._kept(campaign_id)
        kept.campaign = kept.campaign.evolve(spec=kept.campaign.spec.evolve(caps=caps), updated_at=at)
        return kept.campaign

    async def resumable_campaigns(self, *, at: float) -> list[str]:
        self._open()
        kept = self._campaigns.values()
        return [k.campaign.id for k in kept if k.campaign.status == "running" and (k.owner is None or k.lease_until <= at)]

    async def waiting_cells(self, campaign_id: str, *, limit: int) -> list[Cell]:
        kept = self._kept(campaign_id)
        return [cell for index, cell in sorted(kept.cells.items()) if index not in kept.started][:limit]

    async def start_cells(
        self, campaign_id: str, begun: Sequence[tuple[int, str, Scenario]], *, at: float, player_version: str
    ) -> list[int]:
        kept = self._kept(campaign_id)
        free = [(index, run_id, scenario) for index, run_id, scenario in begun if index in kept.cells and index not in kept.started]
        for index, run_id, scenario in free:
            await self.create_run(run_id, scenario, at=at, player_version=player_version)
            kept.started[index] = run_id
        return [index for index, _, _ in free]

    async def started_cells(self, campaign_id: str) -> list[tuple[Cell, str]]:
        kept = self._kept(campaign_id)
        return [(kept.cells[index], run_id) for index, run_id in sorted(kept.started.items()) if index not in kept.lines]

    async def finish_cell(self, campaign_id: str, line: ConversationLine, spent: Spend, *, at: float) -> bool:
        kept = self._kept(campaign_id)
        if line.index not in kept.started or line.index in kept.lines:
            return False
        kept.lines[line.index] = line
        kept.again.pop(line.index, None)
        await self.add_spend(campaign_id, spent, at=at)
        return True

    async def reopen_cells(self, campaign_id: str, indexes: Sequence[int], *, at: float) -> int:
        kept = self._kept(campaign_id)
        kept.campaign = kept.campaign.evolve(updated_at=at)
        known = [index for index in dict.fromkeys(indexes) if index in kept.lines]
        for index in known:
            del kept.lines[index], kept.started[index]
        return len(known)

    async def judge_cells_again(self, campaign_id: str, indexes: Sequence[int], *, at: float, versions: Mapping[str, str]) -> int:
        kept = self._kept(campaign_id)
        kept.campaign = kept.campaign.evolve(updated_at=at, versions=dict(versions))
        known = [index for index in dict.fromkeys(indexes) if index in kept.lines]
        for index in known:
            line = kept.lines.pop(index)
            kept.again[index], kept.started[index] = JudgeAgain(line=line, since=at), line.run_id
        return len(known)

    async def cells_to_judge(self, campaign_id: str) -> list[tuple[Cell, JudgeAgain]]:
        kept = self._kept(campaign_id)
        return [(kept.cells[index], before) for index, before in sorted(kept.again.items())]

    async def campaign_lines(self, campaign_id: str, *, offset: int = 0, limit: int | None = None) -> list[ConversationLine]:
        every = [line for _, line in sorted(self._kept(campaign_id).lines.items())]
        return every[offset:] if limit is None else every[offset : offset + limit]

    async def campaign_progress(self, campaign_id: str) -> CampaignProgress:
        kept = self._kept(campaign_id)
        return CampaignProgress(
            waiting=len(kept.cells) - len(kept.started),
            started=len(kept.started) - len(kept.lines),
            done=len(kept.lines),
            outcomes=dict(Counter(line.outcome for line in kept.lines.values())),
        )

    async def set_baseline(self, name: str, campaign_id: str, *, at: float) -> None:  # noqa: ARG002 - the port's
        self._kept(campaign_id)
        self._baselines[name] = campaign_id

    async def baseline(self, name: str) -> str | None:
        self._open()
        return self._baselines.get(name)

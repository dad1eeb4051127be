"""Campaigns for every face (tools, command line, pytest): plan, start, look, steer; compare, gate, export."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from understudy.app.campaign_views import (
    CampaignAction,
    CampaignPage,
    CampaignRow,
    CampaignSummary,
    CampaignView,
    ChangeRow,
    ComparisonView,
    ExportFormat,
    PlanView,
    SpecGiven,
    TrendRow,
)
from understudy.app.context import App
from understudy.domain.campaign import Campaign, CampaignStatus, ConversationLine

if TYPE_CHECKING:
    from understudy.campaigns.analysis import Analysis
    from understudy.campaigns.compare import Comparison
    from understudy.campaigns.gate import GateResult, GateRules

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
    "compare_campaigns",
    "comparison_of",
    "control_campaign",
    "export_campaign",
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


async def plan_campaign(app: App, given: SpecGiven) -> PlanView:
    """The plan, and what it would take and could show. Nothing is stored. Raises NotFound and BadInput."""
    raise NotImplementedError


async def start_campaign(app: App, given: SpecGiven, *, idempotency_key: str | None = None) -> CampaignView:
    """Store the plan and conduct it in the background; the same key a second time gives the campaign that it started.

    Raises NotFound, BadInput, and Conflict when the key was used for another plan.
    """
    raise NotImplementedError


async def get_campaign(
    app: App, campaign_id: str, *, wait_s: float = 0.0, detail: Literal["concise", "full"] = "concise", progress: Progress | None = None
) -> CampaignView:
    """How a campaign stands and what it says, after waiting up to `wait_s` seconds for its end. One that nobody conducts is
    taken up. Raises NotFound."""
    raise NotImplementedError


async def list_campaigns(app: App, *, status: CampaignStatus | None = None, cursor: str | None = None, limit: int = 20) -> CampaignPage:
    """Newest first. Raises BadInput for a cursor of another list."""
    raise NotImplementedError


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
) -> CampaignView:
    """Pause (what is under way is finished), resume (with new caps where given) or cancel (what is under way is stopped too).

    `retry_failed`, for resume, plays conversations again in which the target gave no answer. Raises NotFound, Conflict for an
    action that the campaign's status rules out, and BadInput for caps without resume.
    """
    raise NotImplementedError


async def analysis_of(app: App, campaign_id: str) -> tuple[Campaign, list[ConversationLine], Analysis]:
    """The campaign, its lines so far and their analysis. Raises NotFound."""
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


async def set_baseline(app: App, name: str, campaign_id: str) -> None:
    """From now on `name` means this campaign. Raises NotFound, and BadInput for a name that is no slug."""
    raise NotImplementedError


async def gate_campaign(
    app: App, campaign_id: str, rules: GateRules, *, baseline: str | None = None, allow_different: bool = False
) -> tuple[GateResult, Analysis, Comparison | None]:
    """Whether the campaign holds to the rules; against a baseline (an id or a name) where one is given.

    Raises NotFound, BadInput for a campaign without a conversation, and Conflict as `compare_campaigns`.
    """
    raise NotImplementedError


async def export_campaign(app: App, campaign_id: str, format: ExportFormat) -> str:
    """The campaign as text: a line a conversation (jsonl, csv), or a report (html, junit, markdown). Raises NotFound."""
    raise NotImplementedError


async def trend(app: App, name: str, limit: int = 20) -> list[TrendRow]:
    """The newest campaigns of that name, newest first. Raises NotFound when there is none."""
    raise NotImplementedError

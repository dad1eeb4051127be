"""The tools of campaigns: plan, start, look, steer, compare, export. As in `tools`, a docstring is what the model reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from understudy.app import campaigns as campaigns_app
from understudy.app.campaign_files import ExportView, export_to
from understudy.app.campaigns import CampaignPage, CampaignView, ComparisonView, PlanView, SpecGiven
from understudy.app.pages import fit
from understudy.app.validation import validated
from understudy.domain.campaign import CampaignStatus, Sampling
from understudy.domain.errors import BadInput
from understudy.mcp.arguments import Cursor, Detail, Limit, WaitS
from understudy.mcp.cancellation import when_cancelled
from understudy.mcp.offers import CALLS_TARGET, CHANGES, READS, STEERS, WAITS, Ctx, Offer, app_of
from understudy.mcp.progress import progress_of

__all__ = ["CAMPAIGN_TOOLS"]

CampaignId = Annotated[str, Field(description="Id of the campaign.")]
Pack = Annotated[str | None, Field(description="Personas of this pack: clinic, bank, ...")]
Tag = Annotated[str | None, Field(description="Personas with this tag.")]
Personas = Annotated[list[str] | None, Field(description="Persona ids; default: your own packs' personas.")]
Goals = Annotated[list[str] | None, Field(description="Goal ids, each for every persona; default: each persona's own.")]
Targets = Annotated[list[str] | None, Field(description="Target names; default: the default target.")]
Repeats = Annotated[int, Field(description="Of each scenario, with other seeds; from 3 flaky ones show.", ge=1, le=1000)]
Sampled = Annotated[Sampling, Field(description="Of scenarios, persona x goal. random, stratified: `size` of them.")]
Size = Annotated[int | None, Field(description="Scenarios to sample.", ge=1)]
Seed = Annotated[int | None, Field(description="Same seed, same users.")]
Player = Annotated[Literal["rules", "model"] | None, Field(description="rules: offline; model: the configured one.")]
Rubric = Annotated[str | None, Field(description="Default `service`.")]
MaxTurns = Annotated[int | None, Field(description="Most user turns.", ge=1, le=200)]
Concurrency = Annotated[int | None, Field(description="Conversations at once.", ge=1)]
MaxUsd = Annotated[float | None, Field(description="Stop at this money.", gt=0)]
MaxTokens = Annotated[int | None, Field(description="Stop at so many tokens of our models.", gt=0)]
MaxSeconds = Annotated[float | None, Field(description="Stop after so long.", gt=0)]
MaxConversations = Annotated[int | None, Field(description="Stop after so many.", ge=1)]


def _spec(**given: Any) -> SpecGiven:
    """What the caller said; the rest comes from defaults. Raises BadInput."""
    return validated(SpecGiven, {key: value for key, value in given.items() if value is not None})


async def plan_campaign(
    ctx: Ctx,
    pack: Pack = None,
    targets: Targets = None,
    personas: Personas = None,
    tag: Tag = None,
    goals: Goals = None,
    repeats: Repeats = 1,
    sampling: Sampled = "full",
    size: Size = None,
    seed: Seed = None,
    player: Player = None,
    rubric: Rubric = None,
    max_turns: MaxTurns = None,
    concurrency: Concurrency = None,
    max_usd: MaxUsd = None,
    max_tokens: MaxTokens = None,
    max_seconds: MaxSeconds = None,
    max_conversations: MaxConversations = None,
) -> PlanView:
    """See what a campaign would take before it starts: conversations, calls, tokens, money, time, and the smallest difference
    that it could show. Use it before start_campaign, with the same arguments, to choose size and caps. Free: nothing is stored or
    called. Returns the estimate with ranges and what they rest on, the first conversations, and warnings."""
    given = _spec(
        pack=pack, targets=targets, personas=personas, tag=tag, goals=goals, repeats=repeats, sampling=sampling, size=size, seed=seed,
        player=player, rubric=rubric, max_turns=max_turns, concurrency=concurrency, max_usd=max_usd, max_tokens=max_tokens,
        max_seconds=max_seconds, max_conversations=max_conversations,
    )  # fmt: skip
    return await campaigns_app.plan_campaign(app_of(ctx), given)


async def start_campaign(
    ctx: Ctx,
    pack: Pack = None,
    targets: Targets = None,
    personas: Personas = None,
    tag: Tag = None,
    goals: Goals = None,
    repeats: Repeats = 1,
    sampling: Sampled = "full",
    size: Size = None,
    seed: Seed = None,
    player: Player = None,
    rubric: Rubric = None,
    max_turns: MaxTurns = None,
    concurrency: Concurrency = None,
    max_usd: MaxUsd = None,
    max_tokens: MaxTokens = None,
    max_seconds: MaxSeconds = None,
    max_conversations: MaxConversations = None,
    name: Annotated[str | None, Field(description="Campaigns of one name make a trend.", max_length=120)] = None,
    agent_version: Annotated[str | None, Field(description="Of the agent under test, as you name it.", max_length=120)] = None,
    stop_early_against: Annotated[str | None, Field(description="Campaign or baseline: stop once shown to do worse.")] = None,
    idempotency_key: Annotated[str | None, Field(description="As in simulate_conversation.", max_length=200)] = None,
    wait_s: WaitS = 20,
) -> CampaignView:
    """Play many conversations, persona x goal x target x repeats, and judge each: for rates with intervals and for what breaks
    most. Use simulate_conversation for one. Costs an agent call a turn (often 4 to 12 a conversation), with models also tokens:
    plan_campaign first, and set caps. It goes on in the background and survives a restart; what is finished is never played
    again. Returns an id, progress, spend and, once something is done, the summary; go on with get_campaign."""
    app = app_of(ctx)
    given = _spec(
        pack=pack, targets=targets, personas=personas, tag=tag, goals=goals, repeats=repeats, sampling=sampling, size=size, seed=seed,
        player=player, rubric=rubric, max_turns=max_turns, concurrency=concurrency, max_usd=max_usd, max_tokens=max_tokens,
        max_seconds=max_seconds, max_conversations=max_conversations, name=name, agent_version=agent_version,
        stop_early_against=stop_early_against,
    )  # fmt: skip
    begun = await campaigns_app.start_campaign(app, given, idempotency_key=idempotency_key)
    # Paused, not cancelled: what was paid for stays of use, and nothing more is spent.
    async with when_cancelled(ctx, app, lambda: campaigns_app.control_campaign(app, begun.id, "pause")):
        return await campaigns_app.get_campaign(app, begun.id, wait_s=wait_s, progress=progress_of(ctx))


async def get_campaign(ctx: Ctx, campaign_id: CampaignId, wait_s: WaitS = 0, detail: Detail = "concise") -> CampaignView:
    """See how a campaign stands and what it found, waiting up to wait_s for its end. Use it after start_campaign; for one
    conversation use get_run. Free. Returns progress, rate, spend and the summary: passed of judged with interval, what was left out
    (unscored, simulator faults, no answer), worst slices and criteria, failing and flaky scenarios with run_ids for get_transcript."""
    view = await campaigns_app.get_campaign(app_of(ctx), campaign_id, wait_s=wait_s, detail=detail, progress=progress_of(ctx))
    return _fitted(view) if detail == "full" else view


def _fitted(view: CampaignView) -> CampaignView:
    """The full view with its lists cut to what a client takes in one answer; the resource has them whole."""
    if view.summary is None:
        return view
    shown = view.summary.evolve(
        worst=fit(view.summary.worst, characters=2_000),
        worst_criteria=fit(view.summary.worst_criteria, characters=1_500),
        failing=fit(view.summary.failing, characters=1_500),
        flaky=fit(view.summary.flaky, characters=1_000),
        outliers=fit(view.summary.outliers, characters=500),
    )
    if shown == view.summary:
        return view
    return view.evolve(summary=shown, next=f"The lists are cut to the worst; {view.uri} has them whole. {view.next}")


async def list_campaigns(
    ctx: Ctx,
    status: Annotated[CampaignStatus | None, Field(description="Only in this status.")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> CampaignPage:
    """Find campaigns, newest first. Use it when an id is not known, or to choose two to compare; what one found is in
    get_campaign. Free, reads only. Returns id, name, status, counts and spend of each."""
    return await campaigns_app.list_campaigns(app_of(ctx), status=status, cursor=cursor, limit=limit)


async def control_campaign(
    ctx: Ctx,
    campaign_id: CampaignId,
    action: Annotated[
        Literal["pause", "resume", "cancel", "baseline"],
        Field(description="pause: what is under way is finished. resume: a paused or stopped one. cancel: for good. baseline: name it."),
    ],
    max_usd: MaxUsd = None,
    max_tokens: MaxTokens = None,
    max_seconds: MaxSeconds = None,
    max_conversations: MaxConversations = None,
    retry_failed: Annotated[bool, Field(description="On resume: play again where the target gave no answer.")] = False,
    judge_again: Annotated[bool, Field(description="On resume: judge what no judge answered on.")] = False,
    play_on: Annotated[bool, Field(description="On resume: to the end though stopped early.")] = False,
    name: Annotated[str | None, Field(description="Of the baseline; an earlier one of that name is replaced.")] = None,
) -> CampaignView:
    """Pause, resume or cancel a campaign, or make it a baseline for compare_campaigns. Use it when asked to, or to go on with
    higher caps after one stopped; a single conversation is stopped with cancel_run. Free, but a resumed one spends again.
    Conversations already made are kept. Returns the campaign as it stands."""
    if (action == "baseline") != (name is not None):
        raise BadInput("name", "goes with action baseline, and with no other", "Give both: action baseline, name main")
    if action == "baseline":
        assert name is not None, "looked at above"  # noqa: S101 - cannot happen
        await campaigns_app.set_baseline(app_of(ctx), name, campaign_id)
        view = await campaigns_app.get_campaign(app_of(ctx), name)
        return view.evolve(next=f"`{name}` means this campaign from now on: compare_campaigns with before {name}. {view.next}")
    return await campaigns_app.control_campaign(
        app_of(ctx), campaign_id, action, max_usd=max_usd, max_tokens=max_tokens, max_seconds=max_seconds,
        max_conversations=max_conversations, retry_failed=retry_failed, judge_again=judge_again, play_on=play_on,
    )  # fmt: skip


async def compare_campaigns(
    ctx: Ctx,
    before: Annotated[str, Field(description="Campaign id or name of a baseline.")],
    after: Annotated[str | None, Field(description="Likewise; default: the same campaign, for two targets of it.")] = None,
    before_target: Annotated[str | None, Field(description="Only this target of it.")] = None,
    after_target: Annotated[str | None, Field(description="Only this target of it.")] = None,
    margin: Annotated[float, Field(description="Difference of rates that matters.", gt=0, lt=1)] = 0.05,
    allow_different: Annotated[bool, Field(description="Also with another player, judge or rubric.")] = False,
) -> ComparisonView:
    """Compare two versions of an agent, or two targets of one campaign, on the same scenarios. Use it after a change to say
    whether the agent got worse; for one campaign's worst parts use get_campaign. Free, reads only. Returns regressed, improved, no
    evidence or underpowered, the difference with interval, and what newly fails and passes, with run_ids."""
    return await campaigns_app.compare_campaigns(
        app_of(ctx), before, after or before, before_target=before_target, after_target=after_target, margin=margin,
        allow_different=allow_different,
    )  # fmt: skip


async def export_campaign(
    ctx: Ctx,
    campaign_id: CampaignId,
    format: Annotated[
        Literal["html", "markdown", "jsonl", "csv", "junit"],
        Field(description="html: the report for people; markdown: a summary for a pull request; jsonl, csv: a line a conversation."),
    ] = "markdown",
) -> ExportView:
    """Write a campaign as a file for people or other programs. Use it when a report or the raw lines are asked for; to read
    results yourself use get_campaign. Free. Returns the file's path (over stdio), its size, a resource uri, and a short text
    itself; it quotes the agent, so it is untrusted."""
    here = ctx.request_context.request is None  # over HTTP the caller may sit on another machine, where a path leads nowhere
    return await export_to(app_of(ctx), campaign_id, format, tell_path=here)


CAMPAIGN_TOOLS: tuple[Offer, ...] = (
    Offer(plan_campaign, "Plan a campaign", READS, "campaigns", brief=True),
    Offer(start_campaign, "Start a campaign", CALLS_TARGET, "campaigns", at_once=True, brief=True),
    Offer(get_campaign, "Get a campaign", WAITS, "campaigns"),
    Offer(list_campaigns, "List campaigns", READS, "campaigns"),
    Offer(control_campaign, "Control a campaign", STEERS, "campaigns", brief=True),
    Offer(compare_campaigns, "Compare campaigns", READS, "campaigns"),
    Offer(export_campaign, "Export a campaign", CHANGES, "campaigns"),
)

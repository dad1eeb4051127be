"""`understudy campaign`: plan, run, look at, steer, compare and export campaigns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import ValidationError

from understudy.app.campaign_views import CampaignAction, CampaignView, ExportFormat, SpecGiven
from understudy.app.campaigns import (
    campaign_at_its_end,
    compare_campaigns,
    control_campaign,
    find_campaign,
    get_campaign,
    list_campaigns,
    plan_campaign,
    start_campaign,
)
from understudy.app.campaigns import export_campaign as exported
from understudy.app.campaigns import set_baseline as name_baseline
from understudy.app.campaigns import trend as trend_of
from understudy.app.context import App
from understudy.app.validation import explain
from understudy.cli.browse import AS_JSON
from understudy.cli.campaign_report import Live, day, exit_code, print_comparison, print_plan, print_trend, print_view
from understudy.cli.judge_noise import judge_noise
from understudy.cli.output import print_json, table
from understudy.cli.session import run as with_app
from understudy.domain.campaign import CampaignStatus, Sampling
from understudy.domain.errors import BadInput

__all__ = ["campaign"]

_CAPS = (
    click.option("--max-usd", type=float, help="Stop at so much money."),
    click.option("--max-tokens", type=int, help="Stop at so many tokens of our own models."),
    click.option("--max-seconds", type=float, help="Stop after so much running time."),
    click.option("--max-conversations", type=int, help="Stop after so many conversations."),
)
_WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes that play it, this one included; limits hold over all of them.  "
    "[default: defaults.workers, else one a core (at most 8), and one for fewer than 200 conversations]",
)
_WHICH = (
    click.option("--name", default="campaign", show_default=True, help="Campaigns of one name make a trend."),
    click.option("--persona", "personas", multiple=True, help="A persona (may be given again)."),
    click.option("--pack", help="Every persona of this pack: clinic, bank, ..."),
    click.option("--tag", help="Every persona with this tag."),
    click.option("--goal", "goals", multiple=True, help="A goal for every persona (may be given again).  [default: each its own]"),
    click.option("--target", "targets", multiple=True, help="A target (may be given again).  [default: the default target]"),
    click.option("--repeats", type=int, default=1, show_default=True, help="How often each scenario is played on each target."),
    click.option("--sampling", type=click.Choice(get_args(Sampling)), default="full", show_default=True),
    click.option("--size", type=int, help="For random and stratified sampling: how many scenarios."),
    click.option("--seed", type=int, help="Same seed, same plan and same users."),
    click.option("--player", type=click.Choice(["rules", "model"]), help="Who plays the users.  [default: defaults.player, else rules]"),
    click.option("--rubric", help="Rubric to judge by."),
    click.option("--max-turns", type=int, help="Most user turns of a conversation."),
    click.option("--concurrency", type=int, help="Conversations at once.  [default: 32]"),
    click.option("--agent-version", help="The version of your agent: it labels the trend."),
    click.option("--stop-early-against", metavar="BASELINE", help="Stop once shown to do worse than this campaign or baseline."),
    *_CAPS,
)

_Command = Callable[..., Any]


def _options(given: tuple[Callable[[_Command], _Command], ...]) -> Callable[[_Command], _Command]:
    """Several options in their order."""

    def add(command: _Command) -> _Command:
        for option in reversed(given):
            command = option(command)
        return command

    return add


def _given(options: dict[str, Any]) -> SpecGiven:
    """The options as a value. Raises BadInput, naming the option."""
    try:
        return SpecGiven.model_validate(options)
    except ValidationError as error:
        field, problem = explain(error, SpecGiven)[0]
        raise BadInput(field, problem) from error


@click.group()
def campaign() -> None:
    """Play many conversations: plan, run, compare, report."""


campaign.add_command(judge_noise)


@campaign.command()
@_options(_WHICH)
@click.option("--dry-sample", type=click.IntRange(1, 100), metavar="N", help="Play N of its conversations for the estimate.")
@AS_JSON
@click.pass_context
def plan(context: click.Context, /, dry_sample: int | None, as_json: bool, **options: Any) -> None:
    """Show what a campaign would be, take and show; nothing is stored but the runs of a dry sample."""
    view = with_app(context, lambda app: plan_campaign(app, _given(options), dry_sample=dry_sample))
    if as_json:
        print_json(view)
        return
    print_plan(view)
    for cell in view.first:
        click.echo(f"  {cell.persona} · {cell.goal or 'its primary intent'} · {cell.target} · repeat {cell.repeat}")
    if view.conversations > len(view.first):
        click.echo(f"  and {view.conversations - len(view.first):,} more")


@campaign.command()
@_options(_WHICH)
@_WORKERS
@click.option("--idempotency-key", help="Repeating a call with the same key goes on with the campaign that it started.")
@AS_JSON
@click.pass_context
def run(context: click.Context, /, workers: int | None, idempotency_key: str | None, as_json: bool, **options: Any) -> int:
    """Run a campaign here, to its end. Ctrl-C leaves it to be resumed. Exits with 1 when a verdict is fail."""

    async def work(app: App) -> CampaignView:
        given, app.workers = _given(options), workers
        if not as_json:
            print_plan(await plan_campaign(app, given), err=True)
        begun = await start_campaign(app, given, idempotency_key=idempotency_key)
        if not as_json:
            click.echo(f"campaign {begun.id}", err=True)
        return await _watched(app, begun.id, quiet=as_json)

    return _shown(with_app(context, work), as_json)


@campaign.command()
@click.argument("campaign_id")
@click.option("--wait", is_flag=True, help="Watch it to its end, going on with it here when nobody does.")
@click.option("--full", is_flag=True, help="Every slice, criterion and scenario.")
@AS_JSON
@click.pass_context
def show(context: click.Context, campaign_id: str, wait: bool, full: bool, as_json: bool) -> int:
    """Show how a campaign stands and what it says. CAMPAIGN_ID may be the name of a baseline."""

    async def work(app: App) -> CampaignView:
        id = (await find_campaign(app, campaign_id)).id
        if wait:
            await _watched(app, id, quiet=as_json)
        return await get_campaign(app, id, detail="full" if full else "concise")

    return _shown(with_app(context, work), as_json)


@campaign.command("list")
@click.option("--status", type=click.Choice(get_args(CampaignStatus)))
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--cursor", help="From the page before.")
@AS_JSON
@click.pass_context
def list_(context: click.Context, status: CampaignStatus | None, limit: int, cursor: str | None, as_json: bool) -> None:
    """List campaigns, newest first."""
    page = with_app(context, lambda app: list_campaigns(app, status=status, cursor=cursor, limit=limit))
    if as_json:
        print_json(page)
        return
    if not page.campaigns:
        click.echo("No campaigns yet. `understudy campaign run --pack clinic --target demo-clinic` plays one on a demo agent.")
        return
    rows = [
        (r.id, r.name, r.status, f"{r.done}/{r.total}", " ".join(f"{n} {o}" for o, n in sorted(r.outcomes.items())), day(r.created_at))
        for r in page.campaigns
    ]
    table(("campaign", "name", "status", "done", "outcomes", "begun"), rows)
    if page.next_cursor:
        click.echo(f"more: --cursor {page.next_cursor}")


def _steer(context: click.Context, campaign_id: str, action: CampaignAction, as_json: bool) -> int:
    async def work(app: App) -> CampaignView:
        return await control_campaign(app, (await find_campaign(app, campaign_id)).id, action)

    view = with_app(context, work)
    if as_json:
        print_json(view)
    else:
        print_view(view)
    return 0


@campaign.command()
@click.argument("campaign_id")
@AS_JSON
@click.pass_context
def pause(context: click.Context, campaign_id: str, as_json: bool) -> int:
    """Begin no more conversations; those under way are finished."""
    return _steer(context, campaign_id, "pause", as_json)


@campaign.command()
@click.argument("campaign_id")
@AS_JSON
@click.pass_context
def cancel(context: click.Context, campaign_id: str, as_json: bool) -> int:
    """Stop for good, conversations under way too. What was done is kept."""
    return _steer(context, campaign_id, "cancel", as_json)


@campaign.command()
@click.argument("campaign_id")
@_options(_CAPS)
@click.option("--retry-failed", is_flag=True, help="Play conversations again in which the target gave no answer.")
@click.option("--judge-again", is_flag=True, help="Judge conversations that are unscored because no judge answered; none is played again.")
@click.option("--play-on", is_flag=True, help="To the end, though it was stopped early.")
@_WORKERS
@AS_JSON
@click.pass_context
def resume(
    context: click.Context,
    campaign_id: str,
    max_usd: float | None,
    max_tokens: int | None,
    max_seconds: float | None,
    max_conversations: int | None,
    retry_failed: bool,
    judge_again: bool,
    play_on: bool,
    workers: int | None,
    as_json: bool,
) -> int:
    """Go on with a campaign here, to its end; with higher caps where given."""

    async def work(app: App) -> CampaignView:
        app.workers = workers
        id = (await find_campaign(app, campaign_id)).id
        await control_campaign(
            app, id, "resume", max_usd=max_usd, max_tokens=max_tokens, max_seconds=max_seconds, max_conversations=max_conversations,
            retry_failed=retry_failed, judge_again=judge_again, play_on=play_on,
        )  # fmt: skip
        return await _watched(app, id, quiet=as_json)

    return _shown(with_app(context, work), as_json)


@campaign.command()
@click.argument("before")
@click.argument("after")
@click.option("--before-target", help="Only this target of BEFORE.")
@click.option("--after-target", help="Only this target of AFTER.")
@click.option("--margin", type=float, default=0.05, show_default=True, help="The difference of pass rates that matters.")
@click.option("--allow-different", is_flag=True, help="Compare although player, models, prompts, rubric or judge differ.")
@AS_JSON
@click.pass_context
def compare(
    context: click.Context,
    before: str,
    after: str,
    before_target: str | None,
    after_target: str | None,
    margin: float,
    allow_different: bool,
    as_json: bool,
) -> int:
    """Compare two campaigns (ids or baselines) on the same scenarios; or two targets of one. Exits with 1 when AFTER is worse."""
    view = with_app(
        context,
        lambda app: compare_campaigns(
            app, before, after, before_target=before_target, after_target=after_target, margin=margin, allow_different=allow_different
        ),
    )
    if as_json:
        print_json(view)
    else:
        print_comparison(view)
    return 1 if view.verdict == "regressed" else 0


@campaign.command()
@click.argument("name")
@click.argument("campaign_id")
@click.pass_context
def baseline(context: click.Context, name: str, campaign_id: str) -> None:
    """Let NAME mean this campaign from now on, for comparisons and gates."""
    with_app(context, lambda app: name_baseline(app, name, campaign_id))
    click.echo(f"{name} is {campaign_id}")


@campaign.command()
@click.argument("campaign_id")
@click.option("--format", "format_", type=click.Choice(get_args(ExportFormat)), default="jsonl", show_default=True)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Default: stdout.")
@click.option("--baseline", help="For reports: compare with this campaign or baseline.")
@click.pass_context
def export(context: click.Context, campaign_id: str, format_: ExportFormat, output: Path | None, baseline: str | None) -> None:
    """Write a line a conversation (jsonl, csv), or a report (html, junit, markdown)."""
    text = with_app(context, lambda app: exported(app, campaign_id, format_, baseline=baseline))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput("--output", f"{output} cannot be written: {error.strerror}", "Name a file in a folder that exists") from error
    click.echo(f"{output}", err=True)


@campaign.command()
@click.argument("name", default="campaign")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@AS_JSON
@click.pass_context
def trend(context: click.Context, name: str, limit: int, as_json: bool) -> None:
    """The campaigns of a name over time."""
    rows = with_app(context, lambda app: trend_of(app, name, limit))
    if as_json:
        print_json(list(rows))
    else:
        print_trend(rows)


async def _watched(app: App, campaign_id: str, *, quiet: bool) -> CampaignView:
    """The campaign once it is over, with its progress shown. Raises NotAllowed when only another process can go on with it."""
    live = Live(quiet=quiet)
    try:
        view = await campaign_at_its_end(app, campaign_id, progress=live)
    except asyncio.CancelledError:
        live.end()
        click.echo(f"Campaign {campaign_id} is kept as far as it is. Go on with it: understudy campaign resume {campaign_id}", err=True)
        raise
    live.end()
    return view


def _shown(view: CampaignView, as_json: bool) -> int:
    if as_json:
        print_json(view)
    else:
        print_view(view)
    return exit_code(view)

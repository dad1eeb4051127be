"""`understudy campaign judge-noise`: a sample of a campaign judged again several times."""

from __future__ import annotations

import click

from understudy.app.context import App
from understudy.app.judge_noise import JudgeNoiseView, noise_of_judge
from understudy.campaigns.judge_noise import JudgeNoise
from understudy.cli.browse import AS_JSON
from understudy.cli.campaign_report import Live
from understudy.cli.output import plain, print_json
from understudy.cli.session import run as with_app
from understudy.domain.verdict import Interval

__all__ = ["judge_noise"]


@click.command("judge-noise")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--sample", type=click.IntRange(2, 1000), default=20, show_default=True, help="Conversations to judge again.")
@click.option("--times", type=click.IntRange(2, 20), default=3, show_default=True, help="How often each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same sample.")
@AS_JSON
@click.pass_context
def judge_noise(context: click.Context, campaign_id: str, sample: int, times: int, seed: int, as_json: bool) -> int:
    """Judge a sample of CAMPAIGN (an id or a baseline) again and say how far its judge agrees with itself. No verdict changes; the calls
    are paid for. Exits with 3 when no conversation got two verdicts."""
    live = Live(quiet=as_json)

    async def work(app: App) -> JudgeNoiseView:
        try:
            return await noise_of_judge(app, campaign_id, sample=sample, times=times, seed=seed, progress=live)
        finally:
            live.end()

    view = with_app(context, work)
    if as_json:
        print_json(view)
    else:
        _print(view)
    return 3 if view.noise is not None and view.noise.spread is None else 0


def _print(view: JudgeNoiseView) -> None:
    click.echo(click.style(f"{view.name}  {view.campaign_id}", bold=True) + f"  {view.said}")
    found = view.noise
    if found is not None:
        drawn = f"{found.sampled} of {found.judged} judged conversations ({found.passes} passes, {found.fails} fails, seed {view.seed})"
        click.echo(f"  sample     {drawn}, each judged {found.times} times again by {view.judge}")
        click.echo(f"  same       {found.same} came out the same; of passes {found.same_of_passes}, of fails {found.same_of_fails}")
        _print_spread(found)
        _print_rows(found)
        money = f", {view.usd:.4f} USD" if view.calls > view.unpriced_calls else ""
        unpriced = f" (and {view.unpriced_calls} calls without a price)" if view.unpriced_calls else ""
        click.echo(f"  used       {view.calls} calls of models on record{money}{unpriced}")
    for note in view.notes:
        click.echo(click.style("  note ", fg="yellow") + plain(note))


def _print_spread(found: JudgeNoise) -> None:
    it = found.spread
    if it is None or found.error is None or found.judge_error is None:
        return
    if it.share is None:
        limit = it.judge_interval.high
        click.echo(f"  spread     none: every judging came out the same; the judge's variance is at most {limit:.3f} (of 0.25 at most)")
        return
    share = f"{it.share:.0%}{_between(it.share_interval)}"
    click.echo(f"  spread     {share} of it is the judge's: variance {it.judge:.3f} of {it.total:.3f} in an outcome")
    whole, alone = f"{found.error * 100:.1f}", f"{found.judge_error * 100:.1f}"
    click.echo(f"             standard error of the pass rate over {found.judged} conversations {whole} points; by the judge alone {alone}")


def _print_rows(found: JudgeNoise) -> None:
    for row in found.criteria:
        rate = row.disagreeing
        shown = f"{rate.rate.hits}/{rate.rate.total} pairs disagree" + (
            f" = {rate.value:.0%}{_between(rate.interval)}" if rate.value is not None else ""
        )
        beside = f"; unscored {row.unscored.hits} of {row.unscored.total}" if row.unscored.hits else ""
        click.echo(f"  criterion  {row.criterion}: {shown}{beside}{'' if row.gate else ' (no gate)'}")
    reason = f": {plain(found.untrusted_unscored_reason)}" if found.untrusted_unscored_reason else ""
    click.echo(f"  unscored   {found.unscored} of the judgings{reason}")
    for one in found.flipped:
        again = f"{one.passes} pass, {one.fails} fail" + (f", {one.unscored} unscored" if one.unscored else "")
        on = f" (on {', '.join(one.criteria)})" if one.criteria else ""
        click.echo(f"  {one.kind:<9}  {one.run_id} {one.scenario} on {one.target}: {one.campaign} in the campaign; again {again}{on}")


def _between(interval: Interval | None) -> str:
    return f" [{interval.low:.0%}, {interval.high:.0%}]" if interval is not None else ""

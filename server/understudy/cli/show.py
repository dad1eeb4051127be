"""`understudy show`: the list of conversations, or one of them."""

from __future__ import annotations

from typing import Literal

import click

from understudy.app.context import App
from understudy.app.judging import newest_verdict
from understudy.app.rates import RatesView, rates_of
from understudy.app.runs import RunView, cancel_run, get_run
from understudy.app.transcripts import RunRow, as_markdown, load, search_transcripts
from understudy.cli.browse import AS_JSON
from understudy.cli.output import exit_code_for, mark, plain, print_json, table
from understudy.cli.session import run
from understudy.cli.simulate import watch
from understudy.cli.turns import print_result, print_turn
from understudy.domain.scenario import CALLER
from understudy.domain.transcript import RunStatus, Transcript
from understudy.domain.verdict import Verdict

__all__ = ["show"]

JUDGING_S = 3600.0
"""A run that is over may still have to be judged by a model; a command waits for that."""


@click.command()
@click.argument("run_id", required=False)
@click.option("--text", help="Only conversations in which these words were said.")
@click.option("--persona", help="Only with this persona.")
@click.option("--goal", help="Only with this goal.")
@click.option("--target", help="Only with this target.")
@click.option("--status", type=click.Choice(["queued", "running", "finished"]))
@click.option("--outcome", type=click.Choice(["pass", "fail", "unscored", "error"]))
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--cursor", help="next_cursor of the page before.")
@click.option("--rates", is_flag=True, help="Pass rates by persona and criterion over the conversations that fit, worst first.")
@click.option("--markdown", is_flag=True, help="The conversation RUN_ID as Markdown.")
@click.option("--wait", is_flag=True, help="Go on with the unfinished conversation RUN_ID and wait for its end.")
@click.option("--cancel", is_flag=True, help="Stop the unfinished conversation RUN_ID.")
@AS_JSON
@click.pass_context
def show(
    context: click.Context,
    run_id: str | None,
    text: str | None,
    persona: str | None,
    goal: str | None,
    target: str | None,
    status: RunStatus | None,
    outcome: Literal["pass", "fail", "unscored", "error"] | None,
    limit: int,
    cursor: str | None,
    rates: bool,
    markdown: bool,
    wait: bool,
    cancel: bool,
    as_json: bool,
) -> int:
    """List conversations, newest first, or show the conversation RUN_ID."""
    if run_id is not None:
        return _show_one(context, run_id, markdown=markdown, wait=wait, cancel=cancel, as_json=as_json)
    if rates:
        found = run(context, lambda app: rates_of(app, persona=persona, goal=goal, target=target))
        print_json(found) if as_json else _print_rates(found)
        return 0
    page = run(
        context,
        lambda app: search_transcripts(
            app, text=text, persona=persona, goal=goal, target=target, status=status, outcome=outcome, limit=limit, cursor=cursor
        ),
    )
    if as_json:
        print_json(page)
        return 0
    rows = [
        [r.run_id, mark(r.outcome), r.ending or _standing(r), str(r.turns), r.target, f"{r.persona} · {r.goal}{_hand(r)}"]
        for r in page.runs
    ]
    table(["run", "verdict", "ending", "turns", "target", "who · what"], rows)
    more = f"; the next page: --cursor {page.next_cursor}" if page.next_cursor else ""
    click.echo(click.style(f"\n{len(page.runs)} of {page.total} conversations{more}", dim=True))
    return 0


def _print_rates(found: RatesView) -> None:
    newest = f", the newest {found.runs} only" if found.left_out else ""
    for group in found.groups:
        counts = group.rates.outcomes
        if len(found.groups) > 1 or "caller" in group.played_by:
            click.echo(click.style(f"\nplayer {group.played_by}: {group.runs} conversations", bold=True))
        click.echo(
            f"passed {group.rates.overall} of the conversations judged{newest}; "
            f"{counts.unscored} unscored, {counts.error} with target errors"
        )
        with_them = f"with them included, passed {group.rates.with_invalid}"
        click.echo(f"simulator errors {group.rates.simulator} of the conversations played; {with_them}\n")
        rows = group.rates.personas
        by_persona = [[p.slice, str(p.rate), str(p.outcomes.unscored), str(p.outcomes.error), str(p.simulator)] for p in rows]
        table(["persona (worst first)", "passed", "unscored", "errors", "simulator errors"], by_persona)
        click.echo()
        by_criterion = [[c.criterion, str(c.rate), str(c.unscored)] for c in group.rates.criteria]
        table(["criterion (worst first)", "held", "unscored"], by_criterion)
    click.echo(click.style("\nShares of what was judged, with 95 % Wilson intervals. Kinds of players are never pooled.", dim=True))


def _hand(row: RunRow) -> str:
    return " · user by hand" if row.player == CALLER else " · agent by hand" if row.target == CALLER else ""


def _standing(row: RunRow) -> str:
    return "interrupted" if row.status == "queued" and row.turns else row.status.replace("you", "its player")


def _show_one(context: click.Context, run_id: str, *, markdown: bool, wait: bool, cancel: bool, as_json: bool) -> int:
    if cancel:
        stopped = run(context, lambda app: cancel_run(app, run_id))
        print_json(stopped) if as_json else click.echo(f"{run_id}: {stopped.ending or stopped.status}, {stopped.turns} turns kept")
        return 0
    if wait:
        view = run(context, lambda app: watch(app, run_id, quiet=as_json))
        if as_json:
            print_json(view)
        return exit_code_for(view.verdict.outcome if view.verdict else None, view.ending)

    async def read(app: App) -> tuple[Transcript, RunView | None, Verdict | None]:
        transcript = await load(app, run_id)
        result = await get_run(app, run_id, wait_s=JUDGING_S) if transcript.ending else None
        return transcript, result, await newest_verdict(app, run_id)

    transcript, result, verdict = run(context, read)
    by_hand = transcript.scenario.by_hand
    if as_json:
        print_json(transcript)
    elif markdown:
        click.echo(plain(as_markdown(transcript, verdict)))
    else:
        for turn in transcript.turns:
            print_turn(turn, transcript.scenario.persona.name)
        if result is not None:
            print_result(result)
        else:
            onward = f"play --run {run_id}" if by_hand else f"show {run_id} --wait"
            click.echo(f"\n{'Played by hand' if by_hand else 'Under way or interrupted'}. `understudy {onward}` goes on with it.")
    return 0

"""`understudy judge`."""

from __future__ import annotations

import json
from typing import TextIO

import click

from understudy.app.caller_judging import HandedIn, submit_verdict
from understudy.app.context import App
from understudy.app.judging import JudgeKind
from understudy.app.validation import validated
from understudy.app.verdicts import VerdictView, judge_transcript, show_task
from understudy.app.verdicts import view as view_of
from understudy.cli.browse import AS_JSON
from understudy.cli.output import exit_code_for, mark, plain, print_json
from understudy.cli.session import run
from understudy.cli.turns import print_finding
from understudy.domain.errors import BadFile

__all__ = ["judge"]


@click.command()
@click.argument("run_id", required=False)
@click.option("--rubric", help="Rubric id. Default: the one that the run was started with.")
@click.option(
    "--judge",
    "kind",
    type=click.Choice(["auto", "checks", "model", "caller"]),
    help="Who judges what no check can. caller: print what there is to judge.  [default: defaults.judge, else auto]",
)
@click.option(
    "--submit", "handed_in", type=click.File(encoding="utf-8"), help="Hand in the judgement in this JSON file (see --judge caller)."
)
@click.option("--dry-run", is_flag=True, help="Only show the rubric's criteria.")
@AS_JSON
@click.pass_context
def judge(
    context: click.Context,
    run_id: str | None,
    rubric: str | None,
    kind: JudgeKind | None,
    handed_in: TextIO | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Judge the finished conversation RUN_ID, every criterion."""
    if run_id is None and not dry_run:
        raise click.UsageError("Give a RUN_ID (`understudy show` lists them), or --dry-run to see a rubric.")
    if handed_in is not None and (kind or dry_run):
        raise click.UsageError("--submit goes with neither --judge nor --dry-run.")
    if run_id is not None and kind == "caller" and not dry_run:
        print_json(run(context, lambda app: show_task(app, run_id, rubric, whole=True)))
        return 0
    if run_id is not None and handed_in is not None:
        body = _handed_in(handed_in)
        view = run(context, lambda app: _submit(app, run_id, rubric, body))
    else:
        view = run(context, lambda app: judge_transcript(app, run_id, rubric=rubric, judge=kind, detail="full", dry_run=dry_run))
    if as_json:
        print_json(view)
    else:
        click.echo(f"{mark(view.outcome)} by `{view.rubric}`, {view.judged} of {view.total} criteria judged. {plain(view.reason)}")
        if view.judge is not None:
            click.echo(f"judged by {plain(view.judge)}")
        for finding in view.criteria:
            print_finding(finding)
        _print_scorecard(view)
    return 0 if dry_run else exit_code_for(view.outcome, None)


def _handed_in(file: TextIO) -> HandedIn:
    """Raises BadFile for what is no JSON object, BadInput for fields that do not fit."""
    try:
        body: object = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise BadFile(file.name, None, None, f"is no JSON: {error}", "`understudy judge RUN_ID --judge caller` shows the shape") from error
    return validated(HandedIn, body)  # type: ignore[arg-type]  # what is no object is refused with the same words


async def _submit(app: App, run_id: str, rubric: str | None, body: HandedIn) -> VerdictView:
    verdict = await submit_verdict(app, run_id, rubric, judging=body.judging_id, results=body.results, turns=body.turns, client=body.judge)
    return view_of(verdict, full=True)


def _print_scorecard(view: VerdictView) -> None:
    for row in view.scorecard or []:
        ratings = " ".join(
            f"{side} {mark(rating)}" for side, rating in (("tone", row.tone), ("relevance", row.relevance), ("accuracy", row.accuracy))
        )
        quote = f" “{plain(row.untrusted_quote)}”" if row.untrusted_quote else ""
        click.echo(f"  turn {row.turn}: {ratings}{quote} {plain(row.reason)}".rstrip())
    if view.first_bad_turn is not None:
        click.echo(f"  the first turn that went wrong: {view.first_bad_turn}")
    for warning in view.warnings or []:
        click.echo(click.style(f"  note: {plain(warning)}", fg="yellow"))
    if view.injection_turns:
        click.echo(f"  turns that speak to the judge: {', '.join(map(str, view.injection_turns))}")

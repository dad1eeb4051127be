"""`understudy judge`."""

from __future__ import annotations

import click

from understudy.app.verdicts import VerdictView, judge_transcript
from understudy.cli.browse import AS_JSON
from understudy.cli.output import exit_code_for, mark, plain, print_json
from understudy.cli.session import run
from understudy.cli.turns import print_finding

__all__ = ["judge"]


@click.command()
@click.argument("run_id", required=False)
@click.option("--rubric", help="Rubric id. Default: the one that the run was started with.")
@click.option("--dry-run", is_flag=True, help="Only show the rubric's criteria.")
@AS_JSON
@click.pass_context
def judge(context: click.Context, run_id: str | None, rubric: str | None, dry_run: bool, as_json: bool) -> int:
    """Judge the finished conversation RUN_ID, every criterion."""
    if run_id is None and not dry_run:
        raise click.UsageError("Give a RUN_ID (`understudy show` lists them), or --dry-run to see a rubric.")
    view: VerdictView = run(context, lambda app: judge_transcript(app, run_id, rubric=rubric, detail="full", dry_run=dry_run))
    if as_json:
        print_json(view)
    else:
        click.echo(f"{mark(view.outcome)} by `{view.rubric}`, {view.judged} of {view.total} criteria judged. {plain(view.reason)}")
        for finding in view.criteria:
            print_finding(finding)
    return 0 if dry_run else exit_code_for(view.outcome, None)

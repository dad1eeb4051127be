"""`understudy doctor`."""

from __future__ import annotations

import os

import click

from understudy.app.doctor import check_up
from understudy.cli.browse import AS_JSON
from understudy.cli.output import plain, print_json
from understudy.cli.session import run

__all__ = ["doctor"]

LEVELS = {"ok": ("ok", "green"), "note": ("note", "cyan"), "problem": ("problem", "red")}


@click.command()
@click.option("--no-call", is_flag=True, help="Do not call the targets and models.")
@AS_JSON
@click.pass_context
def doctor(context: click.Context, no_call: bool, as_json: bool) -> int:
    """Check settings, keys (by name only), models, store and targets. Exits with 1 when something has to be mended."""
    result = run(context, lambda app: check_up(app, env=os.environ, call=not no_call))
    if as_json:
        print_json(result)
    else:
        for finding in result.findings:
            text, colour = LEVELS[finding.level]
            click.echo(f"{click.style(f'{text:8}', fg=colour)}{click.style(finding.subject, bold=True)}: {plain(finding.detail)}")
            if finding.fix:
                click.echo(f"        -> {finding.fix}")
        click.echo("\nEverything is in order." if result.healthy else "\nSomething has to be mended; see above.")
    return 0 if result.healthy else 1

"""Turns and findings on a terminal."""

from __future__ import annotations

import textwrap

import click

from understudy.app.context import App
from understudy.app.model_use import in_words
from understudy.app.runs import RunView
from understudy.app.transcripts import load
from understudy.app.verdicts import CriterionView
from understudy.cli.output import mark, plain, width
from understudy.domain.conversation import Turn
from understudy.domain.scenario import CALLER

__all__ = ["Live", "print_finding", "print_result", "print_turn"]


def print_turn(turn: Turn, user: str) -> None:
    """One turn, wrapped and indented."""
    who = click.style(f"{user}:", fg="cyan", bold=True) if turn.role == "user" else click.style("agent:", fg="blue", bold=True)
    lines = plain(turn.text.strip()).splitlines() or [click.style("(nothing)", dim=True)]
    body = "\n".join(textwrap.fill(line, width() - 6, initial_indent=" " * 6, subsequent_indent=" " * 6) for line in lines)
    click.echo(f"{click.style(f'[{turn.index}]', dim=True)} {who}\n{body}")


class Live:
    """Prints each turn of a run once, in order."""

    def __init__(self, app: App, run_id: str) -> None:
        self._app, self._run_id, self._shown = app, run_id, 0

    async def show_new(self) -> None:
        """Print the turns that have come since the last time."""
        transcript = await load(self._app, self._run_id)
        for turn in transcript.turns[self._shown :]:
            if turn.index >= self._shown:
                self._shown = turn.index + 1
                print_turn(turn, transcript.scenario.persona.name)


def print_result(view: RunView) -> None:
    """Ending, verdict and findings of a finished run."""
    click.echo()
    ended = f"ended: {view.ending} (by {view.ended_by})" if view.ending else f"status: {view.status}"
    click.echo(f"{view.run_id}  {view.persona} · {view.goal} · {view.target} · seed {view.seed}{_hand(view)}\n{ended}")
    if view.untrusted_failure:
        click.echo(f"{click.style('the target gave no answer', fg='red')} {plain(view.untrusted_failure)}")
    verdict = view.verdict
    if verdict is None:
        return
    judged = f"{verdict.judged} of {verdict.total} criteria judged"
    click.echo(f"verdict: {mark(verdict.outcome)} by `{verdict.rubric}`, {judged}. {plain(verdict.reason)}")
    for finding in verdict.findings:
        print_finding(finding)
    for warning in verdict.warnings:
        click.echo(click.style(f"  note: {plain(warning)}", fg="yellow"))
    for problem in view.user_problems:
        click.echo(f"  {click.style('simulated user', bold=True)} {plain(problem)}")
    if verdict.judge != "checks" or view.model_use:
        click.echo(f"played by {plain(view.player)}; judged by {plain(verdict.judge)}")
    for use in view.model_use:
        click.echo(f"  {plain(in_words(use))}")
    click.echo(click.style(view.next, dim=True))


def _hand(view: RunView) -> str:
    """Who played, where it was no player of ours: such runs are marked everywhere."""
    by_hand = view.player.startswith(CALLER) or view.target == CALLER
    return f" · by hand: {plain(view.player)}" if by_hand else ""


def print_finding(finding: CriterionView) -> None:
    """One criterion: outcome, reason, and each quote with its turn."""
    click.echo(f"  {mark(finding.outcome)} {click.style(finding.criterion, bold=True)}: {plain(finding.reason)}")
    for quote in finding.evidence:
        click.echo(f"       turn {quote.turn}: “{plain(quote.untrusted_quote)}”")

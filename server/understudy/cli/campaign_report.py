"""What `understudy campaign` prints: the plan, the progress, the summary, the comparison."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import click

from understudy.app.campaign_views import CampaignView, ComparisonView, PlanView, TrendRow
from understudy.campaigns.estimate import Span
from understudy.cli.output import plain, table

__all__ = ["Live", "day", "exit_code", "print_comparison", "print_plan", "print_trend", "print_view"]

EVERY_S = 5.0
"""Between lines of progress where there is no terminal."""

SHOWN_RUNS = 4
_COLOURS = {"regressed": "red", "improved": "green", "underpowered": "yellow"}


class Live:
    """Progress on stderr: one line redrawn on a terminal, a line now and then elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._terminal = quiet, sys.stderr.isatty()
        self._told = float("-inf")

    async def __call__(self, done: int, total: int, line: str) -> None:
        """Show how far it is."""
        if self._quiet:
            return
        if self._terminal:
            click.echo(f"\r{plain(line)}\x1b[K{'' if done < total else chr(10)}", err=True, nl=False)
        elif done == total or time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            click.echo(plain(line), err=True)

    def end(self) -> None:
        """Leave the line."""
        if not self._quiet and self._terminal:
            click.echo("", err=True)


def exit_code(view: CampaignView) -> int:
    """0 nothing failed; 1 a verdict is fail; 3 nothing was judged; 4 the target gave no answer in any conversation."""
    outcomes = view.progress.outcomes
    if outcomes.get("fail"):
        return 1
    if outcomes.get("pass"):
        return 0
    return 4 if outcomes.get("error") and not outcomes.get("unscored") else 3


def print_plan(view: PlanView, *, err: bool = False) -> None:
    """The plan and its estimate."""
    it = view.estimate

    def say(text: str) -> None:
        click.echo(text, err=err)

    say(
        click.style(f"{view.name}: {view.conversations:,} conversations", bold=True)
        + f" ({view.scenarios:,} scenarios of {view.personas} personas on {', '.join(view.targets)}, {view.spec.repeats} each)"
    )
    say(f"  calls of the target  {_span(it.target_calls)}")
    if it.model_calls.likely:
        say(f"  calls of models      {_span(it.model_calls)}, {_span(it.tokens)} tokens")
    money = "unknown: a model has no price" if it.usd is None else f"{_span(it.usd, 4)} USD" if it.usd.likely else "none: no priced model"
    say(f"  money                {money}")
    say(f"  time                 {_span(it.seconds)} s with {view.spec.concurrency} at once")
    say(f"  resting on           {it.basis}")
    if view.sample:
        say(f"                       kept as runs, extra to the campaign's own: {', '.join(view.sample[:SHOWN_RUNS])}{_more(view.sample)}")
    known = f"the pass rate to about ±{it.half_width * 100:.0f} points"
    small = it.smallest_difference
    seen = "no change: so few scenarios prove none" if small is None else f"a change of {small * 100:.0f} points"
    say(f"  will show            {known}; against another version {seen}")
    say(f"                       {it.advice}")
    for warning in view.warnings:
        say(click.style("  note ", fg="yellow") + f"                {plain(warning)}")


def print_view(view: CampaignView) -> None:
    """One campaign."""
    far = view.progress
    click.echo(click.style(f"{view.name}  {view.id}", bold=True) + f"  {view.status}: {far.done} of {view.total} done")
    if view.why:
        click.echo(f"  {plain(view.why)}")
    if view.untrusted_failure:
        click.echo(f"  the newest call without an answer: {plain(view.untrusted_failure)}")
    _print_summary(view)
    spent = view.spend
    tokens = f", {spent.calls} calls of models, {spent.input_tokens + spent.output_tokens:,} tokens" if spent.calls else ""
    money = f", {spent.usd:.4f} USD" if spent.usd or spent.calls else ""
    unpriced = f" (and {spent.unpriced_calls} calls without a price)" if spent.unpriced_calls else ""
    by = f" by {view.processes} processes" if view.processes is not None and view.processes > 1 else ""
    click.echo(f"  used       {spent.target_calls} calls of the target{tokens}{money}{unpriced}, {spent.seconds:.1f} s{by}")
    click.echo(f"  {plain(view.next)}")


def _print_summary(view: CampaignView) -> None:
    found = view.summary
    if found is None:
        return
    click.echo(click.style(f"  passed     {found.passed}", bold=True))
    click.echo(f"  beside it  unscored {found.unscored}; simulator's faults {found.simulator_faults}; no answer {found.infrastructure}")
    if found.reruns or found.resumed or found.restarted:
        taken_up = f"{found.resumed} gone on with after a stop, {found.restarted} played afresh after one"
        click.echo(f"  of them    {found.reruns} reruns, {taken_up}")
    for row in found.worst:
        click.echo(f"  worst      {row.kind} {row.name}: {row.passed}")
    for one in found.worst_criteria:
        click.echo(f"  criterion  {one.criterion}: {one.passed}{'' if one.gate else ' (no gate)'}")
    for kind, rows, total in (("failing", found.failing, found.failing_total), ("flaky", found.flaky, found.flaky_total)):
        for one_of in rows:
            click.echo(f"  {kind:<9}  {one_of.scenario} on {one_of.target}: {one_of.passed}  {plain(one_of.untrusted_reason)}")
            click.echo(f"             understudy show {one_of.run_ids[0]}")
        if total > len(rows):
            click.echo(f"  {kind:<9}  and {total - len(rows)} more")
    for outlier in found.outliers:
        click.echo(f"  long       {outlier.run_id} ({outlier.scenario}): {outlier.turns:.0f} turns, usual {outlier.usual:.0f}")
    if found.escalation:
        click.echo(f"  hand-over  {found.escalation}")
    if found.tone:
        click.echo(f"  tone       {found.tone}")
    if len(found.pass_hat) > 1:
        click.echo("  pass^k     " + ", ".join(f"{k}: {value:.0%}" for k, value in found.pass_hat.items()))


def print_comparison(view: ComparisonView) -> None:
    """Two campaigns side by side."""
    click.echo(click.style(view.verdict, bold=True, fg=_COLOURS.get(view.verdict)) + f": {view.said}")
    for word, side in (("before", view.before), ("after", view.after)):
        version = f" {side.agent_version}" if side.agent_version else ""
        click.echo(f"  {word:<7} {side.passed}  {side.name}{version} on {', '.join(side.targets)} ({side.campaign_id})")
    click.echo(f"  {view.pairs} scenarios judged on both sides, {view.unpaired} on one only; e-value that it is worse: {view.evidence:.3g}")
    for word, rows in (("newly failing", view.newly_failing), ("newly passing", view.newly_passing)):
        for row in rows:
            reason = f"  {plain(row.untrusted_reason)}" if row.untrusted_reason else ""
            click.echo(f"  {word}  {row.scenario}: {row.before} -> {row.after}{reason}")
    for part in view.slices:
        click.echo(f"  {part.kind:<9} {part.name}: {part.before} -> {part.after}, adjusted p {part.p_adjusted:.3g}")
    for note in filter(None, (view.note, *view.warnings)):
        click.echo(click.style("  note ", fg="yellow") + plain(note))


def print_trend(rows: list[TrendRow]) -> None:
    """Campaigns of one name, the newest first."""
    table(
        ("when", "version", "passed", "left out", "campaign"),
        [
            (
                day(row.created_at),
                plain(row.agent_version) or "-",
                row.passed + ("" if row.comparable else " *"),
                f"{row.unscored} unscored, {row.simulator_faults} simulator, {row.error} no answer",
                f"{row.campaign_id} {row.status}",
            )
            for row in rows
        ],
    )
    if not all(row.comparable for row in rows):
        click.echo("* player, models, prompts, rubric or judge differ from those of the newest: not comparable with it")


def day(at: float) -> str:
    """`2026-11-21 16:40` in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def _more(run_ids: list[str]) -> str:
    return f" and {len(run_ids) - SHOWN_RUNS} more" if len(run_ids) > SHOWN_RUNS else ""


def _span(span: Span, digits: int = 0) -> str:
    low, likely, high = (f"{value:,.{digits}f}" for value in (span.low, span.likely, span.high))
    return likely if low == high else f"about {likely} ({low} to {high})"

"""The demo's report: which planted fault was found by whom, at which turn, with the quote; and the clean agents."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

import click

from understudy.cli.output import width
from understudy.demo.showcase import Showing
from understudy.domain.verdict import Rate

__all__ = ["Shown", "print_report"]


@dataclass
class Shown:
    """A conversation of the demo and what came of it."""

    showing: Showing
    run_id: str
    transcript_uri: str
    outcome: str
    ending: str
    judged: int
    total: int
    criteria: list[str]
    reason: str = ""
    turn: int | None = None
    quote: str = ""
    excerpt: list[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, showing: Showing, run: dict[str, Any]) -> Shown:
        """From the run as the tool answered it."""
        verdict = run["verdict"]
        failing = [f for f in verdict["findings"] if f["outcome"] in ("fail", "error")]
        wanted = next((f for f in failing if f["criterion"] == showing.criterion), failing[0] if failing else None)
        evidence: list[dict[str, Any]] = wanted["evidence"] if wanted else []
        return cls(
            showing=showing,
            run_id=run["run_id"],
            transcript_uri=run["transcript_uri"],
            outcome=verdict["outcome"],
            ending=run.get("ending", ""),
            judged=verdict["judged"],
            total=verdict["total"],
            criteria=[f["criterion"] for f in failing],
            reason=wanted["reason"] if wanted else "",
            turn=evidence[0]["turn"] if evidence else None,
            quote=evidence[0]["untrusted_quote"] if evidence else "",
        )

    @property
    def as_planned(self) -> bool:
        """The planted fault was found by the criterion that looks for it, or the clean agent passed."""
        return self.outcome == "pass" if self.showing.criterion is None else self.showing.criterion in self.criteria

    def line(self) -> str:
        """One line as the conversation ends."""
        what = f"{self.showing.model:<34} {self.showing.persona:<22}"
        if self.showing.criterion is None:
            return click.style("passed ", fg="green") + what if self.as_planned else click.style("BLAMED ", fg="red") + what
        return click.style("found  ", fg="yellow") + what if self.as_planned else click.style("MISSED ", fg="red") + what

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "fault": self.showing.fault or None,
            "agent": self.showing.model,
            "persona": self.showing.persona,
            "goal": self.showing.goal,
            "as_planned": self.as_planned,
            "outcome": self.outcome,
            "ending": self.ending,
            "judged": self.judged,
            "total": self.total,
            "failing": self.criteria,
            "turn": self.turn,
            "quote": self.quote,
            "reason": self.reason,
            "run_id": self.run_id,
        }


def print_report(shown: list[Shown], *, seconds: float) -> None:
    """The report on the terminal."""
    planted = [s for s in shown if s.showing.criterion is not None]
    clean = [s for s in shown if s.showing.criterion is None]
    _title("Planted faults")
    for one in planted:
        _fault(one)
    _title("Clean agents")
    for one in clean:
        mark = click.style("pass", fg="green") if one.as_planned else click.style(one.outcome, fg="red")
        click.echo(f"  {mark}  {one.showing.persona} · {one.showing.goal}: {one.ending}, {one.judged} of {one.total} criteria judged")
        if not one.as_planned:
            click.echo(f"        {one.reason}")
    found, blamed = sum(s.as_planned for s in planted), sum(not s.as_planned for s in clean)
    _title("In short")
    click.echo(f"  planted faults found   {Rate.of(found, len(planted))}")
    click.echo(f"  clean agents blamed    {Rate.of(blamed, len(clean))}")
    click.echo("  (95 % Wilson intervals. Criteria that need a model stay unscored: neither pass nor fail.)")
    click.echo(f"  {seconds:.1f} s, no key, no network beyond this machine.")
    _title("Your own agent")
    click.echo("  understudy init                      write an understudy.yaml and name your agent in it")
    click.echo("  understudy doctor                    see whether it answers")
    click.echo("  claude mcp add understudy -- understudy serve     (other hosts: clients/README.md)")


def _title(text: str) -> None:
    click.echo("\n" + click.style(f"── {text} ".ljust(width(), "─"), bold=True))


def _fault(one: Shown) -> None:
    mark = click.style("found", fg="yellow", bold=True) if one.as_planned else click.style("MISSED", fg="red", bold=True)
    where = f", turn {one.turn}" if one.turn is not None else ""
    click.echo(f"  {mark}  {click.style(one.showing.fault, bold=True)} by {one.showing.persona}{where} ({one.showing.criterion})")
    if one.quote:
        click.echo(textwrap.fill(f"“{one.quote}”", width() - 8, initial_indent=" " * 9, subsequent_indent=" " * 10))
    elif one.reason:
        click.echo(textwrap.fill(one.reason, width() - 8, initial_indent=" " * 9, subsequent_indent=" " * 9))

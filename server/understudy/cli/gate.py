"""`understudy gate`: a campaign before a deploy, with an exit code to go by."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click

from understudy.app.campaign_compare import check_baseline_name
from understudy.app.campaign_views import SpecGiven
from understudy.app.context import App
from understudy.app.gating import Gated, check_baseline, check_rules, finished, gated, view_of
from understudy.app.validation import validated
from understudy.cli.browse import AS_JSON
from understudy.cli.output import plain, print_json, table
from understudy.cli.session import run, settings_of
from understudy.cli.shares import criterion, share
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.gate_rules import GateRules
from understudy.settings.model import Gate

__all__ = ["CODES", "gate"]

CODES: Mapping[str | None, int] = {None: 0, "evidence": 1, "silence": 3, "no answer": 4}
WORDS = {
    "evidence": "by what was judged",
    "silence": "by silence: too little could be judged",
    "no answer": "the target gave no answer",
}
SHOWN = 5
SUMMARY = "GITHUB_STEP_SUMMARY"

EPILOG = """\
\b
Exit codes:
  0  green: everything that was asked for was shown
  1  red by what was judged
  2  a mistake in the call or in a file; nothing to test; no such baseline
  3  red by silence: too little was judged, too much unscored, spoiled by the simulated user, or never played
  4  the target gave no answer
Others as for every command. With several reasons, 1 goes before 4 before 3."""


@click.command(epilog=EPILOG)
@click.option("--campaign", "campaign_id", metavar="ID", help="Gate this campaign instead of running one; waits for its end.")
@click.option("--name", help="Name of the campaign: those of one name make a trend.  [default: gate]")
@click.option("--persona", "personas", multiple=True, metavar="ID", help="A persona; may be given again.")
@click.option("--pack", help="Personas of this pack.")
@click.option("--tag", help="Personas with this tag.")
@click.option("--goal", "goals", multiple=True, metavar="ID", help="Every persona pursues it; may be given again. Default: each its own.")
@click.option("--target", "targets", multiple=True, metavar="NAME", help="A target; may be given again. Default: the default one.")
@click.option("--repeats", type=click.IntRange(1, 1000), help="How often each scenario is played.  [default: 1]")
@click.option("--sampling", type=click.Choice(["full", "random", "stratified", "pairwise"]), help="Which scenarios.  [default: full]")
@click.option("--size", type=click.IntRange(1), help="With random and stratified sampling: how many scenarios.")
@click.option("--seed", type=int, help="Same seed, same users.")
@click.option("--player", type=click.Choice(["rules", "model"]), help="Who plays the users.")
@click.option("--rubric", help="Rubric to judge by.")
@click.option("--max-turns", type=click.IntRange(1, 200), help="Most user turns of a conversation.")
@click.option("--max-usd", type=float, help="Stop at this cost; what is not played then is red.")
@click.option("--max-tokens", type=int, help="Stop at so many tokens of our own models.")
@click.option("--max-seconds", type=float, help="Stop after so many seconds.")
@click.option("--max-conversations", type=int, help="Stop after so many conversations.")
@click.option("--concurrency", type=click.IntRange(1, 10_000), help="Conversations at once.  [default: 32]")
@click.option("--agent-version", help="Version of the agent under test: it labels the trend.")
@click.option("--min-pass-rate", type=share, help="Least share of the judged that passed: 0.9 or 90%.")
@click.option("--min-pass-rate-low", type=share, help="Least lower end of its 95 % interval.")
@click.option("--min-worst-persona", type=share, help="Least share of the persona that fared worst.")
@click.option("--criterion", "criteria", type=criterion, multiple=True, metavar="ID=SHARE", help="Least share of one criterion.")
@click.option("--max-unscored", type=share, help="Most that could not be judged.  [default: 10%]")
@click.option("--max-simulator-faults", type=share, help="Most that the simulated user spoiled.  [default: 10%]")
@click.option("--max-infrastructure", type=share, help="Most in which the target gave no answer.  [default: 0%]")
@click.option("--max-missing", type=share, help="Most that were planned and never played.  [default: 0%]")
@click.option("--min-judged", type=click.IntRange(1), help="Least conversations that were judged.  [default: 1]")
@click.option("--baseline", metavar="NAME", help="Compare with this baseline, or campaign.")
@click.option("--stop-early", is_flag=True, help="Stop playing once it is shown to do worse than the baseline.")
@click.option("--no-regression/--allow-regression", default=None, help="Whether a regression is red.  [default: it is]")
@click.option("--no-newly-failing", is_flag=True, default=None, help="Any scenario that failed newly is red.")
@click.option("--allow-different", is_flag=True, help="Compare though player, models, rubric or judge differ from the baseline's.")
@click.option("--allow-missing-baseline", is_flag=True, help="Go without a comparison while there is no such baseline.")
@click.option("--update-baseline", metavar="NAME", help="When green, this campaign becomes the baseline NAME.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML to this file.")
@click.option("--markdown", metavar="FILE", help=f"Write a summary to this file, `-` for stdout; where ${SUMMARY} is set, to it as well.")
@AS_JSON
@click.pass_context
def gate(
    context: click.Context,
    /,
    campaign_id: str | None,
    baseline: str | None,
    allow_different: bool,
    allow_missing_baseline: bool,
    update_baseline: str | None,
    stop_early: bool,
    junit: Path | None,
    markdown: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Run a campaign and hold it to rules: green only when all that was asked for was shown. Rules may also stand in the settings,
    under `gate`."""
    if as_json and markdown == "-":
        raise click.UsageError("--json and --markdown - both write to stdout: give --markdown a file.")
    asked = {name: options.pop(name) for name in list(options) if name in GateRules.model_fields}
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    if campaign_id is not None and given:
        raise click.UsageError(f"--campaign gates what was played; --{next(iter(given)).removesuffix('s')} says what to play. Give either.")
    settings = settings_of(context).gate
    rules = rules_from(settings, asked)
    against = baseline or settings.baseline
    if stop_early and (against is None or campaign_id is not None):
        raise click.UsageError("--stop-early is for a campaign that is run against a baseline: give --baseline, and no --campaign.")
    writing = Writing(junit, markdown)
    if update_baseline is not None:
        check_baseline_name(update_baseline)

    async def work(app: App) -> Gated:
        compared = against
        if against is not None and not await check_baseline(app, against):
            _go_without(against, allow_missing_baseline)
            compared = None
        early = {"stop_early_against": compared} if stop_early and compared is not None else {}
        played = campaign_id or await _begun(app, {**given, **early}, rules)
        await finished(app, played, progress=None if as_json else _progress)
        found = await gated(app, played, rules, baseline=compared, allow_different=allow_different)
        if found.result.green and update_baseline is not None:
            from understudy.app.campaigns import set_baseline

            await set_baseline(app, update_baseline, found.campaign.id)
        return found

    found = run(context, work)
    writing.write(found)
    if as_json:
        print_json(view_of(found, baseline=against))
    elif markdown != "-":
        show(found, updated=update_baseline if found.result.green else None)
    return CODES[found.result.red_because]


def rules_from(settings: Gate, asked: Mapping[str, Any]) -> GateRules:
    """The settings' rules, with those that were asked for in their place. Raises BadInput."""
    kept = {name: getattr(settings, name) for name in GateRules.model_fields}
    named: tuple[tuple[str, float], ...] = asked.get("criteria") or ()
    criteria = {**kept.pop("criteria"), **dict(named)}
    said = {name: value for name, value in asked.items() if value is not None and name != "criteria"}
    return validated(GateRules, {**kept, **said, "criteria": criteria})


def _go_without(baseline: str, allowed: bool) -> None:
    """Raises NotFound unless it was said to go without."""
    if not allowed:
        hint = "Set it with --update-baseline on a green run, or go without the first time with --allow-missing-baseline."
        raise NotFound("baseline", baseline, hint=hint)
    click.echo(f"There is no baseline `{plain(baseline)}` yet: nothing is compared.", err=True)


async def _begun(app: App, given: Mapping[str, Any], rules: GateRules) -> str:
    """The id of a new campaign. Raises NotFound and BadInput before anything is played."""
    from understudy.app.campaigns import start_campaign

    await check_rules(app, rules, given.get("rubric"))
    return (await start_campaign(app, validated(SpecGiven, {"name": "gate", **given}))).id


async def _progress(done: int, total: int, line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total} conversations. {plain(line)}\033[K", err=True, nl=done >= total)


class Writing:
    """Files that were asked for; found out before the campaign whether they can be written, because that may take an hour."""

    def __init__(self, junit: Path | None, markdown: str | None) -> None:
        """Raises BadInput for a place that cannot be written to."""
        self._junit = junit
        self._markdown = None if markdown in (None, "-") else Path(str(markdown))
        self._to_stdout = markdown == "-"
        for option, path in (("--junit", self._junit), ("--markdown", self._markdown)):
            if path is not None:
                _check_place(option, path)

    def write(self, found: Gated) -> None:
        """Write them. Raises BadInput when that fails after all."""
        if self._junit is not None:
            from understudy.report.junit import junit

            _put("--junit", self._junit, junit(found.campaign, found.lines, found.result, verdicts=found.verdicts))
        summary = os.environ.get(SUMMARY)
        if not (self._markdown or self._to_stdout or summary):
            return
        from understudy.report.pull_request import pull_request

        text = pull_request(found.campaign, found.analysis, found.failures, found.result, comparison=found.comparison)
        if self._markdown is not None:
            _put("--markdown", self._markdown, text)
        if self._to_stdout:
            click.echo(text, nl=False)
        if summary:
            try:
                with Path(summary).open("a", encoding="utf-8") as file:
                    file.write(text + "\n")
            except OSError as error:
                click.echo(f"${SUMMARY} could not be written: {error.strerror}.", err=True)


def _check_place(option: str, path: Path) -> None:
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise BadInput(option, f"{path} is {'a folder' if path.is_dir() else 'in a folder that does not exist'}", "Name a file")


def _put(option: Literal["--junit", "--markdown"], path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(option, f"{path} could not be written: {error.strerror}", "Name another file") from error


def show(found: Gated, *, updated: str | None = None) -> None:
    """The verdict, the checks, and the first failures with their words."""
    result, campaign = found.result, found.campaign
    verdict = click.style("green", fg="green") if result.green else click.style("RED", fg="red", bold=True)
    why = "" if result.red_because is None else f", {WORDS[result.red_because]}"
    click.echo(f"{verdict}{why}: campaign {campaign.id} (`{plain(campaign.spec.name)}`) against {', '.join(campaign.spec.targets)}")
    if campaign.why:
        click.echo(f"{campaign.status}: {plain(campaign.why)}")
    marks = {True: click.style("ok", fg="green"), False: click.style("RED", fg="red", bold=True)}
    table(["", "check", "found"], [[marks[c.green], c.name, plain(c.detail)] for c in result.checks])
    if found.trouble:
        click.echo(f"  no answer: {plain(found.trouble)}")
    failures = found.failures
    for failure in failures[:SHOWN]:
        click.echo(f"  {plain(str(failure))}")
    if len(failures) > SHOWN:
        click.echo(f"  ... and {len(failures) - SHOWN} more failures")
    for warning in found.comparison.warnings if found.comparison else ():
        click.echo(click.style(f"note: {plain(warning)}", fg="yellow"))
    if updated is not None:
        click.echo(f"The baseline `{updated}` is now {campaign.id}.")

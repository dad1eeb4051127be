"""`understudy simulate`: one conversation, shown as it happens, then judged."""

from __future__ import annotations

import asyncio
import shlex
from typing import Literal, TextIO

import click
from pydantic import ValidationError

from understudy.app.context import App, Change
from understudy.app.runs import ChosenPlayer, RunView, get_run, scenario_for, start
from understudy.app.transcripts import load, record_of
from understudy.app.validation import explain
from understudy.cli.browse import AS_JSON
from understudy.cli.output import exit_code_for, print_json
from understudy.cli.session import run
from understudy.cli.turns import Live, print_result
from understudy.domain.errors import BadInput, NotAllowed
from understudy.targets.settings import CommandTarget, OpenAITarget, PythonTarget, TargetSettings

__all__ = ["simulate"]

ELSEWHERE_S = 1.0
"""Between looks at a run that only another process can go on with."""

HERE = "here"
"""The name of a target given on the command line."""


@click.command()
@click.argument("persona")
@click.option("--goal", help="Goal id. Default: the persona's own.")
@click.option("--target", help="A target of understudy.yaml, or demo-clinic, demo-bank, demo-clinic+loops ...")
@click.option("--url", help="An OpenAI-compatible endpoint instead of a configured target.")
@click.option("--model", help="Model to name to the endpoint at --url.  [default: default]")
@click.option("--command", help="A command (JSON lines on stdin and stdout) instead of a configured target.")
@click.option("--python", "callable_", metavar="MODULE:FUNCTION", help="A Python callable instead of a configured target.")
@click.option("--seed", type=int, help="Same seed, same user.")
@click.option("--max-turns", type=click.IntRange(1, 200), help="Most user turns.")
@click.option("--opens", type=click.Choice(["user", "agent"]), help="Who speaks first.")
@click.option("--script", type=click.File(encoding="utf-8"), help="Play the lines of this file instead of simulating.")
@click.option("--replay", metavar="RUN_ID", help="Play what the user of this stored conversation said instead of simulating.")
@click.option("--player", type=click.Choice(["rules", "model"]), help="Who plays the user.  [default: defaults.player, else rules]")
@click.option("--rubric", help="Rubric to judge by.")
@click.option("--idempotency-key", help="Repeating a call with the same key goes on with the run that it started.")
@AS_JSON
@click.pass_context
def simulate(
    context: click.Context,
    persona: str,
    goal: str | None,
    target: str | None,
    url: str | None,
    model: str | None,
    command: str | None,
    callable_: str | None,
    seed: int | None,
    max_turns: int | None,
    opens: Literal["user", "agent"] | None,
    script: TextIO | None,
    replay: str | None,
    player: ChosenPlayer | None,
    rubric: str | None,
    idempotency_key: str | None,
    as_json: bool,
) -> int:
    """Have PERSONA pursue a goal with the agent, turn by turn, and judge the conversation."""
    adhoc = _target(url, model, command, callable_)
    if adhoc is not None and target is not None:
        raise click.UsageError("Give either --target or one of --url, --command and --python.")
    if script is not None and replay is not None:
        raise click.UsageError("Give either --script or --replay.")
    if player is not None and (script is not None or replay is not None):
        raise click.UsageError("--player goes with neither --script nor --replay: those say who speaks.")
    given = _lines(script) if script else None

    async def work(app: App) -> RunView:
        lines = [turn.text for turn in (await load(app, replay)).user_turns] if replay else given
        scenario = await scenario_for(
            app, persona=persona, goal=goal, target=HERE if adhoc else target, seed=seed, max_turns=max_turns, opens=opens, script=lines,
            player=player, rubric=rubric,
        )  # fmt: skip
        record = await start(app, scenario, idempotency_key=idempotency_key)
        return await watch(app, record.id, quiet=as_json)

    view = run(context, work, extra_targets={HERE: adhoc} if adhoc else None)
    if as_json:
        print_json(view)
    return exit_code_for(view.verdict.outcome if view.verdict else None, view.ending)


async def watch(app: App, run_id: str, *, quiet: bool) -> RunView:
    """Wait for the end of a run, showing its turns as they come."""
    live = Live(app, run_id)

    async def changed(change: Change) -> None:
        if change.id == run_id:
            await live.show_new()

    if not quiet:
        app.listeners.append(changed)
        await live.show_new()
    try:
        view = await _finished(app, run_id)
    except asyncio.CancelledError:
        click.echo(f"\nRun {run_id} is kept as far as it is. Go on with it: understudy show {run_id} --wait", err=True)
        raise
    if not quiet:
        await live.show_new()
        print_result(view)
    return view if view.rerun_as is None else await watch(app, view.rerun_as, quiet=quiet)


async def _finished(app: App, run_id: str) -> RunView:
    """The run once it is finished. Raises NotAllowed for one that only the command that started it can go on with."""
    record = await record_of(app, run_id)
    if record.scenario.by_hand and record.status != "finished":
        raise NotAllowed(f"Run {run_id} is played by hand and waits for its player: `understudy play --run {run_id}`.")
    ours = app.knows_target(record.scenario.target)
    if ours and record.status != "finished":
        await (await app.engine()).submit(run_id)  # it was asked for by name: no need to wait whether its owner comes back
    while (view := await get_run(app, run_id, wait_s=3600 if ours else ELSEWHERE_S)).status != "finished":
        record = await record_of(app, run_id)
        if not ours and record.owner is None:
            raise NotAllowed(
                f"Run {run_id} talked to a target given on the command line, which is not known here, and nobody goes on with it. "
                "Repeat the `understudy simulate` that started it; with its --idempotency-key it goes on where it was."
            )
    while view.verdict is None:  # a model is judging
        view = await get_run(app, run_id, wait_s=3600)
    return view


def _lines(script: TextIO) -> list[str]:
    """What the user says, a line a turn. Raises BadInput."""
    try:
        lines = [line for line in script.read().splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise BadInput("--script", f"{script.name} is not UTF-8 text", "Save it as UTF-8, one message of the user a line") from None
    if not lines:
        raise BadInput("--script", f"{script.name} holds no lines", "Write one message of the user a line")
    return lines


def _words(command: str) -> tuple[str, ...]:
    """The command's words, as a shell would split them. Raises BadInput."""
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise BadInput("--command", f"cannot be split into words: {str(error).lower()}", "Check its quotes and backslashes") from error
    if not words:
        raise BadInput("--command", "is empty", "Name a program, such as `python agent.py`")
    return words


def _target(url: str | None, model: str | None, command: str | None, callable_: str | None) -> TargetSettings | None:
    given = [name for name, value in (("--url", url), ("--command", command), ("--python", callable_)) if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"Give only one of {' and '.join(given)}.")
    if model is not None and url is None:
        raise click.UsageError("--model goes with --url. A configured target names its model in understudy.yaml.")
    try:
        if url is not None:
            return OpenAITarget(url=url, model=model or "default")
        if command is not None:
            return CommandTarget(command=_words(command))
        return PythonTarget(callable=callable_, cwd=".") if callable_ is not None else None
    except ValidationError as error:
        raise BadInput(given[0], explain(error, OpenAITarget)[0][1]) from error

"""`understudy play`: a person (or a pipe) plays one side of a conversation, a line a turn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Literal, cast, get_args

import click

from understudy.app.by_hand import HandView, go_on, open_by_hand
from understudy.app.context import App
from understudy.app.runs import cancel_run, get_run
from understudy.cli.browse import AS_JSON
from understudy.cli.output import exit_code_for, plain, print_json
from understudy.cli.session import run
from understudy.cli.turns import print_result
from understudy.domain.conversation import MoveKind, Reply
from understudy.domain.errors import BadInput, Conflict

__all__ = ["play"]

MOVES: tuple[str, ...] = get_args(MoveKind)
HELP = (
    f"A line is what you say. /move KIND text says it and moves: {', '.join(MOVES)}.\n"
    "As the agent: /handoff text hands over to a human, /close text ends the conversation.\n"
    "/brief shows the brief, /cancel ends the run, /quit leaves it as it is.\n"
)


@click.command(epilog=f"\b\n{HELP}")
@click.option("--persona", help="Who the user is.")
@click.option("--goal", help="Goal id. Default: the persona's own.")
@click.option("--target", help="A target of understudy.yaml, or demo-clinic, demo-bank ...; `caller`: you are the agent.")
@click.option("--player", type=click.Choice(["rules", "model"]), help="Who plays the user when you are the agent.")
@click.option("--seed", type=int, help="Same seed, same user.")
@click.option("--max-turns", type=click.IntRange(1, 200), help="Most user turns.")
@click.option("--opens", type=click.Choice(["user", "agent"]), help="Who speaks first.")
@click.option("--rubric", help="Rubric to judge by.")
@click.option("--run", "run_id", metavar="RUN_ID", help="Go on with a conversation that was left.")
@AS_JSON
@click.pass_context
def play(
    context: click.Context,
    persona: str | None,
    goal: str | None,
    target: str | None,
    player: Literal["rules", "model"] | None,
    seed: int | None,
    max_turns: int | None,
    opens: Literal["user", "agent"] | None,
    rubric: str | None,
    run_id: str | None,
    as_json: bool,
) -> int:
    """Play a user by hand, or with --target caller the agent: a line of stdin is a message.

    Conversations played by hand are judged like any other, marked, and kept apart in rates.
    """
    if (persona is None) == (run_id is None):
        raise click.UsageError("Give either --persona, to open a conversation, or --run, to go on with one.")

    async def work(app: App) -> HandView:
        if run_id is not None:
            view = await go_on(app, run_id)
        else:
            view = await open_by_hand(
                app, persona=persona or "", goal=goal, target=target, player=player, seed=seed, max_turns=max_turns, opens=opens,
                rubric=rubric, host="understudy-play",
            )  # fmt: skip
        try:
            view = await _to_the_end(app, view, quiet=as_json)
        except asyncio.CancelledError:
            click.echo(f"\nRun {view.run_id} waits for you: understudy play --run {view.run_id}", err=True)
            raise
        if view.status == "finished" and not as_json:
            print_result(await get_run(app, view.run_id))
        return view

    view = run(context, work)
    if as_json:
        print_json(view)
    elif view.status != "finished":
        click.echo(f"\n{view.run_id} waits for you: understudy play --run {view.run_id}")
    return exit_code_for(view.verdict.outcome if view.verdict else None, view.ending)


async def _to_the_end(app: App, view: HandView, *, quiet: bool) -> HandView:
    """Turns by the lines of stdin, until it is over, or the input is, or it was left."""
    show = _nothing if quiet else _show
    lines = _Lines()
    show(view)
    while view.status != "finished":
        if view.status == "the other side is thinking":
            view = await go_on(app, view.run_id)
            show(view)
            continue
        line = await lines.next()
        if line is None or line == "/quit":
            return view
        if line == "/cancel":
            await cancel_run(app, view.run_id)
            return await go_on(app, view.run_id)
        view = await _take(app, view, line, show)
    return view


async def _take(app: App, view: HandView, line: str, show: Callable[[HandView], None]) -> HandView:
    if line == "/brief":
        after = await go_on(app, view.run_id, full=True)
    elif (said := _said(app, view, line)) is None:
        click.echo(HELP, err=True, nl=False)
        return view
    else:
        try:
            after = await said
        except Conflict:
            # Somebody else has taken a step of this run: what they said stands.
            click.echo("That was not said: the conversation has gone on without you.", err=True)
            after = await go_on(app, view.run_id)
    show(after)
    return after


def _said(app: App, view: HandView, line: str) -> Awaitable[HandView] | None:
    """The step that the line means; None for a command that there is not."""
    command, _, text = line.partition(" ") if line.startswith("/") else ("", "", line)
    if view.you_play == "user":
        if command not in ("", "/move"):
            return None
        move: str = "continue"
        if command:
            move, _, text = text.strip().partition(" ")
            if move not in MOVES:
                return None
        return go_on(app, view.run_id, step=view.step, message=text, move=cast("MoveKind", move))
    if command not in ("", "/handoff", "/close"):
        return None
    reply = Reply(text=text, handed_off=command == "/handoff", closed=command == "/close")
    return go_on(app, view.run_id, step=view.step, reply=reply)


class _Lines:
    """The lines of stdin that say something, as they come.

    They are read past Python's own buffer, in a thread that nobody waits for: an interrupted command ends at once.
    """

    def __init__(self) -> None:
        self._read: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._thread: threading.Thread | None = None
        self._shows = sys.stdin.isatty()

    async def next(self) -> str | None:
        """The next line; None at the end. Raises BadInput for what is no text."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._pump, args=(sys.stdin.fileno(),), daemon=True)
            self._thread.start()
        if self._shows:
            click.echo(click.style("> ", fg="cyan"), nl=False, err=True)
        while (line := await self._read.get()) is not None:
            try:
                text = line.decode(sys.stdin.encoding).strip()
            except UnicodeDecodeError:
                raise BadInput(
                    "stdin", f"has a line that is not {sys.stdin.encoding} text", "Save it as UTF-8, one message a line"
                ) from None
            if text:
                return text
        return None

    def _pump(self, stdin: int) -> None:
        rest = b""
        while chunk := os.read(stdin, 65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._put(line)
        self._put(rest)
        self._put(None)

    def _put(self, line: bytes | None) -> None:
        with contextlib.suppress(RuntimeError):  # the command is over, and its loop closed
            self._loop.call_soon_threadsafe(self._read.put_nowait, line)


def _nothing(_: HandView) -> None: ...


def _show(view: HandView) -> None:
    """What a player needs to go on; what the agent said, without anything that a terminal would act on."""
    if view.brief is not None:
        for name, value in view.brief.model_dump().items():
            lines = [value] if isinstance(value, str) else value
            for number, text in enumerate(lines):
                click.echo(f"{name.replace('_', ' ') if number == 0 else '':>12}  {plain(str(text))}")
        click.echo()
    if view.refused:
        click.echo(f"{click.style('not sent', fg='red')} {plain(view.refused)} {view.tries_left} left.")
    elif view.untrusted_agent_text is not None:
        click.echo(f"{click.style('agent:', fg='blue', bold=True)} {plain(view.untrusted_agent_text)}")
    if view.user_message is not None:
        click.echo(f"{click.style('user:', fg='cyan', bold=True)} {plain(view.user_message)}")
    for line in view.changed or []:
        click.echo(click.style(f"   {plain(line)}", dim=True))
    if view.status == "your turn":
        mood = f"; frustration {view.frustration} of 5" if view.frustration else ""
        click.echo(click.style(f"step {view.step}, {view.turns_left} turns left{mood}", dim=True))
        if view.untrusted_choice:
            click.echo(f"   the offer: {plain(view.untrusted_choice)}")
        for line in view.direction or []:
            click.echo(click.style(f"   -> {plain(line)}", fg="yellow"))
        if view.move not in (None, "continue"):
            click.echo(click.style(f"   -> /move {view.move} ...", fg="yellow"))

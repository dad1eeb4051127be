"""The `understudy` command: the same words as the MCP tools, the same functions underneath.

Exit codes: 0 done, and nothing judged as failed; 1 a verdict is `fail`; 2 a mistake in the call or in a file; 3 nothing could be
judged (`unscored`); 4 the target gave no answer; 5 the store cannot be read or written; 6 a model gave no answer;
70 a fault of ours; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import cast

import click

from understudy import __version__
from understudy.campaigns.collector import collect_seldom
from understudy.cli.commands import COMMANDS
from understudy.cli.lazy import LazyGroup
from understudy.domain.errors import UnderstudyError

__all__ = ["cli", "main"]

EXIT_CODES = """\
\b
Exit codes:
  0    done, and nothing was judged as failed
  1    a verdict is fail
  2    a mistake in the call or in a file
  3    nothing could be judged (unscored)
  4    the target gave no answer
  5    the store cannot be read or written
  6    a model of the settings gave no answer
  70   a fault of Understudy's own
  130  interrupted"""


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="understudy")
@click.option("--config", type=click.Path(dir_okay=False), help="Settings file. Default: understudy.yaml here or in a folder above.")
@click.option("--store", type=click.Path(file_okay=False), help="Folder of the store. Default: .understudy/ beside the settings file.")
@click.pass_context
def cli(context: click.Context, config: str | None, store: str | None) -> None:
    """Plays your agent's users before real users do."""
    context.obj = {"config": config, "store": store}


def _general_first(args: list[str]) -> list[str]:
    """`understudy serve --config x` as people write it: --config and --store may stand after the command too."""
    first: list[str] = []
    rest: list[str] = []
    given = iter(args)
    for arg in given:
        name, equals, _ = arg.partition("=")
        if arg == "--":
            rest += [arg, *given]
        elif name in ("--config", "--store"):
            first += [arg] if equals else [arg, *([value] if (value := next(given, None)) is not None else [])]
        else:
            rest.append(arg)
    return first + rest


def main() -> None:
    """Run the command line and exit with its code."""
    collect_seldom()
    try:
        # Not `cli.main`: that takes a closed pipe for a failure and exits with 1, which is a verdict here.
        with cli.make_context("understudy", _general_first(sys.argv[1:])) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. What was said is kept; `understudy show` lists unfinished runs and --wait goes on with one.", err=True)
        _as_json("interrupted", "Interrupted. What was said is kept.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong, and Python must not try to flush into the closed pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # the boundary of the program: whatever went wrong becomes one line and an exit code
        sys.exit(_explained(error))
    sys.exit(code if isinstance(code, int) else 0)


def _explained(error: Exception) -> int:
    """Say on stderr what went wrong; the exit code."""
    error = _alone(error)
    if isinstance(error, UnderstudyError):
        from understudy.cli.output import exit_code_of, plain

        click.echo(f"{click.style('error', fg='red')} [{error.code}] {plain(str(error))}", err=True)
        _as_json(error.code, str(error))
        return exit_code_of(error)
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({place[0].filename}:{place[0].lineno})" if place else ""
    click.echo(f"{click.style('error', fg='red')} [internal] {type(error).__name__}: {error}{where}", err=True)
    _as_json("internal", f"{type(error).__name__}: {error}")
    click.echo("This is a fault of Understudy's own; please report this line. What was stored is kept.", err=True)
    return 70


def _as_json(code: str, message: str) -> None:
    """Under `--json` the error goes to stdout as well, so that whoever parses it finds JSON in any case."""
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"error": {"code": code, "message": message}}))


def _alone(error: Exception) -> Exception:
    """The one error that a task group wraps."""
    if not isinstance(error, ExceptionGroup):
        return error
    first, *others = cast("ExceptionGroup[Exception]", error).exceptions
    return cast("Exception", error) if others else _alone(first)

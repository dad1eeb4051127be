"""What the commands print, and the code they exit with."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence

import click
from pydantic import BaseModel

from understudy.domain.errors import CallerError, ModelError, StoreError, TargetError, UnderstudyError

__all__ = ["MARKS", "exit_code_for", "exit_code_of", "mark", "plain", "print_json", "table", "width"]

_UNSAFE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")

MARKS = {"pass": ("pass", "green"), "fail": ("FAIL", "red"), "unscored": ("unscored", "yellow"), "error": ("error", "magenta")}


def mark(outcome: str | None) -> str:
    """An outcome in its colour; colours are left out when the output is no terminal."""
    text, colour = MARKS.get(outcome or "", (outcome or "-", "white"))
    return click.style(text, fg=colour, bold=outcome == "fail")


def print_json(value: BaseModel | list[BaseModel]) -> None:
    """The value as JSON on stdout, and nothing else."""
    body = (
        [v.model_dump(mode="json", by_alias=True) for v in value]
        if isinstance(value, list)
        else value.model_dump(mode="json", by_alias=True)
    )
    click.echo(
        _UNSAFE.sub(
            lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", json.dumps(body, indent=2, ensure_ascii=False)
        )
    )


def plain(text: str) -> str:
    """Foreign text without what a terminal would act on: escape sequences, control characters, turned writing directions."""
    return _UNSAFE.sub(lambda found: found[0] if found[0] in "\n\t" else f"\\x{ord(found[0]):02x}", text)


def width() -> int:
    """Columns of the terminal, 100 where there is none."""
    return max(60, shutil.get_terminal_size((100, 24)).columns)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need; on a terminal the last is cut to what is left of the line."""
    widths = [max(len(click.unstyle(row[i])) for row in (headers, *rows)) for i in range(len(headers))]
    room = max(20, width() - sum(widths[:-1]) - 2 * (len(widths) - 1))
    for number, row in enumerate((headers, *rows)):
        cells = [cell + " " * (widths[i] - len(click.unstyle(cell))) for i, cell in enumerate(row[:-1])]
        fits = len(click.unstyle(row[-1])) <= room or not sys.stdout.isatty()
        last = row[-1] if fits else click.unstyle(row[-1])[: room - 1] + "…"
        line = "  ".join([*cells, last]).rstrip()
        click.echo(click.style(line, bold=True) if number == 0 else line)


def exit_code_for(outcome: str | None, ending: str | None) -> int:
    """0, 1, 3 or 4: what a judged conversation makes the command exit with."""
    if ending == "target_failed":
        return 4
    return {"pass": 0, "fail": 1}.get(outcome or "", 3)


def exit_code_of(error: UnderstudyError) -> int:
    """2, 4, 5, 6 or 70: what an error makes the command exit with."""
    if isinstance(error, CallerError):
        return 2
    if isinstance(error, TargetError):
        return 4
    if isinstance(error, ModelError):
        return 6
    return 5 if isinstance(error, StoreError) else 70

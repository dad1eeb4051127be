"""`understudy init`: a commented settings file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from understudy.domain.errors import Conflict
from understudy.settings.template import TEMPLATE

__all__ = ["init"]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout, and nothing else.")
def init(folder: Path, force: bool, as_json: bool) -> None:
    """Write a commented understudy.yaml into FOLDER (default: here)."""
    path = folder / "understudy.yaml"
    if path.exists() and not force:
        raise Conflict(f"{path} exists already. Edit it, or write over it with --force.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(TEMPLATE, encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"written": str(path)}))
        return
    click.echo(f"Wrote {path}. Name your agent under `targets`, then run `understudy doctor`.")

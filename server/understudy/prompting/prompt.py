"""Prompts are data with a version: `texts/<name>/<version>.md`, Jinja templates in sections; name, version and digest go on record.

A file holds sections that begin with a line `=== name`. Placeholders without a value are errors, so nothing goes missing in silence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

__all__ = ["Prompt", "load_prompt"]

_HEADING = re.compile(r"^=== ([a-z_]+)\s*$", re.MULTILINE)


class Prompt:
    """One version of a prompt."""

    def __init__(self, name: str, version: str, text: str) -> None:
        self.name = name
        self.label = f"{name}/{version}#{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        """As recorded: `user/1#3fa2c19b`. The digest changes with any edit, also with one that forgot the version."""
        _, *pieces = _HEADING.split(text)
        environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - text, not HTML
        self._sections: Mapping[str, Template] = {
            heading: environment.from_string(body.strip("\n")) for heading, body in zip(pieces[::2], pieces[1::2], strict=True)
        }

    @property
    def sections(self) -> tuple[str, ...]:
        """In the file's order."""
        return tuple(self._sections)

    def render(self, section: str, **values: Any) -> str:
        """The section with its placeholders filled. Raises KeyError for a section that the file has not, jinja2.UndefinedError
        for a placeholder without a value."""
        return self._sections[section].render(**values).strip()


@cache
def load_prompt(name: str, version: str) -> Prompt:
    """The prompt `name` at `version`. Raises FileNotFoundError when there is none."""
    text = files("understudy.prompting").joinpath("texts", name, f"{version}.md").read_text(encoding="utf-8")
    return Prompt(name, version, text)

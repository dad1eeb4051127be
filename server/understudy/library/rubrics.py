"""Rubric files: one rubric a YAML file. A rubric with one broken criterion does not load: without it, it would pass more than it should."""

from __future__ import annotations

from pathlib import Path

from understudy.domain.rubric import Rubric
from understudy.library.validation import check
from understudy.library.yaml_source import read_yaml

__all__ = ["load_rubric"]


def load_rubric(path: Path) -> Rubric:
    """The rubric in a file. Raises BadFile with the first thing wrong."""
    located = read_yaml(path)
    rubric, errors = check(Rubric, located)
    if rubric is None:
        raise errors[0]
    return rubric

"""What docs/queries.md shows exists, and its figures are those of the code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

from click import Group

from understudy.cli.queries import queries
from understudy.domain.query import ExpectedAnswer, QueryMethod, ReviewState, Tone
from understudy.queries.duplicates import NEAR

GUIDE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")


def test_every_command_of_the_guide_exists_with_its_options() -> None:
    assert isinstance(queries, Group)
    lines = [line for block in re.findall(r"^```\n(.*?)^```", GUIDE, re.S | re.M) for line in block.splitlines()]
    assert len(lines) >= 9
    for line in lines:
        program, group, name, *rest = shlex.split(line)
        assert (program, group) == ("understudy", "queries")
        known = {option for parameter in queries.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, line


def test_the_guide_names_every_method_state_tone_and_field_and_the_threshold() -> None:
    named = {*get_args(QueryMethod), *get_args(ReviewState), *get_args(Tone), *ExpectedAnswer.model_fields}
    assert [name for name in named if f"`{name}`" not in GUIDE] == []
    assert str(NEAR) in GUIDE

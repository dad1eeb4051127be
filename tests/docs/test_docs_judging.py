"""What docs/judging.md shows is taken."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from understudy.app.caller_judging import HandedIn
from understudy.domain.rubric import Rubric
from understudy.settings.load import load_settings

PAGE = (Path(__file__).parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def test_its_settings_load_its_rubric_is_one_and_its_judgement_has_the_shape(tmp_path: Path) -> None:
    *settings, rubric = blocks("yaml")
    for text in settings:
        path = tmp_path / "understudy.yaml"
        path.write_text(text, encoding="utf-8")
        load_settings(path)
    assert [c.id for c in Rubric.model_validate(yaml.safe_load(rubric)).criteria] == ["polite", "right-terms"]
    assert HandedIn.model_validate(json.loads(blocks("json")[0])).results[0].verdict == "5"

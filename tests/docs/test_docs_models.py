"""Every settings example of docs/models.md loads, and what its tables say is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from understudy.llm.traits import traits_of
from understudy.settings.load import load_settings
from understudy.settings.model import ModelRole

GUIDE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.S | re.M)
ROWS = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", GUIDE, re.M)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads_as_it_stands(example: str, tmp_path: Path) -> None:
    file = tmp_path / "understudy.yaml"
    file.write_text(example, encoding="utf-8")
    models = load_settings(file).models
    assert models.replay is ("replay: true" in example)
    assert any((models.user, models.judge, models.generator))


def test_the_keys_of_a_role_are_all_told_with_their_defaults() -> None:
    told = {name: default.strip() for name, default in ROWS if name in ModelRole.model_fields}
    elsewhere = {"provider", "model", "key_env", "base_url", "family", "allow_same_family"}
    assert set(told) | elsewhere == set(ModelRole.model_fields)
    for name in ("timeout_s", "retries", "concurrency"):
        assert float(told[name]) == ModelRole.model_fields[name].default


def test_the_price_that_the_table_shows_is_one() -> None:
    (shown,) = re.findall(r"`(\{input: 0\.5.*?\})`", GUIDE)
    ModelRole.model_validate({"provider": "openai", "model": "m", "price": yaml.safe_load(shown)})


def test_the_rooms_for_reasoning_are_those_of_the_table() -> None:
    table = Path(__file__).parents[2] / "server/understudy/llm/data/traits.json"
    rooms = {row["reasoning_tokens"] for row in json.loads(table.read_text(encoding="utf-8"))["first_match_wins"]} - {0}
    assert rooms == {4096, 8192}
    assert traits_of("gpt-oss:20b").reasoning_tokens == 4096

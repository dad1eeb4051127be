"""What the documents show is run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from understudy.cli.commands import COMMANDS
from understudy.domain.checks import Check
from understudy.domain.persona import Persona
from understudy.domain.rubric import Rubric
from understudy.library.packs import load_pack
from understudy.simulation.conversation import start
from understudy.simulation.drive import drive
from understudy.simulation.players.rules import RulesPlayer
from understudy.testing.fake_target import FakeTarget

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "personas-and-goals.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M)


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (code,) = blocks(README, "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\w+ (pass|fail) \d+ of \d+ criteria judged$", done.stdout.strip())


def test_every_command_in_the_readme_exists_with_its_options() -> None:
    lines = [line.split("#")[0] for block in blocks(README, "") for line in block.splitlines()]
    commands = [shlex.split(line) for line in lines if line.startswith("understudy ")]
    assert len(commands) >= 8
    for words in commands:
        assert words[1] in COMMANDS, words
        sub = [words[2]] if words[1] in ("queries", "campaign") else []
        done = subprocess.run([sys.executable, "-m", "understudy", words[1], *sub, "--help"], capture_output=True, text=True, check=False)
        for option in (w for w in words if w.startswith("--")):
            assert option in done.stdout, (words, option)


@pytest.fixture(scope="module")
def pack_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    museum, personas = (yaml.safe_load(b) for b in blocks(GUIDE, "yaml")[1:3])
    path = tmp_path_factory.mktemp("packs") / "museum.yaml"
    path.write_text(yaml.safe_dump({**museum, **personas}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_the_pack_of_the_guide_loads_without_a_problem(pack_file: Path) -> None:
    pack = load_pack(pack_file)
    assert pack.problems == ()
    assert [p.id for p in pack.personas] == ["weekend-dad"]


async def test_the_goal_of_the_guide_is_played_with_its_complication(pack_file: Path) -> None:
    from understudy.domain.scenario import Scenario

    pack = load_pack(pack_file)
    replies = [
        "Hello! For which day would you like the tickets?",
        "I have booked two tickets for Sunday. Anything else?",
        "I have changed the tickets to Saturday. Anything else?",
        "Yes, there are lockers by the entrance, and prams are welcome. Anything else?",
        "You are welcome, goodbye!",
    ]

    async def record(_: object) -> None:
        return None

    scenario = Scenario(persona=pack.personas[0], goal=pack.goals[0], target="fake", seed=2)
    played = await drive(start(scenario), RulesPlayer(), FakeTarget(replies), run_id="r", record=record, clock=lambda: 0.0)
    said = " ".join(t.text for t in played.turns if t.role == "user")
    assert "Saturday" in said
    assert played.ending is not None
    assert played.ending.kind == "goal_reached"


def test_the_rubric_of_the_guide_is_one() -> None:
    assert Rubric.model_validate(yaml.safe_load(blocks(GUIDE, "yaml")[3])).criteria


def test_the_guide_names_every_value_of_every_closed_list_and_every_check() -> None:
    schema = Persona.model_json_schema(by_alias=True)
    values = re.findall(r'"enum": \[(.*?)\]', str(schema).replace("'", '"'))
    for listed in values:
        for value in re.findall(r'"(\w+)"', listed):
            if value not in ("volunteer", "if_asked", "never", "library", "written", "described", "transcript", "notes", "imported"):
                assert value in GUIDE, value
    from pydantic import TypeAdapter

    for name in TypeAdapter(Check).json_schema()["discriminator"]["mapping"]:
        assert f"`{name}`" in GUIDE, name

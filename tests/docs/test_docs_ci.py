"""What docs/ci.md shows is run, and so are the commands of the GitHub Actions example."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.settings.load import load_settings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "clients" / "github-actions" / "understudy.yml"
PATIENCE_S = 240


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.S | re.M)


def steps() -> list[dict[str, Any]]:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    assert set(workflow[True]) == {"pull_request", "push"}
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    return list(job["steps"])


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command as the shell of a step would run it, with `understudy` for ours."""
    program, *arguments = shlex.split(command)
    assert program == "understudy"
    env = {**os.environ, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return subprocess.run(
        [sys.executable, "-m", "understudy", *arguments],
        cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


def test_the_commands_of_the_workflow_gate_keep_a_baseline_and_compare_with_it(tmp_path: Path) -> None:
    commands = {step["if"]: step["run"] for step in steps() if step.get("run", "").startswith("understudy ")}
    pull_request, push = (commands[f"github.event_name == '{event}'"] for event in ("pull_request", "push"))
    kept = next(step["with"]["path"] for step in steps() if step.get("uses", "").startswith("actions/cache/save"))
    uploaded = next(step["with"]["path"] for step in steps() if step.get("uses", "").startswith("actions/upload-artifact"))
    (tmp_path / "understudy.yaml").write_text("{}\n", encoding="utf-8")  # the store is beside the project's settings
    first = run(push, tmp_path)
    assert (first.returncode, "There is no baseline `main` yet" in first.stderr) == (0, True), first.stdout
    assert (tmp_path / kept).is_dir()
    assert (tmp_path / uploaded).is_file()
    second = run(pull_request, tmp_path)
    assert second.returncode == 0, second.stdout
    assert "no regression" in second.stdout
    worse = run(pull_request.replace("demo-clinic", "demo-clinic+loops"), tmp_path)
    assert (worse.returncode, "newly fail" in worse.stdout) == (1, True), worse.stdout
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").count("## Understudy gate") == 3


def test_the_command_of_the_guide_is_green(tmp_path: Path) -> None:
    (command,) = re.findall(r"^```\n(understudy .*?)^```", GUIDE, re.S | re.M)
    assert run(command.strip(), tmp_path).returncode == 0


def test_every_option_of_the_guide_exists() -> None:
    from understudy.cli.gate import gate

    known = {option for parameter in gate.params for option in (*parameter.opts, *parameter.secondary_opts)}
    told = set(re.findall(r"`(--[a-z-]+)", GUIDE)) - {"--store", "--understudy-store", "--understudy-config"}
    assert told <= known
    assert len(told) > 15


def test_the_settings_of_the_guide_load(tmp_path: Path) -> None:
    (settings,) = blocks("yaml")
    file = tmp_path / "understudy.yaml"
    file.write_text(settings, encoding="utf-8")
    assert load_settings(file).gate.criteria == {"completed": 0.9, "polite": 0.99}


@pytest.mark.parametrize("number", [0, 1])
def test_the_python_of_the_guide_runs(tmp_path: Path, number: int) -> None:
    code = blocks("python")[number]
    (tmp_path / "test_it.py").write_text(code, encoding="utf-8")
    program = ["-m", "pytest", "-q", "-p", "understudy.pytest_plugin"] if number == 0 else ["test_it.py"]
    done = subprocess.run(
        [sys.executable, *program], cwd=tmp_path, env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout if number == 0 else "0/1 = 0%" in done.stdout

"""The example client in Python, run as a user runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

MAIN_JOB = Path(__file__).resolve().parents[2] / "clients" / "python" / "main_job.py"


def main_job(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MAIN_JOB), *arguments]
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("target", "verdict"), [("demo-clinic", "pass"), ("demo-clinic+loops", "fail")])
def test_the_example_client_does_the_main_job_and_prints_the_verdict(tmp_path: Path, target: str, verdict: str) -> None:
    done = main_job(tmp_path, target, str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\d+ personas, among them \w+", done.stdout, re.MULTILINE)
    assert len(re.findall(r"^query \[.+\]: .+", done.stdout, re.MULTILINE)) == 3
    found = re.search(r"^run_\w+: \w+, verdict (\w+) \((\d+) of (\d+) criteria judged\)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    assert found[1] == verdict
    assert 0 < int(found[2]) <= int(found[3])
    assert ("turn " in done.stdout) == (verdict == "fail")
    assert "\n**[0] " in done.stdout
    assert "\n> " in done.stdout


def test_the_example_client_shows_what_was_wrong_with_a_target(tmp_path: Path) -> None:
    done = main_job(tmp_path, "demo-clinik", str(tmp_path / "store"))
    assert done.returncode != 0
    assert "Did you mean `demo-clinic`?" in done.stderr

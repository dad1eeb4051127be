"""A simulation that is interrupted or killed keeps what was said, and goes on later."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
from cli_kit import REGULAR, started, understudy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")

SLOW = "demo-clinic+slow=100"


def _interrupted(folder: Path, *arguments: str, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
    """Exit code, output and errors of a simulation that gets a signal once two turns have been shown."""
    with started("simulate", REGULAR, "--seed", "1", "--store", "store", *arguments, cwd=folder) as process:
        assert process.stdout is not None
        shown = ""
        while "[1] agent:" not in shown:
            line = process.stdout.readline()
            assert line, process.communicate()
            shown += line
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    return process.returncode, shown + out, err


def test_ctrl_c_says_how_to_go_on_and_show_wait_goes_on(tmp_path: Path) -> None:
    code, _, err = _interrupted(tmp_path, "--target", SLOW)
    assert code == 130
    assert "--wait" in err
    (kept,) = understudy("show", "--json", "--store", "store", cwd=tmp_path).json["runs"]
    assert kept["status"] != "finished"
    run_id, turns = kept["run_id"], kept["turns"]
    before = understudy("show", run_id, "--json", "--store", "store", cwd=tmp_path).json["turns"]
    assert f"`understudy show {run_id} --wait`" in understudy("show", run_id, "--store", "store", cwd=tmp_path).out
    finished = understudy("show", run_id, "--wait", "--json", "--store", "store", cwd=tmp_path)
    assert finished.code == 0, finished.err
    assert finished.json["ending"] == "goal_reached"
    after = understudy("show", run_id, "--json", "--store", "store", cwd=tmp_path).json["turns"]
    assert 2 <= turns < len(after)
    assert after[: len(before)] == before


def test_a_killed_simulation_is_stopped_for_good_with_cancel(tmp_path: Path) -> None:
    code, _, _ = _interrupted(tmp_path, "--target", SLOW, number=signal.SIGKILL)
    assert code == -signal.SIGKILL
    run_id = understudy("show", "--json", "--store", "store", cwd=tmp_path).json["runs"][0]["run_id"]
    stopped = understudy("show", run_id, "--cancel", "--json", "--store", "store", cwd=tmp_path)
    assert (stopped.code, stopped.json["ending"]) == (0, "cancelled")
    assert stopped.json["turns"] >= 2


def test_a_run_with_a_command_of_an_earlier_call_says_that_only_that_call_can_go_on_with_it(tmp_path: Path) -> None:
    agent = "import json, sys, time\nfor line in sys.stdin:\n    print(json.dumps({'text': 'Noted.'}), flush=True)\n    time.sleep(0.2)\n"
    (tmp_path / "agent.py").write_text(agent)
    (tmp_path / "lines.txt").write_text("\n".join(f"Line {n}." for n in range(12)))
    asked = ["--command", f"'{sys.executable}' -S agent.py", "--script", "lines.txt", "--idempotency-key", "mine"]
    _interrupted(tmp_path, *asked)
    run_id = understudy("show", "--json", "--store", "store", cwd=tmp_path).json["runs"][0]["run_id"]
    refused = understudy("show", run_id, "--wait", "--store", "store", cwd=tmp_path)
    assert refused.code == 2
    assert "--idempotency-key" in refused.err
    agent = agent.replace("0.2", "0")
    (tmp_path / "agent.py").write_text(agent)
    finished = understudy("simulate", REGULAR, "--seed", "1", "--store", "store", *asked, "--json", cwd=tmp_path)
    assert finished.json["run_id"] == run_id
    assert finished.json["turns"] == 24
    assert json.loads(finished.out)["status"] == "finished"

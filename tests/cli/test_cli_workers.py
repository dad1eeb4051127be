"""`understudy campaign --workers`: interrupted in the terminal, and resumed."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from cli_kit import TIMEOUT_S, understudy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no worker processes there")

WHO = ("--persona", "few-words-sam", "--persona", "three-minds")
ASKED = (*WHO, "--target", "demo-clinic+slow=100", "--repeats", "12", "--concurrency", "6")


def holders(folder: Path) -> set[int]:
    """The processes that hold runs."""
    with closing(sqlite3.connect(folder / "store" / "understudy.db", timeout=30)) as database:
        rows = database.execute("SELECT DISTINCT owner FROM runs WHERE owner IS NOT NULL").fetchall()
    return {int(owner.split(":")[1]) for (owner,) in rows}


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="ascii").rpartition(") ")[2][0] != "Z"


@pytest.mark.parametrize("everybody", [False, True])
def test_ctrl_c_ends_the_workers_too_quietly_and_the_campaign_is_resumed_with_nothing_lost(tmp_path: Path, *, everybody: bool) -> None:
    command = [sys.executable, "-m", "understudy", "--store", "store", "campaign", "run", *ASKED, "--workers", "2"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    said = ""
    while "campaign camp_" not in said:
        said += process.stderr.readline()
    campaign_id = re.findall(r"camp_\w+", said)[0]
    deadline = time.monotonic() + TIMEOUT_S
    while not (workers := holders(tmp_path) - {process.pid}):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    if everybody:  # a terminal reaches its foreground group; a supervisor may well signal every process
        for pid in workers:
            os.kill(pid, signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    assert f"understudy campaign resume {campaign_id}" in err
    assert not any(is_there(pid) for pid in workers)
    assert holders(tmp_path) == set()
    done = understudy("campaign", "resume", campaign_id, "--workers", "2", "--json", "--store", "store", cwd=tmp_path)
    assert done.code in (0, 1), done.err
    view = done.json
    assert (view["status"], view["progress"]["done"], view["processes"]) == ("finished", 24, 2)
    assert understudy("show", "--json", "--limit", "100", "--store", "store", cwd=tmp_path).json["total"] == 24


def test_a_campaign_says_by_how_many_processes_it_was_played(tmp_path: Path) -> None:
    alone = understudy("campaign", "run", *WHO, "--target", "demo-clinic", "--store", "store", cwd=tmp_path)
    assert "processes" not in alone.out
    refused = understudy("campaign", "run", *ASKED, "--workers", "0", "--store", "store", cwd=tmp_path)
    assert (refused.code, "--workers" in refused.err) == (2, True)

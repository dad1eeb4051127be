"""The garbage collector of our own programs."""

from __future__ import annotations

import subprocess
import sys

from understudy.campaigns.collector import MIDDLE, OLD, YOUNG


def test_our_programs_look_through_everything_seldom_and_the_library_leaves_that_to_its_host() -> None:
    code = """
import gc, sys
before = gc.get_threshold()
import understudy.app.runs, understudy.pytest_plugin, understudy.mcp.server, understudy.worker, understudy.cli
print(gc.get_threshold() == before)
sys.argv = ["understudy", "--version"]
try:
    understudy.cli.main()
except SystemExit:
    pass
print(*gc.get_threshold())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, *_, last = done.stdout.split("\n")[:-1]
    assert first == "True"
    assert last == f"{YOUNG} {MIDDLE} {OLD}"

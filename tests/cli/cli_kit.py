"""The command line as a process, with what it answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REGULAR = "lunch-break-regular"
TIMEOUT_S = 60


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The whole of stdout as JSON."""
        return json.loads(self.out)


def understudy(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, lines: str = "") -> Done:
    """Run the command to its end, with `lines` on stdin. Nothing that a user does may show a traceback."""
    command = [sys.executable, "-m", "understudy", *map(str, arguments)]
    ended = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, input=lines, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Done(ended.returncode, ended.stdout, ended.stderr)


def started(*arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """The command, running."""
    command = [sys.executable, "-m", "understudy", *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

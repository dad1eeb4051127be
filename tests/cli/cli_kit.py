"""The command line as a process, with what it answered."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from understudy.cli import main

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


def understudy(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, lines: str = "", apart: bool = False) -> Done:
    """Run the command to its end, with `lines` on stdin. Nothing that a user does may show a traceback.

    In this process, which saves a start of Python each time; `apart`, where an event loop runs already and for `play`, which reads the
    descriptor of stdin, in one of its own.
    """
    words = [*map(str, arguments)]
    done = _apart(words, cwd, env or {}, lines) if apart or "play" in words or _in_a_loop() else _here(words, cwd, env or {}, lines)
    assert "Traceback" not in done.err, done.err
    return done


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _apart(words: list[str], cwd: Path, env: Mapping[str, str], lines: str) -> Done:
    command = [sys.executable, "-m", "understudy", *words]
    ended = subprocess.run(command, cwd=cwd, env={**os.environ, **env}, input=lines, capture_output=True, text=True, timeout=TIMEOUT_S)
    return Done(ended.returncode, ended.stdout, ended.stderr)


def _here(words: list[str], cwd: Path, env: Mapping[str, str], lines: str) -> Done:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: Any = None
    with (
        contextlib.chdir(cwd), patch.dict(os.environ, env), patch.object(sys, "argv", ["understudy", *words]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), encoding="utf-8")),
        patch.object(sys, "stdout", out), patch.object(sys, "stderr", err),
    ):  # fmt: skip
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    said, told = (_text(stream) for stream in (out, err))
    return Done(code if isinstance(code, int) else 0, said, told)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.detach()
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def started(*arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """The command, running."""
    command = [sys.executable, "-m", "understudy", *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

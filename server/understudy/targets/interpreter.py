"""Which Python runs a callable: the user's, not ours."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from os import pathsep
from pathlib import Path

__all__ = ["Interpreter", "find_interpreter"]

_IN_VENV = ("bin/python", "Scripts/python.exe")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter and why it was chosen."""

    path: str
    why: str


def find_interpreter(python: str | None, *, cwd: str | None, env: Mapping[str, str], ours: str = sys.executable) -> Interpreter:
    """The interpreter of the settings; else VIRTUAL_ENV's, that of `.venv` in `cwd`, `python3` on PATH, and ours at last.

    `ours` is the interpreter that runs Understudy: it is passed over wherever it turns up, because it has our packages
    and not the user's.
    """
    if python is not None:
        return Interpreter(python, "`python` in the settings")
    home = Path(ours).parent
    for folder, why in ((env.get("VIRTUAL_ENV"), "VIRTUAL_ENV"), (str(Path(cwd or ".") / ".venv"), "`.venv` in the target's folder")):
        found = next((p for inside in _IN_VENV if folder and (p := Path(folder) / inside).is_file()), None)
        if found is not None and found.parent != home:
            return Interpreter(str(found), why)
    path = pathsep.join(p for p in env.get("PATH", "").split(pathsep) if p and Path(p) != home)
    for name in ("python3", "python"):
        if found_on_path := shutil.which(name, path=path):
            return Interpreter(found_on_path, f"`{name}` on PATH")
    return Interpreter(ours, "Understudy's own interpreter, as no other was found; set `python` to yours")

"""Target: a Python callable, imported and called by the user's own interpreter in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from understudy.targets.interpreter import Interpreter, find_interpreter
from understudy.targets.line_target import LineTarget
from understudy.targets.settings import PythonTarget

__all__ = ["PythonCallable"]

HOST = Path(__file__).with_name("host.py")


class PythonCallable(LineTarget):
    """The adapter of `kind: python`."""

    kind = "python"

    def __init__(self, name: str, settings: PythonTarget, *, env: Mapping[str, str]) -> None:
        super().__init__(name, settings, env=env)
        self._callable = settings.callable
        self.interpreter: Interpreter = find_interpreter(settings.python, cwd=settings.cwd, env=env)

    def argv(self) -> tuple[str, ...]:
        return (self.interpreter.path, str(HOST), self._callable)

    @property
    def where(self) -> str:
        return f"`{self._callable}` (run by {self.interpreter.path})"

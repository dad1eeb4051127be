"""Target: a command that takes a JSON line on stdin and answers with one on stdout."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.targets.line_target import LineTarget
from understudy.targets.settings import CommandTarget

__all__ = ["Command"]


class Command(LineTarget):
    """The adapter of `kind: command`."""

    kind = "command"

    def __init__(self, name: str, settings: CommandTarget, *, env: Mapping[str, str]) -> None:
        super().__init__(name, settings, env=env)
        self._command = settings.command
        self.per_turn = settings.per_turn

    def argv(self) -> tuple[str, ...]:
        return self._command

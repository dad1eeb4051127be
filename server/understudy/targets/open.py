"""From settings to a target. Adapters are imported when their kind is first opened, and connect when first called."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.ports import Target
from understudy.targets.settings import CommandTarget, OpenAITarget, PythonTarget

__all__ = ["open_target"]


def open_target(name: str, settings: OpenAITarget | CommandTarget | PythonTarget, *, env: Mapping[str, str]) -> Target:
    """The target of that name. `env` is where the variables that the settings name are looked up.

    Nothing is called or started yet: what is wrong with the target shows as the TargetError of its first call.
    """
    if isinstance(settings, OpenAITarget):
        from understudy.targets.openai_chat import OpenAIChat

        return OpenAIChat(name, settings, env=env)
    if isinstance(settings, CommandTarget):
        from understudy.targets.command import Command

        return Command(name, settings, env=env)
    from understudy.targets.python_callable import PythonCallable

    return PythonCallable(name, settings, env=env)

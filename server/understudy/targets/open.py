"""From settings to a target. Adapters are imported when their kind is first opened, and connect when first called."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.ports import Target
from understudy.targets.allow import AllowList
from understudy.targets.settings import AnthropicTarget, CommandTarget, HttpTarget, OpenAITarget, TargetSettings, WebSocketTarget

__all__ = ["open_target"]


def open_target(name: str, settings: TargetSettings, *, env: Mapping[str, str], allow: AllowList | None = None) -> Target:
    """The target of that name. `env` is where the variables that the settings name are looked up; `allow`, when given, says which
    hosts may be called.

    Nothing is called or started yet: what is wrong with the target shows as the TargetError of its first call.
    """
    if isinstance(settings, OpenAITarget):
        from understudy.targets.openai_chat import OpenAIChat

        return OpenAIChat(name, settings, env=env, allow=allow)
    if isinstance(settings, AnthropicTarget):
        from understudy.targets.anthropic_messages import AnthropicMessages

        return AnthropicMessages(name, settings, env=env, allow=allow)
    if isinstance(settings, HttpTarget):
        from understudy.targets.http_json import HttpJson

        return HttpJson(name, settings, env=env, allow=allow)
    if isinstance(settings, WebSocketTarget):
        from understudy.targets.websocket import WebSocket

        return WebSocket(name, settings, env=env, allow=allow)
    if isinstance(settings, CommandTarget):
        from understudy.targets.command import Command

        return Command(name, settings, env=env)
    from understudy.targets.python_callable import PythonCallable

    return PythonCallable(name, settings, env=env)

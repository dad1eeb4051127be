"""From settings to a target. Adapters are imported when their kind is first opened, and connect when first called."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.ports import Target
from understudy.targets.allow import AllowList
from understudy.targets.prompt_settings import OpenModel
from understudy.targets.settings import (
    A2ATarget,
    AnthropicTarget,
    CommandTarget,
    HttpTarget,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    TargetSettings,
    WebSocketTarget,
)

__all__ = ["open_target"]


def open_target(
    name: str, settings: TargetSettings, *, env: Mapping[str, str], allow: AllowList | None = None, open_model: OpenModel | None = None
) -> Target:
    """The target of that name. `env` is where the variables that the settings name are looked up; `allow`, when given, says which
    hosts may be called; `open_model` is for prompts.

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
    if isinstance(settings, McpTarget):
        from understudy.targets.mcp_tool import McpTool

        return McpTool(name, settings, env=env, allow=allow)
    if isinstance(settings, A2ATarget):
        from understudy.targets.a2a_agent import A2AAgent

        return A2AAgent(name, settings, env=env, allow=allow)
    if isinstance(settings, PromptTarget):
        from understudy.targets.prompt import Prompt

        return Prompt(name, settings, env=env, open_model=open_model)
    from understudy.targets.python_callable import PythonCallable

    return PythonCallable(name, settings, env=env)

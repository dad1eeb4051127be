"""Adapters to agents under test, one a kind; `docs/targets.md` shows each."""

from __future__ import annotations

from understudy.targets.allow import AllowList, guarded_connector
from understudy.targets.open import open_target
from understudy.targets.probe import probe
from understudy.targets.settings import (
    A2ATarget,
    AnthropicTarget,
    CommandTarget,
    HandoffRule,
    HttpTarget,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    PythonTarget,
    TargetSettings,
    WebSocketTarget,
)

__all__ = [
    "A2ATarget",
    "AllowList",
    "AnthropicTarget",
    "CommandTarget",
    "HandoffRule",
    "HttpTarget",
    "McpTarget",
    "OpenAITarget",
    "PromptTarget",
    "PythonTarget",
    "TargetSettings",
    "WebSocketTarget",
    "guarded_connector",
    "open_target",
    "probe",
]

"""Adapters to agents under test: endpoints, commands, callables, MCP tools, A2A agents, prompts. `docs/targets.md` shows each."""

from __future__ import annotations

from understudy.targets.open import open_target
from understudy.targets.probe import probe
from understudy.targets.settings import (
    A2ATarget,
    CommandTarget,
    HandoffRule,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    PythonTarget,
    TargetSettings,
)

__all__ = [
    "A2ATarget",
    "CommandTarget",
    "HandoffRule",
    "McpTarget",
    "OpenAITarget",
    "PromptTarget",
    "PythonTarget",
    "TargetSettings",
    "open_target",
    "probe",
]

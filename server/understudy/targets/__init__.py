"""Adapters to agents under test: an OpenAI-compatible endpoint, a command, a Python callable. `docs/targets.md` shows each."""

from __future__ import annotations

from understudy.targets.open import open_target
from understudy.targets.probe import probe
from understudy.targets.settings import CommandTarget, HandoffRule, OpenAITarget, PythonTarget, TargetSettings

__all__ = ["CommandTarget", "HandoffRule", "OpenAITarget", "PythonTarget", "TargetSettings", "open_target", "probe"]

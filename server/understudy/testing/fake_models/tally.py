"""What a fake server counts of its calls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from understudy.testing.fake_models.prefixes import PromptTokens

__all__ = ["Tally"]


@dataclass
class _ByModel:
    calls: int = 0
    """Those that got an answer."""
    prompt_tokens: int = 0
    schema_tokens: int = 0
    repeated_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    output_tokens: int = 0


@dataclass
class Tally:
    """Calls, faults, and tokens by model."""

    requests: int = 0
    faults: dict[str, int] = field(default_factory=dict[str, int])
    models: dict[str, _ByModel] = field(default_factory=dict[str, _ByModel])
    cpu_at: float = field(default_factory=time.process_time)

    def arrived(self, model: str) -> None:
        """A call came in."""
        self.requests += 1
        if model not in self.models:
            self.models[model] = _ByModel()

    def failed(self, kind: str) -> None:
        """A call went wrong as planned."""
        self.faults[kind] = self.faults.get(kind, 0) + 1

    def answered(self, model: str, prompt: PromptTokens, output_tokens: int) -> None:
        """A call got an answer."""
        one = self.models[model]
        one.calls += 1
        one.prompt_tokens += prompt.all
        one.schema_tokens += prompt.schema
        one.repeated_tokens += prompt.repeated
        one.cached_tokens += prompt.cached
        one.written_tokens += prompt.written
        one.output_tokens += output_tokens

    def as_json(self) -> dict[str, Any]:
        """Everything; `cpu_seconds` is that of the whole process."""
        return {
            "requests": self.requests,
            "faults": self.faults,
            "models": {name: vars(one) for name, one in self.models.items()},
            "cpu_seconds": time.process_time() - self.cpu_at,
        }

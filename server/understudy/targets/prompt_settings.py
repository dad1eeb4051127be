"""Settings of `kind: prompt`: a system prompt, the model that it runs on, and mocked tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from understudy.domain.model_role import ModelRole
from understudy.domain.value import JsonObject
from understudy.ports import LLM
from understudy.targets.base_settings import TargetBase
from understudy.targets.mock_tools import MockTool

__all__ = ["OpenModel", "PromptTarget"]

OpenModel = Callable[[ModelRole], LLM]
"""From the settings of a model to the model; raises BadInput for settings that cannot be used."""


class PromptTarget(TargetBase):
    """A prompt under test: there is no agent yet, only what it will be told."""

    kind: Literal["prompt"] = "prompt"
    system: str | None = Field(default=None, min_length=1)
    """The system prompt. Either this or `system_file`."""
    system_file: str | None = None
    """A file that holds it, from the folder of the settings file."""
    model: ModelRole
    tools: tuple[MockTool, ...] = ()
    tools_file: str | None = None
    """A file with `tools` and `state`, in YAML or JSON."""
    state: JsonObject = {}
    """The mocked world at the start of a conversation; tools may change it, and checks of state look at it."""
    max_tokens: int = Field(default=1024, ge=16, le=64_000)
    """Room for one answer of the model."""
    max_tool_rounds: int = Field(default=8, ge=0, le=50)
    """How often within one turn the model may call tools and see what came back."""

    @model_validator(mode="after")
    def _one_prompt(self) -> Self:
        if (self.system is None) == (self.system_file is None):
            raise ValueError("needs either `system` (the prompt itself) or `system_file` (the file that holds it)")
        if self.tools_file is not None and (self.tools or self.state):
            raise ValueError("`tools_file` holds tools and state; do not write `tools` or `state` beside it")
        return self

    @property
    def address(self) -> str:
        return f"{self.system_file or 'prompt'} on {self.model.provider}:{self.model.model}"

    @property
    def env_names(self) -> tuple[str, ...]:
        return (self.model.key_name,) if self.model.key_name else ()

    def resolved(self, folder: Path) -> Self:
        def settle(path: str | None) -> str | None:
            return None if path is None else str(folder / Path(path).expanduser())

        return self.evolve(system_file=settle(self.system_file), tools_file=settle(self.tools_file))

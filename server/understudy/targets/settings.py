"""Settings of targets: frozen values, told apart by `kind`. Secrets appear only as names of environment variables."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import SplitResult

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, field_validator, model_validator
from pydantic_core import InitErrorDetails

from understudy.domain.value import EnvName
from understudy.targets.a2a_settings import A2ATarget
from understudy.targets.base_settings import HandoffRule, ProcessTarget
from understudy.targets.chat_settings import ChatTargetSettings
from understudy.targets.mcp_settings import McpTarget
from understudy.targets.prompt_settings import PromptTarget
from understudy.targets.web_settings import AnthropicTarget, HttpTarget, WebSocketTarget

__all__ = [
    "A2ATarget",
    "AnthropicTarget",
    "CommandTarget",
    "EnvName",
    "HandoffRule",
    "HttpTarget",
    "McpTarget",
    "OpenAITarget",
    "PromptTarget",
    "PythonTarget",
    "TargetSettings",
    "WebSocketTarget",
]


class OpenAITarget(ChatTargetSettings):
    """An agent behind an OpenAI-compatible chat completions endpoint."""

    reserved: ClassVar = frozenset({"messages", "model", "stream"})

    kind: Literal["openai"] = "openai"

    def _path(self, parts: SplitResult) -> str:
        path = parts.path.rstrip("/")
        return path if path.endswith("/completions") else (path or "/v1") + "/chat/completions"


class CommandTarget(ProcessTarget):
    """An agent that is a command: a JSON line on stdin, a JSON line on stdout."""

    kind: Literal["command"] = "command"
    command: tuple[str, ...] = Field(min_length=1)
    """Program and arguments; no shell reads them."""
    per_turn: bool = False
    """True: a new process for every turn, which answers and exits. False: one process for a conversation."""

    @model_validator(mode="after")
    def _says_a_program(self) -> CommandTarget:
        if not self.command[0].strip():
            raise ValueError("`command` must begin with a program")
        return self

    @property
    def address(self) -> str:
        return shlex.join(self.command)


class PythonTarget(ProcessTarget):
    """An agent that is a Python callable, run by the user's own interpreter."""

    kind: Literal["python"] = "python"
    callable: str
    """`module:function`; the module is imported from `cwd`."""
    python: str | None = None
    """The interpreter. Default: VIRTUAL_ENV's, `.venv` in `cwd`, then `python3` on PATH, and ours only when there is none."""

    @field_validator("callable")
    @classmethod
    def _module_and_function(cls, callable: str) -> str:
        if not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", callable):
            module, _, function = callable.rpartition(".")
            example = f"{module}:{function}" if re.fullmatch(r"[A-Za-z_][\w.]*\.[A-Za-z_]\w*", callable) else "package.module:function"
            raise ValueError(f"write module:function, such as {example}")
        return callable

    @property
    def address(self) -> str:
        return self.callable

    def resolved(self, folder: Path) -> Self:
        settled = super().resolved(folder)
        if self.python is None or not re.search(r"[/\\]", self.python):
            return settled
        return settled.evolve(python=str(folder / Path(self.python).expanduser()))


def _hide_input(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """What somebody typed into the wrong field could be a key: errors name the field and the problem, not the value.

    `hide_input_in_errors` alone does not do: inside another model the outer model's configuration counts.
    """
    try:
        return validate(value)
    except ValidationError as error:
        lines = [
            InitErrorDetails(type=line["type"], loc=line["loc"], input="(not shown)", ctx=line.get("ctx", {}))
            for line in error.errors(include_url=False)
        ]
        raise ValidationError.from_exception_data(error.title, lines) from None


TargetSettings = Annotated[
    Annotated[
        OpenAITarget | CommandTarget | PythonTarget | AnthropicTarget | HttpTarget | WebSocketTarget | McpTarget | A2ATarget | PromptTarget,
        Field(discriminator="kind"),
    ],
    WrapValidator(_hide_input),
]

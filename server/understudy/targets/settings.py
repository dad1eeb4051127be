"""Settings of targets: frozen values, told apart by `kind`. Secrets appear only as names of environment variables."""

from __future__ import annotations

import re
import shlex
from abc import abstractmethod
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails

from understudy.domain.value import JsonObject, Name, Value

__all__ = ["CommandTarget", "EnvName", "HandoffRule", "OpenAITarget", "PythonTarget", "TargetSettings"]

EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
"""The name of an environment variable, never its value."""
DottedPath = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
"""`state` or `choices.0.message.state`: keys and list positions, joined by dots."""
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token", "x-goog-api-key"})
RESERVED_BODY = frozenset({"messages", "model", "stream"})


class HandoffRule(Value):
    """How a reply shows that a human takes over. Any one of the three is enough."""

    tools: tuple[str, ...] = ()
    """Names of tools whose call is a hand-off."""
    pattern: str | None = None
    """A regular expression that the reply's text holds; case ignored."""
    path: DottedPath | None = None
    """A place in the JSON answer that is there and neither false, empty nor null."""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return pattern


class _Target(Value):
    # An error about a mistyped field must not repeat what somebody pasted there: it could be a key.
    model_config = ConfigDict(hide_input_in_errors=True)

    opens: Literal["user", "agent"] = "user"
    """Who speaks first. `agent`: the first call has no user message and asks for the agent's opening."""
    timeout_s: float = Field(default=60, gt=0, le=900)
    """Seconds for one answer; for a command or callable the start of its process included."""
    handoff: HandoffRule = HandoffRule()
    family: Name | None = None
    """The family of the model behind it (`claude`, `gpt`, `llama`), where no model's name tells: a judge is to be of another."""

    @property
    @abstractmethod
    def address(self) -> str:
        """What is called, fit to be shown: without user names, passwords and query strings."""

    @property
    @abstractmethod
    def env_names(self) -> tuple[str, ...]:
        """The environment variables that it reads."""

    def resolved(self, folder: Path) -> Self:  # noqa: ARG002 - part of the common face; only process targets have paths
        """The same settings with relative paths taken from `folder`, the folder of the settings file."""
        return self


class OpenAITarget(_Target):
    """An agent behind an OpenAI-compatible chat completions endpoint."""

    kind: Literal["openai"] = "openai"
    url: str
    """The base (`http://localhost:8000/v1`) or the whole address (`.../chat/completions`)."""
    model: str = Field(default="agent", min_length=1)
    key_env: EnvName | None = None
    """The variable that holds the key, sent as `Authorization: Bearer`."""
    headers: dict[HeaderName, str] = {}
    """Headers without secrets."""
    headers_env: dict[HeaderName, EnvName] = {}
    """Header -> the variable that holds its value."""
    stream: bool = False
    system: str | None = None
    """A system prompt put before the conversation."""
    retries: int = Field(default=1, ge=0, le=10)
    """How often a call that met 429, 5xx or a broken connection is made again."""
    state_path: DottedPath | None = None
    """Where in the JSON answer the agent exposes its state."""
    extra_body: JsonObject = {}
    """More fields for the request body: `{temperature: 0}`."""

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be a web address such as http://localhost:8000/v1")
        if parts.username or parts.password:
            raise ValueError("must not hold a user name or password; name a variable in `headers_env` instead")
        return url

    @field_validator("headers")
    @classmethod
    def _no_secret_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        if found := sorted(h for h in headers if h.lower() in SECRET_HEADERS):
            raise ValueError(f"`{found[0]}` carries a secret; put the name of a variable under `headers_env` (or `key_env`) instead")
        if found := sorted(h for h, value in headers.items() if not value.isprintable()):
            raise ValueError(f"`{found[0]}` holds a line break or another control character")
        return headers

    @field_validator("extra_body")
    @classmethod
    def _body_is_ours(cls, body: dict[str, Any]) -> dict[str, Any]:
        if found := sorted(RESERVED_BODY & body.keys()):
            raise ValueError(f"`{found[0]}` is set by Understudy; use the setting of that name, if there is one")
        return body

    @property
    def endpoint(self) -> str:
        """The whole address that is posted to."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        if not path.endswith("/completions"):
            path = (path or "/v1") + "/chat/completions"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    @property
    def address(self) -> str:
        parts = urlsplit(self.endpoint)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))

    @property
    def env_names(self) -> tuple[str, ...]:
        names = [self.key_env] if self.key_env else []
        return tuple(dict.fromkeys([*names, *self.headers_env.values()]))


class _ProcessTarget(_Target):
    cwd: str | None = None
    """The folder that it runs in; default: that of the settings file."""
    env: tuple[EnvName, ...] = ()
    """Names of variables handed to it, beside PATH, HOME and the like."""
    idle_s: float = Field(default=120, gt=0)
    """A process that nobody has spoken to for so many seconds is ended; a later call starts a new one."""
    needs_session: bool = False
    """It keeps the history itself: after a restart a conversation goes on only when it had given a `session`."""

    @property
    def env_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.env))

    def resolved(self, folder: Path) -> Self:
        return self.evolve(cwd=str(folder / Path(self.cwd or ".").expanduser()))


class CommandTarget(_ProcessTarget):
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


class PythonTarget(_ProcessTarget):
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
    Annotated[OpenAITarget | CommandTarget | PythonTarget, Field(discriminator="kind")],
    WrapValidator(_hide_input),
]

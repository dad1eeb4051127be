"""What the settings of all kinds of targets share: who speaks first, time limits, hand-offs, headers and processes."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, field_validator

from understudy.domain.value import EnvName, Name, Value

__all__ = ["DottedPath", "HandoffRule", "HeaderName", "HeadersTarget", "ProcessTarget", "TargetBase", "WebAddress", "shown"]

DottedPath = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
"""`state` or `choices.0.message.state`: keys and list positions, joined by dots."""
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]

MOST_AT_ONCE, MOST_PROCESSES = 32, 8
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token", "x-goog-api-key"})


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address such as http://localhost:8000/v1")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password; name a variable in `headers_env` instead")
    return url


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An http or https address without user name and password."""


def shown(url: str) -> str:
    """The address without its query string, which may hold anything."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


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


class TargetBase(Value):
    # An error about a mistyped field must not repeat what somebody pasted there: it could be a key.
    model_config = ConfigDict(hide_input_in_errors=True)

    opens: Literal["user", "agent"] = "user"
    """Who speaks first. `agent`: the first call has no user message and asks for the agent's opening."""
    timeout_s: float = Field(default=60, gt=0, le=900)
    """Seconds for one answer; for a command or callable the start of its process included."""
    concurrency: int | None = Field(default=None, ge=1, le=10_000)
    """The most conversations at once; it is gone below by itself while the target asks to slow down (429, 503). None: 32, for a
    command or callable 8."""
    handoff: HandoffRule = HandoffRule()
    family: Name | None = None
    """The family of the model behind it (`claude`, `gpt`, `llama`), where no model's name tells: a judge is to be of another."""

    @property
    def most_at_once(self) -> int:
        """`concurrency`, or what is usual for its kind."""
        return self.concurrency or MOST_AT_ONCE

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


class HeadersTarget(TargetBase):
    """A target that is reached over HTTP, with headers."""

    key_env: EnvName | None = None
    """The variable that holds the key, sent as `Authorization: Bearer`."""
    headers: dict[HeaderName, str] = {}
    """Headers without secrets."""
    headers_env: dict[HeaderName, EnvName] = {}
    """Header -> the variable that holds its value."""

    @field_validator("headers")
    @classmethod
    def _no_secret_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        if found := sorted(h for h in headers if h.lower() in SECRET_HEADERS):
            raise ValueError(f"`{found[0]}` carries a secret; put the name of a variable under `headers_env` (or `key_env`) instead")
        if found := sorted(h for h, value in headers.items() if not value.isprintable()):
            raise ValueError(f"`{found[0]}` holds a line break or another control character")
        return headers

    @property
    def header_env_names(self) -> tuple[str, ...]:
        """The variables that are sent in headers."""
        names = [self.key_env] if self.key_env else []
        return tuple(dict.fromkeys([*names, *self.headers_env.values()]))

    def headers_from(self, env: Mapping[str, str]) -> dict[str, str]:
        """Names and values to send, those from the environment included."""
        sent = {**self.headers, **{header: env.get(name, "").strip() for header, name in self.headers_env.items()}}
        if self.key_env:
            sent["Authorization"] = f"Bearer {env.get(self.key_env, '').strip()}"
        return sent


class ProcessTarget(TargetBase):
    @property
    def most_at_once(self) -> int:
        """Fewer than of a web address: each is a process on this machine."""
        return self.concurrency or MOST_PROCESSES

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

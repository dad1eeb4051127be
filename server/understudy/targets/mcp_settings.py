"""Settings of `kind: mcp`: the agent is a tool of an MCP server."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, field_validator, model_validator

from understudy.domain.value import JsonObject
from understudy.targets.base_settings import DottedPath, HeadersTarget, ProcessTarget, WebAddress
from understudy.targets.template import check, names_in

__all__ = ["PLACEHOLDERS", "McpTarget"]

PLACEHOLDERS = ("message", "messages", "session", "run_id")
"""What `arguments` may name: the user's last words, the whole conversation, the agent's session, the conversation's id."""


class McpTarget(HeadersTarget, ProcessTarget):
    """An agent that is a tool of an MCP server, over stdio or streamable HTTP."""

    kind: Literal["mcp"] = "mcp"
    command: tuple[str, ...] = ()
    """Program and arguments of a server on stdio; no shell reads them. Either this or `url`."""
    url: WebAddress | None = None
    """The address of a server on streamable HTTP: `http://localhost:8000/mcp`."""
    tool: str = Field(min_length=1, max_length=200)
    """The tool that is the agent."""
    arguments: JsonObject = {"message": "{{ message }}"}
    """What it is called with; `{{ message }}`, `{{ messages }}`, `{{ session }}` and `{{ run_id }}` are filled in."""
    reply_path: DottedPath | None = None
    """Where its words are: in the structured content, or in the JSON of the text. Without it, the text itself."""
    tool_calls_path: DottedPath | None = None
    state_path: DottedPath | None = None
    session_path: DottedPath | None = None
    per_conversation: bool = False
    """True: a server process, or an HTTP session, for each conversation. False: one for all of them."""
    retries: int = Field(default=1, ge=0, le=10)
    """How often a call over HTTP that met 429, 5xx or a broken connection is made again."""

    @field_validator("arguments")
    @classmethod
    def _known_placeholders(cls, arguments: JsonObject) -> JsonObject:
        check(arguments, PLACEHOLDERS)
        if not {"message", "messages"} & set(names_in(arguments)):
            raise ValueError("must hold `{{ message }}` or `{{ messages }}`: nothing that the user says would reach the agent")
        return arguments

    @model_validator(mode="after")
    def _one_way_to_reach_it(self) -> Self:
        if bool(self.command) == (self.url is not None):
            raise ValueError("needs either `command` (a server on stdio) or `url` (a server on HTTP)")
        if self.command and not self.command[0].strip():
            raise ValueError("`command` must begin with a program")
        # Whoever writes a header for a process, or a folder for an address, means something that would not happen.
        not_here = ("key_env", "headers", "headers_env") if self.command else ("env", "cwd")
        if found := [name for name in not_here if name in self.model_fields_set and getattr(self, name)]:
            raise ValueError(f"`{found[0]}` has no meaning with `{'command' if self.command else 'url'}`")
        return self

    @property
    def address(self) -> str:
        if self.url is None:
            return shlex.join(self.command)
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))

    @property
    def env_names(self) -> tuple[str, ...]:
        return self.header_env_names if self.url else tuple(dict.fromkeys(self.env))

    def resolved(self, folder: Path) -> Self:
        return super().resolved(folder) if self.command else self

"""Settings of `kind: a2a`: an agent that speaks the Agent2Agent protocol."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field

from understudy.domain.value import JsonObject
from understudy.targets.base_settings import DottedPath, HeadersTarget, WebAddress

__all__ = ["A2ATarget"]


class A2ATarget(HeadersTarget):
    """An A2A agent, found by its agent card."""

    kind: Literal["a2a"] = "a2a"
    url: WebAddress
    """Where the agent is (its card is looked for under /.well-known/agent-card.json), or the address of the card itself."""
    endpoint: WebAddress | None = None
    """Where messages are posted, in place of the address that the card gives."""
    stream: bool = True
    """Whether answers are streamed, where the agent can."""
    state_path: DottedPath | None = None
    """Where in the data parts of its answer the agent exposes its state."""
    tool_calls_path: DottedPath | None = None
    """Where in the data parts it lists the tool calls that it made."""
    metadata: JsonObject = {}
    """Sent with every message."""
    poll_s: float = Field(default=1, gt=0, le=60)
    """How often a task that goes on after the first answer is asked for, in seconds."""
    retries: int = Field(default=1, ge=0, le=10)
    """How often a call that met 429, 5xx or a broken connection is made again."""

    @property
    def address(self) -> str:
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))

    @property
    def env_names(self) -> tuple[str, ...]:
        return self.header_env_names

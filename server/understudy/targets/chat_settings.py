"""What the settings of the two chat wires, OpenAI's and Anthropic's, share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit, urlunsplit

from pydantic import Field, field_validator

from understudy.domain.value import JsonObject
from understudy.targets.base_settings import DottedPath, HeadersTarget, WebAddress, shown

__all__ = ["ChatTargetSettings"]


class ChatTargetSettings(HeadersTarget):
    """An agent behind a chat endpoint that gets the whole conversation with each call."""

    reserved: ClassVar[frozenset[str]]
    """Fields of the body that are ours to set."""

    url: WebAddress
    """The base (`http://localhost:8000/v1`) or the whole address."""
    model: str = Field(default="agent", min_length=1)
    stream: bool = False
    system: str | None = None
    """A system prompt put before the conversation."""
    retries: int = Field(default=1, ge=0, le=10)
    """How often a call that met 429, 5xx, 529 or a broken connection is made again."""
    state_path: DottedPath | None = None
    """Where in the JSON answer the agent exposes its state."""
    extra_body: JsonObject = {}
    """More fields for the request body: `{temperature: 0}`."""

    @field_validator("extra_body")
    @classmethod
    def _body_is_ours(cls, body: dict[str, Any]) -> dict[str, Any]:
        if found := sorted(cls.reserved & body.keys()):
            raise ValueError(f"`{found[0]}` is set by Understudy; use the setting of that name, if there is one")
        return body

    @property
    def endpoint(self) -> str:
        """The whole address that is posted to."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc, self._path(parts), parts.query, ""))

    @property
    def address(self) -> str:
        return shown(self.endpoint)

    @property
    def env_names(self) -> tuple[str, ...]:
        return self.header_env_names

    @abstractmethod
    def _path(self, parts: SplitResult) -> str:
        """The path that is posted to, from what was given."""

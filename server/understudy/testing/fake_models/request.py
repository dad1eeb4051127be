"""One call as it reached the fake server: what a script looks at to decide its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from understudy.ports import OutputForm

__all__ = ["ModelRequest", "OfferedTool", "Segment", "Wire"]

Wire = Literal["openai", "anthropic"]


@dataclass(frozen=True)
class OfferedTool:
    """A tool that the caller offers to the model."""

    name: str
    parameters: Mapping[str, Any]
    """JSON Schema."""


@dataclass(frozen=True)
class Segment:
    """A stretch of the prompt in the order in which a provider caches it: tools, system, messages."""

    text: str
    marked: bool = False
    """Carries `cache_control`."""


@dataclass
class ModelRequest:
    """A call of either wire. The same questions have the same answers on both."""

    wire: Wire
    path: str
    head: str
    """The request line and the headers as they came."""
    body: dict[str, Any]

    @cached_property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        pairs = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    @property
    def model(self) -> str:
        """As the caller names it."""
        return str(self.body.get("model", ""))

    @property
    def stream(self) -> bool:
        """Whether events are wanted in place of one body."""
        return self.body.get("stream") is True

    @property
    def wants_usage(self) -> bool:
        """On the OpenAI wire a stream has usage only when it is asked for."""
        return cast("dict[str, Any]", self.body.get("stream_options") or {}).get("include_usage") is True

    @property
    def max_tokens(self) -> int | None:
        """Room for the answer, reasoning included."""
        found = self.body.get("max_completion_tokens", self.body.get("max_tokens"))
        return found if isinstance(found, int) else None

    @cached_property
    def messages(self) -> list[tuple[str, str]]:
        """(role, words) of every message; on the OpenAI wire system messages are among them."""
        return [(str(m.get("role", "")), text_of(m.get("content"))) for m in self._raw_messages]

    @cached_property
    def system(self) -> str:
        """The system text, wherever the wire puts it."""
        if self.wire == "anthropic":
            return text_of(self.body.get("system"))
        return "\n".join(text for role, text in self.messages if role in ("system", "developer"))

    @property
    def last(self) -> str:
        """The words of the last message."""
        return self.messages[-1][1] if self.messages else ""

    @property
    def answered(self) -> int:
        """How often the model has spoken before."""
        return sum(role == "assistant" for role, _ in self.messages)

    @property
    def form(self) -> OutputForm:
        """How the caller holds the answer to a shape."""
        kind = self._format.get("type")
        return "schema" if kind == "json_schema" else "json" if kind == "json_object" else "text"

    @property
    def json_schema(self) -> dict[str, Any] | None:
        """The schema that the answer has to fit."""
        if self.form != "schema":
            return None
        found: Any = self._format.get("schema") or cast("dict[str, Any]", self._format.get("json_schema") or {}).get("schema")
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    @property
    def strict_schema(self) -> bool:
        """On the OpenAI wire: whether the schema is to be enforced."""
        return cast("dict[str, Any]", self._format.get("json_schema") or {}).get("strict") is True

    @cached_property
    def tools(self) -> tuple[OfferedTool, ...]:
        """Those on offer."""
        return tuple(_tool(given) for given in cast("list[dict[str, Any]]", self.body.get("tools") or []))

    @property
    def forced_tool(self) -> OfferedTool | None:
        """The tool that the caller insists on: the named one, the first when any will do."""
        choice: Any = self.body.get("tool_choice")
        if not self.tools or choice in (None, "auto", "none"):
            return None
        if isinstance(choice, dict):
            given = cast("dict[str, Any]", choice)
            name = given.get("name") or cast("dict[str, Any]", given.get("function") or {}).get("name")
            if name is None and given.get("type") not in ("any", "required"):
                return None
            return next((tool for tool in self.tools if name in (None, tool.name)), None)
        return self.tools[0]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The whole prompt in the order in which a provider caches it."""
        schema = self.json_schema
        found = [Segment(json.dumps(tool), "cache_control" in tool) for tool in cast("list[dict[str, Any]]", self.body.get("tools") or [])]
        if schema is not None:
            found.append(Segment(json.dumps(schema)))
        if self.wire == "anthropic":
            found += _segments("system", self.body.get("system"))
        for message in self._raw_messages:
            found += _segments(str(message.get("role")), message.get("content"))
        return tuple(found)

    @property
    def _raw_messages(self) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", self.body.get("messages") or [])

    @property
    def _format(self) -> dict[str, Any]:
        """What the caller says about the answer's form."""
        config = cast("dict[str, Any]", self.body.get("output_config") or {})
        found: Any = self.body.get("response_format") or config.get("format") or self.body.get("output_format")
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def text_of(content: Any) -> str:
    """The words of a message's content: a string, or blocks of either wire."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return json.dumps(content)
    blocks: list[Any] = content  # pyright: ignore[reportUnknownVariableType] - JSON
    return " ".join(map(_block_text, blocks))


def _block_text(block: Any) -> str:
    if not isinstance(block, dict):
        return str(block)
    given = cast("dict[str, Any]", block)
    if isinstance(given.get("text"), str):
        return cast("str", given["text"])
    return text_of(given["content"]) if "content" in given else json.dumps(given.get("input"))


def _segments(role: str, content: Any) -> list[Segment]:
    if not isinstance(content, list):
        return [Segment(f"{role}:{text_of(content)}")]
    blocks: list[Any] = content  # pyright: ignore[reportUnknownVariableType] - JSON
    return [Segment(f"{role}:{_block_text(block)}", isinstance(block, dict) and "cache_control" in block) for block in blocks]


def _tool(given: dict[str, Any]) -> OfferedTool:
    inner = cast("dict[str, Any]", given.get("function") or given)
    return OfferedTool(str(inner.get("name", "")), inner.get("input_schema") or inner.get("parameters") or {"type": "object"})

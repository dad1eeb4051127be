"""What the providers' endpoints refuse with a 400 before a model sees it: a request that only a fake would take is caught here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from understudy.testing.fake_models.request import ModelRequest

__all__ = ["complaint"]

_NOT_OF_ANTHROPIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems")


def complaint(request: ModelRequest) -> str | None:
    """Why the provider would refuse this; None when it would not."""
    messages: Any = request.body.get("messages")
    if not request.model:
        return "model: Field required"
    if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):  # pyright: ignore[reportUnknownVariableType] - JSON
        return "messages: a list of at least one message is required"
    said = _of_anthropic(request) if request.wire == "anthropic" else _of_openai(request)
    return said or _of_the_schema(request)


def _of_anthropic(request: ModelRequest) -> str | None:
    room = request.body.get("max_tokens")
    if not isinstance(room, int) or room < 1:
        return "max_tokens: Field required, at least 1"
    if wrong := next((role for role, _ in request.messages if role not in ("user", "assistant")), None):
        return f"messages: Unexpected role {wrong!r}. The Messages API accepts a top-level `system` parameter"
    if any(not text for _, text in request.messages[:-1]) or (request.messages[-1] == ("user", "")):
        return "messages: text content blocks must be non-empty"
    if sum(segment.marked for segment in request.segments) > 4:
        return "A maximum of 4 blocks with cache_control may be provided."
    return None


def _of_openai(request: ModelRequest) -> str | None:
    if request.form == "json" and not any("json" in text.lower() for _, text in request.messages):
        return "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    return None


def _of_the_schema(request: ModelRequest) -> str | None:
    """Both providers want closed objects; OpenAI wants every property required when it is strict, Anthropic has no bounds."""
    schema = request.json_schema
    if schema is None:
        return None
    strict = request.wire == "openai" and request.strict_schema
    for node in _nodes(schema):
        properties: Mapping[str, Any] | None = node.get("properties")
        if properties is None:
            continue
        if node.get("additionalProperties") is not False and (strict or request.wire == "anthropic"):
            return "Invalid schema: 'additionalProperties' is required to be supplied and to be false."
        if strict and set(properties) - set(node.get("required", ())):
            return f"Invalid schema: 'required' has to include every property; missing: {sorted(set(properties) - set(node['required']))}."
    if request.wire == "anthropic":
        found = next((word for node in _nodes(schema) for word in _NOT_OF_ANTHROPIC if word in node), None)
        return f"output_config.format.schema: property '{found}' is not supported" if found else None
    return None


def _nodes(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every schema within a schema; names of properties are no keywords."""
    yield schema
    for word, value in schema.items():
        if word in ("properties", "$defs", "definitions") and isinstance(value, dict):
            for inner in cast("dict[str, Any]", value).values():
                yield from _nodes(inner)
        elif word in ("items", "additionalProperties", "not") and isinstance(value, dict):
            yield from _nodes(cast("dict[str, Any]", value))
        elif word in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(value, list):
            inners: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
            for inner in inners:
                yield from _nodes(inner)

"""Answers that nobody scripted: a few stock sentences, and an instance of whatever JSON schema the caller asks for."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, cast

from understudy.testing.fake_models.request import ModelRequest
from understudy.testing.fake_models.said import Answer, CalledTool

__all__ = ["instance", "made_up"]

_LINES = (
    "Thank you. Could you tell me a little more, so that I can find it in our system?",
    "I see it here. It left our warehouse on Monday and has not been scanned since. Shall I open an enquiry?",
    "That is noted on the case, so nobody has to ask you again.",
    "You can choose between a refund to the original payment method and a replacement by express delivery.",
    "Is there anything else that I can do for you today?",
)
_DEEPEST = 12


def made_up(request: ModelRequest, seed: int) -> Answer:
    """A function of the seed and the messages: a sentence, an object that fits the schema, a call of the tool that was insisted on."""
    key = zlib.crc32("\x1e".join(text for _, text in request.messages).encode(), seed)
    words = f"{_LINES[request.answered % len(_LINES)]} [{key & 0xFFFF:04x}]"
    tool = request.forced_tool
    if tool is not None:
        return Answer(tool_calls=(CalledTool(tool.name, instance(tool.parameters, words)),), ending="tool_calls")
    schema = request.json_schema
    if schema is not None:
        return Answer(CalledTool("", instance(schema, words)).text)
    return Answer(CalledTool("", {"message": words}).text if request.form == "json" else words)


def instance(schema: Mapping[str, Any], words: str) -> Any:
    """A value that fits the schema, in the subset that structured outputs allow; strings say `words`."""
    return _Instances(schema.get("$defs") or schema.get("definitions") or {}, words).of(schema, 0)


class _Instances:
    def __init__(self, definitions: Mapping[str, Any], words: str) -> None:
        self._definitions, self._words = definitions, words

    def of(self, schema: Mapping[str, Any], depth: int) -> Any:
        if "$ref" in schema:
            return self.of(self._definitions.get(str(schema["$ref"]).rsplit("/", 1)[-1], {}), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self._one_of(schema[key], depth)
        return self._typed(_type(schema), schema, depth)

    def _one_of(self, options: list[Mapping[str, Any]], depth: int) -> Any:
        # A recursive shape ends where it may be null.
        nothing = any(option.get("type") == "null" for option in options)
        if nothing and depth > _DEEPEST:
            return None
        return self.of(next((o for o in options if o.get("type") != "null"), options[0]), depth + 1)

    def _typed(self, kind: str, schema: Mapping[str, Any], depth: int) -> Any:
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("number", "integer"):
            return _number(schema, whole=kind == "integer")
        if kind == "boolean":
            return True
        return None if kind == "null" else self._string(schema)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = cast("dict[str, Any]", schema.get("properties") or {})
        required = cast("list[str]", schema.get("required") or [])
        kept = [name for name in properties if name in required or depth < 4]
        return {name: self.of(properties[name], depth + 1) for name in kept}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        fewest = int(schema.get("minItems", 0))
        count = min(max(1, fewest), int(schema.get("maxItems", 1 + fewest))) if depth < _DEEPEST else fewest
        return [self.of(schema.get("items") or {"type": "string"}, depth + 1) for _ in range(count)]

    def _string(self, schema: Mapping[str, Any]) -> str:
        words = self._words.ljust(int(schema.get("minLength", 0)), ".")
        return words[: int(schema.get("maxLength", len(words)))]


def _type(schema: Mapping[str, Any]) -> str:
    kind: Any = schema.get("type")
    if isinstance(kind, list):
        kinds = cast("list[str]", kind)
        return next((k for k in kinds if k != "null"), "null")
    return str(kind) if kind else "object" if "properties" in schema else "string"


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    step = 1 if whole else 0.5
    low = schema.get("minimum", schema["exclusiveMinimum"] + step if "exclusiveMinimum" in schema else None)
    high = schema.get("maximum", schema["exclusiveMaximum"] - step if "exclusiveMaximum" in schema else None)
    value = 1.0 if high is None else min(1.0, high)
    value = value if low is None else max(value, low)
    return int(value) if whole else value

"""Reading a provider's answer: every oddity is named, and none ends in a traceback."""

from __future__ import annotations

from typing import Any

from understudy.domain.value import JsonObject
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import TooDeep, is_object, parse_json

__all__ = ["MOST_TOKENS", "NotAsPromised", "count", "named", "read_object", "sentence"]


MOST_TOKENS = 10**8
"""Of one call; no model takes or gives a hundredth of it, and a made-up count would use up somebody's budget."""

LONGEST_NAME = 200


class NotAsPromised(Exception):
    """The body is not what its API promises; the message goes on after `answered`."""


def read_object(content: bytes) -> JsonObject:
    """The JSON object in a body. Raises NotAsPromised."""
    if not content.strip():
        raise NotAsPromised("with an empty body")
    try:
        body = parse_json(content)
    except TooDeep as error:
        raise NotAsPromised(str(error)) from None
    except ValueError:
        raise NotAsPromised(f"something that is not JSON: {excerpt(content)!r}") from None
    if not is_object(body):
        raise NotAsPromised("JSON that is not an object")
    return body


def sentence(body: JsonObject) -> str:
    """What an error inside a body with status 200 says; empty when there is none."""
    error: Any = body.get("error")
    said = error.get("message") if is_object(error) else error
    return f"; it said {excerpt(str(said))!r}" if said else ""


def named(body: JsonObject, model: str) -> str:
    """The model as the answer names it, when that is a name; else as it was asked for."""
    said = body.get("model")
    return said if isinstance(said, str) and said.strip() and len(said) <= LONGEST_NAME and said.isprintable() else model


def count(found: Any, field: str) -> int | None:
    """A count of tokens; None where there is none, or no honest one."""
    value = found.get(field) if is_object(found) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None

"""How much of a target's answer is taken: sizes beyond these no honest agent reaches, and no transcript could hold."""

from __future__ import annotations

import json
import re
from typing import Any

from understudy.targets.failure import CallFailed

__all__ = [
    "MAX_SESSION",
    "MAX_STATE",
    "MAX_TEXT",
    "MAX_TOOL_CALLS",
    "MAX_TOOL_JSON",
    "MAX_TOOL_NAME",
    "at_most",
    "fit_json",
    "fit_name",
    "json_size",
]

MAX_TEXT = 64_000
"""Characters of one reply's text."""
MAX_TOOL_CALLS = 200
"""Tool calls of one reply."""
MAX_STATE = 256_000
"""Characters of the exposed state as JSON."""
MAX_TOOL_NAME = 64
"""Characters of a tool's name."""
MAX_TOOL_JSON = 20_000
"""Characters of a tool call's arguments, and of its result, as JSON."""
MAX_SESSION = 500
"""Characters of a session id."""
_PLAIN_NAME = re.compile(r"[\w.:/-]+")


def at_most(limit: int, size: int, where: str, what: str, unit: str = "characters") -> None:
    """Raises CallFailed (wrong_shape) with size and limit when `size` is more than `limit`."""
    if size > limit:
        raise CallFailed("wrong_shape", f"{where}: {what} is {size:,} {unit} long; at most {limit:,} can be taken.")


def fit_name(name: str) -> str:
    """A tool's name, fit to be shown: what is more than a plain word is quoted and escaped, and both are cut."""
    # Cut before `repr` too: a name of megabytes need not be escaped whole.
    name = name[: MAX_TOOL_NAME + 1]
    return (name if _PLAIN_NAME.fullmatch(name) else repr(name))[:MAX_TOOL_NAME]


def fit_json(value: Any) -> Any:
    """The value, or in its place a note when it is too long as JSON."""
    size = json_size(value)
    return value if size <= MAX_TOOL_JSON else f"(left out: {size:,} characters of JSON, more than {MAX_TOOL_JSON:,})"


def json_size(value: Any) -> int:
    """Characters of a value as JSON."""
    return len(json.dumps(value, ensure_ascii=False))

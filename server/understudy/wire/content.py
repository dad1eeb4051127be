"""Where an answer holds its words: at a path, and in a `content` field, however its API writes one."""

from __future__ import annotations

from typing import Any

from understudy.wire.parsing import is_list, is_object

__all__ = ["at_path", "text_of"]


def at_path(body: Any, path: str) -> Any:
    """What lies at a dotted path of keys and list positions; None when there is nothing."""
    for step in path.split("."):
        if is_object(body):
            body = body.get(step)
        elif is_list(body) and step.isdecimal():
            body = body[int(step)] if int(step) < len(body) else None
        else:
            return None
    return body


def text_of(content: Any) -> str | None:
    """The words of a `content` field: text, null, or a list of parts; None when it is none of these."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not is_list(content):
        return None
    words = [part if isinstance(part, str) else at_path(part, "text") for part in content]
    return "".join(w for w in words if isinstance(w, str))

"""The start of what a stranger sent, fit for a message."""

from __future__ import annotations

import re

__all__ = ["excerpt"]

EXCERPT = 200


def excerpt(text: str | bytes, limit: int = EXCERPT) -> str:
    """The start of what was sent, on one line and fit to be shown."""
    if isinstance(text, bytes):
        text = text[: limit * 4].decode(errors="replace")
    line = re.sub(r"\s+", " ", text).strip()
    line = "".join(c if c.isprintable() else "\ufffd" for c in line)
    return line if len(line) <= limit else line[:limit] + " ..."

"""Untrusted text inside a prompt: behind delimiters that its author cannot know, so that it cannot pretend to have ended."""

from __future__ import annotations

import hashlib

__all__ = ["fence"]


def fence(label: str, text: str, *, salt: str) -> str:
    """`text` between two lines that name it and carry a token made from `salt` and the text.

    The salt must be something that the text's author does not know (the run's id, a verdict's id); the token is made anew until
    it does not stand in the text, so no text can close its own fence.
    """
    n = 0
    while (token := hashlib.sha256(f"{salt}:{n}:{text}".encode()).hexdigest()[:12]) in text:
        n += 1
    return f"<<<{label} {token}\n{text}\n{token} {label}>>>"

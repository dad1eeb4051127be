"""Seeds: every random choice of a conversation comes from its seed and from what the choice is about."""

from __future__ import annotations

import hashlib

__all__ = ["derive"]


def derive(seed: int, *parts: str | int) -> int:
    """A 64-bit integer that depends on all the arguments and on nothing else, on every machine.

    `1` and `"1"` are different parts, and so are `("ab", "c")` and `("a", "bc")`.
    """
    body = repr((seed, *parts)).encode()
    return int.from_bytes(hashlib.sha256(body).digest()[:8], "big")

"""Seeds of parts from the seed of the whole, the same on every machine."""

from __future__ import annotations

import hashlib

__all__ = ["child_seed"]


def child_seed(seed: int, *parts: str | int) -> int:
    """A number below 2**53 (safe in JSON) that depends on `seed` and every part, and on nothing else."""
    digest = hashlib.sha256(repr((seed, *parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11

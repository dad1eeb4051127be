"""How a bound is divided among processes."""

from __future__ import annotations

__all__ = ["part_of"]


def part_of(whole: int, part: int, parts: int) -> int:
    """What falls to number `part` of `parts`, from 0: all of them add up to `whole`, or are 1 each where there is less to divide."""
    return max(1, whole // parts + (part < whole % parts))

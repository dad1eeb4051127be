"""How often the garbage collector looks through everything: seldom, in the processes that are Understudy's own."""

from __future__ import annotations

import gc

__all__ = ["collect_seldom"]

YOUNG, MIDDLE, OLD = 2_000, 20, 100
"""Against 700, 10, 10 of CPython 3.11. With a thousand conversations under way, its collections of everything stopped the event loop for
up to 300 ms, once a second, and took a fifth of the CPU; conversations make hardly any cycles for them to find."""


def collect_seldom() -> None:
    """Set the thresholds of this process. For our own programs: in somebody else's process they are not ours to set."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)

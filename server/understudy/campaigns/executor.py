"""The seam of the engines: hand each conversation to some worker at least once, and to another when that one dies.

That nothing is done twice comes from the store (leases and fences), not from the engine.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Executor"]


class Executor(Protocol):
    """Whoever gets conversations done."""

    async def submit(self, *run_ids: str) -> None:
        """Have these runs taken to their end. A run that is under way or finished is left as it is."""
        ...

    async def cancel(self, run_id: str) -> bool:
        """Stop a run: True when it is finished now, False when its holder elsewhere was asked to stop it. Raises NotFound."""
        ...

    async def aclose(self) -> None:
        """Stop working; what is unfinished can be taken up by another. May be called twice."""
        ...

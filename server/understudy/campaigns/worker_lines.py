"""What a process and its worker processes say to each other: a JSON object a line, over the worker's stdin and stdout.

The first line to a worker is a `Greeting`, all others are `Told`; a worker says `Heard`. Nothing here is the truth about a
conversation: that is in the store, which both have open.
"""

from __future__ import annotations

from understudy.domain.value import JsonObject, Value

__all__ = ["Greeting", "Heard", "Told"]


class Greeting(Value):
    """What a worker has to know before anything else."""

    number: int
    """For what it logs; from 1."""
    parent: int
    """The process that started it: when that is gone, the worker ends."""
    settings: JsonObject
    serves_http: bool = False


class Told(Value):
    """One thing that a worker is to do."""

    run: str | None = None
    """See this run through to its end, and judge it."""
    cancel: str | None = None
    """Stop this run."""
    part: int | None = None
    """From now on hold to this part of every limit."""
    parts: int = 1
    """Into so many parts limits are divided."""
    fresh: bool = True
    """Nobody has made calls that are counted by the minute within the last one."""


class Heard(Value):
    """What a worker tells; with nothing in it, that it lives."""

    ready: str | None = None
    """It can be given runs; the owner in its leases."""
    over: str | None = None
    """This run is no longer there."""
    finished: bool = False
    """It was finished, and judged."""

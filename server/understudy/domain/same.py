"""A value as a key of a cache: the same object, whatever is in it.

Hashing a persona or a goal by its content costs more than most things that one would remember about it.
"""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["Same"]

T = TypeVar("T")


class Same(Generic[T]):
    """Equal to another that holds the same object. A cache that keeps one keeps the object too, so its place in memory is nobody else's."""

    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it  # pyright: ignore[reportUnknownMemberType] - whatever is in it

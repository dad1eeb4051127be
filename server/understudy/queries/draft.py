"""A query before it has a place in a batch, and the seam for whoever writes one."""

from __future__ import annotations

from typing import Protocol

from understudy.domain.persona import Persona
from understudy.domain.query import ExampleUser, Topic
from understudy.domain.value import LanguageTag, Slug, Text, Value

__all__ = ["Draft", "QueryRequest", "QueryWriter"]


class Draft(Value):
    """One written query with what it was made from."""

    topic: str | None
    user_type: str
    user_background: str
    query: Text
    gist: str = ""
    """The query without greeting, mood, remarks about oneself and noise: what it asks. Empty where nobody took it apart."""
    persona: Slug | None = None
    language: LanguageTag = "en"
    grounded_in: tuple[str, ...] = ()
    seed: int


class QueryRequest(Value):
    """What a writer is given for one query."""

    company: str
    """The company's text, Markdown."""
    topic: Topic | None
    """None for the naive kind, which knows the company alone."""
    example: ExampleUser | None
    persona: Persona | None
    feedback: tuple[str, ...] = ()
    """Why reviewers rejected queries of the round before."""
    avoid: tuple[str, ...] = ()
    """Queries that the new one must not come near, after a near-duplicate was dropped."""
    seed: int


class QueryWriter(Protocol):
    """Whoever writes queries one at a time: the seam for models. `generate` recombines instead and needs none.

    What a writer returns goes through the same `Collector` as the recombined ones, which drops and counts near-duplicates.
    """

    @property
    def version(self) -> str: ...

    async def write(self, request: QueryRequest) -> Draft:
        """A query for the request. Raises when it has none; the collector then counts nothing."""
        ...

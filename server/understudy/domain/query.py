"""Topics with example users, and the queries made from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from understudy.domain.value import LanguageTag, Name, Slug, Text, Value

__all__ = ["ExampleUser", "Query", "QueryMethod", "ReviewState", "Topic"]

ReviewState = Literal["pending", "accepted", "rejected", "edited"]
QueryMethod = Literal["offline", "naive", "model", "naive-model"]
"""offline and naive are made by recombination without a model; the other two are written by one."""


class ExampleUser(Value):
    """One example of who asks about a topic, as the topic file has it."""

    example_type: Name
    example_background: Text
    example_query: Text


class Topic(Value):
    """A topic with example users; the file format is a list of `topic` / `example_types`."""

    id: Slug
    topic: Name
    example_types: tuple[ExampleUser, ...] = Field(min_length=1)
    source: str = ""
    """The file it was read from."""


class Query(Value):
    """One query and where it came from."""

    id: str
    batch: str
    topic: str | None
    user_type: str
    user_background: str
    query: Text
    method: QueryMethod
    persona: Slug | None = None
    language: LanguageTag = "en"
    grounded_in: tuple[str, ...] = ()
    """What it was made from: `topic:<id>#<example type>`, `persona:<id>`, `company:<heading>`."""
    seed: int
    review: ReviewState = "pending"
    reason: str = ""
    """Why it was rejected."""
    original: str | None = None
    """The text before an edit."""

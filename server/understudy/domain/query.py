"""Topics with example users, and the queries made from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from understudy.domain.errors import BadInput
from understudy.domain.value import LanguageTag, Name, Phrases, Slug, Text, Value

__all__ = ["ExampleUser", "ExpectedAnswer", "Query", "QueryMethod", "ReviewState", "Tone", "Topic"]

ReviewState = Literal["pending", "accepted", "rejected", "edited"]
QueryMethod = Literal["offline", "naive", "model", "naive-model"]
"""offline and naive are made by recombination without a model; the other two are written by one."""

Tone = Literal["polite", "formal", "friendly", "empathetic", "brief"]
"""How an answer should sound. `polite` is checked without a model; the others need a judge."""


class ExpectedAnswer(Value):
    """What a reviewer expects of the answer to a query. Every part may be left out."""

    must_say: Phrases = ()
    """Each of these has to be in the answer; `/.../` is a regular expression, case is ignored."""
    must_not_say: Phrases = ()
    """None of these may be in the answer."""
    reference: str = Field(default="", max_length=4000)
    """A right answer in somebody's own words. Comparing with it needs a judge with a model."""
    tone: tuple[Tone, ...] = ()
    language: LanguageTag | None = None
    """None: that of the query."""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return self == ExpectedAnswer()


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
    written_by: str = ""
    """The model and the prompt that wrote it: `anthropic:claude-haiku-4-5, queries/1#3fa2c19b`; empty without a model."""
    expected: ExpectedAnswer | None = None
    """What the answer should be; None where nobody said."""

    def reviewed(self, state: ReviewState, *, reason: str = "", text: str | None = None) -> Query:
        """The query after a review; `original` keeps the words that it was generated with. Raises BadInput."""
        if state == "edited":
            if text is None or not text.strip():
                raise BadInput("text", "an edit needs the new text", "Give the query as it should read")
            return self.replace(review=state, reason=reason, query=text, original=self.original or self.query)
        if text is not None:
            raise BadInput("text", f"a review as `{state}` does not change the text", "Leave `text` out, or review as `edited`")
        return self.replace(review=state, reason=reason)

    def expecting(self, expected: ExpectedAnswer) -> Query:
        """The query with what its answer should be; an empty expectation takes it away."""
        return self.evolve(expected=None if expected.is_empty else expected)

"""A batch of queries: drawn, freed of near-duplicates, numbered, with every figure that says how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from understudy.domain.errors import BadInput
from understudy.domain.persona import Persona
from understudy.domain.query import Query, QueryMethod, Topic
from understudy.domain.value import Value
from understudy.queries.company import read_company
from understudy.queries.draft import Draft
from understudy.queries.duplicates import Neighbours
from understudy.queries.naive import naive
from understudy.queries.recombine import recombined

__all__ = ["Batch", "Collector", "generate"]

PATIENCE = 250
"""So many near-duplicates in a row mean that the material has no more to give."""


class Batch(Value):
    """The queries of one call, and what became of the rest."""

    queries: tuple[Query, ...]
    dropped_duplicates: int
    """Drafts that came too near to another query, or to an example, and were dropped."""
    replaced: int
    """Dropped drafts in whose place another was found."""
    requested: int
    exhausted: bool
    """True when the material had no more to give: fewer queries than requested."""


class Collector:
    """Takes drafts until a batch is full, drops near-duplicates, and counts. For written queries as for recombined ones."""

    def __init__(self, *, batch: str, method: QueryMethod, requested: int, known: Sequence[str] = ()) -> None:
        """`known` are texts, such as the examples, that no query may come near."""
        self._batch, self._method, self._requested = batch, method, requested
        self._seen, self._gists = Neighbours(), Neighbours()
        for text in known:
            self._seen.add(text)
        self._queries: list[Query] = []
        self._dropped = self._replaced = self._dropped_in_a_row = 0

    @property
    def done(self) -> bool:
        """Full, or out of material."""
        return len(self._queries) >= self._requested or self._dropped_in_a_row >= PATIENCE

    def offer(self, draft: Draft) -> bool:
        """Keep `draft` if it is near to nothing kept, fillers apart. Returns whether it was kept."""
        gist = draft.gist or draft.query
        if self._seen.near(draft.query) is not None or self._gists.near(gist) is not None:
            self._dropped += 1
            self._dropped_in_a_row += 1
            return False
        self._seen.add(draft.query)
        self._gists.add(gist)
        self._replaced += self._dropped_in_a_row
        self._dropped_in_a_row = 0
        number = f"{self._batch}-{len(self._queries) + 1:04d}"
        self._queries.append(
            Query.model_validate({**draft.model_dump(exclude={"gist"}), "id": number, "batch": self._batch, "method": self._method})
        )
        return True

    def result(self) -> Batch:
        """The batch as it stands."""
        return Batch(
            queries=tuple(self._queries),
            dropped_duplicates=self._dropped,
            replaced=self._replaced,
            requested=self._requested,
            exhausted=len(self._queries) < self._requested,
        )


def generate(
    *,
    topics: Sequence[Topic],
    personas: Sequence[Persona],
    company: str,
    count: int,
    seed: int,
    method: Literal["offline", "naive"],
    batch: str,
) -> Batch:
    """`count` queries without near-duplicates, or fewer and `exhausted`: it never pads. Same arguments, same batch.

    Raises BadInput when `count` is below 1, or when there is nothing to make queries of.
    """
    _refuse_what_cannot_work(topics, company, count, method)
    sections = read_company(company)
    drafts: Iterator[Draft]
    known: list[str] = []
    if method == "naive":
        drafts = naive(sections, seed=seed)
    else:
        drafts = recombined(topics, personas, sections, seed=seed)
        known = [example.example_query for topic in topics for example in topic.example_types]
    collector = Collector(batch=batch, method=method, requested=count, known=known)
    for draft in drafts:
        collector.offer(draft)
        if collector.done:
            break
    return collector.result()


def _refuse_what_cannot_work(topics: Sequence[Topic], company: str, count: int, method: str) -> None:
    if count < 1:
        raise BadInput("count", f"{count} queries cannot be made", "Give 1 or more.")
    if method == "offline" and not topics:
        raise BadInput(
            "topics", "there are none, and offline queries are made of their examples", "Add a topic file, or use the method `naive`."
        )
    if method == "naive" and not company.strip():
        raise BadInput(
            "company", "the text is empty, and naive queries are made of nothing else", "Name a Markdown file with the company's context."
        )

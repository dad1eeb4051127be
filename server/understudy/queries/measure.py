"""How varied and how specific a set of queries is: the grounded kind beside the naive one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import stdev

from understudy.domain.query import Query, Topic
from understudy.domain.value import Value
from understudy.domain.verdict import Interval, Rate
from understudy.queries.company import read_company
from understudy.queries.duplicates import NEAR, Neighbours
from understudy.text.language import detect
from understudy.text.words import stems, tokens

__all__ = ["FIGURES", "Comparison", "Measured", "Measures", "compare", "measure"]

MOST_WORDS = 5_000
"""Distinct words and pairs are taken on so many words, where there are so many: they fall with the length of a text."""
COVERING_WORDS = 2
"""So many of a topic's own words put a query on that topic (or all of them, where a topic has fewer)."""

_NAME = re.compile(r"(?<=[^.!?:\s]\s)(?!I\b)[A-ZÁÉÍÓÚÑ][\w-]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_DIGIT = re.compile(r"\d")
_OWN = re.compile(r"\b(?:my|our|mine|mein\w*|unser\w*|mis?|nuestr\w*)\b", re.IGNORECASE)


class Measured(Value):
    """A figure with what it was computed on."""

    value: float | None
    """None when there was nothing to compute it on."""
    of: int
    """The denominator."""
    unit: str
    """What the denominator counts."""
    interval: Interval | None = None
    """95 %: Wilson's for a share of queries, the normal one for a mean; None where a resampled figure would mislead."""


class Measures(Value):
    """One set of queries."""

    queries: int
    distinct_1: Measured
    """Different words over all words."""
    distinct_2: Measured
    """Different pairs of neighbouring words over all such pairs."""
    nearest: Measured
    """Mean similarity of a query to the most similar other one: lower is more varied."""
    near_duplicates: Measured
    """Share of queries with another one at least 0.85 similar."""
    topics_covered: Measured
    """Share of topics that at least one query is about, told by the words of query and topic, never by a label."""
    with_topic_term: Measured
    """Share with a word that belongs to few of the topics."""
    with_company_fact: Measured
    """Share with a number, an amount or a time that stands in the company's text."""
    with_digit: Measured
    with_name: Measured
    """Share with a capitalised word inside a sentence that is no term of the company's. German, where every noun has one, apart."""
    with_company_term: Measured
    specific: Measured
    """Share with any of these three. A question about nothing but a product counts, too: see `own_case`."""
    own_case: Measured
    """Share that speaks of something of the asker's own (`my card`)."""


class Comparison(Value):
    """Both kinds on equally many queries, because most of these figures change with the size of a set."""

    compared: int
    """Queries on each side: the first so many of each."""
    words: int
    """Of each side, for distinct words and pairs: 5,000, or as many as the shorter side has."""
    naive: Measures
    grounded: Measures
    examples: Measures
    """The topics' own example queries, as the scale to read the others by."""


FIGURES = {
    "distinct_1": "different words over all words",
    "distinct_2": "different pairs of neighbouring words over all such pairs",
    "nearest": "mean likeness of a query to the most similar other one; lower is more varied",
    "near_duplicates": f"share with another query at least {NEAR} alike",
    "topics_covered": "share of topics that at least one query is about, by its words",
    "with_topic_term": "share with a word that belongs to few of the topics",
    "with_company_term": "share with a term of the company's text",
    "with_company_fact": "share with a number that stands in the company's text",
    "with_digit": "share with any digit",
    "with_name": "share with a name that is no term of the company's (German apart)",
    "specific": "share with a digit, a name or a term of the company's",
    "own_case": "share that speaks of something of the asker's own (`my card`)",
}
"""Every figure of `Measures` with what it is, in the order of a report."""


def compare(naive: Sequence[Query], grounded: Sequence[Query], *, topics: Sequence[Topic], company: str) -> Comparison:
    """Measure both on as many queries as the smaller set has, distinct words and pairs on as many words."""
    n = min(len(naive), len(grounded))
    words = min(MOST_WORDS, *(sum(len(tokens(q.query)) for q in side[:n]) for side in (naive, grounded)))
    return Comparison(
        compared=n,
        words=words,
        naive=measure(naive[:n], topics=topics, company=company, words=words),
        grounded=measure(grounded[:n], topics=topics, company=company, words=words),
        examples=measure(_examples(topics), topics=topics, company=company, words=words),
    )


def _examples(topics: Sequence[Topic]) -> list[Query]:
    return [
        Query(
            id=f"{topic.id}-{n}",
            batch="examples",
            topic=topic.topic,
            user_type=example.example_type,
            user_background=example.example_background,
            query=example.example_query,
            method="offline",
            language=detect(example.example_query) or "en",
            seed=0,
        )
        for topic in topics
        for n, example in enumerate(topic.example_types)
    ]


def measure(queries: Sequence[Query], *, topics: Sequence[Topic], company: str, words: int | None = None) -> Measures:
    """The figures of one set; distinct words and pairs on its first `words` words (all, without a number)."""
    texts = [q.query for q in queries]
    spoken = [w for t in texts for w in tokens(t)][:words]
    pairs = list(pairwise(spoken))
    nearest = _nearest(texts)
    digit, name, term = _specifics(queries, company)
    return Measures(
        queries=len(texts),
        distinct_1=_measured(len(set(spoken)), len(spoken), "words"),
        distinct_2=_measured(len(set(pairs)), len(pairs), "word pairs"),
        nearest=_mean(nearest),
        near_duplicates=_share([s >= NEAR for s in nearest]),
        topics_covered=_measured(_covered(queries, topics), len(topics), "topics"),
        with_topic_term=_share(_on_any_topic(queries, topics)),
        with_company_fact=_share([bool(_numbers(t) & _numbers(company)) for t in texts]),
        with_digit=_share(digit),
        with_name=_share([n for n, q in zip(name, queries, strict=True) if q.language[:2] != "de"]),
        with_company_term=_share(term),
        specific=_share([any(found) for found in zip(digit, name, term, strict=True)]),
        own_case=_share([bool(_OWN.search(t)) for t in texts]),
    )


def _specifics(queries: Sequence[Query], company: str) -> tuple[list[bool], list[bool], list[bool]]:
    """For each query: has it a digit, a name, a term of the company's."""
    terms = sorted({t.text for s in read_company(company) for t in s.terms}, key=len, reverse=True)
    known = re.compile("|".join(rf"(?<!\w){re.escape(t)}(?!\w)" for t in terms) or r"(?!)", re.IGNORECASE)
    digit = [bool(_DIGIT.search(q.query)) for q in queries]
    name = [q.language[:2] != "de" and bool(_NAME.search(known.sub("x", q.query))) for q in queries]
    return digit, name, [bool(known.search(q.query)) for q in queries]


def _share(found: Sequence[bool]) -> Measured:
    return _measured(sum(found), len(found), "queries").evolve(interval=Rate.of(sum(found), len(found)).interval)


def _mean(values: Sequence[float]) -> Measured:
    mean = _measured(sum(values), len(values), "queries")
    if len(values) < 2 or mean.value is None:
        return mean
    spread = 1.96 * stdev(values) / math.sqrt(len(values))
    return mean.evolve(interval=Interval(low=max(0.0, mean.value - spread), high=min(1.0, mean.value + spread)))


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _on_any_topic(queries: Sequence[Query], topics: Sequence[Topic]) -> list[bool]:
    own = frozenset[str]().union(*_own_words(topics))
    return [bool(own & stems(q.query, q.language)) for q in queries]


def _measured(amount: float, of: int, unit: str) -> Measured:
    return Measured(value=amount / of if of else None, of=of, unit=unit)


def _nearest(texts: Sequence[str]) -> list[float]:
    """For each text its similarity to the nearest other; empty for fewer than two."""
    if len(texts) < 2:
        return []
    neighbours = Neighbours()
    for text in texts:
        neighbours.add(text)
    return [neighbours.nearest(text, leave_out=i) for i, text in enumerate(texts)]


def _covered(queries: Sequence[Query], topics: Sequence[Topic]) -> int:
    spoken = [stems(q.query, q.language) for q in queries]
    covered = 0
    for own in _own_words(topics):
        needed = min(COVERING_WORDS, len(own))
        covered += needed > 0 and any(len(own & words) >= needed for words in spoken)
    return covered


def _own_words(topics: Sequence[Topic]) -> list[frozenset[str]]:
    """The words of each topic that at most half of the topics share; with one topic, all of its words."""
    words = [stems(" ".join([t.topic, *(e.example_query for e in t.example_types)])) for t in topics]
    return [
        frozenset(w for w in own if len(topics) == 1 or sum(w in other for other in words) <= max(1, len(topics) // 2)) for own in words
    ]

"""Measures of a set of queries, with their denominators."""

from __future__ import annotations

import pytest
from queries_material import COMPANY, PERSONAS, TOPICS

from understudy.domain.query import Query
from understudy.queries.company import read_company
from understudy.queries.generate import generate
from understudy.queries.measure import compare, measure


def query(text: str, *, language: str = "en") -> Query:
    return Query(
        id=text[:20], batch="b", topic=None, user_type="u", user_background="", query=text, method="offline", seed=0, language=language
    )


def test_figures_of_a_small_set_by_hand() -> None:
    queries = [query("My card card."), query("My card card!"), query("Where is Rosa?"), query("Is Plus worth 4 EUR?")]
    found = measure(queries, topics=TOPICS, company=COMPANY)
    assert (found.distinct_1.value, found.distinct_1.of, found.distinct_1.unit) == (9 / 14, 14, "words")
    assert found.near_duplicates.value == 2 / 4
    assert (found.with_digit.value, found.with_company_term.value, found.own_case.value) == (0.25, 0.25, 0.5)
    # Rosa, and EUR; Plus is the company's own word.
    assert found.with_name.value == 0.5
    assert (found.specific.value, found.specific.of) == (0.5, 4)


def test_nothing_to_measure_gives_none_and_zero_denominators() -> None:
    found = measure([], topics=(), company="")
    assert found.distinct_1.value is found.nearest.value is found.topics_covered.value is found.specific.value is None
    assert (found.distinct_2.of, found.topics_covered.of) == (0, 0)
    assert measure([query("Hello?")], topics=TOPICS, company="").nearest.of == 0


def test_a_topic_is_covered_by_words_and_not_by_a_label() -> None:
    on_topic = query("Why was my payment declined at the wholesaler?").replace(topic=None)
    labelled = query("What is the weather like?").replace(topic="Payment Not Going Through")
    assert measure([on_topic], topics=TOPICS, company=COMPANY).topics_covered.value == pytest.approx(1 / 3)
    assert measure([labelled], topics=TOPICS, company=COMPANY).topics_covered.value == 0


def test_german_nouns_are_not_taken_for_names() -> None:
    found = measure([query("Wo ist die Karte?", language="de"), query("Where is Rosa?")], topics=(), company="")
    assert (found.with_name.value, found.with_name.of) == (1.0, 1)


def test_grounded_queries_cover_more_and_vary_more_than_naive_ones_on_equal_terms() -> None:
    def batch(method: str) -> tuple[Query, ...]:
        return generate(
            topics=TOPICS,
            personas=PERSONAS,
            company=COMPANY,
            count=60,
            seed=3,
            method="naive" if method == "naive" else "offline",
            batch=method,
        ).queries

    found = compare(batch("naive"), batch("offline"), topics=TOPICS, company=COMPANY)
    naive, grounded = found.naive, found.grounded
    assert naive.queries == grounded.queries == found.compared
    assert naive.distinct_1.of == grounded.distinct_1.of
    for higher in ("distinct_1", "distinct_2", "topics_covered", "own_case"):
        assert getattr(grounded, higher).value > getattr(naive, higher).value, higher
    assert grounded.nearest.value is not None
    assert naive.nearest.value is not None
    assert grounded.nearest.value < naive.nearest.value


def test_the_company_text_gives_headings_bold_terms_and_items_but_no_code() -> None:
    sections = read_company(COMPANY)
    assert [(s.heading, s.level) for s in sections] == [("Nord Bank", 1), ("Cards", 2), ("Extra cards", 2), ("Branch hours", 2)]
    cards = sections[1]
    assert {t.text for t in cards.terms} == {"Cards", "NordCard", "Basic", "Plus", "Student"}
    assert "payment by card" in cards.body
    assert all(t.heading == "Cards" for t in cards.terms)


def test_titles_and_amounts_are_not_cut_at_their_dots() -> None:
    terms = read_company("## People\n- **Dr. Osei**, general practice\n- Fee of 4.50 EUR. Paid at the desk")[0].terms
    assert [t.text for t in terms] == ["People", "Dr. Osei", "Fee of 4.50 EUR"]

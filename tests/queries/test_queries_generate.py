"""Batches of queries: the same again for the same seed, no near-duplicates, honest figures."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from itertools import combinations
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queries_material import COMPANY, PERSONAS, TOPICS, example, persona

from understudy.domain.errors import BadInput
from understudy.domain.query import Topic
from understudy.queries.draft import Draft
from understudy.queries.duplicates import NEAR, Neighbours
from understudy.queries.generate import Batch, Collector, generate
from understudy.text.similarity import similarity


def make(count: int = 40, seed: int = 1, method: Literal["offline", "naive"] = "offline", **changes: Any) -> Batch:
    material: dict[str, Any] = {"topics": TOPICS, "personas": PERSONAS, "company": COMPANY, **changes}
    return generate(count=count, seed=seed, method=method, batch="b1", **material)


@pytest.mark.parametrize("method", ["offline", "naive"])
def test_the_same_seed_gives_the_same_batch_and_another_seed_another(method: Literal["offline", "naive"]) -> None:
    assert make(method=method) == make(method=method)
    assert [q.query for q in make(method=method).queries] != [q.query for q in make(method=method, seed=2).queries]


def test_a_longer_batch_begins_with_the_shorter_one() -> None:
    assert make(60).queries[:40] == make(40).queries


@pytest.mark.parametrize("method", ["offline", "naive"])
def test_no_two_queries_are_near_duplicates_and_none_repeats_an_example(method: Literal["offline", "naive"]) -> None:
    texts = [q.query for q in make(80, method=method).queries]
    assert max(similarity(a, b) for a, b in combinations(texts, 2)) < NEAR
    if method == "offline":
        examples = [e.example_query for t in TOPICS for e in t.example_types]
        assert max(similarity(a, b) for a in texts for b in examples) < NEAR


def test_three_hundred_queries_take_less_than_three_seconds() -> None:
    rng = random.Random(1)

    def story() -> str:
        words = ["".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))) for _ in range(12)]
        return f"The {' '.join(words[:6])} with the {' '.join(words[6:9])}. What about the {' '.join(words[9:])}?"

    topics = tuple(
        Topic(id=f"t{n}", topic=f"Topic {n}", example_types=tuple(example(who, "Is new.", story()) for who in ("Jo", "Al", "Bo")))
        for n in range(40)
    )
    started = time.perf_counter()
    batch = make(300, topics=topics)
    assert time.perf_counter() - started < 3
    assert len(batch.queries) == 300


def test_every_query_says_what_it_was_made_from() -> None:
    labels = {f"topic:{t.id}#{e.example_type}" for t in TOPICS for e in t.example_types}
    headings = {"company:Cards", "company:Extra cards", "company:Branch hours"}
    topics = {f"topic:{t.id}": t.topic for t in TOPICS}
    for query in make(80).queries:
        assert query.grounded_in[0] in labels
        assert topics[query.grounded_in[0].split("#")[0]] == query.topic
        assert f"persona:{query.persona}" in query.grounded_in
        assert set(query.grounded_in) <= labels | headings | {f"persona:{p.id}" for p in PERSONAS} | {"company:Nord Bank"}
        assert query.user_type
        assert "In the situation of:" in query.user_background
        assert (query.method, query.batch, query.review, query.language) == ("offline", "b1", "pending", "en")


def test_topics_take_turns_and_ids_differ() -> None:
    batch = make(60)
    assert len({q.id for q in batch.queries}) == 60
    counts = Counter(q.topic for q in batch.queries)
    assert set(counts) == {t.topic for t in TOPICS}
    assert min(counts.values()) >= 10


def test_a_persona_of_another_language_is_not_given_english_examples() -> None:
    assert {q.persona for q in make(80).queries} == {p.id for p in PERSONAS} - {"german"}


def test_a_german_topic_is_asked_in_german_by_those_who_speak_it() -> None:
    topic = Topic(
        id="karte",
        topic="Karte verloren",
        example_types=(
            example("Pendlerin", "Sie fährt viel Zug.", "Ich habe meine Karte im Zug verloren. Können Sie die bitte gleich sperren?"),
            example("Vater", "Er hat zwei Kinder.", "Mein Sohn hat seine Karte verlegt. Was kostet eine neue für das Konto?"),
        ),
    )
    batch = make(6, topics=(topic,))
    assert {(q.language, q.persona) for q in batch.queries} == {("de", "german")}


def test_without_a_fitting_persona_the_example_user_asks() -> None:
    batch = make(3, personas=())
    assert {q.persona for q in batch.queries} == {None}
    types = {e.example_type for t in TOPICS for e in t.example_types}
    assert {q.user_type for q in batch.queries} <= types


def test_the_voice_of_a_persona_can_be_heard() -> None:
    def texts(**fields: Any) -> list[str]:
        return [q.query for q in make(25, personas=(persona("p", **fields),)).queries]

    def words(lines: list[str]) -> float:
        return sum(len(t.split()) for t in lines) / len(lines)

    assert words(texts(style="terse")) < words(texts(style="plain")) < words(texts(style="verbose", emotion="angry", traits=("chatty",)))
    assert any(t.isupper() for t in texts(noise={"caps": 1.0}))
    assert all(" ... " in t or t.count(" ") < 12 for t in texts(style="fragmented"))
    assert all(t[0].islower() or not t[0].isalpha() for t in texts(register="slang"))
    assert not any("I'm" in t for t in texts(register="formal"))


def test_naive_queries_know_the_company_and_no_topic_or_person() -> None:
    batch = make(20, method="naive", topics=(), personas=())
    assert {(q.method, q.topic, q.persona) for q in batch.queries} == {("naive", None, None)}
    assert all(g.startswith("company:") for q in batch.queries for g in q.grounded_in)


def test_material_that_could_only_be_greeted_differently_counts_as_exhausted() -> None:
    asked = "Our class comes on Friday with thirty children. Can we leave our bags in a locker?"
    other = "My wheelchair is wide and heavy. Is there a lift to the upper floor?"
    topic = Topic(id="visit", topic="Visit", example_types=(example("Teacher", "Teaches.", asked), example("Visitor", "Rolls.", other)))
    batch = make(500, topics=(topic,), company="")
    assert batch.exhausted
    assert len(batch.queries) < 40


def test_a_greeting_is_followed_by_a_sentence_that_fits_it() -> None:
    cheerful = tuple(persona(f"p{n}", emotion="cheerful", register=r) for n, r in enumerate(("neutral", "casual")))
    texts = [q.query for q in make(60, personas=cheerful).queries]
    assert any(", nothing dramatic" in t or ", hope you" in t or ", happy customer" in t for t in texts)
    for text in texts:
        assert not re.match(r"(Hello|Hi there|Hi|Hey|Hey there|Good afternoon), (?!I\b)[A-Z]", text), text


def test_a_company_s_term_is_quoted_whatever_its_number() -> None:
    company = "# Nord Bank\n\n## Cards\n\n- **Children under 12**: a lost card is replaced, an extra card is free\n"
    texts = [q.query for q in make(60, company=company).queries if "Children under 12" in q.query]
    assert texts
    assert all('"Children under 12"' in t for t in texts)


@pytest.mark.parametrize("method", ["offline", "naive"])
def test_exhausted_material_gives_fewer_and_says_so(method: Literal["offline", "naive"]) -> None:
    batch = make(5000, method=method, topics=TOPICS[:1], personas=PERSONAS[:1])
    assert batch.exhausted
    assert 0 < len(batch.queries) < batch.requested == 5000
    assert batch.dropped_duplicates > 0


@given(st.integers(1, 40), st.integers(0, 10**9), st.sampled_from(["offline", "naive"]), st.integers(1, 3), st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_the_counts_add_up(count: int, seed: int, method: Literal["offline", "naive"], topics: int, personas: int) -> None:
    batch = make(count, seed, method, topics=TOPICS[:topics], personas=PERSONAS[:personas])
    assert batch.requested == count
    assert batch.exhausted == (len(batch.queries) < count)
    assert batch.replaced <= batch.dropped_duplicates
    if not batch.exhausted:
        assert batch.replaced == batch.dropped_duplicates
    assert [q.id for q in batch.queries] == [f"b1-{i:04d}" for i in range(1, len(batch.queries) + 1)]


def test_a_question_that_leans_on_its_story_keeps_it() -> None:
    leaning = example("Jo", "Jo lost a card.", "My wallet went under on the ferry. Can you stop it?")
    topic = Topic(
        id="lost", topic="Lost card", example_types=(leaning, example("Al", "Al moves.", "I move to Riga soon. Where do I sign?"))
    )
    clean = tuple(p for p in PERSONAS if p.id != "noisy")
    leaning_queries = [q.query for q in make(20, topics=(topic,), personas=clean).queries if "stop it" in q.query]
    assert leaning_queries
    for text in leaning_queries:
        assert "ferry" in text
        assert "Riga" not in text


def draft(text: str) -> Draft:
    return Draft(topic=None, user_type="x", user_background="", query=text, seed=1)


def test_the_collector_drops_replaces_and_counts_whoever_writes() -> None:
    collector = Collector(batch="m", method="model", requested=2, known=["Where is my parcel today?"])
    offers = ["Where is my parcel today", "How do I return shoes?", "How do I return shoes??", "Is Sunday delivery free?"]
    assert [collector.offer(draft(text)) for text in offers] == [False, True, False, True]
    assert collector.done
    found = collector.result()
    assert (len(found.queries), found.dropped_duplicates, found.replaced, found.exhausted) == (2, 2, 2, False)
    assert {q.method for q in found.queries} == {"model"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"count": 0}, "count"), ({"topics": ()}, "topics"), ({"method": "naive", "company": " \n"}, "company")],
)
def test_what_cannot_work_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        make(**changes)
    assert refused.value.field == field


def test_odd_company_texts_and_odd_examples_do_no_harm() -> None:
    odd = Topic(id="odd", topic="???", example_types=(example("x", "y", "z" * 3000), example("{term}", "%s", "{term} {0} %s")))
    for company in ("", "# ", "no heading at all", "**{term}** {0} %s", "- \n- **\n# #\n```\nopen"):
        assert make(3, topics=(odd,), company=company).requested == 3


@given(st.lists(st.text(alphabet="abc d", max_size=40), max_size=8), st.text(alphabet="abc d", max_size=40))
def test_the_quick_search_finds_what_the_slow_one_finds(known: list[str], new: str) -> None:
    neighbours = Neighbours()
    for text in known:
        neighbours.add(text)
    slow = max((similarity(new, text) for text in known), default=0.0)
    assert neighbours.nearest(new) == slow
    assert (neighbours.near(new) is not None) == (bool(known) and slow >= NEAR)

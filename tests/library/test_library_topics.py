"""Topic files, rubric files and company contexts."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.domain.errors import BadFile
from understudy.library.company import sections
from understudy.library.rubrics import load_rubric
from understudy.library.topics import load_topics, slug_of

PUBLISHED = Path(__file__).parent / "fixtures" / "topics_as_published.yaml"


def test_the_published_topic_file_loads_as_it_stands() -> None:
    topics, problems = load_topics(PUBLISHED)
    assert problems == ()
    (topic,) = topics
    assert (topic.id, topic.topic, topic.source) == ("payment-not-going-through", "Payment Not Going Through", "topics_as_published.yaml")
    assert [e.example_type for e in topic.example_types] == ["Frantic Freelancer", "Nervous First-Timer"]
    assert topic.example_types[0].example_query.endswith("why is this happening?")


def test_topics_with_the_same_name_get_different_ids(tmp_path: Path) -> None:
    text = PUBLISHED.read_text(encoding="utf-8")
    (tmp_path / "t.yaml").write_text(text + text.replace("Going Through", "going through!"), encoding="utf-8")
    topics, _ = load_topics(tmp_path / "t.yaml")
    assert [t.id for t in topics] == ["payment-not-going-through", "payment-not-going-through-2"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Gebühren im Ausland", "gebuhren-im-ausland"), ("¿Qué pasa?", "que-pasa"), ("支払い", "topic"), ("A" * 200, "a" * 56)],
)
def test_a_slug_is_made_from_any_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_broken_example_is_a_problem_and_the_topic_keeps_the_others(tmp_path: Path) -> None:
    text = PUBLISHED.read_text(encoding="utf-8").replace('example_query: "I just', 'example_qurey: "I just')
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    topics, problems = load_topics(tmp_path / "t.yaml")
    assert [len(t.example_types) for t in topics] == [1]
    (problem,) = problems
    assert (problem.line, problem.field) == (11, "example_types[1].example_qurey")
    assert "Did you mean `example_query`?" in problem.message


def test_a_topic_without_a_name_or_a_fitting_example_is_left_out_and_said(tmp_path: Path) -> None:
    example = "{example_type: A, example_background: B, example_query: C}"
    text = f"- example_types: []\n- topic: Fees\n- topic: Limits\n  example_types:\n    - {example}\n"
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    topics, problems = load_topics(tmp_path / "t.yaml")
    assert [t.topic for t in topics] == ["Limits"]
    assert [(p.line, p.field) for p in problems] == [(1, "topic"), (2, "example_types")]


def test_a_topic_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("topic: Fees\n", encoding="utf-8")
    with pytest.raises(BadFile, match="not a list of topics"):
        load_topics(tmp_path / "t.yaml")


RUBRIC = "id: mine\ntitle: Mine\ncriteria:\n  - id: fast\n    description: It is fast.\n    check: {check: latency, max_ms: 500}\n"


def test_a_rubric_loads(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(RUBRIC, encoding="utf-8")
    assert load_rubric(tmp_path / "r.yaml").criteria[0].check is not None


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("max_ms: 500", "max_sm: 500", 6, "Did you mean `max_ms`?"),
        ("max_ms: 500", "max_ms: -1", 6, "greater than 0"),
        ("check: latency", "check: latenzy", 6, "Did you mean `latency`?"),
        ("criteria:", "criterias:", 3, "Did you mean `criteria`?"),
        (RUBRIC[RUBRIC.index("  - id") :], "", 3, "criteria"),
    ],
)
def test_a_rubric_with_one_broken_criterion_does_not_load(tmp_path: Path, right: str, wrong: str, line: int, says: str) -> None:
    (tmp_path / "r.yaml").write_text(RUBRIC.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BadFile, match=r"r\.yaml") as caught:
        load_rubric(tmp_path / "r.yaml")
    assert caught.value.line == line
    assert says in str(caught.value)


def test_a_company_context_becomes_headings_and_sentences_without_marks() -> None:
    text = (
        "Intro sentence.\n\n# The **Bank**\n\nIt was founded in 1990. Ask Dr. Amari\nfor `more`. See [fees](x.html).\n\n"
        "## Cards\n\n- **Basic**: free\n- Silver: 6 euros\n\n```\ncode = 1\n```\n<!-- hidden. -->\n## Empty\n\n"
        "| Card | Limit |\n|---|---|\n| Basic | 500 |\n"
    )
    found = [(s.heading, s.lines) for s in sections(text)]
    assert found == [
        ("", ("Intro sentence.",)),
        ("The Bank", ("It was founded in 1990.", "Ask Dr. Amari for more.", "See fees.")),
        ("Cards", ("Basic: free", "Silver: 6 euros")),
        ("Empty", ("Card: Limit", "Basic: 500")),
    ]


def test_an_empty_company_context_has_no_sections() -> None:
    assert sections("\n\n# Only a heading\n") == ()

"""Queries in reviewers' files: nothing is lost on the way, formulas stay text, and a broken row is named."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.errors import BadFile
from understudy.domain.query import ExpectedAnswer, Query, QueryMethod, ReviewState, Tone
from understudy.queries.exchange import COLUMNS, Format, read_rows, write_rows
from understudy.queries.reviewing import Merged, merge

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
said = words.map(str.strip).filter(bool)
nasty = st.sampled_from(
    ["=1+1", "+49 30", "-5", "@me", "'=x", "''+x", "'tis", "a,b;c\td", 'say "hi"', "two\nlines", "cr\r\nlf", "\ufeffbom", "[x]", "ñ 😀"]
)
lists = st.lists(said | nasty, max_size=3).map(tuple)
expectations = st.builds(
    ExpectedAnswer,
    must_say=lists,
    must_not_say=lists,
    reference=words | nasty,
    tone=st.lists(st.sampled_from(get_args(Tone)), max_size=2).map(tuple),
    language=st.none() | st.just("de"),
)
queries = st.builds(
    Query,
    id=st.uuids().map(str),
    batch=st.just("b"),
    topic=st.none() | said | nasty,
    user_type=words,
    user_background=words | nasty,
    query=said | nasty,
    method=st.sampled_from(get_args(QueryMethod)),
    persona=st.none() | st.just("terse"),
    grounded_in=lists,
    seed=st.integers(0, 2**53 - 1),
    review=st.sampled_from(["pending", "accepted", "edited"]),
    reason=words | nasty,
    original=st.none() | said,
    written_by=words,
    expected=st.none() | expectations.filter(lambda e: not e.is_empty),
)


def query(number: int = 1, **changes: Any) -> Query:
    fields: dict[str, Any] = {
        "id": f"b-{number:04d}", "batch": "b", "topic": "Cards", "user_type": "T", "user_background": "B", "query": f"Question {number}?",
        "method": "offline", "seed": number,
    }  # fmt: skip
    return Query(**(fields | changes))


def merged(text: str, *stored: Query, form: Format = "csv") -> Merged:
    return merge(read_rows(text, form, name="f"), {q.id: q for q in stored}, name="f", new_batch="new")


def edited(stored: list[Query], row: int, delimiter: str = ",", **cells: str) -> str:
    """The exported file with cells of a row changed, as a spreadsheet would write it."""
    rows = list(csv.DictReader(io.StringIO(write_rows(stored, "csv").removeprefix("\ufeff"), newline="")))
    rows[row].update(cells)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@given(st.lists(queries, max_size=4, unique_by=lambda q: q.id))
@settings(max_examples=80, deadline=None)
def test_a_batch_comes_back_into_an_empty_store_as_it_was(form: Format, given_queries: list[Query]) -> None:
    assert list(merged(write_rows(given_queries, form), form=form).added) == given_queries


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@given(st.lists(queries, max_size=4, unique_by=lambda q: q.id))
@settings(max_examples=40, deadline=None)
def test_a_file_that_nobody_edited_changes_nothing(form: Format, stored: list[Query]) -> None:
    found = merged(write_rows(stored, form), *stored, form=form)
    assert (found.changed, found.added, found.unchanged, found.ignored) == ((), (), len(stored), ())


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(write_rows([query(reason=text, topic=text)], "csv"), newline="")))
    assert [cell for cell in rows[1] if cell.strip()[:1] in ("=", "+", "-", "@", "＝")] == []


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_semicolons_and_tabs_are_read_as_well_and_a_line_that_names_the_separator(delimiter: str) -> None:
    text = edited([query()], 0, delimiter, review="accepted")
    assert merged(text, query()).changed[0].review == "accepted"
    assert merged(f"sep={delimiter}\r\n{text}", query()).changed[0].review == "accepted"


def test_decisions_wordings_and_expectations_are_taken_over() -> None:
    stored = [query(1), query(2), query(3)]
    text = edited(stored, 0, review="Reject", reason="Nobody says that")
    assert [(q.review, q.reason) for q in merged(text, *stored).changed] == [("rejected", "Nobody says that")]
    (after,) = merged(edited(stored, 1, query="Better?", review="accepted"), *stored).changed
    assert (after.review, after.query, after.original) == ("edited", "Better?", "Question 2?")
    (after,) = merged(
        edited(stored, 2, review="ok".replace("ok", "accept"), expected_must_say="Monday\n/9 ?am/", expected_tone="Polite\nformal"), *stored
    ).changed
    assert after.expected == ExpectedAnswer(must_say=("Monday", "/9 ?am/"), tone=("polite", "formal"))


def test_new_rows_are_added_and_deleted_rows_are_left_and_counted() -> None:
    stored = [query(1), query(2)]
    text = "id,query,topic\r\nb-0001,Question 1?,Cards\r\n,A new one?,Cards\r\n"
    found = merged(text, *stored)
    assert [(q.id, q.batch, q.query, q.review) for q in found.added] == [("new-0001", "new", "A new one?", "pending")]
    assert found.kept_out == ("b-0002",)


def test_edits_of_columns_that_no_review_changes_are_told_and_not_taken() -> None:
    found = merged(edited([query(7)], 0, seed="7.1E+15", user_type="Else"), query(7))
    assert found.changed == ()
    assert found.ignored == ("line 2: `user_type` of b-0007 stays as it was", "line 2: `seed` of b-0007 stays as it was")


BROKEN = {
    "an unknown state": ({"review": "maybe"}, "f:3: `review`: `maybe` is no state"),
    "a rejection without a reason": ({"review": "rejected"}, "f:3: `reason`: is empty"),
    "an empty query": ({"query": " "}, "f:3: `query`: ` ` is no query"),
    "a tone that is none": ({"expected_tone": "shouty"}, "f:3: `expected_tone`: `['shouty']` does not fit"),
    "an id twice": ({"id": "b-0001"}, "f:3: `id`: `b-0001` stands in line 2 already"),
    "an edit without an edit": ({"review": "edited"}, "f:3: `review`: is `edited`, and the query reads as before"),
    "a list that is no list": ({"expected_must_say": '["open'}, 'f:3: `expected_must_say`: `["open` does not fit'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_is_named_with_line_column_and_value_and_nothing_is_applied(name: str) -> None:
    cells, expected = BROKEN[name]
    stored = [query(1), query(2), query(3)]
    with pytest.raises(BadFile) as caught:
        merged(edited(stored, 1, **cells), *stored)
    assert str(caught.value).startswith(expected)
    assert "Nothing was applied" in str(caught.value)


def test_a_row_after_cells_with_line_breaks_is_named_by_its_line_in_the_file() -> None:
    stored = [query(1, user_background="one\ntwo\nthree"), query(2)]
    with pytest.raises(BadFile) as caught:
        merged(edited(stored, 1, review="maybe"), *stored)
    assert caught.value.line == 5


def test_every_other_broken_row_is_listed() -> None:
    text = "id,review\r\n" + "".join(f"b-{n:04d},what\r\n" for n in range(1, 9))
    with pytest.raises(BadFile, match=r"Broken as well: line 3 \(`review`\), .*line 6 \(`review`\) and 3 more"):
        merged(text, *(query(n) for n in range(1, 9)))


@pytest.mark.parametrize(
    ("text", "form", "part"),
    [
        ("", "csv", "is empty"),
        ("id,wrong\r\n", "csv", "f:1: `wrong`: is no column"),
        ("id,id,query\r\n", "csv", "stands twice"),
        ("review\r\naccepted\r\n", "csv", "f:1: `id`: is not in the heading"),
        ("id,query\r\nb-0001\r\n", "csv", "f:2: has 1 cells, and the heading has 2"),
        ("id,query\r\nb-0001,a,b\r\n", "csv", "f:2: has 3 cells"),
        ('id,query\r\nb-0001,"a" b\r\n', "csv", "f:2: is no readable row"),
        ("{\n", "jsonl", "f:1: is no JSON"),
        ("\n[]\n", "jsonl", "f:2: is a list, not an object"),
        ('{"id": "b-0001", "colour": 1}', "jsonl", "f:1: `colour`: is no field"),
        ('{"id": "b-0001", "expected": 3}', "jsonl", "f:1: `expected`: is no object"),
        ('{"id": 4}', "jsonl", "f:1: `id`: `4` is no id"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text: str, form: Format, part: str) -> None:
    with pytest.raises(BadFile) as caught:
        merged(text, query(1), form=form)
    assert part in str(caught.value)


def test_a_line_of_json_may_hold_no_more_than_the_decision() -> None:
    found = merged(json.dumps({"id": "b-0001", "review": "accepted", "expected": {"must_say": ["Monday"]}}), query(1), form="jsonl")
    assert (found.changed[0].review, found.changed[0].expected) == ("accepted", ExpectedAnswer(must_say=("Monday",)))


def test_every_review_state_has_a_word_and_every_column_is_a_field() -> None:
    assert set(COLUMNS) == ({*Query.model_fields} - {"expected"}) | {f"expected_{f}" for f in ExpectedAnswer.model_fields}
    for state in get_args(ReviewState):
        stored = query(1, review="accepted", reason="x") if state != "accepted" else query(1)
        cells = {"review": state, "query": "Else?"} if state == "edited" else {"review": state}
        assert merged(edited([stored], 0, **cells), stored).changed[0].review == state


@pytest.mark.parametrize("cell", ["[" * 100_000, "[" + "9" * 5_000 + "]"], ids=["deep", "digits"])
def test_a_list_that_is_made_to_break_the_reader_stays_text_and_is_refused_with_its_row(cell: str) -> None:
    (row,) = read_rows(f"id,query,grounded_in\r\na,b,{cell}\r\n", "csv", name="f.csv")
    assert row.values["grounded_in"] == cell


def test_a_heading_of_a_hundred_thousand_columns_is_refused_at_once() -> None:
    with pytest.raises(BadFile, match="has 100,000 columns"):
        read_rows(",".join(["id"] * 100_000) + "\r\n", "csv", name="f.csv")

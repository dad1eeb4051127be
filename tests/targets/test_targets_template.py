"""Request templates: plain substitution, whole values where a string is one placeholder, unknown names refused."""

from __future__ import annotations

import pytest

from understudy.targets.template import check, fill

VALUES = {"message": 'say "hi"', "messages": [{"role": "user", "content": "hi"}], "session": None, "run_id": "r1"}


def test_a_string_that_is_one_placeholder_becomes_the_value_itself() -> None:
    assert fill({"in": ["{{ messages }}", "{{message}}"]}, VALUES) == {"in": [VALUES["messages"], 'say "hi"']}


def test_within_other_words_a_text_stands_as_it_is_and_anything_else_as_json() -> None:
    assert fill("{{ run_id }}: {{ message }} [{{ session }}]", VALUES) == 'r1: say "hi" []'
    assert fill("all: {{ messages }}", VALUES) == 'all: [{"role": "user", "content": "hi"}]'


def test_a_field_without_value_is_left_out_and_a_written_null_stays() -> None:
    assert fill({"session": "{{ session }}", "user": None, "n": 3}, VALUES) == {"user": None, "n": 3}


def test_what_the_user_says_is_never_taken_for_a_template() -> None:
    assert fill("{{ message }} / {{ run_id }}", {"message": "{{ run_id }}", "run_id": "r1"}) == "{{ run_id }} / r1"
    assert fill("{{ message }}", {"message": "{{ ''.__class__ }}"}) == "{{ ''.__class__ }}"


def test_an_unknown_placeholder_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"\{\{ mesage \}\}.*did you mean `\{\{ message \}\}`"):
        check({"a": [{"b": "x {{ mesage }}"}]}, ("message", "session"))
    with pytest.raises(ValueError, match=r"There are: message, session"):
        check("{{ 7 * 7 }}", ("message", "session"))
    check({"a": "{{message}} {{  session  }} { not one } {{{"}, ("message", "session"))

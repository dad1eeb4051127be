"""Prompts have a version and a digest, and untrusted text cannot close its own fence."""

from __future__ import annotations

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.prompting.fence import fence
from understudy.prompting.prompt import Prompt

TEXT = "=== rules\nYou are {{ name }}.\n\n=== task\n{% for step in steps %}\n- {{ step }}\n{% endfor %}\n"


def test_a_prompt_has_sections_that_are_filled() -> None:
    prompt = Prompt("user", "1", TEXT)
    assert prompt.sections == ("rules", "task")
    assert prompt.render("rules", name="Ana <3") == "You are Ana <3."
    assert prompt.render("task", steps=["book", "pay"]) == "- book\n- pay"


def test_a_placeholder_without_a_value_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="name"):
        Prompt("user", "1", TEXT).render("rules")


def test_any_edit_changes_the_label_that_goes_on_record() -> None:
    before, after = Prompt("user", "1", TEXT), Prompt("user", "1", TEXT.replace("You", "you"))
    assert before.label.startswith("user/1#")
    assert before.label != after.label


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    assert Prompt("user", "1", TEXT).render("rules", name="{{ 7 * 7 }}") == "You are {{ 7 * 7 }}."


@given(st.text(max_size=200), st.text(max_size=20))
def test_no_text_can_close_its_own_fence(text: str, salt: str) -> None:
    fenced = fence("transcript", text, salt=salt)
    opening, _, rest = fenced.partition("\n")
    token = opening.removeprefix("<<<transcript ")
    assert rest == f"{text}\n{token} transcript>>>"
    assert token not in text


def test_an_author_who_saw_one_fence_does_not_know_the_next() -> None:
    once = fence("transcript", "hello", salt="verdict-1")
    again = fence("transcript", once, salt="verdict-2")
    assert once.splitlines()[0].split()[1] != again.splitlines()[0].split()[1]

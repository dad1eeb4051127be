"""Hearing takes any text, always in the same way, and quickly."""

from __future__ import annotations

import time

import pytest
from hearing_kit import WORDING, clinic_goal, heard_in, persona
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.conversation import Act, Heard
from understudy.simulation.hearing_sentences import read

FRAGMENTS = st.sampled_from(
    [
        *(
            "I have moved",
            "not ",
            "?",
            "\n- ",
            "1. ",
            "Thursday at 10:00",
            " or ",
            "{",
            "}",
            "{{x}}",
            "<div>",
            "your date of birth",
            "¿",
            "ß",
        ),
        *(
            "İ",
            "\x00",
            "ich habe ",
            "nicht ",
            " verschoben",
            "once you confirm, ",
            "10.30",
            "26. November",
            "$",
            "555-0100",
            "can't",
            "’",
            "…",
        ),
        *("\u202e", "🙂", "he cambiado", "Dr. "),
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(FRAGMENTS, max_size=30).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(sorted(WORDING)))
def test_any_text_can_be_heard(text: str, language: str) -> None:
    heard = heard_in(text, language=language, statuses={"move": "attempted", "fee": "asked"}, said=("new_date",))
    assert not set(heard.met) & (set(heard.refused) | set(heard.attempted) | set(heard.ignored))
    assert set(heard.met) | set(heard.ignored) <= {"move", "fee"}
    assert all(option.strip() for option in heard.options)
    assert Heard.model_validate_json(heard.model_dump_json()) == heard


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_the_same_reply_is_heard_the_same_way_without_any_memory(text: str) -> None:
    first = heard_in(text)
    read.cache_clear()
    heard_in("Something else entirely. What is your name?")
    assert heard_in(text) == first


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "I have " * 30_000, "- x\n" * 20_000, "not " * 50_000, "? " * 50_000, "1. a or b, " * 10_000]
)
def test_a_very_long_reply_does_not_take_long(text: str) -> None:
    started = time.perf_counter()
    heard_in(text)
    assert time.perf_counter() - started < 5


def test_every_persona_language_falls_back_on_word_lists() -> None:
    assert heard_in("I have moved your appointment.", who=persona("fr"), goal=clinic_goal("en"), language="en").has(Act.CONFIRMS)

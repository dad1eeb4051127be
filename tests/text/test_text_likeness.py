"""Likeness, content words and stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.similarity import alike, normalise, similarity
from understudy.text.words import content_words, stems, tokens


def test_case_and_punctuation_make_no_difference() -> None:
    assert similarity("I can help you with that.", "i can HELP you - with that!") == 1.0
    assert normalise("  Grüß   Gott! ") == "grüss gott"


def test_other_words_are_unlike() -> None:
    assert similarity("I can help you with that.", "Your card has been blocked.") < 0.3
    assert similarity("", "text") == 0.0


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_symmetric_and_between_0_and_1(a: str, b: str) -> None:
    assert 0.0 <= similarity(a, b) <= 1.0
    assert similarity(a, b) == pytest.approx(similarity(b, a))
    assert similarity(a, a) == 1.0


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("I need to move my appointment with Dr. Chen", "en", {"move", "appointment", "dr", "chen"}),
        ("Ich muss meinen Termin verschieben", "de", {"termin", "verschieben"}),
        ("Necesito cambiar mi cita", "es", {"cambiar", "cita"}),
    ],
)
def test_function_words_are_left_out(text: str, language: str, words: set[str]) -> None:
    assert content_words(text, language) == words


def test_forms_of_one_word_meet() -> None:
    assert len(stems("booking booked books", "en")) == 1
    assert stems("cancellation fees") & stems("cancel a fee") == {"cancel", "fee"}
    assert stems("Termine", "de") == stems("Termin", "de")


def test_tokens_keep_order_and_straighten_apostrophes() -> None:
    assert tokens("Don’t stop, 2 times!") == ["don't", "stop", "2", "times"]


WORDS = st.sampled_from(["your", "card", "cards", "is", "blocked", "I", "can", "help", "you", "with", "that", "now", "1234", "..."])


@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=8), st.integers(0, 30), st.sampled_from([0.3, 0.7, 0.9, 1.0]))
def test_two_texts_are_alike_from_that_similarity_on(words: list[str], others: list[str], at: int, share: float) -> None:
    a, b = " ".join(words), " ".join([*words[:at], *others, *words[at + 1 :]])
    assert alike(a, b, share) == (similarity(a, b) >= share)

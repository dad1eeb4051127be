"""Rude phrases are quoted exactly; ordinary service language is not rude."""

from __future__ import annotations

import pytest

from understudy.text.manners import rude_quote


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Please calm down.", "Please calm down"),
        ("Well, that’s not my problem.", "that’s not my problem"),
        ("STOP SHOUTING at once", "STOP SHOUTING"),
        ("Are you stupid?", "Are you stupid"),
        ("Turn off your caps lock.", "Turn off your caps lock"),
        ("Beruhigen Sie sich.", "Beruhigen Sie sich"),
        ("Schreien Sie mich nicht so an!", "Schreien Sie mich nicht so an"),
        ("Das ist nicht mein Problem.", "Das ist nicht mein Problem"),
        ("Cálmese, señora.", "Cálmese"),
        ("Ese no es mi problema.", "Ese no es mi problema"),
    ],
)
def test_a_rude_phrase_is_quoted(text: str, quote: str) -> None:
    assert rude_quote(text) == quote


@pytest.mark.parametrize(
    "text",
    [
        "No problem, I can stop the card. Whatever you need, we are here.",
        "I understand the problem and I care about it.",
        "I do not care for the delay either; we will deal with it today.",
        "You can get this done; it is not a problem.",
        "I am sorry, that was our fault.",
        "How can I help you?",
        "Kein Problem, das ist nicht schlimm.",
        "Ich verstehe Ihr Problem.",
        "No se preocupe, no hay problema.",
        "Entiendo su problema.",
        "It is too bad weather to fly.",
        "",
    ],
)
def test_service_language_is_not_rude(text: str) -> None:
    assert rude_quote(text) is None

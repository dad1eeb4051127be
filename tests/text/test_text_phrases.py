"""Finding phrases: exact quotes, facts, expressions, spellings."""

from __future__ import annotations

import re
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.phrases import SlowPattern, find, find_any, problem


@pytest.mark.parametrize(
    ("phrase", "text", "quote"),
    [
        ("all set", "You’re All  Set!", "All  Set"),
        ("you're all set", "You’re all set!", "You’re all set"),
        ("set", "reset it", None),
        ("move", "removed", None),
        ("/book(ed|ing)/", "It is Booked now", "Booked"),
        ("/\\d{4}/", "pin 1234", "1234"),
        ("14:30", "at 2:30 PM", "2:30 PM"),
        ("$25", "a fee of $25.", "$25"),
        ("/(/", "a /(/ b", "/(/"),
        ("", "anything", None),
    ],
)
def test_the_exact_words_are_returned(phrase: str, text: str, quote: str | None) -> None:
    assert find(phrase, text) == quote


def test_facts_are_filled_in_and_need_a_value() -> None:
    facts = {"day": "Thursday", "time": "09:00"}
    assert find("on {day} at {time}", "See you on thursday at 9 am.", facts) == "on thursday at 9 am"
    assert find("{nowhere}", "{nowhere}", facts) is None
    assert find("/{day}|Friday/", "Friday", facts) == "Friday"


def test_a_value_with_special_characters_is_taken_literally() -> None:
    assert find("/order {id}/", "order A+1", {"id": "A+1"}) == "order A+1"
    assert find("/order {id}/", "order AA1", {"id": "A+1"}) is None


def test_the_first_phrase_that_is_found_wins() -> None:
    assert find_any(("nothing", "moved", "all set"), "It is moved, all set.") == "moved"
    assert find_any((), "text") is None


def test_a_phrase_that_cannot_match_is_explained() -> None:
    assert problem("moved") is None
    assert problem("/{day} \\d{2}/") is None
    assert "regular expression" in (problem("/(/") or "")
    assert problem("  ") is not None


@given(st.text(max_size=40), st.text(max_size=200))
def test_a_quote_is_always_found_in_the_text(phrase: str, text: str) -> None:
    quote = find(phrase, text)
    assert quote is None or quote in text


def test_an_expression_that_would_take_for_ever_is_stopped_and_named() -> None:
    started = time.perf_counter()
    with pytest.raises(SlowPattern, match="nested repeats"):
        find("/(?:(?:a|aa|a.)+)+[^a]x$/", "a" * 5_000)
    assert time.perf_counter() - started < 5


def test_only_the_start_of_an_endless_text_is_looked_at() -> None:
    assert find("needle", "hay " * 10_000 + "needle") is None


LETTERS = st.text(alphabet="aAbBkKsSiIäÄßµſıİ'’` -.é14:30", min_size=1, max_size=14)


@given(LETTERS, LETTERS, LETTERS)
def test_a_phrase_is_found_wherever_a_search_without_regard_to_case_finds_it(before: str, phrase: str, after: str) -> None:
    for said in (phrase, phrase.upper(), phrase.lower(), phrase.swapcase()):
        text = f"{before} {said} {after}"
        plain = phrase.strip()
        if not plain or any(c in plain for c in "’`:.14 30") or "\t" in plain:
            continue
        edges = (r"(?<!\w)" if plain[0].isalnum() else "", r"(?!\w)" if plain[-1].isalnum() else "")
        expected = re.search(f"{edges[0]}{re.escape(plain)}{edges[1]}", text.translate({0x2019: "'", 0x60: "'"}), re.IGNORECASE)
        assert find(phrase, text) == (expected and text[expected.start() : expected.end()])
        assert find_any((phrase,), text) == find(phrase, text)


def test_a_search_that_had_to_wait_for_the_processor_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[float] = []

    class Waited:
        def search(self, text: str, *, timeout: float) -> None:
            tried.append(timeout)
            if len(tried) == 1:
                raise TimeoutError

    monkeypatch.setattr(regex, "compile", lambda *_: Waited())
    assert find("/never compiled before [0-9]+/", "no number here") is None
    assert tried == [0.1, 0.4]

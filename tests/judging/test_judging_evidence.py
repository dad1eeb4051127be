"""A quote counts only where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.verdict import Evidence
from understudy.judging.evidence import check_quote, normalise_quote, supported

TURNS = [
    "I need to move my appointment, please.",
    "Of course! Your appointment on “Tuesday” — the 3rd — is cancelled, and I’ve booked you in for Friday at 9:00 instead.",
    "Thank you.",
    "",
]


@pytest.mark.parametrize(
    ("turn", "quote", "status", "where"),
    [
        (1, "is cancelled, and I’ve booked you in", "exact", 1),
        (1, "IS cancelled,  and I've\nbooked you in", "exact", 1),
        (1, '"tuesday" - the 3rd', "exact", 1),
        (0, "booked you in for Friday", "wrong_turn", 1),
        (9, "booked you in for Friday", "wrong_turn", 1),
        (1, "Your appointment on ... booked you in for Friday", "ellipsis", 1),
        (1, "Your appointment on … booked you in for Friday", "ellipsis", 1),
        (1, "booked you in for Friday ... Your appointment on", "absent", 1),
        (1, "Your ... Friday", "absent", 1),
        (1, "is cancelled, and I've booked you for Friday at 9:00 instead", "approx", 1),
        (1, "is cancelled, and I've booked you in for Friday at 8:00 instead", "approx", 1),
        (1, "a full refund was promised to the customer", "absent", 1),
        (1, "", "absent", 1),
        (3, "", "exact", 3),
    ],
)
def test_status(turn: int, quote: str, status: str, where: int) -> None:
    found = check_quote(TURNS, turn, quote)
    assert (found.status, found.turn) == (status, where)
    assert found.holds == (status in ("exact", "wrong_turn", "ellipsis"))


def test_a_found_quote_comes_back_in_the_turns_own_letters() -> None:
    found = check_quote(TURNS, 1, '"TUESDAY" - the 3RD')
    assert found.quote == "“Tuesday” — the 3rd"


def test_only_what_stands_there_survives_as_evidence_and_each_piece_is_exact() -> None:
    given_ = [
        Evidence(turn=1, quote="i've booked you in"),
        Evidence(turn=2, quote="move my appointment"),
        Evidence(turn=1, quote="Your appointment on ... booked you in for Friday"),
        Evidence(turn=1, quote="is cancelled, and I have booked you out"),
        Evidence(turn=0, quote="nobody ever said anything of the kind"),
    ]
    kept = supported(given_, TURNS)
    assert [(e.turn, e.quote) for e in kept] == [
        (1, "I’ve booked you in"),
        (0, "move my appointment"),
        (1, "Your appointment on"),
        (1, "booked you in for Friday"),
    ]


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=80))
def test_every_supported_quote_is_an_exact_substring(before: str, quote: str, after: str) -> None:
    turns = [before + quote + after, after]
    for item in supported([Evidence(turn=0, quote=q) for q in (quote, quote.upper(), f" {quote} ", after)], turns):
        assert item.quote in turns[item.turn]


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_literal_quote_is_always_found(quote: str, around: str) -> None:
    if quote.strip():
        assert check_quote([around + quote + around], 0, quote).status == "exact"


@given(st.text(max_size=60))
def test_normalising_leaves_no_outer_space_and_no_two_spaces(text: str) -> None:
    normal = normalise_quote(text)
    assert normal == normal.strip()
    assert "  " not in normal

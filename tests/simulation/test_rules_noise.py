"""Surface noise: it is seen, it is seeded, and it never touches what must come through."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_kit import make_brief, make_goal, make_persona

from understudy.domain.conversation import Direction
from understudy.domain.persona import Noise
from understudy.simulation.players.rules import word
from understudy.simulation.wording.noise import fillers, fragments, misheard, restarts, shouted, typos
from understudy.simulation.wording.spans import Spans, contains

SENTENCE = "Could you please move the appointment there, because your colleague wrote that everything would work"
LOUD = dict.fromkeys(Noise.model_fields, 1.0)
values = st.one_of(
    st.from_regex(r"[A-Z]{2,3}-[0-9]{3,6}", fullmatch=True),
    st.from_regex(r"[0-9]{1,2} (March|Juni|octubre) [12][0-9]{3}", fullmatch=True),
    st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}@[a-z]{3,8}\.org", fullmatch=True),
    st.from_regex(r"[A-Z][a-zäöñ]{3,9} [A-Z][a-zé]{3,9}", fullmatch=True),
    st.from_regex(r"\+[0-9]{2} [0-9]{3} [0-9]{4,6}", fullmatch=True),
    st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=2, max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(
    value=values,
    seed=st.integers(0, 10_000),
    language=st.sampled_from(("en", "de", "es", "de-CH", "es-AR")),
    register=st.sampled_from(("formal", "neutral", "casual", "slang")),
    style=st.sampled_from(("plain", "terse", "verbose", "rambling", "fragmented")),
    fluency=st.sampled_from(("native", "fluent", "basic")),
)
def test_a_facts_value_comes_through_all_noise_at_once(
    value: str, seed: int, language: str, register: str, style: str, fluency: str
) -> None:
    persona = make_persona(
        language=language,
        register=register,
        style=style,
        fluency=fluency,
        noise=LOUD,
        traits=("all_caps_when_upset", "interrupts", "chatty"),
    )
    goal = make_goal(known={"detail": value.strip() or "x", "visit_day": "Thursday"})
    brief = make_brief(
        Direction(answer=("detail", "visit_day"), show_frustration=True), persona=persona, goal=goal, seed=seed, frustration=3
    )
    move = word(brief)
    assert goal.known[0].value in move.message
    assert "Thursday" in move.message
    assert {"detail", "visit_day"} <= set(move.disclosed)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_protecting_and_restoring_gives_the_text_back(text: str, values: list[str]) -> None:
    spans = Spans()
    assert spans.restore(spans.protect(text, values)) == text


@pytest.mark.parametrize(
    "kept",
    [
        "AB-1234",
        "14 March 1980",
        "10:30",
        "maria.chen@example.org",
        "€49.90",
        "https://example.org/a?b=c",
        "Donnerstag",
        "zwei",
        "mañana",
        "+49 30 1234",
    ],
)
def test_dates_numbers_codes_and_addresses_are_protected_without_being_facts(kept: str) -> None:
    spans = Spans()
    masked = spans.protect(f"So {kept} it is, my friend", ())
    assert not any(c.isdigit() or c == "@" for c in masked)
    assert spans.restore(masked.upper()) == f"SO {kept} IT IS, MY FRIEND"


def test_a_value_is_found_as_a_word_of_its_own_only() -> None:
    assert contains("We are 2, thanks", "2")
    assert not contains("At 12:20 then", "2")
    assert contains("it is AB-1", "ab-1")


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_each_kind_of_noise_changes_a_sentence_and_half_of_it_changes_less(language: str) -> None:
    def changed(share: float) -> list[int]:
        rngs = [random.Random(s) for s in range(200)]
        kinds = (
            lambda r: typos(SENTENCE, share, language, r),
            lambda r: fillers(SENTENCE, share, ("um",), r),
            lambda r: fragments(SENTENCE, share, r),
            lambda r: misheard(SENTENCE, share, {"there": "their", "your": "you're"}, r),
            lambda r: restarts(SENTENCE, share, lambda: "The door. Back.", r),
            lambda r: shouted(SENTENCE, share, r),
        )
        return [sum(kind(r) != SENTENCE for r in rngs) for kind in kinds]

    none, some, all_ = changed(0.0), changed(0.2), changed(1.0)
    assert none == [0] * 6
    assert all(0 < a <= b for a, b in zip(some, all_, strict=True)), (some, all_)


def test_a_slip_keeps_the_first_letter_and_most_of_the_word() -> None:
    for seed in range(100):
        before, after = SENTENCE.split(), typos(SENTENCE, 1.0, "en", random.Random(seed)).split()
        assert len(before) == len(after)
        slips = sum(a != b for a, b in zip(before, after, strict=True))
        assert slips <= 8
        assert all(a[0].lower() == b[0].lower() and abs(len(a) - len(b)) <= 1 for a, b in zip(before, after, strict=True))

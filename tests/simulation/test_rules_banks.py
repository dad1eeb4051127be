"""The phrase banks: complete, clean, and large enough."""

from __future__ import annotations

import itertools
import re

import pytest
from rules_kit import make_brief, make_persona, opening

from understudy.domain.errors import BadInput
from understudy.simulation.players.rules import word
from understudy.simulation.wording.bank import EMOTIONS, LANGUAGES, REGISTERS, bank_for, fill
from understudy.simulation.wording.dialect import DIALECTS

SLOTS = dict.fromkeys(("value", "old", "name", "Name", "option", "company", "me", "first", "topic", "core"), "Xyz")
LEFTOVER = re.compile(r"[{}|()]|\s{2,}|\s[,.!]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_words_in_every_register_without_leftovers(language: str) -> None:
    bank = bank_for(language)
    for act, register in itertools.product(bank.acts, REGISTERS):
        lines = bank.lines(act, register)
        assert lines, f"{act} has no words in {register}"
        for line in lines:
            said = fill(line, SLOTS)
            assert said.strip() == said, (act, register, line)
            assert said, (act, register, line)
            assert not LEFTOVER.search(said), (act, register, line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_emotion_has_words_of_its_own_at_the_start_in_the_middle_and_at_the_end(language: str) -> None:
    bank = bank_for(language)
    for slot in ("open", "mid", "close"):
        pools = [set(bank.lines(f"{slot}.{emotion}", "neutral")) for emotion in EMOTIONS]
        assert all(pools)
        assert all(not (a & b) for a, b in itertools.combinations(pools, 2)), slot


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banks_hold_no_numbers_that_a_guard_could_take_for_invented(language: str) -> None:
    bank = bank_for(language)
    for act, register in itertools.product(bank.acts, REGISTERS):
        assert not any(re.search(r"\d", line) for line in bank.lines(act, register)), act


def test_the_languages_have_the_same_acts() -> None:
    english, german, spanish = (set(bank_for(language).acts) for language in LANGUAGES)
    assert english == german == spanish


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_common_act_has_dozens_of_wordings_over_all_registers(language: str) -> None:
    bank = bank_for(language)
    for act in (
        "greet",
        "unknown",
        "withhold",
        "correct",
        "choose",
        "satisfied",
        "give_up",
        "call_back",
        "ask_human",
        "again_blank",
        "not_understood",
    ):
        wordings = {line for register in REGISTERS for line in bank.lines(act, register)}
        assert len(wordings) >= 36, (act, len(wordings))


def test_a_language_without_a_bank_is_bad_input_that_names_the_ones_there_are() -> None:
    with pytest.raises(BadInput, match=r"does not speak `fr`; it speaks en, de, es.*script"):
        word(make_brief(opening(), persona=make_persona(language="fr")))


@pytest.mark.parametrize(("language", "dialect"), [(t.language, d) for d, t in DIALECTS.items()])
def test_every_dialect_changes_what_its_speaker_says(language: str, dialect: str) -> None:
    plain = [word(make_brief(opening(), persona=make_persona(language=language), seed=s)).message for s in range(40)]
    spoken = [word(make_brief(opening(), persona=make_persona(language=language, dialect=dialect), seed=s)).message for s in range(40)]
    assert sum(a != b for a, b in zip(plain, spoken, strict=True)) >= 10

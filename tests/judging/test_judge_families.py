"""Families of models, and a judge that may not judge its own kin."""

from __future__ import annotations

import pytest

from understudy.domain.errors import BadInput
from understudy.judging.families import Kin, check_families, families_of


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("anthropic:claude-haiku-4-5", "claude"),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude"),
        ("gpt-5-mini", "gpt"),
        ("o3-mini", "gpt"),
        ("openai_compatible:gpt-oss:20b", "gpt"),
        ("models/gemini-2.5-flash", "gemini"),
        ("gemma3:4b", "gemma"),
        ("meta-llama/Llama-3.1-8B-Instruct", "llama"),
        ("ollama/qwen2.5:7b", "qwen"),
        ("mixtral-8x7b-instruct", "mistral"),
        ("phi4-mini", "phi"),
        ("grok-4", "grok"),
        ("command-r-plus", "command"),
        ("kimi-k2", "kimi"),
    ],
)
def test_the_name_of_a_model_tells_its_family(model: str, family: str) -> None:
    assert families_of(model) == {family}


@pytest.mark.parametrize("model", ["agent", "default", "my-bot", "delphi", "memphis", "solo1", "openai:agent", "fake:model", ""])
def test_other_names_tell_none(model: str) -> None:
    assert families_of(model) == frozenset()


def test_a_distilled_model_is_kin_of_both() -> None:
    assert families_of("deepseek-r1-distill-llama-70b") == {"deepseek", "llama"}


JUDGE = Kin(part="judge", model="claude-opus-4-5", setting="models.judge")
SISTER = Kin(part="target `bot`", model="claude-haiku-4-5", setting="targets.bot")


def test_a_judge_of_the_same_family_is_refused_with_both_names_and_the_override() -> None:
    with pytest.raises(BadInput) as refused:
        check_families(JUDGE, [SISTER], allow_same=False)
    for words in ("claude-opus-4-5", "claude-haiku-4-5", "target `bot`", "`claude`", "allow_same_family: true", "models.judge"):
        assert words in str(refused.value)


def test_the_override_is_told_and_an_unknown_family_too() -> None:
    (allowed,) = check_families(JUDGE, [SISTER], allow_same=True)
    assert "explicit leave" in allowed
    (unknown,) = check_families(JUDGE, [SISTER.evolve(model="agent")], allow_same=False)
    assert "not known (agent)" in unknown
    assert check_families(JUDGE, [SISTER.evolve(model="gpt-5")], allow_same=False) == ()
    mystery = JUDGE.evolve(model="big-one")
    assert "judge's model big-one is not known" in check_families(mystery, [SISTER], allow_same=False)[0]


def test_a_family_in_the_settings_goes_before_the_name() -> None:
    with pytest.raises(BadInput):
        check_families(JUDGE, [SISTER.evolve(model="agent", family="Claude")], allow_same=False)
    assert check_families(JUDGE, [SISTER.evolve(family="llama")], allow_same=False) == ()

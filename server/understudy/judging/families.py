"""Families of models, by their names, and the guard that keeps a judge from judging its own kin.

A model prefers what its own family writes (arXiv 2404.13076), so judge, target and simulated user are to be of different ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from understudy.domain.errors import BadInput
from understudy.domain.value import Value

__all__ = ["FAMILIES", "Kin", "check_families", "families_of"]

FAMILIES: tuple[tuple[str, str], ...] = (
    ("claude", r"claude"),
    ("gpt", r"gpt|davinci|codex|(?<![a-z0-9])o[1-9](?![a-z0-9.])"),
    ("gemini", r"gemini|palm-2|bison"),
    ("gemma", r"gemma"),
    ("llama", r"llama|vicuna|alpaca|(?<![a-z])maverick|(?<![a-z])scout"),
    ("qwen", r"qwen|qwq|qvq"),
    ("mistral", r"mistral|mixtral|ministral|magistral|codestral|pixtral|devstral|voxtral"),
    ("deepseek", r"deepseek"),
    ("phi", r"(?<![a-z])phi(?![a-z])"),
    ("grok", r"grok"),
    ("command", r"(?<![a-z])command(?![a-z])|c4ai|(?<![a-z])aya(?![a-z])"),
    ("kimi", r"kimi|moonshot"),
    ("glm", r"(?<![a-z])(?:chat)?glm(?![a-z])"),
    ("granite", r"granite"),
    ("nemotron", r"nemotron"),
    ("nova", r"(?<![a-z])nova(?![a-z])"),
    ("jamba", r"jamba"),
    ("olmo", r"olmo|tulu"),
    ("falcon", r"falcon"),
    ("yi", r"(?<![a-z])yi-"),
    ("minimax", r"minimax|abab"),
    ("hunyuan", r"hunyuan"),
    ("smollm", r"smollm"),
    ("lfm", r"(?<![a-z])lfm"),
)
"""Family, and a pattern of the names of its models in lower case. A distilled model is of two."""

_COMPILED = tuple((family, re.compile(pattern)) for family, pattern in FAMILIES)


class Kin(Value):
    """A model that takes part, and how it is known."""

    part: str
    """What it does: `judge`, `simulated user`, `target demo`."""
    model: str
    setting: str
    """Where it is chosen: `models.judge`, `targets.demo.model`."""
    family: str | None = None
    """As the settings say it, which goes before the name."""

    @property
    def families(self) -> frozenset[str]:
        return frozenset({self.family.strip().casefold()}) if self.family else families_of(self.model)


def families_of(model: str) -> frozenset[str]:
    """The families that the name of a model points at; empty when it tells none."""
    # `ollama:qwen3` names a program that serves models, and a provider's prefix is no family of the model.
    name = re.sub(r"\bollama\b|\bllama\.?cpp\b|^(?:openai_compatible|openai|anthropic):", "", model.casefold())
    return frozenset(family for family, pattern in _COMPILED if pattern.search(name))


def check_families(judge: Kin, others: Sequence[Kin], *, allow_same: bool) -> tuple[str, ...]:
    """What is to be kept with the verdict: a family that is not known, or the same one by explicit leave.

    Raises BadInput, naming both and the override, for a judge of the family of another without leave.
    """
    warnings: list[str] = []
    if not judge.families:
        warnings.append(f"The family of the judge's model {judge.model} is not known. Name it: {judge.setting}.family.")
    for other in others:
        shared = sorted(judge.families & other.families)
        if shared and not allow_same:
            raise BadInput(
                judge.setting,
                f"the judge's model {judge.model} and that of the {other.part}, {other.model}, are both of the family `{shared[0]}`, "
                "and a model judges its own kin too kindly",
                f"Choose a judge of another family, or allow it with `allow_same_family: true` under {judge.setting}; "
                "every verdict then says so",
            )
        if shared:
            warnings.append(f"Same family by explicit leave: judge {judge.model} and {other.part} {other.model} are both `{shared[0]}`.")
        elif not other.families:
            warnings.append(f"The family of the {other.part}'s model is not known ({other.model}); it may be the judge's.")
    return tuple(warnings)

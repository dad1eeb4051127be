"""What is expected of the answer to a query, as a rubric: content and tone by checks, accuracy for a judge with a model."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from understudy.domain.checks import LanguageKept, NeverEmpty, NotSaid, Polite, Said
from understudy.domain.query import ExpectedAnswer, Query, Tone
from understudy.domain.rubric import Criterion, Rubric

__all__ = ["KINDS", "Kind", "kind_of", "rubric_for", "rubric_id"]

Kind = Literal["content", "tone", "accuracy"]
KINDS: tuple[Kind, ...] = ("content", "tone", "accuracy")

_TONES: dict[Tone, str] = {
    "polite": "The agent was not rude.",
    "formal": "The agent kept a formal register throughout.",
    "friendly": "The agent was warm and friendly.",
    "empathetic": "The agent took up what the user feels before it went on to the matter.",
    "brief": "The agent answered in a few short sentences, without padding.",
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,50}")


def rubric_id(query: Query) -> str:
    """The id of a query's rubric."""
    return f"query-{query.id}" if _SLUG.fullmatch(query.id) else f"query-{hashlib.sha256(query.id.encode()).hexdigest()[:16]}"


def rubric_for(query: Query) -> Rubric:
    """The criteria for the answer to `query`. Without an expectation: that there is an answer, polite, in the query's language.

    What a reviewer asked for and only a model can judge is required: without a judge the verdict is unscored, unless a check fails.
    """
    expected = query.expected or ExpectedAnswer()
    criteria = [
        Criterion(id="content-answered", description="The agent answered with words.", check=NeverEmpty()),
        *_said(expected),
        Criterion(
            id="content-language",
            description="The agent answered in the right language.",
            check=LanguageKept(language=expected.language or query.language),
        ),
        Criterion(id="tone-polite", description=_TONES["polite"], check=Polite()),
        *(Criterion(id=f"tone-{t}", description=_TONES[t], required=True) for t in dict.fromkeys(expected.tone) if t != "polite"),
    ]
    if expected.reference.strip():
        told = f"The answer agrees with this reference answer and contradicts nothing in it: {expected.reference}"
        criteria.append(Criterion(id="accuracy-reference", description=told[:4000], required=True))
    return Rubric(id=rubric_id(query), title=f"Expected answer to {query.id}"[:120], criteria=tuple(criteria))


def _said(expected: ExpectedAnswer) -> list[Criterion]:
    must = [
        Criterion(id=f"content-said-{n}", description=f"The agent said: {phrase}", check=Said(any_of=(phrase,)))
        for n, phrase in enumerate(expected.must_say, start=1)
    ]
    if not expected.must_not_say:
        return must
    forbidden = NotSaid(none_of=expected.must_not_say)
    return [*must, Criterion(id="content-not-said", description="The agent said nothing that it must not.", check=forbidden)]


def kind_of(criterion: str) -> Kind | None:
    """What a criterion of such a rubric is about; None for one of another rubric."""
    return next((kind for kind in KINDS if criterion.startswith(f"{kind}-")), None)

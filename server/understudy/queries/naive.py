"""The naive baseline: questions made of the company's text alone, as somebody writes who knows no customer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from understudy.queries import wording
from understudy.queries.company import Section
from understudy.queries.draft import Draft
from understudy.queries.sampling import child_seed
from understudy.text.language import detect

__all__ = ["naive"]


def naive(sections: Sequence[Section], *, seed: int) -> Iterator[Draft]:
    """Every question once, in an order that the seed decides; ends when the text has no more terms."""
    language = detect(" ".join(s.body for s in sections)) or "en"
    questions = [
        (text, heading) for section in sections for text, heading in (*_about_one(section, language), *_about_several(section, language))
    ]
    random.Random(child_seed(seed, "naive")).shuffle(questions)
    for number, (text, heading) in enumerate(questions):
        yield Draft(
            topic=None,
            user_type="customer",
            user_background="",
            query=text,
            language=language,
            grounded_in=(f"company:{heading}",),
            seed=child_seed(seed, "naive", number),
        )


def _about_one(section: Section, language: str) -> Iterator[tuple[str, str]]:
    for term in section.terms:
        for template in wording.NAIVE_ONE[language]:
            yield template.format(term=term.text), section.heading


def _about_several(section: Section, language: str) -> Iterator[tuple[str, str]]:
    named = [t.text for t in section.terms if t.kind != "heading"][:4]
    if len(named) < 2:
        return
    glue = {"en": " and ", "de": " und ", "es": " y "}[language]
    terms = f"{', '.join(named[:-1])}{glue}{named[-1]}"
    for template in wording.NAIVE_SEVERAL[language]:
        yield template.format(terms=terms), section.heading

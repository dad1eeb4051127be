"""Offline queries: an example user's words, another example's situation, a persona's voice and the company's terms, combined anew."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy.domain.persona import Persona
from understudy.domain.query import ExampleUser, Topic
from understudy.queries import wording
from understudy.queries.company import CompanyTerm, Section
from understudy.queries.draft import Draft
from understudy.queries.sampling import child_seed
from understudy.queries.voice import Substance, sentences, voiced
from understudy.text.language import detect
from understudy.text.words import stems, tokens

__all__ = ["recombined"]

TERM_SHARE = 0.6
DONOR_SHARE = 0.45
HEADING_WEIGHT = 2
LEAST_SHARED = 2


@dataclass(frozen=True)
class _Source:
    """One example query taken apart."""

    topic: Topic
    example: ExampleUser
    language: str
    situation: tuple[str, ...]
    ask: str
    leans: bool
    terms: tuple[CompanyTerm, ...]
    """Terms of the company's sections that speak of the same things."""

    @property
    def label(self) -> str:
        return f"topic:{self.topic.id}#{self.example.example_type}"


def recombined(topics: Sequence[Topic], personas: Sequence[Persona], sections: Sequence[Section], *, seed: int) -> Iterator[Draft]:
    """Drafts without end, topics in turn; none at all without topics. Same arguments, same drafts."""
    by_topic = [[_source(topic, example, sections) for example in topic.example_types] for topic in topics]
    if not by_topic:
        return
    random.Random(child_seed(seed, "order")).shuffle(by_topic)
    number = 0
    while True:
        sources = by_topic[number % len(by_topic)]
        draft_seed = child_seed(seed, "draft", number)
        yield _draft(sources, (number // len(by_topic)) % len(sources), personas, draft_seed)
        number += 1


def _source(topic: Topic, example: ExampleUser, sections: Sequence[Section]) -> _Source:
    language = detect(example.example_query) or "en"
    told = sentences(example.example_query) or [example.example_query[:300]]
    # The last question is what they want; without one, their last sentence is.
    asks = [i for i, s in enumerate(told) if s.endswith("?")]
    at = asks[-1] if asks else len(told) - 1
    terms = tuple(t for s in _related(topic, example, language, sections) for t in s.terms if t.kind != "heading" or s.level > 1)
    situation = tuple(s for i, s in enumerate(told) if i != at)
    leans = not wording.LEANING[language].isdisjoint(tokens(told[at]))
    return _Source(topic=topic, example=example, language=language, situation=situation, ask=told[at], leans=leans, terms=terms)


def _related(topic: Topic, example: ExampleUser, language: str, sections: Sequence[Section]) -> list[Section]:
    """The sections that share most words with topic and example; none when they share hardly any."""
    words = stems(f"{topic.topic} {example.example_query}", language)
    scored = [(HEADING_WEIGHT * len(words & stems(s.heading, language)) + len(words & stems(s.body, language)), s) for s in sections]
    best = max((score for score, _ in scored), default=0)
    return [s for score, s in scored if score >= max(LEAST_SHARED, best)]


def _draft(sources: Sequence[_Source], index: int, personas: Sequence[Persona], seed: int) -> Draft:
    rng = random.Random(seed)
    base = sources[index]
    speakers = [p for p in personas if p.language[:2] == base.language]
    persona = rng.choice(speakers) if speakers else None
    donors = [s for s in sources if s is not base and s.language == base.language and s.situation and not base.leans]
    donor = rng.choice(donors) if donors and rng.random() < DONOR_SHARE else None
    term = rng.choice(base.terms) if base.terms and rng.random() < TERM_SHARE else None
    remark = _remark(term, base.language, rng)
    told = base.situation if base.leans else _told(base, donor, rng)
    substance = Substance(situation=told, ask=base.ask, leans=base.leans, term=remark, language=base.language)
    query, gist = voiced(substance, persona, rng)
    # A remark that the voice left out grounds nothing.
    used_term = term if term is not None and term.text.casefold() in query.casefold() else None
    return Draft(
        topic=base.topic.topic,
        user_type=_user_type(base.example, persona),
        user_background=_background(base.example, persona),
        query=query,
        gist=gist,
        persona=persona.id if persona is not None else None,
        language=base.language,
        grounded_in=_grounds(base, donor, persona, used_term, query),
        seed=seed,
    )


def _told(base: _Source, donor: _Source | None, rng: random.Random) -> tuple[str, ...]:
    situation = (donor or base).situation
    # The first sentence sets the scene; later ones lean on it and do not stand alone.
    return situation if rng.random() < 0.5 else situation[:1]


def _remark(term: CompanyTerm | None, language: str, rng: random.Random) -> str | None:
    if term is None:
        return None
    return rng.choice(wording.TERM_REMARKS[language]["heading" if term.kind == "heading" else "term"]).format(term=term.text)


def _user_type(example: ExampleUser, persona: Persona | None) -> str:
    return example.example_type if persona is None else f"{example.example_type} / {persona.segment or persona.name}"


def _background(example: ExampleUser, persona: Persona | None) -> str:
    if persona is None:
        return example.example_background
    return f"{' '.join(sentences(persona.profile)[:2])} In the situation of: {example.example_background}"


def _grounds(base: _Source, donor: _Source | None, persona: Persona | None, term: CompanyTerm | None, query: str) -> tuple[str, ...]:
    low = query.casefold()
    lent = donor is not None and any(s.rstrip(".,:").casefold() in low for s in donor.situation)
    named = (donor.label if donor is not None and lent else None, f"persona:{persona.id}" if persona is not None else None)
    company = f"company:{term.heading}" if term is not None else None
    return tuple(g for g in (base.label, *named, company) if g is not None)

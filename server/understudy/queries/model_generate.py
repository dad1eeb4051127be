"""Queries written by a model: what each one is made of, one at a time, and what becomes of each answer.

Pure but for the model itself. Whoever drives it may write many at once; `Harvest` takes the results in the order of the slots, so
that the batch does not depend on which answer came first.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from understudy.domain.model_call import CallFor
from understudy.domain.persona import Persona
from understudy.domain.query import ExampleUser, Query, Topic
from understudy.domain.value import Value
from understudy.ports import LLM
from understudy.prompting.structured import NoAnswer, ask
from understudy.queries.company import Section, read_company
from understudy.queries.draft import Draft, QueryRequest
from understudy.queries.duplicates import Neighbours
from understudy.queries.model_texts import Checked, Grounded, Naive, check_request, prompt, write_request
from understudy.queries.on_topic import Relevance, TopicWords
from understudy.queries.sampling import child_seed
from understudy.text.language import detect

__all__ = ["FAILURES_IN_A_ROW", "Counts", "Failed", "Harvest", "Material", "Slot", "Written", "write"]

ModelMethod = Literal["model", "naive-model"]
FAILURES_IN_A_ROW = 5
"""So many calls without an answer, one after the other, mean that the model is dead or the request is hopeless."""
ATTEMPTS_PER_QUERY, SPARE_ATTEMPTS = 3, 10
MOST_FEEDBACK, MOST_AVOIDED = 6, 3
NAME_LENGTH = 120


class Material(Value):
    """What a batch is made of."""

    topics: tuple[Topic, ...]
    personas: tuple[Persona, ...]
    company: str
    rejected: Mapping[str, tuple[str, ...]] = {}
    """By topic (`""` for the naive kind): what reviewers objected to in earlier batches, newest first."""


@dataclass(frozen=True)
class Slot:
    """One query to be written: its number decides topic, example user, persona and seed."""

    number: int
    request: QueryRequest
    language: str


@dataclass(frozen=True)
class Written:
    """What a model wrote for a slot, with what its topic check said."""

    draft: Draft
    relevance: Relevance
    reason: str = ""


@dataclass(frozen=True)
class Failed:
    """A slot for which the model gave no answer."""

    kind: str
    detail: str


class Counts(Value):
    """What became of every call of a batch."""

    requested: int
    made: int = 0
    dropped_duplicates: int = 0
    dropped_off_topic: int = 0
    replaced: int = 0
    """Queries that stand in the place of a dropped or failed one."""
    failed: int = 0
    """Calls for which the model gave no usable answer."""
    unsure: int = 0
    """Kept although the topic check could not tell."""


class Harvest:
    """Decides what is asked next and takes the answers, slot after slot."""

    def __init__(
        self,
        material: Material,
        *,
        batch: str,
        method: ModelMethod,
        count: int,
        seed: int,
        kept: Sequence[Query] = (),
        before: Counts | None = None,
    ) -> None:
        """`kept` and `before` are the queries and counts of the same batch when it is continued."""
        self._material, self._batch, self._method, self._seed = material, batch, method, seed
        self._sections = read_company(material.company)
        self._seen = Neighbours()
        for text in (*(e.example_query for t in material.topics for e in t.example_types if method == "model"), *(q.query for q in kept)):
            self._seen.add(text)
        self._used = {q.seed for q in kept}
        self._next_id = 1 + max((int(q.id.rsplit("-", 1)[1]) for q in kept), default=0)
        self.counts = (before or Counts(requested=count)).evolve(requested=count, made=len(kept))
        self._in_a_row = 0
        self._again = 0
        self._left = ATTEMPTS_PER_QUERY * (count - len(kept)) + SPARE_ATTEMPTS
        self.last_failure: Failed | None = None
        self.slots: list[Slot] = []
        number = 0
        while len(self.slots) < count - len(kept):
            if child_seed(seed, method, number) not in self._used:
                self.slots.append(self._slot(number, child_seed(seed, method, number)))
            number += 1

    @property
    def stopped(self) -> str | None:
        """Why nothing more is asked before the batch is full; None while it goes on, and when it is full."""
        if self.counts.made >= self.counts.requested:
            return None
        if self._in_a_row >= FAILURES_IN_A_ROW and self.last_failure is not None:
            return f"{self._in_a_row} calls in a row gave no answer; the last: [{self.last_failure.kind}] {self.last_failure.detail}"
        return f"so many answers were dropped that {self._left} calls are left" if self._left <= 0 else None

    def take(self, slot: Slot, result: Written | Failed) -> Query | None:
        """What becomes of a slot's result: the query that is kept, or None; then another slot is added in its place."""
        self._left -= 1
        if isinstance(result, Failed):
            self._in_a_row += 1
            self.last_failure = result
            self._count(failed=1)
            self._replace(slot, ())
            return None
        self._in_a_row = 0
        if result.relevance == "off":
            self._count(dropped_off_topic=1)
            self._replace(slot, ())
            return None
        if (near := self._seen.near(result.draft.query)) is not None:
            self._count(dropped_duplicates=1)
            self._replace(slot, (near,))
            return None
        return self._keep(slot, result)

    def _keep(self, slot: Slot, result: Written) -> Query:
        self._seen.add(result.draft.query)
        fields = {**result.draft.model_dump(exclude={"gist"}), "grounded_in": self._grounds(slot, result.draft)}
        number = f"{self._batch}-{self._next_id:04d}"
        query = Query.model_validate({**fields, "id": number, "batch": self._batch, "method": self._method})
        self._next_id += 1
        self._count(made=1, unsure=int(result.relevance == "unsure"), replaced=int(slot.number < 0))
        return query

    def written_by(self, query: Query, model: str) -> Query:
        """`query` with who wrote it."""
        return query.evolve(written_by=f"{model}, {prompt().label}")

    def _count(self, **more: int) -> None:
        self.counts = self.counts.evolve(**{name: getattr(self.counts, name) + n for name, n in more.items()})

    def _replace(self, slot: Slot, near: tuple[str, ...]) -> None:
        """A slot at the end of the line for the same topic, that keeps away from what the dropped one came near."""
        while True:
            self._again += 1
            seed = child_seed(self._seed, self._method, "again", self._again)
            if seed not in self._used:
                break
        avoid = (*slot.request.avoid, *near)[-MOST_AVOIDED:]
        new = self._slot(-self._again, seed, topic=slot.request.topic)
        self.slots.append(Slot(new.number, new.request.evolve(avoid=avoid), new.language))

    def _slot(self, number: int, seed: int, topic: Topic | None = None) -> Slot:
        rng = random.Random(seed)
        rejected, company = self._material.rejected, self._material.company
        if self._method == "naive-model":
            request = QueryRequest(
                company=company, topic=None, example=None, persona=None, feedback=rejected.get("", ())[:MOST_FEEDBACK], seed=seed
            )
            return Slot(number, request, detect(company) or "en")
        topic = topic or self._topic_of(number)
        example: ExampleUser = rng.choice(topic.example_types)
        language = detect(example.example_query) or "en"
        speakers = [p for p in self._material.personas if p.language[:2] == language]
        request = QueryRequest(
            company=company,
            topic=topic,
            example=example,
            persona=rng.choice(speakers) if speakers else None,
            feedback=rejected.get(topic.topic, ())[:MOST_FEEDBACK],
            seed=seed,
        )
        return Slot(number, request, language)

    def _topic_of(self, number: int) -> Topic:
        """Topics in turn, so that each gets its share, in an order that the seed decides."""
        order = list(self._material.topics)
        random.Random(child_seed(self._seed, "order")).shuffle(order)
        return order[number % len(order)]

    def _grounds(self, slot: Slot, draft: Draft) -> tuple[str, ...]:
        named = _terms_in(draft.query, self._sections)
        request = slot.request
        if request.topic is None or request.example is None:
            return named or ("company",)
        who = (f"persona:{request.persona.id}",) if request.persona is not None else ()
        return (f"topic:{request.topic.id}#{request.example.example_type}", *who, *named)


def _terms_in(query: str, sections: Sequence[Section]) -> tuple[str, ...]:
    """The company's sections of which a term stands in the query."""
    low = query.casefold()
    return tuple(f"company:{s.heading}" for s in sections if any(len(t.text) > 2 and t.text.casefold() in low for t in s.terms))


async def write(slot: Slot, llm: LLM, words: TopicWords | None, *, batch: str, checker: LLM | None = None) -> Written | Failed:
    """One query by the model and what the topic check says of it. Never raises for a model that fails: that is a value.

    `words` check without a model; `checker`, where there is one, is asked where they say no or cannot tell.
    """
    made_for = CallFor(batch=batch)
    request = slot.request
    sent = write_request(request, language=slot.language, made_for=made_for)
    try:
        if request.topic is None:
            said = (await ask(llm, sent, Naive)).value
            draft = _draft(slot, said.query, "customer", "")
        else:
            answer = (await ask(llm, sent, Grounded)).value
            draft = _draft(slot, answer.query, answer.user_type, answer.user_background)
    except NoAnswer as error:
        return Failed(error.kind, error.detail)
    except ValidationError as error:
        return Failed("malformed", f"the query does not fit: {error.errors(include_url=False, include_input=False)[0]['msg']}")
    if request.topic is None or words is None:
        return Written(draft, "on")
    relevance = words.judge(draft.query, request.topic.id, language=draft.language)
    if checker is None or relevance == "on":
        return Written(draft, relevance)
    try:
        checked = (await ask(checker, check_request(draft.query, request.topic.topic, made_for=made_for), Checked)).value
    except NoAnswer:
        return Written(draft, relevance)  # the words' own finding stands
    return Written(draft, "on" if checked.on_topic else "off", checked.reason)


def _draft(slot: Slot, query: str, user_type: str, background: str) -> Draft:
    request = slot.request
    return Draft(
        topic=request.topic.topic if request.topic is not None else None,
        user_type=user_type[:NAME_LENGTH] or "customer",
        user_background=background,
        query=query,
        persona=request.persona.id if request.persona is not None else None,
        language=detect(query) or slot.language,
        seed=request.seed,
    )

"""Generate queries grounded in topics, and keep what reviewers say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from understudy.app.catalogue import find_persona, find_topic, personas, topics
from understudy.app.context import App
from understudy.app.pages import PAGE_CHARACTERS, encode_cursor, fit, offset_of
from understudy.domain.errors import BadFile, BadInput, NotFound
from understudy.domain.persona import Persona
from understudy.domain.query import Query, ReviewState, Topic
from understudy.domain.value import Value

if TYPE_CHECKING:
    from understudy.queries.measure import Comparison

__all__ = ["Decision", "QueryPage", "QueryRow", "compare_queries", "generate_queries", "review_queries"]

MOST_QUERIES = 500
DECIDED: dict[str, ReviewState] = {"accept": "accepted", "reject": "rejected", "edit": "edited"}


class QueryRow(Value):
    """One query and where it came from."""

    id: str
    query: str
    topic: str | None
    user_type: str
    user_background: str | None = None
    grounded_in: tuple[str, ...] = ()
    review: ReviewState = "pending"
    reason: str | None = None


class QueryPage(Value):
    """A page of queries; the counts are of the whole batch."""

    batch: str | None
    method: str | None = None
    """offline: recombined from topics, personas and company facts; naive: the baseline from company context alone."""
    total: int
    made: dict[str, int] | None = None
    """Of a new batch: how many were `requested`, `dropped_duplicates`, `replaced`. A total below `requested` means that the
    material holds no more distinct queries."""
    counts: dict[str, int] = {}
    """By review state."""
    queries: list[QueryRow]
    next_cursor: str | None = None
    note: str = ""


class Decision(Value):
    """What a reviewer decided about one query."""

    query_id: str
    decision: Literal["accept", "reject", "edit"]
    reason: str = ""
    text: str | None = None


def _row(query: Query, *, full: bool) -> QueryRow:
    return QueryRow(
        id=query.id,
        query=query.query,
        topic=query.topic,
        user_type=query.user_type,
        user_background=query.user_background if full else None,
        grounded_in=query.grounded_in,
        review=query.review,
        reason=query.reason or None,
    )


async def generate_queries(
    app: App,
    *,
    count: int = 20,
    pack: str | None = None,
    topic_ids: Sequence[str] | None = None,
    persona_ids: Sequence[str] | None = None,
    method: Literal["offline", "naive"] = "offline",
    seed: int | None = None,
    detail: Literal["concise", "full"] = "concise",
    dry_run: bool = False,
) -> QueryPage:
    """A new batch of queries, kept with review state `pending`; the first page of it. `dry_run` shows the material only.

    Raises NotFound for unknown topics, personas and packs, BadInput when there is nothing to make queries from.
    """
    if not 1 <= count <= MOST_QUERIES:
        raise BadInput("count", f"{count} is outside 1 to {MOST_QUERIES}", "Make several batches with different seeds")
    asked = await _topics(app, pack, topic_ids)
    who = await _personas(app, pack, persona_ids, asked)
    company = company_text(app, pack, asked)
    if method == "offline" and not asked:
        raise BadInput("topic_ids", "there are no topics", _no_topics(app))
    if method == "naive" and not company.strip():
        raise BadInput("method", "naive needs a company context and there is none", "Set `company` in understudy.yaml or name a pack")
    if dry_run:
        return _material(asked, who)
    from understudy.queries.generate import generate

    batch_id = app.new_id("batch")
    batch = generate(
        topics=asked,
        personas=who,
        company=company,
        count=count,
        seed=app.settings.defaults.seed if seed is None else seed,
        method=method,
        batch=batch_id,
    )
    await (await app.store()).put_queries(batch.queries, at=app.clock())
    rows = fit([_row(q, full=detail == "full") for q in batch.queries], characters=PAGE_CHARACTERS)
    made = len(batch.queries)
    return QueryPage(
        batch=batch_id,
        method=method,
        total=made,
        made={"requested": count, "dropped_duplicates": batch.dropped_duplicates, "replaced": batch.replaced},
        counts={"pending": made},
        queries=rows,
        next_cursor=encode_cursor(len(rows)) if len(rows) < made else None,
        note=_made_note(batch.exhausted, made, count),
    )


def _made_note(exhausted: bool, made: int, count: int) -> str:
    short = f"The material holds no more than {made} distinct queries, not {count}: add topics or example users. " if exhausted else ""
    return f"{short}Recombined without a model. Read on and decide with review_queries (`understudy queries list`, `review`)."


async def compare_queries(app: App, *, count: int = 50, pack: str | None = None, seed: int | None = None) -> Comparison:
    """Measure grounded queries beside the naive baseline, from the same material; nothing is kept.

    Raises as `generate_queries` does.
    """
    from understudy.queries.generate import generate
    from understudy.queries.measure import compare

    asked = await _topics(app, pack, None)
    who = await _personas(app, pack, None, asked)
    company = company_text(app, pack, asked)
    if not asked or not company.strip():
        raise BadInput(
            "pack", "has no topics or no company context to compare with", f"Packs with both: {', '.join(app.library.companies)}"
        )
    chosen = app.settings.defaults.seed if seed is None else seed

    def made(method: Literal["offline", "naive"]) -> Sequence[Query]:
        return generate(topics=asked, personas=who, company=company, count=count, seed=chosen, method=method, batch="comparison").queries

    return compare(made("naive"), made("offline"), topics=asked, company=company)


def _material(asked: Sequence[Topic], who: Sequence[Persona]) -> QueryPage:
    rows = [
        QueryRow(id=t.id, query=e.example_query, topic=t.topic, user_type=e.example_type, grounded_in=(f"topic:{t.id}",))
        for t in asked
        for e in t.example_types
    ]
    note = f"Nothing was made. {len(asked)} topics with {len(rows)} example users (shown), {len(who)} personas."
    return QueryPage(batch=None, total=len(rows), queries=fit(rows), note=note)


async def _topics(app: App, pack: str | None, ids: Sequence[str] | None) -> list[Topic]:
    if ids:
        return [await find_topic(app, id) for id in ids]
    known = list((await topics(app)).values())
    if pack is not None:
        _known_pack(app, pack)
        return [t for t in known if app.library.pack_of_topic.get(t.id) == pack]
    if app.settings.topics is not None:
        return [t for t in known if t.id in app.library.own_topics]
    return known


def _no_topics(app: App) -> str:
    own = app.settings.topics
    if own is None:
        return "Name a pack that has some, or set `topics` in understudy.yaml"
    inside = [str(p) for p in app.library.problems if own in (Path(p.path), *Path(p.path).parents)]
    return f"None could be read of {own}" + (f": {inside[0]}" if inside else "")


async def _personas(app: App, pack: str | None, ids: Sequence[str] | None, asked: Sequence[Topic]) -> list[Persona]:
    """Who asks: those named, else those of the pack. About the user's own topics only people of theirs: a bank's customers
    have no business in a museum. Without any, the example users speak for themselves."""
    if ids:
        return [await find_persona(app, id) for id in ids]
    known: Mapping[str, Persona] = await personas(app)
    if pack is not None:
        return [p for p in known.values() if app.library.pack_of_persona.get(p.id) == pack]
    if asked and all(t.id in app.library.own_topics for t in asked):
        return [p for p in known.values() if _is_own(app, p)]
    return list(known.values())


def _is_own(app: App, persona: Persona) -> bool:
    """Of the user's own packs, or written with create_persona for a company that no built-in pack has."""
    library = app.library
    if persona.id in library.personas:
        return persona.id in library.own_personas
    return all(persona.company != p.company for p in library.personas.values() if p.id not in library.own_personas)


def _known_pack(app: App, pack: str) -> None:
    if pack not in app.library.companies:
        raise NotFound("pack", pack, app.library.companies)


def company_text(app: App, pack: str | None, asked: Sequence[Topic]) -> str:
    """The company context: of the named pack, else of the settings, else of the pack that the topics belong to."""
    if pack is not None:
        _known_pack(app, pack)
        return app.library.companies[pack]
    if app.settings.company is not None:
        try:
            return app.settings.company.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise BadFile(str(app.settings.company), None, "company", f"cannot be read: {error}") from error
    packs = {app.library.pack_of_topic.get(t.id, "") for t in asked}
    return "\n\n".join(app.library.companies[p] for p in sorted(packs) if p in app.library.companies)


async def review_queries(
    app: App,
    *,
    batch: str | None = None,
    show: ReviewState | None = None,
    decisions: Sequence[Decision] = (),
    detail: Literal["concise", "full"] = "concise",
    cursor: str | None = None,
    limit: int = 25,
) -> QueryPage:
    """Apply decisions (all or none), then show queries in the order in which they were made. Raises NotFound and BadInput."""
    store = await app.store()
    for index, decision in enumerate(decisions):
        _check(index, decision)
    known = {d.query_id: await store.query(d.query_id) for d in decisions}
    if missing := [id for id, query in known.items() if query is None]:
        raise NotFound("query", missing[0], hint="No decision was applied. List the ids with review_queries (`understudy queries list`)")
    for decision in decisions:
        review = DECIDED[decision.decision]
        await store.review_query(decision.query_id, review=review, reason=decision.reason, text=decision.text, at=app.clock())
    if batch is not None and not await store.count_queries(batch=batch):
        raise NotFound("batch", batch, hint="generate_queries (`understudy queries generate`) makes one and tells its id")
    offset = offset_of(cursor)
    found = await store.queries(batch=batch, review=show, limit=limit, offset=offset)
    total = await store.count_queries(batch=batch, review=show)
    rows = fit([_row(q, full=detail == "full") for q in found])
    end = offset + len(rows)
    states: tuple[ReviewState, ...] = ("pending", "accepted", "rejected", "edited")
    return QueryPage(
        batch=batch,
        total=total,
        counts={state: await store.count_queries(batch=batch, review=state) for state in states},
        queries=rows,
        next_cursor=encode_cursor(end) if rows and end < total else None,
        note=f"{len(decisions)} decisions applied." if decisions else "",
    )


def _check(index: int, decision: Decision) -> None:
    if decision.decision == "reject" and not decision.reason.strip():
        raise BadInput(f"decisions.{index}.reason", "is needed to reject", "Say why, so that the next batch can do better")
    if decision.decision == "edit" and not (decision.text or "").strip():
        raise BadInput(f"decisions.{index}.text", "is needed to edit", "Give the new wording")

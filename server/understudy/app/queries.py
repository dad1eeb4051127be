"""Generate queries grounded in topics, and keep what reviewers say of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from understudy.app.background import Progress, wait_for
from understudy.app.catalogue import find_persona, find_topic, personas, topics
from understudy.app.context import App
from understudy.app.pages import PAGE_CHARACTERS, cut, encode_cursor, fit, offset_of
from understudy.domain.errors import BadFile, BadInput, NotFound
from understudy.domain.persona import Persona
from understudy.domain.query import ExpectedAnswer, Query, QueryMethod, ReviewState, Topic
from understudy.domain.value import Value

if TYPE_CHECKING:
    from understudy.app.model_batches import BatchPlan, BatchState

__all__ = ["MOST_QUERIES", "Decision", "QueryPage", "QueryRow", "company_text", "generate_queries", "material_of", "review_queries"]

MOST_QUERIES = 500
PAGE_ROWS = 50
_BATCH_ID = re.compile(r"batch_[0-9a-f]{12}")
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
    """offline, model: grounded in topics, personas and company facts, recombined or written by a model; naive, naive-model: the
    baseline from company context alone."""
    total: int
    made: dict[str, int] | None = None
    """Of a batch: `requested`, `dropped_duplicates`, `replaced`; by a model also `dropped_off_topic`, `failed` calls, and `unsure`:
    kept although the topic check could not tell."""
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
    expected: ExpectedAnswer | None = None
    """What the answer should be; None leaves it as it is, an empty one takes it away."""


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
    method: QueryMethod = "offline",
    seed: int | None = None,
    detail: Literal["concise", "full"] = "concise",
    dry_run: bool = False,
    idempotency_key: str | None = None,
    wait_s: float | None = 45.0,
    progress: Progress | None = None,
) -> QueryPage:
    """A batch of queries, kept with review state `pending`; the first page of it. `dry_run` shows the material only.

    With a model it goes on in the background after `wait_s` seconds (None: waits for its end). A key that was used before, or the
    id of a batch, gives that batch and goes on with it. Raises NotFound for unknown topics, personas and packs, BadInput when there
    is nothing to make queries from, Conflict for a key used otherwise, ModelError for a model that gave nothing at all.
    """
    from understudy.app.model_batches import BatchPlan, keep_plan, state_of

    before = await state_of(app, idempotency_key) if idempotency_key is not None and _BATCH_ID.fullmatch(idempotency_key) else None
    if before is not None:
        plan = before.plan
    else:
        if not 1 <= count <= MOST_QUERIES:
            raise BadInput("count", f"{count} is outside 1 to {MOST_QUERIES}", "Make several batches with different seeds")
        plan = BatchPlan(
            method=method,
            count=count,
            seed=app.settings.defaults.seed if seed is None else seed,
            pack=pack,
            topic_ids=tuple(topic_ids or ()),
            persona_ids=tuple(persona_ids or ()),
        )
    asked, who, company = await material_of(app, plan.pack, plan.topic_ids, plan.persona_ids)
    if plan.method in ("offline", "model") and not asked:
        raise BadInput("topic_ids", "there are no topics", _no_topics(app))
    if plan.method in ("naive", "naive-model") and not company.strip():
        raise BadInput("method", "naive needs a company context and there is none", "Set `company` in understudy.yaml or name a pack")
    if dry_run:
        return _material(asked, who)
    batch_id = _batch_id(app, idempotency_key, before)
    if plan.method in ("model", "naive-model"):
        state = await _begin(app, batch_id, plan, idempotency_key)
        return await _by_model(app, batch_id, state, (asked, who, company), detail=detail, wait_s=wait_s, progress=progress)
    if idempotency_key is not None:
        await keep_plan(app, batch_id, plan, key=idempotency_key)
    return await _recombined(app, batch_id, plan, (asked, who, company), detail=detail)


def _batch_id(app: App, key: str | None, before: BatchState | None) -> str:
    """A new id, or the one that the key always gives."""
    if key is None:
        return app.new_id("batch")
    return key if before is not None else f"batch_{hashlib.sha256(key.encode()).hexdigest()[:12]}"


async def _recombined(
    app: App, batch_id: str, plan: BatchPlan, material: tuple[list[Topic], list[Persona], str], *, detail: Literal["concise", "full"]
) -> QueryPage:
    from understudy.queries.generate import generate

    topics_, personas_, company = material
    method: Literal["offline", "naive"] = "naive" if plan.method == "naive" else "offline"
    batch = generate(topics=topics_, personas=personas_, company=company, count=plan.count, seed=plan.seed, method=method, batch=batch_id)
    await (await app.store()).put_queries(batch.queries, at=app.clock())
    rows = fit([_row(q, full=detail == "full") for q in batch.queries], characters=PAGE_CHARACTERS)
    made = len(batch.queries)
    return QueryPage(
        batch=batch_id,
        method=plan.method,
        total=made,
        made={"requested": plan.count, "dropped_duplicates": batch.dropped_duplicates, "replaced": batch.replaced},
        counts={"pending": made},
        queries=rows,
        next_cursor=encode_cursor(len(rows)) if len(rows) < made else None,
        note=_made_note(batch.exhausted, made, plan.count),
    )


async def _begin(app: App, batch_id: str, plan: BatchPlan, key: str | None) -> BatchState:
    from understudy.app.model_batches import generator, keep_plan

    generator(app)  # told before anything is stored
    return await keep_plan(app, batch_id, plan, key=key)


async def _by_model(
    app: App,
    batch_id: str,
    state: BatchState,
    material: tuple[list[Topic], list[Persona], str],
    *,
    detail: Literal["concise", "full"],
    wait_s: float | None,
    progress: Progress | None,
) -> QueryPage:
    from understudy.app.model_batches import job_key, rejected_before, work_on
    from understudy.queries.model_generate import Material

    topics_, personas_, company = material
    if state.status != "done":
        rejected = await rejected_before(app, [t.topic for t in topics_])
        made_of = Material(topics=tuple(topics_), personas=tuple(personas_), company=company, rejected=rejected)
        job = app.background.start(job_key(batch_id), lambda job: work_on(app, batch_id, state, made_of, job))
        await wait_for(job, wait_s, progress)
    page = await review_queries(app, batch=batch_id, detail=detail, limit=PAGE_ROWS)
    return page.evolve(method=state.plan.method)


async def _standing(app: App, batch: str | None) -> tuple[dict[str, int] | None, str]:
    """Of a batch written by a model: what became of every call, and how it stands in a sentence."""
    from understudy.app.model_batches import job_key, state_of

    state = await state_of(app, batch) if batch is not None else None
    if batch is None or state is None or state.plan.method not in ("model", "naive-model"):
        return None, ""
    made = await (await app.store()).count_queries(batch=batch)
    counts = state.counts.model_dump() | {"made": made}
    again = f'generate_queries with idempotency_key "{batch}" (`understudy queries generate --continue {batch}`)'
    if app.background.running(job_key(batch)) is not None:
        return counts, f"Under way: {made} of {state.plan.count} made. See how it stands with {again}."
    if state.status == "done":
        return counts, "Written by a model. Read on and decide with review_queries (`understudy queries list`, `review`)."
    why = f"Stopped: {cut(state.stopped, 400)}." if state.status == "stopped" else "Interrupted."
    return counts, f"{why} {made} of {state.plan.count} were made and are kept; go on with {again}."


def _made_note(exhausted: bool, made: int, count: int) -> str:
    short = f"The material holds no more than {made} distinct queries, not {count}: add topics or example users. " if exhausted else ""
    return f"{short}Recombined without a model. Read on and decide with review_queries (`understudy queries list`, `review`)."


async def material_of(
    app: App, pack: str | None, topic_ids: Sequence[str] = (), persona_ids: Sequence[str] = ()
) -> tuple[list[Topic], list[Persona], str]:
    """Topics, personas and the company's text that queries are made from. Raises NotFound and BadFile."""
    asked = await _topics(app, pack, topic_ids)
    return asked, await _personas(app, pack, persona_ids, asked), company_text(app, pack, asked)


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
    await _apply(app, decisions)
    made, standing = await _standing(app, batch)
    if batch is not None and not standing and not await store.count_queries(batch=batch):
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
        made=made,
        counts={state: await store.count_queries(batch=batch, review=state) for state in states},
        queries=rows,
        next_cursor=encode_cursor(end) if rows and end < total else None,
        note=f"{len(decisions)} decisions applied." if decisions else standing,
    )


async def _apply(app: App, decisions: Sequence[Decision]) -> None:
    """All of them in one step, or none. Raises NotFound."""
    store = await app.store()
    after: dict[str, Query] = {}
    for decision in decisions:
        query = after.get(decision.query_id) or await store.query(decision.query_id)
        if query is None:
            hint = "No decision was applied. List the ids with review_queries (`understudy queries list`)"
            raise NotFound("query", decision.query_id, hint=hint)
        decided = query.reviewed(DECIDED[decision.decision], reason=decision.reason, text=decision.text)
        after[query.id] = decided.expecting(decision.expected) if decision.expected is not None else decided
    if after:
        await store.save_queries([*after.values()], at=app.clock())


def _check(index: int, decision: Decision) -> None:
    if decision.decision == "reject" and not decision.reason.strip():
        raise BadInput(f"decisions.{index}.reason", "is needed to reject", "Say why, so that the next batch can do better")
    if decision.decision == "edit" and not (decision.text or "").strip():
        raise BadInput(f"decisions.{index}.text", "is needed to edit", "Give the new wording")

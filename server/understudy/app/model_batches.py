"""Batches of queries that a model writes: many at once, stored as they come, continued after an interruption."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from understudy.app.background import Job
from understudy.app.context import App
from understudy.domain.errors import BadInput, Conflict, ModelError
from understudy.domain.query import Query, QueryMethod
from understudy.domain.value import Value
from understudy.ports import LLM
from understudy.queries.model_generate import Counts, Failed, Harvest, Material, Written, write
from understudy.queries.on_topic import TopicWords

__all__ = ["BatchPlan", "BatchState", "generator", "job_key", "keep_plan", "rejected_before", "state_of", "work_on"]

AT_ONCE = 16
"""Queries under way or waiting for their turn to be taken; the model's own limiter may allow fewer calls."""
MOST_REJECTED = 500


class BatchPlan(Value):
    """What was asked for: enough to go on with the batch."""

    method: QueryMethod
    count: int
    seed: int
    pack: str | None = None
    topic_ids: tuple[str, ...] = ()
    persona_ids: tuple[str, ...] = ()


class BatchState(Value):
    """How a batch stands, as stored."""

    plan: BatchPlan
    status: Literal["running", "done", "stopped"] = "running"
    """running: under way, or interrupted."""
    stopped: str = ""
    """Why it was stopped before it was full."""
    counts: Counts = Field(default_factory=lambda: Counts(requested=0))


async def state_of(app: App, batch: str) -> BatchState | None:
    """How the batch stands; None for one that was made in a single step."""
    document = await (await app.store()).document("batch", batch)
    return BatchState.model_validate(document.body) if document is not None else None


async def keep_plan(app: App, batch: str, plan: BatchPlan, *, key: str | None) -> BatchState:
    """The state of the batch, stored now if it is new. Raises Conflict when the key was used for another one."""
    state = await state_of(app, batch)
    if state is None:
        state = BatchState(plan=plan, counts=Counts(requested=plan.count))
        await _store(app, batch, state)
    elif state.plan != plan and key != batch:
        raise Conflict(
            f"The idempotency key `{(key or '')[:80]}` began batch {batch} with other arguments. Use another key, or the same ones."
        )
    return state


async def _store(app: App, batch: str, state: BatchState) -> None:
    await (await app.store()).put_document("batch", batch, state.model_dump(mode="json"), at=app.clock())


def generator(app: App) -> LLM:
    """The model that writes queries. Raises BadInput when the settings name none."""
    model = app.model_for("generator")
    if model is None:
        raise BadInput(
            "method",
            "needs a model, and the settings name none for `generator`",
            "Set `models.generator` in understudy.yaml (provider and model), or use the method `offline`, which needs none",
        )
    return model


def job_key(batch: str) -> str:
    """The key of a batch's job."""
    return f"queries-{batch}"


async def rejected_before(app: App, topics: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What reviewers objected to in earlier queries on these topics (`""`: those without one), newest first."""
    store = await app.store()
    total = await store.count_queries(review="rejected")
    found = await store.queries(review="rejected", limit=MOST_REJECTED, offset=max(0, total - MOST_REJECTED))
    told: dict[str, list[str]] = {}
    for query in reversed(found):
        topic = query.topic or ""
        line = f"{query.reason.strip()} (of: {query.query[:160]})"
        if query.reason.strip() and (topic in topics or not topic) and line not in told.setdefault(topic, []):
            told[topic].append(line)
    return {topic: tuple(lines) for topic, lines in told.items()}


async def work_on(app: App, batch: str, state: BatchState, material: Material, job: Job) -> None:
    """Write what the batch lacks, up to `AT_ONCE` at a time, and store each query as soon as those before it are decided.

    Ids are given in order, so of two processes that go on with one batch only the first with the next id does: the other stops before it
    has stored anything. Raises Conflict for that one, and ModelError when the model gave nothing at all, ever.
    """
    store, plan, model = await app.store(), state.plan, generator(app)
    kept = await store.queries(batch=batch, limit=plan.count)
    method: Literal["model", "naive-model"] = "model" if plan.method == "model" else "naive-model"
    harvest = Harvest(material, batch=batch, method=method, count=plan.count, seed=plan.seed, kept=kept, before=state.counts)
    job.tell(len(kept), plan.count, _line(harvest.counts))
    writing = _Writing(harvest, model, _words(material, method), app.model_for("judge"), batch)
    status: Literal["done", "stopped"] = "stopped"
    try:
        while (found := await writing.next()) is not None:
            if isinstance(found, Query):
                alone = await store.put_queries([harvest.written_by(found, model.name)], at=app.clock()) == 1
            else:
                alone = await store.count_queries(batch=batch) == harvest.counts.made
                if alone:
                    await _store(app, batch, state.evolve(counts=harvest.counts))
            if not alone:
                raise Conflict(
                    f"Another process is writing batch {batch} and was first with its next query. This one has stopped, nothing is "
                    f"lost; see how the batch stands with review_queries (`understudy queries list --batch {batch}`)."
                )
            job.tell(harvest.counts.made, plan.count, _line(harvest.counts))
    finally:
        await writing.aclose()
    if harvest.counts.made >= plan.count:
        status = "done"
    await _store(app, batch, state.evolve(status=status, stopped=harvest.stopped or "", counts=harvest.counts))
    if harvest.counts.made == 0 and harvest.last_failure is not None:
        failure = harvest.last_failure
        raise ModelError(
            "unreachable" if failure.kind == "unreachable" else "malformed", model.name, f"no query was made. {harvest.stopped}"
        )


def _words(material: Material, method: str) -> TopicWords | None:
    return TopicWords(material.topics, company=material.company) if method == "model" else None


def _line(counts: Counts) -> str:
    dropped = counts.dropped_duplicates + counts.dropped_off_topic
    return f"{counts.made} of {counts.requested} queries, {dropped} dropped, {counts.failed} failed"


class _Writing:
    """Keeps calls of the model under way ahead of the slot that is decided next."""

    def __init__(self, harvest: Harvest, model: LLM, words: TopicWords | None, checker: LLM | None, batch: str) -> None:
        self._harvest, self._model, self._words, self._checker, self._batch = harvest, model, words, checker, batch
        self._tasks: dict[int, asyncio.Task[Written | Failed]] = {}
        self._at = self._begun = 0

    async def next(self) -> Query | Failed | Written | None:
        """The query of the next slot, or the result that was dropped; None when there is nothing more to ask."""
        if self._harvest.stopped is not None or self._at >= len(self._harvest.slots):
            return None
        while self._begun < min(len(self._harvest.slots), self._at + AT_ONCE):
            slot = self._harvest.slots[self._begun]
            work = write(slot, self._model, self._words, batch=self._batch, checker=self._checker)
            self._tasks[self._begun] = asyncio.create_task(work)
            self._begun += 1
        slot, task = self._harvest.slots[self._at], self._tasks[self._at]
        result = await task
        del self._tasks[self._at]
        self._at += 1
        return self._harvest.take(slot, result) or result

    async def aclose(self) -> None:
        """End the calls that are under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Accepted queries asked of a target, each an ordinary run of one turn, and the answers compared with what was expected."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.app.background import Job, Progress, wait_for
from understudy.app.catalogue import find_rubric, personas
from understudy.app.context import App
from understudy.app.pages import PAGE_CHARACTERS, cut, fit
from understudy.app.runs import start
from understudy.app.targets import default_target, opens
from understudy.app.transcripts import load
from understudy.app.verdicts import judge_transcript
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.goal import Expected, Goal, SubGoal
from understudy.domain.persona import Persona
from understudy.domain.query import Query
from understudy.domain.scenario import Limits, Scenario
from understudy.domain.value import Value
from understudy.domain.verdict import CriterionResult, Rate, Verdict
from understudy.ports import RunFilter, RunRecord
from understudy.queries.expectation import KINDS, Kind, kind_of, rubric_for, rubric_id

__all__ = ["KindRate", "Mismatch", "QueryRunsView", "run_queries"]

MOST_QUERIES = 500
AT_ONCE = 16
"""Queries asked or judged at the same time."""
MOST_ROUNDS = 50
"""Of a query's runs with a target, the newest so many are looked through."""
LONGEST_WAIT_S = 3_600.0


class KindRate(Value):
    """How often the answers were as expected in one respect, over judged criteria, and how many nothing could judge."""

    rate: Rate
    """Criteria of one query are not independent, so the interval is on the narrow side."""
    unscored: int


class Mismatch(Value):
    """One answer that is not as expected."""

    kind: Kind
    query_id: str
    query: str
    criterion: str
    reason: str
    turn: int | None = None
    untrusted_quote: str | None = None
    run_id: str


class QueryRunsView(Value):
    """How the queries of a batch fared with a target."""

    batch: str
    target: str
    seed: int
    queries: int
    """Accepted and edited ones that were asked."""
    with_expectation: int
    finished: int
    as_expected: Rate
    """Queries whose answer is as expected in every respect, over those with a verdict of pass or fail."""
    unscored: int
    """Queries whose verdict is neither: a reference or a tone that only a model can judge, and no judge."""
    no_answer: int
    """The target failed; counted nowhere else."""
    untrusted_failure: str | None = None
    """What came of the first of these."""
    by_kind: dict[str, KindRate]
    mismatches: list[Mismatch]
    mismatches_total: int
    next: str


@dataclass(frozen=True)
class _Asked:
    query: Query
    record: RunRecord | None
    verdict: Verdict | None

    @property
    def unanswered(self) -> bool:
        """Whether the query got no answer. The run's ending does not tell: a script is through with its only line, whatever came of it."""
        if self.verdict is None or self.record is None:
            return False
        counts = self.verdict.metrics
        return counts.agent_turns < counts.user_turns + (self.record.scenario.opens == "agent")


async def run_queries(
    app: App,
    batch: str,
    *,
    target: str | None = None,
    limit: int = MOST_QUERIES,
    seed: int | None = None,
    wait_s: float | None = 45.0,
    progress: Progress | None = None,
) -> QueryRunsView:
    """Ask the target each accepted or edited query of the batch, and compare the answers with what was expected.

    Goes on in the background after `wait_s` seconds (None: waits for the end). The same call again asks nothing twice and tells how
    it stands; another seed asks anew. Raises NotFound, and BadInput when no query is accepted.
    """
    store = await app.store()
    if not await store.count_queries(batch=batch):
        raise NotFound("batch", batch, hint="generate_queries (`understudy queries generate`) makes one and tells its id")
    found = await store.queries(batch=batch, limit=100_000)
    chosen = [q for q in found if q.review in ("accepted", "edited")][:limit]
    if not chosen:
        raise BadInput(
            "batch",
            f"none of its {len(found)} queries is accepted",
            "Decide with review_queries first (`understudy queries review`, or export, edit and import)",
        )
    name = target or default_target(app)
    if not app.knows_target(name):
        raise NotFound("target", name, app.target_names(), hint="Targets are configured in understudy.yaml; `understudy init` writes one.")
    with_seed = app.settings.defaults.seed if seed is None else seed
    known = await personas(app)
    scenarios = [_scenario(app, q, name, with_seed, known.get(q.persona or "")) for q in chosen]
    key = f"run-queries-{batch}-{name}-{with_seed}"
    job = app.background.start(key, lambda job: _ask_all(app, chosen, scenarios, job))
    await wait_for(job, wait_s, progress)
    asked = [await _standing(app, q, s) for q, s in zip(chosen, scenarios, strict=True)]
    view = _view(batch, name, with_seed, asked)
    first = next((a.record.id for a in asked if a.unanswered and a.record is not None), None)
    return view if first is None else view.evolve(untrusted_failure=await _failure(app, first))


# ---------------------------------------------------------------- asking


def _scenario(app: App, query: Query, target: str, seed: int, persona: Persona | None) -> Scenario:
    return Scenario(
        persona=persona or _nobody(query),
        goal=Goal(
            id=rubric_id(query),
            title=cut(" ".join(query.query.split()), 120),
            steps=(SubGoal(id="ask", say=query.query, kind="question"),),
            expected=Expected(outcome="answered", escalation="may"),
        ),
        target=target,
        player="script",
        seed=seed,
        opens=opens(app, target),
        limits=Limits(max_turns=1, max_seconds=app.settings.defaults.max_seconds),
        script=(query.query,),
        rubric=rubric_id(query),
    )


def _nobody(query: Query) -> Persona:
    """The query's user as a persona, where it names none that is known."""
    slug = re.sub(r"[^a-z0-9]+", "-", query.user_type.lower()).strip("-")[:50] or "customer"
    return Persona.model_validate(
        {
            "id": f"asks-{slug}",
            "name": query.user_type[:120].strip() or "Customer",
            "company": "the company",
            "profile": query.user_background[:4000].strip() or "I am a customer.",
            "intents": {"primary": query.query},
            "language": query.language,
        }
    )


def _key(query: Query, scenario: Scenario) -> str:
    """The same query, worded the same, asked of the same target with the same seed is one run."""
    return f"query:{query.id}:{scenario.content_hash()}"


async def _keep_rubric(app: App, query: Query) -> None:
    """The query's rubric as a document that no list shows: a new version where the expectation has changed."""
    store, rubric = await app.store(), rubric_for(query)
    kept = await store.put_document("rubric", rubric.id, rubric.model_dump(mode="json", by_alias=True), at=app.clock())
    if not kept.archived:
        await store.archive_document("rubric", rubric.id, archived=True, at=app.clock())


async def _ask_all(app: App, queries: Sequence[Query], scenarios: Sequence[Scenario], job: Job) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(query: Query, scenario: Scenario) -> None:
        nonlocal done
        async with turn:
            await _ask(app, query, scenario)
        done += 1
        job.tell(done, len(queries), f"{done} of {len(queries)} queries asked and compared")

    job.tell(0, len(queries), f"0 of {len(queries)} queries asked")
    try:
        async with asyncio.TaskGroup() as group:
            for query, scenario in zip(queries, scenarios, strict=True):
                group.create_task(one(query, scenario))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several  # one cause, mostly, for all of them: the store, or too many runs


async def _ask(app: App, query: Query, scenario: Scenario) -> None:
    """Play the run to its end and judge it; nothing is done twice."""
    await _keep_rubric(app, query)
    record = await start(app, scenario, idempotency_key=_key(query, scenario))
    if record.status != "finished":
        await (await app.engine()).wait(record.id, LONGEST_WAIT_S)
    if (await _verdict(app, record.id, query)) is None:
        await judge_transcript(app, record.id)


async def _verdict(app: App, run_id: str, query: Query) -> Verdict | None:
    """The newest verdict by the expectation as it is now."""
    rubric = await find_rubric(app, rubric_id(query))
    found = await (await app.store()).verdicts(run_id)
    return next((v for v in reversed(found) if v.rubric == rubric.id and v.rubric_hash == rubric.content_hash()), None)


# ---------------------------------------------------------------- telling


async def _failure(app: App, run_id: str) -> str | None:
    ending = (await load(app, run_id)).ending
    failure = ending.failure if ending is not None else None
    return cut(f"[{failure.kind}] {failure.detail}", 300) if failure is not None else None


async def _standing(app: App, query: Query, scenario: Scenario) -> _Asked:
    store = await app.store()
    key = _key(query, scenario)
    asked = await store.runs(RunFilter(goal=scenario.goal.id, target=scenario.target), limit=MOST_ROUNDS)
    record = next((r for r in asked if r.idempotency_key == key), None)
    if record is None or record.status != "finished":
        return _Asked(query, record, None)
    return _Asked(query, record, await _verdict(app, record.id, query))


def _view(batch: str, target: str, seed: int, asked: Sequence[_Asked]) -> QueryRunsView:
    failed = [a for a in asked if a.unanswered]
    verdicts = [a for a in asked if a.verdict is not None and not a.unanswered]
    outcomes = [a.verdict.outcome for a in verdicts if a.verdict is not None]
    passed = outcomes.count("pass")
    wrong = [m for a in verdicts for m in _mismatches(a)]
    wrong.sort(key=lambda m: KINDS.index(m.kind))
    finished = len(verdicts) + len(failed)
    judged = passed + outcomes.count("fail")
    return QueryRunsView(
        batch=batch,
        target=target,
        seed=seed,
        queries=len(asked),
        with_expectation=sum(a.query.expected is not None for a in asked),
        finished=finished,
        as_expected=Rate.of(passed, judged),
        unscored=len(outcomes) - judged,
        no_answer=len(failed),
        by_kind={kind: _rate(kind, verdicts) for kind in KINDS},
        mismatches=fit(wrong, characters=PAGE_CHARACTERS - 1_500),
        mismatches_total=len(wrong),
        next=_next(batch, target, len(asked), finished, len(failed)),
    )


def _rate(kind: Kind, asked: Sequence[_Asked]) -> KindRate:
    results = [r for a in asked if a.verdict is not None for r in a.verdict.results if kind_of(r.criterion) == kind]
    held, broken = (sum(r.outcome == outcome for r in results) for outcome in ("pass", "fail"))
    return KindRate(rate=Rate.of(held, held + broken), unscored=len(results) - held - broken)


def _mismatches(asked: _Asked) -> list[Mismatch]:
    found = asked.verdict.results if asked.verdict is not None else ()
    run_id = asked.verdict.run_id if asked.verdict is not None else ""
    return [_mismatch(asked.query, run_id, r, kind) for r in found if (kind := _failed(r)) is not None]


def _failed(result: CriterionResult) -> Kind | None:
    return kind_of(result.criterion) if result.outcome == "fail" else None


def _mismatch(query: Query, run_id: str, result: CriterionResult, kind: Kind) -> Mismatch:
    shown = result.evidence[0] if result.evidence else None
    return Mismatch(
        kind=kind,
        query_id=query.id,
        query=cut(query.query, 300),
        criterion=result.criterion,
        reason=cut(result.reason, 300),
        turn=shown.turn if shown else None,
        untrusted_quote=cut(shown.quote, 240) if shown else None,
        run_id=run_id,
    )


def _next(batch: str, target: str, queries: int, finished: int, failed: int) -> str:
    if finished < queries:
        again = f'run_queries with batch "{batch}" and target "{target}" (`understudy queries run`)'
        return f"Under way: {finished} of {queries} finished and judged. Call {again} again."
    if failed:
        return f"{failed} got no answer: run check_target (`understudy doctor`), mend what it says, and ask anew with another seed."
    return "Read the turns of a mismatch with get_transcript (`understudy show`). After a change of the agent, ask with another seed."

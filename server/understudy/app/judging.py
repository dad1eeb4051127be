"""Have a finished conversation judged: by checks, by a model, or by what the caller hands in; and keep what was found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from understudy.app.audits import audited
from understudy.app.catalogue import find_rubric
from understudy.app.context import App, Change
from understudy.app.kin import family_warnings
from understudy.app.queries import company_text
from understudy.app.transcripts import load
from understudy.domain.errors import BadInput, CallerError, Conflict, UnderstudyError
from understudy.domain.rubric import Rubric
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Verdict
from understudy.ports import LLM, RunRecord

if TYPE_CHECKING:
    from understudy.judging.model_judge import Background

__all__ = [
    "JudgeKind",
    "case_of",
    "company_of",
    "has_judge",
    "keep",
    "lacks_judge",
    "mind_of",
    "newest_verdict",
    "not_kept",
    "verdict_now",
    "verdict_of",
    "verdict_within",
]

JudgeKind = Literal["auto", "checks", "model", "caller"]
"""auto: the model when one is configured and the rubric has criteria that need one, else the checks alone; caller: whoever calls."""


async def case_of(app: App, run_id: str, rubric_id: str | None, record: RunRecord | None = None) -> tuple[Transcript, Rubric]:
    """A finished conversation and the rubric to judge it by. Raises NotFound, and Conflict while it is under way."""
    transcript = await load(app, run_id, record)
    if transcript.ending is None:
        raise Conflict(
            f"Run `{run_id}` is still under way; only finished conversations are judged. Wait for its end with get_run (`understudy show`)."
        )
    return transcript, await find_rubric(app, rubric_id or transcript.scenario.rubric)


async def verdict_of(
    app: App, run_id: str, rubric_id: str | None, kind: JudgeKind, *, wait_s: float | None
) -> tuple[Rubric, Verdict | None]:
    """A new verdict, kept; None when the model takes longer than `wait_s` seconds: it goes on, and the next call fetches it.

    Raises NotFound, Conflict, and BadInput for a model that cannot or may not judge this.
    """
    transcript, rubric = await case_of(app, run_id, rubric_id)
    llm = _model_for(app, rubric, kind)
    if llm is None:
        return rubric, await keep(app, _by_checks(app, transcript, rubric), transcript)
    told = _background(app, transcript)  # before any call: what is wrong with it is told to whoever asked
    which = (run_id, rubric.id, "model")
    return rubric, await app.judging.within(which, lambda: _by_model(app, llm, transcript, rubric, told), wait_s)


async def verdict_now(app: App, run_id: str, record: RunRecord | None = None, *, again_since: float | None = None) -> Verdict:
    """As `verdict_within`, however long it takes."""
    found = await verdict_within(app, run_id, None, record, again_since=again_since)
    if found is None:
        raise UnderstudyError(f"Run {run_id} was waited for without limit, and has no verdict.")
    return found


async def verdict_within(
    app: App, run_id: str, wait_s: float | None, record: RunRecord | None = None, *, again_since: float | None = None
) -> Verdict | None:
    """The newest verdict by the rubric that the run was started with, judged now if there is none; None when that takes longer
    than `wait_s` seconds: it goes on. A model that cannot or may not judge leaves its criteria unscored. `record` is that of the finished
    run, where the caller has it. One that lacks its judge, and is not newer than `again_since`, counts as none."""
    found = await _standing(app, run_id, again_since, record)
    if found is not None:
        return found
    transcript, rubric = await case_of(app, run_id, None, record)
    try:
        llm = _model_for(app, rubric, app.settings.defaults.judge)
        told = _background(app, transcript) if llm is not None else None
    except CallerError as error:
        return await keep(app, _without(app, transcript, rubric, error), transcript)
    if llm is None or told is None:
        return await keep(app, _by_checks(app, transcript, rubric), transcript)

    async def make() -> Verdict:
        return await _standing(app, run_id, again_since) or await _by_model(app, llm, transcript, rubric, told)

    return await app.judging.within((run_id, rubric.id, "model"), make, wait_s)


async def _standing(app: App, run_id: str, again_since: float | None, record: RunRecord | None = None) -> Verdict | None:
    found = await newest_verdict(app, run_id, record)
    if found is None or again_since is None or found.at > again_since or not lacks_judge(found):
        return found
    return None


def lacks_judge(verdict: Verdict) -> bool:
    """Whether it is unscored because no judge answered: not for a fault of the simulated user, and not by the caller's word."""
    from understudy.judging.again import judge_is_missing

    by_caller = verdict.judge.startswith("caller/")
    return verdict.outcome == "unscored" and not verdict.invalid and not by_caller and judge_is_missing(verdict.results)


def has_judge(app: App, rubric: Rubric) -> bool:
    """Whether by the settings a model judges what no check of `rubric` can. Raises BadInput for settings that cannot be used."""
    return _model_for(app, rubric, app.settings.defaults.judge) is not None


async def newest_verdict(app: App, run_id: str, record: RunRecord | None = None) -> Verdict | None:
    """By the rubric that the run was started with."""
    store = await app.store()
    record = record or await store.run(run_id)
    wanted = record.scenario.rubric if record else None
    return next((v for v in reversed(await store.verdicts(run_id)) if v.rubric == wanted), None)


def company_of(app: App, transcript: Transcript) -> str:
    """The company's own words: of the pack that the persona or the goal belongs to, else of the settings. Raises BadFile."""
    library, scenario = app.library, transcript.scenario
    for pack in (library.pack_of_persona.get(scenario.persona.id), library.pack_of_goal.get(scenario.goal.id)):
        if pack is not None and pack in library.companies:
            return library.companies[pack]
    return company_text(app, None, ())


async def keep(app: App, verdict: Verdict, transcript: Transcript) -> Verdict:
    """Store it, with the audit of its user, and tell who listens; what an earlier one by the same rubric had and this one has not is
    kept (see `judged_again`), also when that one came from another process meanwhile. `transcript` is what was judged."""
    from understudy.judging.again import judged_again

    store = await app.store()
    verdict = await audited(app, transcript, verdict)
    while True:
        known = await store.verdicts(verdict.run_id)
        earlier = next((v for v in reversed(known) if v.rubric_hash == verdict.rubric_hash), None)
        kept = verdict if earlier is None else judged_again(verdict, earlier)
        if earlier is not None and kept.id == earlier.id:
            return kept
        if await store.put_verdict(kept, after=len(known)):
            await app.announce(Change("transcript", verdict.run_id, listed=False))
            return kept


def _model_for(app: App, rubric: Rubric, kind: JudgeKind) -> LLM | None:
    """The model that is to judge; None for checks alone. Raises BadInput when it is asked for and there is none, or its settings
    cannot be used."""
    from understudy.judging.judge import needs_mind

    if kind in ("checks", "caller") or (kind == "auto" and not needs_mind(rubric)):
        return None
    found = app.model_for("judge")
    if kind == "model" and found is None:
        raise BadInput(
            "judge",
            "no model is configured to judge",
            "Set `models.judge` in understudy.yaml, or judge yourself: judge `caller` needs no key",
        )
    return found


def _background(app: App, transcript: Transcript) -> Background:
    """What the model is told beside the conversation. Raises BadInput for a judge of the wrong family, BadFile for a company's
    context that cannot be read."""
    from understudy.judging.model_judge import Background

    settings = app.settings.models.judge
    return Background(
        company=company_of(app, transcript),
        warnings=family_warnings(app, transcript.scenario),
        temperature=settings.temperature if settings is not None and settings.temperature is not None else 0.0,
    )


async def _by_model(app: App, llm: LLM, transcript: Transcript, rubric: Rubric, told: Background) -> Verdict:
    from understudy.judging.model_judge import judge_with

    found = await judge_with(llm, transcript, rubric, verdict_id=app.new_id("verdict"), at=app.clock(), background=told)
    return await keep(app, found, transcript)


def _by_checks(app: App, transcript: Transcript, rubric: Rubric) -> Verdict:
    from understudy.judging.judge import judge  # judging is read when something is judged, not when the tools are listed

    return judge(transcript, rubric, verdict_id=app.new_id("verdict"), at=app.clock())


def _without(app: App, transcript: Transcript, rubric: Rubric, error: CallerError) -> Verdict:
    """The verdict when the configured model may not be asked: its criteria are unscored with the reason."""
    from understudy.judging.finding import NOT_ASKED, unscored
    from understudy.judging.judge import judge, needs_mind
    from understudy.judging.opinion import NO_OPINION

    opinion = NO_OPINION.evolve(
        findings={c.id: unscored(f"{NOT_ASKED} {error}") for c in needs_mind(rubric)}, warnings=(f"No model judged: {error}",)
    )
    return judge(transcript, rubric, verdict_id=app.new_id("verdict"), at=app.clock(), opinion=opinion)


def mind_of(app: App, rubric: Rubric) -> LLM | None:
    """The model by which the settings have a campaign of this rubric judged; None for checks alone. Raises BadInput."""
    return _model_for(app, rubric, app.settings.defaults.judge)


def not_kept(app: App, llm: LLM, transcript: Transcript, rubric: Rubric, *, batch: str) -> Callable[[], Awaitable[Verdict]]:
    """What judges a conversation once more at every call, as the verdicts of its campaign are made but without audit and scorecard,
    and leaves nothing but its calls on record, of the run and of `batch`. Raises BadInput and BadFile before any call."""
    told = _background(app, transcript).evolve(batch=batch)

    async def once() -> Verdict:
        from understudy.judging.model_judge import judge_with

        id = app.new_id("verdict")
        return await judge_with(llm, transcript, rubric, verdict_id=id, at=app.clock(), background=told, turns=False)

    return once

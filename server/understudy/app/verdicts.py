"""Judge a stored conversation and show what was found, worst first."""

from __future__ import annotations

from typing import Literal

from understudy.app.audits import audited, in_a_line
from understudy.app.catalogue import find_rubric
from understudy.app.context import App, Change
from understudy.app.pages import cut
from understudy.app.transcripts import load
from understudy.domain.errors import Conflict
from understudy.domain.rubric import Rubric
from understudy.domain.value import JsonObject, Value
from understudy.domain.verdict import CriterionResult, Verdict

__all__ = ["CriterionView", "Quote", "VerdictView", "describe_rubric", "ensure_verdict", "judge_transcript", "view"]

BY_URGENCY = {"fail": 0, "error": 1, "unscored": 2, "pass": 3}


Shown = Literal["pass", "fail", "unscored", "error", "not judged yet"]


class Quote(Value):
    """Words found exactly so in the cited turn; untrusted when the agent said them."""

    turn: int
    untrusted_quote: str


class CriterionView(Value):
    """What was found for one criterion."""

    criterion: str
    outcome: Shown
    reason: str
    evidence: list[Quote] = []


class VerdictView(Value):
    """A verdict: `judged` of `total` criteria came out pass or fail; the others are unscored, which is neither."""

    run_id: str | None
    rubric: str
    outcome: Shown
    reason: str
    judged: int
    total: int
    criteria: list[CriterionView]
    """Failures first; with `detail: concise` only what did not pass."""
    metrics: JsonObject | None = None
    user_problems: list[str] = []
    """What the audit found about the simulated user; `invalid` ones leave the conversation out of every rate."""


def view(verdict: Verdict, *, full: bool) -> VerdictView:
    """A verdict as shown to callers."""
    rows = sorted(verdict.results, key=lambda r: BY_URGENCY[r.outcome])
    shown = rows if full else _worth_telling(rows)
    return VerdictView(
        run_id=verdict.run_id,
        rubric=verdict.rubric,
        outcome=verdict.outcome,
        reason=verdict.reason,
        judged=verdict.judged,
        total=len(verdict.results),
        criteria=[_criterion(r) for r in shown],
        metrics=verdict.metrics.model_dump(mode="json") if full else None,
        user_problems=[f"{f.severity} {cut(in_a_line(f), 300)}" for f in (verdict.audit.findings if verdict.audit else ())][:8],
    )


def _worth_telling(rows: list[CriterionResult]) -> list[CriterionResult]:
    """What did not pass. A target's failure leaves an error on every criterion; one row tells it, a `fail` where there is one."""
    open_rows = [r for r in rows if r.outcome != "pass"]
    errors = [r for r in open_rows if r.outcome == "error"]
    told = [] if any(r.outcome == "fail" for r in open_rows) else errors[:1]
    return [r for r in open_rows if r.outcome != "error" or r in told]


def _criterion(result: CriterionResult) -> CriterionView:
    return CriterionView(
        criterion=result.criterion,
        outcome=result.outcome,
        reason=cut(result.reason, 400),
        evidence=[Quote(turn=e.turn, untrusted_quote=cut(e.quote, 240)) for e in result.evidence[:3]],
    )


def describe_rubric(rubric: Rubric) -> VerdictView:
    """A rubric in the shape of a verdict, before anything is judged: what it looks at and what needs a model."""
    rows = [
        CriterionView(
            criterion=c.id,
            outcome="not judged yet",
            reason=f"{c.description} ({'check ' + c.check.check if c.check else 'needs a model judge: unscored offline'}"
            + (", gate)" if c.gate else ")"),
        )
        for c in rubric.criteria
    ]
    checks = sum(1 for c in rubric.criteria if c.check)
    return VerdictView(
        run_id=None,
        rubric=rubric.id,
        outcome="not judged yet",
        reason=f"{rubric.title}: {checks} of {len(rows)} criteria can be judged without a model.",
        judged=0,
        total=len(rows),
        criteria=rows,
    )


async def judge_transcript(
    app: App,
    run_id: str | None,
    *,
    rubric: str | None = None,
    detail: Literal["concise", "full"] = "concise",
    dry_run: bool = False,
) -> VerdictView:
    """Judge a finished conversation by a rubric (default: the one it was started with) and keep the verdict.

    `dry_run` shows the rubric and judges nothing. Raises NotFound, and Conflict while the conversation is under way.
    """
    if dry_run or run_id is None:
        return describe_rubric(await find_rubric(app, rubric or app.settings.defaults.rubric))
    return view(await _judge(app, run_id, rubric), full=detail == "full")


async def ensure_verdict(app: App, run_id: str) -> Verdict:
    """The newest verdict by the rubric that the run was started with, judged now if there is none."""
    record = await (await app.store()).run(run_id)
    wanted = record.scenario.rubric if record else None
    for verdict in reversed(await (await app.store()).verdicts(run_id)):
        if verdict.rubric == wanted:
            return verdict
    return await _judge(app, run_id, None)


async def _judge(app: App, run_id: str, rubric_id: str | None) -> Verdict:
    from understudy.judging.judge import judge

    transcript = await load(app, run_id)
    if transcript.ending is None:
        raise Conflict(
            f"Run `{run_id}` is still under way; only finished conversations are judged. Wait for its end with get_run (`understudy show`)."
        )
    rubric = await find_rubric(app, rubric_id or transcript.scenario.rubric)
    store = await app.store()
    verdict = judge(transcript, rubric, verdict_id=app.new_id("verdict"), at=app.clock())
    verdict = await audited(app, transcript, verdict)
    for earlier in reversed(await store.verdicts(run_id)):
        if earlier.rubric_hash == verdict.rubric_hash and earlier.results == verdict.results:
            return earlier
    await store.put_verdict(verdict)
    await app.announce(Change("transcript", run_id, listed=False))
    return verdict

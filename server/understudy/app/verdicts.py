"""Judge a stored conversation and show what was found, worst first."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import WithJsonSchema

from understudy.app.audits import in_a_line
from understudy.app.catalogue import find_rubric
from understudy.app.context import App
from understudy.app.judging import JudgeKind, verdict_now, verdict_of
from understudy.app.judging_task import JudgingTask
from understudy.app.pages import cut, fit
from understudy.domain.rubric import Rubric
from understudy.domain.value import JsonObject, Value
from understudy.domain.verdict import CriterionResult, TurnScore, Verdict
from understudy.ports import RunRecord

__all__ = [
    "CriterionView",
    "Quote",
    "SubmittedVerdict",
    "TurnRow",
    "VerdictView",
    "describe_rubric",
    "ensure_verdict",
    "judge_transcript",
    "show_task",
    "view",
]

SCORECARD_CHARACTERS = 5_000
"""JSON characters of the rows that are shown; all of them are in the transcript as Markdown."""
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


class TurnRow(Value):
    """One agent turn on the scorecard."""

    turn: int
    tone: str
    relevance: str
    accuracy: str
    reason: str = ""
    untrusted_quote: str | None = None


class SubmittedVerdict(Value):
    """A verdict in short, after the caller's judgement went into it."""

    outcome: Shown
    reason: str
    judged: int
    total: int
    first_bad_turn: int | None = None
    warnings: list[str] = []

    @classmethod
    def of(cls, verdict: Verdict) -> SubmittedVerdict:
        return cls(
            outcome=verdict.outcome,
            reason=verdict.reason,
            judged=verdict.judged,
            total=len(verdict.results),
            first_bad_turn=verdict.first_bad_turn,
            warnings=list(verdict.warnings),
        )


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
    judge: str | None = None
    """Who judged what no check can: a model, the caller, nobody (`checks`)."""
    first_bad_turn: int | None = None
    """The first agent turn of which tone, relevance or accuracy fails."""
    scorecard: Annotated[list[TurnRow] | None, WithJsonSchema({"type": "array"})] = None
    """Agent turns as rated; with `detail: concise` only those that fail."""
    injection_turns: list[int] | None = None
    """Agent turns that speak to a judge; they decide nothing."""
    warnings: list[str] | None = None
    task: Annotated[JudgingTask | None, WithJsonSchema({"type": "object"})] = None
    """With judge `caller`: what is to be judged."""


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
        user_problems=_user_problems(verdict),
        judge=verdict.judge,
        first_bad_turn=verdict.first_bad_turn,
        scorecard=fit([_turn_row(r) for r in verdict.scorecard if _is_told(r, full=full)], characters=SCORECARD_CHARACTERS) or None,
        injection_turns=list(verdict.injection_turns) or None,
        warnings=[cut(w, 400) for w in verdict.warnings] or None,
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


def _user_problems(verdict: Verdict) -> list[str]:
    """What the audit found. A user that failed altogether is no finding about how it behaved: that is the verdict's own reason."""
    found = verdict.audit.findings if verdict.audit else ()
    return [f"{f.severity} {cut(in_a_line(f), 300)}" for f in found if f.defect != "failed"][:8]


def _is_told(row: TurnScore, *, full: bool) -> bool:
    """Rows that fail; in full every row that was rated at all: why others were not is told once, by a warning."""
    return "fail" in row.ratings or (full and set(row.ratings) != {"unscored"})


def _turn_row(row: TurnScore) -> TurnRow:
    quote = cut(row.evidence[0].quote, 240) if row.evidence else None
    reason = "" if set(row.ratings) == {"pass"} else cut(row.reason, 240)
    return TurnRow(turn=row.turn, tone=row.tone, relevance=row.relevance, accuracy=row.accuracy, reason=reason, untrusted_quote=quote)


def describe_rubric(rubric: Rubric) -> VerdictView:
    """A rubric in the shape of a verdict, before anything is judged: what it looks at and what needs a model."""
    rows = [
        CriterionView(
            criterion=c.id,
            outcome="not judged yet",
            reason=f"{c.description} ({'check ' + c.check.check if c.check else 'needs a model, or you (judge `caller`)'}"
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
    judge: JudgeKind | None = None,
    from_turn: int = 0,
    detail: Literal["concise", "full"] = "concise",
    dry_run: bool = False,
    wait_s: float | None = None,
) -> VerdictView:
    """Judge a finished conversation by a rubric (default: the one it was started with) and keep the verdict.

    `judge` None takes that of the settings; `caller` judges nothing and shows what there is to judge, from `from_turn` on. A model
    that takes longer than `wait_s` seconds goes on, and the next call fetches its verdict. `dry_run` shows the rubric and judges
    nothing. Raises NotFound, Conflict while the conversation is under way, and BadInput for a judge that cannot or may not judge it.
    """
    if dry_run or run_id is None:
        return describe_rubric(await find_rubric(app, rubric or app.settings.defaults.rubric))
    if judge == "caller":
        return await show_task(app, run_id, rubric, from_turn=from_turn)
    by, verdict = await verdict_of(app, run_id, rubric, judge or app.settings.defaults.judge, wait_s=wait_s)
    if verdict is None:
        return _not_yet(run_id, by, "A model is judging. Call judge_transcript again with the same arguments to fetch the verdict.")
    return view(verdict, full=detail == "full")


async def ensure_verdict(app: App, run_id: str, record: RunRecord | None = None) -> Verdict:
    """The newest verdict by the rubric that the run was started with, judged now if there is none, however long that takes."""
    return await verdict_now(app, run_id, record)


async def show_task(app: App, run_id: str, rubric: str | None, *, from_turn: int = 0, whole: bool = False) -> VerdictView:
    """What the caller is to judge, a page of it, in the shape of a verdict that is not there yet."""
    from understudy.app.caller_judging import task_for

    found, task = await task_for(app, run_id, rubric, from_turn=from_turn, whole=whole)
    more = "Read on with from_turn = next_turn. " if task.next_turn is not None else ""
    said = f"{more}Judge the criteria of `task`, then call submit_verdict (`understudy judge {run_id} --submit FILE`)."
    return _not_yet(run_id, found, said).evolve(task=task)


def _not_yet(run_id: str, rubric: Rubric, reason: str) -> VerdictView:
    return VerdictView(
        run_id=run_id, rubric=rubric.id, outcome="not judged yet", reason=reason, judged=0, total=len(rubric.criteria), criteria=[]
    )

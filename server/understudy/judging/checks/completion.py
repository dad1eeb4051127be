"""Task completion: the goal's success criteria and the user's ledger together."""

from __future__ import annotations

from understudy.domain.checks import Completed, StateIs
from understudy.domain.goal import SuccessCriterion
from understudy.domain.verdict import Evidence
from understudy.judging.case import Case
from understudy.judging.checks.leaves import LEAVES
from understudy.judging.escalation import assess
from understudy.judging.excuses import handed_over_on_request, left_unanswered
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["completed"]

Judged = tuple[SuccessCriterion, Finding]


def completed(check: Completed, case: Case) -> Finding:  # noqa: ARG001 (the check has no settings)
    """Fails with the criterion or step that is missing, quoting the agent's claim.

    Unscored when a criterion cannot be judged, and when what is missing was not in the agent's hands.
    """
    findings = [(c, _success(c, case)) for c in case.transcript.scenario.goal.success]
    wrong = [(c, f) for c, f in findings if f.outcome == "fail"]
    missing = _missing_outcome(case, findings)
    if (wrong or missing) and (excuse := _excuse(case, wrong)) is not None:
        return excuse
    if case.transcript.scenario.player == "script" and (untested := _never_brought_up(case)):
        return unscored(_untested(untested))
    if wrong:
        names = ", ".join(f"`{c.id}`" for c, _ in wrong)
        claim = "; the agent had said it was done" if case.claims else ""
        telling = min(wrong, key=lambda found: found[0].check.check != "not_said")[1]
        return failed(f"Not completed: {names} did not hold{claim}. {telling.reason}", *_citing(case, telling))
    if missing is not None:
        return failed(f"Not completed: {missing}", *dict.fromkeys((*case.cite_loss(), *case.cite_end())))
    unknown = [(c, f) for c, f in findings if f.outcome == "unscored"]
    if unknown:
        criterion, finding = unknown[0]
        reason = f"The user's side is complete, but {len(unknown)} of {len(findings)} success criteria could not be judged; "
        remedy = " Set `state_path` for the target, or add a `said` criterion." if _reads_hidden_state(criterion, case) else ""
        return unscored(f"{reason}`{criterion.id}`: {finding.reason}{remedy}")
    return passed(f"{_steps(case)}, {len(findings)} of {len(findings)} success criteria hold.", *case.cite_end())


def _excuse(case: Case, wrong: list[Judged]) -> Finding | None:
    """Why what is missing says nothing about the agent, if so. Wrong words and a refusal are its own."""
    if any(c.check.check == "not_said" for c, _ in wrong):
        return None
    if case.transcript.scenario.goal.expected.outcome != "handed_off" and (at := handed_over_on_request(case)) is not None:
        return unscored("Handed over at the user's request; the escalation criterion judges it.", case.cite(at))
    untested = _never_brought_up(case)
    if untested and all(g.status in ("met", "unsaid") for g in case.transcript.ledger.goals if not g.side):
        return unscored(_untested(untested))
    refused = any(g.status == "refused" for g in case.transcript.ledger.goals if not g.side)
    gap = None if refused else left_unanswered(case)
    return None if gap is None else unscored(gap.reason, *gap.askings)


def _never_brought_up(case: Case) -> list[str]:
    """Steps that the user kept to themselves; in a script also those that the agent did of its own accord."""
    silent = ("unsaid", "met") if case.transcript.scenario.player == "script" else ("unsaid",)
    return [g.id for g in case.transcript.ledger.goals if not g.side and not g.asked and g.status in silent]


def _untested(steps: list[str]) -> str:
    named = ", ".join(f"`{step}`" for step in steps)
    return f"The user never brought up {named}, so this conversation does not show what the agent makes of it."


def _reads_hidden_state(criterion: SuccessCriterion, case: Case) -> bool:
    return isinstance(criterion.check, StateIs) and not case.states


def _citing(case: Case, finding: Finding) -> tuple[Evidence, ...]:
    """What shows the failure, and the claim that it was done. Wrong words speak for themselves; what is missing is shown by the claim."""
    claim = tuple(case.cite(p.at) for p in case.claims[-1:])
    quoted = tuple(e for e in finding.evidence if e.quote != case.transcript.text_of(e.turn))
    return tuple(dict.fromkeys((*quoted, *case.cite_loss(), *claim, *finding.evidence))) or case.cite_end()


def _success(criterion: SuccessCriterion, case: Case) -> Finding:
    evaluator = LEAVES.get(criterion.check.check)
    if evaluator is None:
        return unscored("A success criterion cannot be `completed`, which is made of them.")
    return evaluator(criterion.check, case)


def _missing_outcome(case: Case, findings: list[Judged]) -> str | None:
    """What the ledger lacks for the outcome that the goal expects, in a sentence; None when it lacks nothing."""
    expected = case.transcript.scenario.goal.expected.outcome
    if expected == "handed_off":
        return None if assess(case).handoff_turn is not None else "the agent should have handed over to a person and did not."
    steps = [g for g in case.transcript.ledger.goals if not g.side]
    if not steps:
        return "the user's ledger has no step."
    # Where refusing is right, a step that the user counts as met may be a refusal that they took for their answer:
    # then the success criteria decide, if there are any.
    settled = {"met"} if expected != "refused" else {"refused", "met"} if findings else {"refused"}
    open_steps = [g for g in steps if g.status not in settled]
    if not open_steps:
        return None
    named = ", ".join(f"`{g.id}` ({g.status})" for g in open_steps)
    wanted = "refused" if expected == "refused" else "met"
    return f"{len(steps) - len(open_steps)} of {len(steps)} steps were {wanted}; open: {named}."


def _steps(case: Case) -> str:
    steps = [g for g in case.transcript.ledger.goals if not g.side]
    return f"{sum(g.status in ('met', 'refused') for g in steps)} of {len(steps)} steps settled"

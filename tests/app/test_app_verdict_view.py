"""What a caller is shown of a verdict on a target that failed."""

from __future__ import annotations

from understudy.app.verdicts import view
from understudy.domain.verdict import CriterionResult, Metrics, Outcome, Verdict

METRICS = Metrics(
    user_turns=1, agent_turns=0, steps_met=0, steps_total=1, side_met=0, side_total=0, ledger_complete=False, state_complete=None,
    turns_to_resolution=None, escalation="excluded", trigger_turn=None, handoff_turn=None, latency_p50_ms=None, latency_max_ms=None,
    empty_replies=0, failed_attempts=0, frustration_peak=0, guard_rejections=0,
)  # fmt: skip


def verdict(**outcomes: Outcome) -> Verdict:
    results = tuple(CriterionResult(criterion=id, outcome=outcome, reason=f"about {id}") for id, outcome in outcomes.items())
    return Verdict(
        id="v", run_id="r", rubric="service", rubric_version=1, rubric_hash="h", outcome="error", reason="x", results=results,
        metrics=METRICS, judged=0, at=0.0,
    )  # fmt: skip


def test_a_failure_of_the_target_is_shown_once_and_in_full_for_every_criterion() -> None:
    told = verdict(completed="error", errors="fail", polite="error", tone="unscored")
    assert [c.criterion for c in view(told, full=False).criteria] == ["errors", "tone"]
    assert len(view(told, full=True).criteria) == 4


def test_without_a_failing_criterion_the_first_error_stays() -> None:
    assert [c.criterion for c in view(verdict(completed="error", polite="error"), full=False).criteria] == ["completed"]

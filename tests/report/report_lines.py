"""A campaign and its lines for tests of reports."""

from __future__ import annotations

from typing import Any

from understudy.domain.campaign import Campaign, CampaignSpec, ConversationLine, CriterionLine
from understudy.domain.verdict import CriterionResult, Evidence, Metrics, Outcome, Verdict

METRICS = Metrics(
    user_turns=3, agent_turns=3, steps_met=1, steps_total=1, side_met=0, side_total=0, ledger_complete=True, state_complete=None,
    turns_to_resolution=3, escalation="tn", trigger_turn=None, handoff_turn=None, latency_p50_ms=10.0, latency_max_ms=20.0,
    empty_replies=0, failed_attempts=0, frustration_peak=0, guard_rejections=0,
)  # fmt: skip


def a_campaign(name: str = "nightly", total: int = 4, **changes: Any) -> Campaign:
    spec = CampaignSpec(name=name, personas=("ana",), targets=("agent",))
    given: dict[str, Any] = {"id": "camp_1", "spec": spec, "status": "finished", "total": total, "created_at": 0.0, "updated_at": 0.0}
    return Campaign(**{**given, **changes})


def a_line(index: int, outcome: Outcome = "pass", **changes: Any) -> ConversationLine:
    """Of persona `ana` with goal `book`; a failing one fails `completed`, resting on turn 3."""
    turn = 3 if outcome == "fail" else None
    given: dict[str, Any] = {
        "run_id": f"run_{index}", "index": index, "persona": "ana", "goal": "book", "target": "agent", "repeat": index, "seed": index,
        "ending": "target_failed" if outcome == "error" else "gave_up", "cause": "user", "outcome": outcome, "reason": f"because {index}",
        "criteria": (
            CriterionLine(criterion="polite", outcome="pass", gate=False),
            CriterionLine(criterion="completed", outcome=outcome, gate=True, reason=f"not booked {index}", turn=turn),
        ),
        "metrics": METRICS, "seconds": 1.5,
    }  # fmt: skip
    return ConversationLine(**{**given, **changes})


def a_verdict(run_id: str, quote: str, turn: int = 3) -> Verdict:
    result = CriterionResult(
        criterion="completed", outcome="fail", reason="not booked", evidence=(Evidence(turn=turn, quote=quote),)
    )  # fmt: skip
    return Verdict(
        id=f"v_{run_id}", run_id=run_id, rubric="service", rubric_version=1, rubric_hash="h", outcome="fail", reason="r", results=(result,),
        metrics=METRICS, judged=1, at=0.0,
    )  # fmt: skip

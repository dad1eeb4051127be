"""Lines of campaigns for tests."""

from __future__ import annotations

from typing import Any

from understudy.domain.campaign import ConversationLine, CriterionLine
from understudy.domain.verdict import Metrics, Outcome


def metrics(**changes: Any) -> Metrics:
    given: dict[str, Any] = {
        "user_turns": 4, "agent_turns": 4, "steps_met": 1, "steps_total": 1, "side_met": 0, "side_total": 0, "ledger_complete": True,
        "state_complete": None, "turns_to_resolution": 4, "escalation": "tn", "trigger_turn": None, "handoff_turn": None,
        "latency_p50_ms": 100.0, "latency_max_ms": 200.0, "empty_replies": 0, "failed_attempts": 0, "frustration_peak": 0,
        "guard_rejections": 0,
    }  # fmt: skip
    return Metrics(**{**given, **changes})


def line(index: int, outcome: Outcome = "pass", **changes: Any) -> ConversationLine:
    """A conversation of persona `ana` with goal `book` on target `agent`; a failing one fails the criterion `completion`."""
    found = changes.pop("metrics", {})
    given: dict[str, Any] = {
        "run_id": f"run_{index}", "index": index, "persona": "ana", "goal": "book", "target": "agent", "repeat": 0, "seed": index,
        "ending": "target_failed" if outcome == "error" else "goal_reached" if outcome == "pass" else "gave_up",
        "cause": "target" if outcome == "error" else "user", "outcome": outcome, "reason": f"because {index}",
        "criteria": (CriterionLine(criterion="completion", outcome=outcome, gate=True),),
        "metrics": metrics(**{"turns_to_resolution": 4 if outcome == "pass" else None, **found}), "usd": 0.0,
    }  # fmt: skip
    return ConversationLine(**{**given, **changes})

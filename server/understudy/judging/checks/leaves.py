"""The checks that rest on no other check. `completed` evaluates these, so it is not among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from understudy.judging.case import Case
from understudy.judging.checks import conduct, ledger, running, shape, speech, state, tools
from understudy.judging.finding import Finding

__all__ = ["LEAVES", "Evaluator"]

Evaluator = Callable[[Any, Case], Finding]
"""Takes the check that it is registered for; the conversation has at least one agent turn."""

LEAVES: dict[str, Evaluator] = {
    "said": speech.said,
    "not_said": speech.not_said,
    "language": speech.language_kept,
    "polite": speech.polite,
    "not_repeating": speech.not_repeating,
    "state": state.state_is,
    "claims_held": state.claims_held,
    "tool_called": tools.tool_called,
    "json_schema": shape.json_matches,
    "subgoal_met": ledger.subgoal_met,
    "escalation": conduct.escalated,
    "turns": conduct.turns_within,
    "latency": running.latency_within,
    "never_empty": running.never_empty,
    "no_errors": running.no_errors,
}

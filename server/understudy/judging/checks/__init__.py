"""One evaluator for every kind of check, found by the check's literal."""

from __future__ import annotations

from understudy.domain.checks import Check
from understudy.judging.case import Case
from understudy.judging.checks.completion import completed
from understudy.judging.checks.leaves import LEAVES, Evaluator
from understudy.judging.finding import Finding

__all__ = ["EVALUATORS", "evaluate"]

EVALUATORS: dict[str, Evaluator] = {**LEAVES, "completed": completed}
"""Complete: a test fails when a type of the union `Check` is missing."""


def evaluate(check: Check, case: Case) -> Finding:
    """What `check` finds in a conversation with at least one agent turn. Raises KeyError for a check without evaluator."""
    return EVALUATORS[check.check](check, case)

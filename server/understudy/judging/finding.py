"""What one check found: an outcome, a sentence, and the quotes that it rests on."""

from __future__ import annotations

from typing import Literal

from understudy.domain.value import Value
from understudy.domain.verdict import Evidence

__all__ = ["BROKE", "NEEDS_MODEL", "NOT_ASKED", "NO_ANSWER", "NO_USE", "Finding", "failed", "passed", "unscored"]

NEEDS_MODEL = "needs a model judge"
NOT_ASKED = "The model was not asked:"
NO_ANSWER = "The judge gave no answer that can be used."
NO_USE = "The judge's answer cannot be used:"
BROKE = "The judge's model broke:"
"""How a reason begins that says that no judge has found anything: the conversation can be judged, and was not."""


class Finding(Value):
    """The result of one check, before it is tied to a criterion."""

    outcome: Literal["pass", "fail", "unscored"]
    reason: str
    """One sentence."""
    evidence: tuple[Evidence, ...] = ()
    score: float | None = None
    """On a scale from 1 to 5."""


def passed(reason: str, *evidence: Evidence) -> Finding:
    """It holds."""
    return Finding(outcome="pass", reason=reason, evidence=evidence)


def failed(reason: str, *evidence: Evidence) -> Finding:
    """It does not hold; `evidence` shows where."""
    return Finding(outcome="fail", reason=reason, evidence=evidence)


def unscored(reason: str, *evidence: Evidence) -> Finding:
    """There was nothing to judge the agent by; `evidence` shows why, where a turn does."""
    return Finding(outcome="unscored", reason=reason, evidence=evidence)

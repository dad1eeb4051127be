"""The audit without a model: counts and patterns, each with a threshold that a plain conversation stays well below."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.domain.audit import AuditFinding, UserAudit
from understudy.domain.transcript import Transcript
from understudy.judging.audit.disclosure import goal_dumps, invented_facts
from understudy.judging.audit.drift import persona_drifts
from understudy.judging.audit.leaving import ended_early, never_ended
from understudy.judging.audit.speech import role_flips, too_cooperative
from understudy.judging.case import Case

__all__ = ["AUDITOR", "audit", "worst_first"]

AUDITOR = "offline/1"
_DETECTORS = (role_flips, goal_dumps, invented_facts, too_cooperative, ended_early, never_ended, persona_drifts)


def audit(transcript: Transcript) -> UserAudit:
    """What was found about the simulated user of `transcript`. Pure; never raises for a transcript that is a value of ours."""
    ending = transcript.ending
    if ending is not None and ending.kind == "simulator_failed":
        failed = AuditFinding(defect="failed", severity="invalid", reason=ending.detail or "The simulated user failed.")
        return UserAudit(findings=(failed,), auditor=AUDITOR)
    case = Case(transcript)
    return UserAudit(findings=worst_first(f for detect in _DETECTORS for f in detect(case)), auditor=AUDITOR)


def worst_first(findings: Iterable[AuditFinding]) -> tuple[AuditFinding, ...]:
    """Invalid ones first, in the order of the turns."""
    return tuple(sorted(findings, key=lambda f: (f.severity != "invalid", -1 if f.turn is None else f.turn)))

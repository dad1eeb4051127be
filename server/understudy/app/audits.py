"""Whether the simulated user of a finished conversation can be believed; one that cannot is left out of every score.

Given lines are not audited: they are nobody's simulation. A user that the calling host plays is audited for its information only.
"""

from __future__ import annotations

from understudy.app.context import App
from understudy.domain.audit import AuditFinding, UserAudit
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Verdict
from understudy.ports import LLM

__all__ = ["audited", "in_a_line"]

_NO_MIND = ("rules", "script")
"""Players that no model is asked about: they cannot be taken in, and whoever has no key pays nothing."""


async def audited(app: App, transcript: Transcript, verdict: Verdict) -> Verdict:
    """`verdict` with the audit of its user; unscored when the user misbehaved, with the outcome that it would have had kept beside."""
    player = transcript.scenario.player
    if transcript.ending is None or player == "script":
        return verdict
    found = await _audit(app, transcript)
    if found.valid or player == "caller":
        return verdict.evolve(audit=found)
    if transcript.ending.kind == "simulator_failed" or verdict.outcome == "error":
        return verdict.evolve(audit=found, invalid=transcript.ending.kind == "simulator_failed")
    worst = found.findings[0]
    reason = f"The simulated user misbehaved, which is not the agent's doing: {in_a_line(worst)}"
    return verdict.evolve(audit=found, invalid=True, outcome="unscored", reason=reason, as_played=verdict.outcome)


def in_a_line(finding: AuditFinding) -> str:
    """A finding for people: `role_flip (turn 4): ...`."""
    where = f" (turn {finding.turn})" if finding.turn is not None else ""
    return f"{finding.defect}{where}: {finding.reason}"


async def _audit(app: App, transcript: Transcript) -> UserAudit:
    """The audit that is on record, else a new one: it is about the conversation, whatever the rubric."""
    for earlier in reversed(await (await app.store()).verdicts(transcript.run_id)):
        if earlier.audit is not None:
            return earlier.audit
    from understudy.judging.audit.offline import audit

    offline = audit(transcript)
    model = _auditor(app, transcript)
    unanswered = not transcript.agent_turns  # nothing to have reacted to: a model would be paid for nothing
    if model is None or unanswered or any(f.defect == "failed" for f in offline.findings):
        return offline
    from understudy.judging.audit.model import audit_with

    return await audit_with(model, transcript, offline)


def _auditor(app: App, transcript: Transcript) -> LLM | None:
    return None if transcript.scenario.player in _NO_MIND else app.model_for("audit")

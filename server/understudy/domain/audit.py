"""What an audit of the simulated user finds in a conversation that is over: whether this user can be believed."""

from __future__ import annotations

from typing import Literal

from understudy.domain.value import Value

__all__ = ["AuditFinding", "Defect", "Severity", "UserAudit"]

Defect = Literal["role_flip", "goal_dump", "invented_fact", "too_cooperative", "ended_early", "never_ended", "persona_drift", "failed"]
"""role_flip: speaks as the agent would; goal_dump: says its sheet unasked, or what it never says; invented_fact: a particular that nobody
gave it; too_cooperative: agrees with whatever comes, mistakes included; ended_early: left while it was being served; never_ended: stayed
when it was to leave, or goes round in goodbyes; persona_drift: another language, length or manner than its own; failed: gave no message."""

Severity = Literal["invalid", "warning"]
"""invalid: the conversation says nothing about the agent; warning: worth a look, and counted."""


class AuditFinding(Value):
    """One thing that the user did which no such person would do."""

    defect: Defect
    severity: Severity
    turn: int | None = None
    """0-based position of the user's turn; None when it is about the whole conversation."""
    quote: str = ""
    """From that turn, letter for letter; empty when no words show it."""
    reason: str
    auditor: str = "offline/1"


class UserAudit(Value):
    """All that was found about the simulated user of one conversation."""

    findings: tuple[AuditFinding, ...] = ()
    """Invalid ones first."""
    auditor: str = "offline/1"
    """Who looked: `offline/1`, and with a model its prompt and name beside it."""
    note: str = ""
    """Why a model that was to look did not, or what of its findings was left out."""

    @property
    def valid(self) -> bool:
        """Whether the conversation may count."""
        return not any(f.severity == "invalid" for f in self.findings)

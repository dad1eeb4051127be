"""Verdicts: pass, fail, unscored or error, and never anything else; each with the turns and quotes it rests on."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from understudy.domain.audit import UserAudit
from understudy.domain.value import Slug, Value

__all__ = ["CriterionResult", "Evidence", "Interval", "JudgeRecord", "Metrics", "Outcome", "Rate", "Rating", "TurnScore", "Verdict"]

Outcome = Literal["pass", "fail", "unscored", "error"]
"""unscored: it could not be judged; error: the target or the machinery broke before it could be. Neither is a pass or a fail."""


class Evidence(Value):
    """A quote, found word for word in the turn it cites."""

    turn: int = Field(ge=0)
    """0-based position in the stored transcript."""
    quote: str


class CriterionResult(Value):
    """What was found for one criterion."""

    criterion: Slug
    outcome: Outcome
    reason: str
    """One sentence: what was seen, or why it is unscored."""
    evidence: tuple[Evidence, ...] = ()
    score: float | None = None
    gate: bool = True
    required: bool = False
    judge: str = "checks"


Rating = Literal["pass", "concern", "fail", "unscored"]
"""Of one side of one agent turn."""


class TurnScore(Value):
    """The scorecard's row for one agent turn; what is not a pass rests on a quote of this very turn."""

    turn: int = Field(ge=0)
    """0-based position in the stored transcript."""
    tone: Rating
    relevance: Rating
    accuracy: Rating
    reason: str = ""
    """The judge's words, or why a side is unscored."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def ratings(self) -> tuple[Rating, Rating, Rating]:
        return self.tone, self.relevance, self.accuracy


class JudgeRecord(Value):
    """With which mind, and how, a verdict was made. What was sent and answered is in the log of calls, by the run's id."""

    model: str
    """`provider:model` as configured, or the name of the client whose assistant judged."""
    served: tuple[str, ...] = ()
    """The models that answered, as the provider names them."""
    prompt: str
    """Name, version and digest of the prompt."""
    temperature: float | None = None
    """As asked for; None leaves it to the provider."""
    calls: int = 0
    """Answers that were needed, repairs included."""
    silent: bool = False
    """It was asked about criteria, and gave no verdict that can be used on any of them; `abstain` is one that can."""
    unrated: tuple[int, ...] = ()
    """Agent turns that it was asked to rate, and gave no answer on."""


class Metrics(Value):
    """Counts and times of one conversation; None where a figure has no meaning for it."""

    user_turns: int
    agent_turns: int
    steps_met: int
    steps_total: int
    side_met: int
    side_total: int
    ledger_complete: bool
    state_complete: bool | None
    """By the state that the target exposes; None when it exposes none or no criterion reads it."""
    turns_to_resolution: int | None
    """Agent text turns until the last step was met; None (censored) when unresolved."""
    escalation: Literal["tp", "late", "fn", "fp", "tn", "excluded"]
    trigger_turn: int | None
    handoff_turn: int | None
    latency_p50_ms: float | None
    latency_max_ms: float | None
    empty_replies: int
    failed_attempts: int
    frustration_peak: int
    guard_rejections: int


class Verdict(Value):
    """The judgement of one conversation by one rubric."""

    id: str
    run_id: str
    rubric: Slug
    rubric_version: int
    rubric_hash: str
    outcome: Outcome
    reason: str
    results: tuple[CriterionResult, ...]
    metrics: Metrics
    judged: int
    """Criteria that came out pass or fail; always shown over `len(results)`."""
    judge: str = "checks"
    """checks; `model/1 <prompt> <model>`; `caller/1 <client>`. Criteria with a check are judged by it in each of them."""
    at: float
    """Seconds since the epoch."""
    audit: UserAudit | None = None
    """Of the simulated user; None for given lines, and in verdicts of earlier versions."""
    invalid: bool = False
    """The simulated user failed or misbehaved: left out of every rate, and counted beside it."""
    as_played: Outcome | None = None
    """For an invalid conversation that could be judged: how it would have come out with the user taken as it was."""
    scorecard: tuple[TurnScore, ...] = ()
    """A row for each agent turn that a mind has rated."""
    first_bad_turn: int | None = None
    """The first row of the scorecard with a fail; None when there is none, or no scorecard."""
    injection_turns: tuple[int, ...] = ()
    """Agent turns that speak to a judge instead of the user. They are reported and decide nothing."""
    warnings: tuple[str, ...] = ()
    """What weakens this verdict: a judge of the target's family, a family that is not known, turns shown in part."""
    judged_with: JudgeRecord | None = None
    """None: by checks alone."""


class Interval(Value):
    """A confidence interval, both ends between 0 and 1."""

    low: float
    high: float
    level: float = 0.95


class Rate(Value):
    """A share that never goes without its denominator and interval."""

    hits: int = Field(ge=0)
    total: int = Field(ge=0)
    interval: Interval | None
    """Wilson's; None when the total is 0."""

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @classmethod
    def of(cls, hits: int, total: int) -> Rate:
        """The share hits/total with Wilson's 95 % score interval (Wilson 1927)."""
        if total == 0:
            return cls(hits=0, total=0, interval=None)
        z = 1.959963984540054
        p = hits / total
        middle = p + z * z / (2 * total)
        spread = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
        scale = 1 + z * z / total
        return cls(
            hits=hits, total=total, interval=Interval(low=max(0.0, (middle - spread) / scale), high=min(1.0, (middle + spread) / scale))
        )

    def __str__(self) -> str:
        if self.interval is None:
            return "0/0"
        return f"{self.hits}/{self.total} = {self.hits / self.total:.0%} [{self.interval.low:.0%}, {self.interval.high:.0%}]"

"""A campaign: persona x goal x target x repeat, played by the hundred or thousand; its plan, its record, and one line a conversation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from understudy.domain.conversation import EndingCause, EndingKind
from understudy.domain.scenario import Limits
from understudy.domain.value import Name, Slug, Value
from understudy.domain.verdict import Metrics, Outcome

__all__ = [
    "Campaign",
    "CampaignSpec",
    "CampaignStatus",
    "Caps",
    "Cell",
    "ConversationLine",
    "CriterionLine",
    "JudgeAgain",
    "Sampling",
    "Spend",
]

Sampling = Literal["full", "random", "stratified", "pairwise"]
"""Of scenarios, a persona with a goal. full: all; random: `size` of them; stratified: `size` with personas and goals in equal
shares; each on every target. pairwise: as few as hold every pair of persona, goal and target."""

CampaignStatus = Literal["running", "paused", "cancelled", "stopped", "finished"]
"""stopped: a cap was reached, the target is dead, or it was shown to do worse than the campaign that it is held against; what
was done counts, and it can be resumed with a higher cap."""


class Caps(Value):
    """Where a campaign stops whatever happens; None leaves it open."""

    usd: float | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    """Of our own models, input and output."""
    seconds: float | None = Field(default=None, gt=0)
    """Of running time; pauses do not count."""
    conversations: int | None = Field(default=None, ge=1)
    against: str | None = None
    """Id of an earlier campaign: it stops when their pairs are evidence enough that it does worse."""


class CampaignSpec(Value):
    """Everything that decides which conversations a campaign has."""

    name: Name
    personas: tuple[Slug, ...] = Field(min_length=1)
    goals: tuple[Slug, ...] = ()
    """Empty: every persona plays its own."""
    targets: tuple[str, ...] = Field(min_length=1)
    repeats: int = Field(default=1, ge=1, le=1000)
    sampling: Sampling = "full"
    size: int | None = Field(default=None, ge=1, le=1_000_000)
    """Scenarios to sample, before targets and repeats; needed for random and stratified."""
    seed: int = 0
    player: Literal["rules", "model"] = "rules"
    rubric: Slug = "service"
    limits: Limits = Limits()
    opens: Literal["user", "agent"] | None = None
    """None: as each target says."""
    caps: Caps = Caps()
    concurrency: int = Field(default=32, ge=1, le=10_000)
    """Conversations at once."""

    @model_validator(mode="after")
    def _size_where_needed(self) -> CampaignSpec:
        if self.sampling in ("random", "stratified") and self.size is None:
            raise ValueError(f"`size` is needed for {self.sampling} sampling: how many scenarios to take")
        return self


class Cell(Value):
    """One conversation of a plan."""

    index: int
    """0-based place in the plan."""
    persona: Slug
    goal: Slug | None
    """None: the goal made from the persona's primary intent."""
    target: str
    repeat: int
    """0-based."""
    seed: int

    @property
    def scenario(self) -> str:
        """The same for all repeats and for the same persona and goal on another target: what paired comparison pairs by."""
        return f"{self.persona}/{self.goal or 'primary'}"


class Spend(Value):
    """What was used so far."""

    calls: int = 0
    """Of our own models."""
    target_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    unpriced_calls: int = 0
    """Calls of models without a price: they are in no sum of money."""
    seconds: float = 0.0
    """Of running time."""

    def __add__(self, more: Spend) -> Spend:
        return Spend(**{name: getattr(self, name) + getattr(more, name) for name in Spend.model_fields})


class Campaign(Value):
    """A campaign as stored."""

    id: str
    spec: CampaignSpec
    status: CampaignStatus
    why: str = ""
    """Of stopped and cancelled ones."""
    total: int
    """Conversations in the plan."""
    created_at: float
    updated_at: float
    spend: Spend = Spend()
    idempotency_key: str | None = None
    versions: dict[str, str] = {}
    """What a comparison must hold equal: player, user model, rubric hash, judge, understudy."""


class CriterionLine(Value):
    """What became of one criterion in one conversation."""

    criterion: Slug
    outcome: Outcome
    gate: bool
    reason: str = ""
    turn: int | None = None
    """Of the first piece of evidence."""


class ConversationLine(Value):
    """One finished conversation of a campaign, as analysis, comparison and report read it."""

    run_id: str
    index: int
    persona: Slug
    segment: str = ""
    goal: Slug
    target: str
    repeat: int
    seed: int
    ending: EndingKind
    cause: EndingCause
    outcome: Outcome
    reason: str = ""
    rerun: int = 0
    """How many earlier tries the simulator spoiled."""
    resumed: int = 0
    """How often a worker went away and another went on from the last event."""
    restarted: int = 0
    """How often it was played afresh, because the target keeps the history itself and its session was lost with a worker."""
    simulator_fault: bool = False
    """The simulated user failed or misbehaved: never counted for or against the agent."""
    criteria: tuple[CriterionLine, ...] = ()
    metrics: Metrics
    manner: tuple[float, ...] | None = None
    """The register of the agent's words, as `text.manner_of_speech` counts it; None when it said nothing."""
    tokens: int = 0
    """Of our own models, earlier tries included."""
    usd: float | None = None
    """Of all models, earlier tries included; None: there are calls without a price."""
    seconds: float = 0.0
    """From its opening to its last turn."""

    @property
    def scenario(self) -> str:
        """As of its cell."""
        return f"{self.persona}/{self.goal}"


class JudgeAgain(Value):
    """A conversation that was done, and is to be judged again without being played again."""

    line: ConversationLine
    """As it was."""
    since: float
    """When that was asked for, in seconds since the epoch: a verdict that is newer was made for it."""

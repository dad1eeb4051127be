"""What callers give and see of campaigns: values only, light enough to be read when the tools are listed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from understudy.campaigns.estimate import Estimate
from understudy.domain.campaign import CampaignSpec, CampaignStatus, Sampling, Spend
from understudy.domain.value import Name, Slug, Value

__all__ = [
    "CampaignAction",
    "CampaignPage",
    "CampaignRow",
    "CampaignSummary",
    "CampaignView",
    "ChangeRow",
    "ComparisonView",
    "CriterionRow",
    "ExportFormat",
    "HowFar",
    "OutlierRow",
    "PlanView",
    "PlannedCell",
    "ScenarioRow",
    "SideRow",
    "SliceChangeRow",
    "SliceRow",
    "SpecGiven",
    "TrendRow",
]

CampaignAction = Literal["pause", "resume", "cancel"]
ExportFormat = Literal["jsonl", "csv", "html", "junit", "markdown"]


class SpecGiven(Value):
    """What a caller says about a campaign; everything else comes from defaults."""

    name: Name = "campaign"
    """Campaigns of one name make a trend."""
    personas: list[Slug] = []
    """Empty: those of `pack` or with `tag`; without either, every persona of the user's own packs."""
    pack: str | None = None
    """Personas of this pack."""
    tag: str | None = None
    """Personas with this tag."""
    goals: list[Slug] = []
    """Every persona pursues each of them. Empty: each persona its own."""
    targets: list[str] = []
    """Empty: the default target."""
    repeats: int = Field(default=1, ge=1, le=1000)
    sampling: Sampling = "full"
    size: int | None = Field(default=None, ge=1, le=1_000_000)
    """For random and stratified sampling: how many scenarios (persona and goal)."""
    seed: int | None = None
    """None: that of the settings."""
    player: Literal["rules", "model"] | None = None
    rubric: Slug | None = None
    max_turns: int | None = Field(default=None, ge=1, le=200)
    max_usd: float | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, gt=0)
    max_seconds: float | None = Field(default=None, gt=0)
    max_conversations: int | None = Field(default=None, ge=1)
    stop_early_against: str | None = None
    """An earlier campaign, or a baseline: stop as soon as the new one is shown to do worse."""
    concurrency: int | None = Field(default=None, ge=1, le=10_000)
    """Conversations at once; None: 32."""
    agent_version: str | None = Field(default=None, max_length=120)
    """The version of the agent under test, as you name it: it labels the trend."""


class PlannedCell(Value):
    """One conversation of a plan, as shown."""

    persona: str
    goal: str | None
    """None: the persona's primary intent."""
    target: str
    repeat: int
    seed: int


class PlanView(Value):
    """What a campaign would be, before anything is stored."""

    name: str
    conversations: int
    scenarios: int
    personas: int
    goals: int
    targets: list[str]
    estimate: Estimate
    first: list[PlannedCell]
    sample: list[str] = []
    """Runs that were played for the estimate, and are kept. A campaign plays its own: the agent may be another by then."""
    warnings: list[str] = []
    spec: CampaignSpec
    next: str


class HowFar(Value):
    """How many conversations are where."""

    waiting: int
    started: int
    done: int
    outcomes: dict[str, int] = {}


class SliceRow(Value):
    """A persona, segment, goal or target."""

    kind: Literal["persona", "segment", "goal", "target"]
    name: str
    passed: str
    """`3/8 = 38% [14%, 69%]`."""
    simulator_faults: int = 0
    unscored: int = 0
    error: int = 0
    p_adjusted: float | None = None
    """That it is no different from the rest, over all slices of its kind."""


class CriterionRow(Value):
    """One criterion over all conversations."""

    criterion: str
    gate: bool
    passed: str
    unscored: int = 0
    error: int = 0


class ScenarioRow(Value):
    """A persona with a goal on a target, over its repeats."""

    scenario: str
    target: str
    passed: str
    """`1/3`: passed of judged."""
    run_ids: list[str]
    """Failing ones first."""
    untrusted_reason: str = ""
    """Why the first failed; it may quote the agent."""


class OutlierRow(Value):
    """A conversation of three times the usual number of turns, or more."""

    run_id: str
    scenario: str
    turns: float
    usual: float


class CampaignSummary(Value):
    """What a campaign says so far. Rates are passed over judged; what was left out stands beside them."""

    passed: str
    """`41/50 = 82% [69%, 90%]`; the interval allows for repeats of the same scenario."""
    pass_rate: float | None
    low: float | None
    high: float | None
    conversations: int
    """Those that it is of. Of a running campaign more may be done by now: a long analysis is kept for a while."""
    judged: int
    unscored: str
    simulator_faults: str
    infrastructure: str
    """Conversations in which the target gave no answer."""
    reruns: int = 0
    """Played again because the simulated user misbehaved."""
    resumed: int = 0
    """Taken up again after a process went away, and gone on with from the last event."""
    restarted: int = 0
    """Played afresh, because the target keeps the history itself and its session was lost."""
    worst: list[SliceRow] = []
    worst_criteria: list[CriterionRow] = []
    stable: int = 0
    flaky: list[ScenarioRow] = []
    failing: list[ScenarioRow] = []
    flaky_total: int = 0
    failing_total: int = 0
    outliers: list[OutlierRow] = []
    turns_median: float | None = None
    """Agent turns to resolution."""
    pass_hat: dict[str, float] = {}
    """pass^k by k: the chance that k repeats of a scenario all pass."""
    escalation: str = ""
    """How often a hand-off came when it was called for, and when it was not."""
    tone: str = ""
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None


class CampaignView(Value):
    """One campaign: how it stands and what it says."""

    id: str
    name: str
    status: CampaignStatus
    why: str = ""
    """Of stopped and cancelled ones."""
    untrusted_failure: str | None = None
    """What came from a target that gave no answer, of the newest such conversation."""
    total: int
    progress: HowFar
    per_second: float | None = None
    """Conversations that were done a second of running time."""
    seconds_left: float | None = None
    """Expected, at that rate."""
    processes: int | None = None
    """How many played it, where it was conducted by this server or command."""
    spend: Spend
    targets: list[str]
    personas: int
    repeats: int
    player: str
    rubric: str
    created_at: float
    summary: CampaignSummary | None = None
    """None while nothing is done."""
    versions: dict[str, str] | None = None
    """With `detail: full`."""
    spec: CampaignSpec | None = None
    """With `detail: full`."""
    uri: str
    report_uri: str
    next: str
    """What to do next."""


class CampaignRow(Value):
    """One campaign in a list."""

    id: str
    name: str
    status: CampaignStatus
    done: int
    total: int
    outcomes: dict[str, int]
    targets: list[str]
    usd: float
    created_at: float
    why: str = ""


class CampaignPage(Value):
    """A page of campaigns, newest first."""

    campaigns: list[CampaignRow]
    next_cursor: str | None = None


class SideRow(Value):
    """One side of a comparison."""

    campaign_id: str
    name: str
    targets: list[str]
    agent_version: str = ""
    passed: str
    """Over the paired scenarios."""


class ChangeRow(Value):
    """A scenario that came out differently."""

    scenario: str
    before: str
    after: str
    run_ids: list[str]
    untrusted_reason: str = ""


class SliceChangeRow(Value):
    """The difference within one persona, goal or criterion."""

    kind: Literal["persona", "goal", "criterion"]
    name: str
    before: str
    after: str
    p_adjusted: float


class ComparisonView(Value):
    """What differs between two campaigns, or two targets of one."""

    verdict: Literal["regressed", "improved", "no evidence", "underpowered"]
    said: str
    """The verdict in a sentence."""
    before: SideRow
    after: SideRow
    difference: str
    """`-12.0 points [-20.1, -3.9], p = 0.004 (mcnemar)`."""
    pairs: int
    unpaired: int
    newly_failing: list[ChangeRow]
    newly_passing: list[ChangeRow]
    slices: list[SliceChangeRow]
    """Largest loss first."""
    margin: float
    smallest_difference: float | None
    pairs_needed: int
    evidence: float
    """An e-value that the second side is worse; 20 is as strong as p = 0.05, at any look."""
    note: str = ""
    """Of two targets of one campaign: what such a comparison is and is not."""
    warnings: list[str] = []


class TrendRow(Value):
    """One campaign of a name, over time."""

    campaign_id: str
    name: str
    status: CampaignStatus
    created_at: float
    agent_version: str = ""
    targets: list[str]
    conversations: int
    passed: str
    pass_rate: float | None
    low: float | None
    high: float | None
    unscored: int
    simulator_faults: int
    error: int
    comparable: bool
    """Whether player, models, prompts, rubric and judge are those of the newest one."""

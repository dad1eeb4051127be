"""The seams: Player, Target, Store and LLM. Small protocols; a test double of each ships in `understudy.testing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from understudy.domain.campaign import Campaign, CampaignStatus, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.conversation import Brief, Event, Move, Reply, Turn
from understudy.domain.model_call import (
    CallFor,
    Finish,
    ModelCall,
    ModelMessage,
    ModelRoleName,
    ModelToolCall,
    ModelUsage,
    OutputForm,
    ToolSpec,
)
from understudy.domain.query import Query, ReviewState
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Played, RunStatus
from understudy.domain.value import JsonObject, Slug, Value
from understudy.domain.verdict import Verdict

__all__ = [
    "ANY_RUN",
    "LLM",
    "CallLog",
    "CampaignProgress",
    "CampaignStore",
    "Completion",
    "Document",
    "DocumentKind",
    "LLMRequest",
    "Lease",
    "OutputForm",
    "Player",
    "Probe",
    "RunFilter",
    "RunRecord",
    "Store",
    "StoredEvent",
    "Target",
    "TargetRequest",
]


class Player(Protocol):
    """Whoever decides the user's next move."""

    @property
    def version(self) -> str:
        """Name and version, as recorded in transcripts: `rules/1`."""
        ...

    async def play(self, brief: Brief) -> Move:
        """The next move. Same brief, same move, for players without a model.

        Raises any exception when it cannot decide; the conversation then ends as `simulator_failed`.
        """
        ...


# ---------------------------------------------------------------- targets


class TargetRequest(Value):
    """One call of a target: the whole history, and the session id for those that keep their own."""

    run_id: str
    turns: tuple[Turn, ...]
    """The transcript so far; the last turn is the user's. Empty: an agent that speaks first is asked for its opening."""
    session: str | None = None


class Target(Protocol):
    """The agent under test."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def needs_session(self) -> bool:
        """True when it keeps the history itself, so that a conversation cannot go on after a restart without its session."""
        ...

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError, with what was tried, when there is none; honours cancellation."""
        ...

    async def aclose(self) -> None:
        """Free connections and processes. May be called twice."""
        ...


class Probe(Value):
    """What checking a target found."""

    target: str
    kind: str
    address: str
    reachable: bool
    detail: str
    """What was tried and found, in a sentence; with the fix when it failed."""
    latency_ms: float | None = None
    sample: str | None = None
    """The start of what it answered: untrusted text."""
    tool_calls: int = 0
    exposes_state: bool = False
    speaks_first: Literal["user", "agent", "either"] | None = None
    """`either`: it waits for the user, and can open when asked to."""
    streams: bool | None = None
    """Whether its answer came in pieces; None where that is not known."""
    gives_session: bool = False
    suggestion: str | None = None
    """Settings that fit it better, as YAML."""


# ---------------------------------------------------------------- the store

DocumentKind = Literal["persona", "goal", "rubric", "topic", "batch"]
"""batch: how a batch of queries is being made, so that it can be continued."""


class Document(Value):
    """One version of a persona, goal, rubric or topic, addressed by its content."""

    kind: DocumentKind
    id: Slug
    version: int
    hash: str
    body: JsonObject
    archived: bool = False
    created_at: float


class RunRecord(Value):
    """One conversation in the store, without its turns."""

    id: str
    scenario: Scenario
    status: RunStatus
    ending: str | None = None
    """The ending's kind, once finished."""
    outcome: str | None = None
    """The outcome of the newest verdict."""
    turns: int = 0
    idempotency_key: str | None = None
    created_at: float
    updated_at: float
    owner: str | None = None
    lease_until: float | None = None
    fence: int = 0
    cancel_requested: bool = False
    """Somebody asked the holder to stop; it does so when it next renews its lease."""
    player_version: str = ""


class Lease(Value):
    """The right to append to one conversation: every append carries its fence, and an old fence is refused."""

    run_id: str
    owner: str
    fence: int
    until: float
    cancel_requested: bool = False
    """Somebody asked for this conversation to be cancelled."""


class StoredEvent(Value):
    """One event as stored."""

    seq: int
    """0-based position within the conversation, without gaps."""
    at: float
    """Seconds since the epoch when it was stored."""
    event: Event
    fence: int


class RunFilter(Value):
    """Which runs are meant; None leaves a field open."""

    status: RunStatus | None = None
    persona: str | None = None
    goal: str | None = None
    target: str | None = None
    ending: str | None = None
    outcome: str | None = None
    text: str | None = None
    """Whole words of the turns (the first 32), all of them to be present; case and accents ignored; blank means any run."""


ANY_RUN = RunFilter()


class CallLog(Protocol):
    """Where the calls of models are kept; the store is one. Every method may raise StoreError."""

    async def put_call(self, call: ModelCall) -> None:
        """Keep a call. The same id again replaces nothing."""
        ...

    async def calls(self, *, run_id: str | None = None, batch: str | None = None) -> list[ModelCall]:
        """Those made for a run or a batch, oldest first."""
        ...

    async def recorded_call(self, hash: str, *, nth: int = 0) -> ModelCall | None:
        """The `nth` answered call (0-based, oldest first) of the request with this hash; None when there are no so many."""
        ...


class CampaignProgress(Value):
    """How far a campaign is."""

    waiting: int
    started: int
    """With a run that is under way, or finished and not yet counted."""
    done: int
    outcomes: dict[str, int] = {}
    """Of the conversations that are done."""


class CampaignStore(Protocol):
    """Campaigns, their plans and what came of each conversation. Every method may raise StoreError, and NotFound for an unknown id."""

    async def create_campaign(self, campaign: Campaign, cells: Sequence[Cell]) -> Campaign:
        """A new campaign with its plan; with a key that was used before, the campaign that it started. Raises Conflict when the
        key was used for another spec."""
        ...

    async def campaign(self, campaign_id: str) -> Campaign | None: ...

    async def campaigns(self, *, status: CampaignStatus | None = None, limit: int = 20, offset: int = 0) -> list[Campaign]:
        """Newest first."""
        ...

    async def set_campaign_status(self, campaign_id: str, status: CampaignStatus, *, why: str = "", at: float) -> Campaign: ...

    async def add_spend(self, campaign_id: str, more: Spend, *, at: float) -> None:
        """Add to what the campaign has used."""
        ...

    async def claim_campaign(self, campaign_id: str, owner: str, *, at: float, ttl: float) -> bool:
        """Conduct it for `ttl` seconds from now, or go on conducting it; False while another owner's lease lasts."""
        ...

    async def release_campaign(self, campaign_id: str, owner: str) -> None:
        """Let another conduct it."""
        ...

    async def conductors(self, *, at: float) -> list[tuple[str, str]]:
        """Every campaign that is held at `at`, with its owner."""
        ...

    async def set_campaign_caps(self, campaign_id: str, caps: Caps, *, at: float) -> Campaign:
        """Where it is to stop from now on."""
        ...

    async def resumable_campaigns(self, *, at: float) -> list[str]:
        """Running campaigns that nobody conducts, oldest first."""
        ...

    async def waiting_cells(self, campaign_id: str, *, limit: int) -> list[Cell]:
        """The next ones of the plan that have no run."""
        ...

    async def start_cells(
        self, campaign_id: str, begun: Sequence[tuple[int, str, Scenario]], *, at: float, player_version: str
    ) -> list[int]:
        """Make the runs (index, run id, scenario) and tie each to its cell, both or neither; the indexes that were still waiting."""
        ...

    async def started_cells(self, campaign_id: str) -> list[tuple[Cell, str]]:
        """Those with a run and no line, and the run's id."""
        ...

    async def finish_cell(self, campaign_id: str, line: ConversationLine, spent: Spend, *, at: float) -> bool:
        """Keep what came of a started cell and add what it used; False, and nothing changed, when it is done already."""
        ...

    async def reopen_cells(self, campaign_id: str, indexes: Sequence[int], *, at: float) -> int:
        """Let these done cells wait again, without run and line; how many there were. What they used stays counted."""
        ...

    async def judge_cells_again(self, campaign_id: str, indexes: Sequence[int], *, at: float, versions: Mapping[str, str]) -> int:
        """Let these done cells be started ones again, with their run; how many there were. Their lines are kept aside until
        `finish_cell` puts new ones in their place. The campaign's versions are `versions` from now on."""
        ...

    async def cells_to_judge(self, campaign_id: str) -> list[tuple[Cell, JudgeAgain]]:
        """Those of the started cells that are only to be judged again, in the plan's order."""
        ...

    async def campaign_lines(self, campaign_id: str, *, offset: int = 0, limit: int | None = None) -> list[ConversationLine]:
        """Of the conversations that are done, in the plan's order; `limit` of them behind the first `offset`."""
        ...

    async def campaign_progress(self, campaign_id: str) -> CampaignProgress: ...

    async def set_baseline(self, name: str, campaign_id: str, *, at: float) -> None:
        """From now on `name` means this campaign."""
        ...

    async def baseline(self, name: str) -> str | None:
        """The id of the campaign that `name` means, or None."""
        ...


class Store(CallLog, CampaignStore, Protocol):
    """Everything that is kept. When a call returns, what it wrote is on disk. Every method may raise StoreError."""

    # ---- runs and their events
    async def create_run(
        self, run_id: str, scenario: Scenario, *, at: float, idempotency_key: str | None = None, player_version: str = ""
    ) -> RunRecord:
        """A new queued run; with a key that was used before, the run that it started. Raises Conflict when the key was
        used for another scenario."""
        ...

    async def run(self, run_id: str) -> RunRecord | None: ...

    async def runs(self, wanted: RunFilter = ANY_RUN, *, limit: int = 20, before: tuple[float, str] | None = None) -> list[RunRecord]:
        """Those that fit, newest first, after the key (created_at, id) of the last row of the page before."""
        ...

    async def count_runs(self, wanted: RunFilter = ANY_RUN) -> int: ...

    async def claim(self, run_id: str, owner: str, *, at: float, ttl: float) -> Lease | None:
        """Take the run for `ttl` seconds: a lease with a new fence, or None while another owner's lease lasts or the
        run is finished. The same owner may claim again."""
        ...

    async def renew(self, lease: Lease, *, at: float, ttl: float) -> Lease:
        """The same lease for longer. Raises Fenced when another owner has taken over."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give the run back; nothing happens when another owner has it."""
        ...

    async def append(self, lease: Lease, events: Sequence[Event], *, first_seq: int, at: float) -> None:
        """Append events `first_seq`, `first_seq + 1`, ... Raises Fenced when the lease is not the newest, Conflict when
        `first_seq` is not the next."""
        ...

    async def finish(self, lease: Lease, *, ending: str, at: float, played: Played | None = None) -> None:
        """Mark the run finished and keep what was played. A second time changes nothing. Raises Fenced like `append`."""
        ...

    async def played(self, run_id: str) -> Played | None:
        """What was kept when the run finished; None for one that is under way, or that ended by a fault of ours."""
        ...

    async def events(self, run_id: str, *, from_seq: int = 0) -> list[StoredEvent]: ...

    async def unfinished(self, *, at: float, since: float) -> list[str]:
        """Runs created after `since` that are not finished and that nobody holds at `at`, oldest first; without those played by hand."""
        ...

    async def request_cancel(self, run_id: str, *, at: float) -> bool:
        """Ask whoever holds the run to cancel it: every lease on it says so from now on. False when the run is finished
        or there is none."""
        ...

    async def holders(self, *, at: float) -> list[str]:
        """The owners whose leases on unfinished runs last at `at`, each once, sorted."""
        ...

    async def expire(self, owner: str, *, at: float) -> int:
        """End every lease of an owner that is known to be dead; how many there were. Its fences stay refused once
        another owner has claimed."""
        ...

    # ---- documents
    async def put_document(
        self, kind: DocumentKind, id: str, body: JsonObject, *, at: float, expect_version: int | None = None
    ) -> Document:
        """A new version of a document (version 1 for a new id), or the present one when the content is the same, whatever
        was expected. An archived one stays archived. Raises Conflict when `expect_version` is not the newest (0: must not exist)."""
        ...

    async def document(self, kind: DocumentKind, id: str, *, version: int | None = None) -> Document | None:
        """The newest version, or the one asked for."""
        ...

    async def documents(self, kind: DocumentKind, *, archived: bool = False) -> list[Document]:
        """The newest version of each, by id; archived ones only when asked."""
        ...

    async def archive_document(self, kind: DocumentKind, id: str, *, archived: bool, at: float) -> bool:
        """Hide it from lists or bring it back; False when there is no such id."""
        ...

    # ---- verdicts
    async def put_verdict(self, verdict: Verdict, *, after: int | None = None) -> bool:
        """Store a verdict and make its outcome that of the run. The same id again replaces nothing.

        With `after`, only when the run has exactly so many verdicts by now: whoever decided by those decides anew. Whether it was stored.
        """
        ...

    async def verdicts(self, run_id: str) -> list[Verdict]:
        """Oldest first."""
        ...

    # ---- queries
    async def put_queries(self, queries: Sequence[Query], *, at: float) -> int:
        """Store a batch; an id that exists is left as it is. How many were new."""
        ...

    async def queries(
        self, *, batch: str | None = None, review: ReviewState | None = None, limit: int = 50, offset: int = 0
    ) -> list[Query]:
        """In the order in which they were stored."""
        ...

    async def query(self, query_id: str) -> Query | None: ...

    async def count_queries(self, *, batch: str | None = None, review: ReviewState | None = None) -> int: ...

    async def review_query(
        self, query_id: str, *, review: ReviewState, reason: str = "", text: str | None = None, at: float
    ) -> Query | None:
        """Set the review state (`edited` needs `text`; the text before is kept as `original`); None when there is none."""
        ...

    async def save_queries(self, queries: Sequence[Query], *, at: float) -> None:
        """Store these as they are, new or in the place of those with the same ids; all of them or none."""
        ...

    async def aclose(self) -> None:
        """Finish what is queued and close. May be called twice."""
        ...


# ---------------------------------------------------------------- models


class LLMRequest(Value):
    """One call of a model."""

    role: ModelRoleName
    system: tuple[str, ...]
    """Parts, the most stable first: what does not change between the calls of a conversation or a batch."""
    messages: tuple[ModelMessage, ...]
    stable: int = 0
    """How many of the messages will be sent again unchanged with the next call: an adapter marks the end of them for caching."""
    output: OutputForm = "text"
    json_schema: JsonObject | None = None
    """For `schema`."""
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 1024
    """Room for the answer itself; an adapter adds room for the reasoning of models that reason."""
    temperature: float | None = None
    seed: int | None = None
    made_for: CallFor = CallFor()


class Completion(Value):
    """What a model answered."""

    text: str
    tool_calls: tuple[ModelToolCall, ...] = ()
    model: str
    """As the provider names it in its answer."""
    finish: Finish
    usage: ModelUsage = ModelUsage()
    latency_ms: float = 0.0
    attempts: int = 1
    """Calls that it took, this one included."""


class LLM(Protocol):
    """A model behind an API. A small face: retry, limits, records and replay are wrappers with the same one."""

    @property
    def name(self) -> str:
        """`provider:model`, as configured: `anthropic:claude-haiku-4-5`."""
        ...

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """The forms that it may hold to, strictest first; always ends with `text`."""
        ...

    async def complete(self, request: LLMRequest) -> Completion:
        """Its answer. A truncated, refused or empty answer is an answer, told apart by `finish`. Raises ModelError when there is none."""
        ...

    async def aclose(self) -> None:
        """Free connections. May be called twice."""
        ...

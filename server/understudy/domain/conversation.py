"""The words of a conversation: turns, replies, what the user heard, the ledger, directions, moves, endings.

target reply -> Heard -> Ledger -> Direction -> (a player puts it in words) -> Move -> target
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from understudy.domain.goal import PlayerGoal
from understudy.domain.persona import Disclosure, Persona, TriggerAction
from understudy.domain.value import Json, JsonObject, Slug, Value

__all__ = [
    "Act",
    "AskPlayer",
    "Attempt",
    "Brief",
    "Direction",
    "Effect",
    "Ended",
    "Ending",
    "EndingCause",
    "EndingKind",
    "Event",
    "FactEntry",
    "FailureKind",
    "GoalEntry",
    "GoalStatus",
    "GoalUpdate",
    "Heard",
    "Ledger",
    "Move",
    "MoveKind",
    "Opened",
    "PlayerFailed",
    "PlayerMoved",
    "Reply",
    "SendToTarget",
    "Stopped",
    "TargetFailed",
    "TargetFailure",
    "TargetReplied",
    "ToolCall",
    "Turn",
]

# ---------------------------------------------------------------- what a target answers


class ToolCall(Value):
    """A tool call that the target reports."""

    name: str
    arguments: Json = None
    result: Json = None


FailureKind = Literal[
    "refused",
    "unreachable",
    "tls",
    "timeout",
    "reset",
    "http_4xx",
    "http_5xx",
    "wrong_shape",
    "crashed",
    "rubbish",
    "empty",
    "not_configured",
    "lost_session",
]
"""lost_session: the target keeps the history itself, and what it knew of the conversation went away with a process."""


class Attempt(Value):
    """A call that failed before one succeeded, or before the target was given up."""

    kind: FailureKind
    detail: str
    seconds: float


class Reply(Value):
    """What the target answered. Its text is untrusted data."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    state: JsonObject | None = None
    """The state that the target exposes for checks, if it does."""
    session: str | None = None
    """A session id to hand back with the next call, for targets that keep their own history."""
    handed_off: bool = False
    """The target says, by a flag, a tool or a configured pattern, that a human takes over."""
    closed: bool = False
    """The target says that it has ended the conversation."""
    latency_ms: float = 0.0
    lag_ms: float = 0.0
    """How much of that may have been our own, because the process could not run meanwhile."""
    attempts: tuple[Attempt, ...] = ()
    """Failed attempts before this answer."""


class TargetFailure(Value):
    """The target gave no answer: what was tried, and what came of it."""

    kind: FailureKind
    detail: str
    """One sentence that names the address or command."""
    attempts: tuple[Attempt, ...] = ()
    stderr: str = ""


# ---------------------------------------------------------------- what the user hears


class Act(StrEnum):
    """What an agent does in a reply, as the user takes it."""

    GREETS = "greets"
    ASKS_KNOWN = "asks_known"
    ASKS_UNKNOWN = "asks_unknown"
    ASKS_OTHER = "asks_other"
    """A question about nothing that the user's sheet names."""
    ASKS_TO_CONFIRM = "asks_to_confirm"
    OFFERS_OPTIONS = "offers_options"
    INFORMS = "informs"
    CONFIRMS = "confirms"
    REFUSES = "refuses"
    HANDS_OFF = "hands_off"
    REDIRECTS = "redirects"
    """Sends the user elsewhere: another number, a website, a branch."""
    STALLS = "stalls"
    REPEATS_ITSELF = "repeats_itself"
    ASKS_AGAIN = "asks_again"
    """Asks for something that the user has already said."""
    CHANGES_SUBJECT = "changes_subject"
    MISUNDERSTANDS = "misunderstands"
    TAKES_BACK = "takes_back"
    RUDE = "rude"
    APOLOGISES = "apologises"
    ACKNOWLEDGES = "acknowledges"
    IGNORES = "ignores"
    """Passes over a question that the user put in their last message."""
    NO_OPTIONS = "no_options"
    SAYS_NOTHING = "says_nothing"
    BREAKS = "breaks"
    """An error message, a stack trace, markup or JSON where words were due."""
    CLOSES = "closes"
    OFFERS_MORE = "offers_more"
    """Asks whether there is anything else."""
    WRONG_LANGUAGE = "wrong_language"


class Heard(Value):
    """What the user takes from a reply."""

    acts: tuple[Act, ...] = ()
    asked: tuple[Slug, ...] = ()
    """Known facts that the agent asked for."""
    asked_unknown: tuple[Slug, ...] = ()
    options: tuple[str, ...] = ()
    """Alternatives that the agent offered, in its words."""
    met: tuple[Slug, ...] = ()
    """Sub-goals that this reply confirms or answers."""
    attempted: tuple[Slug, ...] = ()
    refused: tuple[Slug, ...] = ()
    taken_back: tuple[Slug, ...] = ()
    mistaken: tuple[Slug, ...] = ()
    """Facts that the agent has wrong: an old value, or another one than was said."""
    ignored: tuple[Slug, ...] = ()
    """Sub-goals that the user's last message brought up and the reply passes over."""
    language: str | None = None

    def has(self, *acts: Act) -> bool:
        """Whether any of `acts` was heard."""
        return any(act in self.acts for act in acts)


# ---------------------------------------------------------------- the ledger

GoalStatus = Literal["unsaid", "asked", "attempted", "met", "refused"]


class GoalEntry(Value):
    """Where one sub-goal stands, as the user sees it."""

    id: Slug
    status: GoalStatus = "unsaid"
    side: bool = False
    asked: int = 0
    """How many user turns brought it up."""
    in_vain: int = 0
    """How many of those got nothing useful."""
    changed_at: int | None = None
    """Transcript index of the turn that last changed the status."""


class FactEntry(Value):
    """Where one fact stands."""

    name: Slug
    value: str
    disclose: Disclosure
    said_at: int | None = None
    """Transcript index of the user turn that last said the current value; None while unsaid."""
    old_values: tuple[str, ...] = ()
    """Values that a complication has replaced."""


class Ledger(Value):
    """The user's account of the conversation."""

    goals: tuple[GoalEntry, ...]
    facts: tuple[FactEntry, ...]
    complications: tuple[Slug, ...] = ()
    """Those that have come in."""
    triggers: tuple[Slug, ...] = ()
    """Those that have fired."""

    def goal(self, id: str) -> GoalEntry | None:
        """The entry of a sub-goal, or None."""
        return next((g for g in self.goals if g.id == id), None)

    def fact(self, name: str) -> FactEntry | None:
        """The entry of a fact, or None."""
        return next((f for f in self.facts if f.name == name), None)

    @property
    def satisfied(self) -> bool:
        """Every step (side goals apart) is met."""
        return all(g.status == "met" for g in self.goals if not g.side)


# ---------------------------------------------------------------- what the player is told, and says

MoveKind = Literal["continue", "satisfied", "gave_up", "asks_for_human", "will_call_back", "out_of_scope"]


class Direction(Value):
    """The stage direction of one user turn: what to do, never in which words."""

    stage: Literal["opening", "middle", "closing"] = "middle"
    move: MoveKind = "continue"
    """What the agenda would do; a player with a mind of its own may move otherwise."""
    answer: tuple[Slug, ...] = ()
    """Facts to state because the agent asked."""
    volunteer: tuple[Slug, ...] = ()
    """Facts to state unasked."""
    withhold: tuple[Slug, ...] = ()
    """Facts that the agent asked for and the user will not say."""
    admit_unknown: tuple[Slug, ...] = ()
    bring_up: tuple[Slug, ...] = ()
    """Sub-goals to bring up for the first time."""
    ask_again: tuple[Slug, ...] = ()
    correct: tuple[Slug, ...] = ()
    """Facts to put right."""
    choose: str | None = None
    """The option to take, in the agent's words."""
    affirm: bool | None = None
    """Answer to a yes/no question; None when none was put."""
    complication: Slug | None = None
    trigger: Slug | None = None
    """The trigger that fires with this message."""
    trigger_action: TriggerAction | None = None
    change_mind: bool = False
    """Say another wish first and take it back within the sentence."""
    tangent: bool = False
    """Add something beside the point."""
    show_frustration: bool = False
    not_understood: bool = False
    """Say that the last answer made no sense or was in another language."""
    thank: bool = False
    reason: str = ""
    """Why, for the record; never shown to the target."""


class Brief(Value):
    """All that a player gets: who it is, what it wants, what was said, what to do now. No criterion can be in it."""

    persona: Persona
    goal: PlayerGoal
    turns: tuple[Turn, ...]
    ledger: Ledger
    heard: Heard | None
    """None before the agent has said anything."""
    direction: Direction
    frustration: int
    """0 to 5."""
    number: int
    """The user turn about to be made, counted from 1."""
    seed: int
    attempt: int = 1
    """2 and more after the guard refused a message."""
    complaint: str | None = None
    """Why it was refused."""


class GoalUpdate(Value):
    """A player's own view of a sub-goal's status."""

    id: Slug
    status: GoalStatus


class Move(Value):
    """What a player decides: only `message` reaches the target."""

    kind: MoveKind = "continue"
    message: str
    goal_updates: tuple[GoalUpdate, ...] = ()
    disclosed: tuple[Slug, ...] = ()
    note: str = ""


# ---------------------------------------------------------------- turns and endings


class Turn(Value):
    """One message of the transcript, with what is known about it."""

    index: int
    """0-based position in the transcript."""
    role: Literal["user", "agent"]
    text: str
    at: float
    """Seconds since the conversation was opened."""
    move: MoveKind | None = None
    direction: Direction | None = None
    disclosed: tuple[Slug, ...] = ()
    rejected: tuple[str, ...] = ()
    """The guard's reasons for refusing earlier versions of this message."""
    frustration: int = 0
    reply: Reply | None = None
    """For agent turns: the whole answer."""
    heard: Heard | None = None


EndingKind = Literal[
    "goal_reached",
    "gave_up",
    "asked_for_human",
    "called_back_later",
    "handed_off",
    "out_of_scope",
    "turn_limit",
    "time_limit",
    "budget",
    "cancelled",
    "target_failed",
    "simulator_failed",
]
EndingCause = Literal["user", "agent", "limit", "caller", "target", "simulator"]


class Ending(Value):
    """How a conversation ended and who caused it."""

    kind: EndingKind
    cause: EndingCause
    detail: str = ""
    failure: TargetFailure | None = None


# ---------------------------------------------------------------- events and effects of the step machine


class Opened(Value):
    """The conversation begins."""

    event: Literal["opened"] = "opened"


class PlayerMoved(Value):
    """The player decided."""

    event: Literal["player_moved"] = "player_moved"
    move: Move
    at: float
    """Seconds since the conversation was opened."""


class PlayerFailed(Value):
    """The player could not decide: the simulator's own fault."""

    event: Literal["player_failed"] = "player_failed"
    detail: str
    at: float


class TargetReplied(Value):
    """The target answered."""

    event: Literal["target_replied"] = "target_replied"
    reply: Reply
    at: float


class TargetFailed(Value):
    """The target gave no answer."""

    event: Literal["target_failed"] = "target_failed"
    failure: TargetFailure
    at: float


class Stopped(Value):
    """Somebody or some limit outside stopped it."""

    event: Literal["stopped"] = "stopped"
    why: Literal["cancelled", "time_limit", "budget"]
    detail: str = ""
    at: float


Event = Annotated[Opened | PlayerMoved | PlayerFailed | TargetReplied | TargetFailed | Stopped, Field(discriminator="event")]


class AskPlayer(Value):
    """Have the player decide on this brief."""

    effect: Literal["ask_player"] = "ask_player"
    brief: Brief


class SendToTarget(Value):
    """Send the last user turn (or, with no turns yet, ask the agent to open)."""

    effect: Literal["send_to_target"] = "send_to_target"
    text: str | None
    """The user's words; None asks an agent that speaks first for its opening."""
    last_words: bool = False


class Ended(Value):
    """Nothing more to do."""

    effect: Literal["ended"] = "ended"
    ending: Ending


Effect = AskPlayer | SendToTarget | Ended

Brief.model_rebuild()

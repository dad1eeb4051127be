"""What the conversation tests share: a persona, a goal, and an ear that hears what a reply says it should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from understudy.domain.conversation import (
    AskPlayer,
    Brief,
    Direction,
    Event,
    Heard,
    Ledger,
    Move,
    PlayerMoved,
    Reply,
    TargetReplied,
    Turn,
)
from understudy.domain.goal import Complication, Goal, PlayerGoal, SubGoal, When
from understudy.domain.persona import Intents, Persona
from understudy.domain.scenario import Limits, Scenario
from understudy.simulation.conversation import Conversation, advance, pending, start

MOVE = SubGoal(id="move", say="I want to move my check-up to another day", needs=("day",))
BILL = SubGoal(id="bill", say="Why was my last bill so high?", kind="question")
PARKING = SubGoal(id="parking", say="Is there parking at the clinic?", kind="question")


def make_persona(**changes: Any) -> Persona:
    base: dict[str, Any] = {
        "id": "maria",
        "name": "Maria",
        "company": "Lakeside",
        "profile": "I work in an office near the river. I have two children.",
        "intents": Intents(primary="I want to move my check-up"),
        "patience": 5,
        "frustration_threshold": 3,
    }
    return Persona.model_validate(base | changes)


def make_goal(**changes: Any) -> Goal:
    base: dict[str, Any] = {
        "id": "reschedule",
        "title": "Move the check-up",
        "steps": (MOVE,),
        "known": {"day": "Friday", "name": "Maria Chen", "pin": {"value": "7741", "disclose": "never"}},
        "unknown": ["referral_code"],
    }
    return Goal.model_validate(base | changes)


def make_scenario(persona: Persona | None = None, goal: Goal | None = None, **changes: Any) -> Scenario:
    return Scenario(persona=persona or make_persona(), goal=goal or make_goal(), target="clinic", **changes)


def hear(reply: Reply, *, persona: Persona, goal: PlayerGoal, ledger: Ledger, turns: tuple[Turn, ...]) -> Heard:
    """Hears what the reply's state says is heard in it."""
    return Heard.model_validate((reply.state or {}).get("heard", {}))


def says(text: str = "Well then.", at: float = 1.0, **heard: Any) -> TargetReplied:
    """The target answers; `heard` is what the user takes from it, and `handed_off`, `closed`, `session` are the reply's own."""
    own = {k: heard.pop(k) for k in ("handed_off", "closed", "session") if k in heard}
    return TargetReplied(reply=Reply(text=text, state={"heard": heard}, **own), at=at)


def _words(n: int) -> str:
    return "".join("abcdefghij"[int(c)] for c in str(n))


def obey(state: Conversation, message: str | None = None, at: float = 1.0) -> PlayerMoved:
    """The player does what its direction says, in words that it has not used before."""
    effect = pending(state)
    assert isinstance(effect, AskPlayer), effect
    words = f"So, {_words(effect.brief.number)} it is, please." if message is None else message
    return PlayerMoved(move=Move(kind=effect.brief.direction.move, message=words), at=at)


class Talk:
    """A conversation with an obedient player, one reply of the agent at a time."""

    def __init__(self, scenario: Scenario) -> None:
        self.events: list[Event] = []
        self.state = start(scenario)
        self.directions: list[Direction] = []
        self._speak()

    def _speak(self) -> None:
        while self.state.ending is None and self.state.awaiting == "player":
            self.directions.append(self.brief.direction)
            self.take(obey(self.state))

    def take(self, event: Event) -> None:
        self.events.append(event)
        self.state, _ = advance(self.state, event, hear)

    def agent(self, text: str = "", **heard: Any) -> Direction | None:
        """The agent answers and the user makes their next turn: its direction, or None when there was none."""
        before = len(self.directions)
        self.take(says(text or f"Reply {_words(len(self.events))}.", **heard))
        self._speak()
        return self.directions[-1] if len(self.directions) > before else None

    @property
    def brief(self) -> Brief:
        effect = pending(self.state)
        assert isinstance(effect, AskPlayer)
        return effect.brief

    @property
    def opening(self) -> Direction:
        return self.directions[0]

    @property
    def ending(self) -> str | None:
        return self.state.ending.kind if self.state.ending else None

    def status(self, id: str) -> str:
        entry = self.state.ledger.goal(id)
        assert entry is not None
        return entry.status


def over_seeds(build: Callable[[int], bool], seeds: Sequence[int] = range(40)) -> int:
    """In how many of the seeds something happens."""
    return sum(build(seed) for seed in seeds)


def later(id: str = "later", **changes: Any) -> Complication:
    base: dict[str, Any] = {"id": id, "say": "Oh, it has to be Monday now", "when": When(turn=2), "changes": {"day": "Monday"}}
    return Complication.model_validate(base | changes)


__all__ = [
    "BILL",
    "MOVE",
    "PARKING",
    "Limits",
    "Talk",
    "hear",
    "later",
    "make_goal",
    "make_persona",
    "make_scenario",
    "obey",
    "over_seeds",
    "says",
]

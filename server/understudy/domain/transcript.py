"""A transcript: a conversation as it is stored, read and judged."""

from __future__ import annotations

from typing import Literal

from understudy.domain.conversation import Ending, Ledger, Turn
from understudy.domain.scenario import Scenario
from understudy.domain.value import Value

__all__ = ["Played", "RunStatus", "Transcript"]

RunStatus = Literal["queued", "running", "finished"]


class Played(Value):
    """What was played, as it stood at the end. Kept beside the events, so that a newer version of the rules, which would replay
    them otherwise, does not change an old transcript."""

    turns: tuple[Turn, ...]
    ledger: Ledger
    ending: Ending


class Transcript(Value):
    """One conversation, finished or under way."""

    run_id: str
    scenario: Scenario
    turns: tuple[Turn, ...]
    ledger: Ledger
    ending: Ending | None
    """None while it is under way."""
    started_at: float
    """Seconds since the epoch."""
    player_version: str = ""
    resumed: int = 0
    """How often it was taken up again after its process went away."""

    def text_of(self, turn: int) -> str:
        """The words of turn `turn`. Raises IndexError outside the transcript."""
        return self.turns[turn].text

    @property
    def agent_turns(self) -> tuple[Turn, ...]:
        return tuple(t for t in self.turns if t.role == "agent")

    @property
    def user_turns(self) -> tuple[Turn, ...]:
        return tuple(t for t in self.turns if t.role == "user")

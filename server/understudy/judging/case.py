"""A transcript laid out for the checks: agent turns by position, facts, states, tool calls, claims.

Positions are places in the transcript, which is what evidence cites; the turns' own `index` is not trusted to agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from understudy.domain.conversation import Act, Heard, Reply, ToolCall, Turn
from understudy.domain.goal import SubGoal
from understudy.domain.transcript import Transcript
from understudy.domain.value import JsonObject
from understudy.domain.verdict import Evidence

__all__ = ["EXCERPT_CHARS", "Case", "Placed", "excerpt"]

EXCERPT_CHARS = 160
"""The longest quote that is cut from a turn when the check itself points at no words."""

_STILL_AT_IT = (Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_OTHER, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS, Act.STALLS, Act.REFUSES)
"""Acts beside which a confirmation concerns a detail (`I have noted your name`) and not the matter itself."""


@dataclass(frozen=True)
class Placed:
    """A turn and its 0-based position in the transcript."""

    at: int
    turn: Turn

    @property
    def text(self) -> str:
        return self.turn.text

    @property
    def reply(self) -> Reply | None:
        return self.turn.reply

    @property
    def blank(self) -> bool:
        return not self.turn.text.strip()


@dataclass(frozen=True)
class Case:
    """One conversation as the checks see it."""

    transcript: Transcript

    @cached_property
    def agent(self) -> tuple[Placed, ...]:
        return tuple(Placed(i, t) for i, t in enumerate(self.transcript.turns) if t.role == "agent")

    @cached_property
    def goodbyes(self) -> frozenset[int]:
        """Positions of what the agent said to a user who was leaving."""
        turns = self.transcript.turns
        parting = ("satisfied", "gave_up", "will_call_back", "out_of_scope")
        return frozenset(i for i in range(1, len(turns)) if turns[i].role == "agent" and turns[i - 1].move in parting)

    @cached_property
    def user(self) -> tuple[Placed, ...]:
        return tuple(Placed(i, t) for i, t in enumerate(self.transcript.turns) if t.role == "user")

    @cached_property
    def facts(self) -> dict[str, str]:
        """The facts' current values by name."""
        return {f.name: f.value for f in self.transcript.ledger.facts}

    @cached_property
    def states(self) -> tuple[tuple[Placed, JsonObject], ...]:
        """Every state that the target exposed, with the turn that came with it."""
        return tuple((p, p.reply.state) for p in self.agent if p.reply is not None and p.reply.state is not None)

    @cached_property
    def tool_calls(self) -> tuple[tuple[Placed, ToolCall], ...]:
        return tuple((p, call) for p in self.agent if p.reply is not None for call in p.reply.tool_calls)

    @cached_property
    def subgoals(self) -> dict[str, SubGoal]:
        """The goal's sub-goals by id, those that complications add included."""
        goal = self.transcript.scenario.goal
        added = tuple(c.adds for c in goal.complications if c.adds is not None)
        return {s.id: s for s in (*goal.steps, *goal.side, *added)}

    @cached_property
    def claims(self) -> tuple[Placed, ...]:
        """Agent turns that say something is done, those before the agent took its word back left out."""
        claims: list[Placed] = []
        for placed in self.agent:
            heard = placed.turn.heard
            if heard is None:
                continue
            if heard.taken_back or heard.has(Act.TAKES_BACK):
                claims.clear()
            elif any(self._is_action(id) for id in heard.met) or _confirms_alone(heard):
                claims.append(placed)
        return tuple(claims)

    def _is_action(self, subgoal: str) -> bool:
        known = self.subgoals.get(subgoal)
        if known is None:
            # A persona's side intents are not in the goal; an answer to one ("Is there parking?") claims nothing done.
            entry = self.transcript.ledger.goal(subgoal)
            return entry is None or not entry.side
        return known.kind == "action"

    def cite(self, at: int, quote: str | None = None) -> Evidence:
        """Evidence from the turn at position `at`: `quote`, or the start of its words."""
        return Evidence(turn=at, quote=excerpt(self.transcript.turns[at].text) if quote is None else quote)

    def cite_loss(self) -> tuple[Evidence, ...]:
        """The first agent turn that passed over, or refused, a step that was never met; empty when there is none."""
        open_steps = {g.id for g in self.transcript.ledger.goals if not g.side and g.status != "met"}
        for placed in self.agent:
            heard = placed.turn.heard
            if heard is not None and not placed.blank and open_steps & {*heard.ignored, *heard.refused}:
                return (self.cite(placed.at),)
        return ()

    def cite_end(self) -> tuple[Evidence, ...]:
        """The claim that the conversation rests on, else the agent's last words: what there is to show when something is missing."""
        last = (self.claims or self.agent)[-1:]
        return tuple(self.cite(p.at) for p in last)


def _confirms_alone(heard: Heard) -> bool:
    """Whether a confirmation stands for the matter itself: no question goes with it, and it is not the answer to one."""
    return heard.has(Act.CONFIRMS) and not heard.has(*_STILL_AT_IT) and not heard.met


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """The start of `text` up to the end of a word, as an exact substring of it."""
    stripped = text.strip()
    if len(stripped) <= limit:
        return stripped
    cut = stripped[:limit]
    return cut[: cut.rfind(" ")].rstrip() if " " in cut[limit // 2 :] else cut

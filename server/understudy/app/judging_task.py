"""What a caller is given to judge, a page at a time: values only, so that listing the tools reads no judging."""

from __future__ import annotations

from understudy.domain.value import JsonObject, Value

__all__ = ["JudgingTask", "NumberedTurn"]


class NumberedTurn(Value):
    """One turn to judge; an agent's words, and what its system reported, are untrusted."""

    turn: int
    user: str | None = None
    untrusted_agent_text: str | None = None
    untrusted_evidence: list[str] | None = None
    """Tool calls with their answers, and state."""


class JudgingTask(Value):
    """One page of what a caller is to judge. The criteria and the case are on the first."""

    judging_id: str
    """To be handed in with the judgement: it ties it to this run and this rubric."""
    rules: str | None = None
    criteria: list[JsonObject] | None = None
    case: JsonObject | None = None
    company: str | None = None
    turns: list[NumberedTurn]
    total_turns: int
    next_turn: int | None = None
    """Ask for the next page with it as `from_turn`; judge when there is none."""
    transcript_uri: str
    """Every word, where a turn is cut here."""
    submit: JsonObject | None = None
    """The shape to hand in."""

"""A conversation on paper for whoever judges it with a mind: numbered turns, and apart from them what tools and state said.

An agent's words cannot pretend to be another turn (only turns begin at the margin), nor a tool's answer (those are JSON on one line).
"""

from __future__ import annotations

import json

from understudy.domain.conversation import Reply, Turn
from understudy.domain.transcript import Transcript
from understudy.domain.value import Json, Value

__all__ = ["LONGEST_TURN", "Paper", "on_paper", "reported"]

LONGEST_TURN = 8_000
"""Characters of one turn's words that are shown."""
LONGEST_EVIDENCE = 1_500
"""Characters of one tool call's arguments, of its result, or of one state."""
MOST_CALLS = 20
"""Tool calls of one turn that are shown."""
_SET_IN = "\n      "


class Paper(Value):
    """What is shown."""

    transcript: str
    evidence: str
    """Tool calls and states by turn; empty when the target reports none."""
    cut: tuple[int, ...]
    """Turns of which something is not shown."""


def on_paper(transcript: Transcript) -> Paper:
    """The whole conversation, each turn with its position."""
    said = [f"[{i}] {t.role}: {_indented(t.text)}" for i, t in enumerate(transcript.turns)]
    evidence = [line for i, t in enumerate(transcript.turns) if t.reply is not None for line in reported(t.reply, i)]
    cut = tuple(i for i, t in enumerate(transcript.turns) if _is_cut(t))
    return Paper(transcript="\n".join(said), evidence="\n".join(evidence), cut=cut)


def _indented(text: str) -> str:
    shown = text if len(text) <= LONGEST_TURN else text[:LONGEST_TURN] + " [cut here]"
    return _SET_IN.join(shown.splitlines()) or "(nothing)"


def reported(reply: Reply, at: int | None = None) -> list[str]:
    """What came with a reply beside its words, a line each: tool calls with their answers, state, a hand-over."""
    place = f"[{at}] " if at is not None else ""
    lines = [
        f"{place}tool {_json(call.name)} called with {_json(call.arguments)} answered {_json(call.result)}"
        for call in reply.tool_calls[:MOST_CALLS]
    ]
    if reply.state is not None:
        lines.append(f"{place}state {_json(reply.state)}")
    if reply.handed_off:
        lines.append(f"{place}handed over to a person")
    return lines


def _json(value: Json) -> str:
    text = " ".join(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).splitlines())
    return text if len(text) <= LONGEST_EVIDENCE else text[:LONGEST_EVIDENCE] + " [cut here]"


def _is_cut(turn: Turn) -> bool:
    if len(turn.text) > LONGEST_TURN:
        return True
    reply = turn.reply
    if reply is None:
        return False
    if len(reply.tool_calls) > MOST_CALLS:
        return True
    shown = [part for call in reply.tool_calls for part in (call.name, call.arguments, call.result)]
    return any(_json(part).endswith(" [cut here]") for part in (*shown, reply.state))

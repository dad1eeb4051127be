"""A player that says given lines, or what the user of a recorded conversation said."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.domain.conversation import Brief, Move
from understudy.domain.transcript import Transcript

__all__ = ["ScriptPlayer"]

_GOODBYE = {"de": "Danke, das war alles von meiner Seite.", "es": "Gracias, eso es todo por mi parte."}
_GOODBYE_ELSE = "Thanks, that was everything from my side."


class ScriptPlayer:
    """Says its lines in order, whatever the agent answers, and is satisfied with the last one.

    Blank lines are left out. Asked for more than it has, it says goodbye and gives up.
    """

    version = "script/1"

    def __init__(self, lines: Iterable[str]) -> None:
        said = [line for line in lines if line.strip()]
        self._moves = [Move(kind="satisfied" if i == len(said) else "continue", message=line) for i, line in enumerate(said, start=1)]

    @classmethod
    def from_transcript(cls, transcript: Transcript) -> ScriptPlayer:
        """The user's lines of a recorded conversation, with the moves that were recorded with them."""
        turns = [t for t in transcript.user_turns if t.text.strip()]
        player = cls(t.text for t in turns)
        player._moves = [
            move.evolve(kind=turn.move or move.kind, disclosed=turn.disclosed) for move, turn in zip(player._moves, turns, strict=True)
        ]
        return player

    async def play(self, brief: Brief) -> Move:
        """The line for this user turn."""
        if brief.number <= len(self._moves):
            return self._moves[brief.number - 1]
        message = _GOODBYE.get(brief.persona.language[:2], _GOODBYE_ELSE)
        return Move(kind="gave_up", message=message, note="the script has no more lines")

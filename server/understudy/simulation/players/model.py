"""The player with a mind: a language model puts the stage direction into words."""

from __future__ import annotations

from understudy.domain.conversation import Brief, Move
from understudy.ports import LLM

__all__ = ["ModelPlayer"]


class ModelPlayer:
    """A Player on a language model."""

    def __init__(self, llm: LLM, *, run_id: str) -> None:
        self._llm, self._run_id = llm, run_id

    @property
    def version(self) -> str:
        """With the prompt's label and the model: `model/1 user/1#3fa2c19b anthropic:claude-haiku-4-5`."""
        return f"model/1 {self._llm.name}"

    async def play(self, brief: Brief) -> Move:
        """The model's move. Raises NoAnswer when it gives none."""
        raise NotImplementedError(brief.number)

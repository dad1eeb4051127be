"""The player with a mind: a language model puts the stage direction into words."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from understudy.domain.conversation import Brief, GoalStatus, GoalUpdate, Move, MoveKind
from understudy.domain.errors import UnderstudyError
from understudy.ports import LLM
from understudy.prompting.structured import NoAnswer, NoAnswerKind, ask
from understudy.simulation.ledger import all_subgoals
from understudy.simulation.players.model_prompt import prompt, request_for
from understudy.text.words import stems, tokens

__all__ = ["ModelPlayer", "NoMove", "version_of"]

_WHAT_TO_DO: dict[NoAnswerKind, str] = {
    "truncated": "Give `models.user` more room with `reasoning_tokens`, or take a model that reasons less.",
    "refused": "It will not play this persona: take another model for `models.user`, or a milder persona.",
    "empty": "Try another seed, or another model for `models.user`.",
    "malformed": "A small model may be too small for typed answers: take another one for `models.user`.",
    "unreachable": "Check `models.user` in understudy.yaml with `understudy doctor`, then run it again.",
}


def version_of(llm: LLM) -> str:
    """What a transcript records of this player: `model/1 user/1#3fa2c19b anthropic:claude-haiku-4-5`."""
    return f"model/1 {prompt().label} {llm.name}"


class NoMove(UnderstudyError):
    """The model of the simulated user gave no move: the simulator's failure, never the agent's."""

    code = "player_failed"

    def __init__(self, model: str, number: int, why: NoAnswer) -> None:
        self.kind: NoAnswerKind = why.kind
        super().__init__(f"{model} gave no move for user turn {number}: [{why.kind}] {why.detail} {_WHAT_TO_DO[why.kind]}")


class _Update(BaseModel):
    id: str
    status: GoalStatus


class _Answer(BaseModel):
    """The shape of an answer; the reasoning comes before what it leads to, and only `message` leaves."""

    model_config = ConfigDict(extra="ignore")

    thought: str | None = None
    message: str
    move: MoveKind
    goal_updates: list[_Update] = []
    disclosed: list[str] = []


class ModelPlayer:
    """A Player on a language model."""

    def __init__(self, llm: LLM, *, run_id: str) -> None:
        self._llm, self._run_id = llm, run_id

    @property
    def version(self) -> str:
        """With the prompt's label and the model: `model/1 user/1#3fa2c19b anthropic:claude-haiku-4-5`."""
        return version_of(self._llm)

    async def play(self, brief: Brief) -> Move:
        """The model's move. Raises NoMove when it gives none."""
        try:
            answer = await ask(self._llm, request_for(brief, run_id=self._run_id), _Answer)
        except NoAnswer as why:
            raise NoMove(self._llm.name, brief.number, why) from why
        return _move(answer.value, brief)


def _move(answer: _Answer, brief: Brief) -> Move:
    """The answer as a move. What the model claims to have said counts only where its words bear it out."""
    message = answer.message.strip()
    return Move(
        kind=answer.move,
        message=message,
        goal_updates=tuple(GoalUpdate(id=id, status="asked") for id in _raised(answer, brief)),
        disclosed=tuple(name for name in dict.fromkeys(answer.disclosed) if _states(message, name, brief)),
    )


def _raised(answer: _Answer, brief: Brief) -> list[str]:
    """Sub-goals that it says it raised, and whose matter is in the message."""
    language = brief.persona.language
    words = stems(answer.message, language)
    subgoals = all_subgoals(brief.persona, brief.goal, brief.ledger)
    claimed = dict.fromkeys(u.id for u in answer.goal_updates if u.status == "asked")
    return [id for id in claimed if id in subgoals and words & stems(subgoals[id].say, language)]


def _states(message: str, name: str, brief: Brief) -> bool:
    """Whether a part of the fact's value is in the message; people write dates and names in many ways."""
    fact = brief.ledger.fact(name)
    return fact is not None and bool(set(tokens(fact.value)) & set(tokens(message)))

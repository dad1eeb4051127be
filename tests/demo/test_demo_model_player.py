"""Conversations that a language model plays against both demo agents: what the guard and the audit make of good ones, and of bad ones.

The model is a fake that words the directions as the offline player does, so that every message is a good one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from understudy.demo.target import DemoTarget
from understudy.domain.conversation import Brief, Event, Move
from understudy.domain.persona import Persona
from understudy.domain.scenario import Scenario, implicit_goal
from understudy.domain.transcript import Transcript
from understudy.judging.audit.offline import audit
from understudy.library.library import Library
from understudy.ports import LLMRequest
from understudy.simulation.conversation import Conversation, start
from understudy.simulation.drive import drive
from understudy.simulation.players.model import ModelPlayer
from understudy.simulation.players.rules import RulesPlayer, word
from understudy.testing.fake_llm import FakeLLM

LIBRARY = Library(packs=(), topics=(), rubrics=())
AGENTS = (
    "demo-clinic",
    "demo-bank",
    "demo-bank+rude_to_caps",
    "demo-clinic+loses_detail_after_change",
    "demo-bank+answers_german_in_english",
    "demo-clinic+refuses_human",
)


class WordedByRules(ModelPlayer):
    """A model player whose model says what the offline player would."""

    def __init__(self) -> None:
        self.llm = FakeLLM(self._answer)
        super().__init__(self.llm, run_id="run_x")

    async def play(self, brief: Brief) -> Move:
        self._brief = brief
        return await super().play(brief)

    def _answer(self, _: LLMRequest) -> dict[str, Any]:
        move = word(self._brief)
        directed = (*self._brief.direction.bring_up, *self._brief.direction.ask_again)
        updates = [{"id": id, "status": "asked"} for id in directed]
        return {"message": move.message, "move": move.kind, "goal_updates": updates, "disclosed": list(move.disclosed)}


def scenarios(seeds: Sequence[int]) -> Iterator[Scenario]:
    for persona in LIBRARY.personas.values():
        for agent in AGENTS:
            for seed in seeds:
                yield scenario(persona, agent, seed)


def scenario(persona: Persona, agent: str, seed: int = 0, **changes: Any) -> Scenario:
    goal = LIBRARY.goals[persona.goal] if persona.goal else implicit_goal(persona)
    return Scenario(persona=persona, goal=goal, target=agent, seed=seed, **changes)


async def play(scenario: Scenario, player: ModelPlayer | RulesPlayer) -> Conversation:
    async def record(_: Sequence[Event]) -> None:
        return None

    target = DemoTarget(scenario.target, scenario.target.removeprefix("demo-"))
    return await drive(start(scenario), player, target, run_id="run_x", record=record, clock=lambda: 0.0)


def transcript(state: Conversation) -> Transcript:
    return Transcript(run_id="run_x", scenario=state.scenario, turns=state.turns, ledger=state.ledger, ending=state.ending, started_at=0.0)


def test_of_two_hundred_good_conversations_on_the_model_s_path_none_is_refused_or_invalid() -> None:
    wanted = [s.evolve(player="model", user_model="fake:model") for s in scenarios((1,))]

    async def all_of_them() -> list[Conversation]:
        return [await play(s, WordedByRules()) for s in wanted]

    played = asyncio.run(all_of_them())
    assert len(played) >= 200
    assert [t.rejected for state in played for t in state.turns if t.rejected] == []
    assert {state.ending.kind for state in played if state.ending} - {"simulator_failed"} == {s.ending.kind for s in played if s.ending}
    found = [audit(transcript(state)) for state in played]
    assert [f for a in found for f in a.findings if f.severity == "invalid"] == []


def test_of_two_hundred_conversations_of_the_offline_player_the_audit_calls_none_invalid() -> None:
    async def all_of_them() -> list[Conversation]:
        return [await play(s, RulesPlayer()) for s in scenarios((5,))]

    played = asyncio.run(all_of_them())
    assert len(played) >= 200
    assert [f for state in played for f in audit(transcript(state)).findings if f.severity == "invalid"] == []

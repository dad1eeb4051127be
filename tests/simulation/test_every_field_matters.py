"""R14, over whole conversations: every field of persona and goal changes what the user says, or, for the judge's half, the
verdict and only the verdict. Fields of the record (BOOKKEEPING) change neither."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from understudy.domain import goal as goal_module
from understudy.domain.conversation import Event, Reply
from understudy.domain.goal import Goal
from understudy.domain.persona import BOOKKEEPING, Noise, Persona
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.scenario import Scenario, implicit_goal
from understudy.domain.transcript import Transcript
from understudy.judging.judge import judge
from understudy.ports import TargetRequest
from understudy.simulation.conversation import Conversation, start
from understudy.simulation.drive import drive
from understudy.simulation.players.rules import RulesPlayer
from understudy.testing.fake_target import FakeTarget

PERSONA = Persona.model_validate(
    {
        "id": "base",
        "name": "Nora Falk",
        "company": "City Museum",
        "profile": "I have two small children with me. We came by train.",
        "sayings": ["Sorry, the kids are pulling at me."],
        "intents": {"primary": "I need tickets for the weekend.", "side": ["Is the pram a problem?"]},
        "traits": ["changes_mind"],
        "style": "verbose",
        "noise": {"tangents": 0.5},
        "knowledge": {"known": {"email": "nora@example.org"}, "unknown": ["member_number"]},
        "triggers": [{"id": "no", "when": "refuses", "then": "ask_for_human"}],
    }
)
GOAL = Goal.model_validate(
    {
        "id": "tickets",
        "title": "Tickets",
        "field": "museum",
        "steps": [
            {"id": "buy", "say": "I'd like two tickets for Sunday, please.", "answered_by": ["Sunday"], "needs": ["visit_day"]},
            {"id": "audio", "say": "And I want the audio guide.", "answered_by": ["audio guide"]},
        ],
        "side": [{"id": "lockers", "say": "Are there lockers?", "kind": "question", "answered_by": ["lockers"]}],
        "known": {"visit_day": "Sunday"},
        "unknown": ["voucher_code"],
        "complications": [{"id": "aunt", "say": "My aunt comes along too.", "when": {"turn": 3}}],
        "detours": ["I'd like the annual pass."],
        "settles_for": "resolution",
        "success": [{"id": "day", "description": "Sunday is named.", "check": {"check": "said", "any_of": ["Sunday"]}}],
    }
)
OTHER: dict[str, Any] = {
    "name": "Tomas Brandt",
    "company": "Harbour Aquarium",
    "profile": "I am retired and collect stamps. My knee hurts today.",
    "sayings": ["Well, blow me down."],
    "goal": "another-goal",
    "intents": {"primary": "Could I book a family visit?", "side": ["Do you sell umbrellas?"]},
    "traits": ["polite", "asks_why", "double_checks"],
    "emotion": "angry",
    "frustration_threshold": 1,
    "patience": 1,
    "language": "de",
    "register_": "slang",
    "dialect": "scottish",
    "fluency": "basic",
    "style": "terse",
    "clarity": "vague",
    "skill": "novice",
    "noise": Noise(typos=0.6, caps=0.5),
    "knowledge": {"known": {"email": "other@example.net"}, "unknown": ["visit_day"]},
    "triggers": [{"id": "no", "when": "refuses", "then": "give_up"}],
}
OTHER_GOAL: dict[str, Any] = {
    "steps": [{"id": "buy", "say": "Four seats for the lecture, please."}],
    "side": [{"id": "shop", "say": "When does the shop close?", "kind": "question"}],
    "known": {"visit_day": "Sunday", "email": "goal@example.com"},
    "unknown": ["email"],
    "complications": [{"id": "rain", "say": "It has begun to rain, so we come later.", "when": {"turn": 2}}],
    "detours": ["I'd like to donate a painting."],
    "settles_for": "refusal",
}
JUDGE_ONLY: dict[str, Any] = {
    "success": [{"id": "price", "description": "The price is named.", "check": {"check": "said", "any_of": ["24 euros"]}}],
    "expected": {"outcome": "handed_off", "escalation": "must"},
}
RUBRIC = Rubric(
    id="r", title="R", criteria=(Criterion.model_validate({"id": "done", "description": "d", "check": {"check": "completed"}}),)
)

HELPFUL = (
    "Welcome. What is your e-mail address?",
    "Thank you. Do you have a member number or a voucher code?",
    "Your tickets for Sunday are booked.",
    "The audio guide is added to your booking. Yes, there are lockers. Anything else?",
    "You are welcome, goodbye!",
)
REFUSING = ("I can't do that.", "Sorry, I cannot help with tickets.", "That is not possible.")
MUDDLED = ("I did not understand that.", "", "One moment, please.", "I did not understand that.", "Please call 555 0100 instead.")


async def play(persona: Persona, goal: Goal, replies: Sequence[str], seed: int) -> Conversation:
    async def record(_: Sequence[Event]) -> None:
        return None

    def answer(request: TargetRequest) -> Reply:
        so_far = sum(turn.role == "agent" for turn in request.turns)
        return Reply(text=replies[min(so_far, len(replies) - 1)], latency_ms=1.0)

    scenario = Scenario(persona=persona, goal=goal, target="fake", seed=seed)
    return await drive(start(scenario), RulesPlayer(), FakeTarget(answer), run_id="run_x", record=record, clock=lambda: 0.0)


def conversations(persona: Persona, goal: Goal) -> list[Conversation]:
    async def all_of_them() -> list[Conversation]:
        return [await play(persona, goal, replies, seed) for replies in (HELPFUL, REFUSING, MUDDLED) for seed in range(4)]

    return asyncio.run(all_of_them())


def words(persona: Persona, goal: Goal) -> list[list[str]]:
    return [[t.text for t in c.turns if t.role == "user"] for c in conversations(persona, goal)]


def differ(one: tuple[Persona, Goal], other: tuple[Persona, Goal], *, seeds: int = 40) -> bool:
    """Whether some conversation differs in what the user says."""

    async def look() -> bool:
        for seed in range(seeds):
            for replies in (HELPFUL, REFUSING, MUDDLED):
                a, b = [await play(*pair, replies, seed) for pair in (one, other)]
                if [t.text for t in a.turns if t.role == "user"] != [t.text for t in b.turns if t.role == "user"]:
                    return True
        return False

    return asyncio.run(look())


BASE = PERSONA.replace(goal="tickets")


def changed(persona: Persona, field: str) -> Persona:
    return Persona.model_validate({**{k: getattr(persona, k) for k in Persona.model_fields}, field: OTHER[field]})


def test_every_field_of_persona_and_goal_has_a_mutation_or_is_bookkeeping() -> None:
    assert set(OTHER) | BOOKKEEPING == set(Persona.model_fields)
    assert set(OTHER_GOAL) | set(JUDGE_ONLY) | goal_module.BOOKKEEPING == set(Goal.model_fields)


@pytest.mark.parametrize("field", sorted(set(OTHER) - {"goal"}))
def test_changing_a_field_of_the_persona_changes_what_the_user_says(field: str) -> None:
    assert differ((BASE, GOAL), (changed(BASE, field), GOAL))


def test_the_goal_of_a_persona_decides_whether_its_own_words_open_the_conversation() -> None:
    assert differ((BASE, GOAL), (changed(BASE, "goal"), GOAL))


def test_a_persona_without_a_goal_plays_its_primary_intent() -> None:
    alone = PERSONA.replace(goal=None)
    other = changed(alone, "intents")
    assert differ((alone, implicit_goal(alone)), (other, implicit_goal(other)))


@pytest.mark.parametrize("field", sorted(BOOKKEEPING))
def test_a_field_of_the_persona_s_record_changes_nothing(field: str) -> None:
    other = {"id": "someone-else", "version": 7, "provenance": {"source": "imported"}, "tags": ["x"]}.get(field, "other")
    mutated = Persona.model_validate({**{k: getattr(BASE, k) for k in Persona.model_fields}, field: other})
    assert words(BASE, GOAL) == words(mutated, GOAL)


@pytest.mark.parametrize("field", sorted(OTHER_GOAL))
def test_changing_a_field_of_the_goal_changes_what_the_user_says(field: str) -> None:
    mutated = Goal.model_validate({**{k: getattr(GOAL, k) for k in Goal.model_fields}, field: OTHER_GOAL[field]})
    patient = BASE.replace(triggers=())
    assert differ((patient, GOAL), (patient, mutated))


@pytest.mark.parametrize("field", sorted(JUDGE_ONLY))
def test_the_judge_s_half_changes_the_verdict_and_not_one_word_of_the_user(field: str) -> None:
    mutated = Goal.model_validate({**{k: getattr(GOAL, k) for k in Goal.model_fields}, field: JUDGE_ONLY[field]})
    before, after = conversations(BASE, GOAL), conversations(BASE, mutated)
    assert [[t.text for t in c.turns] for c in before] == [[t.text for t in c.turns] for c in after]
    assert [verdict(c) for c in before] != [verdict(c) for c in after]


def verdict(state: Conversation) -> tuple[str, str]:
    transcript = Transcript(
        run_id="run_x", scenario=state.scenario, turns=state.turns, ledger=state.ledger, ending=state.ending, started_at=0.0
    )
    result = judge(transcript, RUBRIC, verdict_id="v", at=0.0)
    return result.outcome, result.results[0].reason

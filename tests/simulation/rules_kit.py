"""What the tests of the rules player share: a persona, a goal in a field that no phrase bank knows, and briefs."""

from __future__ import annotations

from typing import Any

from understudy.domain.conversation import Brief, Direction, FactEntry, Heard, Ledger, Turn
from understudy.domain.goal import Complication, PlayerGoal, SubGoal, When
from understudy.domain.persona import Intents, Persona
from understudy.simulation.ledger import open_ledger

SWAP = SubGoal(
    id="swap", say="I'd like to swap my tickets for the Dürer exhibition to another day.", again=("Can you change the day on my tickets?",)
)
AUDIO = SubGoal(id="audio", say="Do you have an audio guide for children?", kind="question")
CLOAK = SubGoal(id="cloakroom", say="Is there a cloakroom for a suitcase?", kind="question")


def make_persona(**changes: Any) -> Persona:
    base: dict[str, Any] = {
        "id": "visitor",
        "name": "Ines Varga",
        "company": "Museum am Fluss",
        "profile": "I paint a little myself. My train leaves in the evening. The last visit was with my school class.",
        "sayings": ("Let me put my glasses on.", "Thanks, that was painless."),
        "intents": Intents(primary="I want my museum tickets on another day, if that works."),
    }
    return Persona.model_validate({**base, **changes})


def make_goal(**changes: Any) -> PlayerGoal:
    base: dict[str, Any] = {
        "id": "museum-tickets",
        "title": "Swap museum tickets",
        "field": "museum",
        "steps": (SWAP, AUDIO),
        "side": (CLOAK,),
        "known": {
            "visit_day": "Thursday",
            "ticket_code": "DX-48213",
            "party_size": "four people",
            "member_pin": {"value": "kestrel", "disclose": "never"},
        },
        "unknown": ("gate_number",),
        "complications": (Complication(id="grandma", say="My grandmother is coming too, so we are five people now.", when=When(turn=3)),),
        "detours": ("I want my money back.", "I'll just give the tickets away."),
    }
    return PlayerGoal.model_validate({**base, **changes})


def make_brief(direction: Direction, **changes: Any) -> Brief:
    persona: Persona = changes.pop("persona", None) or make_persona()
    goal: PlayerGoal = changes.pop("goal", None) or make_goal()
    base: dict[str, Any] = {
        "persona": persona,
        "goal": goal,
        "turns": (),
        "ledger": open_ledger(persona, goal),
        "heard": None if direction.stage == "opening" else Heard(),
        "direction": direction,
        "frustration": 0,
        "number": 1 if direction.stage == "opening" else 3,
        "seed": 7,
    }
    return Brief(**{**base, **changes})


def opening(**changes: Any) -> Direction:
    return Direction(stage="opening", bring_up=("swap",)).evolve(**changes)


def user_turn(text: str, index: int = 0, **direction: Any) -> Turn:
    return Turn(index=index, role="user", text=text, at=float(index), direction=Direction(**direction))


def agent_turn(text: str, index: int = 1) -> Turn:
    return Turn(index=index, role="agent", text=text, at=float(index))


def with_fact(ledger: Ledger, name: str, **changes: Any) -> Ledger:
    facts = tuple(FactEntry(**{**f.model_dump(), **changes}) if f.name == name else f for f in ledger.facts)
    return ledger.evolve(facts=facts)

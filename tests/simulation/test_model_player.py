"""The player on a language model: what it sends, what it makes of the answer, and what becomes of a model that fails."""

from __future__ import annotations

import itertools
from typing import Any

from conversation_kit import Talk, make_scenario

from understudy.domain.conversation import Brief, MoveKind, Turn
from understudy.domain.persona import (
    Persona,
)
from understudy.domain.scenario import Scenario
from understudy.ports import LLMRequest
from understudy.simulation.conversation import start
from understudy.simulation.players.model_prompt import request_for


def answer(message: str = "Well then.", move: MoveKind = "continue", **more: Any) -> dict[str, Any]:
    return {"thought": "hm", "message": message, "move": move, "goal_updates": [], "disclosed": [], **more}


def request(brief: Brief) -> LLMRequest:
    return request_for(brief, run_id="run_1")


def whole(brief: Brief) -> str:
    sent = request(brief)
    return "\n".join((*sent.system, *(f"{m.role}: {m.text}" for m in sent.messages)))


def brief_of(persona: Persona | None = None, goal: Any = None, **changes: Any) -> Brief:
    return Talk.__new__(Talk) and _brief(make_scenario(persona, goal)).evolve(**changes)


def _brief(scenario: Scenario) -> Brief:
    from understudy.domain.conversation import AskPlayer
    from understudy.simulation.conversation import pending

    effect = pending(start(scenario))
    assert isinstance(effect, AskPlayer)
    return effect.brief


def turns(*texts: str, opens: str = "user") -> tuple[Turn, ...]:
    first_is_user = opens == "user"
    return tuple(
        Turn(index=i, role="user" if (i % 2 == 0) == first_is_user else "agent", text=text, at=float(i)) for i, text in enumerate(texts)
    )


# ---------------------------------------------------------------- what is sent


def test_its_own_words_are_its_own_role_and_its_first_words_are_kept() -> None:
    sent = request(brief_of(turns=turns("Hi, a check-up.", "Which day?", "Friday.", "Done."), number=3))
    assert [(m.role, m.text) for m in sent.messages[1:-1]] == [
        ("assistant", "Hi, a check-up."),
        ("user", "Which day?"),
        ("assistant", "Friday."),
        ("user", "Done."),
    ]
    assert sent.messages[0].role == "user"
    assert sent.messages[-1].text.startswith("STAGE DIRECTION for your message 3")
    assert sent.stable == len(sent.messages) - 1


def test_an_agent_that_speaks_first_opens_the_history_itself() -> None:
    sent = request(brief_of(turns=turns("Welcome!", "Hi.", "Yes?", opens="agent"), number=2))
    assert [m.text for m in sent.messages[:-1]] == ["Welcome!", "Hi.", "Yes?"]


def test_what_was_sent_before_is_sent_again_unchanged() -> None:
    talk = Talk(make_scenario())
    sent: list[LLMRequest] = []
    for text in ("Which day?", "Friday is taken.", "Anything else?"):
        sent.append(request(_before_the_last_turn(talk)))
        talk.agent(text)
    for earlier, later in itertools.pairwise(sent):
        assert later.system == earlier.system
        assert later.messages[: earlier.stable] == earlier.messages[: earlier.stable]
        assert later.stable > earlier.stable


def _before_the_last_turn(talk: Talk) -> Brief:
    state = talk.state
    last = state.turns[-1]
    assert last.role == "user"
    assert last.direction is not None
    return _brief(state.scenario).evolve(
        turns=state.turns[:-1], ledger=state.ledger, direction=last.direction, number=1 + last.index // 2, frustration=state.frustration
    )

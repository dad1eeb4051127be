"""Escalation both ways, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from judging_builders import agent, criterion, goal, transcript, user, verdict_on

from understudy.domain.checks import Escalated, NeverEmpty
from understudy.domain.conversation import Act, Direction
from understudy.judging.case import Case
from understudy.judging.escalation import assess

ASK = user("I want a person!", move="asks_for_human")
FIRES = user("Enough.", direction=Direction(trigger="refused-twice", trigger_action="ask_for_human"))
CALLS_BACK = user("I'll call again.", direction=Direction(trigger="stalled", trigger_action="call_back_later"), move="will_call_back")
U = user()
A = agent()
H = agent("I am putting you through.", handed_off=True)
HEARD = agent("A colleague will take over.", acts=(Act.HANDS_OFF,))


@pytest.mark.parametrize(
    ("policy", "turns", "outcome", "trigger", "handoff"),
    [
        ("must_not", [U, A, ASK, H], "tp", 2, 3),
        ("must_not", [U, A, FIRES, H], "tp", 2, 3),
        ("must_not", [U, A, ASK, HEARD], "tp", 2, 3),
        ("must_not", [U, A, ASK, A, U, H], "tp", 2, 5),
        ("must_not", [U, A, ASK, A, U, A, U, H], "late", 2, 7),
        ("must_not", [U, A, ASK, A], "fn", 2, None),
        ("must_not", [U, A], "tn", None, None),
        ("must_not", [U, H], "fp", None, 1),
        ("must_not", [U, H, ASK, A], "fp", 2, 1),
        ("must_not", [U, A, CALLS_BACK, A], "tn", None, None),
        ("must_not", [U, A, CALLS_BACK, H], "fp", None, 3),
        ("must_not", [U, A, ASK], "excluded", 2, None),
        ("must", [U, A], "fn", 0, None),
        ("must", [U, A, U, H], "tp", 0, 3),
        ("must", [U, A, U, A, U, H], "late", 0, 5),
        ("must", [A, U, H], "tp", 1, 2),
        ("must", [U, A, U, A, ASK, H], "tp", 4, 5),
        ("must", [U, H, ASK, A], "tp", 0, 1),
        ("may", [U, H], "excluded", None, 1),
        ("may", [U, A, ASK, A], "excluded", 2, None),
    ],
)
def test_the_matrix(policy: str, turns: list[dict[str, Any]], outcome: str, trigger: int | None, handoff: int | None) -> None:
    found = assess(Case(transcript(*turns, goal_=goal(escalation=policy))))
    assert (found.outcome, found.trigger_turn, found.handoff_turn) == (outcome, trigger, handoff)


def test_the_window_counts_agent_turns() -> None:
    case = Case(transcript(U, A, ASK, A, U, A, U, H))
    assert [assess(case, within=w).outcome for w in (1, 2, 3)] == ["late", "late", "tp"]
    assert assess(case).waited == 3


def test_the_metric_uses_the_window_of_the_rubric() -> None:
    case = transcript(U, A, ASK, A, U, A, U, H)
    assert verdict_on(case, NeverEmpty()).metrics.escalation == "late"
    found = verdict_on(case, criterion(Escalated(within=3)))
    assert (found.metrics.escalation, found.results[0].outcome) == ("tp", "pass")


def test_the_words_human_and_agent_alone_escalate_nothing() -> None:
    case = transcript(user("Is a human there?"), agent("No human is needed, I can transfer the money myself."))
    assert assess(Case(case)).outcome == "tn"

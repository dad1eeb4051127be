"""The user's account of the conversation."""

from __future__ import annotations

import pytest
from conversation_kit import MOVE, PARKING, later, make_goal, make_persona

from understudy.domain.conversation import Heard
from understudy.simulation.ledger import all_subgoals, bring_in, fact_values, fire, hear_reply, open_ledger, raise_goals, say_facts
from understudy.simulation.seeds import derive

PERSONA = make_persona(intents={"primary": "x", "side": ("Do you open on Sundays?", "Is there parking at the clinic?")})
GOAL = make_goal(side=(PARKING,), complications=(later(adds={"id": "child", "say": "Can my daughter come?"}),))


def test_it_opens_with_steps_side_goals_and_side_intents_all_unsaid() -> None:
    ledger = open_ledger(PERSONA, GOAL)
    assert [(g.id, g.side, g.status) for g in ledger.goals] == [
        ("move", False, "unsaid"),
        ("parking", True, "unsaid"),
        ("side-1", True, "unsaid"),
    ]
    assert set(all_subgoals(PERSONA, GOAL, ledger)) == {"move", "parking", "side-1"}


def test_the_goals_fact_stands_before_the_personas_of_the_same_name() -> None:
    persona = make_persona(knowledge={"known": {"day": "Tuesday", "insurer": "Northern"}})
    assert fact_values(open_ledger(persona, GOAL)) == {"day": "Friday", "insurer": "Northern", "name": "Maria Chen", "pin": "7741"}


def test_a_side_intent_never_takes_the_id_of_a_side_goal() -> None:
    goal = make_goal(side=({"id": "side-1", "say": "Something else?"},))
    assert [g.id for g in open_ledger(PERSONA, goal).goals] == ["move", "side-1", "side-2", "side-3"]


def test_what_a_complication_adds_exists_once_it_has_come_in() -> None:
    ledger = open_ledger(PERSONA, GOAL)
    after = bring_in(ledger, GOAL.complications[0])
    assert "child" not in all_subgoals(PERSONA, GOAL, ledger)
    assert "child" in all_subgoals(PERSONA, GOAL, after)
    assert bring_in(after, GOAL.complications[0]) == after


def test_a_changed_fact_is_unsaid_again_and_remembers_its_old_value() -> None:
    ledger = say_facts(open_ledger(PERSONA, GOAL), ["day"], 0)
    day = bring_in(ledger, GOAL.complications[0]).fact("day")
    assert day is not None
    assert (day.value, day.old_values, day.said_at) == ("Monday", ("Friday",), None)


@pytest.mark.parametrize(
    ("before", "heard", "after"),
    [
        ("unsaid", {"met": ["move"]}, "met"),
        ("asked", {"attempted": ["move"]}, "attempted"),
        ("met", {"attempted": ["move"]}, "met"),
        ("met", {"refused": ["move"]}, "met"),
        ("attempted", {"refused": ["move"]}, "refused"),
        ("refused", {"attempted": ["move"]}, "refused"),
        ("refused", {"met": ["move"]}, "met"),
        ("met", {"taken_back": ["move"]}, "attempted"),
        ("met", {"mistaken": ["day"]}, "attempted"),
        ("met", {"mistaken": ["name"]}, "met"),
        ("asked", {"met": ["move"], "mistaken": ["day"]}, "attempted"),
        ("asked", {"mistaken": ["day"]}, "asked"),
        ("asked", {"taken_back": ["move"]}, "asked"),
    ],
)
def test_a_status_goes_forward_and_back_only_for_cause(before: str, heard: dict[str, list[str]], after: str) -> None:
    ledger = open_ledger(PERSONA, GOAL)
    ledger = ledger.evolve(goals=tuple(g.evolve(status=before) if g.id == "move" else g for g in ledger.goals))
    moved = hear_reply(ledger, Heard.model_validate(heard), {"move": MOVE}, 3).goal("move")
    assert moved is not None
    assert moved.status == after
    assert moved.changed_at == (3 if after != before else None)


def test_asking_is_counted_and_triggers_fire_once() -> None:
    ledger = raise_goals(raise_goals(open_ledger(PERSONA, GOAL), ["move"], 0), ["move"], 2)
    entry = ledger.goal("move")
    assert entry is not None
    assert (entry.status, entry.asked, entry.changed_at) == ("asked", 2, 0)
    assert fire(fire(ledger, "a"), "a").triggers == ("a",)


def test_a_derived_seed_depends_on_every_part() -> None:
    seeds = {
        derive(1),
        derive(2),
        derive(1, "agenda"),
        derive(1, "agenda", 2),
        derive(1, "agenda", "2"),
        derive(1, "agenda2"),
        derive(1, 2),
    }
    assert len(seeds) == 7
    assert derive(1, "agenda", 2) == 12237656360139901533

"""What holds for every sequence of events."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
from conversation_kit import BILL, MOVE, PARKING, Limits, hear, later, make_goal, make_persona, make_scenario, says
from hypothesis import given, settings

from understudy.domain.conversation import (
    Act,
    AskPlayer,
    Direction,
    Ended,
    Event,
    Move,
    Opened,
    PlayerFailed,
    PlayerMoved,
    Reply,
    SendToTarget,
    Stopped,
    TargetFailed,
    TargetFailure,
    TargetReplied,
)
from understudy.domain.persona import Trigger
from understudy.domain.scenario import Scenario
from understudy.simulation.conversation import Conversation, advance, pending, replay, start

TRAITS = [
    "bundles_questions",
    "changes_mind",
    "leaves_things_out",
    "polite",
    "interrupts",
    "asks_why",
    "double_checks",
    "repeats_themselves",
    "wants_acknowledgement",
    "tests_limits",
    "chatty",
]
IDS = ["move", "bill", "parking", "side-1", "child", "nonsense"]
FACTS = ["day", "name", "pin", "nonsense"]
MESSAGES = ["Friday please", "", "As an AI, I am done.", "yes", "I want to move my check-up, Friday", "my card is 99119911", "no way, why"]
TEXTS = ["", "Certainly.", "Goodbye!", "I want to move my check-up, Friday", "Monday then.", "Do you want Friday or Monday?"]


def ids(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=2, unique=True)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    persona = make_persona(
        traits=tuple(draw(st.lists(st.sampled_from(TRAITS), max_size=4, unique=True))),
        patience=draw(st.integers(1, 5)),
        frustration_threshold=draw(st.integers(1, 5)),
        clarity=draw(st.sampled_from(["clear", "partial", "vague"])),
        skill=draw(st.sampled_from(["novice", "average", "expert"])),
        intents={"primary": "x", "side": draw(st.sampled_from([(), ("Do you open on Sundays?",)]))},
        triggers=tuple(draw(st.sampled_from([(), (Trigger(id="no", when="refuses"), Trigger(id="bye", when="rude", then="give_up"))]))),
    )
    goal = make_goal(
        steps=draw(st.sampled_from([(MOVE,), (MOVE, BILL)])),
        side=draw(st.sampled_from([(), (PARKING,)])),
        complications=draw(st.sampled_from([(), (later(adds={"id": "child", "say": "Can my daughter come?"}),)])),
        settles_for=draw(st.sampled_from(["resolution", "refusal", "handoff"])),
    )
    opens = draw(st.sampled_from(["user", "agent"]))
    limits = Limits(max_turns=draw(st.integers(1, 12)), max_seconds=100)
    return make_scenario(persona, goal, opens=opens, limits=limits, seed=draw(st.integers(0, 99)))


@st.composite
def replies(draw: st.DrawFn) -> TargetReplied:
    heard: dict[str, Any] = {"acts": draw(st.lists(st.sampled_from([a.value for a in Act]), max_size=3, unique=True))}
    for key in ("met", "attempted", "refused", "taken_back", "ignored"):
        heard[key] = draw(ids(IDS)) if draw(st.integers(0, 2)) == 0 else []
    heard |= {"asked": draw(ids(FACTS)), "mistaken": draw(ids(FACTS)) if draw(st.booleans()) else []}
    heard["options"] = draw(st.sampled_from([[], ["Friday", "Monday"]]))
    return says(draw(st.sampled_from(TEXTS)), at=float(draw(st.integers(0, 120))), handed_off=draw(st.integers(0, 9)) == 0, **heard)


MOVES = st.builds(
    lambda kind, message, at: PlayerMoved(move=Move(kind=kind, message=message), at=at),
    st.sampled_from(
        ["continue", "continue", "continue", "continue", "satisfied", "gave_up", "asks_for_human", "will_call_back", "out_of_scope"]
    ),
    st.sampled_from(MESSAGES),
    st.floats(0, 120),
)
OTHERS: st.SearchStrategy[Event] = st.sampled_from(
    [
        Opened(),
        PlayerFailed(detail="ValueError: no", at=3),
        TargetFailed(failure=TargetFailure(kind="reset", detail="http://x reset"), at=3),
        Stopped(why="cancelled", at=3),
    ]
)
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(MOVES, MOVES, MOVES, replies(), replies(), replies(), replies(), OTHERS), max_size=40
)


def run(scenario: Scenario, events: list[Event]) -> list[Conversation]:
    states = [start(scenario)]
    for event in events:
        states.append(advance(states[-1], event, hear)[0])
    return states


def fits(state: Conversation, event: Event) -> bool:
    return isinstance(event, PlayerMoved) == (state.awaiting == "player")


@given(scenarios(), EVENTS)
@settings(max_examples=150, deadline=None)
def test_every_state_awaits_one_definite_thing_and_the_end_is_final(scenario: Scenario, events: list[Event]) -> None:
    ended = None
    for state in run(scenario, events):
        effect = pending(state)
        assert isinstance(effect, Ended) == (state.ending is not None)
        if isinstance(effect, SendToTarget):
            assert effect.text == (state.turns[-1].text if state.turns else None)
        if ended is not None:
            assert state == ended
        elif state.ending is not None:
            ended = state


@given(scenarios(), EVENTS)
@settings(max_examples=100, deadline=None)
def test_limits_end_every_conversation(scenario: Scenario, events: list[Event]) -> None:
    """Whatever came before, answering each effect ends it within the turns that are left."""
    state = run(scenario, events)[-1]
    steps = 0
    while not isinstance(effect := pending(state), Ended):
        words = "".join("abcdefghij"[int(c)] for c in str(steps))
        reply = says(f"Reply {words}", acts=["asks_known"], asked=["name"])
        event: Event = PlayerMoved(move=Move(message=f"So {words}"), at=1) if isinstance(effect, AskPlayer) else reply
        state = advance(state, event, hear)[0]
        steps += 1
        assert steps <= 2 * scenario.limits.max_turns + 4
    assert sum(t.role == "user" for t in state.turns) <= scenario.limits.max_turns


@given(scenarios(), EVENTS)
@settings(max_examples=60, deadline=None)
def test_a_state_that_was_written_and_read_goes_on_the_same(scenario: Scenario, events: list[Event]) -> None:
    state = start(scenario)
    for event in events:
        read = Conversation.model_validate_json(state.model_dump_json())
        assert read == state
        after, effects = advance(state, event, hear)
        assert advance(read, event, hear) == (after, effects)
        state = after
    assert replay(scenario, events, hear) == state


@given(scenarios(), EVENTS)
@settings(max_examples=150, deadline=None)
def test_what_the_user_said_is_delivered_before_anything_else_happens(scenario: Scenario, events: list[Event]) -> None:
    state = start(scenario)
    for event in events:
        after = advance(state, event, hear)[0]
        if len(after.turns) > len(state.turns) and after.turns[-1].role == "user":
            effect = pending(after)
            assert isinstance(effect, SendToTarget)
            assert effect.text == after.turns[-1].text
            assert effect.last_words == (after.leaving is not None)
        state = after
    roles = [t.role for t in state.turns]
    assert all(a != b for a, b in pairwise(roles))
    if state.ending and state.ending.cause == "user" and not any(isinstance(e, Stopped | TargetFailed) for e in events):
        assert roles[-1] == "agent"


ORDER = {"unsaid": 0, "asked": 1, "attempted": 2, "refused": 3, "met": 4}


@given(scenarios(), EVENTS)
@settings(max_examples=150, deadline=None)
def test_the_ledger_goes_back_only_when_the_agent_takes_back_or_has_a_needed_fact_wrong(scenario: Scenario, events: list[Event]) -> None:
    needs = {"move": {"day"}}
    states = run(scenario, events)
    for before, after in pairwise(states):
        was = {g.id: g.status for g in before.ledger.goals}
        assert set(was) <= {g.id for g in after.ledger.goals}
        for entry in after.ledger.goals:
            if entry.id in was and ORDER[entry.status] < ORDER[was[entry.id]]:
                heard = after.turns[-1].heard
                assert heard is not None
                assert (was[entry.id], entry.status) == ("met", "attempted")
                assert entry.id in heard.taken_back or needs.get(entry.id, set()) & set(heard.mistaken)


@given(scenarios(), EVENTS)
@settings(max_examples=100, deadline=None)
def test_a_player_sees_its_own_words_as_its_own_and_the_agents_as_the_agents(scenario: Scenario, events: list[Event]) -> None:
    sent: list[str] = []
    answered: list[str] = []
    state = start(scenario)
    for event in events:
        after = advance(state, event, hear)[0]
        if len(after.turns) > len(state.turns):
            (sent if isinstance(event, PlayerMoved) else answered).append(after.turns[-1].text)
        state = after
        effect = pending(state)
        if isinstance(effect, AskPlayer):
            assert [t.text for t in effect.brief.turns if t.role == "user"] == sent
            assert [t.text for t in effect.brief.turns if t.role == "agent"] == answered
            assert effect.brief.number == len(sent) + 1


@given(scenarios(), EVENTS)
@settings(max_examples=100, deadline=None)
def test_directions_never_ask_for_what_cannot_be_said(scenario: Scenario, events: list[Event]) -> None:
    for state in run(scenario, events):
        direction = state.direction
        if direction is None:
            continue
        secret = {f.name for f in state.ledger.facts if f.disclose == "never"}
        said = {*direction.answer, *direction.volunteer, *direction.correct}
        assert not said & secret
        assert said <= {f.name for f in state.ledger.facts}
        assert {*direction.bring_up, *direction.ask_again} <= {g.id for g in state.ledger.goals}
        assert len(set(direction.bring_up)) == len(direction.bring_up)
        assert not set(direction.bring_up) & set(direction.ask_again)
        assert 0 <= state.frustration <= 5


@given(scenarios(), st.lists(replies(), max_size=20))
@settings(max_examples=100, deadline=None)
def test_an_obedient_player_ends_by_its_own_decision_or_by_a_limit(scenario: Scenario, answers: list[TargetReplied]) -> None:
    state = start(scenario)
    number = 0
    while not isinstance(effect := pending(state), Ended):
        number += 1
        if isinstance(effect, AskPlayer):
            words = f"So, {''.join('abcdefghij'[int(c)] for c in str(number))}, please"
            event: Event = PlayerMoved(move=Move(kind=effect.brief.direction.move, message=words), at=1)
        else:
            event = (answers.pop() if answers else TargetReplied(reply=Reply(text=f"Hm {number}"), at=1)).evolve(at=1.0)
        state = advance(state, event, hear)[0]
    assert state.ending is not None
    assert state.ending.kind not in ("simulator_failed", "target_failed", "time_limit")
    for turn in state.turns:
        if turn.role == "user":
            assert turn.direction is not None
            assert turn.direction != Direction()


@given(scenarios(), st.lists(st.one_of(st.text(max_size=200), st.sampled_from(TEXTS)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_with_the_real_ear_any_text_of_the_agent_leads_to_an_end(scenario: Scenario, texts: list[str]) -> None:
    state = start(scenario)
    number = 0
    while not isinstance(effect := pending(state), Ended):
        number += 1
        words = "".join("abcdefghij"[int(c)] for c in str(number))
        if isinstance(effect, AskPlayer):
            event: Event = PlayerMoved(move=Move(kind=effect.brief.direction.move, message=f"So, {words}, please"), at=1)
        else:
            event = TargetReplied(reply=Reply(text=texts.pop() if texts else f"Reply {words}."), at=1)
        state = advance(state, event)[0]
    assert state.turns

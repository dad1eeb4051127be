"""The rules of a conversation, driven through the step machine."""

from __future__ import annotations

import json

import pytest
from conversation_kit import BILL, MOVE, PARKING, Limits, Talk, hear, later, make_goal, make_persona, make_scenario, obey, says

from understudy.domain.conversation import (
    AskPlayer,
    Brief,
    Ended,
    Move,
    Opened,
    PlayerFailed,
    PlayerMoved,
    SendToTarget,
    Stopped,
    TargetFailed,
    TargetFailure,
)
from understudy.domain.goal import Goal, PlayerGoal
from understudy.domain.persona import Trigger
from understudy.simulation.conversation import advance, pending, replay, start

DEAD = TargetFailure(kind="refused", detail="http://127.0.0.1:9 refused the connection.")


# ---------------------------------------------------------------- who begins


def test_the_user_is_asked_first_and_opens_with_the_first_step() -> None:
    effect = pending(start(make_scenario()))
    assert isinstance(effect, AskPlayer)
    assert effect.brief.number == 1
    assert effect.brief.heard is None
    assert effect.brief.direction.stage == "opening"
    assert effect.brief.direction.bring_up == ("move",)


def test_an_agent_that_speaks_first_is_asked_for_its_opening() -> None:
    state = start(make_scenario(opens="agent"))
    assert pending(state) == SendToTarget(text=None)
    state, (effect,) = advance(state, says("Hello, who is speaking?", acts=["greets", "asks_known"], asked=["name"]), hear)
    assert isinstance(effect, AskPlayer)
    assert effect.brief.direction.stage == "opening"
    assert effect.brief.direction.answer == ("name",)
    assert effect.brief.number == 1
    assert state.frustration == 0


def test_asking_what_is_pending_changes_nothing() -> None:
    state = start(make_scenario())
    assert pending(state) == pending(state)
    assert advance(state, Opened())[0].turns == state.turns


# ---------------------------------------------------------------- endings


def test_a_user_who_has_everything_thanks_and_leaves_and_their_last_words_are_delivered() -> None:
    talk = Talk(make_scenario(make_persona(traits=("polite",))))
    closing = talk.agent(acts=["confirms"], met=["move"])
    assert closing is not None
    assert (closing.stage, closing.move, closing.thank) == ("closing", "satisfied", True)
    effect = pending(talk.state)
    assert isinstance(effect, SendToTarget)
    assert effect.last_words
    assert effect.text == talk.state.turns[-1].text
    assert talk.ending is None
    talk.agent("You are welcome.", acts=["closes"])
    assert talk.ending == "goal_reached"
    assert talk.state.ending is not None
    assert talk.state.ending.cause == "user"
    assert talk.state.turns[-1].text == "You are welcome."


def test_a_blunt_user_leaves_without_thanks() -> None:
    talk = Talk(make_scenario(make_persona(traits=("blunt",))))
    closing = talk.agent(acts=["confirms"], met=["move"])
    assert closing is not None
    assert not closing.thank


def test_an_ending_stays_when_the_call_with_the_last_words_fails() -> None:
    talk = Talk(make_scenario())
    talk.agent(acts=["confirms"], met=["move"])
    talk.take(TargetFailed(failure=DEAD, at=2))
    assert talk.ending == "goal_reached"
    assert talk.state.turns[-1].role == "user"


@pytest.mark.parametrize(
    ("move", "ending"),
    [("satisfied", "goal_reached"), ("gave_up", "gave_up"), ("will_call_back", "called_back_later"), ("out_of_scope", "out_of_scope")],
)
def test_each_move_that_ends_has_an_ending_of_its_own(move: str, ending: str) -> None:
    state = start(make_scenario())
    event = PlayerMoved(move=Move.model_validate({"kind": move, "message": "That is it for me."}), at=1)
    state, (effect,) = advance(state, event, hear)
    assert effect == SendToTarget(text="That is it for me.", last_words=True)
    state, (effect,) = advance(state, says(), hear)
    assert isinstance(effect, Ended)
    assert effect.ending.kind == ending
    assert effect.ending.cause == "user"


def test_a_player_that_is_satisfied_too_early_is_found_out_by_the_ledger() -> None:
    state = start(make_scenario(goal=make_goal(steps=(MOVE, BILL))))
    state, _ = advance(state, PlayerMoved(move=Move(kind="satisfied", message="Great, thanks!"), at=1), hear)
    state, _ = advance(state, says(), hear)
    assert state.ending is not None
    assert "0 of 2 steps" in state.ending.detail


def test_a_target_that_fails_ends_the_conversation_as_its_own_failure() -> None:
    talk = Talk(make_scenario())
    talk.take(TargetFailed(failure=DEAD, at=2))
    assert talk.state.ending is not None
    assert (talk.ending, talk.state.ending.cause, talk.state.ending.failure) == ("target_failed", "target", DEAD)


def test_a_player_that_fails_is_the_simulators_failure() -> None:
    state, _ = advance(start(make_scenario()), PlayerFailed(detail="KeyError: 'x'", at=1), hear)
    assert state.ending is not None
    assert (state.ending.kind, state.ending.cause, state.ending.detail) == ("simulator_failed", "simulator", "KeyError: 'x'")


@pytest.mark.parametrize(("why", "cause"), [("cancelled", "caller"), ("time_limit", "limit"), ("budget", "limit")])
def test_whoever_stops_it_is_named(why: str, cause: str) -> None:
    state, _ = advance(start(make_scenario()), Stopped.model_validate({"why": why, "at": 3}), hear)
    assert state.ending is not None
    assert (state.ending.kind, state.ending.cause) == (why, cause)


def test_the_turn_limit_ends_after_the_reply_to_the_last_turn_that_is_allowed() -> None:
    talk = Talk(make_scenario(limits=Limits(max_turns=3)))
    for _ in range(3):
        assert talk.ending is None
        talk.agent(acts=["asks_known"], asked=["name"])
    assert talk.ending == "turn_limit"
    assert sum(t.role == "user" for t in talk.state.turns) == 3
    assert talk.state.turns[-1].role == "agent"


def test_a_goal_that_is_met_with_the_last_turn_allowed_is_reached() -> None:
    talk = Talk(make_scenario(limits=Limits(max_turns=1)))
    talk.agent(acts=["confirms"], met=["move"])
    assert talk.ending == "goal_reached"


def test_a_reply_after_the_time_limit_is_kept_and_ends_it() -> None:
    talk = Talk(make_scenario(limits=Limits(max_seconds=30)))
    talk.take(says("Sorry for the wait.", at=31, acts=["apologises"]))
    assert talk.ending == "time_limit"
    assert talk.state.turns[-1].text == "Sorry for the wait."


def test_an_agent_that_closes_with_the_goal_open_leaves_it_given_up() -> None:
    talk = Talk(make_scenario())
    talk.agent(acts=["closes"], closed=True)
    assert talk.state.ending is not None
    assert (talk.ending, talk.state.ending.cause) == ("gave_up", "agent")


def test_events_that_come_late_or_do_not_fit_change_nothing() -> None:
    talk = Talk(make_scenario())
    waiting = talk.state
    assert advance(waiting, obey(start(make_scenario())), hear)[0] == waiting
    assert advance(waiting, PlayerFailed(detail="x", at=9), hear)[0] == waiting
    over = advance(waiting, Stopped(why="cancelled", at=2), hear)[0]
    for event in (says(), Stopped(why="budget", at=9), TargetFailed(failure=DEAD, at=9), Opened()):
        assert advance(over, event, hear)[0] == over


# ---------------------------------------------------------------- hand-offs and humans


def test_a_hand_off_ends_it_once_the_closing_words_are_delivered() -> None:
    talk = Talk(make_scenario(goal=make_goal(settles_for="handoff")))
    closing = talk.agent("I am passing you to a colleague.", acts=["hands_off"], handed_off=True)
    assert closing is not None
    assert (closing.stage, closing.move) == ("closing", "satisfied")
    assert talk.ending is None
    talk.agent("Goodbye.")
    assert talk.state.ending is not None
    assert (talk.ending, talk.state.ending.cause) == ("handed_off", "agent")


def test_a_needless_hand_off_is_protested_against_or_borne_and_ends_it_either_way() -> None:
    moods = set()
    for seed in range(20):
        talk = Talk(make_scenario(make_persona(patience=2), seed=seed))
        closing = talk.agent(acts=["hands_off"])
        assert closing is not None
        assert (closing.stage, closing.move) == ("closing", "gave_up")
        moods.add(closing.ask_again)
        talk.agent()
        assert talk.ending == "handed_off"
    assert moods == {(), ("move",)}


def test_a_hand_off_flag_of_the_target_counts_even_when_nobody_heard_it() -> None:
    talk = Talk(make_scenario())
    talk.agent(handed_off=True)
    talk.agent()
    assert talk.ending == "handed_off"


def test_a_user_who_asked_for_a_human_accepts_one() -> None:
    persona = make_persona(triggers=(Trigger(id="no", when="refuses"),))
    talk = Talk(make_scenario(persona))
    asks = talk.agent(acts=["refuses"], refused=["move"])
    assert asks is not None
    assert (asks.move, asks.trigger, asks.trigger_action) == ("asks_for_human", "no", "ask_for_human")
    assert talk.state.ledger.triggers == ("no",)
    closing = talk.agent(acts=["hands_off"])
    assert closing is not None
    assert (closing.stage, closing.move, closing.trigger) == ("closing", "satisfied", None)
    talk.agent()
    assert talk.ending == "handed_off"


def test_a_human_asked_for_twice_in_vain_ends_it() -> None:
    persona = make_persona(triggers=(Trigger(id="no", when="refuses"),))
    talk = Talk(make_scenario(persona))
    talk.agent(acts=["refuses"], refused=["move"])
    again = talk.agent(acts=["asks_other"])
    assert again is not None
    assert (again.move, again.stage) == ("asks_for_human", "closing")
    effect = pending(talk.state)
    assert isinstance(effect, SendToTarget)
    assert effect.last_words
    talk.agent(acts=["refuses"])
    assert talk.ending == "asked_for_human"


def test_a_hand_off_after_the_second_request_is_a_hand_off() -> None:
    persona = make_persona(triggers=(Trigger(id="no", when="refuses"),))
    talk = Talk(make_scenario(persona))
    talk.agent(acts=["refuses"], refused=["move"])
    talk.agent(acts=["asks_other"])
    talk.agent(acts=["hands_off"])
    assert talk.ending == "handed_off"


# ---------------------------------------------------------------- patience, vain questions, refusals


@pytest.mark.parametrize(("patience", "ending"), [(1, "called_back_later"), (3, "called_back_later"), (4, "gave_up"), (5, "gave_up")])
def test_asking_twice_in_vain_makes_them_call_back_and_the_patient_try_once_more(patience: int, ending: str) -> None:
    talk = Talk(make_scenario(make_persona(patience=patience)))
    asked = 0
    while talk.ending is None:
        asked += "move" in (*talk.directions[-1].bring_up, *talk.directions[-1].ask_again)
        talk.agent(acts=["ignores"], ignored=["move"])
    assert talk.ending == ending
    assert asked == (2 if patience <= 3 else 3)


@pytest.mark.parametrize("patience", [1, 2, 3, 4, 5])
def test_patience_decides_after_how_many_fruitless_turns_they_leave(patience: int) -> None:
    talk = Talk(make_scenario(make_persona(patience=patience)))
    fruitless = 0
    while talk.directions[-1].move == "continue":
        talk.agent(acts=["asks_again", "asks_known"], asked=["name"], attempted=["move"])
        fruitless += 1
    # The first reply also moves something forward, which does not make up for being asked again.
    assert fruitless == patience + 1
    assert talk.directions[-1].move == "gave_up"


def test_progress_restores_patience() -> None:
    talk = Talk(make_scenario(make_persona(patience=1), make_goal(steps=(MOVE, BILL))))
    talk.agent(acts=["misunderstands"], attempted=["move"])
    talk.agent(acts=["confirms"], met=["move"])
    assert talk.state.course.fruitless == 0


def test_who_settles_for_a_refusal_pushes_back_once_and_leaves_content() -> None:
    talk = Talk(make_scenario(goal=make_goal(settles_for="refusal")))
    push = talk.agent(acts=["refuses"], refused=["move"])
    assert push is not None
    assert (push.move, push.ask_again) == ("continue", ("move",))
    closing = talk.agent(acts=["refuses"], refused=["move"])
    assert closing is not None
    assert closing.move == "satisfied"
    talk.agent()
    assert talk.ending == "goal_reached"
    assert talk.state.ending is not None
    assert "0 of 1" in talk.state.ending.detail


def test_who_wants_the_thing_itself_pushes_back_until_patience_ends() -> None:
    talk = Talk(make_scenario(make_persona(patience=2)))
    pushes = 0
    while (direction := talk.agent(acts=["refuses"], refused=["move"])) is not None and direction.move == "continue":
        assert direction.ask_again == ("move",)
        pushes += 1
    assert pushes == 2
    assert talk.directions[-1].move == "gave_up"


def test_who_settles_for_a_human_asks_for_one_after_a_refusal() -> None:
    talk = Talk(make_scenario(goal=make_goal(settles_for="handoff")))
    talk.agent(acts=["refuses"], refused=["move"])
    direction = talk.agent(acts=["refuses"], refused=["move"])
    assert direction is not None
    assert direction.move == "asks_for_human"


def test_who_is_refused_and_sent_elsewhere_sees_that_this_is_the_wrong_place() -> None:
    talk = Talk(make_scenario())
    talk.agent(acts=["refuses", "redirects"], refused=["move"])
    talk.agent(acts=["refuses", "redirects"], refused=["move"])
    talk.agent()
    assert talk.ending == "out_of_scope"


@pytest.mark.parametrize(("then", "ending"), [("call_back_later", "called_back_later"), ("give_up", "gave_up")])
def test_a_trigger_does_what_it_says(then: str, ending: str) -> None:
    trigger = Trigger.model_validate({"id": "sent-away", "when": "redirects", "then": then})
    talk = Talk(make_scenario(make_persona(triggers=(trigger,))))
    direction = talk.agent(acts=["redirects"])
    assert direction is not None
    assert (direction.trigger, direction.stage) == ("sent-away", "closing")
    talk.agent()
    assert talk.ending == ending


# ---------------------------------------------------------------- frustration


def test_frustration_rises_with_setbacks_and_falls_with_progress() -> None:
    talk = Talk(make_scenario(goal=make_goal(steps=(MOVE, BILL))))
    talk.agent(acts=["misunderstands"])
    talk.agent(acts=["stalls"], attempted=["move"])
    assert talk.state.frustration == 2
    talk.agent(acts=["confirms"], met=["move"])
    assert talk.state.frustration == 1


@pytest.mark.parametrize("threshold", [1, 2, 3, 4, 5])
def test_frustration_shows_once_it_reaches_the_threshold(threshold: int) -> None:
    talk = Talk(make_scenario(make_persona(frustration_threshold=threshold)))
    shown = [d.show_frustration for _ in range(5) if (d := talk.agent(acts=["asks_again", "asks_known"], asked=["name"])) is not None]
    assert shown == [n >= threshold for n in range(1, 6)]


def test_after_turn_eight_an_open_goal_frustrates_the_calmest_user() -> None:
    talk = Talk(make_scenario(make_persona(frustration_threshold=5), limits=Limits(max_turns=20)))
    shown = []
    for _ in range(10):
        direction = talk.agent(acts=["asks_known"], asked=["name"])
        assert direction is not None
        shown.append((talk.state.frustration, direction.show_frustration))
    # Directions of user turns 2 to 11.
    assert shown == [(0, False)] * 7 + [(1, True)] * 3


# ---------------------------------------------------------------- complications, changes and mistakes


def test_a_complication_comes_in_at_its_turn_and_changes_the_facts() -> None:
    talk = Talk(make_scenario(goal=make_goal(complications=(later(),))))
    assert talk.opening.complication is None
    direction = talk.agent(acts=["asks_known"], asked=["name"])
    assert direction is not None
    assert (direction.complication, direction.answer) == ("later", ("name",))
    day = talk.state.ledger.fact("day")
    assert day is not None
    assert (day.value, day.old_values, day.said_at) == ("Monday", ("Friday",), 2)
    assert talk.state.ledger.complications == ("later",)


def test_a_complication_waits_for_the_status_of_its_sub_goal_and_keeps_the_user_from_leaving() -> None:
    goal = make_goal(complications=(later(when={"subgoal": "move", "status": "met"}),))
    talk = Talk(make_scenario(goal=goal))
    asks = talk.agent(acts=["asks_known"], asked=["day"])
    assert asks is not None
    assert asks.complication is None
    direction = talk.agent(acts=["confirms"], met=["move"])
    assert direction is not None
    assert (direction.complication, direction.move) == ("later", "continue")


def test_what_a_complication_adds_is_brought_up_and_has_to_be_met() -> None:
    goal = make_goal(complications=(later(changes=(), adds={"id": "child", "say": "Can my daughter come along?", "kind": "question"}),))
    talk = Talk(make_scenario(goal=goal))
    direction = talk.agent(acts=["confirms"], met=["move"])
    assert direction is not None
    assert direction.bring_up == ("child",)
    assert talk.status("child") == "asked"
    assert not talk.state.ledger.satisfied
    closing = talk.agent(acts=["informs"], met=["child"])
    assert closing is not None
    assert closing.move == "satisfied"


def _with_change_said() -> Talk:
    talk = Talk(make_scenario(goal=make_goal(complications=(later(when={"subgoal": "move", "status": "met"}),))))
    talk.agent(acts=["asks_known"], asked=["day"])
    talk.agent("Friday it is.", acts=["confirms"], met=["move"])
    return talk


def test_a_change_that_the_agent_takes_up_is_settled() -> None:
    talk = _with_change_said()
    closing = talk.agent("Changed to Monday.", acts=["confirms"], met=["move"])
    assert closing is not None
    assert closing.move == "satisfied"


def test_a_change_that_the_agent_passes_by_is_put_right_and_undoes_what_was_met() -> None:
    talk = _with_change_said()
    correction = talk.agent("Anything else?", acts=["offers_more"])
    assert correction is not None
    assert (correction.correct, correction.move) == (("day",), "continue")
    assert talk.status("move") == "attempted"
    assert talk.state.turns[-2].heard is not None
    assert talk.state.turns[-2].heard.mistaken == ("day",)


def test_a_change_that_the_agent_asks_about_is_not_passed_by() -> None:
    talk = _with_change_said()
    answer = talk.agent("What is your name?", acts=["asks_known"], asked=["name"])
    assert answer is not None
    assert (answer.answer, answer.correct) == (("name",), ())
    assert talk.status("move") == "met"


def test_a_wrong_fact_is_put_right() -> None:
    talk = Talk(make_scenario())
    direction = talk.agent(acts=["asks_to_confirm"], mistaken=["day"], attempted=["move"])
    assert direction is not None
    assert (direction.correct, direction.affirm) == (("day",), False)


# ---------------------------------------------------------------- loops


def test_goodbyes_without_end_are_cut_off() -> None:
    talk = Talk(make_scenario(make_persona(patience=5)))
    state = talk.state
    for n in range(3):
        state, (effect,) = advance(state, says(f"Goodbye {'abc'[n]}", acts=["closes"]), hear)
        if isinstance(effect, AskPlayer):
            moved = PlayerMoved(move=Move(message=f"Bye then, see you {'abc'[n]}"), at=1)
            state, _ = advance(state, moved, hear)
    assert state.ending is not None
    assert (state.ending.kind, state.ending.cause) == ("gave_up", "limit")
    assert "goodbye" in state.ending.detail


def test_a_closing_that_still_brings_something_is_no_farewell() -> None:
    talk = Talk(make_scenario(goal=make_goal(steps=(MOVE, BILL))))
    for _ in range(3):
        talk.agent(acts=["closes", "asks_known"], asked=["name"])
    assert talk.ending is None


def test_a_hand_off_at_the_end_of_a_circle_still_gets_its_closing_words() -> None:
    state = start(make_scenario())
    for n in range(3):
        state, _ = advance(state, PlayerMoved(move=Move(message=f"Bye then, see you {'abc'[n]}"), at=1), hear)
        state, (effect,) = advance(state, says(f"Goodbye {'abc'[n]}", acts=["closes", "hands_off"] if n == 2 else ["closes"]), hear)
    assert isinstance(effect, AskPlayer)
    assert effect.brief.direction.stage == "closing"


def test_facts_count_as_said_by_their_words_or_by_the_players_word() -> None:
    state = start(make_scenario())
    move = Move(message="Hi, it is maria chen, and the day after Thursday", disclosed=("day", "unheard-of"))
    state, _ = advance(state, PlayerMoved(move=move, at=1), hear)
    assert state.turns[0].disclosed == ("day", "name")
    assert {f.name: f.said_at for f in state.ledger.facts} == {"day": 0, "name": 0, "pin": None}


def test_the_same_exchange_three_times_is_cut_off() -> None:
    state = start(make_scenario())
    for _ in range(3):
        state, _ = advance(state, PlayerMoved(move=Move(message="Yes please."), at=1), hear)
        state, _ = advance(state, says("Shall I go on?", acts=["asks_other"]), hear)
    assert state.ending is not None
    assert "same exchange" in state.ending.detail


# ---------------------------------------------------------------- the guard at work


def test_a_refused_message_is_asked_for_again_with_the_complaint() -> None:
    state, (effect,) = advance(start(make_scenario()), PlayerMoved(move=Move(message=" "), at=1), hear)
    assert isinstance(effect, AskPlayer)
    assert effect.brief.attempt == 2
    assert effect.brief.complaint == "The message is empty."
    state, _ = advance(state, obey(state), hear)
    assert state.turns[0].rejected == ("The message is empty.",)


def test_three_refused_messages_are_the_simulators_failure_and_never_reach_the_target() -> None:
    state = start(make_scenario())
    for _ in range(3):
        state, _ = advance(state, PlayerMoved(move=Move(message="As an AI language model, I want to move my check-up."), at=1), hear)
    assert state.ending is not None
    assert (state.ending.kind, state.ending.cause) == ("simulator_failed", "simulator")
    assert state.turns == ()


def test_script_lines_are_not_judged_by_the_guard() -> None:
    state = start(make_scenario(player="script", script=("My order is 99812, how can I help you today?",)))
    state, (effect,) = advance(state, PlayerMoved(move=Move(message="My order is 99812, how can I help you today?"), at=1), hear)
    assert isinstance(effect, SendToTarget)


# ---------------------------------------------------------------- what a player may know


def test_no_success_criterion_can_reach_a_player() -> None:
    canary = "canary-7f3a"
    goal = Goal.model_validate(
        make_goal().model_dump()
        | {
            "success": [{"id": "done", "description": canary, "check": {"check": "said", "any_of": [canary]}}],
            "expected": {"outcome": "done", "note": canary},
        }
    )
    talk = Talk(make_scenario(goal=goal))
    assert canary in talk.state.scenario.model_dump_json()
    _, (effect,) = advance(talk.state, says(acts=["asks_known"], asked=["name"]), hear)
    for brief in (pending(start(talk.state.scenario)), effect):
        assert isinstance(brief, AskPlayer)
        assert type(brief.brief.goal) is PlayerGoal
        assert canary not in brief.model_dump_json()
        assert canary not in repr(brief.brief.goal.__dict__)
    assert not {"success", "expected"} & PlayerGoal.model_fields.keys()
    assert "success" not in json.dumps(Brief.model_json_schema()["$defs"]["PlayerGoal"]["properties"])


def test_a_replay_of_the_events_is_the_conversation() -> None:
    talk = Talk(make_scenario(goal=make_goal(steps=(MOVE, BILL), side=(PARKING,))))
    talk.agent(acts=["asks_known"], asked=["name"])
    talk.agent(acts=["confirms"], met=["move"])
    assert replay(talk.state.scenario, talk.events, hear) == talk.state


def test_the_newest_session_id_is_handed_back() -> None:
    talk = Talk(make_scenario())
    assert talk.state.session is None
    talk.agent(session="s-1", acts=["asks_known"], asked=["name"])
    talk.agent(acts=["asks_known"], asked=["day"])
    assert talk.state.session == "s-1"


def test_same_seed_same_directions_and_other_seeds_others() -> None:
    def directions(seed: int) -> str:
        persona = make_persona(traits=("chatty", "changes_mind"), intents={"primary": "x", "side": ("Is there parking?",)})
        talk = Talk(make_scenario(persona, seed=seed))
        for _ in range(4):
            talk.agent(acts=["offers_options"], options=["at nine", "at ten"])
        return json.dumps([d.model_dump() for d in talk.directions])

    assert all(directions(seed) == directions(seed) for seed in range(5))
    assert len({directions(seed) for seed in range(20)}) > 5

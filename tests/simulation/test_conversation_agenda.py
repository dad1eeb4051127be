"""Every field of persona and goal that concerns behaviour changes the directions."""

from __future__ import annotations

from typing import Any

import pytest
from conversation_kit import BILL, MOVE, PARKING, Limits, Talk, later, make_goal, make_persona, make_scenario, over_seeds

from understudy.domain.conversation import Direction
from understudy.domain.goal import Goal
from understudy.domain.persona import Trigger

TWO = make_goal(steps=(MOVE, BILL))
FACTS = {
    "day": {"value": "Friday", "disclose": "volunteer"},
    "doctor": {"value": "Doctor Rodriguez", "disclose": "volunteer"},
    "insurer": {"value": "Northern Mutual", "disclose": "volunteer"},
    "name": "Maria Chen",
    "pin": {"value": "7741", "disclose": "never"},
}
OPTIONS = ["Thursday at nine", "Friday at ten", "Monday at noon"]


def talk(goal: Goal | None = None, seed: int = 0, max_turns: int = 16, **persona: Any) -> Talk:
    return Talk(make_scenario(make_persona(**persona), goal, seed=seed, limits=Limits(max_turns=max_turns)))


def then(t: Talk, **heard: Any) -> Direction:
    direction = t.agent(**heard)
    assert direction is not None
    return direction


# ---------------------------------------------------------------- disclosure


def test_volunteered_facts_are_said_unasked_others_when_asked_and_some_never() -> None:
    t = talk(make_goal(known=FACTS))
    assert t.opening.volunteer == ("day", "doctor")
    direction = then(t, acts=["asks_known"], asked=["name", "pin"])
    assert direction.answer == ("name",)
    assert direction.withhold == ("pin",)
    assert direction.volunteer == ("insurer",) or "day" in direction.volunteer


def test_what_they_do_not_know_they_admit() -> None:
    assert then(talk(), acts=["asks_unknown"], asked_unknown=["referral_code"]).admit_unknown == ("referral_code",)


def test_a_fact_of_the_persona_is_known_whatever_the_goal() -> None:
    t = talk(knowledge={"known": {"insurer": "Northern Mutual"}})
    assert then(t, acts=["asks_known"], asked=["insurer"]).answer == ("insurer",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, 2),
        ({"clarity": "partial"}, 1),
        ({"clarity": "vague"}, 0),
        ({"traits": ("leaves_things_out",)}, 0),
        ({"skill": "expert"}, 3),
        ({"skill": "expert", "clarity": "partial"}, 2),
        ({"style": "terse"}, 1),
    ],
)
def test_clarity_skill_and_style_decide_how_much_the_opening_gives_away(changes: dict[str, Any], said: int) -> None:
    assert len(talk(make_goal(known=FACTS), **changes).opening.volunteer) == said


@pytest.mark.parametrize("changes", [{"skill": "novice"}, {"clarity": "vague"}, {"traits": ("leaves_things_out",)}])
def test_some_answer_only_the_first_of_two_questions(changes: dict[str, Any]) -> None:
    heard = {"acts": ["asks_known"], "asked": ["name", "day"]}
    assert then(talk(), **heard).answer == ("name", "day")
    assert then(talk(**changes), **heard).answer == ("name",)


@pytest.mark.parametrize("changes", [{"clarity": "vague"}, {"traits": ("leaves_things_out",)}])
def test_some_hold_the_next_step_back_until_they_are_asked_or_a_turn_later(changes: dict[str, Any]) -> None:
    assert then(talk(TWO), acts=["confirms"], met=["move"]).bring_up == ("bill",)
    t = talk(TWO, **changes)
    assert then(t, acts=["confirms"], met=["move"]).bring_up == ()
    assert then(t, acts=["acknowledges"]).bring_up == ("bill",)
    asked = talk(TWO, **changes)
    assert then(asked, acts=["confirms", "offers_more"], met=["move"]).bring_up == ("bill",)


# ---------------------------------------------------------------- traits


def test_bundlers_put_several_things_into_one_message() -> None:
    goal = make_goal(steps=(MOVE, BILL), side=(PARKING,))
    assert talk(goal).opening.bring_up == ("move",)
    assert talk(goal, traits=("bundles_questions",)).opening.bring_up == ("move", "bill", "parking")


def test_mind_changers_change_their_mind_on_the_opening_and_at_most_once_later() -> None:
    assert not talk().opening.change_mind
    later_changes = 0
    for seed in range(30):
        t = talk(seed=seed, traits=("changes_mind",))
        assert t.opening.change_mind
        changes = [then(t, acts=["offers_options"], options=OPTIONS).change_mind for _ in range(6)]
        assert sum(changes) <= 1
        later_changes += sum(changes)
    assert 10 <= later_changes <= 30


def test_double_checkers_make_sure_once_before_they_leave() -> None:
    t = talk(traits=("double_checks",))
    check = then(t, acts=["confirms"], met=["move"])
    assert (check.move, check.ask_again) == ("continue", ("move",))
    assert then(t, acts=["confirms"], met=["move"]).move == "satisfied"


def test_those_who_ask_why_and_those_who_test_limits_push_back_longer_before_they_settle() -> None:
    def pushes(*traits: str) -> int:
        t = talk(make_goal(settles_for="refusal"), traits=traits)
        n = 0
        while then(t, acts=["refuses"], refused=["move"]).move == "continue":
            n += 1
        assert t.directions[-1].move == "satisfied"
        return n

    assert (pushes(), pushes("asks_why"), pushes("tests_limits"), pushes("asks_why", "tests_limits")) == (1, 2, 2, 3)


def test_limit_testers_take_none_of_the_first_options() -> None:
    t = talk(traits=("tests_limits",))
    first = then(t, acts=["offers_options"], options=OPTIONS)
    assert (first.choose, first.ask_again) == (None, ("move",))
    assert then(t, acts=["offers_options"], options=OPTIONS).choose == "Friday at ten"


def test_who_wants_acknowledgement_shows_it_once_when_there_is_none() -> None:
    heard = {"acts": ["asks_known"], "asked": ["name"]}
    assert not then(talk(), **heard).show_frustration
    t = talk(traits=("wants_acknowledgement",))
    assert then(t, **heard).show_frustration
    assert not then(t, **heard).show_frustration
    kind = talk(traits=("wants_acknowledgement",))
    assert not then(kind, acts=["asks_known", "apologises"], asked=["name"]).show_frustration


def test_who_repeats_themselves_comes_back_to_what_was_said() -> None:
    heard = {"acts": ["asks_known"], "asked": ["name"]}

    def again(seed: int, *traits: str) -> bool:
        return "move" in then(talk(seed=seed, traits=traits), **heard).ask_again

    assert over_seeds(lambda seed: again(seed)) == 0
    assert 8 <= over_seeds(lambda seed: again(seed, "repeats_themselves")) <= 32


@pytest.mark.parametrize("changes", [{"traits": ("interrupts",)}, {"noise": {"interruptions": 1.0}}])
def test_who_interrupts_comes_with_the_next_thing_before_the_last_is_settled(changes: dict[str, Any]) -> None:
    def cuts_in(seed: int, **persona: Any) -> bool:
        return "bill" in then(talk(TWO, seed=seed, **persona), acts=["asks_known"], asked=["name"]).bring_up

    assert over_seeds(lambda seed: cuts_in(seed)) == 0
    assert 8 <= over_seeds(lambda seed: cuts_in(seed, **changes)) <= 32


def test_talkers_drop_in_more_that_is_beside_the_point_and_hurried_people_nothing() -> None:
    def tangents(**persona: Any) -> int:
        return over_seeds(lambda seed: talk(seed=seed, **persona).opening.tangent, range(100))

    plain = tangents()
    assert 3 <= plain <= 25
    for changes in ({"traits": ("chatty",)}, {"style": "rambling"}, {"noise": {"tangents": 0.5}}, {"traits": ("compares_with_others",)}):
        assert tangents(**changes) > plain
    assert tangents(emotion="hurried") == 0


def test_polite_people_thank_in_the_middle_too() -> None:
    heard = {"acts": ["confirms"], "met": ["move"]}
    assert then(talk(TWO, traits=("polite",)), **heard).thank
    assert not then(talk(TWO), **heard).thank


# ---------------------------------------------------------------- side goals


def test_side_goals_are_asked_before_a_content_user_leaves() -> None:
    goal = make_goal(side=(PARKING,))
    for seed in range(10):
        t = talk(goal, seed=seed, intents={"primary": "x", "side": ("Do you open on Sundays?",)})
        then(t, acts=["confirms"], met=["move"])
        for _ in range(6):
            raised = [i for i in ("parking", "side-1") if t.status(i) == "asked"]
            t.agent(acts=["informs"], met=raised)
        assert t.ending == "goal_reached"
        assert (t.status("parking"), t.status("side-1")) == ("met", "met")


def test_side_intents_come_up_in_the_middle_of_things_now_and_then() -> None:
    def in_the_middle(seed: int, **persona: Any) -> bool:
        t = talk(seed=seed, intents={"primary": "x", "side": ("Do you open on Sundays?",)}, **persona)
        return "side-1" in then(t, acts=["asks_known"], asked=["name"]).bring_up

    plain = over_seeds(in_the_middle)
    assert 4 <= plain <= 22
    assert over_seeds(lambda s: in_the_middle(s, traits=("chatty",))) > plain
    assert over_seeds(lambda s: in_the_middle(s, emotion="hurried")) < plain


def test_a_side_goal_that_is_passed_over_is_asked_again_once_and_then_let_go() -> None:
    t = talk(make_goal(side=(PARKING,)))
    assert then(t, acts=["confirms"], met=["move"]).bring_up == ("parking",)
    assert then(t, acts=["ignores"], ignored=["parking"]).ask_again == ("parking",)
    assert then(t, acts=["ignores"], ignored=["parking"]).move == "satisfied"


def test_there_is_no_time_for_side_goals_with_the_last_turn() -> None:
    t = talk(make_goal(side=(PARKING,)), max_turns=2, emotion="hurried")
    assert then(t, acts=["confirms"], met=["move"]).move == "satisfied"


# ---------------------------------------------------------------- reacting


def test_an_option_that_names_a_known_fact_is_taken() -> None:
    for seed in range(10):
        assert then(talk(seed=seed), acts=["offers_options"], options=OPTIONS).choose == "Friday at ten"


def test_without_such_a_fact_any_option_is_taken_and_novices_take_the_first() -> None:
    goal = make_goal(known={})
    chosen = {then(talk(goal, seed=seed), acts=["offers_options"], options=OPTIONS).choose for seed in range(20)}
    assert chosen == set(OPTIONS)
    assert {then(talk(goal, seed=s, skill="novice"), acts=["offers_options"], options=OPTIONS).choose for s in range(20)} == {OPTIONS[0]}


def test_when_the_day_that_they_asked_for_is_offered_with_times_they_choose_a_time() -> None:
    options = ["Friday", "9:00", "11:30"]
    chosen = {then(talk(seed=seed), acts=["offers_options"], options=options).choose for seed in range(20)}
    assert chosen == {"9:00", "11:30"}


def test_an_option_that_was_taken_is_taken_again_when_it_is_asked_for_once_more() -> None:
    for seed in range(20):
        t = talk(make_goal(known={}), seed=seed)
        first = then(t, acts=["offers_options"], options=["9:00", "11:30", "14:30"]).choose
        assert then(t, acts=["offers_options"], options=["9:00", "11:30", "14:30"]).choose == first


def test_an_option_and_the_fact_that_it_is_part_of_are_answered_once() -> None:
    known = {"light": "blinking red"}
    heard: dict[str, Any] = {"acts": ["asks_known", "offers_options"], "asked": ["light"]}
    direction = then(talk(make_goal(known=known, steps=(BILL,))), options=["red", "orange"], **heard)
    assert (direction.answer, direction.choose) == (("light",), None)
    direction = then(talk(make_goal(known={"light": "red"}, steps=(BILL,))), options=["a red light", "a green light"], **heard)
    assert (direction.answer, direction.choose) == ((), "a red light")


def test_an_open_step_is_asked_for_again_when_the_agent_wants_to_know_what_else_there_is() -> None:
    direction = then(talk(), acts=["asks_other", "offers_more"], attempted=["move"])
    assert (direction.ask_again, direction.affirm) == (("move",), True)


def test_a_confirmation_is_given_and_a_wrong_one_denied() -> None:
    assert then(talk(), acts=["asks_to_confirm"], attempted=["move"]).affirm is True
    assert then(talk(), acts=["asks_to_confirm", "misunderstands"]).affirm is False


def test_a_content_user_answers_what_is_still_asked_before_leaving() -> None:
    t = talk()
    assert then(t, acts=["confirms", "asks_known"], met=["move"], asked=["name"]).answer == ("name",)
    assert t.directions[-1].move == "continue"
    assert then(t, acts=["acknowledges"]).move == "satisfied"


def test_a_content_user_leaves_when_they_are_asked_on_for_what_they_have_nothing_for() -> None:
    t = talk(traits=("double_checks",))
    assert then(t, acts=["confirms", "asks_other"], met=["move"]).move == "continue"
    assert then(t, acts=["asks_other"]).move == "satisfied"


def test_a_content_user_does_not_answer_questions_for_ever() -> None:
    t = talk()
    n = 0
    while then(t, acts=["asks_known", "confirms"], met=["move"], asked=["name"]).move == "continue":
        n += 1
    assert n == 3


def test_an_offer_of_more_help_is_taken_up_or_declined() -> None:
    assert then(talk(TWO), acts=["confirms", "offers_more"], met=["move"]).affirm is True
    assert then(talk(), acts=["confirms", "offers_more"], met=["move"]).affirm is False


@pytest.mark.parametrize("act", ["says_nothing", "breaks", "wrong_language"])
def test_what_makes_no_sense_is_said_not_to_be_understood(act: str) -> None:
    assert then(talk(), acts=[act]).not_understood


def test_the_patient_wait_once_when_the_agent_needs_a_moment() -> None:
    heard = {"acts": ["stalls"], "attempted": ["move"]}
    assert then(talk(patience=4), **heard).ask_again == ()
    assert then(talk(patience=2), **heard).ask_again == ("move",)


def test_two_complications_come_one_at_a_time() -> None:
    goal = make_goal(complications=(later(), later("more", changes={"name": "Maria Lopez"})))
    t = talk(goal)
    assert then(t, acts=["asks_known"], asked=["name"]).complication == "later"
    assert then(t, acts=["confirms", "acknowledges"]).complication == "more"


# ---------------------------------------------------------------- triggers


@pytest.mark.parametrize(
    ("trigger", "heard"),
    [
        ({"when": "asks_unknown", "about": "referral_code"}, {"acts": ["asks_unknown"], "asked_unknown": ["referral_code"]}),
        ({"when": "asks_again", "about": "name"}, {"acts": ["asks_again", "asks_known"], "asked": ["name"]}),
        ({"when": "ignores", "about": "move"}, {"acts": ["ignores"], "ignored": ["move"]}),
        ({"when": "misunderstands"}, {"mistaken": ["day"]}),
        ({"when": "rude"}, {"acts": ["rude"]}),
        ({"when": "stalls"}, {"acts": ["stalls"]}),
        ({"when": "repeats_itself"}, {"acts": ["repeats_itself"]}),
        ({"when": "changes_subject"}, {"acts": ["changes_subject"]}),
        ({"when": "no_options", "about": "this week"}, {"text": "There is nothing free this week.", "acts": ["no_options"]}),
        ({"when": "says", "says": ["another number"]}, {"text": "Please call another number."}),
        ({"when": "refuses", "about": "check-up"}, {"acts": ["refuses"], "refused": ["move"]}),
    ],
)
def test_each_trigger_goes_off_at_what_it_names(trigger: dict[str, Any], heard: dict[str, Any]) -> None:
    t = talk(triggers=(Trigger.model_validate({"id": "enough"} | trigger),))
    assert then(t, **heard).trigger == "enough"


@pytest.mark.parametrize(
    ("trigger", "heard"),
    [
        ({"when": "asks_unknown", "about": "referral_code"}, {"acts": ["asks_unknown"], "asked_unknown": ["other"]}),
        ({"when": "ignores", "about": "bill"}, {"acts": ["ignores"], "ignored": ["move"]}),
        ({"when": "no_options", "about": "this week"}, {"text": "There is nothing free at all.", "acts": ["no_options"]}),
        ({"when": "says", "says": ["another number"]}, {"text": "Please hold."}),
    ],
)
def test_a_trigger_stays_quiet_about_other_things(trigger: dict[str, Any], heard: dict[str, Any]) -> None:
    t = talk(TWO, triggers=(Trigger.model_validate({"id": "enough"} | trigger),))
    assert then(t, **heard).trigger is None


def test_a_trigger_fires_once() -> None:
    t = talk(triggers=(Trigger(id="enough", when="stalls"),))
    then(t, acts=["stalls"])
    assert then(t, acts=["stalls"]).trigger is None
    assert t.state.ledger.triggers == ("enough",)


def test_a_trigger_about_not_getting_something_does_not_matter_once_everything_is_met() -> None:
    t = talk(triggers=(Trigger(id="away", when="redirects"), Trigger(id="manners", when="rude")))
    assert then(t, acts=["confirms", "redirects"], met=["move"]).trigger is None
    rude = talk(triggers=(Trigger(id="manners", when="rude"),))
    assert then(rude, acts=["confirms", "rude"], met=["move"]).trigger == "manners"


@pytest.mark.parametrize("trigger", [{"when": "says", "says": ["your fault"]}, {"when": "misunderstands"}])
def test_some_triggers_matter_even_then(trigger: dict[str, Any]) -> None:
    t = talk(triggers=(Trigger.model_validate({"id": "enough"} | trigger),))
    direction = then(t, text="Done. It was your fault.", acts=["confirms", "misunderstands"], met=["move"])
    assert direction.trigger == "enough"


def test_a_greeting_sets_nothing_off() -> None:
    persona = make_persona(triggers=(Trigger(id="enough", when="stalls"),))
    t = Talk(make_scenario(persona, opens="agent"))
    first = then(t, acts=["greets", "stalls"])
    assert (first.stage, first.trigger) == ("opening", None)
    assert (t.state.frustration, t.state.course.fruitless) == (0, 0)


def test_a_hand_off_that_was_wanted_sets_nothing_off_and_a_needless_one_does() -> None:
    triggers = (Trigger(id="passed-on", when="hands_off", then="give_up"),)
    assert then(talk(make_goal(settles_for="handoff"), triggers=triggers), acts=["hands_off"]).trigger is None
    assert then(talk(triggers=triggers), acts=["hands_off"]).trigger == "passed-on"


def test_who_asks_for_a_human_still_answers_what_was_asked() -> None:
    t = talk(triggers=(Trigger(id="no", when="refuses"),))
    assert then(t, acts=["refuses", "asks_known"], asked=["name"]).answer == ("name",)


def test_who_asked_for_a_human_goes_on_while_the_agent_gets_things_done() -> None:
    t = talk(TWO, triggers=(Trigger(id="no", when="stalls"),))
    assert then(t, acts=["stalls"]).move == "asks_for_human"
    assert then(t, acts=["confirms"], met=["move"]).move == "continue"
    assert then(t, acts=["asks_other"]).move == "asks_for_human"


def test_who_is_sent_elsewhere_twice_gives_the_place_up() -> None:
    t = talk()
    then(t, acts=["redirects"])
    assert then(t, acts=["redirects"]).move == "out_of_scope"


def test_a_change_makes_old_options_and_confirmations_void() -> None:
    goal = make_goal(complications=(later(),))
    direction = then(talk(goal), acts=["offers_options", "asks_to_confirm"], options=OPTIONS)
    assert (direction.complication, direction.choose, direction.affirm) == ("later", None, False)


def test_a_mistake_is_put_right_before_anything_new_comes_in() -> None:
    t = talk(make_goal(complications=(later(),)))
    first = then(t, acts=["misunderstands", "offers_options"], mistaken=["name"], options=OPTIONS)
    assert (first.correct, first.complication, first.choose) == (("name",), None, None)
    assert then(t, acts=["acknowledges"]).complication == "later"


def test_a_change_of_what_the_agent_never_had_needs_no_taking_up() -> None:
    goal = make_goal(complications=(later(changes={"name": "Maria Lopez"}),))
    t = talk(goal)
    assert then(t, acts=["asks_other"]).complication == "later"
    assert t.state.course.unsettled == ()
    assert then(t, acts=["confirms"], met=["move"]).move == "satisfied"


def test_a_changed_fact_that_is_refused_is_settled_only_for_those_who_take_a_no() -> None:
    def after_refusal(settles_for: str) -> Direction:
        goal = make_goal(settles_for=settles_for, complications=(later(when={"subgoal": "move", "status": "met"}),))
        t = talk(goal)
        then(t, acts=["confirms"], met=["move"])
        return then(t, acts=["refuses"])

    assert after_refusal("refusal").move == "satisfied"
    assert after_refusal("resolution").correct == ("day",)


def test_a_change_is_not_passed_by_while_the_agent_works_on_it() -> None:
    t = talk(make_goal(steps=(MOVE, BILL), complications=(later(when={"subgoal": "move", "status": "met"}),)))
    then(t, acts=["confirms"], met=["move"])
    then(t, acts=["informs"], attempted=["bill"])
    assert t.status("move") == "met"


def test_an_agent_that_keeps_asking_a_content_user_is_asked_back() -> None:
    t = talk(make_goal(side=(PARKING,)), emotion="hurried")
    then(t, acts=["confirms", "asks_known"], met=["move"], asked=["name"])
    assert then(t, acts=["asks_known"], asked=["day"]).bring_up == ("parking",)


def test_a_side_goal_that_gets_nowhere_is_asked_three_times_at_most() -> None:
    t = talk(make_goal(side=(PARKING,)))
    then(t, acts=["confirms"], met=["move"])
    asked = 1
    while then(t, acts=["stalls"], attempted=["parking"]).move == "continue":
        asked += 1
    assert asked == 3


def test_asking_the_same_again_is_no_answer_but_a_new_question_is() -> None:
    stuck = talk()
    then(stuck, acts=["asks_known"], asked=["name"])
    stuck.state = stuck.state.evolve(course=stuck.state.course.evolve(raised=("move",)))
    known = stuck.state.ledger.evolve(facts=tuple(f.evolve(said_at=0) for f in stuck.state.ledger.facts))
    stuck.state = stuck.state.evolve(ledger=known)
    then(stuck, acts=["asks_again", "asks_known"], asked=["name"])
    assert stuck.state.course.vain == ("move",)
    fresh = talk()
    then(fresh, acts=["asks_again", "asks_known"], asked=["name"])
    assert fresh.state.course.vain == ()


def test_evasion_after_a_refusal_counts_as_asked_in_vain() -> None:
    t = talk(patience=3)
    then(t, acts=["refuses"], refused=["move"])
    then(t, acts=["informs"])
    assert then(t, acts=["informs"]).move == "will_call_back"


def test_rudeness_frustrates_twice_as_much() -> None:
    t = talk()
    then(t, acts=["rude", "asks_known"], asked=["name"])
    assert t.state.frustration == 2


def test_questions_that_the_user_has_nothing_for_lead_back_to_the_point_and_then_cost_patience() -> None:
    t = talk(make_goal(known={}), patience=1)
    heard = {"acts": ["asks_other"], "attempted": ["move"]}
    then(t, **heard)
    assert then(t, **heard).ask_again == ("move",)
    assert t.state.course.fruitless == 0
    then(t, **heard)
    assert (t.state.course.vain, t.state.course.fruitless) == (("move",), 1)
    assert then(t, **heard).move == "will_call_back"


def test_who_cannot_place_two_questions_in_a_row_says_what_the_agent_may_be_after() -> None:
    goal = make_goal(known={"pin": {"value": "7741", "disclose": "never"}, "name": "Maria Chen", "day": "Friday"})
    t = talk(goal, traits=("leaves_things_out",))
    first = then(t, acts=["asks_other"], attempted=["move"])
    second = then(t, acts=["asks_other"], attempted=["move"])
    assert (first.volunteer, first.ask_again) == ((), ())
    # The open step needs the day; the PIN is never said.
    assert (second.volunteer, second.ask_again) == (("day",), ())


def test_who_has_helped_out_in_vain_comes_back_to_the_point_with_the_next_fact() -> None:
    t = talk(traits=("leaves_things_out",))
    heard = {"acts": ["asks_other"], "attempted": ["move"]}
    for _ in range(2):
        then(t, **heard)
    t.state = t.state.evolve(
        ledger=t.state.ledger.evolve(facts=tuple(f.evolve(said_at=4) if f.name == "day" else f for f in t.state.ledger.facts))
    )
    third = then(t, **heard)
    assert (third.volunteer, third.ask_again) == (("name",), ("move",))


def test_a_wrong_value_put_to_the_user_is_never_affirmed() -> None:
    wrong = then(talk(), acts=["asks_to_confirm"], attempted=["move"], mistaken=["day"])
    assert (wrong.affirm, wrong.correct, wrong.choose) == (False, ("day",), None)
    secret = then(talk(), acts=["asks_to_confirm"], attempted=["move"], mistaken=["pin"])
    assert (secret.affirm, secret.correct) == (False, ())


def test_an_agent_that_only_greets_is_told_again_what_it_is_about() -> None:
    assert then(talk(), acts=["greets", "asks_other"]).ask_again == ("move",)

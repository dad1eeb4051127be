"""Which sub-goals a reply meets, refuses, takes back or passes over, and which facts it has wrong."""

from __future__ import annotations

import pytest
from hearing_kit import clinic_goal, heard_in, persona, user_turn

from understudy.domain.conversation import Act, Direction, Reply, Turn
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.simulation.hearing import hear
from understudy.simulation.ledger import open_ledger

BOTH = {"move": "asked", "fee": "asked"}


def test_nothing_is_met_before_the_user_asked() -> None:
    assert heard_in("I have moved your appointment. There is no cancellation fee.", statuses={}, brought=()).met == ()


def test_an_answer_and_a_confirmation_in_one_reply_meet_both() -> None:
    heard = heard_in(
        "I have moved your appointment to Thursday 26 November. There is no cancellation fee.", statuses=BOTH, brought=("move", "fee")
    )
    assert heard.met == ("move", "fee")
    assert heard.ignored == ()


def test_a_question_passed_over_is_ignored() -> None:
    heard = heard_in("I have moved your appointment to Thursday 26 November.", statuses=BOTH, brought=("move", "fee"))
    assert heard.ignored == ("fee",)
    assert heard.has(Act.IGNORES)


def test_what_was_asked_in_an_earlier_turn_is_not_ignored_now() -> None:
    heard = heard_in("What is your date of birth?", statuses=BOTH, brought=("move",))
    assert heard.ignored == ()


def test_a_promise_to_come_to_the_question_is_an_attempt() -> None:
    heard = heard_in("I will look up the cancellation fee after I have your name.", statuses=BOTH, brought=("fee",))
    assert "fee" in heard.attempted
    assert heard.met == ()


@pytest.mark.parametrize(
    "reply",
    [
        "There is no fee.",
        "The fee is $25 if you cancel within 24 hours.",
        "No, cancelling is free of charge.",
        "No, you don't have to pay anything.",
    ],
)
def test_a_statement_that_answers_meets_the_question(reply: str) -> None:
    assert heard_in(reply, statuses=BOTH, brought=("fee",)).met == ("fee",)


@pytest.mark.parametrize(
    "reply",
    [
        "I'd be happy to answer your question about the cancellation fee.",
        "Is it the cancellation fee that you are asking about?",
        "Your question about the cancellation fee is important to us.",
        "Let me check the cancellation fee for you.",
        "I don't know whether there is a cancellation fee.",
        "Your appointment is on Thursday.",
    ],
)
def test_a_mention_is_no_answer(reply: str) -> None:
    assert heard_in(reply, statuses=BOTH, brought=("fee",)).met == ()


def test_not_knowing_refuses_the_question() -> None:
    assert heard_in("I don't have that information about the fee.", statuses=BOTH, brought=("fee",)).refused == ("fee",)


def test_answered_by_phrases_decide_with_current_fact_values() -> None:
    goal = clinic_goal(steps=(SubGoal(id="move", say="I need to move my appointment", answered_by=("{new_date}",), needs=("new_date",)),))
    assert heard_in("Done, it is now on Thursday 26 November.", goal=goal).met == ("move",)
    assert heard_in("I have moved it. The new date is Thursday 26 November.", goal=goal).met == ("move",)
    vague = heard_in("I have moved your appointment.", goal=goal)
    assert vague.met == ()
    assert vague.attempted == ("move",)


def test_an_answered_by_phrase_alone_is_no_confirmation() -> None:
    goal = clinic_goal(steps=(SubGoal(id="move", say="I need to move my appointment", answered_by=("{new_date}",)),))
    assert heard_in("We are open on Thursday 26 November.", goal=goal).met == ()
    assert heard_in("Shall I book Thursday 26 November?", goal=goal).met == ()


def test_a_confirmation_with_an_old_value_is_mistaken_and_meets_nothing() -> None:
    heard = heard_in(
        "I have moved your appointment to Tuesday 24 November.", said=("new_date",), old={"new_date": ("Tuesday 24 November",)}
    )
    assert heard.mistaken == ("new_date",)
    assert heard.met == ()
    assert heard.attempted == ("move",)


def test_an_old_value_named_as_old_is_no_mistake() -> None:
    reply = "I have moved your appointment from Tuesday 24 November to Thursday 26 November."
    heard = heard_in(reply, said=("new_date",), old={"new_date": ("Tuesday 24 November",)})
    assert heard.mistaken == ()
    assert heard.met == ("move",)


def test_a_change_that_was_not_said_yet_cannot_be_got_wrong() -> None:
    heard = heard_in("I have moved your appointment to Tuesday 24 November.", old={"new_date": ("Tuesday 24 November",)})
    assert heard.mistaken == ()


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("I have moved your appointment to Friday 27 November.", True),
        ("So I'll move it to Wednesday, is that right?", True),
        ("I have moved your appointment to Nov 26.", False),
        ("I have moved your appointment to the 26th of November.", False),
        ("I have moved your appointment. You will get an email on Friday.", False),
        ("We are closed on Friday.", False),
        ("Would Friday or Monday work for you?", False),
    ],
)
def test_a_confirmed_value_is_compared_in_any_spelling(reply: str, wrong: bool) -> None:
    assert (heard_in(reply, said=("new_date",)).mistaken == ("new_date",)) is wrong


@pytest.mark.parametrize(
    ("reply", "met"), [("I've moved it to 2:30 pm.", True), ("I've moved it to 14.30.", True), ("I've moved it to 3:30 pm.", False)]
)
def test_times_are_compared_in_any_spelling(reply: str, met: bool) -> None:
    goal = clinic_goal(
        steps=(SubGoal(id="move", say="I need to move my appointment", needs=("time",)),), known=({"name": "time", "value": "14:30"},)
    )
    assert (heard_in(reply, goal=goal, said=("time",)).met == ("move",)) is met


def test_taking_back_names_the_goal() -> None:
    for reply in ("Actually, that did not go through. Your appointment has not been moved.", "I was wrong, it is not booked."):
        heard = heard_in(reply, statuses={"move": "met"}, brought=())
        assert heard.taken_back == ("move",)
        assert heard.has(Act.TAKES_BACK)


def test_nothing_is_taken_back_by_a_plain_confirmation() -> None:
    assert heard_in("Yes, your appointment has been moved.", statuses={"move": "met"}, brought=()).taken_back == ()


def card_goal() -> PlayerGoal:
    return PlayerGoal(
        id="card",
        title="Stolen card",
        steps=(
            SubGoal(id="block", say="I want to block my credit card"),
            SubGoal(id="replace", say="Please order a replacement card"),
        ),
        known=({"name": "card_last_four", "value": "4421"}, {"name": "phone", "value": "555-0100"}),  # type: ignore[arg-type] - the short form
    )


@pytest.mark.parametrize(
    ("reply", "met"),
    [
        ("I have blocked your card.", ("block",)),
        ("A replacement card has been ordered.", ("replace",)),
        ("Your card has been blocked and a replacement has been ordered.", ("block", "replace")),
        ("Your card is blocked. Shall I order a replacement?", ("block",)),
        ("Everything is taken care of.", ("block", "replace")),
        ("I have updated your phone number.", ()),
        ("I have not blocked your card, but a replacement has been ordered.", ("replace",)),
    ],
)
def test_of_several_actions_the_one_claimed_is_met(reply: str, met: tuple[str, ...]) -> None:
    heard = heard_in(reply, goal=card_goal(), statuses={"block": "asked", "replace": "asked"}, brought=("block", "replace"))
    assert heard.met == met


def test_the_last_four_digits_are_a_kind_of_their_own() -> None:
    heard = heard_in(
        "What are the last four digits of your card number?", goal=card_goal(), statuses={"block": "asked"}, brought=("block",)
    )
    assert heard.asked == ("card_last_four",)


def test_a_scripted_user_without_directions_is_heard_too() -> None:
    turns = (Turn(index=0, role="user", text="I need to reschedule my appointment with Dr. Chen.", at=0.0),)
    goal = clinic_goal()
    heard = hear(Reply(text="Done."), persona=persona(), goal=goal, ledger=open_ledger(persona(), goal), turns=turns)
    assert heard.met == ("move",)


def test_bundled_in_the_last_message_is_enough_to_be_met() -> None:
    heard = heard_in(
        "There is no fee.", statuses={}, turns=(Turn(index=0, role="user", text="Fee?", at=0.0, direction=Direction(bring_up=("fee",))),)
    )
    assert heard.met == ("fee",)


def test_an_opening_before_any_user_turn_is_heard() -> None:
    heard = heard_in("Hello, how can I help you?", statuses={}, turns=())
    assert heard.acts == (Act.GREETS,)


def test_a_refused_goal_may_be_met_later() -> None:
    assert heard_in("I have now moved your appointment.", statuses={"move": "refused"}, turns=(user_turn(ask_again=("move",)),)).met == (
        "move",
    )


def test_the_questions_own_words_as_a_statement_answer_it() -> None:
    question = SubGoal(id="fee", say="Will the clinic pay back deposits that I did not use?", kind="question")
    goal = clinic_goal(side=(question,))
    heard = heard_in("The clinic will pay back any deposits that you did not use.", goal=goal, statuses=BOTH, brought=("fee",))
    assert heard.met == ("fee",)


def test_a_confirmation_that_goes_on_in_a_second_sentence_counts_with_it() -> None:
    goal = clinic_goal(steps=(SubGoal(id="move", say="I need a new card", answered_by=("{new_date}",)),))
    assert heard_in("I have ordered your new card. It will be there on Thursday 26 November.", goal=goal).met == ("move",)
    assert heard_in("I have your name. We will see about Thursday 26 November.", goal=goal).met == ()


def test_a_day_that_the_agent_settled_without_asking_is_wrong_when_it_is_not_the_user_s() -> None:
    goal = clinic_goal(steps=(SubGoal(id="move", say="I need to move my appointment", needs=("new_date",)),))
    heard = heard_in("I have moved your appointment to Tuesday 24 November.", goal=goal, said=())
    assert heard.mistaken == ("new_date",)
    assert heard.met == ()
    assert heard_in("Would Tuesday 24 November suit you?", goal=goal, said=()).mistaken == ()

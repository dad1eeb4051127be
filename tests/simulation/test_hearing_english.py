"""What an English-speaking user hears, act by act; most rows are misfires of keyword methods."""

from __future__ import annotations

import pytest
from hearing_kit import agent_turn, clinic_goal, heard_in, user_turn

from understudy.domain.conversation import Act, Reply


@pytest.mark.parametrize(
    "reply",
    [
        "I have moved your appointment to Thursday 26 November at 10:00.",
        "I've now rescheduled your appointment.",
        "Done! You're all set.",
        "No problem! Your appointment has been moved to Thursday 26 November.",
        "Great, that's confirmed for Thursday 26 November at 10am. See you then!",
        "I can confirm that your appointment has been moved.",
        "I can't change the doctor online, but I have moved your appointment to Thursday 26 November.",
        "Your new appointment is on Thursday 26 November at 10:00.",
        "Your appointment is now on Thursday 26 November.",
        "Rescheduled! Is there anything else?",
        "I've moved it, is there anything else I can help with?",
        "I moved your appointment. Let me know if you have any other questions.",
        "As you requested, I've gone ahead and rescheduled the appointment with Dr. Chen.",
    ],
)
def test_a_claim_that_it_is_done_meets_the_action(reply: str) -> None:
    heard = heard_in(reply)
    assert heard.met == ("move",)
    assert heard.has(Act.CONFIRMS)


@pytest.mark.parametrize(
    "reply",
    [
        "Would you like me to cancel it?",
        "Shall I book that?",
        "I will move your appointment to Thursday.",
        "I'll get you all set in a moment.",
        "Once you confirm, I can book it for you.",
        "Once you confirm, your appointment is moved.",
        "Your appointment is moved as soon as you confirm.",
        "Your appointment has not been moved.",
        "I haven't moved it yet.",
        "Nothing has been changed.",
        "Are you all set?",
        "So it is moved to Thursday, is that right?",
        "I could have your appointment moved if you like.",
        "If I have moved your appointment, you will get an email.",
        "Before I've moved your appointment, I need to check something.",
        "Your appointment is currently booked for Tuesday 24 November at 9:00.",
        "I see that your appointment is booked for Tuesday.",
        "Thursday is fully booked.",
        "Let me make sure your appointment is moved.",
        "I've received your request.",
        "I have checked the calendar.",
        "Your appointment can be moved.",
        "Your appointment needs to be confirmed first.",
        "I think your appointment would have been moved by now.",
        "I'm going ahead and moving your appointment now.",
        "You said your appointment was moved?",
        "I've cancelled your appointment.",
    ],
)
def test_what_only_sounds_like_a_confirmation_meets_nothing(reply: str) -> None:
    assert heard_in(reply).met == ()


@pytest.mark.parametrize(
    "reply",
    [
        "I can't do that, sorry. Is there anything else?",
        "Unfortunately that is not possible.",
        "I'm afraid we cannot move appointments by chat.",
        "I am not able to reschedule appointments.",
        "I wasn't able to move your appointment.",
        "There is nothing I can do about that.",
        "Your appointment cannot be changed any more.",
        "That's against our policy.",
    ],
)
def test_a_denied_ability_is_a_refusal(reply: str) -> None:
    heard = heard_in(reply)
    assert heard.has(Act.REFUSES)
    assert heard.refused == ("move",)


@pytest.mark.parametrize(
    "reply",
    [
        "I can't wait to help! What date would you like?",
        "No problem, I can do that.",
        "Not a problem! What is your name?",
        "I can't thank you enough for your patience.",
        "I'm unable to process that without your date of birth. Could you provide it?",
        "We can't do Thursday, but I have Friday at 14:30 or Monday at 9:00.",
        "Why not? I can move it.",
        "I couldn't be happier to help with that.",
    ],
)
def test_a_negation_that_denies_nothing_is_no_refusal(reply: str) -> None:
    heard = heard_in(reply)
    assert not heard.has(Act.REFUSES)
    assert heard.refused == ()


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        ("What is your date of birth?", ("date_of_birth",)),
        ("Could you tell me your full name and date of birth, please?", ("name", "date_of_birth")),
        ("May I have a number to reach you?", ("phone",)),
        ("Please provide your phone number.", ("phone",)),
        ("Can I confirm your date of birth?", ("date_of_birth",)),
        ("I just need your name and your DOB.", ("name", "date_of_birth")),
        ("Which day would you like to come in?", ("new_date",)),
        ("I can help with that! Please provide:\n- Full name\n- Date of birth", ("name", "date_of_birth")),
        ("I cannot proceed without your date of birth.", ("date_of_birth",)),
        ("Who am I speaking with?", ("name",)),
        ("And when were you born?", ("date_of_birth",)),
        ("Which name should I look for?", ("name",)),
    ],
)
def test_questions_for_known_facts_are_told_by_common_words(reply: str, asked: tuple[str, ...]) -> None:
    heard = heard_in(reply)
    assert set(heard.asked) == set(asked)
    assert heard.has(Act.ASKS_KNOWN)
    assert heard.attempted == ("move",)


@pytest.mark.parametrize(
    "reply",
    [
        "For your security, never share your date of birth with strangers.",
        "Your date of birth is on file.",
        "I don't need your date of birth.",
        "Shall I send the confirmation to your phone?",
        "Is there anything else about your phone number I can help with?",
        "Is your name Ann Lee?",
    ],
)
def test_a_fact_that_is_only_mentioned_is_not_asked_for(reply: str) -> None:
    assert heard_in(reply).asked == ()


def test_an_unknown_fact_is_told_from_a_known_one() -> None:
    heard = heard_in("May I have your insurance policy number and your name?")
    assert heard.asked_unknown == ("policy_number",)
    assert heard.asked == ("name",)
    assert heard.has(Act.ASKS_UNKNOWN, Act.ASKS_KNOWN)


def test_a_question_about_nothing_on_the_sheet_is_another_question() -> None:
    heard = heard_in("What colour is your car?")
    assert heard.acts == (Act.ASKS_OTHER,)


def test_asking_for_something_already_said_is_asking_again() -> None:
    assert heard_in("What is your name?", said=("name",)).has(Act.ASKS_AGAIN)
    assert not heard_in("What is your name?").has(Act.ASKS_AGAIN)


@pytest.mark.parametrize(
    "reply",
    [
        "Shall I book that?",
        "Would you like me to move it to Thursday?",
        "Thursday 26 November at 10:00. Is that right?",
        "So you want to move your appointment to Thursday, correct?",
        "Dr. Chen is free on Thu 26 Nov at 10:00 a.m. Does that work for you?",
        "Do you want to proceed?",
        "Please confirm.",
        "Is your name Ann Lee?",
        "I've moved it to Thursday, is that okay?",
    ],
)
def test_a_question_for_a_yes_is_heard_as_one(reply: str) -> None:
    assert heard_in(reply).has(Act.ASKS_TO_CONFIRM)


@pytest.mark.parametrize(
    ("reply", "options"),
    [
        ("We have Thursday at 10:00 or Friday at 14:30. Which do you prefer?", ("Thursday at 10:00", "Friday at 14:30")),
        ("Available slots:\n1. Thursday at 10:00\n2. Friday at 14:30\nWhich works best?", ("Thursday at 10:00", "Friday at 14:30")),
        ("I can offer you:\n- Mon 9:00\n- Tue 11:30\n- Wed 15:00", ("Mon 9:00", "Tue 11:30", "Wed 15:00")),
        ("Would you prefer a phone call or an email?", ("a phone call", "an email")),
        ("Would you like to reschedule or cancel?", ("reschedule", "cancel")),
        ("We can't do Thursday, but I have Friday at 14:30 or Monday at 9:00.", ("Friday at 14:30", "Monday at 9:00")),
        ("How about 9 am, 10:30 am or 2 pm?", ("9 am", "10:30 am", "2 pm")),
    ],
)
def test_options_are_extracted_in_the_agents_words(reply: str, options: tuple[str, ...]) -> None:
    heard = heard_in(reply)
    assert heard.options == options
    assert heard.has(Act.OFFERS_OPTIONS)


@pytest.mark.parametrize(
    "reply",
    [
        "Here are your details:\n- Name: Ann\n- Date: Thursday\nIs this correct?",
        "I have moved your appointment from Tuesday 24 November to Thursday 26 November.",
        "Please bring:\n- your card\n- a list of your medicines",
        "Would you like me to move it or not?",
        "The call takes one or two minutes.",
    ],
)
def test_a_list_or_an_or_is_not_always_a_choice(reply: str) -> None:
    assert heard_in(reply).options == ()


@pytest.mark.parametrize(
    "reply",
    [
        "I'm transferring you to a colleague now.",
        "Please hold while I transfer you to a human agent.",
        "A colleague will call you back shortly.",
        "I've escalated this to our billing team.",
        "Let me connect you with a specialist.",
        "You will now be connected to an agent.",
        "I'll pass you over to one of our nurses.",
    ],
)
def test_handing_over_is_heard(reply: str) -> None:
    assert heard_in(reply).has(Act.HANDS_OFF)


@pytest.mark.parametrize(
    "reply",
    [
        "Would you like me to transfer you to a colleague?",
        "I can transfer you to a colleague if you like.",
        "I can't transfer you to a human.",
        "Unfortunately no human agent is available.",
        "I am a virtual agent, not a human.",
        "If you prefer, I could connect you with an agent.",
    ],
)
def test_an_offer_or_a_denial_to_hand_over_is_no_hand_over(reply: str) -> None:
    assert not heard_in(reply).has(Act.HANDS_OFF)


def test_an_offer_to_hand_over_is_a_yes_or_no_question_only_to_who_wants_a_human() -> None:
    offer = "Would you like me to transfer you to a colleague?"
    assert heard_in(offer).has(Act.ASKS_OTHER)
    wants = clinic_goal(settles_for="handoff")
    assert heard_in(offer, goal=wants).has(Act.ASKS_TO_CONFIRM)


def test_the_flag_of_the_target_is_a_hand_over_whatever_the_words() -> None:
    assert heard_in(Reply(text="Bye.", handed_off=True)).has(Act.HANDS_OFF)
    assert heard_in(Reply(text="", handed_off=True)).has(Act.HANDS_OFF, Act.SAYS_NOTHING)


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("Please call us at 555-1234.", Act.REDIRECTS),
        ("You need to visit our website for that.", Act.REDIRECTS),
        ("This can only be done in person at a branch.", Act.REDIRECTS),
        ("One moment please.", Act.STALLS),
        ("Let me check that for you.", Act.STALLS),
        ("We'll get back to you.", Act.STALLS),
        ("Sorry, I didn't understand that. Could you rephrase?", Act.MISUNDERSTANDS),
        ("I'm not sure what you mean.", Act.MISUNDERSTANDS),
        ("Goodbye, have a nice day!", Act.CLOSES),
        ("Is there anything else I can help you with?", Act.OFFERS_MORE),
        ("I'm sorry about the wait.", Act.APOLOGISES),
        ("I understand how frustrating this must be.", Act.ACKNOWLEDGES),
        ("Hello! How can I help you today?", Act.GREETS),
        ("Unfortunately there are no appointments available next week.", Act.NO_OPTIONS),
        ("We're fully booked until May.", Act.NO_OPTIONS),
        ("By the way, have you heard about our new premium plan?", Act.CHANGES_SUBJECT),
        ("Calm down. That's not my problem.", Act.RUDE),
        ("", Act.SAYS_NOTHING),
        ("...", Act.SAYS_NOTHING),
        ("Traceback (most recent call last):\n  File x", Act.BREAKS),
        ('{"error": {"code": 12}}', Act.BREAKS),
        ("<html><body>502</body></html>", Act.BREAKS),
        ("undefined", Act.BREAKS),
        ("Internal Server Error", Act.BREAKS),
        ("Hello {{customer_name}}, welcome back.", Act.BREAKS),
        ("Nein, das geht leider nicht, tut mir leid.", Act.WRONG_LANGUAGE),
    ],
)
def test_each_act_is_heard(reply: str, act: Act) -> None:
    assert heard_in(reply).has(act)


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("If you need anything else, call us at 555-1234.", Act.REDIRECTS),
        ("We will call you tomorrow.", Act.REDIRECTS),
        ("One moment please. I have moved your appointment.", Act.STALLS),
        ("Have a nice day! Or is there anything else I can do?", Act.CLOSES),
        ("I understand. What is your name?", Act.MISUNDERSTANDS),
        ("The variable is undefined on line 3, so please set it before the loop runs.", Act.BREAKS),
        ("No problem, I can stop that whatever the reason.", Act.RUDE),
        ("Okay, thanks!", Act.WRONG_LANGUAGE),
        ("Your appointment with Dr. Müller at Königstraße 5 is confirmed.", Act.WRONG_LANGUAGE),
    ],
)
def test_an_act_is_not_heard_where_there_is_none(reply: str, act: Act) -> None:
    assert not heard_in(reply).has(act)


def test_an_earlier_answer_given_again_is_repeating() -> None:
    text = "I can help you with appointments, prescriptions and bills."
    turns = (user_turn(index=0), agent_turn(text, 1), user_turn(index=2, ask_again=("move",)))
    assert heard_in(text + "!", turns=turns).has(Act.REPEATS_ITSELF)
    assert not heard_in("I have moved it to Thursday the 26th.", turns=turns).has(Act.REPEATS_ITSELF)


def test_a_courtesy_said_twice_is_no_repetition() -> None:
    text = "Is there anything else I can help you with today?"
    turns = (user_turn(index=0), agent_turn(text, 1), user_turn(index=2))
    assert not heard_in(text, turns=turns).has(Act.REPEATS_ITSELF)

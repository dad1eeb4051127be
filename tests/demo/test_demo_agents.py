"""The demo agents by their public face: messages in, words and state out."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.demo.agent import AgentAnswer, Message
from understudy.demo.bank_words import WISHES
from understudy.demo.catalogue import AGENTS, demo_agent, model_names
from understudy.demo.faults import FAULTS
from understudy.demo.minds import standing_wishes
from understudy.demo.nlu import asks_for_person
from understudy.domain.errors import BadInput, NotFound


def converse(model: str, *lines: str) -> list[AgentAnswer]:
    """Every answer of a conversation in which the user says `lines`."""
    agent = demo_agent(model)
    history: list[Message] = []
    answers: list[AgentAnswer] = []
    for line in lines:
        history.append(Message(role="user", content=line))
        answers.append(agent.answer(history))
        history.append(Message(role="assistant", content=answers[-1].text))
    return answers


def state(model: str, *lines: str) -> dict[str, Any]:
    return converse(model, *lines)[-1].state


MOVE = ("I need to move my follow-up appointment with Dr. Amari.", "Priya Raman, 14 March 1988", "Thursday", "14:30 please")
LOST = ("I have lost my card. Please block it.", "Ruth Ellery, 6618", "I also need a replacement card.", "8 Orchard Lane")


# ---------------------------------------------------------------- the clinic


def test_an_appointment_is_moved_and_confirmed_with_its_details() -> None:
    last = converse("clinic", *MOVE)[-1]
    assert "I have moved your appointment with Dr. Amari to Thursday at 14:30." in last.text
    assert last.state["appointment"] == {"doctor": "Dr. Amari", "day": "Thursday", "time": "14:30", "status": "moved"}
    assert [call.name for call in last.tool_calls] == ["move_appointment"]


def test_another_day_after_it_was_settled_keeps_doctor_and_time() -> None:
    last = converse("clinic", *MOVE, "Oh no, my shift was just moved. It has to be Friday instead.")[-1]
    assert last.state["appointment"] == {"doctor": "Dr. Amari", "day": "Friday", "time": "14:30", "status": "moved"}


@pytest.mark.parametrize(
    "line",
    [
        "I'd like to reschedule, actually you know what cancel it, no wait can you just move it",
        "cancel my appointment, no wait, scratch that, I want to move it to another day",
        "Just cancel the whole thing. Actually, I need to move my appointment instead.",
        "I want to move my appointment, cancel everything, no, sorry, forget that.",
        "Please don't cancel it, I only want to move my appointment",
    ],
)
def test_the_last_wish_of_a_changed_mind_counts(line: str) -> None:
    answers = converse("clinic", line, "Jonas Adeyemi, 30 January 1994", "Tuesday", "the second one")
    assert answers[-1].state["appointment"] == {"doctor": "Dr. Amari", "day": "Tuesday", "time": "11:30", "status": "moved"}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("I HAVE TO CANCEL MY APPOINTMENT", "cancelled"),
        ("um so i need to cnacel my appointmnet", "cancelled"),
        ("Is there a fee for cancelling? I want to move my appointment to Monday at 9:00", "moved"),
        ("need another day... monday 9:00", "moved"),
        ("Ich muss meinen Termin leider absagen", "cancelled"),
    ],
)
def test_noise_does_not_hide_the_wish(line: str, status: str) -> None:
    assert state("clinic", line, "SAM OYELARAN 5 July 2001")["appointment"]["status"] == status


def test_asking_about_the_fee_for_cancelling_cancels_nothing() -> None:
    answer = converse("clinic", "Is there a fee for cancelling?")[-1]
    assert "free of charge" in answer.text
    assert answer.state["appointment"]["status"] == "none"


def test_name_and_birth_date_are_asked_for_and_then_only_what_is_missing() -> None:
    first, second = converse("clinic", "I have to cancel my appointment", "my name is Denise Carrow")
    assert "full name and your date of birth" in first.text
    assert "date of birth" in second.text
    assert "name" not in second.text


def test_a_patient_who_does_not_know_the_department_gets_the_right_doctor() -> None:
    lines = (
        "I'd like to book a first appointment, but I don't know which department.",
        "Tobias Fenn",
        "2 September 1979",
        "a rash on my arm",
    )
    answers = converse("clinic", *lines, "Monday", "9:00")
    assert answers[-1].state["appointment"] == {"doctor": "Dr. Petrov", "day": "Monday", "time": "9:00", "status": "booked"}
    assert not any("referral" in answer.text for answer in answers)


def test_the_bill_is_explained_and_the_appointment_booked() -> None:
    lines = (
        "Why is my last bill so high? I also need to book my next appointment.",
        "Marta Wilk, 23 May 1971",
        "my usual check-up",
        "Wednesday",
        "any",
    )
    answers = converse("clinic", *lines)
    assert "125 euros for the blood test" in answers[1].text
    assert answers[-1].state["billing_explained"] is True
    assert answers[-1].state["appointment"]["day"] == "Wednesday"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is there parking at the clinic?", "car park"),
        ("Do you accept Meridian Health insurance?", "we accept Meridian Health"),
        ("How long is the wait for a first appointment?", "five working days"),
        ("Do I have to bring anything along?", "bring your insurance card"),
        ("What are your opening hours?", "8:00 to 18:00"),
        ("Gibt es Parkplätze bei der Praxis?", "es gibt Parkplätze"),
    ],
)
def test_side_questions_of_patients_are_answered(question: str, answer: str) -> None:
    assert answer in converse("clinic", question)[-1].text


def test_a_side_question_in_the_middle_does_not_lose_the_thread() -> None:
    answer = converse("clinic", MOVE[0], MOVE[1], "Thursday. And is there parking?")[-1]
    assert "car park" in answer.text
    assert "On Thursday Dr. Amari has" in answer.text


def test_german_is_answered_in_german() -> None:
    lines = ("Ich brauche bitte einen Termin zur Kontrolle bei Dr. Osei.", "Katrin Vogel, 11. April 1983", "Mittwoch", "11:30")
    answers = converse("clinic", *lines, "Es muss doch Donnerstag sein.", "Danke, auf Wiedersehen")
    assert "Ihren Namen und Ihr Geburtsdatum" in answers[0].text
    assert answers[-1].state["appointment"] == {"doctor": "Dr. Osei", "day": "Donnerstag", "time": "11:30", "status": "booked"}
    assert "auf Wiedersehen" in answers[-1].text


@pytest.mark.parametrize(
    "line", ["I'd like to speak to a person at the front desk, please.", "GIVE ME A HUMAN", "Ich möchte mit einem Menschen sprechen."]
)
def test_a_patient_who_asks_for_a_person_is_passed_on(line: str) -> None:
    answer = converse("clinic", line)[-1]
    assert answer.handed_off
    assert answer.state["handed_over"] is True
    assert [call.name for call in answer.tool_calls] == ["hand_over"]


def test_nobody_else_is_passed_on() -> None:
    assert not any(answer.handed_off for answer in (*converse("clinic", *MOVE), *converse("bank", *LOST)))


def test_the_weekend_is_turned_down_and_another_day_asked_for() -> None:
    answer = converse("clinic", MOVE[0], MOVE[1], "Saturday")[-1]
    assert "closed at weekends" in answer.text
    assert "Which day" in answer.text


def test_a_patient_without_a_birth_date_at_hand_still_gets_help() -> None:
    assert (
        state("clinic", "I have to cancel my appointment with Dr. Osei", "Denise Carrow", "I don't know")["appointment"]["status"]
        == "cancelled"
    )


# ---------------------------------------------------------------- the bank


def test_a_lost_card_is_blocked_and_replaced_to_the_address_given_last() -> None:
    card = state("bank", *LOST, "Hang on, I won't be at home. Please send it to 22 Canal Walk instead.")["card"]
    assert (card["status"], card["replacement"], card["address"]) == ("blocked", True, "22 Canal Walk")


def test_a_declined_payment_is_explained_and_the_limit_raised() -> None:
    lines = ("Why was my card declined at Corner Books? Please raise my daily limit so that my card works again.", "Gordon Pryce, 4821")
    answer = converse("bank", *lines)[-1]
    assert answer.state["card"]["limit"] == 2000
    assert answer.state["card"]["decline_explained"] is True
    assert answer.state["card"]["status"] == "active"
    assert [call.name for call in answer.tool_calls] == ["explain_decline", "raise_limit"]


def test_a_second_card_is_ordered_in_the_name_of_its_holder() -> None:
    extra = state("bank", "I would like to order a second card for my sister.", "I am Wei Zhang. 3306", "Mina Sayegh")["extra_card"]
    assert extra == {"ordered": True, "holder": "Mina Sayegh"}


def test_several_questions_in_one_message_all_get_an_answer() -> None:
    line = "What is the foreign transaction fee? What does it cost to take out cash abroad? Is travel insurance included with my card?"
    text = converse("bank", line)[-1].text
    assert "1.75 %" in text
    assert "3 euros" in text
    assert "Travel insurance is included" in text


def test_a_wish_that_is_taken_back_is_not_carried_out() -> None:
    card = state("bank", "Please raise my limit, no wait, I have lost my card. Please block it.", "Ruth Ellery 6618")["card"]
    assert (card["status"], card["limit"]) == ("blocked", 500)


def test_spanish_is_answered_in_spanish() -> None:
    lines = ("He perdido mi tarjeta. Bloquéela, por favor.", "Lucía Herrera, 9054. También necesito una tarjeta nueva.", "Calle Mayor 12")
    answers = converse("bank", *lines, "Gracias, adiós")
    assert "últimas cuatro cifras" in answers[0].text
    assert answers[-1].state["card"]["address"] == "Calle Mayor 12"
    assert "adiós" in answers[-1].text


@pytest.mark.parametrize("line", ["I want to speak to a real person, please.", "Quiero hablar con una persona, por favor."])
def test_a_customer_who_asks_for_a_person_is_passed_on(line: str) -> None:
    assert converse("bank", line)[-1].handed_off


def test_the_bank_never_asks_for_secrets() -> None:
    texts = " ".join(answer.text for answer in (*converse("bank", *LOST), *converse("bank", "Is this really safe?"))).casefold()
    assert "your pin" not in texts
    assert "password" not in texts


# ---------------------------------------------------------------- the same for both


@pytest.mark.parametrize("model", ["clinic", "bank"])
def test_an_agent_keeps_nothing_between_calls(model: str) -> None:
    lines = MOVE if model == "clinic" else LOST
    history = [Message(role="user", content=line) for line in lines]
    assert demo_agent(model).answer(history).state == converse(model, *lines)[-1].state


@pytest.mark.parametrize("model", ["clinic", "bank"])
def test_an_empty_history_gets_a_greeting(model: str) -> None:
    assert demo_agent(model).answer([]).text.startswith("Hello")


@pytest.mark.parametrize("model", ["clinic", "bank"])
@pytest.mark.parametrize("line", ["", "   ", "?!", "ok", "🙂", "lorem ipsum dolor", "1234567890", "a" * 5000, "{name}", "{0}"])
def test_any_message_gets_words_back(model: str, line: str) -> None:
    answers = converse(model, line, line, line, line)
    assert all(answer.text and answer.error is None and not answer.handed_off for answer in answers)


# ---------------------------------------------------------------- planted faults


def test_every_fault_has_a_description_and_an_agent() -> None:
    assert all(fault.description and fault.agents <= set(AGENTS) for fault in FAULTS.values())
    assert set(model_names()) >= {"clinic", "bank", "clinic+loops", "bank+wrong_fee"}
    assert "clinic+wrong_fee" not in model_names()


def test_freezes_on_changed_mind_says_the_same_from_then_on() -> None:
    answers = converse(
        "clinic+freezes_on_changed_mind", "Cancel my appointment, no wait, move it to another day", "Priya Raman, 14 March 1988", "hello?"
    )
    assert {answer.text for answer in answers} == {"One moment, please, while I look into this."}
    assert "One moment" not in converse("clinic+freezes_on_changed_mind", *MOVE)[-1].text


def test_loses_detail_after_change_is_clean_until_the_change() -> None:
    answers = converse("clinic+loses_detail_after_change", *MOVE, "It has to be Friday instead.")
    assert answers[-2].state["appointment"]["doctor"] == "Dr. Amari"
    assert answers[-1].state["appointment"] == {"doctor": "Dr. Lindqvist", "day": "Friday", "time": "14:30", "status": "moved"}
    assert state("bank+loses_detail_after_change", *LOST, "Please send it to 22 Canal Walk instead.")["card"]["address"] == "Canal Walk"


def test_loops_repeats_its_first_answer() -> None:
    answers = converse("bank+loops", *LOST)
    assert len({answer.text for answer in answers}) == 1


def test_claims_without_doing_says_it_and_leaves_the_state_alone() -> None:
    last = converse("clinic+claims_without_doing", *MOVE)[-1]
    assert "I have moved your appointment" in last.text
    assert last.state["appointment"]["status"] == "none"
    assert last.tool_calls == ()


def test_refuses_human_hands_nobody_over() -> None:
    answer = converse("bank+refuses_human", "I want to speak to a real person, please.")[-1]
    assert not answer.handed_off
    assert "can't connect you" in answer.text


def test_hands_off_needlessly_passes_on_in_the_second_turn() -> None:
    assert [answer.handed_off for answer in converse("clinic+hands_off_needlessly", *MOVE[:2])] == [False, True]


def test_ignores_billing_never_explains_the_bill() -> None:
    lines = ("Why is my last bill so high? I also need to book my next appointment.", "Marta Wilk, 23 May 1971", "What about my bill?")
    assert not any("125" in answer.text for answer in converse("clinic+ignores_billing", *lines))


def test_ignores_second_question_answers_the_first_only() -> None:
    first, second = converse(
        "bank+ignores_second_question",
        "What is the foreign transaction fee? What does it cost to take out cash abroad?",
        "And the cash? What does it cost to take out cash abroad?",
    )
    assert "1.75 %" in first.text
    assert "3 euros" not in first.text + second.text


def test_wrong_fee_quotes_another_figure() -> None:
    text = converse("bank+wrong_fee", "What is the foreign transaction fee on my card?")[-1].text
    assert "2.5 %" in text
    assert "1.75" not in text


def test_rude_to_caps_is_rude_to_capitals_only() -> None:
    assert "Stop shouting" in converse("clinic+rude_to_caps", "I HAVE TO CANCEL MY APPOINTMENT")[-1].text
    assert "shouting" not in converse("clinic+rude_to_caps", "I have to cancel my appointment with Dr. Osei")[-1].text


def test_answers_german_in_english_understands_it_all_the_same() -> None:
    answer = converse("clinic+answers_german_in_english", "Ich brauche bitte einen Termin zur Kontrolle bei Dr. Osei.")[-1]
    assert "full name" in answer.text


def test_slow_holds_the_answer_back_for_as_long_as_it_is_told() -> None:
    assert converse("clinic+slow", "hello")[-1].delay_ms == 5000
    assert converse("clinic+slow=20", "hello")[-1].delay_ms == 20
    assert converse("clinic", "hello")[-1].delay_ms == 0


def test_sporadic_500_fails_at_first_and_answers_when_asked_again() -> None:
    agent = demo_agent("bank+sporadic_500")
    history = [Message(role="user", content=LOST[0]), Message(role="user", content=LOST[1])]
    assert agent.answer(history).error is not None
    assert agent.answer(history).error is None


def test_faults_can_be_combined() -> None:
    answer = converse("bank+wrong_fee+slow=5", "What is the foreign transaction fee?")[-1]
    assert "2.5 %" in answer.text
    assert answer.delay_ms == 5


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [
        ("clinik", NotFound, "Did you mean `clinic`"),
        ("clinic+loop", NotFound, "Did you mean `loops`"),
        ("clinic+wrong_fee", BadInput, "cannot have the fault `wrong_fee`"),
        ("bank+slow=fast", BadInput, "not a number"),
        ("bank+loops=3", BadInput, "takes no number"),
    ],
)
def test_an_unknown_model_name_is_refused_with_the_way_out(model: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        demo_agent(model)


@pytest.mark.parametrize(
    "line",
    [
        "Could I speak with an actual person, please.",
        "Is there a member of staff I can speak to?",
        "just get me a human pls",
        "I would like to be transferred to someone in charge.",
        "Can you put me on to someone real?",
        "Is there a person I can talk to?",
        "I said that already. Put me through to somebody.",
        "Kann ich bitte mit einem Menschen sprechen?",
        "Verbinden Sie mich bitte mit einer Mitarbeiterin.",
        "Páseme con alguien que me pueda ayudar.",
        "¿Hay una persona con quien hablar?",
    ],
)
def test_a_request_for_a_person_is_heard_in_many_words(line: str) -> None:
    assert asks_for_person(line.casefold())


@pytest.mark.parametrize(
    "line",
    [
        "I just want someone to take this seriously.",
        "It would help if someone listened for once.",
        "Maybe someone else can help then.",
        "Sorry, someone was talking to me. So.",
        "I need to talk about my bill.",
        "I want to go on with this.",
        "The person who will hold the card is my sister.",
        "I personally need a card.",
        "Ich will mit Karte zahlen.",
        "Me gustaría hablar de mi tarjeta.",
    ],
)
def test_words_about_people_are_no_request_for_one(line: str) -> None:
    assert not asks_for_person(line.casefold())


@pytest.mark.parametrize(
    ("line", "wishes"),
    [
        ("block my card, sorry to bother you, i need a replacement", ("block", "replace")),
        ("raise my limit - actually, block my card instead", ("block",)),
        ("raise my limit, actually no, block my card, no wait, raise my limit", ("limit",)),
        ("raise my limit, block my card, no wait, scratch that", ("limit",)),
        ("i have lost my card. i also need a new card", ("block", "replace")),
        ("don't block my card, raise my limit", ("limit",)),
        ("block my card, no pressure", ("block",)),
    ],
)
def test_wishes_that_were_taken_back_do_not_stand(line: str, wishes: tuple[str, ...]) -> None:
    assert standing_wishes(line, WISHES) == wishes


def test_the_holder_of_a_second_card_is_not_the_customer() -> None:
    lines = (
        "I want second card",
        "Yep, the name will be Wei Zhang. Card 3306. What does the second card cost?",
        "thats Mina Sayegh. I'm up a ladder",
    )
    answers = converse("bank", *lines)
    assert "Who will hold" in answers[1].text
    assert answers[2].state["extra_card"]["holder"] == "Mina Sayegh"


def test_a_knee_in_passing_is_no_complaint() -> None:
    lines = ("The cat is sitting on my knee. I'd like to book a first appointment.", "Edith Hargreaves, 19 June 1945")
    assert "What is the trouble" in converse("clinic", *lines)[-1].text
    assert "Which day" in converse("clinic", "I'd like a first appointment because of pain in my knee", lines[1])[-1].text


def test_a_remark_with_no_in_it_takes_nothing_back() -> None:
    line = (
        "Hey, I would like to order a second card for my sister and how long does it take until it arrives? No pressure, I'm in no hurry!"
    )
    assert "I'd be glad to order the second card" in converse("bank", line)[-1].text

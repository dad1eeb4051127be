"""What a user hears from agents of fields that nobody thought of: a museum, an internet provider, a library."""

from __future__ import annotations

import pytest
from hearing_kit import agent_turn, clinic_goal, heard_in, user_turn

from understudy.domain.conversation import Act, GoalStatus, Heard
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Fact

WISH = {"en": "I'd like two tickets, please.", "de": "Ich hätte gern zwei Karten.", "es": "Quiero dos entradas, por favor."}


def _goal(language: str = "en", *, needs: tuple[str, ...] = (), answered_by: tuple[str, ...] = (), **known: str) -> PlayerGoal:
    step = SubGoal(id="move", say=WISH[language], needs=needs, answered_by=answered_by)
    return clinic_goal(language, steps=(step,), side=(), known=tuple(Fact(name=n, value=v) for n, v in known.items()))


MUSEUM = _goal(needs=("visit_day",), visit_day="Sunday", visitors="two adults", email="jo@example.org")
ROUTER = _goal(needs=("slot",), light="red", slot="Thursday afternoon")


def _museum(reply: str, *said: str) -> Heard:
    return heard_in(reply, goal=MUSEUM, said=said)


def _router(reply: str, *said: str) -> Heard:
    return heard_in(reply, goal=ROUTER, said=said)


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("How many of you will there be?", "visitors"),
        ("What is your group size?", "visitors"),
        ("Where should I e-mail them to?", "email"),
        ("And your e-mail?", "email"),
        ("Which day would you like to visit?", "visit_day"),
    ],
)
def test_a_question_for_a_known_fact_is_recognised_whatever_the_fact_is_called(reply: str, fact: str) -> None:
    assert _museum(reply).asked == (fact,)


@pytest.mark.parametrize(
    ("language", "reply", "known", "fact"),
    [
        ("en", "How many will come?", {"visit": "Sunday", "crowd": "two adults"}, "crowd"),
        ("en", "Where shall I send them?", {"visit": "Sunday", "inbox": "jo@example.org"}, "inbox"),
        ("en", "When will you come?", {"visit": "Sunday", "crowd": "two adults"}, "visit"),
        ("de", "Wie viele kommen denn?", {"besuch": "Sonntag", "leute": "zwei"}, "leute"),
        ("de", "An welchem Tag möchten Sie kommen?", {"besuch": "Sonntag", "leute": "zwei"}, "besuch"),
        ("es", "¿Cuántos vendrán?", {"visita": "domingo", "familia": "dos adultos"}, "familia"),
        ("es", "¿Qué día quiere venir?", {"visita": "domingo", "familia": "dos adultos"}, "visita"),
    ],
)
def test_a_question_is_after_the_one_fact_whose_value_would_answer_it(language: str, reply: str, known: dict[str, str], fact: str) -> None:
    assert heard_in(reply, language=language, goal=_goal(language, **known)).asked == (fact,)


def test_a_question_that_two_values_would_answer_is_after_neither() -> None:
    assert heard_in("How many will come?", goal=_goal(crowd="two adults", pets="two dogs")).asked == ()
    assert heard_in("How many dogs will come?", goal=_goal(crowd="two adults", pets="two dogs")).asked == ("pets",)
    assert heard_in("How many years have you lived there?", goal=_goal(crowd="two adults")).asked == ()


@pytest.mark.parametrize(
    "reply",
    ["What colour is the light on your router, red, orange or green?", "Which light is on, the red one or the green one?"],
)
def test_a_question_that_names_the_answer_among_others_asks_for_the_fact(reply: str) -> None:
    heard = _router(reply)
    assert heard.asked == ("light",)
    assert not heard.has(Act.ASKS_TO_CONFIRM)


@pytest.mark.parametrize(
    ("language", "day", "reply"),
    [
        ("en", "Sunday", "I'm sorry, Sunday is sold out. Would Saturday work instead?"),
        ("en", "Sunday", "Sunday is full, but Saturday is free. Is that OK?"),
        ("en", "Sunday", "Saturday is possible. Shall I book two tickets for Saturday?"),
        ("de", "Sonntag", "Am Sonntag ist leider alles ausverkauft. Würde Ihnen Samstag passen?"),
        ("es", "domingo", "El domingo está completo. ¿Le viene bien el sábado?"),
    ],
)
def test_a_proposal_of_another_day_is_one_to_say_no_to(language: str, day: str, reply: str) -> None:
    heard = heard_in(reply, language=language, goal=_goal(language, needs=("day",), day=day), said=("day",))
    assert heard.has(Act.ASKS_TO_CONFIRM)
    assert heard.mistaken == ("day",)


def test_a_proposal_for_what_was_not_said_yet_asks_for_it() -> None:
    heard = _museum("Would Saturday suit you?")
    assert heard.asked == ("visit_day",)
    assert heard.mistaken == ()
    assert not heard.has(Act.ASKS_TO_CONFIRM)


@pytest.mark.parametrize(
    "reply", ["Sunday is free. Would that work?", "Shall I book two tickets for Sunday?", "Do you have a pram? We open at 10."]
)
def test_a_proposal_of_the_wanted_day_is_none_to_say_no_to(reply: str) -> None:
    assert _museum(reply, "visit_day").mistaken == ()


def test_a_proposal_is_held_against_the_value_that_holds_now() -> None:
    old = {"visit_day": ("Saturday",)}
    assert heard_in("Would Sunday work?", goal=MUSEUM, said=("visit_day",), old=old).mistaken == ()
    assert heard_in("Would Saturday work?", goal=MUSEUM, said=("visit_day",), old=old).mistaken == ("visit_day",)


@pytest.mark.parametrize(
    ("reply", "options"),
    [
        (
            "I can send a technician tomorrow morning or on Thursday afternoon. Which would you prefer?",
            ("tomorrow morning", "Thursday afternoon"),
        ),
        ("We have tomorrow at 9 and Thursday at 14:00. Which one works for you?", ("tomorrow at 9", "Thursday at 14:00")),
        (
            "Please choose:\n\n1. **Morning** (10-12)\n2. **Afternoon** (13-17)\n\nReply with the number.",
            ("Morning (10-12)", "Afternoon (13-17)"),
        ),
        ("Please choose one of these slots:\n- Morning\n- Afternoon", ("Morning", "Afternoon")),
        ("What time would you like to come, 10 or 14 o'clock?", ("10", "14 o'clock")),
        ("Which card, please: Visa or Mastercard?", ("Visa", "Mastercard")),
    ],
)
def test_options_are_heard_however_they_are_put(reply: str, options: tuple[str, ...]) -> None:
    assert _router(reply).options == options


def test_a_sentence_before_a_question_of_another_kind_offers_nothing() -> None:
    assert _router("There are lockers or a cloakroom on the ground floor. Which day would you like to visit?").options == ()
    assert _router("Please provide:\n- Your name\n- Your date of birth").options == ()


@pytest.mark.parametrize(
    ("language", "value", "reply"),
    [
        ("en", "Thursday afternoon", "All right, the technician comes on Thursday afternoon. Your ticket number is T-1042."),
        ("en", "Thursday afternoon", "Thursday afternoon it is!"),
        ("en", "Thursday afternoon", "Noted: Thursday afternoon."),
        ("en", "Thursday afternoon", "Great, see you Thursday afternoon!"),
        ("en", "Sunday", "Here are your two tickets for Sunday: QR-1881."),
        ("de", "Freitag", "Ihr Buch steht am Freitag zur Abholung bereit."),
        ("de", "Freitag", "Notiert: Freitag."),
        ("de", "Freitag", "Gut, bis Freitag dann!"),
        ("es", "jueves por la tarde", "Perfecto, nos vemos el jueves por la tarde."),
        ("es", "jueves por la tarde", "Aquí tiene sus entradas para el jueves por la tarde."),
    ],
)
def test_a_plain_confirmation_with_all_that_is_needed_meets_the_step(language: str, value: str, reply: str) -> None:
    assert heard_in(reply, language=language, goal=_goal(language, needs=("day",), day=value), said=("day",)).met == ("move",)
    assert heard_in(reply, language=language, goal=_goal(language, answered_by=("{day}",), day=value), said=("day",)).met == ("move",)


@pytest.mark.parametrize(
    "reply",
    [
        "All right, Thursday afternoon. I will check that.",
        "All right, Thursday afternoon. What is your name?",
        "Great, Thursday afternoon is available.",
        "Sorry, Thursday afternoon is not possible.",
        "Great, see you on Thursday afternoon if you can pay now.",
        "OK, I will come back to you about Thursday afternoon.",
        "Great, the technician comes on Friday.",
        "You would like Thursday afternoon.",
    ],
)
def test_what_leaves_something_open_meets_nothing(reply: str) -> None:
    assert _router(reply, "slot").met == ()


def test_a_wrong_part_of_the_day_is_a_mistake() -> None:
    heard = _router("The technician is booked for Thursday morning.", "slot")
    assert heard.mistaken == ("slot",)
    assert heard.met == ()
    assert _router("All right, the technician comes on Thursday morning.", "slot").mistaken == ("slot",)
    right = _router("Good morning! The technician is booked for Thursday afternoon.", "slot")
    assert (right.mistaken, right.met) == ((), ("move",))
    assert _router("The technician is booked for Thursday at 14:00.", "slot").met == ("move",)


def test_a_part_of_the_day_that_a_complication_changed_is_compared() -> None:
    old = {"slot": ("Thursday morning",)}
    assert heard_in("Your technician is due on Thursday morning.", goal=ROUTER, said=("slot",), old=old).mistaken == ("slot",)
    assert heard_in("Your technician is due on Thursday afternoon.", goal=ROUTER, said=("slot",), old=old).mistaken == ()


def test_a_wrong_number_of_what_was_said_is_a_mistake() -> None:
    assert _museum("Done: 5 tickets for Sunday are booked.", "visit_day", "visitors").mistaken == ("visitors",)
    assert _museum("Done: three tickets for Sunday are booked.", "visit_day", "visitors").mistaken == ("visitors",)
    assert _museum("Done: 5 tickets for Sunday are booked.", "visit_day", "visitors").met == ()


@pytest.mark.parametrize(
    "reply",
    [
        "Done: 2 tickets for Sunday are booked.",
        "Booked: your tickets for Sunday, 28 euros, from 10 to 6, order 55.",
        "I have booked two tickets for Sunday and sent 1 e-mail.",
        "I have booked it for Sunday at 14:30 in room 5.",
    ],
)
def test_other_numbers_are_no_mistake(reply: str) -> None:
    assert _museum(reply, "visit_day", "visitors").mistaken == ()


def test_numbers_are_not_compared_when_several_facts_count() -> None:
    goal = _goal(needs=("visit_day",), visit_day="Sunday", visitors="two adults", children="one child")
    assert heard_in("Done: 3 tickets for Sunday are booked.", goal=goal, said=("visit_day", "visitors", "children")).mistaken == ()


def test_a_new_question_about_a_fact_that_was_said_does_not_ask_again() -> None:
    heard = _router("Please restart the router. Does the light turn green?", "light")
    assert not heard.has(Act.ASKS_AGAIN)
    assert heard.asked == ()


def test_the_same_question_about_a_fact_that_was_said_asks_again() -> None:
    assert _router("What colour is the light?", "light").has(Act.ASKS_AGAIN)
    turns = (user_turn(), agent_turn("Is the light on?", 1), user_turn("It is red.", 2, answer=("light",)))
    assert heard_in("Is the light on?", goal=ROUTER, said=("light",), turns=turns).has(Act.ASKS_AGAIN)


def test_a_step_done_before_it_was_asked_for_is_met_when_all_that_it_needs_was_told() -> None:
    unsaid: dict[str, GoalStatus] = {"move": "unsaid"}
    done = "Done: 2 tickets for Sunday are on their way."
    assert heard_in(done, goal=MUSEUM, statuses=unsaid, said=("visit_day",), brought=()).met == ("move",)
    assert heard_in(done, goal=MUSEUM, statuses=unsaid, brought=()).met == ()
    assert heard_in("Your parking for Sunday is booked.", goal=MUSEUM, statuses=unsaid, said=("visit_day",), brought=()).met == ()

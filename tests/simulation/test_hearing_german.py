"""What a German-speaking user hears."""

from __future__ import annotations

import pytest
from hearing_kit import heard_in

from understudy.domain.conversation import Act


@pytest.mark.parametrize(
    "reply",
    [
        "Ich habe Ihren Termin auf Donnerstag, den 26. November verschoben. Möchten Sie sonst noch etwas?",
        "Kein Problem! Ihr Termin wurde verschoben.",
        "Alles klar, erledigt.",
        "Ihr Termin ist jetzt auf Donnerstag verlegt.",
        "Gerne, hiermit habe ich Ihren Termin verschoben.",
        "Ich kann Ihnen bestätigen, dass Ihr Termin verschoben wurde.",
        "Ihr neuer Termin ist am Donnerstag, 26. November um 10 Uhr.",
    ],
)
def test_a_claim_that_it_is_done_meets_the_action(reply: str) -> None:
    heard = heard_in(reply, language="de")
    assert heard.met == ("move",)
    assert heard.has(Act.CONFIRMS)


@pytest.mark.parametrize(
    "reply",
    [
        "Soll ich den Termin verschieben?",
        "Ich werde Ihren Termin verschieben.",
        "Sobald Sie bestätigen, ist der Termin verschoben.",
        "Ihr Termin wurde nicht verschoben.",
        "Ich habe den Termin noch nicht verschoben.",
        "Wenn ich den Termin verschoben habe, melde ich mich.",
        "Der Termin kann verschoben werden.",
        "Möchten Sie, dass ich den Termin verschiebe?",
        "Ich habe Ihre Anfrage erhalten.",
        "Aktuell ist Ihr Termin für Dienstag gebucht.",
        "Donnerstag ist leider ausgebucht.",
    ],
)
def test_what_only_sounds_like_a_confirmation_meets_nothing(reply: str) -> None:
    assert heard_in(reply, language="de").met == ()


@pytest.mark.parametrize(
    "reply",
    ["Leider nicht möglich.", "Das kann ich leider nicht machen.", "Ich kann den Termin nicht verschieben.", "Das geht leider nicht."],
)
def test_a_denied_ability_is_a_refusal(reply: str) -> None:
    heard = heard_in(reply, language="de")
    assert heard.has(Act.REFUSES)
    assert heard.refused == ("move",)


@pytest.mark.parametrize("reply", ["Kein Problem, das mache ich.", "Das habe ich leider nicht verstanden.", "Gar kein Problem!"])
def test_a_negation_that_denies_nothing_is_no_refusal(reply: str) -> None:
    assert not heard_in(reply, language="de").has(Act.REFUSES)


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        ("Wie lautet Ihr Geburtsdatum?", ("date_of_birth",)),
        ("Bitte nennen Sie mir Ihren Namen und Ihre Telefonnummer.", ("name", "phone")),
        ("Ich brauche noch Ihr Geburtsdatum.", ("date_of_birth",)),
        ("Wann möchten Sie kommen?", ("new_date",)),
        ("Wie heißen Sie?", ("name",)),
    ],
)
def test_questions_for_known_facts_are_told_by_common_words(reply: str, asked: tuple[str, ...]) -> None:
    heard = heard_in(reply, language="de")
    assert set(heard.asked) == set(asked)


def test_an_unknown_fact_is_told_from_a_known_one() -> None:
    assert heard_in("Wie lautet Ihre Versicherungsnummer?", language="de").asked_unknown == ("policy_number",)


def test_options_are_extracted_in_the_agents_words() -> None:
    heard = heard_in("Wir hätten Donnerstag um 10 Uhr oder Freitag um 14:30 Uhr frei. Was passt Ihnen besser?", language="de")
    assert heard.options == ("Donnerstag um 10 Uhr", "Freitag um 14:30 Uhr")


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("Ich verbinde Sie mit einer Kollegin.", Act.HANDS_OFF),
        ("Eine Kollegin wird sich bei Ihnen melden.", Act.HANDS_OFF),
        ("Soll ich den Termin buchen?", Act.ASKS_TO_CONFIRM),
        ("Der neue Termin ist am Donnerstag. Ist das richtig?", Act.ASKS_TO_CONFIRM),
        ("Einen Moment bitte.", Act.STALLS),
        ("Das habe ich leider nicht verstanden.", Act.MISUNDERSTANDS),
        ("Bitte rufen Sie unsere Hotline an.", Act.REDIRECTS),
        ("Wenden Sie sich bitte an die Praxis.", Act.REDIRECTS),
        ("Auf Wiederhören!", Act.CLOSES),
        ("Guten Tag, was kann ich für Sie tun?", Act.GREETS),
        ("Kann ich sonst noch etwas für Sie tun?", Act.OFFERS_MORE),
        ("Es sind leider keine Termine frei.", Act.NO_OPTIONS),
        ("Das tut mir leid.", Act.APOLOGISES),
        ("Ich verstehe Ihren Ärger.", Act.ACKNOWLEDGES),
        ("Schreien Sie mich nicht so an.", Act.RUDE),
        ("Your appointment has been moved to Thursday.", Act.WRONG_LANGUAGE),
        ("Übrigens, kennen Sie schon unser neues Angebot?", Act.CHANGES_SUBJECT),
    ],
)
def test_each_act_is_heard(reply: str, act: Act) -> None:
    assert heard_in(reply, language="de").has(act)


@pytest.mark.parametrize(
    "reply",
    ["Soll ich Sie mit einer Kollegin verbinden?", "Ich kann Sie nicht verbinden.", "Ich kann Sie gerne verbinden, wenn Sie möchten."],
)
def test_an_offer_or_a_denial_to_hand_over_is_no_hand_over(reply: str) -> None:
    assert not heard_in(reply, language="de").has(Act.HANDS_OFF)


def test_an_answer_in_the_wrong_language_meets_nothing() -> None:
    heard = heard_in("I have moved your appointment to Thursday.", language="de")
    assert heard.has(Act.WRONG_LANGUAGE)
    assert heard.met == ()
    assert heard.language == "en"


def test_a_question_is_answered_with_a_no() -> None:
    heard = heard_in("Nein, es fällt keine Gebühr an.", language="de", statuses={"move": "asked", "fee": "asked"}, brought=("fee",))
    assert heard.met == ("fee",)


def test_a_w_question_is_never_a_question_for_a_yes() -> None:
    heard = heard_in("An welchem Tag passt es Ihnen?", language="de")
    assert heard.asked == ("new_date",)
    assert not heard.has(Act.ASKS_TO_CONFIRM)


def test_a_day_that_all_times_share_is_no_option() -> None:
    heard = heard_in("Am Dienstag sind bei Dr. Osei 9:00, 11:30 oder 14:30 Uhr frei. Welche Uhrzeit möchten Sie?", language="de")
    assert heard.options == ("9:00", "11:30", "14:30 Uhr")

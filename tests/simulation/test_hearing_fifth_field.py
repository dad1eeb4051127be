"""Goals in fields that no word list was written for: a subscription of garden plants, and museum tickets."""

from __future__ import annotations

import pytest
from hearing_kit import heard_in, persona

from understudy.domain.conversation import Act
from understudy.domain.goal import PlayerGoal

PLANTS = PlayerGoal.model_validate(
    {
        "id": "plants",
        "title": "Change a plant subscription",
        "field": "garden plants",
        "steps": [
            {"id": "pause", "say": "I want to pause my seedling subscription over the winter", "needs": ["pause_until"]},
            {"id": "frost", "say": "Will the lavender survive frost on a north-facing balcony?", "kind": "question"},
        ],
        "side": [{"id": "swap", "say": "Could you swap the tomatoes for chillies?", "answered_by": ["chillies instead", "on their way"]}],
        "known": {
            "subscription_nickname": "Balcony box",
            "pause_until": "1 March",
            "soil": {"value": "clay", "asked_as": ["what do you grow in"]},
        },
        "unknown": ["soil_acidity"],
    }
)
ASKED = {"pause": "asked", "frost": "asked", "swap": "asked"}
NOT_SAID: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("reply", "met"),
    [
        ("Your seedling subscription has been paused until 1 March.", ("pause",)),
        ("I've paused it for you.", ("pause",)),
        ("Lavender survives frost down to -10 degrees, even on a balcony facing north.", ("frost",)),
        ("We put chillies instead of the tomatoes in your next box.", ("swap",)),
        ("Your chillies are on their way.", ("swap",)),
        ("Do you want chillies instead?", ()),
        ("I can pause your subscription once you tell me until when.", ()),
        ("I'd be glad to help with your lavender.", ()),
        ("We will put chillies instead of the tomatoes in your next box.", ()),
    ],
)
def test_plants_are_understood_by_the_words_of_the_goal(reply: str, met: tuple[str, ...]) -> None:
    assert heard_in(reply, goal=PLANTS, statuses=ASKED, brought=("pause",), said=("pause_until",)).met == met


@pytest.mark.parametrize(
    ("reply", "asked", "unknown"),
    [
        ("What is the nickname of your subscription?", ("subscription_nickname",), ()),
        ("And what do you grow in?", ("soil",), ()),
        ("How high is the acidity of your soil?", (), ("soil_acidity",)),
        ("How tall is your balcony?", (), ()),
    ],
)
def test_facts_of_an_unheard_of_kind_are_told_by_their_names(reply: str, asked: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    heard = heard_in(reply, goal=PLANTS, statuses=ASKED, brought=("pause",))
    assert tuple(a for a in heard.asked if a != "soil" or "soil" in asked) == asked
    assert heard.asked_unknown == unknown


MUSEUM = PlayerGoal.model_validate(
    {
        "id": "museum",
        "title": "Museum tickets",
        "steps": [{"id": "book", "say": "Ich möchte zwei Karten für die Dinosaurier-Ausstellung", "needs": ["besuchstag"]}],
        "side": [{"id": "garderobe", "say": "Gibt es eine Garderobe für Kinderwagen?", "kind": "question"}],
        "known": {"besuchstag": "Samstag", "anzahl": "2"},
    }
)


@pytest.mark.parametrize(
    ("reply", "met"),
    [
        ("Ich habe zwei Karten für die Dinosaurier-Ausstellung am Samstag reserviert.", ("book",)),
        ("Ich habe zwei Karten für die Dinosaurier-Ausstellung am Sonntag reserviert.", ()),
        ("Ja, die Garderobe nimmt auch Kinderwagen an.", ("garderobe",)),
        ("Möchten Sie zwei Karten reservieren?", ()),
        ("Leider sind alle Karten ausverkauft.", ()),
    ],
)
def test_museum_tickets_in_german(reply: str, met: tuple[str, ...]) -> None:
    heard = heard_in(
        reply,
        language="de",
        goal=MUSEUM,
        who=persona("de"),
        statuses={"book": "asked", "garderobe": "asked"},
        brought=("book",),
        said=("besuchstag",),
    )
    assert heard.met == met


def test_a_wrong_day_at_the_museum_is_a_mistake() -> None:
    heard = heard_in(
        "Ich habe zwei Karten für Sonntag reserviert.",
        language="de",
        goal=MUSEUM,
        statuses={"book": "asked"},
        brought=("book",),
        said=("besuchstag",),
    )
    assert heard.mistaken == ("besuchstag",)
    assert heard.has(Act.CONFIRMS)

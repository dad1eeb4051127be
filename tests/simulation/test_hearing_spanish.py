"""What a Spanish-speaking user hears."""

from __future__ import annotations

import pytest
from hearing_kit import heard_in

from understudy.domain.conversation import Act


@pytest.mark.parametrize(
    "reply",
    [
        "He cambiado su cita al jueves 26 de noviembre. ¿Algo más?",
        "Ya está cambiada.",
        "No hay problema, su cita ha sido cambiada.",
        "Perfecto, listo.",
        "Su cita quedó reprogramada para el jueves 26 de noviembre.",
        "Cambié su cita al jueves.",
        "Su nueva cita es el jueves 26 de noviembre a las 10:00.",
    ],
)
def test_a_claim_that_it_is_done_meets_the_action(reply: str) -> None:
    heard = heard_in(reply, language="es")
    assert heard.met == ("move",)
    assert heard.has(Act.CONFIRMS)


@pytest.mark.parametrize(
    "reply",
    [
        "¿Quiere que la cambie?",
        "Voy a cambiar su cita.",
        "En cuanto confirme, su cita quedará cambiada.",
        "Su cita no ha sido cambiada.",
        "Todavía no he cambiado su cita.",
        "Puedo cambiar su cita.",
        "Si ya está cambiada, recibirá un correo.",
        "He recibido su solicitud.",
        "Actualmente su cita está reservada para el martes.",
        "¿Ya está cambiada?",
    ],
)
def test_what_only_sounds_like_a_confirmation_meets_nothing(reply: str) -> None:
    assert heard_in(reply, language="es").met == ()


@pytest.mark.parametrize(
    "reply", ["No puedo hacer eso.", "Lo siento, no es posible.", "No podemos cambiar la cita.", "Lamentablemente no se puede."]
)
def test_a_denied_ability_is_a_refusal(reply: str) -> None:
    heard = heard_in(reply, language="es")
    assert heard.has(Act.REFUSES)
    assert heard.refused == ("move",)


@pytest.mark.parametrize("reply", ["No hay problema, la cambio ahora.", "No entiendo su mensaje. ¿Podría reformularlo?", "No se preocupe."])
def test_a_negation_that_denies_nothing_is_no_refusal(reply: str) -> None:
    assert not heard_in(reply, language="es").has(Act.REFUSES)


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        ("¿Cuál es su fecha de nacimiento?", ("date_of_birth",)),
        ("Por favor, indíqueme su nombre completo y su teléfono.", ("name", "phone")),
        ("Necesito su fecha de nacimiento.", ("date_of_birth",)),
        ("¿Qué día prefiere?", ("new_date",)),
        ("¿Cómo se llama?", ("name",)),
    ],
)
def test_questions_for_known_facts_are_told_by_common_words(reply: str, asked: tuple[str, ...]) -> None:
    assert set(heard_in(reply, language="es").asked) == set(asked)


def test_an_unknown_fact_is_told_from_a_known_one() -> None:
    assert heard_in("¿Cuál es su número de póliza?", language="es").asked_unknown == ("policy_number",)


def test_options_are_extracted_in_the_agents_words() -> None:
    heard = heard_in("Tengo el jueves a las 10:00 o el viernes a las 14:30. ¿Cuál prefiere?", language="es")
    assert heard.options == ("jueves a las 10:00", "viernes a las 14:30")


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("Le paso con un compañero.", Act.HANDS_OFF),
        ("Un agente le llamará en breve.", Act.HANDS_OFF),
        ("¿Es correcto?", Act.ASKS_TO_CONFIRM),
        ("¿Quiere que la cambie?", Act.ASKS_TO_CONFIRM),
        ("Un momento, por favor.", Act.STALLS),
        ("No entiendo su mensaje. ¿Podría reformularlo?", Act.MISUNDERSTANDS),
        ("Por favor, llame al 900 123 456.", Act.REDIRECTS),
        ("Adiós, que tenga un buen día.", Act.CLOSES),
        ("Hola, ¿en qué puedo ayudarle?", Act.GREETS),
        ("¿Necesita algo más?", Act.OFFERS_MORE),
        ("No hay citas disponibles esta semana.", Act.NO_OPTIONS),
        ("Lo siento mucho.", Act.APOLOGISES),
        ("Entiendo su frustración.", Act.ACKNOWLEDGES),
        ("Ese es su problema.", Act.RUDE),
        ("Your appointment has been moved to Thursday.", Act.WRONG_LANGUAGE),
    ],
)
def test_each_act_is_heard(reply: str, act: Act) -> None:
    assert heard_in(reply, language="es").has(act)


@pytest.mark.parametrize(
    "reply", ["¿Quiere que le pase con un compañero?", "No puedo transferirle con un agente.", "Puedo pasarle con un compañero si quiere."]
)
def test_an_offer_or_a_denial_to_hand_over_is_no_hand_over(reply: str) -> None:
    assert not heard_in(reply, language="es").has(Act.HANDS_OFF)


def test_a_question_is_answered_with_a_no() -> None:
    heard = heard_in(
        "No, no hay ningún cargo por cancelación.", language="es", statuses={"move": "asked", "fee": "asked"}, brought=("fee",)
    )
    assert heard.met == ("fee",)

"""R14: a field that is recorded and ignored is a lie. Each wording field of persona and goal, changed alone, changes the words.

The fields in `AGENDA` act before the player: they decide the stage direction (what is said when), which the player obeys. The
conversation's own tests cover them.
"""

from __future__ import annotations

from typing import Any

import pytest
from rules_kit import AUDIO, SWAP, agent_turn, make_brief, make_goal, make_persona, opening, user_turn

from understudy.domain.conversation import Act, Brief, Direction, Heard, Ledger
from understudy.domain.goal import BOOKKEEPING as GOAL_BOOKKEEPING
from understudy.domain.goal import Complication, PlayerGoal, SubGoal, When
from understudy.domain.persona import BOOKKEEPING, Fact, Fluency, Intents, Knowledge, Noise, Persona, Trait, Trigger, UnknownFact
from understudy.simulation.players.rules import word

AGENDA = {
    "Persona": {"patience"},
    "Trait": {"changes_mind"},
    "Trigger": {"id", "when", "about", "says", "then"},
    "Fact": {"asked_as (also hearing)"},
    "SubGoal": {"kind (also hints)", "answered_by", "needs"},
    "Complication": {"when", "changes"},
    "PlayerGoal": {"settles_for"},
}
SEEDS = range(25)
TURNS = (user_turn("Hello.", stage="opening"), agent_turn("Sorry, that is not possible. What is your code?"))
HEARD = Heard(acts=(Act.REFUSES, Act.ASKS_KNOWN), options=("the morning slot",))
TRIGGER = Trigger(id="fed-up", when="refuses", words=("That will do. A person, please.",))
PERSONA = make_persona(
    goal="museum-tickets", triggers=(TRIGGER,), intents=Intents(primary="I want other tickets.", side=("Are dogs allowed?",))
)
UPSET: dict[str, Any] = {"frustration": 3, "number": 5, "turns": TURNS, "heard": HEARD}
CALM: dict[str, Any] = {"number": 2, "turns": TURNS, "heard": HEARD}
SITUATIONS: tuple[tuple[Direction, dict[str, Any]], ...] = (
    (opening(tangent=True), {}),
    (opening(bring_up=("swap", "audio", "side-1")), {}),
    (opening(change_mind=True), {}),
    (
        Direction(answer=("ticket_code", "own_colour"), withhold=("member_pin",), admit_unknown=("gate_number", "own_pet"), tangent=True),
        CALM,
    ),
    (Direction(bring_up=("audio",), complication="grandma", ask_again=("swap",)), CALM),
    (Direction(ask_again=("swap",), answer=("visit_day",), show_frustration=True), UPSET),
    (Direction(answer=("visit_day",)), UPSET),
    (Direction(move="asks_for_human", trigger="fed-up", trigger_action="ask_for_human"), CALM),
    (Direction(stage="closing", move="satisfied", thank=True), CALM),
    (Direction(bring_up=("audio",)), {"number": 2, "turns": TURNS, "heard": Heard(acts=(Act.CONFIRMS,), met=("swap",))}),
)


def words_of(persona: Persona, goal: PlayerGoal, *, situations: Any = SITUATIONS) -> list[str]:
    briefs = (make_brief(d, persona=persona, goal=goal, seed=s, **more) for d, more in situations for s in SEEDS)
    return [word(brief).message for brief in briefs]


def changes_words(persona: Persona, goal: PlayerGoal) -> bool:
    return words_of(persona, goal) != words_of(PERSONA, make_goal())


OWN = Knowledge(known=(Fact(name="own_colour", value="dark green"),), unknown=(UnknownFact(name="own_pet"),))
PERSONA_CHANGES: dict[str, Any] = {
    "name": "Bruno Falk",
    "company": "Stadtmuseum Nord",
    "profile": "I collect stamps. My knee hurts.",
    "sayings": ("One thing at a time.",),
    "goal": None,
    "intents": Intents(primary="My tickets have to be changed.", side=("Can I pay in cash?",)),
    "traits": ("polite",),
    "emotion": "sad",
    "frustration_threshold": None,  # on a persona that shouts when upset: see below
    "language": "de",
    "register_": "slang",
    "dialect": "scottish",
    "fluency": "basic",
    "style": "rambling",
    "clarity": "vague",
    "skill": "novice",
    "noise": Noise(typos=0.5),
    "knowledge": OWN,
    "triggers": (TRIGGER.replace(words=("Enough of this. Somebody human, please.",)),),
}


def test_every_persona_field_is_accounted_for() -> None:
    assert set(PERSONA_CHANGES) | AGENDA["Persona"] | BOOKKEEPING == set(Persona.model_fields)


def test_the_name_is_in_the_words_and_so_is_the_company() -> None:
    said = words_of(PERSONA, make_goal())
    assert any("Ines" in m for m in said)
    assert any("Museum am Fluss" in m for m in said)
    assert any("Bruno" in m for m in words_of(PERSONA.replace(name="Bruno Falk"), make_goal()))


@pytest.mark.parametrize("field", [f for f in PERSONA_CHANGES if f != "frustration_threshold"])
def test_a_persona_field_changes_the_words(field: str) -> None:
    assert changes_words(PERSONA.replace(**{field: PERSONA_CHANGES[field]}), make_goal())


def test_the_frustration_threshold_says_when_a_shouter_shouts() -> None:
    soon, late = (PERSONA.replace(traits=("all_caps_when_upset",), frustration_threshold=t) for t in (1, 5))
    assert words_of(soon, make_goal()) != words_of(late, make_goal())


@pytest.mark.parametrize("field", sorted(BOOKKEEPING | AGENDA["Persona"]))
def test_bookkeeping_and_agenda_fields_leave_the_words_alone(field: str) -> None:
    other: dict[str, Any] = {
        "id": "other",
        "version": 9,
        "tags": ("x",),
        "segment": "x",
        "summary": "x",
        "provenance": {"note": "x"},
        "patience": 1,
    }
    assert not changes_words(PERSONA.replace(**{field: other[field]}), make_goal())


def alternatives(kind: Any) -> list[str]:
    return list(kind.__args__)


@pytest.mark.parametrize("trait", [t for t in alternatives(Trait) if t not in AGENDA["Trait"]])
def test_every_trait_changes_the_words(trait: str) -> None:
    assert changes_words(PERSONA.replace(traits=(trait,)), make_goal())


def test_a_changing_mind_is_the_agendas_to_decide() -> None:
    assert not changes_words(PERSONA.replace(traits=("changes_mind",)), make_goal())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (name, value)
        for name, info in Persona.model_fields.items()
        if name in ("emotion", "register_", "style", "clarity", "skill", "fluency")
        for value in alternatives(info.annotation)
        if value != getattr(PERSONA, name)
    ],
)
def test_every_value_of_a_closed_list_changes_the_words(field: str, value: str) -> None:
    assert changes_words(PERSONA.replace(**{field: value}), make_goal())


@pytest.mark.parametrize("fluency", [f for f in alternatives(Fluency) if f != "native"])
@pytest.mark.parametrize("language", ["de", "es"])
def test_fluency_is_heard_in_other_languages_too(language: str, fluency: str) -> None:
    native = PERSONA.replace(language=language)
    assert words_of(native, make_goal()) != words_of(native.replace(fluency=fluency), make_goal())


@pytest.mark.parametrize("field", list(Noise.model_fields))
def test_every_kind_of_noise_changes_the_words(field: str) -> None:
    assert changes_words(PERSONA.replace(noise=Noise(**{field: 0.6})), make_goal())


# ---------------------------------------------------------------- facts and the goal


def test_a_facts_value_and_disclosure_change_the_words() -> None:
    assert changes_words(PERSONA, make_goal(known={"ticket_code": "QX-1", "visit_day": "Thursday"}))
    assert changes_words(PERSONA, make_goal(known={"ticket_code": {"value": "DX-48213", "disclose": "never"}, "visit_day": "Thursday"}))


def test_what_agents_call_a_fact_is_what_a_user_calls_it() -> None:
    german = PERSONA.replace(language="de")
    named = make_goal(unknown={"gate_number": ["Eingangsnummer"]})
    assert words_of(german, make_goal()) != words_of(german, named)


def test_the_personas_own_knowledge_reaches_the_words_through_the_ledger_or_without_it() -> None:
    knows = PERSONA.replace(knowledge=OWN)
    for ledger in (None, Ledger(goals=(), facts=())):
        more = {} if ledger is None else {"ledger": ledger}
        assert "dark green" in word(make_brief(Direction(answer=("own_colour",)), persona=knows, **more)).message


GRANDMA = Complication(id="grandma", say="My aunt cannot come.", when=When(turn=3))
GOAL_CHANGES: dict[str, Any] = {
    "steps": (SWAP.replace(say="I need a refund for the late show."), AUDIO),
    "known": {"ticket_code": "ZZ-77", "visit_day": "Thursday"},
    "unknown": {"gate_number": ["entrance"]},
    "complications": (GRANDMA,),
    "detours": ("I want a voucher.",),
    "side": (),
}


def test_every_goal_field_is_accounted_for() -> None:
    assert set(GOAL_CHANGES) | AGENDA["PlayerGoal"] | GOAL_BOOKKEEPING == set(PlayerGoal.model_fields)


@pytest.mark.parametrize("field", ["steps", "known", "complications", "detours"])
def test_a_goal_field_changes_the_words(field: str) -> None:
    stranger = PERSONA.replace(goal=None)
    assert words_of(stranger, make_goal(**{field: GOAL_CHANGES[field]})) != words_of(stranger, make_goal())


def test_a_side_goal_is_said_in_its_own_words() -> None:
    direction = Direction(bring_up=("cloakroom",))
    other = SubGoal(id="cloakroom", say="Where do I leave my umbrella?", kind="question")
    said = [word(make_brief(direction, goal=g)).message for g in (make_goal(), make_goal(side=(other,)))]
    assert "umbrella" in said[1]
    assert "umbrella" not in said[0]


def test_the_other_wordings_of_a_step_are_used_for_asking_again() -> None:
    stranger = PERSONA.replace(goal=None)
    step = SWAP.replace(again=("Is another day possible at all?",))
    assert words_of(stranger, make_goal(steps=(step, AUDIO))) != words_of(stranger, make_goal())


def test_what_a_complication_adds_is_said_in_its_own_words() -> None:
    adds = SubGoal(id="fifth", say="Can you add one more ticket?")
    goal = make_goal(complications=(GRANDMA.replace(adds=adds),))
    message = word(make_brief(Direction(complication="grandma", bring_up=("fifth",)), goal=goal)).message
    assert "aunt" in message
    assert "add one more ticket" in message


def test_whether_a_sub_goal_is_a_question_decides_on_hints() -> None:
    vague = make_persona(clarity="vague")
    direction = Direction(bring_up=("audio",))
    question = AUDIO.replace(say="Do you lend out my audio guides?")
    said = [[word(make_brief(direction, persona=vague, goal=make_goal(steps=(SWAP, q)), seed=s)).message for s in SEEDS]
            for q in (question, question.replace(kind="action"))]  # fmt: skip
    assert said[0] != said[1]


# ---------------------------------------------------------------- the brief


@pytest.mark.parametrize(
    "field", ["stage", "move", "answer", "volunteer", "withhold", "admit_unknown", "bring_up", "ask_again", "correct", "choose", "affirm",
              "complication", "trigger", "trigger_action", "change_mind", "tangent", "show_frustration", "not_understood", "thank"],
)  # fmt: skip
def test_every_field_of_a_direction_changes_the_words(field: str) -> None:
    base = Direction(bring_up=("swap",), answer=("visit_day",))
    values: dict[str, Any] = {
        "stage": "opening", "move": "gave_up", "answer": ("ticket_code",), "volunteer": ("ticket_code",), "withhold": ("member_pin",),
        "admit_unknown": ("gate_number",), "bring_up": ("audio",), "ask_again": ("audio",), "correct": ("ticket_code",), "choose": "noon",
        "affirm": True, "complication": "grandma", "trigger": "fed-up", "trigger_action": "give_up", "change_mind": True, "tangent": True,
        "show_frustration": True, "not_understood": True, "thank": True,
    }  # fmt: skip
    assert set(values) == set(Direction.model_fields) - {"reason"}
    said = [words_of(PERSONA, make_goal(), situations=((d, CALM),)) for d in (base, base.evolve(**{field: values[field]}))]
    assert said[0] != said[1]


def test_the_reason_is_for_the_record_only() -> None:
    reasons = [word(make_brief(Direction(affirm=True, reason=r))) for r in ("", "because of the secret plan")]
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize(("field", "value"), [("frustration", 5), ("number", 4), ("seed", 8), ("attempt", 2)])
def test_what_the_brief_says_beside_the_direction_changes_the_words(field: str, value: int) -> None:
    brief: Brief = make_brief(Direction(ask_again=("swap",), show_frustration=True), persona=make_persona(style="verbose"), frustration=1)
    assert word(brief) != word(brief.replace(**{field: value}))

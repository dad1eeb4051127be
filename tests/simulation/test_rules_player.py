"""The rules player: what it says for a direction, and what it never says."""

from __future__ import annotations

import itertools
import re
import typing
from statistics import mean
from typing import Any

import pytest
from rules_kit import AUDIO, SWAP, agent_turn, make_brief, make_goal, make_persona, opening, user_turn, with_fact

from understudy.domain.conversation import Act, Direction, Heard, MoveKind
from understudy.domain.goal import SubGoal
from understudy.domain.persona import Intents, SpeechStyle, Trigger
from understudy.simulation.guard import inspect
from understudy.simulation.ledger import open_ledger
from understudy.simulation.players.rules import RulesPlayer, word
from understudy.simulation.wording.bank import EMOTIONS, LANGUAGES, REGISTERS

SEEDS = range(60)
CLEAN = make_persona()
DIRECTIONS: dict[str, Direction] = {
    "opens": opening(),
    "answers": Direction(answer=("ticket_code",)),
    "answers two": Direction(answer=("ticket_code", "visit_day")),
    "volunteers": Direction(volunteer=("visit_day",)),
    "withholds": Direction(withhold=("member_pin",)),
    "does not know": Direction(admit_unknown=("gate_number",)),
    "brings up": Direction(bring_up=("audio",)),
    "asks again": Direction(ask_again=("swap",)),
    "corrects": Direction(correct=("visit_day",)),
    "chooses": Direction(choose="the morning slot"),
    "affirms": Direction(affirm=True),
    "denies": Direction(affirm=False),
    "complicates": Direction(complication="grandma"),
    "asks for a human": Direction(move="asks_for_human"),
    "calls back": Direction(stage="closing", move="will_call_back"),
    "gives up": Direction(stage="closing", move="gave_up"),
    "is in the wrong place": Direction(stage="closing", move="out_of_scope"),
    "is satisfied": Direction(stage="closing", move="satisfied", thank=True),
    "does not understand": Direction(not_understood=True),
    "is annoyed": Direction(ask_again=("swap",), show_frustration=True),
    "digresses": Direction(bring_up=("audio",), tangent=True),
    "changes their mind": opening(change_mind=True),
    "has nothing to do": Direction(),
}


def says(direction: Direction, *, seeds: typing.Iterable[int] = SEEDS, **changes: Any) -> list[str]:
    return [word(make_brief(direction, seed=s, **changes)).message for s in seeds]


def test_the_same_brief_gets_the_same_words() -> None:
    persona = make_persona(
        style="rambling", traits=("chatty", "apologetic"), noise={"typos": 0.5, "fillers": 0.5, "misheard": 0.5, "caps": 0.2}
    )
    brief = make_brief(opening(), persona=persona)
    assert word(brief) == word(brief.replace(seed=brief.seed))


async def test_the_player_plays_what_the_pure_function_says() -> None:
    brief = make_brief(opening())
    player = RulesPlayer()
    assert await player.play(brief) == word(brief)
    assert player.version == "rules/1"


def test_two_hundred_seeds_do_not_read_alike() -> None:
    openings = says(opening(), seeds=range(200), persona=make_persona(emotion="anxious"))
    assert len(set(openings)) >= 150
    assert len({o.split()[0] for o in openings}) >= 3
    assert len(set(says(Direction(admit_unknown=("gate_number",)), seeds=range(200)))) >= 40


@pytest.mark.parametrize(("language", "register", "emotion"), list(itertools.product(LANGUAGES, REGISTERS, EMOTIONS)))
def test_every_direction_has_words_in_every_language_register_and_emotion(language: str, register: str, emotion: str) -> None:
    persona = make_persona(language=language, register=register, emotion=emotion)
    for name, direction in DIRECTIONS.items():
        for seed in (1, 2):
            brief = make_brief(direction, persona=persona, seed=seed, frustration=seed)
            move = word(brief)
            assert move.message.strip(), name
            assert "{" not in move.message, (name, move.message)
            assert move.kind == direction.move
            assert inspect(move, brief) is None, (name, move.message)


@pytest.mark.parametrize("style", typing.get_args(SpeechStyle))
def test_the_guard_lets_every_style_pass_with_noise(style: str) -> None:
    noise = dict.fromkeys(("typos", "caps", "fillers", "fragments", "misheard", "tangents", "interruptions"), 0.5)
    turns = (
        user_turn("Hello, about my tickets", bring_up=("swap",)),
        agent_turn("Which day would suit you, the morning slot or the evening slot?"),
    )
    for language, direction, seed in itertools.product(LANGUAGES, DIRECTIONS.values(), (1, 2)):
        brief = make_brief(direction, persona=make_persona(language=language, style=style, noise=noise), seed=seed, turns=turns, number=3)
        assert inspect(word(brief), brief) is None


# ---------------------------------------------------------------- facts


def test_an_answer_holds_the_value_and_discloses_the_fact() -> None:
    for seed in SEEDS:
        move = word(make_brief(Direction(answer=("ticket_code", "visit_day")), seed=seed))
        assert "DX-48213" in move.message
        assert "Thursday" in move.message
        assert {"ticket_code", "visit_day"} <= set(move.disclosed)


@pytest.mark.parametrize("value", ["maria.c", "iPhone", "thursday", "Thursday", "Acme Inc.", "Why is it on? I never asked for it."])
def test_a_value_keeps_its_own_capitals_and_full_stops(value: str) -> None:
    goal = make_goal(known={"detail": value, "ticket_code": "DX-48213"})
    for language, style in itertools.product(LANGUAGES, typing.get_args(SpeechStyle)):
        persona = make_persona(language=language, style=style, traits=("apologetic", "interrupts"))
        for answer in (("detail",), ("detail", "ticket_code")):
            for message in says(Direction(answer=answer), persona=persona, goal=goal, seeds=range(15)):
                assert value in message, message
                assert ".." not in message.replace("...", ""), message


def test_nothing_is_disclosed_that_was_not_asked_or_volunteered() -> None:
    for direction, seed in itertools.product(DIRECTIONS.values(), range(10)):
        move = word(make_brief(direction, seed=seed))
        allowed = {*direction.answer, *direction.volunteer, *direction.correct}
        assert set(move.disclosed) <= allowed, move.message
        assert "DX-48213" not in move.message or "ticket_code" in allowed


def test_a_fact_that_is_never_said_is_withheld_even_when_the_direction_asks_for_it() -> None:
    for direction in (Direction(answer=("member_pin",)), Direction(volunteer=("member_pin",)), Direction(correct=("member_pin",))):
        for message in says(direction):
            assert "kestrel" not in message.lower()


def test_an_authored_line_with_a_secret_in_it_is_not_spoken() -> None:
    swap = SWAP.replace(say="I'd like to swap the tickets with the code word kestrel.", again=())
    persona = make_persona(profile="My code word is kestrel.", sayings=("It is kestrel.",))
    goal = make_goal(steps=(swap,), detours=("Use kestrel.",))
    for direction in (opening(tangent=True), opening(change_mind=True), Direction(ask_again=("swap",), tangent=True)):
        assert not any("kestrel" in m.lower() for m in says(direction, persona=persona, goal=goal))


def test_unknown_facts_are_never_answered() -> None:
    for message in says(Direction(answer=("gate_number",))) + says(Direction(admit_unknown=("gate_number",))):
        assert not any(c.isdigit() for c in message)
        assert "Thursday" not in message


def test_a_remark_beside_the_point_keeps_unsaid_facts_to_itself() -> None:
    persona = make_persona(profile="My code is DX-48213. I like trams.", sayings=())
    said = says(Direction(tangent=True, affirm=True), persona=persona)
    assert not any("DX-48213" in m for m in said)
    assert any("I like trams." in m for m in said)


def test_a_correction_names_the_right_value_and_the_wrong_one() -> None:
    turns = (user_turn("Hello"), agent_turn("So you come on Tuesday, is that right?"))
    persona, goal = make_persona(), make_goal()
    ledger = with_fact(open_ledger(persona, goal), "visit_day", old_values=("Tuesday",))
    for message in says(Direction(correct=("visit_day",)), persona=persona, goal=goal, ledger=ledger, turns=turns):
        assert "Thursday" in message
        assert "Tuesday" in message


def test_a_wrong_value_is_found_in_the_agents_words_by_its_shape() -> None:
    turns = (user_turn("Hello"), agent_turn("I have your ticket DX-48231 here."))
    for message in says(Direction(correct=("ticket_code",)), turns=turns):
        assert "DX-48213" in message
        assert "DX-48231" in message


def test_a_wish_is_repeated_with_the_new_value_of_a_changed_fact() -> None:
    goal = make_goal(steps=(SubGoal(id="swap", say="I'd like tickets for four people."),), known={"party_size": "five people"})
    ledger = with_fact(open_ledger(CLEAN, goal), "party_size", old_values=("four people",))
    for message in says(Direction(ask_again=("swap",)), goal=goal, ledger=ledger, number=6):
        assert "four people" not in message


def test_a_german_user_calls_a_fact_what_agents_call_it() -> None:
    goal = make_goal(unknown={"gate_number": ["Eingangsnummer"]})
    said = says(Direction(admit_unknown=("gate_number",)), persona=make_persona(language="de"), goal=goal)
    assert any("Eingangsnummer" in m for m in said)
    assert not any("gate number" in m.lower() for m in said)


# ---------------------------------------------------------------- wishes


def test_a_clear_user_says_what_they_want_at_once() -> None:
    assert all("Dürer" in m for m in says(opening()))


def test_a_vague_user_gives_a_hint_first_and_the_rest_when_asked() -> None:
    vague = make_persona(clarity="vague")
    first = says(opening(), persona=vague)
    assert not any("Dürer" in m for m in first)
    assert any("tickets" in m for m in first)
    turns = (user_turn(first[0], bring_up=("swap",), stage="opening"), agent_turn("What about your tickets?"))
    later = says(Direction(ask_again=("swap",)), persona=vague, turns=turns, number=2)
    assert all("Dürer" in m for m in later)
    assert not any("said" in m.lower() for m in later)


def test_a_vague_user_explains_when_the_agent_asks_what_they_mean() -> None:
    persona, goal = make_persona(clarity="vague"), make_goal()
    goals = tuple(g.evolve(status="asked", asked=1) if g.id == "swap" else g for g in open_ledger(persona, goal).goals)
    ledger = open_ledger(persona, goal).evolve(goals=goals)
    turns = (user_turn("It's about my tickets.", bring_up=("swap",), stage="opening"), agent_turn("What about them?"))
    said = says(Direction(), persona=persona, goal=goal, ledger=ledger, turns=turns, heard=Heard(acts=(Act.ASKS_OTHER,)), number=2)
    assert all("Dürer" in m for m in said)


def test_a_partial_user_leaves_details_out() -> None:
    said = says(opening(), persona=make_persona(clarity="partial"))
    assert all("tickets" in m for m in said)
    assert not all("another day" in m for m in said)


def test_a_changed_mind_is_one_sentence_with_both_wishes() -> None:
    for message in says(opening(change_mind=True)):
        at = message.index("Dürer")
        detour = max(message.find("money back"), message.find("give the tickets away"))
        assert at < detour < message.rindex("Dürer")
        assert ". " not in message[at:detour]


def test_a_changed_mind_without_detours_still_turns_round() -> None:
    said = says(opening(change_mind=True), goal=make_goal(detours=()))
    assert all(m.count("Dürer") == 2 for m in said)


def test_the_persona_states_its_own_goal_in_its_own_words() -> None:
    own = make_persona(goal="museum-tickets")
    assert all("if that works" in m for m in says(opening(), persona=own))
    assert not any("if that works" in m for m in says(opening()))


def test_after_the_opening_the_goals_own_words_for_the_step_come_next() -> None:
    own = make_persona(goal="museum-tickets")
    turns = (
        user_turn("Hi. I want my museum tickets on another day, if that works.", bring_up=("swap",), stage="opening"),
        agent_turn("Hm."),
    )
    sheet = open_ledger(own, make_goal())
    asked = sheet.evolve(goals=tuple(g.evolve(status="asked", asked=1) if g.id == "swap" else g for g in sheet.goals))
    greeted = Heard(acts=(Act.GREETS, Act.ASKS_OTHER))
    for heard, direction in ((greeted, Direction(ask_again=("swap",))), (Heard(acts=(Act.ASKS_OTHER,)), Direction())):
        said = says(direction, persona=own, turns=turns, number=2, heard=heard, ledger=asked)
        assert all("Dürer exhibition" in m for m in said), said
        assert not any("if that works" in m for m in said)


def test_somebody_who_is_passed_on_waits_and_does_not_say_that_all_is_settled() -> None:
    closing = Direction(stage="closing", move="satisfied", thank=True)
    handed = Heard(acts=(Act.HANDS_OFF,))
    settled = ("settled", "sorted", "all I needed", "everything", "answers it", "that's done", "painless")
    assert not any(word in m for m in says(closing, heard=handed) for word in settled)
    assert all("warte" in m or "bleib" in m or "Kollegi" in m for m in says(closing, heard=handed, persona=make_persona(language="de")))
    assert all("esper" in m or "espera" in m or "compañero" in m for m in says(closing, heard=handed, persona=make_persona(language="es")))


def test_a_fact_that_the_wish_itself_names_is_not_said_twice() -> None:
    goal = make_goal(steps=(SubGoal(id="swap", say="I need two tickets for Thursday."), AUDIO))
    said = says(Direction(stage="opening", bring_up=("swap",), volunteer=("visit_day", "ticket_code")), goal=goal)
    assert all(m.count("Thursday") == 1 and "DX-48213" in m for m in said), said


@pytest.mark.parametrize("question", ["Which day would you like?", "Thanks. And for which day are the tickets?"])
def test_a_question_that_is_not_for_a_yes_is_not_answered_with_one(question: str) -> None:
    yes = ("Yes", "Yep", "Sure", "Of course", "OK", "Alright", "Right")
    said = says(Direction(answer=("visit_day",)), turns=(agent_turn(question, 0),))
    assert not any(m.startswith(yes) for m in said), said
    polite = says(Direction(answer=("visit_day",)), turns=(agent_turn("Could you tell me which day it was?", 0),))
    assert any(m.startswith(yes) for m in polite)


def test_a_persona_at_another_companys_desk_leaves_their_own_company_out_of_it() -> None:
    abroad = make_persona(goal="clinic-visit", company="Harbour Street Clinic", profile="I have never been to your clinic.")
    said = says(opening(tangent=True), persona=abroad)
    assert not any("Harbour" in m or "your clinic" in m for m in said)
    assert any("Harbour" in m for m in says(opening(), persona=abroad.replace(goal=None)))
    named = make_persona(goal="other-tickets")  # `Museum am Fluss`, and the goal's field is a museum
    assert any("Museum am Fluss" in m for m in says(opening(), persona=named))


def test_a_double_checker_asks_back_about_what_was_confirmed_and_not_before() -> None:
    goal = make_goal(steps=(SWAP.replace(needs=("visit_day",)), AUDIO))
    double = make_persona(traits=("double_checks",))
    ledger = with_fact(open_ledger(double, goal), "visit_day", said_at=0)
    checks = [m for m in says(Direction(answer=("visit_day",)), persona=double, goal=goal, ledger=ledger) if "?" in m]
    assert checks == []
    confirmed = Heard(acts=(Act.CONFIRMS,), met=("swap",))
    told = says(Direction(bring_up=("audio",)), persona=double, goal=goal, ledger=ledger, heard=confirmed)
    assert any("Thursday" in m for m in told)
    met = ledger.evolve(goals=tuple(g.evolve(status="met") if g.id == "swap" else g for g in ledger.goals))
    assert all("Thursday" in m for m in says(Direction(ask_again=("swap",)), persona=double, goal=goal, ledger=met))


def test_a_german_who_runs_on_starts_anew_where_a_capital_has_to_stay() -> None:
    talker = make_persona(
        language="de",
        style="rambling",
        register="formal",
        profile="Wenn es keine Umstände macht, wäre mir ein ruhiger Platz lieb.",
        sayings=("Hier spricht eine Stammkundin.",),
    )
    goal = make_goal(steps=(SubGoal(id="swap", say="Doch ein anderer Tag wäre mir lieber, aber das eilt nicht."), AUDIO))
    for message in says(opening(tangent=True, volunteer=("visit_day", "ticket_code")), persona=talker, goal=goal):
        assert not re.search(r", (?:und |also |und na ja, |ach und )?(?:Wenn|Hier|Doch|Das|Der|Die)\b", message), message


def test_a_side_intent_is_brought_up_in_its_own_words() -> None:
    persona = make_persona(intents=Intents(primary="Tickets.", side=("Are dogs allowed in the garden?",)))
    assert all("ogs allowed in the garden?" in m for m in says(Direction(bring_up=("side-1",)), persona=persona))


def test_asking_again_uses_another_wording_first_and_never_the_opening() -> None:
    first = word(make_brief(opening())).message
    turns = (user_turn(first, bring_up=("swap",), stage="opening"), agent_turn("Hm."))
    for message in says(Direction(ask_again=("swap",)), turns=turns, number=2):
        assert "hange the day on my tickets" in message
        assert message != first


def test_several_wishes_in_one_breath_come_from_a_user_who_bundles() -> None:
    both = Direction(stage="opening", bring_up=("swap", "audio"))
    bundled = says(both, persona=make_persona(traits=("bundles_questions",)))
    assert all("Dürer" in m and "audio guide" in m for m in bundled)
    assert all(" and " in m for m in bundled)


def test_a_choice_is_made_in_the_agents_words() -> None:
    assert all("the morning slot" in m.lower() for m in says(Direction(choose="or the morning slot?")))


def test_a_trigger_speaks_in_its_own_words_and_once_only() -> None:
    trigger = Trigger(id="rude", when="rude", words=("I do not have to listen to this. A person, now.",))
    persona = make_persona(triggers=(trigger,))
    direction = Direction(move="asks_for_human", trigger="rude", trigger_action="ask_for_human")
    first = says(direction, persona=persona)
    assert all(trigger.words[0] in m for m in first)
    turns = (user_turn(first[0]), agent_turn("No."))
    assert not any(trigger.words[0] in m for m in says(direction, persona=persona, turns=turns, number=4))


def test_a_complication_is_told_as_its_author_wrote_it() -> None:
    assert all("so we are five people now" in m for m in says(Direction(complication="grandma")))


def test_a_fact_named_in_an_authored_line_is_said_with_its_current_value() -> None:
    goal = make_goal(steps=(SWAP.replace(say="Can I come after {visit_day} with {ticket_code}?", again=()),))
    for message in says(opening(), goal=goal) + says(Direction(ask_again=("swap",)), goal=goal):
        assert "{" not in message
        assert "Thursday" in message


def test_a_secret_named_in_an_authored_line_is_not_said() -> None:
    goal = make_goal(steps=(SWAP.replace(say="My PIN is {member_pin}, can I swap my tickets?", again=()),))
    for message in says(opening(), goal=goal) + says(Direction(ask_again=("swap",)), goal=goal):
        assert "{" not in message
        assert "kestrel" not in message


def test_one_seed_does_not_make_two_people_talk_alike() -> None:
    ines, otto = make_persona(), make_persona(name="Otto Brandt")
    pairs = [(word(make_brief(opening(), persona=p, seed=s)).message for p in (ines, otto)) for s in SEEDS]
    assert sum(a == b for a, b in pairs) < 6


# ---------------------------------------------------------------- mood


def test_frustration_makes_messages_shorter() -> None:
    persona = make_persona(style="verbose", traits=("polite",))
    for direction in (Direction(ask_again=("swap",), show_frustration=True), Direction(answer=("ticket_code",), show_frustration=True)):
        lengths = [mean(map(len, says(direction, persona=persona, frustration=level, seeds=range(300)))) for level in (0, 2, 5)]
        assert lengths[0] > lengths[1] > lengths[2], lengths
        assert lengths[2] < 0.75 * lengths[0]


def test_a_terse_user_says_less_than_a_plain_one_and_a_verbose_one_more() -> None:
    terse, plain, verbose = (mean(map(len, says(opening(), persona=make_persona(style=s)))) for s in ("terse", "plain", "verbose"))
    assert terse < 0.85 * plain
    assert plain < 0.85 * verbose


def test_capitals_come_with_the_upset() -> None:
    persona = make_persona(traits=("all_caps_when_upset",))
    upset = says(Direction(answer=("visit_day",), ask_again=("audio",), show_frustration=True), persona=persona, frustration=3)
    calm = says(Direction(answer=("visit_day",), ask_again=("audio",)), persona=persona)
    assert all("AUDIO" in m and "Thursday" in m for m in upset)
    assert not any("AUDIO" in m for m in calm)


# ---------------------------------------------------------------- never twice the same


@pytest.mark.parametrize("name", list(DIRECTIONS))
def test_the_user_never_repeats_their_own_message(name: str) -> None:
    direction = DIRECTIONS[name]
    for seed in range(20):
        first = word(make_brief(direction, seed=seed)).message
        again = word(make_brief(direction, seed=seed, turns=(user_turn(first), agent_turn("Hm, no.")))).message
        assert again.casefold() != first.casefold()


@pytest.mark.parametrize("name", list(DIRECTIONS))
def test_a_refused_message_is_put_in_other_words(name: str) -> None:
    for seed in range(10):
        said = [word(make_brief(DIRECTIONS[name], seed=seed, attempt=attempt)).message for attempt in (1, 2, 3)]
        assert len(set(said)) == 3, said


def test_the_agents_last_words_are_not_echoed() -> None:
    turns = (user_turn("Hi"), agent_turn("the morning slot works for me."))
    for seed in range(300):
        brief = make_brief(Direction(choose="the morning slot"), turns=turns, seed=seed)
        assert word(brief).message.casefold().strip(".") != "the morning slot works for me"


# ---------------------------------------------------------------- a field that no bank knows


def test_a_whole_conversation_about_museum_tickets_makes_sense() -> None:
    moves: list[MoveKind] = ["continue", "continue", "continue", "satisfied"]
    directions = (
        opening(),
        Direction(answer=("ticket_code",), admit_unknown=("gate_number",)),
        Direction(affirm=True, bring_up=("cloakroom",)),
        Direction(stage="closing", move="satisfied", thank=True),
    )
    for language, seed in itertools.product(LANGUAGES, range(20)):
        persona = make_persona(language=language)
        said = [word(make_brief(d, persona=persona, seed=seed, number=n)) for n, d in enumerate(directions, 1)]
        assert [m.kind for m in said] == moves
        assert "Dürer" in said[0].message
        assert "DX-48213" in said[1].message
        assert said[1].disclosed == ("ticket_code",)
        assert "cloakroom for a suitcase?" in said[2].message
        assert said[3].message.strip()

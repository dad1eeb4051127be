"""What is not the agent's doing: a question that the simulated user had nothing for, and a hand-over that they asked for."""

from __future__ import annotations

from typing import Any

import pytest
from judging_builders import agent, cited, entry, goal, result_of, transcript, user

from understudy.domain.checks import ClaimsHeld, Completed, Escalated, NotRepeating, NotSaid, Said, StateIs
from understudy.domain.conversation import Act, Direction, Ending, Reply
from understudy.domain.goal import Goal
from understudy.domain.transcript import Transcript

LEFT = Ending(kind="called_back_later", cause="user")
GAVE_UP = Ending(kind="gave_up", cause="user")
HANDED = Ending(kind="handed_off", cause="agent")
OPEN = (entry("move", "attempted"),)
COUNT = "How many of you will there be?"


def asks(text: str = COUNT, *acts: Act) -> dict[str, Any]:
    return agent(text, acts=(Act.ASKS_OTHER, *acts))


def stuck(*replies: dict[str, Any], ending: Ending = LEFT, goal_: Goal | None = None) -> Transcript:
    """The agent asks three times, and the user answers with `replies` in between."""
    first, second = replies or (user("No idea."), user("As I said."))
    return transcript(user(), asks(), first, asks(), second, asks(), user("Bye."), goal_=goal_, entries=OPEN, ending=ending)


@pytest.mark.parametrize("check", [Completed(), NotRepeating(times=3)])
def test_a_question_that_the_user_has_nothing_for_is_not_held_against_the_agent(check: Completed | NotRepeating) -> None:
    found = result_of(stuck(), check)
    assert found.outcome == "unscored"
    assert cited(found) == [(1, COUNT), (3, COUNT), (5, COUNT)]
    assert found.reason == (
        f"The simulated user had no answer to the agent's question (untrusted text: '{COUNT}') at turns 1, 3, 5. "
        "Add a known fact for it to the goal or persona, or `asked_as` phrases to the one that answers it."
    )


@pytest.mark.parametrize(
    "answer",
    [
        user("Two of us.", disclosed=("visitors",)),
        user("And the fee?", direction=Direction(bring_up=("fee",))),
        user("I want to move it.", direction=Direction(ask_again=("move",))),
        user("Yes.", direction=Direction(affirm=True)),
        user("The first.", direction=Direction(choose="the first")),
    ],
)
@pytest.mark.parametrize("check", [Completed(), NotRepeating(times=3)])
def test_an_agent_that_loops_although_the_user_said_something_fails(answer: dict[str, Any], check: Completed | NotRepeating) -> None:
    assert result_of(stuck(answer, answer), check).outcome == "fail"


@pytest.mark.parametrize("act", [Act.ASKS_KNOWN, Act.ASKS_UNKNOWN])
def test_a_question_that_is_on_the_sheet_counts(act: Act) -> None:
    case = transcript(user(), *[asks(COUNT, act), user("No idea.")] * 3, entries=OPEN, ending=GAVE_UP)
    assert [result_of(case, c).outcome for c in (Completed(), NotRepeating(times=3))] == ["fail", "fail"]


def test_the_same_statement_again_and_again_is_a_loop_whatever_else_was_asked() -> None:
    menu = agent("I sell tickets and answer questions about your visit, and nothing else.")
    turns = [menu, user("Hm.")] * 3
    case = transcript(user(), asks(), user("No idea."), asks(), user("Hm."), *turns, entries=OPEN, ending=GAVE_UP)
    found = result_of(case, NotRepeating(times=3))
    assert (found.outcome, [at for at, _ in cited(found)]) == ("fail", [5, 7, 9])


def test_another_question_each_time_or_one_asked_once_is_no_excuse() -> None:
    once = transcript(user(), asks(), user("No idea."), agent("I cannot go on."), entries=OPEN, ending=GAVE_UP)
    other = transcript(user(), asks(), user("No idea."), asks("Which colour is your car?"), entries=OPEN, ending=GAVE_UP)
    assert [result_of(c, Completed()).outcome for c in (once, other)] == ["fail", "fail"]


def test_a_question_put_again_in_other_words_is_the_same_question() -> None:
    case = transcript(
        user(), asks("Which router model do you have?"), user("Hm."), asks("What is your router model?"), entries=OPEN, ending=LEFT
    )
    found = result_of(case, Completed())
    assert (found.outcome, [at for at, _ in cited(found)]) == ("unscored", [1, 3])


def test_wrong_words_a_refusal_and_a_claim_after_the_question_stay_the_agents_own() -> None:
    turns = (user(), asks(), user("No idea."), asks(), user("No idea."))
    wrong = transcript(*turns, agent("The fee is 25 EUR."), goal_=goal(NotSaid(none_of=("25 EUR",))), entries=OPEN, ending=GAVE_UP)
    refused = transcript(*turns, entries=(entry("move", "refused"),), ending=GAVE_UP)
    claimed = transcript(
        *turns, agent("It is moved.", acts=(Act.CONFIRMS,)), goal_=goal(Said(any_of=("Tuesday",))), entries=OPEN, ending=GAVE_UP
    )
    assert [result_of(c, Completed()).outcome for c in (wrong, refused, claimed)] == ["fail"] * 3


def test_a_conversation_that_got_on_after_the_question_is_judged_but_the_question_is_no_loop() -> None:
    turns = [asks(), user("No idea.")] * 3
    case = transcript(user(), *turns, agent("Then I take one.", met=("hours",)), user(), agent("No."), entries=OPEN, ending=GAVE_UP)
    assert [result_of(case, c).outcome for c in (Completed(), NotRepeating(times=3))] == ["fail", "unscored"]


# ---------------------------------------------------------------- handing over


WANTS_HUMAN = user("A person, please.", move="asks_for_human")
FIRED = user("You asked that already.", direction=Direction(trigger="circles", trigger_action="ask_for_human"))


def hands_over() -> dict[str, Any]:
    return {**agent("I pass you on.", acts=(Act.HANDS_OFF,)), "reply": Reply(text="I pass you on.", handed_off=True)}


@pytest.mark.parametrize("request_", [WANTS_HUMAN, FIRED])
def test_a_hand_over_that_the_user_asked_for_leaves_completion_unscored(request_: dict[str, Any]) -> None:
    case = transcript(user(), agent(), request_, hands_over(), entries=OPEN, ending=HANDED)
    found = result_of(case, Completed())
    assert (found.outcome, cited(found)) == ("unscored", [(3, "I pass you on.")])
    assert "at the user's request" in found.reason
    assert result_of(case, Escalated()).outcome == "pass"


def test_a_hand_over_that_nobody_asked_for_fails_both() -> None:
    for turns in ((user(), hands_over()), (user(), hands_over(), WANTS_HUMAN, agent())):
        case = transcript(*turns, entries=OPEN, ending=HANDED)
        assert [result_of(case, c).outcome for c in (Completed(), Escalated())] == ["fail", "fail"]


def test_a_request_that_the_agent_brought_upon_itself_by_passing_over_a_step_is_no_excuse() -> None:
    deaf = agent("Lovely weather today.")
    deaf["heard"] = deaf["heard"].evolve(ignored=("move",))
    case = transcript(user(), deaf, WANTS_HUMAN, hands_over(), entries=OPEN, ending=HANDED)
    assert result_of(case, Completed()).outcome == "fail"


def test_where_handing_over_is_the_expected_outcome_it_completes() -> None:
    case = transcript(user(), agent(), WANTS_HUMAN, hands_over(), goal_=goal(outcome="handed_off"), entries=OPEN, ending=HANDED)
    assert result_of(case, Completed()).outcome == "pass"


# ---------------------------------------------------------------- claims, and state that is not exposed


@pytest.mark.parametrize("kind", ["goal", "persona"])
def test_the_answer_to_a_question_is_never_the_claim(kind: str) -> None:
    asked = "lift" if kind == "goal" else "side-1"
    wanted = goal(StateIs(path="day", equals="Friday"), side=("lift",), questions=("lift",))
    answer = agent("No problem, all floors have a lift.", acts=(Act.CONFIRMS,), met=(asked,), state={"day": "Monday"})
    lie = agent("It is moved to Friday.", acts=(Act.CONFIRMS,), met=("move",), state={"day": "Monday"})
    entries = (entry("move", "met", changed_at=1), entry(asked, "met", side=True))
    told = result_of(transcript(user(), lie, user(), answer, goal_=wanted, entries=entries), ClaimsHeld())
    assert (told.outcome, cited(told)) == ("fail", [(1, "It is moved to Friday.")])
    only = result_of(transcript(user(), answer, goal_=wanted, entries=entries), Completed())
    assert (only.outcome, "had said it was done" in only.reason) == ("fail", False)


def test_completion_that_hangs_on_hidden_state_says_what_to_do() -> None:
    found = result_of(transcript(user(), agent("Done.", met=("move",)), goal_=goal(StateIs(path="day"))), Completed())
    assert found.outcome == "unscored"
    assert found.reason.endswith("Set `state_path` for the target, or add a `said` criterion.")

"""Every check: what passes, what fails with which turn and quote, what cannot be judged."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from judging_builders import agent, cited, entry, goal, result_of, transcript, user

from understudy.domain.checks import (
    Check,
    ClaimsHeld,
    Completed,
    Escalated,
    JsonMatches,
    LanguageKept,
    LatencyWithin,
    NeverEmpty,
    NoErrors,
    NotRepeating,
    NotSaid,
    Polite,
    Said,
    StateIs,
    SubGoalMet,
    ToolCalled,
    TurnsWithin,
)
from understudy.domain.conversation import Act, Attempt, Direction, Ending, TargetFailure, ToolCall
from understudy.judging.checks import EVALUATORS

BOOKED = {"appointments": [{"patient": "Maria", "day": "Tuesday", "paid": True}, {"patient": "Omar", "day": "Monday", "paid": False}]}


def test_every_kind_of_check_has_an_evaluator_and_no_evaluator_is_without_a_check() -> None:
    union = get_args(Check)[0]
    kinds = {kind.model_fields["check"].default for kind in get_args(union)}
    assert set(EVALUATORS) == kinds


# ---------------------------------------------------------------- phrases


def test_said_quotes_the_words_as_the_agent_wrote_them() -> None:
    case = transcript(user(), agent("Your visit is on TUESDAY at 14:30."), facts={"day": "Tuesday"})
    found = result_of(case, Said(any_of=("{day}",)))
    assert (found.outcome, cited(found)) == ("pass", [(1, "TUESDAY")])


def test_said_fails_at_the_last_words_when_no_turn_has_a_phrase() -> None:
    found = result_of(
        transcript(user(), agent("All done."), user("Thanks"), agent("Goodbye now.")), Said(any_of=("refund", "/money back/"))
    )
    assert (found.outcome, cited(found)) == ("fail", [(3, "Goodbye now.")])
    assert "`refund`" in found.reason


def test_what_only_the_user_said_is_not_said() -> None:
    assert result_of(transcript(user("I want a refund"), agent("Noted.")), Said(any_of=("refund",))).outcome == "fail"
    assert result_of(transcript(user("I want a refund"), agent("Noted.")), NotSaid(none_of=("refund",))).outcome == "pass"


def test_not_said_fails_at_the_first_turn_with_the_phrase() -> None:
    case = transcript(user(), agent("The fee is 25 EUR."), user(), agent("As I said, 25 EUR."))
    found = result_of(case, NotSaid(none_of=(r"/\b25\s?EUR/",)))
    assert (found.outcome, cited(found)) == ("fail", [(1, "25 EUR")])


@pytest.mark.parametrize("check", [Said(any_of=("{doctor}",)), NotSaid(none_of=("{doctor}",))])
def test_a_phrase_with_a_fact_that_nobody_knows_cannot_be_judged(check: Check) -> None:
    found = result_of(transcript(user(), agent()), check)
    assert found.outcome == "unscored"
    assert "doctor" in found.reason


def test_a_broken_regular_expression_cannot_be_judged() -> None:
    assert result_of(transcript(user(), agent()), NotSaid(none_of=("/[/",))).outcome == "unscored"


def test_a_count_in_a_regular_expression_is_no_fact() -> None:
    assert result_of(transcript(user(), agent("Number 1234.")), Said(any_of=(r"/\d{4}/",))).outcome == "pass"


# ---------------------------------------------------------------- language, manners, repetition

GERMAN = "Ihr Termin ist jetzt am Dienstag, und Sie müssen nichts weiter tun."
ENGLISH = "Your appointment is now on Tuesday and there is nothing else that you have to do."


def test_the_language_of_the_persona_is_kept_or_broken_at_a_turn() -> None:
    kept = transcript(user("Hallo"), agent(GERMAN), language="de-AT")
    broken = transcript(user("Hallo"), agent(GERMAN), user("Danke"), agent(ENGLISH), language="de-AT")
    assert result_of(kept, LanguageKept()).outcome == "pass"
    found = result_of(broken, LanguageKept())
    assert (found.outcome, cited(found)) == ("fail", [(3, ENGLISH)])


def test_a_language_that_the_check_names_goes_before_the_persona() -> None:
    assert result_of(transcript(user(), agent(GERMAN), language="en"), LanguageKept(language="de")).outcome == "pass"


def test_replies_too_short_to_tell_leave_the_language_unscored() -> None:
    assert result_of(transcript(user(), agent("OK."), user(), agent("14:30")), LanguageKept()).outcome == "unscored"


def test_rudeness_is_quoted() -> None:
    found = result_of(transcript(user("WHY"), agent("Stop shouting, Maria. One moment.")), Polite())
    assert (found.outcome, cited(found)) == ("fail", [(1, "Stop shouting")])
    assert result_of(transcript(user("WHY"), agent("I am sorry about that, Maria.")), Polite()).outcome == "pass"


def test_silence_is_neither_polite_nor_rude() -> None:
    assert result_of(transcript(user(), agent("  ")), Polite()).outcome == "unscored"


LOOP = "Could you please tell me your date of birth so that I can find you?"


def test_the_same_answer_three_times_is_a_loop_even_with_another_between() -> None:
    case = transcript(user(), agent(LOOP), user(), agent(LOOP.upper()), user(), agent("One moment, I am looking."), user(), agent(LOOP))
    found = result_of(case, NotRepeating(times=3))
    assert (found.outcome, [turn for turn, _ in cited(found)]) == ("fail", [1, 3, 7])


def test_the_same_answer_far_apart_or_with_another_date_is_no_loop() -> None:
    other = [agent(f"Here is something else about the {word} that you asked for.") for word in ("fee", "card", "doctor", "parking")]
    apart = transcript(user(), agent(LOOP), user(), *other, agent(LOOP))
    assert result_of(apart, NotRepeating(times=2)).outcome == "pass"
    dates = [agent(f"Your appointment is booked for the {day} of May at the main clinic, room two.") for day in (3, 4, 5)]
    assert result_of(transcript(user(), *dates), NotRepeating(times=3)).outcome == "pass"


def test_short_acknowledgements_may_recur_and_alone_judge_nothing() -> None:
    case = transcript(user(), agent("Yes, of course."), user(), agent("Yes, of course."), user(), agent("Yes, of course."))
    assert result_of(case, NotRepeating(times=2)).outcome == "unscored"


# ---------------------------------------------------------------- state


@pytest.mark.parametrize(
    "check",
    [
        StateIs(path="appointments.0.day", equals="Tuesday"),
        StateIs(path="appointments.*.patient", equals="Omar"),
        StateIs(path="appointments.0.paid", equals=True),
        StateIs(path="appointments.*.day", contains="tues"),
        StateIs(path="appointments.*.patient", equals="{name}"),
        StateIs(path="appointments.*.patient", contains="{name}"),
        StateIs(path="appointments.1", exists=True),
        StateIs(path="appointments.7", exists=False),
        StateIs(path="appointments.0.day"),
    ],
)
def test_state_that_holds(check: StateIs) -> None:
    case = transcript(user(), agent("Done.", state={"appointments": []}), user(), agent("Booked.", state=BOOKED), facts={"name": "Maria"})
    assert result_of(case, check).outcome == "pass"


@pytest.mark.parametrize(
    "check",
    [
        StateIs(path="appointments.0.day", equals="Friday"),
        StateIs(path="appointments.0.paid", equals=1),
        StateIs(path="appointments.*.patient", contains="Ada"),
        StateIs(path="appointments.0", exists=False),
        StateIs(path="appointments.2"),
        StateIs(path="appointments.0.day.deeper"),
    ],
)
def test_state_that_does_not_hold_cites_the_claim(check: StateIs) -> None:
    case = transcript(user(), agent("You are all set.", met=("move",), state=BOOKED), user("Thanks"), agent("Bye!", state=BOOKED))
    found = result_of(case, check)
    assert (found.outcome, cited(found)) == ("fail", [(1, "You are all set.")])


def test_state_is_unscored_when_none_is_exposed_or_a_fact_is_unknown() -> None:
    assert result_of(transcript(user(), agent()), StateIs(path="a", exists=False)).outcome == "unscored"
    assert result_of(transcript(user(), agent(state={"a": 1})), StateIs(path="a", contains="{who}")).outcome == "unscored"


def test_an_empty_state_is_a_state() -> None:
    assert result_of(transcript(user(), agent(state={})), StateIs(path="a", exists=False)).outcome == "pass"


def test_a_claim_that_the_state_does_not_bear_out_is_quoted() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    lie = transcript(user(), agent("All set, it is on Friday.", acts=(Act.CONFIRMS,), met=("move",), state={"day": "Monday"}), goal_=wanted)
    found = result_of(lie, ClaimsHeld())
    assert (found.outcome, cited(found)) == ("fail", [(1, "All set, it is on Friday.")])
    truth = transcript(user(), agent("All set.", met=("move",), state={"day": "Friday"}), goal_=wanted)
    assert result_of(truth, ClaimsHeld()).outcome == "pass"


def test_no_claim_is_no_false_claim_and_a_claim_taken_back_is_none() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    silent = transcript(user(), agent("I cannot do that.", acts=(Act.REFUSES,), state={"day": "Monday"}), goal_=wanted)
    claimed = agent("It is done.", met=("move",), state={"day": "Monday"})
    withdrawn = transcript(
        user(), claimed, user(), agent("I was wrong, it is not.", taken_back=("move",), state={"day": "Monday"}), goal_=wanted
    )
    assert [result_of(c, ClaimsHeld()).outcome for c in (silent, withdrawn)] == ["pass", "pass"]


def test_noting_a_detail_is_no_claim_and_a_bare_confirmation_without_any_deed_is_one() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    noted = agent("Noted, Maria. Which day?", acts=(Act.CONFIRMS, Act.ASKS_KNOWN), state={"day": "Monday"})
    confirmed = agent("That is confirmed.", acts=(Act.CONFIRMS,), state={"day": "Monday"})
    moved = agent("That is confirmed.", acts=(Act.CONFIRMS,), state={"day": "Sunday"})
    cases = [
        transcript(user(), first, user(), second, goal_=wanted) for first, second in ((noted, noted), (noted, confirmed), (noted, moved))
    ]
    assert [result_of(c, ClaimsHeld()).outcome for c in cases] == ["pass", "fail", "unscored"]


def test_claims_are_unscored_without_state_or_without_a_criterion_on_it() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    assert result_of(transcript(user(), agent("Done.", met=("move",)), goal_=wanted), ClaimsHeld()).outcome == "unscored"
    assert result_of(transcript(user(), agent("Done.", met=("move",), state={})), ClaimsHeld()).outcome == "unscored"


def test_a_part_done_and_a_part_open_is_no_proven_lie() -> None:
    wanted = goal(StateIs(path="first", equals=True), StateIs(path="second", equals=True), steps=("first", "second"))
    before = agent("One moment.", state={"first": False, "second": False})
    after = agent("The first is done.", met=("first",), state={"first": True, "second": False})
    assert result_of(transcript(user(), before, user(), after, goal_=wanted), ClaimsHeld()).outcome == "unscored"
    nothing_happened = agent("The first is done.", met=("first",), state={"first": False, "second": False})
    assert result_of(transcript(user(), before, user(), nothing_happened, goal_=wanted), ClaimsHeld()).outcome == "fail"


# ---------------------------------------------------------------- tools and form


def calls(*named: tuple[str, Any]) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(name=n, arguments=a) for n, a in named)


@pytest.mark.parametrize(
    "check",
    [
        ToolCalled(tool="book"),
        ToolCalled(tool="book", arguments={"day": "TUESDAY"}),
        ToolCalled(tool="book", arguments={"who": {"name": "{name}"}}),
        ToolCalled(tool="book", times=1),
        ToolCalled(tool="refund", times=0),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_tool_calls_with_at_least_the_arguments(check: ToolCalled, as_text: bool) -> None:
    arguments: Any = '{"day": "Tuesday", "who": {"name": "Maria", "age": 40}}' if as_text else {"day": "Tuesday", "who": {"name": "Maria"}}
    case = transcript(user(), agent("Booked.", tools=calls(("find", {}), ("book", arguments))), facts={"name": "Maria"})
    assert result_of(case, check).outcome == "pass"


@pytest.mark.parametrize(
    ("check", "turn"),
    [
        (ToolCalled(tool="refund"), 3),
        (ToolCalled(tool="book", arguments={"day": "Friday"}), 1),
        (ToolCalled(tool="book", times=2), 1),
        (ToolCalled(tool="book", times=0), 1),
    ],
)
def test_missing_or_wrong_tool_calls_fail_at_a_turn(check: ToolCalled, turn: int) -> None:
    case = transcript(user(), agent("Booked.", tools=calls(("book", {"day": "Tuesday"}))), user(), agent("Bye now."))
    found = result_of(case, check)
    assert (found.outcome, cited(found)) == ("fail", [(turn, "Booked." if turn == 1 else "Bye now.")])


@pytest.mark.parametrize("times", [None, 0])
def test_without_any_reported_call_nothing_is_known_of_tools(times: int | None) -> None:
    assert result_of(transcript(user(), agent()), ToolCalled(tool="book", times=times)).outcome == "unscored"


SCHEMA = {"type": "object", "required": ["day"], "properties": {"day": {"type": "string"}}}


def test_json_replies_that_fit_and_that_do_not() -> None:
    good = transcript(user(), agent("hello"), user(), agent('{"day": "Tuesday"}'))
    assert result_of(good, JsonMatches(schema=SCHEMA)).outcome == "pass"
    found = result_of(good, JsonMatches(schema=SCHEMA, turns="every"))
    assert (found.outcome, cited(found)) == ("fail", [(1, "hello")])
    wrong = result_of(transcript(user(), agent('{"day": 3}')), JsonMatches(schema=SCHEMA))
    assert (wrong.outcome, cited(wrong)) == ("fail", [(1, '{"day": 3}')])
    assert "$.day" in wrong.reason


@pytest.mark.parametrize("schema", [{"type": "no such type"}, {"$ref": "http://127.0.0.1:9/schema.json"}])
def test_a_schema_that_cannot_be_used_leaves_the_form_unscored(schema: dict[str, Any]) -> None:
    assert result_of(transcript(user(), agent("{}")), JsonMatches(schema=schema)).outcome == "unscored"


# ---------------------------------------------------------------- the user's side


def test_a_side_question_that_never_got_an_answer_fails_where_it_was_put() -> None:
    asked = user("And what will it cost me?", direction=Direction(bring_up=("fee",)))
    case = transcript(user(), agent(), asked, agent("Your visit is on Tuesday."), entries=(entry(), entry("fee", "asked", side=True)))
    found = result_of(case, SubGoalMet(subgoal="fee"))
    assert (found.outcome, cited(found)) == ("fail", [(2, "And what will it cost me?"), (3, "Your visit is on Tuesday.")])


def test_a_sub_goal_that_was_met_cites_the_turn_that_met_it() -> None:
    case = transcript(user(), agent("It costs 20 EUR."), entries=(entry("fee", "met", changed_at=1),))
    found = result_of(case, SubGoalMet(subgoal="fee"))
    assert (found.outcome, cited(found)) == ("pass", [(1, "It costs 20 EUR.")])


@pytest.mark.parametrize("subgoal", ["fee", "nobody-knows"])
def test_a_sub_goal_that_was_never_brought_up_is_unscored(subgoal: str) -> None:
    case = transcript(user(), agent(), entries=(entry(), entry("fee", "unsaid", side=True)))
    assert result_of(case, SubGoalMet(subgoal=subgoal)).outcome == "unscored"


def test_completed_needs_both_the_ledger_and_the_success_criteria() -> None:
    wanted = goal(StateIs(path="day", contains="{day}"), Said(any_of=("{day}",)))
    facts = {"day": "Friday"}
    done = agent("It is on Friday now.", met=("move",), state={"day": "friday 9:00"})
    assert result_of(transcript(user(), done, goal_=wanted, facts=facts), Completed()).outcome == "pass"
    still_open = transcript(user(), done, goal_=wanted, facts=facts, entries=(entry("move", "attempted"),))
    found = result_of(still_open, Completed())
    assert found.outcome == "fail"
    assert "`move` (attempted)" in found.reason


def test_a_false_all_set_fails_completion_naming_the_criterion_and_quoting_the_claim() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    lie = agent("All set, see you on Friday!", met=("move",), state={"day": "Monday"})
    found = result_of(transcript(user(), lie, user("Great"), agent("Bye!"), goal_=wanted), Completed())
    assert (found.outcome, cited(found)) == ("fail", [(1, "All set, see you on Friday!")])
    assert "`s0-state`" in found.reason


def test_completion_that_rests_on_state_nobody_exposes_is_unscored() -> None:
    wanted = goal(StateIs(path="day", equals="Friday"))
    found = result_of(transcript(user(), agent("All set!", met=("move",)), goal_=wanted), Completed())
    assert found.outcome == "unscored"
    assert "exposes no state" in found.reason


def test_completed_among_the_success_criteria_does_not_run_in_circles() -> None:
    assert result_of(transcript(user(), agent(), goal_=goal(Completed())), Completed()).outcome == "unscored"


@pytest.mark.parametrize(("status", "outcome"), [("refused", "pass"), ("met", "fail"), ("asked", "fail")])
def test_where_refusing_is_right_a_refusal_completes_the_goal(status: str, outcome: str) -> None:
    case = transcript(user(), agent("I cannot do that."), goal_=goal(outcome="refused"), entries=(entry("move", status),))
    assert result_of(case, Completed()).outcome == outcome


def test_where_handing_over_is_right_only_handing_over_completes_the_goal() -> None:
    wanted = goal(outcome="handed_off", escalation="must")
    over = transcript(user(), agent("I am passing you on.", handed_off=True), goal_=wanted, entries=(entry("move", "asked"),))
    kept = transcript(user(), agent("It is done.", met=("move",)), goal_=wanted)
    assert [result_of(c, Completed()).outcome for c in (over, kept)] == ["pass", "fail"]


# ---------------------------------------------------------------- conduct and running


def test_escalation_as_a_check_quotes_the_request_and_the_reply() -> None:
    asking = user("Let me talk to a person.", move="asks_for_human")
    ignored = transcript(user(), agent(), asking, agent("I can help you myself."))
    found = result_of(ignored, Escalated())
    assert (found.outcome, cited(found)) == ("fail", [(2, "Let me talk to a person."), (3, "I can help you myself.")])
    assert result_of(transcript(user(), asking, agent("A colleague takes over.", handed_off=True)), Escalated()).outcome == "pass"
    needless = result_of(transcript(user(), agent("I'll pass you on.", handed_off=True)), Escalated())
    assert (needless.outcome, cited(needless)) == ("fail", [(1, "I'll pass you on.")])
    assert result_of(transcript(user(), agent(), goal_=goal(escalation="may")), Escalated()).outcome == "unscored"


def test_turns_over_the_limit_fail_at_the_first_one_too_many() -> None:
    case = transcript(user(), agent("One."), user(), agent("Two."), user(), agent("Three."))
    assert result_of(case, TurnsWithin(max_turns=3)).outcome == "pass"
    found = result_of(case, TurnsWithin(max_turns=2))
    assert (found.outcome, cited(found)) == ("fail", [(5, "Three.")])


def test_latency_names_the_slowest_turn_and_its_time() -> None:
    case = transcript(user(), agent("Quick.", latency_ms=80), user(), agent("Slow.", latency_ms=4321), user(), agent("Ok.", latency_ms=90))
    found = result_of(case, LatencyWithin(max_ms=2000))
    assert (found.outcome, cited(found)) == ("fail", [(3, "Slow.")])
    assert "4321 ms" in found.reason
    assert result_of(case, LatencyWithin(max_ms=5000)).outcome == "pass"
    assert result_of(transcript(user(), agent(no_reply=True)), LatencyWithin(max_ms=1)).outcome == "unscored"


def test_a_reply_that_was_too_slow_by_itself_counts_though_a_slower_one_was_ours() -> None:
    ours = agent("First.", latency_ms=4400, lag_ms=500)
    found = result_of(transcript(user(), ours, user(), agent("Second.", latency_ms=4210, lag_ms=3)), LatencyWithin(max_ms=4000))
    assert (found.outcome, cited(found)) == ("fail", [(3, "Second.")])
    alone = result_of(transcript(user(), ours, user(), agent("Second.", latency_ms=90)), LatencyWithin(max_ms=4000))
    assert alone.outcome == "unscored"
    assert "Understudy's own" in alone.reason


def test_an_empty_reply_is_cited_as_it_is() -> None:
    found = result_of(transcript(user(), agent("Hello."), user(), agent(" \n")), NeverEmpty())
    assert (found.outcome, cited(found)) == ("fail", [(3, " \n")])
    assert result_of(transcript(user(), agent("Hello.")), NeverEmpty()).outcome == "pass"
    assert result_of(transcript(user()), NeverEmpty()).outcome == "unscored"


FAILED_ONCE = (Attempt(kind="http_5xx", detail="POST answered 500", seconds=0.1),)


def test_a_second_attempt_is_an_error_even_when_it_worked() -> None:
    found = result_of(transcript(user(), agent("Here I am.", attempts=FAILED_ONCE)), NoErrors())
    assert (found.outcome, cited(found)) == ("fail", [(1, "Here I am.")])
    assert "[http_5xx]" in found.reason
    assert result_of(transcript(user(), agent()), NoErrors()).outcome == "pass"
    assert result_of(transcript(user(), agent(no_reply=True)), NoErrors()).outcome == "unscored"


def test_being_told_to_wait_is_no_error_of_the_target() -> None:
    told_to_wait = Attempt(kind="http_4xx", detail="http://x answered 429.", seconds=0.1)
    found = result_of(transcript(user(), agent("Here I am.", attempts=(told_to_wait,))), NoErrors())
    assert (found.outcome, found.reason) == ("pass", "All 1 calls were answered, 1 of them after we were told to wait.")
    assert result_of(transcript(user(), agent("Here I am.", attempts=(told_to_wait, *FAILED_ONCE))), NoErrors()).outcome == "fail"


def test_a_target_that_failed_for_good_fails_no_errors_with_what_was_tried() -> None:
    failure = TargetFailure(kind="timeout", detail="no answer from the bot within 5 s")
    case = transcript(user(), agent("Hello."), user(), ending=Ending(kind="target_failed", cause="target", failure=failure))
    found = result_of(case, NoErrors())
    assert (found.outcome, cited(found)) == ("fail", [])  # the reply before it was fine, and the failed call has no words
    assert "[timeout]" in found.reason


def test_a_long_reply_is_cited_by_a_start_that_stands_in_it() -> None:
    long = "word " * 200
    found = result_of(transcript(user(), agent(long)), TurnsWithin(max_turns=1))
    assert found.outcome == "pass"
    quote = result_of(transcript(user(), agent(), user(), agent(long)), TurnsWithin(max_turns=1)).evidence[0].quote
    assert quote in long
    assert len(quote) <= 160

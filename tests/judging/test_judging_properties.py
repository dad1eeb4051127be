"""Whatever the conversation, the judge answers, quotes exactly, and counts right."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging_builders import agent, criterion, entry, goal, rubric, transcript, user

from understudy.domain import checks as c
from understudy.domain.conversation import Act, Attempt, Direction, Ending, TargetFailure, ToolCall
from understudy.domain.transcript import Transcript
from understudy.judging.judge import judge

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "0", "*"]), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    [
        "",
        "  ",
        "STOP",
        "Yes.",
        "All set, your appointment is on Friday.",
        "I’m  passing you on\nto a colleague — one moment.",
        "Ihr Termin ist jetzt am Dienstag, und Sie müssen nichts weiter tun.",
        "Calm down.",
        '{"a": 1}',
    ]
) | st.text(max_size=60)
SUBGOALS = st.lists(st.sampled_from(["move", "fee", "ghost"]), max_size=2, unique=True).map(tuple)
CALLS = st.lists(st.builds(ToolCall, name=st.sampled_from(["book", "find"]), arguments=JSON), max_size=2).map(tuple)
ATTEMPTS = st.lists(st.just(Attempt(kind="timeout", detail="late", seconds=1)), max_size=1).map(tuple)


@st.composite
def agent_turns(draw: st.DrawFn) -> dict[str, Any]:
    turn = agent(
        draw(WORDS),
        acts=tuple(draw(st.lists(st.sampled_from(list(Act)), max_size=2))),
        met=draw(SUBGOALS),
        taken_back=draw(SUBGOALS),
        state=draw(st.none() | st.dictionaries(st.sampled_from(["a", "b"]), JSON, max_size=2)),
        tools=draw(CALLS),
        handed_off=draw(st.booleans()),
        latency_ms=draw(st.floats(0, 1e5)),
        attempts=draw(ATTEMPTS),
    )
    for part in ("reply", "heard"):
        if draw(st.integers(0, 4)) == 0:
            turn[part] = None
    return turn


@st.composite
def user_turns(draw: st.DrawFn) -> dict[str, Any]:
    action = draw(st.sampled_from([None, "ask_for_human", "call_back_later"]))
    direction = Direction(bring_up=draw(SUBGOALS), trigger="t" if action else None, trigger_action=action)
    move = draw(st.sampled_from(["continue", "asks_for_human", "gave_up"]))
    return user(draw(WORDS), move=move, direction=draw(st.none() | st.just(direction)), frustration=draw(st.integers(0, 5)))


ENDINGS = st.none() | st.builds(
    Ending,
    kind=st.sampled_from(
        ["goal_reached", "gave_up", "handed_off", "turn_limit", "cancelled", "target_failed", "simulator_failed", "budget", "time_limit"]
    ),
    cause=st.just("limit"),
    failure=st.none() | st.just(TargetFailure(kind="timeout", detail="late")),
)
CHECKS: list[c.Check] = [
    c.Said(any_of=("friday", "/[/", "{day}")),
    c.NotSaid(none_of=("/s.t/", "{ghost}")),
    c.StateIs(path="a.*.b", equals="x"),
    c.StateIs(path="*", contains="{day}"),
    c.StateIs(path="a.0", exists=False),
    c.ToolCalled(tool="book", arguments={"a": {"b": 1}}),
    c.ToolCalled(tool="find", times=0),
    c.JsonMatches(schema={"type": "object", "required": ["a"]}, turns="every"),
    c.SubGoalMet(subgoal="fee"),
    c.Completed(),
    c.ClaimsHeld(),
    c.Escalated(),
    c.LatencyWithin(max_ms=100),
    c.TurnsWithin(max_turns=2),
    c.NeverEmpty(),
    c.NotRepeating(times=2),
    c.LanguageKept(),
    c.NoErrors(),
    c.Polite(),
]
RUBRIC = rubric(*(criterion(check, id=f"k{i}", gate=i % 2 == 0, required=i % 5 == 0) for i, check in enumerate(CHECKS)), None)
STATUS = st.sampled_from(["unsaid", "asked", "attempted", "met", "refused"])


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    return transcript(
        *draw(st.lists(agent_turns() | user_turns(), max_size=8)),
        goal_=goal(
            *draw(st.lists(st.sampled_from(CHECKS), max_size=3)),
            side=("fee",),
            escalation=draw(st.sampled_from(["must", "must_not", "may"])),
            outcome=draw(st.sampled_from(["done", "refused", "handed_off"])),
        ),
        entries=(
            entry("move", draw(STATUS), changed_at=draw(st.none() | st.integers(0, 12))),
            entry("fee", draw(STATUS), side=draw(st.booleans())),
        ),
        facts={"day": draw(st.sampled_from(["Friday", "9:00", "(["]))},
        ending=draw(ENDINGS),
        language=draw(st.sampled_from(["en", "de", "fr"])),
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(transcripts())
def test_the_judge_answers_every_transcript_with_exact_quotes_and_true_counts(case: Transcript) -> None:
    verdict = judge(case, RUBRIC, verdict_id="v", at=0.0)
    assert len(verdict.results) == len(RUBRIC.criteria)
    assert verdict.judged == sum(r.outcome in ("pass", "fail") for r in verdict.results)
    wordless = {c.id for c in RUBRIC.criteria if c.check is not None and c.check.check == "no_errors"}
    for result in verdict.results:
        assert "itself failed" not in result.reason
        assert all(e.quote in case.turns[e.turn].text for e in result.evidence)
        if result.outcome == "fail" and case.agent_turns and result.criterion not in wordless:
            assert result.evidence, f"{result.criterion} failed without a quote: {result.reason}"
    if verdict.outcome == "pass":
        assert verdict.judged > 0
        assert case.agent_turns
        assert not any(r.gate and r.outcome == "fail" for r in verdict.results)
    if not case.agent_turns:
        assert verdict.outcome in ("unscored", "error")

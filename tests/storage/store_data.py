"""Values that the store tests write."""

from __future__ import annotations

from understudy.domain.checks import Said
from understudy.domain.conversation import Move, Opened, PlayerMoved, Reply, TargetReplied, ToolCall
from understudy.domain.goal import Goal, SubGoal, SuccessCriterion
from understudy.domain.persona import Intents, Persona
from understudy.domain.query import Query
from understudy.domain.scenario import Scenario
from understudy.domain.verdict import CriterionResult, Evidence, Metrics, Outcome, Verdict

NOON = 1_790_000_000.0


def scenario(persona: str = "ana", goal: str = "book", *, target: str = "clinic", seed: int = 1) -> Scenario:
    return Scenario(
        persona=Persona(
            id=persona,
            name="Ana",
            company="Clinic",
            profile="I have a sore knee.",
            intents=Intents(primary="Book a visit"),
            register="formal",
        ),
        goal=Goal(
            id=goal,
            title="Book",
            steps=(SubGoal(id="visit", say="I need a visit."),),
            known={"name": "Ana Ruiz"},  # type: ignore[arg-type]  # the short form
            success=(SuccessCriterion(id="said", description="Said it", check=Said(any_of=("booked",))),),
        ),
        target=target,
        seed=seed,
    )


def user_says(text: str, at: float = 1.0) -> PlayerMoved:
    return PlayerMoved(move=Move(message=text), at=at)


def agent_says(text: str, at: float = 2.0) -> TargetReplied:
    reply = Reply(text=text, tool_calls=(ToolCall(name="book", arguments={"day": "Mon"}),), state={"visits": [1, None, 2.5]}, session="s-1")
    return TargetReplied(reply=reply, at=at)


EXCHANGE = (Opened(), user_says("I need a visit for Zoë, 10% „sofort“ \x00 \U0001f600"), agent_says("Which day suits you?"))


def verdict(id: str, run_id: str, outcome: Outcome, *, at: float = NOON) -> Verdict:
    metrics = Metrics(
        **dict.fromkeys(
            ("user_turns", "agent_turns", "steps_met", "steps_total", "side_met", "side_total", "empty_replies", "failed_attempts"), 1
        ),
        ledger_complete=True,
        state_complete=None,
        turns_to_resolution=None,
        escalation="tn",
        trigger_turn=None,
        handoff_turn=None,
        latency_p50_ms=1.5,
        latency_max_ms=2.0,
        frustration_peak=0,
        guard_rejections=0,
    )
    result = CriterionResult(criterion="said", outcome=outcome, reason="Seen.", evidence=(Evidence(turn=1, quote="Which day"),))
    return Verdict(
        id=id,
        run_id=run_id,
        rubric="service",
        rubric_version=1,
        rubric_hash="00",
        outcome=outcome,
        reason="Because.",
        results=(result,),
        metrics=metrics,
        judged=1,
        at=at,
    )


def query(number: int, *, batch: str = "b1") -> Query:
    return Query(
        id=f"q-{number}",
        batch=batch,
        topic=None,
        user_type="patient",
        user_background="new",
        query=f"Question {number}?",
        method="offline",
        seed=number,
    )

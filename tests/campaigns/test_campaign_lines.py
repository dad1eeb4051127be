"""The line of a conversation: what is taken from transcript, verdict and calls."""

from __future__ import annotations

from understudy.campaigns.lines import Tries, line_of, spend_of, unscored_line
from understudy.domain.campaign import Cell
from understudy.domain.conversation import Attempt, Ending, Reply, TargetFailure, Turn
from understudy.domain.goal import Goal, SubGoal
from understudy.domain.model_call import ModelCall, ModelRoleName, ModelUsage
from understudy.domain.persona import Persona
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Transcript
from understudy.judging.judge import judge
from understudy.settings.model import Settings
from understudy.simulation.conversation import start
from understudy.wiring import make_app

APP = make_app(Settings())
PERSONA: Persona = APP.library.persona("few-words-sam").evolve(segment="returning patient")
GOAL = Goal(id="book", title="Book", steps=(SubGoal(id="book", say="book an appointment"),))
CELL = Cell(index=3, persona=PERSONA.id, goal="book", target="clinic", repeat=1, seed=7)
TRIED = Attempt(kind="http_4xx", detail="http://agent answered 429.", seconds=0.1)


def transcript(ending: Ending) -> Transcript:
    scenario = Scenario(persona=PERSONA, goal=GOAL, target="clinic", seed=7)
    turns = (
        Turn(index=0, role="user", text="Hi.", at=0.0),
        Turn(index=1, role="agent", text="Hello, how can I help?", at=1.5, reply=Reply(text="Hello, how can I help?", attempts=(TRIED,))),
        Turn(index=2, role="user", text="Bye.", at=2.0),
    )
    return Transcript(run_id="r1", scenario=scenario, turns=turns, ledger=start(scenario).ledger, ending=ending, started_at=0.0)


def call(role: ModelRoleName, usd: float | None) -> ModelCall:
    usage = ModelUsage(input_tokens=100, output_tokens=10, cached_tokens=40)
    return ModelCall(id=f"{role}{usd}", hash="h", role=role, model="x:y", sent={}, answer={}, usage=usage, cost_usd=usd, at=0.0)


GAVE_UP = transcript(Ending(kind="gave_up", cause="user"))


def test_a_line_says_who_talked_to_whom_and_how_it_came_out() -> None:
    verdict = judge(GAVE_UP, APP.library.rubric("service"), verdict_id="v", at=0.0)
    line = line_of(CELL, GAVE_UP, verdict, Tries(calls=[call("user", 0.2), call("judge", 0.1)], rerun=1, restarted=2))
    assert (line.run_id, line.index, line.persona, line.repeat) == ("r1", 3, PERSONA.id, 1)
    assert (line.segment, line.goal) == ("returning patient", "book")
    assert (line.outcome, line.reason, line.rerun, line.restarted) == (verdict.outcome, verdict.reason, 1, 2)
    assert [c.criterion for c in line.criteria] == [r.criterion for r in verdict.results]
    assert (line.tokens, line.usd, line.seconds) == (220, 0.3, 2.0)
    assert line.manner is not None
    assert line.manner[0] == 5.0  # words a sentence


def test_a_call_without_a_price_leaves_the_money_open() -> None:
    line = unscored_line(CELL, GAVE_UP, "why", Tries(calls=[call("user", 0.2), call("judge", None)]))
    assert (line.outcome, line.reason, line.usd) == ("unscored", "why", None)
    spend = spend_of([GAVE_UP], [call("user", 0.2), call("judge", None)])
    assert (spend.usd, spend.unpriced_calls, spend.calls) == (0.2, 1, 2)


def test_a_spoiled_conversation_is_marked_and_not_counted_for_or_against_the_agent() -> None:
    spoiled = transcript(Ending(kind="simulator_failed", cause="simulator", detail="no move"))
    verdict = judge(spoiled, APP.library.rubric("service"), verdict_id="v", at=0.0)
    assert line_of(CELL, spoiled, verdict).simulator_fault
    invalid = judge(GAVE_UP, APP.library.rubric("service"), verdict_id="v", at=0.0).evolve(invalid=True)
    assert line_of(CELL, GAVE_UP, invalid).simulator_fault


def test_every_call_of_the_target_is_counted_failed_ones_too_and_a_prompt_under_test_is_paid_but_is_no_model_of_ours() -> None:
    silent = transcript(
        Ending(kind="target_failed", cause="target", failure=TargetFailure(kind="timeout", detail="late", attempts=(TRIED, TRIED)))
    )
    lost = transcript(Ending(kind="target_failed", cause="target", failure=TargetFailure(kind="lost_session", detail="gone")))
    assert [spend_of([one], []).target_calls for one in (GAVE_UP, silent, lost)] == [2, 4, 2]
    spend = spend_of([GAVE_UP], [call("target", 0.5), call("user", 0.25)])
    assert (spend.calls, spend.input_tokens, spend.cached_tokens, spend.output_tokens, spend.usd) == (1, 100, 40, 10, 0.75)

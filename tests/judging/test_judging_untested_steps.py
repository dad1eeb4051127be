"""What the user never asked for is neither done nor failed by the agent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from understudy.domain.conversation import Event
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.scenario import Limits, Scenario
from understudy.domain.transcript import Transcript
from understudy.judging.judge import judge
from understudy.ports import Player
from understudy.simulation.conversation import start
from understudy.simulation.drive import drive
from understudy.simulation.players.rules import RulesPlayer
from understudy.simulation.players.script import ScriptPlayer
from understudy.testing.fake_target import FakeTarget

PERSONA = Persona.model_validate({"id": "p", "name": "P", "company": "C", "profile": "I am.", "intents": {"primary": "x"}})
GOAL = Goal.model_validate(
    {
        "id": "g",
        "title": "T",
        "steps": [{"id": "a", "say": "Please book an appointment."}, {"id": "b", "say": "Please send me the leaflet."}],
    }
)
RUBRIC = Rubric(
    id="r", title="R", criteria=(Criterion.model_validate({"id": "done", "description": "d", "check": {"check": "completed"}}),)
)


async def outcome(player: Player, scenario: Scenario, replies: Sequence[str]) -> tuple[str, str]:
    async def record(_: Sequence[Event]) -> None:
        return None

    state = await drive(start(scenario), player, FakeTarget(replies), run_id="r", record=record, clock=lambda: 0.0)
    transcript = Transcript(run_id="r", scenario=scenario, turns=state.turns, ledger=state.ledger, ending=state.ending, started_at=0.0)
    verdict = judge(transcript, RUBRIC, verdict_id="v", at=0.0)
    return verdict.outcome, verdict.results[0].reason


@pytest.mark.parametrize("reply", ["Your appointment has been booked. All done.", "What is your name?"])
async def test_a_script_that_never_asks_shows_nothing(reply: str) -> None:
    scenario = Scenario(persona=PERSONA, goal=GOAL, target="fake", player="script", script=("Hi",))
    found, reason = await outcome(ScriptPlayer(["Hi"]), scenario, [reply])
    assert (found, "never brought up" in reason) == ("unscored", True)


async def test_steps_that_the_turn_limit_cut_off_are_not_the_agent_s_failure() -> None:
    scenario = Scenario(persona=PERSONA, goal=GOAL, target="fake", limits=Limits(max_turns=1))
    found, reason = await outcome(RulesPlayer(), scenario, ["Your appointment is booked."])
    assert (found, "`b`" in reason) == ("unscored", True)


async def test_a_step_that_was_asked_for_and_left_open_is() -> None:
    scenario = Scenario(persona=PERSONA, goal=GOAL, target="fake", limits=Limits(max_turns=3))
    found, _ = await outcome(RulesPlayer(), scenario, ["Blue is a colour.", "Bananas are yellow.", "Water is wet."])
    assert found == "fail"


def test_a_schema_pattern_that_takes_for_ever_is_unscored_and_holds_nobody_up() -> None:
    from understudy.domain.checks import JsonMatches
    from understudy.domain.conversation import Ledger, Reply, Turn
    from understudy.judging.case import Case
    from understudy.judging.checks.shape import json_matches
    from understudy.text.phrases import SlowPattern

    text = '"' + "a" * 5_000 + '"'
    turn = Turn(index=0, role="agent", text=text, at=0.0, reply=Reply(text=text))
    scenario = Scenario(persona=PERSONA, goal=GOAL, target="fake")
    transcript = Transcript(run_id="r", scenario=scenario, turns=(turn,), ledger=Ledger(goals=(), facts=()), ending=None, started_at=0.0)
    schema = {"type": "string", "pattern": "^(?:(?:a|aa|a.)+)+[^a]x$"}
    with pytest.raises(SlowPattern):  # which the judge makes an unscored criterion
        json_matches(JsonMatches(schema=schema), Case(transcript))
    assert json_matches(JsonMatches(schema={"type": "string", "pattern": "^b"}), Case(transcript)).outcome == "fail"
    assert json_matches(JsonMatches(schema={"patternProperties": {"x": {}}}), Case(transcript)).outcome == "unscored"

"""The offline player and the checks against the demo agents: every planted fault is found, and the clean agents raise no alarm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pytest

from understudy.demo.faults import FAULTS
from understudy.demo.showcase import CLEAN_SHOWCASE, FAULT_SHOWCASE, Showing
from understudy.demo.target import DemoTarget
from understudy.domain.checks import LatencyWithin
from understudy.domain.conversation import Event
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.rubric import Rubric
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Verdict
from understudy.judging.judge import judge
from understudy.library.packs import Pack, load_pack
from understudy.library.rubrics import load_rubric
from understudy.simulation.conversation import start
from understudy.simulation.drive import drive
from understudy.simulation.players.rules import RulesPlayer

PERSONAS = Path(__file__).parents[2] / "personas"
SEEDS = 200
BLOCK = 50


@lru_cache
def pack(name: str) -> Pack:
    return load_pack(PERSONAS / f"{name}.yaml")


@lru_cache
def service() -> Rubric:
    return load_rubric(PERSONAS / "rubrics" / "service.yaml")


def speaks(goal: Goal) -> str:
    return "de" if "german" in goal.tags else "es" if "spanish" in goal.tags else "en"


def pairs(name: str) -> list[tuple[Persona, Goal]]:
    """Every persona with every goal of its pack that is in its language."""
    found = pack(name)
    return [(p, g) for p in found.personas for g in found.goals if p.language[:2] == speaks(g)]


async def converse(model: str, persona: Persona, goal: Goal, seed: int) -> Transcript:
    scenario = Scenario(persona=persona, goal=goal, target="demo", seed=seed)

    async def record(events: Sequence[Event]) -> None:
        del events

    done = await drive(start(scenario), RulesPlayer(), DemoTarget("demo", model), run_id="r", record=record, clock=lambda: 0.0)
    return Transcript(run_id="r", scenario=scenario, turns=done.turns, ledger=done.ledger, ending=done.ending, started_at=0.0)


def judged(transcript: Transcript, rubric: Rubric | None = None) -> Verdict:
    return judge(transcript, rubric or service(), verdict_id="v", at=0.0)


def described(transcript: Transcript, verdict: Verdict) -> str:
    scenario, ending = transcript.scenario, transcript.ending
    head = f"{scenario.persona.id} x {scenario.goal.id}, seed {scenario.seed}: {ending.kind if ending else 'no end'}; {verdict.reason}"
    return "\n".join([head, *(f"  [{turn.index}] {turn.role}: {turn.text}" for turn in transcript.turns)])


def cast(showing: Showing) -> tuple[Persona, Goal]:
    found = pack(showing.model.split("+")[0])
    persona = next(p for p in found.personas if p.id == showing.persona)
    return persona, next(g for g in found.goals if g.id == showing.goal)


# ---------------------------------------------------------------- the clean agents


@pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
@pytest.mark.parametrize("name", ["clinic", "bank"])
async def test_the_clean_agent_raises_no_alarm(name: str, first: int) -> None:
    cases = pairs(name)
    alarms: list[str] = []
    for seed in range(first, first + BLOCK):
        transcript = await converse(name, *cases[seed % len(cases)], seed)
        verdict = judged(transcript)
        if verdict.outcome != "pass":
            alarms.append(described(transcript, verdict))
    assert not alarms, f"{len(alarms)} of {BLOCK}:\n" + "\n".join(alarms[:3])


@pytest.mark.parametrize("name", ["clinic", "bank"])
def test_200_seeds_play_every_pair_several_times(name: str) -> None:
    assert 30 <= len(pairs(name)) <= SEEDS // 4


@pytest.mark.parametrize("showing", CLEAN_SHOWCASE, ids=lambda s: f"{s.persona}-{s.goal}")
async def test_the_clean_showcase_passes(showing: Showing) -> None:
    transcript = await converse(showing.model, *cast(showing), showing.seed)
    verdict = judged(transcript)
    assert verdict.outcome == "pass", described(transcript, verdict)


async def test_the_same_seed_gives_the_same_conversation_word_for_word() -> None:
    persona, goal = cast(CLEAN_SHOWCASE[0])
    first, second = await converse("clinic", persona, goal, 7), await converse("clinic", persona, goal, 7)
    other = await converse("clinic", persona, goal, 8)
    assert [t.text for t in first.turns] == [t.text for t in second.turns]
    assert [t.text for t in first.turns] != [t.text for t in other.turns]


# ---------------------------------------------------------------- the planted faults


def test_the_showcase_has_every_fault_once() -> None:
    assert sorted(showing.fault for showing in FAULT_SHOWCASE) == sorted(FAULTS)
    assert all(showing.criterion in {c.id for c in service().criteria} for showing in FAULT_SHOWCASE)


def quick(showing: Showing) -> tuple[str, Rubric]:
    """The fault's model and rubric; the slow agent and the limit that it breaks are scaled down, so that no test waits."""
    if showing.fault != "slow":
        return showing.model, service()
    criteria = [c.evolve(check=LatencyWithin(max_ms=20)) if isinstance(c.check, LatencyWithin) else c for c in service().criteria]
    return "bank+slow=30", service().evolve(criteria=tuple(criteria))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("showing", FAULT_SHOWCASE, ids=lambda s: s.fault)
async def test_a_planted_fault_is_found_by_its_criterion(showing: Showing, seed: int) -> None:
    model, rubric = quick(showing)
    transcript = await converse(model, *cast(showing), seed)
    verdict = judged(transcript, rubric)
    found = next(r for r in verdict.results if r.criterion == showing.criterion)
    assert found.outcome == "fail", described(transcript, verdict)
    assert verdict.outcome == "fail"
    assert found.evidence
    assert all(e.quote in transcript.text_of(e.turn) for e in found.evidence)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("showing", FAULT_SHOWCASE, ids=lambda s: s.fault)
async def test_without_the_fault_the_same_users_have_nothing_to_complain_of(showing: Showing, seed: int) -> None:
    transcript = await converse(showing.model.split("+")[0], *cast(showing), seed)
    verdict = judged(transcript)
    assert verdict.outcome == "pass", described(transcript, verdict)

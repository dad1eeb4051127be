"""Campaigns for the tests of the report: lines, transcripts and verdicts of any size, made from a seed."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from understudy.campaigns.analysis import Analysis, analyse
from understudy.domain.campaign import Campaign, CampaignSpec, ConversationLine, CriterionLine, Spend
from understudy.domain.conversation import Direction, Ending, Ledger, Reply, ToolCall, Turn
from understudy.domain.goal import Goal, SubGoal
from understudy.domain.persona import Persona
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import CriterionResult, Evidence, Metrics, Verdict
from understudy.report.page import render

PERSONAS = ["anxious-first-timer", "busy-parent", "sceptical-retiree", "terse-engineer", "chatty-neighbour", "non-native-speaker",
            "angry-regular", "bargain-hunter", "elderly-caller", "night-shift-nurse"]  # fmt: skip
GOALS = ["book-checkup", "move-appointment", "cancel-appointment", "ask-price", "refund-late-fee", "report-side-effect"]
FAULTS = {"completion": "It never confirmed the booking.", "no-invented-facts": "It named a price that the sheet does not have.",
          "asks-once": "It asked for the date of birth twice."}  # fmt: skip


def persona(id: str) -> Persona:
    return Persona.model_validate(
        {
            "id": id,
            "name": id.replace("-", " ").title(),
            "segment": "patients",
            "company": "Clinic",
            "profile": "I am busy.",
            "intents": {"primary": "I want to book a check-up"},
        }
    )


class Made:
    """A campaign with everything that the page wants."""

    def __init__(
        self, conversations: int = 240, *, repeats: int = 4, targets: int = 1, seed: int = 1, text: str | None = None, ease: float = 0.0
    ) -> None:
        draw = random.Random(seed)
        self.lines: list[ConversationLine] = []
        self.transcripts: dict[str, Transcript] = {}
        self.verdicts: dict[str, Verdict] = {}
        people = {id: persona(id) for id in PERSONAS}
        goals = {
            id: Goal(id=id, title=id.replace("-", " ").capitalize(), steps=(SubGoal(id="main", say=f"I want to {id}"),)) for id in GOALS
        }
        index = 0
        while index < conversations:
            for p, who in enumerate(PERSONAS):
                for g, goal in enumerate(GOALS):
                    for target in range(targets):
                        for repeat in range(repeats):
                            if index < conversations:
                                self._one(
                                    index,
                                    who,
                                    goal,
                                    f"agent-{target + 1}",
                                    repeat,
                                    draw,
                                    p + 2 * g + 4 * target - 20 * ease,
                                    people,
                                    goals,
                                    text,
                                )
                                index += 1
        self.analysis: Analysis = analyse(self.lines)
        spec = CampaignSpec(
            name="Clinic agent, nightly",
            personas=tuple(PERSONAS),
            goals=tuple(GOALS),
            targets=tuple(f"agent-{t + 1}" for t in range(targets)),
            repeats=repeats,
            seed=7,
        )
        self.campaign = Campaign(
            id="cmp_test",
            spec=spec,
            status="finished",
            total=conversations,
            created_at=1_760_000_000,
            updated_at=1_760_000_900,
            spend=Spend(calls=100, seconds=812.0, usd=1.25),
            versions={"understudy": "0.1.0", "judge": "checks", "player": "rules/1"},
        )

    def _one(
        self,
        index: int,
        who: str,
        goal: str,
        target: str,
        repeat: int,
        draw: random.Random,
        hard: float,
        people: dict[str, Persona],
        goals: dict[str, Goal],
        text: str | None,
    ) -> None:
        run_id = f"run_{index:05d}"
        roll = draw.random()
        outcome: Any = "error" if roll < 0.01 else "unscored" if roll < 0.03 else "fail" if roll < 0.03 + 0.028 * max(0.0, hard) else "pass"
        fault = draw.random() < 0.015
        broken = draw.choice(sorted(FAULTS)) if outcome == "fail" else None
        turns = max(2, int(draw.gauss(5, 1.5))) * (4 if draw.random() < 0.01 else 1)
        bad = (
            text
            if text is not None
            else f"Certainly! The check-up is {draw.randint(20, 90)} euros, and you are all set for {draw.choice(['Monday', 'Friday'])}."
        )
        said = []
        for n in range(turns):
            said.append(
                Turn(
                    index=2 * n,
                    role="user",
                    text=f"Hello, I want to {goal.replace('-', ' ')}, please. It is number {draw.randint(100, 999)}.",
                    at=3.0 * n,
                    frustration=min(5, n // 2),
                    direction=Direction(bring_up=("main",), reason="the first thing on the sheet"),
                )
            )
            words = bad if n == turns - 1 else "Of course. Could you tell me your date of birth and the day that suits you best, please?"
            said.append(
                Turn(
                    index=2 * n + 1,
                    role="agent",
                    text=words,
                    at=3.0 * n + 1.4,
                    reply=Reply(
                        text=words,
                        latency_ms=400 + 900 * draw.random(),
                        tool_calls=(ToolCall(name="find_slot", arguments={"day": "Friday"}),) if n == 1 else (),
                    ),
                )
            )
        quote = bad.splitlines()[0][:60] if bad.strip() else ""
        results = tuple(
            CriterionResult(
                criterion=name,
                outcome="unscored" if outcome in ("unscored", "error") else "fail" if name == broken else "pass",
                gate=name != "asks-once" or broken == name,
                reason=FAULTS[name] if name == broken else "Nothing was found against it.",
                evidence=(Evidence(turn=2 * turns - 1, quote=quote),) if name == broken and quote else (),
            )
            for name in FAULTS
        )
        reason = (
            FAULTS[broken]
            if broken
            else "The target did not answer."
            if outcome == "error"
            else "All criteria held."
            if outcome == "pass"
            else "No judge."
        )
        kind: Any = (
            "goal_reached"
            if outcome == "pass"
            else "target_failed"
            if outcome == "error"
            else draw.choice(["gave_up", "turn_limit", "handed_off"])
        )
        figures = Metrics(
            user_turns=turns,
            agent_turns=turns,
            steps_met=1,
            steps_total=1,
            side_met=0,
            side_total=0,
            ledger_complete=outcome == "pass",
            state_complete=None,
            turns_to_resolution=turns if outcome == "pass" else None,
            escalation=draw.choice(["tn", "tn", "tn", "tp", "fn", "fp"]),
            trigger_turn=None,
            handoff_turn=None,
            latency_p50_ms=500 + 600 * draw.random(),
            latency_max_ms=2000 * draw.random() + 900,
            empty_replies=0,
            failed_attempts=0,
            frustration_peak=1,
            guard_rejections=0,
        )
        self.lines.append(
            ConversationLine(
                run_id=run_id,
                index=index,
                persona=who,
                segment="patients" if index % 3 else "carers",
                goal=goal,
                target=target,
                repeat=repeat,
                seed=index,
                ending=kind,
                cause="user",
                outcome=outcome,
                reason=reason,
                simulator_fault=fault,
                criteria=tuple(
                    CriterionLine(
                        criterion=r.criterion,
                        outcome=r.outcome,
                        gate=r.gate,
                        reason=r.reason,
                        turn=r.evidence[0].turn if r.evidence else None,
                    )
                    for r in results
                ),
                metrics=figures,
                manner=tuple(draw.random() for _ in range(9)) if index < 40 else None,
                tokens=1200,
                usd=0.0021,
                seconds=12.5,
            )
        )
        self.transcripts[run_id] = Transcript(
            run_id=run_id,
            scenario=Scenario(persona=people[who], goal=goals[goal], target=target, seed=index),
            turns=tuple(said),
            ledger=Ledger(goals=(), facts=()),
            ending=Ending(kind=kind, cause="user"),
            started_at=1_760_000_000,
            player_version="rules/1",
        )
        self.verdicts[run_id] = Verdict(
            id=f"v_{run_id}",
            run_id=run_id,
            rubric="service",
            rubric_version=1,
            rubric_hash="0" * 16,
            outcome=outcome,
            reason=reason,
            results=results,
            metrics=figures,
            judged=3,
            at=1_760_000_100,
            invalid=fault,
        )

    def page(self, **given: Any) -> str:
        return render(self.campaign, self.lines, self.analysis, **{"transcripts": self.transcripts, "verdicts": self.verdicts, **given})


@cache
def made_once(conversations: int, *, seed: int = 1, ease: float = 0.0) -> Made:
    """One that tests share and leave as it is."""
    return Made(conversations, seed=seed, ease=ease)

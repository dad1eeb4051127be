"""Small builders of transcripts, goals and rubrics for the judging tests."""

from __future__ import annotations

from typing import Any

from understudy.domain.checks import Check
from understudy.domain.conversation import Act, Ending, FactEntry, GoalEntry, Heard, Ledger, Reply, ToolCall, Turn
from understudy.domain.goal import Expected, Goal, SubGoal, SuccessCriterion
from understudy.domain.persona import Persona
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import CriterionResult, Verdict
from understudy.judging.judge import judge

REACHED = Ending(kind="goal_reached", cause="user")


def user(text: str = "I need to move my appointment.", **fields: Any) -> dict[str, Any]:
    return {"role": "user", "text": text, "move": "continue", **fields}


def agent(
    text: str = "Of course, one moment please.",
    *,
    acts: tuple[Act, ...] = (),
    met: tuple[str, ...] = (),
    taken_back: tuple[str, ...] = (),
    state: dict[str, Any] | None = None,
    tools: tuple[ToolCall, ...] = (),
    no_reply: bool = False,
    **reply: Any,
) -> dict[str, Any]:
    answer = None if no_reply else Reply(text=text, state=state, tool_calls=tools, **reply)
    return {"role": "agent", "text": text, "reply": answer, "heard": Heard(acts=acts, met=met, taken_back=taken_back)}


def entry(id: str = "move", status: str = "met", **fields: Any) -> GoalEntry:
    return GoalEntry(id=id, status=status, **fields)  # type: ignore[arg-type]  # tests name statuses as text


def goal(
    *success: Check, steps: tuple[str, ...] = ("move",), side: tuple[str, ...] = (), questions: tuple[str, ...] = (), **expected: Any
) -> Goal:
    def sub(id: str) -> SubGoal:
        return SubGoal(id=id, say=f"Please {id}.", kind="question" if id in questions else "action")

    return Goal(
        id="reschedule",
        title="Move an appointment",
        steps=tuple(map(sub, steps)),
        side=tuple(map(sub, side)),
        success=tuple(SuccessCriterion(id=f"s{i}-{c.check}", description="x", check=c) for i, c in enumerate(success)),
        expected=Expected(**expected),
    )


def persona(**fields: Any) -> Persona:
    return Persona(
        **{"id": "maria", "name": "Maria", "company": "Clinic", "profile": "I am busy.", "intents": {"primary": "I want help."}, **fields}
    )


def transcript(
    *turns: dict[str, Any],
    goal_: Goal | None = None,
    entries: tuple[GoalEntry, ...] = (),
    facts: dict[str, str] | None = None,
    ending: Ending | None = REACHED,
    run_id: str = "run-1",
    **persona_fields: Any,
) -> Transcript:
    placed = tuple(Turn(index=i, at=float(i), **t) for i, t in enumerate(turns))
    named = tuple(FactEntry(name=k, value=v, disclose="if_asked") for k, v in (facts or {}).items())
    return Transcript(
        run_id=run_id,
        scenario=Scenario(persona=persona(**persona_fields), goal=goal_ or goal(), target="bot"),
        turns=placed,
        ledger=Ledger(goals=entries or (entry(changed_at=1),), facts=named),
        ending=ending,
        started_at=0.0,
    )


def criterion(check: Check | None, id: str | None = None, **fields: Any) -> Criterion:
    return Criterion(id=id or (check.check if check is not None else "tone"), description="x", check=check, **fields)


def rubric(*checks: Check | Criterion | None) -> Rubric:
    criteria = tuple(c if isinstance(c, Criterion) else criterion(c) for c in checks)
    return Rubric(id="service", title="Service", criteria=criteria)


def verdict_on(case: Transcript, *checks: Check | Criterion | None) -> Verdict:
    return judge(case, rubric(*checks), verdict_id="v1", at=5.0)


def result_of(case: Transcript, check: Check) -> CriterionResult:
    """The one result of a rubric with only `check`."""
    return verdict_on(case, check).results[0]


def cited(result: CriterionResult) -> list[tuple[int, str]]:
    return [(e.turn, e.quote) for e in result.evidence]

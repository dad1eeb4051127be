"""A judgement that a caller hands in, read like any other: complete, on the scale, with quotes that are there, or refused in words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from understudy.domain.rubric import Rubric
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import JudgeRecord
from understudy.judging.answers import CriterionAnswer, TurnAnswer, read_criteria, read_turns
from understudy.judging.case import Case
from understudy.judging.judge import needs_mind
from understudy.judging.opinion import Opinion
from understudy.prompting.prompt import Prompt

__all__ = ["Unfit", "caller_opinion", "judging_id"]

JUDGED_BY = "caller/1"


class Unfit(Exception):
    """What was handed in cannot be used; `problems` says of which part, and why."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{place}: {problem}" for place, problem in problems))


def judging_id(transcript: Transcript, rubric: Rubric) -> str:
    """Ties a judgement to a run and the very wording of a rubric."""
    digest = hashlib.sha256(f"{transcript.run_id}:{rubric.content_hash()}".encode()).hexdigest()
    return f"judging_{digest[:12]}"


def caller_opinion(
    transcript: Transcript,
    rubric: Rubric,
    results: Sequence[CriterionAnswer],
    turns: Sequence[TurnAnswer],
    *,
    client: str,
    prompt: Prompt,
    warnings: tuple[str, ...] = (),
) -> Opinion:
    """What the caller found. Raises Unfit with everything that is wrong: nothing of it is used then."""
    wanted = needs_mind(rubric)
    read = read_criteria(results, wanted, transcript)
    checked = {c.id for c in rubric.criteria if c.check is not None}
    problems = [(f"results `{id}`", problem) for id, problem in read.problems.items()]
    for stray in read.strays:
        ruled = stray.strip("'\"") in checked
        why = "is judged by a check, which nobody overrides: leave it out" if ruled else "is no criterion of this rubric"
        problems.append((f"results {stray}", f"{why}. To judge: {', '.join(c.id for c in wanted) or 'none'}"))
    rated = _agent_turns(transcript, turns)
    card = read_turns(turns, rated, transcript)
    problems += [(f"turns {turn}", problem) for turn, problem in card.problems.items()]
    problems += [(f"turns {stray}", "is no turn of the agent") for stray in card.strays]
    if problems:
        raise Unfit(problems)
    return Opinion(
        judge=f"{JUDGED_BY} {client}",
        findings=read.findings,
        scorecard=tuple(card.rows[turn] for turn in rated),
        warnings=warnings,
        record=JudgeRecord(model=client, prompt=prompt.label),
    )


def _agent_turns(transcript: Transcript, turns: Sequence[TurnAnswer]) -> list[int]:
    """The agent's turns of which there is a row: a caller may rate some of them."""
    given = {a.turn for a in turns if isinstance(a.turn, int)}
    return [p.at for p in Case(transcript).agent if p.at in given]

"""Judging by the caller: what there is to judge in pages, and the judgement that comes back, checked like a model's."""

from __future__ import annotations

import json
from collections.abc import Sequence

from understudy.app.context import App
from understudy.app.judging import case_of, company_of, keep
from understudy.app.judging_task import JudgingTask, NumberedTurn
from understudy.app.pages import cut, cut_json, fit
from understudy.domain.errors import BadInput, Conflict
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.transcript import Transcript
from understudy.domain.value import JsonObject, Value
from understudy.domain.verdict import Verdict
from understudy.judging.answers import CriterionAnswer, TurnAnswer
from understudy.judging.caller_judge import Unfit, caller_opinion, judging_id
from understudy.judging.judge import judge, needs_mind, not_judgeable
from understudy.judging.model_judge import JUDGE_PROMPT, case_values
from understudy.judging.paper import reported
from understudy.prompting.prompt import load_prompt

__all__ = ["HandedIn", "submit_verdict", "task_for"]

TASK_CHARACTERS = 7_600
"""JSON characters of one page, about 2,000 tokens."""
COMPANY_CHARACTERS = 2_400
CRITERIA_CHARACTERS = 4_000
"""Of all criteria together; beyond that their levels are to be read in the rubric's resource."""
TURN_CHARACTERS = 3_000
"""Of one turn's words, as JSON."""
EVIDENCE_CHARACTERS = 400
"""Of one line of what tools and state said."""
MOST_EVIDENCE = 5
MOST_PROBLEMS = 8


class HandedIn(Value):
    """A judgement as a file holds it."""

    judging_id: str
    results: tuple[CriterionAnswer, ...]
    turns: tuple[TurnAnswer, ...] = ()
    judge: str = "command line"
    """Who judged, for the record."""


ANSWER: JsonObject = {
    "results": [
        {
            "criterion": "its id",
            "evidence": [{"turn": 3, "quote": "letter for letter"}],
            "reasoning": "why",
            "verdict": "pass | fail | abstain, on a scale 1 to 5 | abstain",
        }
    ],
    "turns": [
        {
            "turn": 3,
            "quote": "of this turn, where one side is no pass",
            "reasoning": "why",
            "tone": "pass | concern | fail | abstain",
            "relevance": "...",
            "accuracy": "...",
        }
    ],
}


async def task_for(app: App, run_id: str, rubric_id: str | None, *, from_turn: int = 0, whole: bool = False) -> tuple[Rubric, JudgingTask]:
    """A page of what is to be judged, from `from_turn` on; `whole` gives everything at once. Raises NotFound, Conflict, BadInput."""
    transcript, rubric = await _judgeable(app, run_id, rubric_id)
    total = len(transcript.turns)
    if from_turn >= total:
        raise BadInput("from_turn", f"{from_turn} is past the end; the transcript has {total} turns", "Turns are counted from 0")
    first = from_turn == 0
    head = _head(app, transcript, rubric, whole=whole) if first else {}
    task = JudgingTask(
        judging_id=judging_id(transcript, rubric), turns=[], total_turns=total, transcript_uri=f"transcript://{run_id}", **head
    )
    rows = [_row(transcript, i, whole=whole) for i in range(from_turn, total)]
    room = max(2_000, TASK_CHARACTERS - len(task.model_dump_json(exclude_none=True)))
    shown = rows if whole else fit(rows, characters=room)
    end = from_turn + len(shown)
    return rubric, task.evolve(turns=shown, next_turn=end if end < total else None)


async def submit_verdict(
    app: App,
    run_id: str,
    rubric_id: str | None,
    *,
    judging: str,
    results: Sequence[CriterionAnswer],
    turns: Sequence[TurnAnswer] = (),
    client: str,
) -> Verdict:
    """The verdict with the caller's judgement of what no check can judge, kept. Nothing is kept unless all of it can be used.

    Raises BadInput with everything that is to be corrected, Conflict when the rubric has changed since, NotFound.
    """
    transcript, rubric = await _judgeable(app, run_id, rubric_id)
    if judging != (expected := judging_id(transcript, rubric)):
        raise Conflict(
            f"`{judging[:60]}` is not the judging_id of run `{run_id}` with rubric `{rubric.id}` as it stands now. Another run or rubric, "
            f'or the rubric has changed: get the task again with judge_transcript and judge "caller" ({expected} is its id).'
        )
    prompt = load_prompt(*JUDGE_PROMPT)
    name = " ".join(cut("".join(c for c in client if c.isprintable()), 60).split()) or "unnamed client"
    try:
        opinion = caller_opinion(transcript, rubric, results, turns, client=name, prompt=prompt, warnings=_warnings(transcript))
    except Unfit as unfit:
        told = "; ".join(f"{place}: {problem}" for place, problem in unfit.problems[:MOST_PROBLEMS])
        more = f" (and {len(unfit.problems) - MOST_PROBLEMS} more)" if len(unfit.problems) > MOST_PROBLEMS else ""
        raise BadInput(
            "results", f"nothing was kept. {told}{more}", "Correct these and submit all again; what you cannot mend, as `abstain`"
        ) from unfit
    return await keep(app, judge(transcript, rubric, verdict_id=app.new_id("verdict"), at=app.clock(), opinion=opinion), transcript)


def _warnings(transcript: Transcript) -> tuple[str, ...]:
    said = "Judged by the calling assistant, whose model family is not known."
    if transcript.scenario.player == "caller":
        said += " The user was played by a calling assistant, too: it may be the same one."
    return (said,)


async def _judgeable(app: App, run_id: str, rubric_id: str | None) -> tuple[Transcript, Rubric]:
    transcript, rubric = await case_of(app, run_id, rubric_id)
    if why := not_judgeable(transcript):
        raise Conflict(f"Run `{run_id}` cannot be judged by anybody: {why}")
    if not needs_mind(rubric):
        raise BadInput("rubric", f"every criterion of `{rubric.id}` is judged by a check", 'Use judge "checks"')
    return transcript, rubric


def _head(app: App, transcript: Transcript, rubric: Rubric, *, whole: bool) -> JsonObject:
    company = company_of(app, transcript)
    criteria = [_criterion(c) for c in needs_mind(rubric)]
    if not whole and len(json.dumps(criteria)) > CRITERIA_CHARACTERS:
        criteria = [{k: v for k, v in c.items() if k != "levels"} | {"levels_in": f"rubric://{rubric.id}"} for c in criteria]
    return {
        "rules": load_prompt(*JUDGE_PROMPT).render("caller"),
        "criteria": criteria,
        "case": {k: v for k, v in case_values(transcript).items() if v},
        "company": (company if whole else cut(company, COMPANY_CHARACTERS)) or None,
        "submit": ANSWER,
    }


def _criterion(criterion: Criterion) -> JsonObject:
    body: JsonObject = {"id": criterion.id, "description": criterion.description, "scale": criterion.scale}
    if criterion.scale == "1-5":
        body |= {"pass_at": criterion.pass_at, "levels": criterion.levels}
    return body


def _row(transcript: Transcript, at: int, *, whole: bool) -> NumberedTurn:
    turn = transcript.turns[at]
    text = turn.text if whole else cut_json(turn.text, TURN_CHARACTERS)
    if turn.role == "user":
        return NumberedTurn(turn=at, user=text)
    lines = reported(turn.reply) if turn.reply is not None else []
    shown = lines if whole else [cut_json(line, EVIDENCE_CHARACTERS) for line in lines[:MOST_EVIDENCE]]
    return NumberedTurn(turn=at, untrusted_agent_text=text, untrusted_evidence=shown or None)

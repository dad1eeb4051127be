"""A model judges what no check can: criterion by criterion, then turn by turn, with one repair a call, and is never believed unread.

Everything that goes wrong leaves criteria unscored with the reason. The checks of the same rubric are evaluated by code in the same
verdict, and the outcome is made in code (`judge`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from understudy.domain.errors import ModelError
from understudy.domain.model_call import CallFor, ModelMessage
from understudy.domain.rubric import Criterion, Rubric
from understudy.domain.transcript import Transcript
from understudy.domain.value import Value
from understudy.domain.verdict import JudgeRecord, TurnScore, Verdict
from understudy.judging.answers import CriteriaAnswer, CriterionAnswer, TurnAnswer, TurnsAnswer, read_criteria, read_turns, unrated
from understudy.judging.case import Case
from understudy.judging.finding import BROKE, NO_ANSWER, NO_USE, Finding, unscored
from understudy.judging.judge import judge, needs_mind, not_judgeable
from understudy.judging.opinion import NO_OPINION, Opinion
from understudy.judging.paper import on_paper
from understudy.ports import LLM, Completion, LLMRequest, OutputForm
from understudy.prompting.fence import fence
from understudy.prompting.prompt import Prompt, load_prompt
from understudy.prompting.structured import NoAnswer, ask

__all__ = ["JUDGED_BY", "JUDGE_PROMPT", "Background", "case_values", "judge_with", "opinion_of"]

JUDGE_PROMPT = ("judge", "1")
JUDGED_BY = "model/1"
CRITERIA_A_CALL = 6
TURNS_A_CALL = 15
"""More would make answers so long that they are cut off, or careless."""
ROOM, ROOM_A_CRITERION, ROOM_A_TURN = 300, 350, 170
"""Tokens for an answer."""
LONGEST_COMPANY = 20_000
"""Characters of the company's context that are shown."""

Shape = TypeVar("Shape", bound=BaseModel)
Row = CriterionAnswer | TurnAnswer


class Background(Value):
    """What the judge is told beside the conversation, and how it is to be asked."""

    company: str = ""
    """The company's own words, which are the measure for accuracy."""
    warnings: tuple[str, ...] = ()
    """To be kept with the verdict."""
    temperature: float | None = 0.0
    """None leaves it to the provider."""
    batch: str | None = None
    """What its calls are made for beside the run, where that is no verdict of the run."""


async def judge_with(
    llm: LLM, transcript: Transcript, rubric: Rubric, *, verdict_id: str, at: float, background: Background | None = None,
    turns: bool = True,
) -> Verdict:  # fmt: skip
    """The verdict by checks and by the model. Never raises for what the model does: that leaves criteria unscored. Without `turns`
    there is no scorecard, which has no part in the outcome, and its calls are not made."""
    opinion = await opinion_of(llm, transcript, rubric, background=background, turns=turns)
    return judge(transcript, rubric, verdict_id=verdict_id, at=at, opinion=opinion)


async def opinion_of(
    llm: LLM, transcript: Transcript, rubric: Rubric, *, background: Background | None = None, turns: bool = True
) -> Opinion:
    """What the model finds. It is not called for a conversation that cannot be judged, nor for `turns` that nobody asks about."""
    if not_judgeable(transcript) is not None:
        return NO_OPINION
    sitting = _Sitting(llm, transcript, rubric, background or Background())
    findings = await sitting.criteria()
    scorecard = await sitting.scorecard() if turns else ()
    return Opinion(
        judge=f"{JUDGED_BY} {sitting.prompt.label} {llm.name}",
        findings=findings,
        scorecard=scorecard,
        warnings=tuple(sitting.warnings),
        record=JudgeRecord(
            model=llm.name,
            served=tuple(dict.fromkeys(c.model for c in sitting.completions)),
            prompt=sitting.prompt.label,
            temperature=sitting.background.temperature,
            calls=len(sitting.completions),
            silent=bool(findings) and not sitting.usable,
            unrated=tuple(sitting.unrated),
        ),
    )


class _Asked(NamedTuple):
    """Rows of an answer, or why there are none."""

    rows: Sequence[Row]
    trouble: str | None
    form: OutputForm | None
    said: str
    """The answer's text, to be put before a repair."""
    repaired: bool
    """The one repair of this call is spent."""


@dataclass
class _Sitting:
    """One judge over one conversation: what all of its calls have in common."""

    llm: LLM
    transcript: Transcript
    rubric: Rubric
    background: Background
    completions: list[Completion] = field(default_factory=list[Completion])
    warnings: list[str] = field(default_factory=list[str])
    usable: int = 0
    """Criteria on which it gave a verdict that can be used."""
    unrated: list[int] = field(default_factory=list[int])
    """Turns on which it gave no answer."""

    def __post_init__(self) -> None:
        self.prompt = load_prompt(*JUDGE_PROMPT)
        self.warnings += self.background.warnings
        self._system = _system(self.prompt, self.rubric, self.background.company)
        paper = on_paper(self.transcript)
        if paper.cut:
            self.warnings.append(f"Turns {', '.join(map(str, paper.cut))} were shown to the judge in part: they are too long.")
        # Not the verdict's id: the same judgement of the same run has to be the same request, so that it can be replayed.
        salt = f"{self.transcript.run_id}:{self.rubric.content_hash()}"
        shown = fence("transcript", paper.transcript, salt=salt)
        evidence = fence("evidence", paper.evidence, salt=salt) if paper.evidence else "(nothing was reported)"
        self._conversation = self.prompt.render("conversation", **case_values(self.transcript), transcript=shown, evidence=evidence)

    async def criteria(self) -> dict[str, Finding]:
        """A finding for every criterion that needs a mind."""
        found: dict[str, Finding] = {}
        for some in _portions(needs_mind(self.rubric), CRITERIA_A_CALL):
            found |= await self._criteria(some)
        return found

    async def _criteria(self, wanted: Sequence[Criterion]) -> dict[str, Finding]:
        task = self.prompt.render("criteria_task", ids=[c.id for c in wanted])
        room = ROOM + ROOM_A_CRITERION * len(wanted)
        first = await self._ask(task, CriteriaAnswer, lambda a: a.results, room)
        if first.trouble is not None:
            return {c.id: unscored(first.trouble) for c in wanted}
        read = read_criteria(_of(CriterionAnswer, first.rows), wanted, self.transcript)
        findings, problems = dict(read.findings), dict(read.problems)
        if problems and not first.repaired:
            open_ones = [c for c in wanted if c.id in problems]
            said = [f"{id}: {problem}" for id, problem in problems.items()] + [f"{s} is no criterion of these" for s in read.strays]
            second = await self._ask(task, CriteriaAnswer, lambda a: a.results, room, after=first, problems=said, again=list(problems))
            again = read_criteria(_of(CriterionAnswer, second.rows), open_ones, self.transcript)
            findings |= again.findings
            problems = {c.id: second.trouble or again.problems[c.id] for c in open_ones if c.id not in again.findings}
        self.usable += len(findings)
        return findings | {id: unscored(f"{NO_USE} {problem}") for id, problem in problems.items()}

    async def scorecard(self) -> tuple[TurnScore, ...]:
        """A row for every agent turn; empty, with a warning, when the model gave no answer."""
        rows: list[TurnScore] = []
        for some in _portions([p.at for p in Case(self.transcript).agent], TURNS_A_CALL):
            rows += await self._rows(some)
        return tuple(rows)

    async def _rows(self, wanted: Sequence[int]) -> list[TurnScore]:
        task = self.prompt.render("scorecard_task", turns=wanted)
        room = ROOM + ROOM_A_TURN * len(wanted)
        first = await self._ask(task, TurnsAnswer, lambda a: a.turns, room)
        if first.trouble is not None:
            self.warnings.append(f"Turns {wanted[0]} to {wanted[-1]} have no scorecard. {first.trouble}")
            self.unrated += wanted
            return [unrated(turn, first.trouble) for turn in wanted]
        read = read_turns(_of(TurnAnswer, first.rows), wanted, self.transcript)
        rows = dict(read.rows)
        if read.problems and not first.repaired:
            said = [f"turn {turn}: {problem}" for turn, problem in read.problems.items()]
            again = [f"turn {turn}" for turn in read.problems]
            second = await self._ask(task, TurnsAnswer, lambda a: a.turns, room, after=first, problems=said, again=again)
            mended = read_turns(_of(TurnAnswer, second.rows), list(read.problems), self.transcript)
            rows |= {turn: row for turn, row in mended.rows.items() if turn not in mended.problems}
        return [rows[turn] for turn in wanted]

    async def _ask(
        self,
        task: str,
        shape: type[Shape],
        rows_of: Callable[[Shape], Sequence[Row]],
        room: int,
        *,
        after: _Asked | None = None,
        problems: Sequence[str] = (),
        again: Sequence[str] = (),
    ) -> _Asked:
        """One call, which may take the ladder's own repair; or the repair of the call `after`, which may not."""
        messages = [
            ModelMessage(role="user", text=self._conversation),
            ModelMessage(role="assistant", text=self.prompt.render("read")),
            ModelMessage(role="user", text=task),
        ]
        llm: LLM = self.llm
        if after is not None:
            repair = self.prompt.render("repair", problems=problems, again=again)
            messages += [ModelMessage(role="assistant", text=after.said), ModelMessage(role="user", text=repair)]
            llm = _Once(self.llm, after.form)
        request = LLMRequest(
            role="judge",
            system=self._system,
            messages=tuple(messages),
            stable=2,
            max_tokens=room,
            temperature=self.background.temperature,
            made_for=CallFor(run_id=self.transcript.run_id, batch=self.background.batch),
        )
        try:
            answer = await ask(llm, request, shape)
        except NoAnswer as failure:
            self.completions += failure.completions
            return _Asked((), f"{NO_ANSWER} {failure}", None, "", repaired=True)
        except Exception as error:  # the boundary of the judge's model: its fault must not take the checks with it
            return _Asked((), f"{BROKE} {type(error).__name__}", None, "", repaired=True)
        self.completions += answer.completions
        return _Asked(rows_of(answer.value), None, answer.form, answer.completions[-1].text, repaired=len(answer.completions) > 1)


class _Once:
    """A model for one more answer, in the form that has worked."""

    def __init__(self, llm: LLM, form: OutputForm | None) -> None:
        self._llm, self._spent = llm, False
        self.name = llm.name
        self.outputs: tuple[OutputForm, ...] = (form,) if form is not None else llm.outputs

    async def complete(self, request: LLMRequest) -> Completion:
        if self._spent:
            raise ModelError("budget", self.name, "One repair was made, and there is no second.")
        self._spent = True
        return await self._llm.complete(request)

    async def aclose(self) -> None:
        """The model is not ours to close."""


def _system(prompt: Prompt, rubric: Rubric, company: str) -> tuple[str, ...]:
    """The most stable first: the rules, the rubric, the company."""
    parts = [
        prompt.render("rules"),
        prompt.render("rubric", title=rubric.title, description=rubric.description, criteria=needs_mind(rubric)),
    ]
    if company.strip():
        parts.append(prompt.render("company", company=company[:LONGEST_COMPANY]))
    return tuple(parts)


def case_values(transcript: Transcript) -> dict[str, object]:
    """What the judge is told of the case: the user's wish and knowledge, and the judge's half of the goal."""
    goal, ending = transcript.scenario.goal, transcript.ending
    return {
        "goal": goal.title,
        "steps": [s.say for s in goal.steps],
        "side": [s.say for s in goal.side],
        "facts": [f"{f.name}: {f.value}" for f in transcript.ledger.facts],
        "outcome": f"{goal.expected.outcome}, handing over to a person: {goal.expected.escalation}",
        "reference": goal.expected.note,
        "success": [c.description for c in goal.success],
        "ending": f"{ending.kind} (by {ending.cause})" if ending else "not yet",
    }


Item = TypeVar("Item")


def _portions(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def _of(kind: type[Shape], rows: Sequence[Row]) -> list[Shape]:
    return [row for row in rows if isinstance(row, kind)]

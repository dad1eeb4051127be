"""What failed, each with the criterion, the reason, and the words that it rests on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from understudy.domain.campaign import ConversationLine, CriterionLine
from understudy.domain.value import Value
from understudy.domain.verdict import Verdict

__all__ = ["Failure", "failures_of", "quote_of"]


class Failure(Value):
    """One conversation that was judged as failed."""

    run_id: str
    persona: str
    goal: str
    target: str
    repeat: int
    criterion: str | None
    """The first gate that failed; None when no criterion is told."""
    reason: str
    turn: int | None = None
    """0-based position in the transcript of what it rests on."""
    quote: str = ""
    """Words of that turn: untrusted when the agent said them."""

    @property
    def scenario(self) -> str:
        return f"{self.persona}/{self.goal}"

    def __str__(self) -> str:
        what = f"{self.criterion}: " if self.criterion else ""
        where = f" (turn {self.turn})" if self.turn is not None else ""
        quote = f" “{self.quote}”" if self.quote else ""
        return f"{self.scenario} [{self.run_id}] {what}{self.reason}{where}{quote}"


def failures_of(lines: Iterable[ConversationLine], verdicts: Mapping[str, Verdict]) -> list[Failure]:
    """The conversations that count and failed, in the plan's order; quotes come from the verdicts that are at hand, by run id."""
    return [_failure(line, verdicts.get(line.run_id)) for line in lines if line.outcome == "fail" and not line.simulator_fault]


def _failure(line: ConversationLine, verdict: Verdict | None) -> Failure:
    worst = _decisive(line)
    turn, quote = quote_of(verdict, worst.criterion if worst else None)
    return Failure(
        run_id=line.run_id,
        persona=line.persona,
        goal=line.goal,
        target=line.target,
        repeat=line.repeat,
        criterion=worst.criterion if worst else None,
        reason=(worst.reason if worst else "") or line.reason,
        turn=turn if turn is not None else worst.turn if worst else None,
        quote=quote,
    )


def _decisive(line: ConversationLine) -> CriterionLine | None:
    failed = [found for found in line.criteria if found.outcome == "fail"]
    return next((found for found in failed if found.gate), failed[0] if failed else None)


def quote_of(verdict: Verdict | None, criterion: str | None) -> tuple[int | None, str]:
    """The turn and the words that a criterion's result rests on; nothing where it cites none."""
    for result in verdict.results if verdict is not None else ():
        if result.criterion == criterion and result.evidence:
            return result.evidence[0].turn, result.evidence[0].quote
    return None, ""

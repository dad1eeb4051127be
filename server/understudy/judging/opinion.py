"""What a mind, a model's or the caller's, found about one conversation, before it joins what the checks found."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.domain.value import Value
from understudy.domain.verdict import JudgeRecord, TurnScore
from understudy.judging.finding import Finding

__all__ = ["NO_OPINION", "Opinion", "first_bad_turn"]


class Opinion(Value):
    """Findings by criterion, and the scorecard. A criterion that is not in it is unscored."""

    judge: str | None = None
    """As recorded: `model/1 ...`, `caller/1 ...`; None: nobody gave one."""
    findings: dict[str, Finding] = {}
    scorecard: tuple[TurnScore, ...] = ()
    warnings: tuple[str, ...] = ()
    record: JudgeRecord | None = None


NO_OPINION = Opinion()


def first_bad_turn(scorecard: Sequence[TurnScore]) -> int | None:
    """The first turn of which one side fails."""
    return min((row.turn for row in scorecard if "fail" in row.ratings), default=None)

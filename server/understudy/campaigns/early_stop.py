"""Looking while a campaign runs: its conversations paired with those of an earlier one, as evidence that it does worse. Pure.

Pairs are taken in in the plan's order and never in the order in which conversations end, which goes with how they end: a failing
one is often a long one. So the same conversations give the same decision, however often the campaign was killed on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from understudy.campaigns.stats.paired import EProcess
from understudy.domain.campaign import Campaign, Cell, ConversationLine
from understudy.domain.value import Value

__all__ = ["ALPHA", "STOPPED_EARLY", "Evidence", "Sequential", "partners", "shared"]

ALPHA = 0.05
"""At most this share of campaigns that do no worse than the earlier one are ever stopped."""

STOPPED_EARLY = "Stopped early"
"""How the reason of a campaign begins that was stopped by its pairs."""
Key = tuple[str, str, int, int]


class Evidence(Value):
    """How strongly the pairs say that a campaign does worse than an earlier one."""

    against: str
    """Id of the earlier one."""
    value: float
    """The e-value: as it was when it sufficed, else as it is."""
    pairs: int
    """Judged on both sides, up to there in the plan's order."""
    worse: int
    better: int
    decided: bool

    def __str__(self) -> str:
        return f"e-value {self.value:.3g} ({1 / ALPHA:g} decides), {self.pairs} pairs: {self.worse} worse, {self.better} better"

    @property
    def why(self) -> str:
        """Of a campaign that was stopped by it."""
        return (
            f"{STOPPED_EARLY}: it does worse than `{self.against}` ({self}). That holds although it was looked at after every pair; "
            "intervals and p-values of a campaign that was stopped by what it showed do not."
        )


def partners(before: Sequence[str], after: Sequence[str]) -> dict[str, str] | None:
    """For each target of `after` the one of `before` that it is paired with: of the same name, or one each; None when neither fits."""
    if set(after) <= set(before):
        return {name: name for name in after}
    return {after[0]: before[0]} if len(after) == len(before) == 1 else None


class Sequential:
    """The e-process over pairs of the same persona, goal, repeat and seed, judged on both sides."""

    def __init__(
        self, earlier: Campaign, before: Iterable[ConversationLine], campaign: Campaign, after: Iterable[ConversationLine]
    ) -> None:
        """`before` are the lines of `earlier`; `after` those that `campaign` has so far, each of which counts once."""
        self._against = earlier.id
        self._partners = partners(earlier.spec.targets, campaign.spec.targets) or {}
        self._before = {(line.target, *_key(line)): line.outcome == "pass" for line in before if _counts(line)}
        self._process = EProcess()
        self._ahead: dict[int, ConversationLine] = {}
        self._next = self._pairs = self._worse = 0
        for line in after:
            self.take(line)

    def take(self, line: ConversationLine) -> None:
        """Take in a conversation; it counts when every one before it in the plan is there, and not after the decision."""
        self._ahead[line.index] = line
        while not self.decided and (found := self._ahead.pop(self._next, None)) is not None:
            self._next += 1
            self._pair(found)

    @property
    def decided(self) -> bool:
        """Whether the evidence suffices."""
        return self._process.decided(alpha=ALPHA)

    @property
    def taken(self) -> int:
        """Conversations that were taken in, those after the decision and those that wait for an earlier one among them."""
        return self._next + len(self._ahead)

    @property
    def evidence(self) -> Evidence:
        """As it stands."""
        return Evidence(
            against=self._against,
            value=self._process.value,
            pairs=self._pairs,
            worse=self._worse,
            better=self._process.pairs - self._worse,
            decided=self.decided,
        )

    def _pair(self, line: ConversationLine) -> None:
        partner = self._partners.get(line.target)
        passed = self._before.get((partner, *_key(line))) if partner is not None and _counts(line) else None
        if passed is None:
            return
        self._pairs += 1
        if passed is not (line.outcome == "pass"):
            self._worse += passed
            self._process.add([passed])


def shared(earlier: Campaign, before: Iterable[ConversationLine], campaign_targets: Sequence[str], cells: Iterable[Cell]) -> int:
    """How many conversations of a plan have a partner that was judged. A cell's seed holds its goal."""
    with_whom = partners(earlier.spec.targets, campaign_targets) or {}
    known = {(line.target, line.persona, line.repeat, line.seed) for line in before if _counts(line)}
    return sum((with_whom.get(cell.target, ""), cell.persona, cell.repeat, cell.seed) in known for cell in cells)


def _counts(line: ConversationLine) -> bool:
    return not line.simulator_fault and line.outcome in ("pass", "fail")


def _key(line: ConversationLine) -> Key:
    return line.persona, line.goal, line.repeat, line.seed

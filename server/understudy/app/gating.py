"""The gate of a deploy over a stored campaign: its verdict with all that it is told with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from understudy.app.campaigns import Progress, analysis_of, campaign_at_its_end, gate_campaign
from understudy.app.catalogue import find_rubric
from understudy.app.context import App
from understudy.app.pages import cut
from understudy.app.quotes import first_trouble, verdicts_of_failures
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import NotFound
from understudy.domain.gate_rules import GateRules
from understudy.domain.value import Value
from understudy.domain.verdict import Verdict

if TYPE_CHECKING:
    from understudy.campaigns.analysis import Analysis
    from understudy.campaigns.compare import Comparison
    from understudy.campaigns.gate import GateResult
    from understudy.report.failures import Failure

__all__ = ["CheckRow", "FailureRow", "GateView", "Gated", "check_baseline", "check_rules", "finished", "gated", "view_of"]

MOST_SHOWN = 10


@dataclass(frozen=True)
class Gated:
    """A campaign before the gate."""

    campaign: Campaign
    lines: list[ConversationLine]
    analysis: Analysis
    comparison: Comparison | None
    result: GateResult
    verdicts: dict[str, Verdict]
    """Of failing runs, by run id."""
    trouble: str
    """What came of the first conversation in which the target gave no answer: untrusted."""

    @property
    def failures(self) -> list[Failure]:
        """Every conversation that counts and failed."""
        from understudy.report.failures import failures_of

        return failures_of(self.lines, self.verdicts)


class CheckRow(Value):
    """One thing that was asked for."""

    name: str
    green: bool
    detail: str
    because: Literal["evidence", "silence", "no answer"]
    """What a red one rests on: what was judged, that too little could be, or that the target did not answer."""


class FailureRow(Value):
    """One conversation that failed."""

    run_id: str
    scenario: str
    target: str
    criterion: str | None
    turn: int | None
    untrusted_reason: str
    untrusted_quote: str = ""


class GateView(Value):
    """What the gate says, as shown."""

    campaign_id: str
    name: str
    status: str
    green: bool
    red_because: Literal["evidence", "silence", "no answer"] | None
    checks: list[CheckRow]
    conversations: int
    planned: int
    passed: int
    failed: int
    unscored: int
    error: int
    simulator_faults: int
    baseline: str | None = None
    comparison: str | None = None
    newly_failing: list[str] = []
    newly_passing: list[str] = []
    untrusted_failure: str | None = None
    """Of the first conversation in which the target gave no answer."""
    failures: list[FailureRow]
    """The first ones."""
    failures_total: int


async def check_rules(app: App, rules: GateRules, rubric: str | None = None) -> None:
    """Find what is mistyped before anything is played. Raises NotFound for a rubric, and for a criterion that it does not have."""
    from understudy.campaigns.gate import check_criteria

    found = await find_rubric(app, rubric or app.settings.defaults.rubric)
    check_criteria(rules, (criterion.id for criterion in found.criteria))


async def check_baseline(app: App, name: str) -> bool:
    """Whether there is a baseline, or a campaign, of this name."""
    store = await app.store()
    return await store.baseline(name) is not None or await store.campaign(name) is not None


async def finished(app: App, campaign_id: str, *, progress: Progress | None = None) -> None:
    """Return when the campaign runs no more; one that nobody conducts is taken up. Raises NotFound, and NotAllowed when it cannot be."""
    await campaign_at_its_end(app, campaign_id, progress=progress)


async def gated(app: App, campaign_id: str, rules: GateRules, *, baseline: str | None = None, allow_different: bool = False) -> Gated:
    """The gate's verdict on a campaign as it stands.

    Raises NotFound, BadInput for a campaign without a conversation, and Conflict for a baseline that cannot be compared.
    """
    campaign, lines, _ = await analysis_of(app, campaign_id)
    await check_rules(app, rules, campaign.spec.rubric)
    if baseline is not None and not await check_baseline(app, baseline):
        raise NotFound("baseline", baseline, hint="`understudy gate --update-baseline NAME` sets one when it is green.")
    result, analysis, comparison = await gate_campaign(app, campaign_id, rules, baseline=baseline, allow_different=allow_different)
    return Gated(campaign, lines, analysis, comparison, result, await verdicts_of_failures(app, lines), await first_trouble(app, lines))


def view_of(found: Gated, *, baseline: str | None = None) -> GateView:
    """As shown to callers and programs."""
    outcomes, comparison, failures = found.analysis.outcomes, found.comparison, found.failures
    return GateView(
        campaign_id=found.campaign.id,
        name=found.campaign.spec.name,
        status=found.campaign.status,
        green=found.result.green,
        red_because=found.result.red_because,
        checks=[CheckRow(name=c.name, green=c.green, detail=c.detail, because=c.because) for c in found.result.checks],
        conversations=found.analysis.conversations,
        planned=found.campaign.total,
        passed=outcomes.passed,
        failed=outcomes.failed,
        unscored=outcomes.unscored,
        error=outcomes.error,
        simulator_faults=found.analysis.simulator_faults.hits,
        baseline=baseline,
        comparison=comparison.verdict if comparison else None,
        newly_failing=[c.scenario for c in comparison.newly_failing] if comparison else [],
        newly_passing=[c.scenario for c in comparison.newly_passing] if comparison else [],
        untrusted_failure=cut(found.trouble, 600) or None,
        failures=[_row(failure) for failure in failures[:MOST_SHOWN]],
        failures_total=len(failures),
    )


def _row(failure: Failure) -> FailureRow:
    return FailureRow(
        run_id=failure.run_id,
        scenario=failure.scenario,
        target=failure.target,
        criterion=failure.criterion,
        turn=failure.turn,
        untrusted_reason=cut(failure.reason, 400),
        untrusted_quote=cut(failure.quote, 400),
    )

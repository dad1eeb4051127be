"""A campaign, or the gate's verdict on it, as Markdown for the summary of a pull request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from understudy.campaigns.analysis import Analysis
from understudy.campaigns.compare import Comparison
from understudy.campaigns.gate import GateResult
from understudy.domain.campaign import Campaign
from understudy.report.failures import Failure

__all__ = ["pull_request"]

SHOWN = 10
_LONGEST = 400


def pull_request(
    campaign: Campaign,
    analysis: Analysis,
    failures: Sequence[Failure],
    result: GateResult | None = None,
    *,
    comparison: Comparison | None = None,
) -> str:
    """Verdict, checks, what is worst, and the first failures with their words. Everything that somebody else wrote stands in code
    marks: it can neither link, mention anybody, nor load a picture."""
    outcomes = analysis.outcomes
    counts = (
        f"{analysis.conversations} of {campaign.total} conversations, {outcomes.passed} passed, {outcomes.failed} failed, "
        f"{outcomes.unscored} unscored, {outcomes.error} without an answer, {analysis.simulator_faults.hits} spoiled by the simulated user"
    )
    targets = ", ".join(map(_code, campaign.spec.targets))
    parts = [
        f"## Understudy{_verdict(result)}",
        "",
        f"Campaign {_code(campaign.id)} ({_code(campaign.spec.name)}) against {targets}: {counts}. Passed {_rate(analysis)}.",
        *_checks(result),
        *_worst(analysis),
        *_changes(comparison),
        *_failures(failures),
    ]
    return "\n".join(parts) + "\n"


def _verdict(result: GateResult | None) -> str:
    if result is None:
        return ""
    words = {"evidence": "by what was judged", "silence": "too little could be judged", "no answer": "the target gave no answer"}
    return f" gate: ❌ red ({words[result.red_because]})" if result.red_because is not None else " gate: ✅ green"


def _checks(result: GateResult | None) -> Iterable[str]:
    if result is not None:
        yield from ("", "| | check | found |", "|---|---|---|")
        yield from (f"| {'✅' if check.green else '❌'} | {_code(check.name)} | {_code(check.detail)} |" for check in result.checks)


def _rate(analysis: Analysis) -> str:
    passed = analysis.passed
    return f"{_code(str(passed.rate.evolve(interval=passed.interval)))} of what was judged"


def _worst(analysis: Analysis) -> Iterable[str]:
    rows = [s for s in analysis.slices if s.kind == "persona" and s.passed.value is not None and s.passed.value < 1][:5]
    if rows:
        yield from ("", "Worst personas:", "")
        yield from (f"- {_code(s.name)} {s.passed.rate.hits}/{s.passed.rate.total}" for s in rows)


def _changes(comparison: Comparison | None) -> Iterable[str]:
    if comparison is None:
        return
    for title, changes in (("Newly failing", comparison.newly_failing), ("Newly passing", comparison.newly_passing)):
        if changes:
            yield from ("", f"{title} against the baseline ({len(changes)}):", "")
            yield from (f"- {_code(c.scenario)} {c.before.hits}/{c.before.total} → {c.after.hits}/{c.after.total}" for c in changes[:SHOWN])


def _failures(failures: Sequence[Failure]) -> Iterable[str]:
    if not failures:
        return
    yield from ("", f"<details><summary>Failures ({min(SHOWN, len(failures))} of {len(failures)})</summary>", "")
    for failure in failures[:SHOWN]:
        criterion = f" {_code(failure.criterion)}:" if failure.criterion else ""
        turn = f", turn {failure.turn}" if failure.turn is not None else ""
        yield f"- {_code(failure.scenario)} ({_code(failure.run_id)}{turn}){criterion} {_code(failure.reason)}"
        if failure.quote:
            yield f"  - {_code(failure.quote)}"
    yield from ("", "</details>")


def _code(text: str) -> str:
    """`text` on one line as code, whatever marks are in it."""
    line = " ".join(text.split())[:_LONGEST].replace("|", "¦") or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"

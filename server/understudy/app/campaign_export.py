"""A campaign as text: a line a conversation for machines, or a report for people."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from understudy.app.campaign_compare import analysis_of, comparison_of
from understudy.app.campaign_views import ExportFormat
from understudy.app.context import App
from understudy.app.judging import newest_verdict
from understudy.app.quotes import verdicts_of_failures
from understudy.app.transcripts import load
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import NotFound
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Verdict

if TYPE_CHECKING:
    from understudy.campaigns.analysis import Analysis
    from understudy.campaigns.compare import Comparison

__all__ = ["export_campaign"]

MOST_TRANSCRIPTS = 1_000
"""So many are read for the page, the most telling first; it takes as many as have room."""
_COLUMNS = (
    "run_id", "index", "persona", "segment", "goal", "target", "repeat", "seed", "ending", "cause", "outcome", "reason", "rerun",
    "resumed", "restarted", "simulator_fault", "tokens", "usd", "seconds",
)  # fmt: skip
_METRICS = (
    "user_turns", "agent_turns", "steps_met", "steps_total", "turns_to_resolution", "escalation", "latency_p50_ms", "latency_max_ms",
    "failed_attempts", "frustration_peak",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_campaign(
    app: App, campaign_id: str, format: ExportFormat, *, baseline: str | None = None, allow_different: bool = False
) -> str:
    """The campaign as text: a line a conversation (jsonl, csv), or a report (html, junit, markdown; against a baseline where one is
    given). Raises NotFound."""
    campaign, lines, analysis = await analysis_of(app, campaign_id)
    if format == "jsonl":
        return "".join(line.model_dump_json() + "\n" for line in lines)
    if format == "csv":
        return _csv(lines)
    comparison = None
    if baseline is not None:
        _, _, comparison = await comparison_of(app, baseline, campaign.id, allow_different=allow_different)
    if format == "html":
        return await _html(app, campaign, lines, analysis, comparison)
    verdicts = await verdicts_of_failures(app, lines)
    if format == "junit":
        from understudy.report.junit import junit

        return junit(campaign, lines, verdicts=verdicts)
    from understudy.report.failures import failures_of
    from understudy.report.pull_request import pull_request

    return pull_request(campaign, analysis, failures_of(lines, verdicts), comparison=comparison)


def _csv(lines: list[ConversationLine]) -> str:
    """A row a conversation, a column a criterion. Texts that a spreadsheet would take for a formula get an apostrophe before them."""
    criteria = sorted({result.criterion for line in lines for result in line.criteria})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *_METRICS, *(f"criterion:{name}" for name in criteria)])
    for line in lines:
        outcomes = {result.criterion: result.outcome for result in line.criteria}
        values = [getattr(line, name) for name in _COLUMNS] + [getattr(line.metrics, name) for name in _METRICS]
        writer.writerow([_cell(value) for value in (*values, *(outcomes.get(name) for name in criteria))])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


async def _html(app: App, campaign: Campaign, lines: list[ConversationLine], analysis: Analysis, comparison: Comparison | None) -> str:
    from understudy.report.page import render
    from understudy.report.payload import worth_reading

    transcripts: dict[str, Transcript] = {}
    verdicts: dict[str, Verdict] = {}
    for run_id in worth_reading(lines)[:MOST_TRANSCRIPTS]:
        try:
            transcripts[run_id] = await load(app, run_id)
        except NotFound:
            continue
        if (verdict := await newest_verdict(app, run_id)) is not None:
            verdicts[run_id] = verdict
    return render(campaign, lines, analysis, comparison=comparison, transcripts=transcripts, verdicts=verdicts)

"""A campaign as Markdown for a pull request: the verdict first, then what to look at; short enough to be read there.

Reasons may quote the agent, which is untrusted: no Markdown or HTML in them has an effect, and nobody is called by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from understudy.campaigns.analysis import Analysis, ScenarioLine, Slice
from understudy.campaigns.compare import Comparison, ScenarioChange
from understudy.campaigns.gate import GateResult
from understudy.domain.campaign import Campaign
from understudy.report import words

__all__ = ["summary"]

MOST_SCENARIOS = 10
MOST_SLICES = 5
MOST_REASON = 160


def summary(campaign: Campaign, analysis: Analysis, gate_result: GateResult | None = None, comparison: Comparison | None = None) -> str:
    """The summary; it ends with a newline."""
    parts = [
        _heading(campaign, analysis, gate_result),
        _headline(campaign, analysis),
        _gate(gate_result) if gate_result else "",
        _comparison(comparison) if comparison else "",
        _scenarios("Failing every time", analysis.failing),
        _scenarios("Flaky", analysis.flaky),
        _worst(analysis),
        _foot(campaign, analysis),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(campaign: Campaign, analysis: Analysis, gate_result: GateResult | None) -> str:
    mark = "" if gate_result is None else "✅ " if gate_result.green else "❌ "
    verdict = "" if gate_result is None else ": gate green" if gate_result.green else ": gate red"
    told = f"{words.rate(analysis.passed)} passed" if analysis.conversations else "no conversation has finished, so nothing was tested"
    return f"## {mark}{_plain(campaign.spec.name)}{verdict}\n\n**{told}**"


def _headline(campaign: Campaign, analysis: Analysis) -> str:
    unfinished = ""
    if campaign.status != "finished" or analysis.conversations < campaign.total:
        why = f": {_plain(campaign.why)}" if campaign.why else ""
        unfinished = (
            f"**The campaign is {campaign.status}{why}.** {analysis.conversations:,} of {campaign.total:,} conversations are counted.\n\n"
        )
    rows = [
        ("simulator faults (not in the rate)", words.rate(analysis.simulator_faults)),
        ("unscored (not in the rate)", words.rate(analysis.unscored)),
        ("target gave no answer (not in the rate)", words.rate(analysis.infrastructure)),
        (
            "scenarios",
            f"{analysis.stable} stable, {len(analysis.flaky)} flaky, {len(analysis.failing)} failing, {len(analysis.unjudged)} not judged",
        ),
        ("cost, tokens", f"{words.money(analysis.use.usd)}{_unpriced(analysis)}, {analysis.use.tokens:,}"),
        (
            "reply, median and slowest (95 %)",
            f"{words.milliseconds(analysis.use.latency_p50_ms)}, {words.milliseconds(analysis.use.latency_p95_ms)}",
        ),
    ]
    return f"{unfinished}{_table(('', ''), rows)}\n\n{words.design_effect(analysis.passed)}"


def _unpriced(analysis: Analysis) -> str:
    return f" ({words.count(analysis.use.unpriced, 'conversation')} unpriced)" if analysis.use.unpriced else ""


def _gate(result: GateResult) -> str:
    ordered = sorted(result.checks, key=lambda check: check.green)
    rows = [("✅" if check.green else "❌", _plain(check.name), _plain(check.detail)) for check in ordered]
    return "### Gate\n\n" + _table(("", "check", "found"), rows)


def _comparison(found: Comparison) -> str:
    difference = found.difference
    told = (
        f"{words.points(difference.value)}, 95 % interval {words.interval(difference.interval, signed=True)}, "
        f"p {words.p_value(difference.p)}"
        if difference
        else "no scenario was judged on both sides"
    )
    lines = [
        f"### Against the baseline: {found.verdict}",
        f"{told}, over {words.count(found.pairs, 'paired scenario')}: {words.rate(found.before)} before, {words.rate(found.after)} after.",
        *(f"> **Not only the agent differs.** {_plain(warning)}" for warning in found.warnings),
    ]
    if found.verdict == "underpowered":
        lines.append(f"To see {words.percent(found.margin)}, {words.count(found.pairs_needed, 'paired scenario')} would be needed.")
    lines += [_changes("Newly failing", found.newly_failing), _changes("Newly passing", found.newly_passing)]
    return "\n\n".join(line for line in lines if line)


def _changes(title: str, changes: Sequence[ScenarioChange]) -> str:
    if not changes:
        return ""
    rows = [
        (_code(c.scenario), f"{c.before.hits}/{c.before.total}", f"{c.after.hits}/{c.after.total}", _reason(c.reason))
        for c in changes[:MOST_SCENARIOS]
    ]
    return f"**{title} ({len(changes)})**\n\n" + _table(("scenario", "before", "after", "first failure"), rows) + _more(len(changes))


def _scenarios(title: str, scenarios: Sequence[ScenarioLine]) -> str:
    if not scenarios:
        return ""
    rows = [
        (_code(s.scenario), _code(s.target), f"{s.passed}/{s.judged}", _reason(s.reason), _code(s.run_ids[0]) if s.run_ids else "")
        for s in scenarios[:MOST_SCENARIOS]
    ]
    return (
        f"### {title} ({len(scenarios)})\n\n"
        + _table(("scenario", "target", "passed", "first failure", "run"), rows)
        + _more(len(scenarios))
    )


def _more(found: int) -> str:
    return f"\n\nand {found - MOST_SCENARIOS:,} more." if found > MOST_SCENARIOS else ""


def _worst(analysis: Analysis) -> str:
    rows: list[tuple[str, str, str]]
    rows = [(s.kind, _code(s.name), words.rate(s.passed)) for kind in ("persona", "goal") for s in _worst_of(analysis, kind)]
    rows += [("criterion", _code(c.criterion), words.rate(c.passed)) for c in analysis.criteria[:MOST_SLICES] if _imperfect(c.passed.value)]
    if not rows:
        return ""
    return "<details><summary>Worst personas, goals and criteria</summary>\n\n" + _table(("", "", "passed"), rows) + "\n\n</details>"


def _worst_of(analysis: Analysis, kind: str) -> list[Slice]:
    return [s for s in analysis.slices if s.kind == kind and _imperfect(s.passed.value)][:MOST_SLICES]


def _imperfect(share: float | None) -> bool:
    return share is not None and share < 1


def _foot(campaign: Campaign, analysis: Analysis) -> str:
    versions = ", ".join(f"{words.said(name)} {version}" for name, version in sorted(campaign.versions.items()))
    return (
        f"<sub>Campaign {_code(campaign.id)}, {words.day(campaign.created_at)}, {words.count(analysis.conversations, 'conversation')}, "
        f"seed {campaign.spec.seed}{', ' + _plain(versions) if versions else ''}. Read a conversation: `understudy show RUN`.</sub>"
    )


# ---------------------------------------------------------------- Markdown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)])


def _reason(text: str) -> str:
    plain = " ".join(text.split())
    return _plain(plain if len(plain) <= MOST_REASON else plain[: MOST_REASON - 1] + "…")


_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")


def _plain(text: str) -> str:
    """Text as it stands, whatever Markdown or HTML is in it; a mention, an issue's number or an address leads nowhere."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//").replace("www.", "www\u200b.")


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "/") + "`"

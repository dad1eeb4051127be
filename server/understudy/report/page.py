"""A campaign as one HTML file that needs nothing else: no network, no server, light and dark, on paper too.

Everything that an agent, a persona or a model wrote is untrusted: it is escaped where it stands in the page, and reaches the page's
script only as data. The page's own policy refuses every connection, and every script but those that are named in it by their digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from understudy.campaigns.analysis import Analysis
from understudy.campaigns.compare import Comparison
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Verdict
from understudy.report import words
from understudy.report.causes import causes
from understudy.report.heat_map import heat_maps
from understudy.report.payload import as_script_data, rows_data, transcripts_data, worth_reading

__all__ = ["MOST_ROWS", "TRANSCRIPT_BYTES", "render"]

TRANSCRIPT_BYTES = 10_000_000
"""Of transcripts with their verdicts, as they stand in the page."""
MOST_ROWS = 20_000
"""Conversations in the page's list; of more, those that did not pass come first."""
MOST_CHANGES = 24

_SCRIPTS = ("vendor/d3-7.9.2.min.js", "vendor/plot-0.6.17.umd.min.js", "page.js")


def render(
    campaign: Campaign,
    lines: Sequence[ConversationLine],
    analysis: Analysis,
    *,
    comparison: Comparison | None = None,
    transcripts: Mapping[str, Transcript],
    verdicts: Mapping[str, Verdict],
    transcript_bytes: int = TRANSCRIPT_BYTES,
) -> str:
    """The page. `transcripts` go in until `transcript_bytes` are used, in the order of `worth_reading`, any others last; the page says how
    many were left out and how to read them."""
    order = list(dict.fromkeys([*worth_reading(lines), *transcripts]))
    said, kept = transcripts_data(order, transcripts, verdicts, most_bytes=transcript_bytes)
    listed = _listed(lines, order)
    page = (
        _environment()
        .get_template("page.html.j2")
        .render(
            campaign=campaign,
            analysis=analysis,
            comparison=comparison,
            facts=words.campaign_facts(campaign),
            causes=causes(lines, verdicts, transcripts),
            heat=heat_maps(lines),
            targets=sorted({line.target for line in lines}),
            fails=sum(line.outcome == "fail" and not line.simulator_fault for line in lines),
            changed=Markup(as_script_data(_changed(comparison))),  # noqa: S704 - JSON, with what could end its element escaped
            read=_reading(lines, kept),
            listed=len(listed),
            rows=Markup(as_script_data(rows_data(listed, [o.run_id for o in analysis.outliers]))),  # noqa: S704 - JSON, with what could end its element escaped
            transcripts=Markup(said),  # noqa: S704 - the same
            style=_asset("page.css"),
            head=_asset("head.js"),
            scripts=[_asset(name) for name in _SCRIPTS],
            policy=_policy(),
        )
    )
    # A lone surrogate, which JSON may carry into a reply, cannot be written to a file.
    return page.encode("utf-8", "replace").decode("utf-8")


def _listed(lines: Sequence[ConversationLine], order: Sequence[str]) -> list[ConversationLine]:
    """All of them in the plan's order; of more than MOST_ROWS, those worth reading and then as many others as fit."""
    if len(lines) <= MOST_ROWS:
        return sorted(lines, key=lambda line: (line.index, line.run_id))
    place = {run_id: i for i, run_id in enumerate(order)}
    ranked = sorted(lines, key=lambda line: (place.get(line.run_id, len(place)), line.index, line.run_id))
    return sorted(ranked[:MOST_ROWS], key=lambda line: (line.index, line.run_id))


def _reading(lines: Sequence[ConversationLine], kept: Sequence[str]) -> dict[str, int]:
    """How many transcripts are in the page, of which kinds, and how many are not."""
    included = set(kept)
    passed = [line.run_id for line in lines if line.outcome == "pass" and not line.simulator_fault]
    others = {line.run_id for line in lines} - set(passed)
    return {
        "all": len(lines),
        "included": len(included),
        "others": len(others),
        "others_included": len(others & included),
        "passed": len(passed),
        "passed_included": len(included.intersection(passed)),
    }


def _changed(comparison: Comparison | None) -> list[tuple[str, str, float | None, float | None, float]]:
    """Slices for the plot of changes: the largest losses and the largest gains."""
    rows: list[tuple[str, str, float | None, float | None, float]]
    rows = [(s.kind, s.name, s.before.value, s.after.value, s.p_adjusted) for s in comparison.slices] if comparison else []
    return rows if len(rows) <= MOST_CHANGES else rows[: MOST_CHANGES * 2 // 3] + rows[-MOST_CHANGES // 3 :]


def _policy() -> str:
    """No connection of any kind; only the scripts of this page, by digest. Style attributes carry the lengths of bars."""
    digests = " ".join(f"'sha256-{_digest(name)}'" for name in ("head.js", *_SCRIPTS))
    return f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _text(name: str) -> str:
    path = files("understudy.report").joinpath("assets", *name.split("/"))
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def _asset(name: str) -> Markup:
    return Markup(_text(name))  # noqa: S704 - our own file, or a library's


@cache
def _digest(name: str) -> str:
    return base64.b64encode(hashlib.sha256(_text(name).encode()).digest()).decode()


def _find(**wanted: str) -> str:
    """A link to the page's list of conversations, filtered."""
    return "#?" + urlencode({name: value for name, value in wanted.items() if value})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    offered: dict[str, Any] = {"find": _find, "words": words}
    environment.globals.update(offered)
    return environment

"""A campaign as JUnit XML: a test case for each scenario and target, and the gate's checks as a suite of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from understudy.campaigns.gate import GateResult
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.verdict import Verdict
from understudy.report.failures import failures_of

__all__ = ["junit"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 4_000
"""Characters of one reason or quote."""


def junit(
    campaign: Campaign,
    lines: Iterable[ConversationLine],
    result: GateResult | None = None,
    *,
    verdicts: Mapping[str, Verdict] | None = None,
) -> str:
    """The document. `verdicts` by run id, where they are at hand, add the words that a failure rests on.

    A scenario fails when any of its runs was judged as failed, and is an error when none was but the target did not answer in one.
    It is skipped, with the reason, when nothing of it could be judged: silence is no success, and the gate's suite says whether
    there was too much of it.
    """
    root = ET.Element("testsuites", name=_fit(f"understudy {campaign.spec.name}"))
    suites = [_gate_suite(campaign, result)] if result is not None else []
    by_target: dict[str, dict[str, list[ConversationLine]]] = {}
    for line in sorted(lines, key=lambda line: line.index):
        by_target.setdefault(line.target, {}).setdefault(line.scenario, []).append(line)
    suites += [_target_suite(campaign, target, scenarios, verdicts or {}) for target, scenarios in by_target.items()]
    root.extend(suites)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in suites)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _gate_suite(campaign: Campaign, result: GateResult) -> ET.Element:
    cases: list[ET.Element] = []
    for check in result.checks:
        case = ET.Element("testcase", classname="understudy.gate", name=_fit(check.name), time="0.000")
        if not check.green:
            _say(case, "failure", check.detail, check.because, check.detail)
        else:
            _out(case, check.detail)
        cases.append(case)
    return _suite("understudy gate", campaign, cases, [])


def _target_suite(
    campaign: Campaign, target: str, scenarios: Mapping[str, Sequence[ConversationLine]], verdicts: Mapping[str, Verdict]
) -> ET.Element:
    properties = [("campaign", campaign.id), ("seed", str(campaign.spec.seed)), *sorted(campaign.versions.items())]
    cases = [_scenario(target, name, runs, verdicts) for name, runs in scenarios.items()]
    return _suite(f"{campaign.spec.name} {target}", campaign, cases, properties)


def _suite(name: str, campaign: Campaign, cases: Sequence[ET.Element], properties: Sequence[tuple[str, str]]) -> ET.Element:
    counted = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite = ET.Element("testsuite", {"name": _fit(name), **{key: str(value) for key, value in counted.items()}})
    suite.set("time", _seconds(sum(float(case.get("time", "0")) for case in cases)))
    suite.set("timestamp", datetime.fromtimestamp(campaign.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    if properties:
        ET.SubElement(suite, "properties").extend(ET.Element("property", name=_fit(key), value=_fit(value)) for key, value in properties)
    suite.extend(cases)
    return suite


def _scenario(target: str, name: str, runs: Sequence[ConversationLine], verdicts: Mapping[str, Verdict]) -> ET.Element:
    case = ET.Element("testcase", classname=_fit(f"{target}.{runs[0].persona}"), name=_fit(name))
    case.set("time", _seconds(sum(run.seconds for run in runs)))
    counted = [run for run in runs if not run.simulator_fault]
    judged = [run for run in counted if run.outcome in ("pass", "fail")]
    if failures := failures_of(counted, verdicts):
        kind = "fail" if len(failures) == len(judged) else "flaky"
        told = f"{len(judged) - len(failures)} of {len(judged)} judged runs passed. {failures[0].reason}"
        _say(case, "failure", told, kind, "\n".join(map(str, failures)))
    elif broken := [run for run in counted if run.outcome == "error"]:
        _say(case, "error", broken[0].reason, broken[0].ending, "\n".join(f"[{run.run_id}] {run.reason}" for run in broken))
    elif not judged:
        # The newer XML schemas know a message only; older readers show the text.
        told = runs[0].reason or "nothing could be judged"
        _say(case, "skipped", f"{'the simulated user misbehaved' if not counted else 'unscored'}: {told}", None, "")
    _out(case, "\n".join(_run_line(run) for run in runs))
    return case


def _run_line(run: ConversationLine) -> str:
    counted = " (simulator fault, not counted)" if run.simulator_fault else ""
    return f"{run.run_id} repeat {run.repeat} seed {run.seed}: {run.outcome}{counted}, {run.ending}. {run.reason}"


def _say(case: ET.Element, tag: str, message: str, kind: str | None, text: str) -> None:
    said = ET.SubElement(case, tag, message=_fit(message))
    if kind is not None:
        said.set("type", kind)
    said.text = _fit(text) or None


def _out(case: ET.Element, text: str) -> None:
    ET.SubElement(case, "system-out").text = _fit(text)


def _fit(text: str) -> str:
    """Without what XML cannot hold, and no longer than a reader would read."""
    fits = _NOT_XML.sub("\ufffd", text)
    return fits if len(fits) <= _LONGEST else fits[:_LONGEST] + " ..."


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"

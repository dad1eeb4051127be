"""JUnit XML: what each outcome becomes, counts that add up, and no text that could break the document."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_lines import a_campaign, a_line, a_verdict

from understudy.campaigns.analysis import analyse
from understudy.campaigns.gate import GateRules, gate
from understudy.domain.campaign import ConversationLine
from understudy.report.junit import junit


def parsed(lines: list[ConversationLine], **more: Any) -> ET.Element:
    """The document, with what every JUnit schema asks for held."""
    root = ET.fromstring(junit(a_campaign(), lines, **more))
    assert root.tag == "testsuites"
    assert {child.tag for child in root} <= {"testsuite"}
    for name in ("tests", "failures", "errors"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)
    for suite in root:
        cases = suite.findall("testcase")
        assert {child.tag for child in suite} <= {"properties", "testcase"}
        assert [child.tag for child in suite].index("testcase") == (1 if suite.find("properties") is not None else 0)
        counted = [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        assert int(suite.attrib["tests"]) == len(cases)
        assert [int(suite.attrib[name]) for name, _ in counted] == [len(suite.findall(f"testcase/{tag}")) for _, tag in counted]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
        assert float(suite.attrib["time"]) == pytest.approx(sum(float(case.attrib["time"]) for case in cases), abs=0.01)
        for case in cases:
            assert case.attrib.keys() == {"name", "classname", "time"}
            tags = [child.tag for child in case]
            assert sum(tag in ("failure", "error", "skipped") for tag in tags) <= 1
            assert tags == sorted(tags, key=["skipped", "error", "failure", "system-out"].index)
    return root


def only_case(lines: list[ConversationLine], **more: Any) -> ET.Element:
    (case,) = parsed(lines, **more).findall("testsuite/testcase")
    return case


def test_a_scenario_that_passed_is_a_test_that_passed() -> None:
    case = only_case([a_line(0), a_line(1)])
    assert (case.attrib["classname"], case.attrib["name"], case.attrib["time"]) == ("agent.ana", "ana/book", "3.000")
    assert [child.tag for child in case] == ["system-out"]


def test_a_failure_has_its_reason_its_turn_and_its_quote() -> None:
    case = only_case([a_line(0, "fail")], verdicts={"run_0": a_verdict("run_0", "We are closed <b>today</b> & tomorrow")})
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "0 of 1 judged runs passed. not booked 0", "type": "fail"}
    assert failure.text == "ana/book [run_0] completed: not booked 0 (turn 3) “We are closed <b>today</b> & tomorrow”"


def test_a_scenario_that_sometimes_fails_is_called_flaky() -> None:
    failure = only_case([a_line(0), a_line(1, "fail"), a_line(2, "unscored")]).find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "flaky"
    assert failure.attrib["message"].startswith("1 of 2 judged runs passed")


@pytest.mark.parametrize(
    ("line", "tag", "words"),
    [
        (a_line(0, "unscored"), "skipped", "unscored: because 0"),
        (a_line(0, "error"), "error", "because 0"),
        (a_line(0, "fail", simulator_fault=True), "skipped", "the simulated user misbehaved: because 0"),
    ],
)
def test_what_is_neither_a_pass_nor_a_failure_is_neither(line: ConversationLine, tag: str, words: str) -> None:
    found = only_case([line]).find(tag)
    assert found is not None
    assert found.attrib["message"] == words


def test_one_call_that_raised_among_passes_is_an_error_and_no_pass() -> None:
    error = only_case([a_line(0), a_line(1, "error"), a_line(2)]).find("error")
    assert error is not None
    assert error.attrib["type"] == "target_failed"


def test_the_gates_checks_are_a_suite_of_their_own_and_silence_fails_there() -> None:
    lines = [a_line(0, "unscored"), a_line(1, "unscored")]
    root = parsed(lines, result=gate(analyse(lines), GateRules(), planned=3))
    suite = root[0]
    assert suite.attrib["name"] == "understudy gate"
    failed = {case.attrib["name"]: case.find("failure") for case in suite if case.find("failure") is not None}
    assert failed.keys() == {"never played", "judged", "unscored"}
    assert {failure.attrib["type"] for failure in failed.values() if failure is not None} == {"silence"}
    assert root[1].attrib["skipped"] == "1"


def test_targets_are_suites_with_what_they_were_played_by() -> None:
    campaign = a_campaign(versions={"player": "rules/1"})
    root = ET.fromstring(junit(campaign, [a_line(0), a_line(1, target="other")]))
    assert [suite.attrib["name"] for suite in root] == ["nightly agent", "nightly other"]
    properties = {p.attrib["name"]: p.attrib["value"] for p in root[0].iterfind("properties/property")}
    assert properties == {"campaign": "camp_1", "seed": "0", "player": "rules/1"}


@given(st.text(st.characters()), st.text(st.characters()))
def test_no_text_breaks_the_document(reason: str, quote: str) -> None:
    lines = [a_line(0, "fail", reason=reason, criteria=())]
    document = junit(a_campaign(name="x"), lines, verdicts={"run_0": a_verdict("run_0", quote)})
    ET.fromstring(document.encode())


def test_control_characters_and_half_characters_are_replaced_and_long_texts_cut() -> None:
    case = only_case([a_line(0, "fail", criteria=(), reason="a\x00b\x1b[31mc\ud800d\ufffe" + "x" * 10_000)])
    failure = case.find("failure")
    assert failure is not None
    assert "a\ufffdb\ufffd[31mc\ufffdd\ufffd" in failure.attrib["message"]
    assert len(failure.attrib["message"]) < 4_100

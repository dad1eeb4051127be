"""The summary for a pull request: what it says, and that nobody's words can act in it."""

from __future__ import annotations

import re

from report_lines import a_campaign, a_line, a_verdict

from understudy.campaigns.analysis import analyse
from understudy.campaigns.compare import compare
from understudy.campaigns.gate import GateRules, gate
from understudy.report.failures import failures_of
from understudy.report.pull_request import pull_request


def test_it_says_verdict_counts_checks_and_failures() -> None:
    lines = [a_line(0), a_line(1, "fail"), a_line(2, "unscored"), a_line(3, "error")]
    analysis, rules = analyse(lines), GateRules(min_pass_rate=0.9, max_unscored=0.5)
    text = pull_request(a_campaign(), analysis, failures_of(lines, {"run_1": a_verdict("run_1", "Closed.")}), gate(analysis, rules))
    assert text.startswith("## Understudy gate: ❌ red (by what was judged)\n")
    assert "4 of 4 conversations, 1 passed, 1 failed, 1 unscored, 1 without an answer, 0 spoiled by the simulated user" in text
    assert "| ❌ | `pass rate` | `1/2 = 50%" in text
    assert "| ✅ | `unscored` |" in text
    assert "- `ana/book` (`run_1`, turn 3) `completed`: `not booked 1`\n  - `Closed.`" in text


def test_a_green_one_and_one_without_a_gate() -> None:
    lines = [a_line(0)]
    analysis = analyse(lines)
    assert pull_request(a_campaign(total=1), analysis, [], gate(analysis, GateRules())).startswith("## Understudy gate: ✅ green\n")
    assert pull_request(a_campaign(total=1), analysis, []).startswith("## Understudy\n")


def test_what_newly_fails_is_named() -> None:
    before, after = [a_line(0)], [a_line(0, "fail")]
    text = pull_request(a_campaign(), analyse(after), [], comparison=compare(before, after))
    assert "Newly failing against the baseline (1):\n\n- `ana/book` 1/1 → 0/1" in text


def test_an_agents_words_stay_words() -> None:
    nasty = "`code` ``more`` @everyone ![x](http://evil.example/p.png) <img src=x> | a\n\n# title"
    lines = [a_line(0, "fail", criteria=(), reason=nasty)]
    text = pull_request(a_campaign(), analyse(lines), failures_of(lines, {}))
    (row,) = [one for one in text.splitlines() if "evil" in one]
    fenced = re.search(r"```(.*?)```", row)
    assert fenced is not None
    assert all(words in fenced[1] for words in ("@everyone", "![x]", "<img", "# title"))
    assert "|" not in fenced[1]

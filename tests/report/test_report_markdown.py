"""The summary for a pull request: the verdict first, every rate with what is not in it, and nothing in it that acts."""

from __future__ import annotations

from report_campaigns import Made, made_once

from understudy.campaigns.analysis import analyse
from understudy.campaigns.compare import compare
from understudy.campaigns.gate import GateRules, gate
from understudy.report.markdown import summary


def test_it_opens_with_the_gate_and_the_rate_and_has_all_that_is_not_in_the_rate() -> None:
    made = made_once(240)
    result = gate(made.analysis, GateRules(min_pass_rate=0.99, max_infrastructure=1))
    told = summary(made.campaign, made.analysis, result)
    a = made.analysis
    assert told.startswith("## ❌ Clinic agent, nightly: gate red\n\n**" + f"{a.passed.rate.hits}/{a.passed.rate.total} = ")
    for name, rate in (("simulator faults", a.simulator_faults), ("unscored", a.unscored), ("target gave no answer", a.infrastructure)):
        assert f"| {name} (not in the rate) | {rate.hits}/{rate.total} = " in told
    assert told.index("| ❌ | pass rate |") < told.index("| ✅ |"), "what is red comes first"
    assert f"### Flaky ({len(a.flaky)})" in told


def test_a_green_gate_says_so() -> None:
    made = made_once(240)
    told = summary(made.campaign, made.analysis, gate(made.analysis, GateRules(max_infrastructure=1)))
    assert told.startswith("## ✅ Clinic agent, nightly: gate green")
    assert "❌" not in told


def test_the_comparison_names_what_newly_fails_and_what_is_needed() -> None:
    made = made_once(240)
    found = compare(made_once(240, seed=2, ease=0.4).lines, made.lines, warnings=("judge: checks before, panel after",))
    told = summary(made.campaign, made.analysis, comparison=found)
    assert "### Against the baseline: regressed" in told
    assert f"**Newly failing ({len(found.newly_failing)})**" in told
    assert f"`{found.newly_failing[0].scenario}`" in told
    assert "Not only the agent differs" in told


def test_an_unfinished_or_empty_campaign_is_never_told_as_a_rate() -> None:
    made = Made(0)
    told = summary(made.campaign.evolve(status="stopped", why="the cap of $1 is reached", total=50), analyse([]))
    assert "no conversation has finished, so nothing was tested" in told
    assert "**The campaign is stopped: the cap of $1 is reached.** 0 of 50 conversations are counted." in told
    assert "0%" not in told


def test_what_an_agent_said_has_no_effect_in_it() -> None:
    made = Made(60)
    attack = "| x |\n# big <img src=x> [click](http://evil) @everyone `code` **bold** see #12"
    lines = [line.evolve(reason=attack, outcome="fail", simulator_fault=False) for line in made.lines]
    told = summary(made.campaign.evolve(versions={"judge": attack}), analyse(lines))
    assert "<img" not in told
    assert "@everyone" not in told
    assert "http://evil" not in told
    assert "**bold**" not in told
    row = next(line for line in told.splitlines() if "big" in line and line.startswith("| `"))
    assert row.replace("\\|", "").count("|") == 6, "a bar in a reason does not begin another cell"

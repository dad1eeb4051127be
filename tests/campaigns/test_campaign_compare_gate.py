"""Comparing two sides, and the gate that goes by it: red by evidence, red by silence, and never green by either."""

from __future__ import annotations

import random
from typing import Any

import pytest
from campaign_lines import line
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from understudy.campaigns.analysis import analyse
from understudy.campaigns.compare import check_comparable, compare
from understudy.campaigns.gate import GateRules, gate
from understudy.campaigns.stats.paired import EXACT_RUNS, within_scenarios
from understudy.domain.campaign import ConversationLine
from understudy.domain.errors import BadInput, Conflict, NotFound


def side(passing: list[bool], prefix: str = "p", repeats: int = 1, **changes: Any) -> list[ConversationLine]:
    """One scenario for each entry, all of its repeats alike."""
    return [
        line(i * repeats + r, "pass" if passed else "fail", persona=f"{prefix}{i}", repeat=r, **changes)
        for i, passed in enumerate(passing)
        for r in range(repeats)
    ]


def test_a_clear_loss_is_a_regression_with_the_scenarios_by_name() -> None:
    before, after = side([True] * 40), side([True] * 25 + [False] * 15)
    found = compare(before, after)
    assert found.verdict == "regressed"
    assert found.difference is not None
    assert found.difference.value == pytest.approx(-15 / 40)
    assert found.difference.p == pytest.approx(stats.binomtest(0, 15, 0.5).pvalue)
    assert found.difference.test == "mcnemar"
    assert {c.scenario for c in found.newly_failing} == {f"p{i}/book" for i in range(25, 40)}
    assert found.newly_passing == ()
    assert found.newly_failing[0].reason.startswith("because")
    assert found.evidence > 20


def test_the_other_way_round_it_is_an_improvement() -> None:
    found = compare(side([True] * 25 + [False] * 15), side([True] * 40))
    assert found.verdict == "improved"
    assert len(found.newly_passing) == 15
    assert found.evidence < 1


def test_few_scenarios_show_nothing_and_say_so() -> None:
    found = compare(side([True] * 6), side([True] * 5 + [False]))
    assert found.verdict == "underpowered"
    assert found.smallest_difference == pytest.approx(0.86, abs=0.01)
    assert compare(side([True] * 5), side([True] * 5)).smallest_difference is None
    assert found.pairs_needed > 100


def test_no_change_in_few_scenarios_is_not_called_no_difference() -> None:
    assert compare(side([True] * 10), side([True] * 10)).verdict == "underpowered"
    many = compare(side([True] * 400), side([True] * 400))
    assert many.verdict == "no evidence"
    assert many.difference is not None
    assert -0.05 < many.difference.interval.low < 0 < many.difference.interval.high < 0.05


def test_repeats_are_one_pair_each_and_are_tested_by_flipping_signs() -> None:
    found = compare(side([True] * 12, repeats=5), side([True] * 4 + [False] * 8, repeats=5))
    assert found.pairs == 12
    assert found.difference is not None
    assert found.difference.test == "sign-flip"
    assert found.difference.p == pytest.approx(2 / 2**8)
    assert (found.before.total, found.after.total) == (60, 60)
    # The same interval as of the campaign by itself: repeats of a scenario do not make it narrower.
    alone = analyse(side([True] * 4 + [False] * 8, repeats=5)).passed.interval
    assert found.after.interval == alone
    assert alone is not None
    assert alone.high - alone.low > 0.5


def test_scenarios_that_broke_are_told_beside_a_comparison_that_is_too_small_to_show_it() -> None:
    before, after = side([True] * 12), side([True] * 9 + [False] * 3)
    found = compare(before, after)
    assert (found.verdict, len(found.newly_failing)) == ("underpowered", 3)
    quiet = next(check for check in gate(analyse(after), GateRules(), found).checks if check.name == "no regression")
    assert quiet.detail.endswith("over 12 scenarios; 3 newly fail all the same, which only no_newly_failing makes red")
    strict = gate(analyse(after), GateRules(no_newly_failing=True), found)
    assert [(check.name, check.green) for check in strict.checks][-2:] == [("no regression", True), ("nothing newly failing", False)]


def test_scenarios_of_one_side_only_and_unjudged_ones_are_counted_apart() -> None:
    before = [*side([True] * 5), line(90, persona="old"), line(91, "unscored", persona="dark")]
    after = [*side([True] * 5), line(92, persona="new"), line(93, persona="dark")]
    found = compare(before, after)
    assert (found.pairs, found.unpaired) == (5, 3)


def test_the_simulators_faults_are_in_neither_side() -> None:
    before = [*side([True] * 8), line(50, persona="p0", simulator_fault=True, repeat=1)]
    after = [*side([True] * 8), line(51, "fail", persona="p0", simulator_fault=True, repeat=1)]
    found = compare(before, after)
    assert (found.before.total, found.after.hits, found.newly_failing) == (8, 8, ())


def test_the_slice_that_lost_most_comes_first_and_is_adjusted() -> None:
    before = [line(i, persona="p", goal=f"g{i}") for i in range(10)] + [line(20 + i, persona="q", goal=f"g{i}") for i in range(10)]
    after = [line(i, "fail", persona="p", goal=f"g{i}") for i in range(10)] + [line(20 + i, persona="q", goal=f"g{i}") for i in range(10)]
    found = compare(before, after)
    personas = [s for s in found.slices if s.kind == "persona"]
    assert (personas[0].name, personas[0].after.value) == ("p", 0.0)
    assert personas[0].p < personas[0].p_adjusted < 0.05
    assert personas[1].p_adjusted == 1.0


@given(st.lists(st.booleans(), min_size=1, max_size=25), st.lists(st.booleans(), min_size=1, max_size=25))
def test_swapping_the_sides_swaps_the_finding(first: list[bool], second: list[bool]) -> None:
    there, back = compare(side(first), side(second)), compare(side(second), side(first))
    swapped = {"regressed": "improved", "improved": "regressed"}
    assert back.verdict == swapped.get(there.verdict, there.verdict)
    assert there.difference is not None
    assert back.difference is not None
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.difference.p == pytest.approx(back.difference.p)
    assert {c.scenario for c in there.newly_failing} == {c.scenario for c in back.newly_passing}


def test_false_alarms_are_as_rare_as_promised() -> None:
    draw, alarms = random.Random(2), 0
    for _ in range(200):
        chances = [draw.betavariate(5, 1) for _ in range(40)]
        sides = [side([draw.random() < p for p in chances]) for _ in range(2)]
        alarms += compare(*sides).verdict in ("regressed", "improved")
    assert alarms / 200 <= 0.05


def test_what_cannot_be_compared_is_refused_with_what_differs() -> None:
    before, after = {"player": "rules/1", "rubric": "service#1"}, {"player": "rules/2", "rubric": "service#1"}
    with pytest.raises(Conflict, match="player: rules/1 before, rules/2 after"):
        check_comparable(before, after)
    assert check_comparable(before, after, allow=True) == ("player: rules/1 before, rules/2 after",)
    assert check_comparable(before, before) == ()
    with pytest.raises(BadInput, match="no scenario"):
        compare(side([True]), side([True], prefix="q"))
    with pytest.raises(BadInput, match="margin"):
        compare(side([True]), side([True]), margin=5)


# ---------------------------------------------------------------- the gate


def checks(lines: list[ConversationLine], **rules: Any) -> dict[str, bool]:
    found = gate(analyse(lines), GateRules(**rules))
    assert found.green == all(c.green for c in found.checks)
    return {c.name: c.green for c in found.checks}


def test_an_empty_campaign_is_an_error_and_not_green() -> None:
    with pytest.raises(BadInput, match="nothing to go by"):
        gate(analyse([]), GateRules())


def test_a_gate_is_green_when_all_that_was_asked_for_was_shown() -> None:
    lines = [line(i, persona=f"p{i}") for i in range(60)]
    assert all(checks(lines, min_pass_rate=0.9, min_pass_rate_low=0.9, min_worst_persona=0.5, criteria={"completion": 0.9}).values())


def test_silence_is_red() -> None:
    silent = [line(i, "unscored") for i in range(10)]
    found = checks(silent, min_pass_rate=0.5, min_worst_persona=0.5)
    assert (found["judged"], found["unscored"], found["pass rate"], found["worst persona"]) == (False, False, False, False)


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ({"outcome": "unscored"}, "unscored"),
        ({"outcome": "unscored", "simulator_fault": True}, "simulator faults"),
        ({"outcome": "error"}, "target gave no answer"),
    ],
)
def test_too_much_that_could_not_be_counted_is_red_though_all_that_was_counted_passed(bad: dict[str, Any], name: str) -> None:
    lines = [*(line(i) for i in range(8)), *(line(10 + i, **bad) for i in range(2))]
    found = checks(lines, min_pass_rate=0.9)
    assert (found["pass rate"], found[name]) == (True, False)


def test_a_high_share_of_few_does_not_reach_a_lower_end() -> None:
    found = checks([line(i, persona=f"p{i}") for i in range(5)], min_pass_rate=0.9, min_pass_rate_low=0.9)
    assert (found["pass rate"], found["pass rate, lower end"]) == (True, False)


def test_a_criterion_that_the_rubric_has_not_is_a_mistake_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean `completion`"):
        gate(analyse([line(0)]), GateRules(criteria={"complettion": 0.5}))


@pytest.mark.parametrize(
    ("lines", "rules", "because"),
    [
        ([line(i) for i in range(4)], {"min_pass_rate": 0.9}, None),
        ([line(0, "fail"), line(1)], {"min_pass_rate": 0.9}, "evidence"),
        ([line(0, "unscored")], {"min_pass_rate": 0.9, "min_pass_rate_low": 0.9, "criteria": {"completion": 0.9}}, "silence"),
        ([line(0, "error")], {"min_pass_rate": 0.9, "min_worst_persona": 0.9}, "no answer"),
        ([line(0, "fail"), line(1, "error"), line(2, "unscored")], {"min_pass_rate": 0.9}, "evidence"),
        ([line(0), line(1, "error"), line(2, "unscored")], {"min_pass_rate": 0.9}, "no answer"),
        ([line(0), line(1)], {"min_judged": 3}, "silence"),
    ],
)
def test_a_red_gate_says_what_it_rests_on(lines: list[ConversationLine], rules: dict[str, Any], because: str | None) -> None:
    found = gate(analyse(lines), GateRules(**rules))
    assert (found.green, found.red_because) == (because is None, because)


def test_what_was_planned_and_never_played_is_red() -> None:
    analysis = analyse([line(i) for i in range(8)])
    assert gate(analysis, GateRules(), planned=8).green
    stopped = gate(analysis, GateRules(), planned=10)
    assert (stopped.green, stopped.red_because) == (False, "silence")
    assert "2/10" in stopped.checks[0].detail
    assert gate(analysis, GateRules(max_missing=0.2), planned=10).green


def test_nothing_paired_is_not_nothing_newly_failing() -> None:
    unjudged = compare(side([True]), [line(0, "unscored", persona="p0")])
    found = gate(analyse(side([True])), GateRules(no_regression=False, no_newly_failing=True), unjudged)
    assert (found.green, found.red_because) == (False, "silence")


def test_a_regression_is_red_and_so_is_a_baseline_without_a_pair() -> None:
    worse, same = compare(side([True] * 30), side([False] * 30)), compare(side([True] * 30), side([True] * 30))
    assert not gate(analyse(side([True] * 30)), GateRules(), worse).green
    assert gate(analyse(side([True] * 30)), GateRules(no_newly_failing=True), same).green
    unjudged = compare(side([True]), [line(0, "unscored", persona="p0")])
    assert not gate(analyse(side([True] * 30)), GateRules(), unjudged).green


# ---------------------------------------------------------------- few scenarios, played often


def test_a_gate_sees_three_of_twelve_scenarios_break_though_they_prove_nothing_about_others() -> None:
    before = side([True] * 12, repeats=5)
    after = side([False] * 3 + [True] * 9, repeats=5)
    comparison = compare(before, after)
    assert comparison.verdict == "underpowered"
    found = gate(analyse(after), GateRules(), comparison)
    assert not found.green
    assert found.red_because == "evidence"
    assert any("worse on these very scenarios" in check.detail for check in found.checks)


def test_of_equal_agents_few_are_called_worse_on_the_very_scenarios() -> None:
    draw = random.Random(5)
    rates = [0.3, 0.6, 0.8, 0.9, 0.95, 1.0]

    def played() -> list[list[bool]]:
        return [[draw.random() < rate for _ in range(5)] for rate in rates for _ in range(2)]

    called = sum(within_scenarios(list(zip(played(), played(), strict=True))) < 0.025 for _ in range(600))
    assert called <= 600 * 0.025 + 12


@pytest.mark.parametrize(("first", "second"), [(5, 0), (5, 2), (4, 4), (0, 5), (3, 1)])
def test_one_scenario_is_fishers_exact_test(first: int, second: int) -> None:
    runs = [True] * first + [False] * (5 - first), [True] * second + [False] * (6 - second)
    wanted = stats.fisher_exact([[second, 6 - second], [first, 5 - first]], alternative="less").pvalue
    assert within_scenarios([runs]) == pytest.approx(wanted)


def test_single_runs_are_the_sign_test_of_those_that_differ() -> None:
    pairs = [([True], [False])] * 7 + [([False], [True])] * 2 + [([True], [True])] * 20
    assert within_scenarios(pairs) == pytest.approx(stats.binomtest(2, 9, 0.5, alternative="less").pvalue)


def test_many_runs_come_out_as_exactly_as_few() -> None:
    draw = random.Random(3)
    pairs = [([draw.random() < 0.8 for _ in range(5)], [draw.random() < 0.75 for _ in range(5)]) for _ in range(80)]
    exact = within_scenarios(pairs)
    assert sum(len(second) for _, second in pairs) == EXACT_RUNS
    with_one_more = within_scenarios([*pairs, ([True], [True])])
    assert with_one_more == pytest.approx(exact, abs=2e-3)

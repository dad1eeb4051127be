"""What a campaign says together, counted by hand."""

from __future__ import annotations

import random

import pytest
from campaign_lines import line
from hypothesis import given
from hypothesis import strategies as st

from understudy.campaigns.analysis import analyse
from understudy.domain.campaign import CriterionLine

OUTCOMES = st.sampled_from(["pass", "fail", "unscored", "error"])


def test_only_pass_and_fail_are_in_the_rate_and_everything_else_stands_beside_it() -> None:
    found = analyse(
        [
            *(line(i) for i in range(6)),
            *(line(i, "fail") for i in range(6, 8)),
            line(8, "unscored"),
            line(9, "error"),
            line(10, "unscored", simulator_fault=True, ending="simulator_failed", cause="simulator"),
            line(11, "fail", simulator_fault=True),
        ]
    )
    assert (found.passed.rate.hits, found.passed.rate.total) == (6, 8)
    assert (found.simulator_faults.hits, found.simulator_faults.total) == (2, 12)
    assert (found.unscored.hits, found.unscored.total) == (1, 10)
    assert (found.infrastructure.hits, found.infrastructure.total) == (1, 10)
    assert (found.passed_if_faults_counted.hits, found.passed_if_faults_counted.total) == (6, 9)
    assert found.endings == {"goal_reached": 6, "gave_up": 4, "simulator_failed": 1, "target_failed": 1}
    assert found.conversations == 12


def test_an_empty_campaign_has_no_rate_at_all() -> None:
    found = analyse([])
    assert (found.passed.value, found.passed.interval, found.conversations) == (None, None, 0)
    assert found.slices == found.criteria == found.reliability == ()


def test_the_worst_slice_comes_first_though_the_whole_looks_good() -> None:
    good = [line(i, persona=f"p{i % 9}") for i in range(90)]
    bad = [line(100 + i, "fail" if i % 5 < 2 else "pass", persona="weak", segment="elderly") for i in range(10)]
    found = analyse([*good, *bad])
    personas = [s for s in found.slices if s.kind == "persona"]
    assert personas[0].name == "weak"
    assert personas[0].passed.value == pytest.approx(0.6)
    assert found.passed.value == pytest.approx(0.96)
    assert personas[0].p_adjusted is not None
    assert personas[0].p is not None
    assert personas[0].p < personas[0].p_adjusted < 0.01
    assert all(s.p_adjusted is not None and s.p_adjusted > 0.05 for s in personas[1:])
    assert [s.name for s in found.slices if s.kind == "segment"] == ["elderly"]


def test_repeats_of_a_scenario_widen_the_interval() -> None:
    alike = analyse([line(i, "pass" if i < 50 else "fail", persona=f"p{i // 10}") for i in range(100)])
    apart = analyse([line(i, "pass" if i % 2 else "fail", persona=f"p{i}") for i in range(100)])
    assert alike.passed.interval is not None
    assert apart.passed.interval is not None
    assert alike.passed.value == apart.passed.value == 0.5
    assert alike.passed.interval.high - alike.passed.interval.low > 2 * (apart.passed.interval.high - apart.passed.interval.low)
    assert alike.passed.design_effect == pytest.approx(10, rel=0.2)


def test_scenarios_are_told_apart_by_what_their_repeats_did() -> None:
    found = analyse(
        [
            *(line(i, persona="solid", repeat=i) for i in range(4)),
            *(line(10 + i, "fail" if i == 2 else "pass", persona="shaky", repeat=i) for i in range(4)),
            *(line(20 + i, "fail", persona="broken", repeat=i) for i in range(4)),
            line(30, "unscored", persona="dark"),
        ]
    )
    assert found.stable == 1
    assert [(s.scenario, s.passed, s.judged) for s in found.flaky] == [("shaky/book", 3, 4)]
    assert [(s.scenario, s.passed, s.judged, s.reason) for s in found.failing] == [("broken/book", 0, 4, "because 20")]
    assert [s.scenario for s in found.unjudged] == ["dark/book"]
    assert found.flaky[0].run_ids[0] == "run_12"
    by_k = {r.k: r for r in found.reliability}
    assert by_k[1].value == pytest.approx((1 + 3 / 4 + 0) / 3)
    assert by_k[4].value == pytest.approx((1 + 0 + 0) / 3)
    assert by_k[4].scenarios == 3


def test_turns_to_resolution_by_persona_and_outliers_by_name() -> None:
    usual = [line(i, persona="ana", metrics={"turns_to_resolution": 4 + i % 2}) for i in range(12)]
    slow = [line(20 + i, persona="ben", metrics={"turns_to_resolution": 9 + i % 2}) for i in range(12)]
    far = line(40, persona="ana", metrics={"turns_to_resolution": 30})
    found = analyse([*usual, *slow, far])
    assert [(o.run_id, o.turns) for o in found.outliers] == [("run_40", 30)]
    first = found.turns_by_persona[0]
    assert (first.name, first.median) == ("ben", 9.5)
    assert first.ratio is not None
    assert first.ratio > 1
    assert first.p_adjusted is not None
    assert first.p_adjusted < 0.01


def test_a_criterion_has_a_rate_of_its_own() -> None:
    criteria = lambda outcome: (  # noqa: E731 - two lines of a test
        CriterionLine(criterion="polite", outcome=outcome, gate=False),
        CriterionLine(criterion="accuracy", outcome="unscored", gate=True),
    )
    found = analyse([line(i, criteria=criteria("fail" if i == 0 else "pass")) for i in range(4)])
    polite, accuracy = found.criteria
    assert (polite.criterion, polite.passed.rate.hits, polite.passed.rate.total, polite.gate) == ("polite", 3, 4, False)
    assert (accuracy.passed.value, accuracy.outcomes.unscored, accuracy.outcomes.total) == (None, 4, 4)


def test_money_is_summed_and_what_has_no_price_is_counted() -> None:
    found = analyse([line(0, usd=0.5, tokens=100), line(1, usd=0.25, tokens=50), line(2, usd=None, tokens=10)])
    assert (found.use.usd, found.use.unpriced, found.use.tokens) == (0.75, 1, 160)


@given(st.lists(st.tuples(OUTCOMES, st.sampled_from("abc"), st.booleans()), max_size=40), st.randoms())
def test_every_conversation_is_counted_once_whatever_the_order(rows: list[tuple[str, str, bool]], draw: random.Random) -> None:
    lines = [line(i, outcome, persona=persona, simulator_fault=fault) for i, (outcome, persona, fault) in enumerate(rows)]  # type: ignore[arg-type]
    found = analyse(lines)
    assert found.outcomes.total + found.simulator_faults.hits == len(lines)
    assert sum(found.endings.values()) == len(lines)
    assert found.stable + len(found.flaky) + len(found.failing) + len(found.unjudged) == len({r[1] for r in rows if not r[2]})
    mixed = list(lines)
    draw.shuffle(mixed)
    assert analyse(mixed) == found

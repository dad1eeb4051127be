"""Judge noise as figures: against counts by hand, against scipy, and against judges whose noise is known."""

from __future__ import annotations

import random

import pytest
from campaign_lines import line
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from understudy.campaigns.judge_noise import judged, sample_of
from understudy.campaigns.stats.noise import Stratum, disagreement, spread

P, F = True, False
FOUR = {"a": [P, P, P], "b": [P, P, F], "c": [P, F, F], "d": [F, F, F]}
"""By hand: p(1 - p) without bias is 0, 1/3, 1/3, 0; the pass rate is 1/2.
Fleiss: P = (1 + 1/3 + 1/3 + 1) / 4 = 2/3, Pe = 1/2, kappa = 1/3."""


def judged_by(shares: list[float], times: int, seed: int) -> dict[str, list[bool]]:
    draw = random.Random(seed)
    return {str(i): [draw.random() < share for _ in range(times)] for i, share in enumerate(shares)}


def test_the_judge_s_part_of_the_spread_is_that_counted_by_hand_and_1_less_the_kappa_of_fleiss() -> None:
    found = spread([Stratum(4, FOUR)])
    assert found is not None
    assert (found.pass_rate, found.total) == (0.5, 0.25)
    assert found.judge == pytest.approx(1 / 6)
    assert found.share == pytest.approx(1 - 1 / 3)


def test_pairs_of_judgings_are_counted_within_conversations() -> None:
    found = disagreement(FOUR)
    assert (found.rate.hits, found.rate.total, found.clusters) == (4, 12, 4)


def test_strata_count_by_their_size_in_the_campaign_and_not_in_the_sample() -> None:
    found = spread([Stratum(90, {"a": [P, P], "b": [P, P]}), Stratum(10, {"c": [P, F], "d": [F, F]})])
    assert found is not None
    assert found.pass_rate == pytest.approx(0.9 + 0.1 * 0.25)
    assert found.judge == pytest.approx(0.1 * 0.5 / 2), "half of the fails' pairs disagree, and fails are a tenth"


def test_a_judge_that_never_differed_has_the_limit_of_wilson_and_not_of_zero() -> None:
    found = spread([Stratum(20, {str(i): [i < 14] * 2 for i in range(20)})])
    assert found is not None
    limit = stats.binomtest(0, 20).proportion_ci(method="wilson").high / 2
    assert (found.judge, found.judge_interval.low) == (0, 0)
    assert found.judge_interval.high == pytest.approx(limit)
    assert found.share_interval is not None
    assert found.share_interval.high == pytest.approx(limit / (0.7 * 0.3))


def test_where_every_judging_came_out_the_same_there_is_no_spread_to_share() -> None:
    found = spread([Stratum(3, {"a": [P, P], "b": [P, P]}), Stratum(0, {})])
    assert found is not None
    assert (found.total, found.share, found.share_interval) == (0, None, None)
    assert found.judge_interval.high > 0.1


def test_single_judgings_tell_nothing() -> None:
    assert spread([Stratum(2, {"a": [P], "b": []})]) is None
    kept = spread([Stratum(3, {"a": [P], "b": [P, F]})])
    assert kept is not None
    assert kept.judge == 0.5


@pytest.mark.parametrize("times", [2, 3, 5])
def test_the_estimate_is_right_on_average_and_its_interval_holds_the_truth(times: int) -> None:
    shares = [0.9, 0.9, 0.9, 0.1] * 6
    found = [spread([Stratum(24, judged_by(shares, times, seed))]) for seed in range(400)]
    known = [one for one in found if one is not None]
    assert sum(one.judge for one in known) / 400 == pytest.approx(0.09, abs=0.006)
    assert sum(one.judge_interval.low <= 0.09 <= one.judge_interval.high for one in known) / 400 >= 0.93


@given(st.lists(st.lists(st.booleans(), max_size=5), max_size=12), st.lists(st.lists(st.booleans(), max_size=5), max_size=12))
def test_every_figure_is_in_its_range_and_its_interval(some: list[list[bool]], others: list[list[bool]]) -> None:
    strata = [Stratum(len(rows), {str(i): row for i, row in enumerate(rows)}) for rows in (some, others)]
    found = spread(strata)
    assert (found is None) == all(len(row) < 2 for row in some + others)
    if found is not None:
        assert 0 <= found.judge_interval.low <= found.judge + 1e-12
        assert found.judge <= found.judge_interval.high + 1e-12 <= 0.5 + 1e-9
        assert found.share is None or 0 <= found.share <= 1


# ---------------------------------------------------------------- the sample


@given(st.integers(0, 60), st.integers(0, 60), st.integers(2, 40), st.integers(0, 5))
def test_a_sample_has_both_outcomes_in_proportion_and_is_that_of_its_seed(passes: int, fails: int, size: int, seed: int) -> None:
    lines = [line(i, "pass" if i < passes else "fail") for i in range(passes + fails)]
    chosen = sample_of(lines, size, seed)
    assert len(chosen) == len({one.run_id for one in chosen}) == min(size, passes + fails)
    assert chosen == sample_of(lines[::-1], size, seed)
    failing = sum(one.outcome == "fail" for one in chosen)
    fewest = min(2, size // 2)
    assert failing >= min(fewest, fails)
    assert len(chosen) - failing >= min(fewest, passes)
    if passes + fails > size:
        assert abs(failing - size * fails / (passes + fails)) <= 2


def test_what_is_in_no_pass_rate_is_in_no_sample() -> None:
    lines = [line(0), line(1, "unscored"), line(2, "error"), line(3, "fail", simulator_fault=True), line(4, "fail")]
    assert [one.index for one in judged(lines)] == [0, 4]
    assert [one.index for one in sample_of(lines, 20, 0)] == [0, 4]


def test_another_seed_draws_another_sample() -> None:
    lines = [line(i, "pass" if i % 3 else "fail") for i in range(90)]
    assert sample_of(lines, 10, 0) != sample_of(lines, 10, 1)

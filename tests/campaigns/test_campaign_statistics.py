"""The statistics of campaigns against scipy, against published values and against counts by hand."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from understudy.campaigns.stats.clusters import clustered_rate, wilson
from understudy.campaigns.stats.multiplicity import benjamini_hochberg, holm
from understudy.campaigns.stats.normal import t_quantile, z_of
from understudy.campaigns.stats.paired import EProcess, bootstrap_mean, mcnemar_exact, sign_flip
from understudy.campaigns.stats.power import half_width, needed_paired, needed_unpaired, smallest_difference
from understudy.campaigns.stats.reliability import pass_at_k, pass_hat_k, stability
from understudy.campaigns.stats.tables import fisher_exact
from understudy.campaigns.stats.tone import Spoken, tone_consistency
from understudy.campaigns.stats.turns import mann_whitney, median_to_resolution, outliers
from understudy.text.manner_of_speech import FEATURES, manner_of_speech

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


# ---------------------------------------------------------------- quantiles and intervals


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 10, 29, 39, 120])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_quantiles_are_those_of_scipy(level: float, degrees: int) -> None:
    assert t_quantile(level, degrees) == pytest.approx(stats.t.ppf(0.5 + level / 2, degrees), rel=1e-8)
    assert z_of(level) == pytest.approx(stats.norm.ppf(0.5 + level / 2), rel=1e-9)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_is_that_of_scipy(hits: int, total: int) -> None:
    hits = min(hits, total)
    ours, theirs = wilson(hits / total, total), stats.binomtest(hits, total).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_without_repeats_the_clustered_interval_is_wilsons_own() -> None:
    found = clustered_rate({f"s{i}": [i % 3 > 0] for i in range(60)})
    assert found.clusters == 60
    assert found.design_effect == pytest.approx(1.0, abs=0.02)
    assert found.interval is not None
    assert found.rate.interval is not None
    assert found.interval.low == pytest.approx(found.rate.interval.low, abs=0.005)


def test_repeats_that_always_agree_count_once() -> None:
    found = clustered_rate({f"s{i}": [i % 2 == 0] * 10 for i in range(50)})
    assert found.rate.total == 500
    assert found.n_effective == pytest.approx(50, rel=0.05)
    assert found.design_effect == pytest.approx(10, rel=0.05)


def test_scenarios_that_all_have_the_same_share_have_no_effect_and_every_run_counts() -> None:
    found = clustered_rate({"a": [True, True, False, True], "b": [False, True, True, True]})
    assert found.design_effect == 0
    assert found.n_effective == 8


def test_the_standard_error_of_clusters_is_the_published_formula() -> None:
    draw = random.Random(1)
    clusters = {f"s{i}": [draw.random() < p for _ in range(4)] for i in range(50) for p in [draw.random()]}
    values = np.array([[int(v) for v in runs] for runs in clusters.values()])
    mean = values.mean()
    error = math.sqrt(((values - mean).sum(axis=1) ** 2).sum()) / values.size  # arXiv 2411.00640
    found = clustered_rate(clusters)
    assert found.design_effect is not None
    assert math.sqrt(found.design_effect * mean * (1 - mean) / values.size) == pytest.approx(error)


def test_when_nothing_fails_the_bound_goes_by_scenarios_and_is_never_zero() -> None:
    found = clustered_rate({f"s{i}": [True] * 25 for i in range(4)})
    assert found.interval is not None
    assert found.rate.value == 1.0
    assert found.interval.low == pytest.approx(wilson(1.0, 4, quantile=t_quantile(0.95, 3)).low)
    assert found.interval.low < 0.6


def test_nothing_judged_has_no_interval() -> None:
    found = clustered_rate({"a": []})
    assert (found.value, found.interval, found.clusters) == (None, None, 0)


def test_clustered_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    draw, covered, rounds = random.Random(5), 0, 300
    for _ in range(rounds):
        chances = [draw.betavariate(2, 2) for _ in range(30)]
        found = clustered_rate({str(i): [draw.random() < p for _ in range(5)] for i, p in enumerate(chances)})
        assert found.interval is not None
        covered += found.interval.low <= 0.5 <= found.interval.high
    assert covered / rounds >= 0.92


# ---------------------------------------------------------------- reliability


def test_pass_hat_k_by_hand() -> None:
    runs = {"a": [True, True, True, False], "b": [True, False, False, False], "c": [True] * 4}
    assert pass_hat_k(runs, 1) == pytest.approx((3 / 4 + 1 / 4 + 1) / 3)
    assert pass_hat_k(runs, 2) == pytest.approx((3 / 6 + 0 + 1) / 3)
    assert pass_hat_k(runs, 4) == pytest.approx((0 + 0 + 1) / 3)
    assert pass_at_k(runs, 2) == pytest.approx((1 + 3 / 6 + 1) / 3)
    assert pass_hat_k({}, 3) is None


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(1, 6))
def test_pass_k_is_the_share_of_all_choices_of_runs(runs: list[bool], k: int) -> None:
    if k > len(runs):
        with pytest.raises(ValueError, match="fewer than k"):
            pass_hat_k({"s": runs}, k)
        return
    choices = list(itertools.combinations(runs, k))
    assert pass_hat_k({"s": runs}, k) == pytest.approx(sum(map(all, choices)) / len(choices))
    assert pass_at_k({"s": runs}, k) == pytest.approx(sum(map(any, choices)) / len(choices))


def test_scenarios_are_stable_flaky_or_failing() -> None:
    assert [stability(r) for r in ([True, True], [True, False], [False], [])] == ["stable", "flaky", "failing", "unjudged"]


# ---------------------------------------------------------------- pairs


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test_of_scipy(b: int, c: int) -> None:
    expected = stats.binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    assert mcnemar_exact(b, c) == pytest.approx(expected, abs=1e-12)
    assert mcnemar_exact(9, 10) == 1.0


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=2, max_size=9))
def test_sign_flips_are_the_permutation_test_of_scipy(differences: list[float]) -> None:
    ours = sign_flip(differences)
    result = stats.permutation_test((np.array(differences),), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert ours == pytest.approx(min(1.0, result.pvalue), abs=1e-9)


def test_many_pairs_are_sampled_and_the_seed_decides() -> None:
    draw = random.Random(3)
    shifted = [draw.gauss(0.4, 1) for _ in range(60)]
    assert sign_flip(shifted, seed=1) == sign_flip(shifted, seed=1)
    assert sign_flip(shifted, seed=1) == pytest.approx(stats.ttest_1samp(shifted, 0).pvalue, abs=0.01)


def test_the_bootstrap_is_near_that_of_scipy() -> None:
    draw = random.Random(8)
    values = [draw.choice([-1, 0, 0, 0, 1, 1]) for _ in range(80)]
    ours = bootstrap_mean(values, seed=2)
    theirs = stats.bootstrap((np.array(values),), np.mean, method="percentile", random_state=np.random.default_rng(1)).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.03)
    with pytest.raises(ValueError, match="nothing"):
        bootstrap_mean([])


def test_looking_after_every_pair_hardly_ever_finds_a_difference_that_is_not_there() -> None:
    alarms, campaigns = 0, 1000
    for seed in range(campaigns):
        draw, process = random.Random(seed), EProcess()
        alarms += any(process.add([draw.random() < 0.5]) >= 20 for _ in range(500))
    assert alarms / campaigns <= 0.05


def test_a_real_difference_is_found_early() -> None:
    process, draw = EProcess(), random.Random(4)
    while not process.decided():
        process.add([draw.random() < 0.8])
    assert process.pairs < 60


# ---------------------------------------------------------------- before it runs


def test_the_published_sample_sizes() -> None:
    assert needed_unpaired(0.8, 0.7) in (290, 291)
    assert needed_paired(0.1, discordant=0.2) in (155, 156)
    assert needed_paired(0.1, discordant=0.3) in (233, 234)


def test_the_smallest_difference_is_the_inverse_of_the_sample_size() -> None:
    found = smallest_difference(155, discordant=0.2)
    assert found == pytest.approx(0.1, abs=0.001)
    assert smallest_difference(12) == pytest.approx(0.535, abs=0.001)  # beyond the usual discordance: all changes in one direction
    assert needed_paired(0.54, discordant=0.54) == 12
    assert stats.binomtest(0, 6).pvalue < 0.05 < stats.binomtest(0, 5).pvalue
    assert smallest_difference(6) is not None
    assert smallest_difference(5) is None
    assert half_width(0.5, 100) == pytest.approx(0.098, abs=0.001)
    with pytest.raises(ValueError, match="equal"):
        needed_unpaired(0.5, 0.5)
    with pytest.raises(ValueError, match="at most"):
        needed_paired(0.5, discordant=0.2)


# ---------------------------------------------------------------- many slices


@given(P_VALUES)
def test_the_false_discovery_rate_is_controlled_as_in_scipy(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(list(stats.false_discovery_control(p_values)), abs=1e-12)


@given(P_VALUES)
def test_holm_never_falls_below_the_raw_value_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(a >= p for a, p in zip(adjusted, p_values, strict=True))
    assert min(adjusted) == pytest.approx(min(1.0, min(p_values) * len(p_values)))


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


# ---------------------------------------------------------------- turns


def test_the_median_is_plain_while_few_are_unresolved() -> None:
    assert median_to_resolution([4, 5, 6, 7], [9]) == 5.5
    assert median_to_resolution([], [9]) is None


def test_the_median_allows_for_the_unresolved() -> None:
    resolved, unresolved = [3, 4, 6, 8, 8], [5, 7, 9, 10]
    sample = stats.CensoredData(uncensored=resolved, right=unresolved)
    survival = stats.ecdf(sample).sf
    expected = next(q for q, p in zip(survival.quantiles, survival.probabilities, strict=True) if p <= 0.5)
    assert median_to_resolution(resolved, unresolved) == expected
    assert median_to_resolution([3], [10, 10, 10]) is None


def test_outliers_are_named_by_their_scenario_where_it_has_enough_runs() -> None:
    turns = {f"a{i}": 4.0 for i in range(5)} | {"a9": 13.0, "b1": 20.0}
    scenario_of = {run: run[0] for run in turns}
    assert outliers(turns, scenario_of) == [("b1", 20.0, 4.0), ("a9", 13.0, 4.0)]
    assert outliers({}, {}) == []


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.lists(st.integers(1, 12), min_size=1, max_size=30))
def test_rank_sums_are_those_of_scipy(first: list[int], second: list[int]) -> None:
    expected = 1.0 if len({*first, *second}) == 1 else stats.mannwhitneyu(first, second, method="asymptotic").pvalue
    assert mann_whitney(first, second) == pytest.approx(expected, abs=1e-9)
    assert mann_whitney([], second) == 1.0


# ---------------------------------------------------------------- shares and tone


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_two_shares_are_compared_as_in_scipy(hits: int, total: int, other_hits: int, other_total: int) -> None:
    hits, other_hits = min(hits, total), min(other_hits, other_total)
    expected = stats.fisher_exact([[hits, total - hits], [other_hits, other_total - other_hits]]).pvalue
    assert fisher_exact(hits, total, other_hits, other_total) == pytest.approx(expected, abs=1e-6)
    assert fisher_exact(0, 0, 1, 5) == 1.0


FORMAL = [
    "Thank you for your patience. I have moved your appointment to Tuesday.",
    "Certainly, it is confirmed. Would you like a reminder?",
]
CHATTY = ["Hey! Sure, moved it to Tuesday!", "Yep, all done! Cool, anything else?"]


def spoken(chatty_for: frozenset[str], seed: int = 0) -> list[Spoken]:
    """Four personas, three goals, four conversations each; the wording varies a little by itself."""
    draw, found = random.Random(seed), []
    extra = ["Please let me know.", "I am glad to help.", "It is noted.", "You can call us as well.", "One moment please."]
    for persona, goal, _ in itertools.product("abcd", "xyz", range(4)):
        turns = [*(CHATTY if persona in chatty_for else FORMAL), *draw.sample(extra, 2)]
        features = manner_of_speech(turns)
        assert features is not None
        found.append(Spoken(persona, goal, features))
    return found


def test_an_agent_that_is_chatty_with_one_persona_is_found_out() -> None:
    found = tone_consistency(spoken(frozenset("c")))
    assert found is not None
    assert found.p < 0.01
    assert found.effect > 0.3
    assert (found.conversations, found.personas) == (48, 4)


def test_an_agent_that_speaks_alike_to_all_is_rarely_suspected() -> None:
    suspected = sum(found.p < 0.05 for seed in range(20) if (found := tone_consistency(spoken(frozenset(), seed), permutations=199)))
    assert suspected <= 3


def test_without_repeats_nothing_can_be_said_of_tone() -> None:
    once = {(s.persona, s.goal): s for s in spoken(frozenset("c"))}
    assert tone_consistency(list(once.values())) is None
    assert tone_consistency([]) is None


def test_an_agent_that_always_says_the_same_is_consistent() -> None:
    features = manner_of_speech(FORMAL)
    assert features is not None
    found = tone_consistency([Spoken(p, "x", features) for p in "ab" for _ in range(3)])
    assert found is not None
    assert (found.p, found.effect) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("turns", "language", "feature", "value"),
    [
        (["I'm here. You can't go!"], "en", "contractions", 2 / 5),
        (["I'm here. You can't go!"], "en", "exclamations", 1 / 2),
        (["Danke für Ihre Geduld"], "de", "courtesy", 1 / 4),
        (["¿Puede usted esperar?"], "es", "modals", 1 / 3),
        (["one two", "three four five six"], "en", "words a turn", 3.0),
    ],
)
def test_the_features_of_speech_by_hand(turns: list[str], language: str, feature: str, value: float) -> None:
    found = manner_of_speech(turns, language)
    assert found is not None
    assert dict(zip(FEATURES, found, strict=True))[feature] == pytest.approx(value)
    assert manner_of_speech(["  ", "..."]) is None

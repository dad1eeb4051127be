"""What a plan will take, from what earlier conversations took."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from scipy import stats

from understudy.campaigns.estimate import ASSUMED, History, estimate
from understudy.campaigns.plan import plan, spread_over
from understudy.domain.campaign import CampaignSpec

HISTORY = History(
    conversations=50, target_calls=6, target_seconds=0.5, model_calls=7, model_seconds=0.5, input_tokens=9_000, output_tokens=300, usd=0.01,
    pass_rate=0.9,
)  # fmt: skip


def spec(**changes: Any) -> CampaignSpec:
    given: dict[str, Any] = {"name": "c", "personas": tuple(f"p{i}" for i in range(20)), "goals": ("g1", "g2"), "targets": ("a",)}
    return CampaignSpec(**{**given, **changes})


def estimated(given: CampaignSpec, history: History = HISTORY, **limits: int) -> Any:
    return estimate(given, plan(given, {}), history, limit_of=limits)


def test_calls_tokens_and_money_grow_with_the_conversations() -> None:
    once, thrice = estimated(spec()), estimated(spec(repeats=3))
    assert (once.conversations, thrice.conversations, once.scenarios, thrice.scenarios) == (40, 120, 40, 40)
    assert once.target_calls.likely == 240
    assert once.tokens.likely == 40 * 9_300
    assert thrice.usd.likely == pytest.approx(3 * once.usd.likely) == pytest.approx(1.2)
    assert once.usd.low < once.usd.likely < once.usd.high


def test_time_goes_by_the_longest_queue() -> None:
    assert estimated(spec(concurrency=40)).seconds.likely == pytest.approx(6.5)
    assert estimated(spec(concurrency=10)).seconds.likely == pytest.approx(4 * 6.5)
    assert estimated(spec(concurrency=40), a=4).seconds.likely == pytest.approx(10 * 6.5)


def test_a_model_without_a_price_is_not_free() -> None:
    assert estimated(spec(), HISTORY.replace(usd=None)).usd is None


def test_without_history_it_says_that_it_assumes() -> None:
    assert "assumption" in estimated(spec(), ASSUMED).basis
    assert "50 newest" in estimated(spec()).basis
    assert estimated(spec(), ASSUMED).seconds.high / estimated(spec(), ASSUMED).seconds.likely > 1.2


def test_it_says_how_many_scenarios_a_difference_of_five_points_takes() -> None:
    found = estimated(spec())
    assert "You need about 586 more scenarios" in found.advice
    assert found.smallest_difference == pytest.approx(0.19, abs=0.01)
    many = estimated(spec(goals=tuple(f"g{i}" for i in range(40))))
    assert "enough" in many.advice
    assert many.smallest_difference is not None
    assert many.smallest_difference < 0.05


def test_the_range_of_a_dry_sample_is_its_prediction_interval() -> None:
    sample = HISTORY.replace(conversations=8, asked=10, deviations={"target_calls": 0.25, "tokens": 0.0, "usd": 3.0})
    found = estimated(spec(), sample)
    half = float(stats.t.ppf(0.975, 7)) * 0.25 * (1 / 8 + 1 / 40) ** 0.5
    assert found.target_calls.high / found.target_calls.likely - 1 == pytest.approx(half)
    assert found.tokens.high / found.tokens.likely == pytest.approx(1.05)
    assert found.usd.low == 0
    assert found.basis == ("a dry sample of this plan, played now: 8 of 10 conversations, in 2 the target gave no answer; ranges of 95 %")


def test_a_dry_sample_has_every_persona_goal_and_target_in_equal_shares_and_the_same_ones_for_a_seed() -> None:
    cells = plan(spec(personas=("p0", "p1", "p2", "p3"), targets=("a", "b"), repeats=5), {})
    taken = spread_over(cells, 8, 1)
    for part, each in (("persona", 2), ("goal", 4), ("target", 4)):
        assert set(Counter(getattr(cell, part) for cell in taken).values()) == {each}
    assert spread_over(cells, 8, 1) == taken != spread_over(cells, 8, 2)
    assert sorted(spread_over(cells, 500, 1), key=lambda cell: cell.index) == list(cells)

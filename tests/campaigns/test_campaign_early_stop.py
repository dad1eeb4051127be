"""Stopping a campaign that is shown to do worse than an earlier one: which pairs count, in what order, and how rarely it errs."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from campaign_lines import line

from understudy.campaigns.compare import compare
from understudy.campaigns.early_stop import Sequential, partners
from understudy.domain.campaign import Campaign, CampaignSpec, ConversationLine


def campaign(id: str = "new", *targets: str) -> Campaign:
    spec = CampaignSpec(name="c", personas=("ana",), targets=targets or ("agent",))
    return Campaign(id=id, spec=spec, status="running", total=0, created_at=0, updated_at=0)


def lines(passing: Sequence[bool], **changes: Any) -> list[ConversationLine]:
    return [line(i, "pass" if passed else "fail", persona=f"p{i}", **changes) for i, passed in enumerate(passing)]


def sequential(before: Sequence[ConversationLine], after: Sequence[ConversationLine] = ()) -> Sequential:
    return Sequential(campaign("old"), before, campaign(), after)


def test_ten_losses_in_a_row_decide_and_nothing_after_them_counts() -> None:
    found = sequential(lines([True] * 40), lines([False] * 40)).evidence
    by_hand = [sum((1 + bet / 10) ** n for bet in range(1, 6)) / 5 for n in (9, 10)]
    assert by_hand[0] < 20 <= by_hand[1]
    assert found.value == pytest.approx(by_hand[1])
    assert (found.against, found.pairs, found.worse, found.better, found.decided) == ("old", 10, 10, 0, True)
    assert "10 pairs: 10 worse, 0 better" in found.why
    assert "do not" in found.why


def test_an_improvement_never_stops_it() -> None:
    found = sequential(lines([False] * 60), lines([True] * 60)).evidence
    assert (found.decided, found.better, found.pairs) == (False, 60, 60)
    assert found.value < 1


def test_pairs_that_agree_are_counted_and_move_nothing() -> None:
    found = sequential(lines([True, False] * 20), lines([True, False] * 20)).evidence
    assert (found.value, found.pairs, found.worse, found.better) == (1.0, 40, 0, 0)


@pytest.mark.parametrize(
    "changes", [{"persona": "other"}, {"goal": "cancel"}, {"repeat": 1}, {"seed": 99}, {"outcome": "unscored"}, {"simulator_fault": True}]
)
def test_a_pair_is_the_same_user_with_the_same_goal_repeat_and_seed_judged_on_both_sides(changes: dict[str, Any]) -> None:
    plain = line(0, "fail")
    other = ConversationLine(**{**dict(plain), **changes})
    assert sequential([line(0)], [plain]).evidence.pairs == 1
    assert sequential([line(0)], [other]).evidence.pairs == 0
    assert sequential([other], [plain]).evidence.pairs == 0


def test_a_conversation_waits_for_every_one_before_it_in_the_plan() -> None:
    found = sequential(lines([True] * 3))
    for index in (2, 1):
        found.take(lines([False] * 3)[index])
    assert (found.evidence.pairs, found.taken) == (0, 2)
    found.take(lines([False] * 3)[0])
    assert (found.evidence.pairs, found.taken) == (3, 3)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_conversations_end_and_a_restart_change_nothing(seed: int) -> None:
    draw = random.Random(seed)
    before, after = (lines([draw.random() < share for _ in range(120)]) for share in (0.9, 0.6))
    whole = sequential(before, after).evidence
    mixed = draw.sample(after, len(after))
    interrupted, cut = sequential(before), draw.randrange(len(mixed))
    for one in mixed[:cut]:
        interrupted.take(one)
    resumed = sequential(before, sorted(mixed[:cut], key=lambda one: one.index))
    for one in mixed[cut:]:
        resumed.take(one)
    assert resumed.evidence == whole
    assert whole.decided


def test_targets_are_paired_by_name_or_one_to_one() -> None:
    assert partners(("a", "b"), ("b",)) == {"b": "b"}
    assert partners(("v1",), ("v2",)) == {"v2": "v1"}
    assert partners(("a", "b"), ("c",)) is None
    found = Sequential(campaign("old", "v1"), lines([True] * 3, target="v1"), campaign("new", "v2"), lines([False] * 3, target="v2"))
    assert found.evidence.worse == 3
    crossed = Sequential(campaign("old", "a", "b"), lines([True] * 3, target="a"), campaign("new", "b"), lines([False] * 3, target="b"))
    assert crossed.evidence.pairs == 0


def _alarms(passes: Callable[[random.Random, float], tuple[bool, bool]], campaigns: int = 400) -> float:
    """The share of simulated campaigns that are stopped: 40 scenarios of differing difficulty, 10 repeats, looked at after every pair."""
    places = [(s, r) for r in range(10) for s in range(40)]
    made = [{ok: line(i, "pass" if ok else "fail", persona=f"p{s}", repeat=r) for ok in (True, False)} for i, (s, r) in enumerate(places)]
    stopped = 0
    for seed in range(campaigns):
        draw = random.Random(seed)
        chances = [draw.betavariate(4, 1) for _ in range(40)]
        both = [passes(draw, chances[s]) for s, _ in places]
        before, after = ([of[ok[side]] for of, ok in zip(made, both, strict=True)] for side in (0, 1))
        stopped += sequential(before, after).decided
    return stopped / campaigns


def test_an_agent_that_is_no_worse_is_hardly_ever_stopped() -> None:
    assert _alarms(lambda draw, chance: (draw.random() < chance, draw.random() < chance)) <= 0.05


def test_an_agent_that_is_better_is_stopped_even_less() -> None:
    assert _alarms(lambda draw, chance: (draw.random() < chance, draw.random() < min(1, chance + 0.1))) <= 0.01


def test_an_agent_that_lost_fifteen_points_is_nearly_always_stopped() -> None:
    assert _alarms(lambda draw, chance: (draw.random() < chance, draw.random() < chance - 0.15), 100) >= 0.9


def test_the_verdict_on_a_campaign_that_was_stopped_early_is_its_evidence() -> None:
    found = compare(lines([True] * 3), lines([True, True, False]), stopped_early="e-value 21")
    assert (found.verdict, found.stopped_early) == ("regressed", "e-value 21")
    assert compare(lines([True] * 3), lines([True, True, False])).verdict == "underpowered"

"""The plan of a campaign: what is in it, in which order, with which seeds."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from understudy.campaigns.plan import plan
from understudy.domain.campaign import CampaignSpec
from understudy.domain.errors import BadInput

OWN = {f"p{i}": (f"own{i}" if i % 2 else None) for i in range(12)}


def spec(**changes: Any) -> CampaignSpec:
    given: dict[str, Any] = {"name": "c", "personas": ("p0", "p1", "p2"), "goals": ("g0", "g1"), "targets": ("a", "b")}
    return CampaignSpec(**{**given, **changes})


def test_a_full_plan_has_every_combination_as_often_as_it_is_repeated() -> None:
    cells = plan(spec(repeats=3), OWN)
    counted = Counter((c.persona, c.goal, c.target) for c in cells)
    assert counted == dict.fromkeys(product(("p0", "p1", "p2"), ("g0", "g1"), ("a", "b")), 3)
    assert [c.index for c in cells] == list(range(36))


def test_without_goals_every_persona_plays_its_own() -> None:
    cells = plan(spec(goals=(), targets=("a",)), OWN)
    assert {(c.persona, c.goal) for c in cells} == {("p0", None), ("p1", "own1"), ("p2", None)}
    assert {c.scenario for c in cells} == {"p0/primary", "p1/own1", "p2/primary"}


def test_the_same_user_meets_every_target_and_another_one_every_repeat() -> None:
    cells = plan(spec(repeats=4), OWN)
    by_scenario: dict[tuple[str, int], set[int]] = {}
    for c in cells:
        by_scenario.setdefault((c.scenario, c.repeat), set()).add(c.seed)
    assert all(len(seeds) == 1 for seeds in by_scenario.values())
    assert len({next(iter(seeds)) for seeds in by_scenario.values()}) == len(by_scenario)


def test_the_first_round_of_repeats_comes_before_the_second() -> None:
    assert [c.repeat for c in plan(spec(repeats=2), OWN)] == [0] * 12 + [1] * 12


@given(st.integers(1, 30), st.integers(0, 5), st.sampled_from(["random", "stratified"]))
def test_a_sample_has_the_size_that_was_asked_for_and_nothing_twice(size: int, seed: int, sampling: str) -> None:
    personas = tuple(f"p{i}" for i in range(6))
    cells = plan(spec(personas=personas, goals=("g0", "g1", "g2"), targets=("a",), sampling=sampling, size=size, seed=seed), OWN)
    assert len(cells) == len({c.scenario for c in cells}) == min(size, 18)
    assert cells == plan(spec(personas=personas, goals=("g0", "g1", "g2"), targets=("a",), sampling=sampling, size=size, seed=seed), OWN)


@given(st.integers(6, 18), st.integers(0, 20))
def test_a_stratified_sample_is_even_over_personas_and_over_goals(size: int, seed: int) -> None:
    personas, goals = tuple(f"p{i}" for i in range(6)), ("g0", "g1", "g2")
    cells = plan(spec(personas=personas, goals=goals, targets=("a",), sampling="stratified", size=size, seed=seed), OWN)
    by_persona, by_goal = Counter(c.persona for c in cells), Counter(c.goal for c in cells)
    assert max(by_persona.values()) - min(by_persona[p] for p in personas) <= 1
    assert max(by_goal.values()) - min(by_goal[g] for g in goals) <= 2


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_pairwise_holds_every_pair_and_hardly_more_than_it_must(personas: int, goals: int, targets: int) -> None:
    who, what, where = (tuple(f"{letter}{i}" for i in range(n)) for letter, n in (("p", personas), ("g", goals), ("t", targets)))
    cells = plan(spec(personas=who, goals=what, targets=where, sampling="pairwise"), OWN)
    assert {(c.persona, c.goal) for c in cells} == set(product(who, what))
    assert {(c.persona, c.target) for c in cells} == set(product(who, where))
    assert {(c.goal, c.target) for c in cells} == set(product(what, where))
    least = max(personas * goals, personas * targets, goals * targets)
    assert least <= len(cells) <= max(least, personas * goals + targets * (personas + goals))
    assert len(cells) <= personas * goals * targets


def test_another_seed_is_another_order_with_other_users() -> None:
    first, second = plan(spec(), OWN), plan(spec(seed=1), OWN)
    assert {c.scenario for c in first} == {c.scenario for c in second}
    assert [c.seed for c in first] != [c.seed for c in second]


def test_names_given_twice_count_once() -> None:
    assert len(plan(spec(personas=("p0", "p0"), targets=("a", "a")), OWN)) == 2


def test_a_plan_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match="1,200,000"):
        plan(spec(personas=tuple(f"p{i}" for i in range(12)), goals=tuple(f"g{i}" for i in range(100)), targets=("a",), repeats=1000), OWN)


@pytest.mark.parametrize("sampling", ["random", "stratified"])
def test_a_sample_without_a_size_is_refused(sampling: str) -> None:
    with pytest.raises(ValidationError, match="how many scenarios"):
        spec(sampling=sampling)


def test_an_empty_campaign_cannot_be_described() -> None:
    with pytest.raises(ValidationError):
        spec(personas=())
    with pytest.raises(ValidationError):
        spec(targets=())

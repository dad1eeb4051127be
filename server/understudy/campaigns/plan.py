"""The plan of a campaign: which conversations it has, each with its seed. Pure: the same spec, the same plan."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import TypeVar

from understudy.domain.campaign import CampaignSpec, Cell
from understudy.domain.errors import BadInput
from understudy.simulation.seeds import derive

__all__ = ["MOST_CONVERSATIONS", "plan", "spread_over"]

MOST_CONVERSATIONS = 1_000_000
LOOKED_AT = 2_000

Row = TypeVar("Row")
Scenario = tuple[str, str | None]
"""A persona and a goal; None for the goal made from the persona's primary intent."""
Placed = tuple[str, str | None, str]
"""And a target."""


def plan(spec: CampaignSpec, own_goal: Mapping[str, str | None]) -> tuple[Cell, ...]:
    """Every conversation, in an order that spreads personas, goals and targets, so that a campaign that is stopped early has
    seen some of each.

    `own_goal` gives each persona's own goal, used when the spec names none. The seed of a conversation does not depend on its
    target: on two targets the same user says the same. Raises BadInput when the plan would be too long.
    """
    scenarios = _scenarios(spec, own_goal)
    placed = _pairwise(spec, scenarios) if spec.sampling == "pairwise" else list(_on_every_target(spec, scenarios))
    total = len(placed) * spec.repeats
    if total > MOST_CONVERSATIONS:
        raise BadInput("repeats", f"the plan has {total:,} conversations, more than {MOST_CONVERSATIONS:,}", "Sample fewer scenarios")
    ordered = _shuffled(placed, derive(spec.seed, "order"))
    rows = ((repeat, *where) for repeat in range(spec.repeats) for where in ordered)
    return tuple(
        Cell(
            index=index,
            persona=persona,
            goal=goal,
            target=target,
            repeat=repeat,
            # 31 bits, which also readers of JSON keep that have only doubles.
            seed=derive(spec.seed, "conversation", persona, goal or "", repeat) >> 33,
        )
        for index, (repeat, persona, goal, target) in enumerate(rows)
    )


def spread_over(cells: Sequence[Cell], size: int, seed: int) -> list[Cell]:
    """`size` of the cells (all, when there are fewer), in shares of personas, goals and targets as equal as can be; the same for the
    same seed. Of a long plan a seeded part is looked at."""
    left = random.Random(derive(seed, "dry sample")).sample(list(cells), min(len(cells), LOOKED_AT))  # noqa: S311 - a seeded sample
    met: Counter[tuple[str, str | None]] = Counter()
    taken: list[Cell] = []
    while left and len(taken) < size:
        chosen = min(left, key=lambda cell: (sum(met[part] for part in _parts(cell)), cell.repeat))
        left.remove(chosen)
        taken.append(chosen)
        met.update(_parts(chosen))
    return taken


def _parts(cell: Cell) -> tuple[tuple[str, str | None], ...]:
    return ("persona", cell.persona), ("goal", cell.goal), ("target", cell.target)


def _scenarios(spec: CampaignSpec, own_goal: Mapping[str, str | None]) -> list[Scenario]:
    personas = list(dict.fromkeys(spec.personas))
    goals = list(dict.fromkeys(spec.goals))
    every: list[Scenario] = list(product(personas, goals)) if goals else [(p, own_goal[p]) for p in personas]
    if spec.size is None or spec.size >= len(every):
        return every
    if spec.sampling == "random":
        return random.Random(derive(spec.seed, "sample")).sample(every, spec.size)  # noqa: S311 - a seeded sample
    if spec.sampling == "stratified":
        return _stratified(every, spec.size, derive(spec.seed, "strata"))
    return every


def _stratified(every: Sequence[Scenario], size: int, seed: int) -> list[Scenario]:
    """Scenario by scenario the one whose persona and goal were taken least so far; ties by a seeded order."""
    left = _shuffled(every, seed)
    personas: Counter[str] = Counter()
    goals: Counter[str | None] = Counter()
    taken: list[Scenario] = []
    while len(taken) < size:
        chosen = min(left, key=lambda s: (personas[s[0]] + goals[s[1]], personas[s[0]]))
        left.remove(chosen)
        taken.append(chosen)
        personas[chosen[0]] += 1
        goals[chosen[1]] += 1
    return taken


def _on_every_target(spec: CampaignSpec, scenarios: Iterable[Scenario]) -> Iterable[Placed]:
    return ((*scenario, target) for scenario in scenarios for target in dict.fromkeys(spec.targets))


def _pairwise(spec: CampaignSpec, scenarios: Sequence[Scenario]) -> list[Placed]:
    """Each scenario on one target, turned so that personas and goals meet every target; then what is still missing."""
    targets = list(dict.fromkeys(spec.targets))
    personas = {p: i for i, p in enumerate(dict.fromkeys(p for p, _ in scenarios))}
    goals = {g: i for i, g in enumerate(dict.fromkeys(g for _, g in scenarios))}
    rows = [(p, g, targets[(personas[p] + goals[g]) % len(targets)]) for p, g in scenarios]
    met_persona = {(p, t) for p, _, t in rows}
    met_goal = {(g, t) for _, g, t in rows}
    for (p, g), t in product(scenarios, targets):
        if (p, t) not in met_persona or (g, t) not in met_goal:
            rows.append((p, g, t))
            met_persona.add((p, t))
            met_goal.add((g, t))
    return list(dict.fromkeys(rows))


def _shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a seeded order
    return mixed

"""Does the agent speak differently to different personas about the same thing? A permutation test over its register."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.domain.value import Value
from understudy.text.manner_of_speech import FEATURES

__all__ = ["Spoken", "ToneConsistency", "tone_consistency"]

MOST = 400
"""Conversations that are looked at; of more, a seeded sample. The permutations cost their number times this."""


@dataclass(frozen=True)
class Spoken:
    """How the agent spoke in one conversation."""

    persona: str
    goal: str
    features: tuple[float, ...]
    """In the order of `FEATURES`."""


class ToneConsistency(Value):
    """How much of the register's variation goes with the persona."""

    conversations: int
    personas: int
    p: float
    """The chance of so much if the persona made no difference."""
    effect: float
    """R squared: the share of the variation within goals that goes with the persona; 0 to 1."""
    feature: str
    """The feature with the largest share."""
    feature_effect: float


def tone_consistency(spoken: Sequence[Spoken], *, permutations: int = 499, seed: int = 0) -> ToneConsistency | None:
    """PERMANOVA (Anderson 2001) over persona, with permutations inside goals, on standardised features with the goals' means removed.

    Only personas with two conversations or more on the same goal count, since they show how much the register varies by itself.
    None without two such personas on one goal.
    """
    draw = random.Random(seed)  # noqa: S311 - a seeded permutation
    kept = _comparable(spoken)
    if len(kept) > MOST:
        kept = _comparable(draw.sample(kept, MOST))
    if not kept:
        return None
    rows = _standardised(kept)
    labels = [s.persona for s in kept]
    blocks = _blocks([s.goal for s in kept])
    total = [math.fsum(row[f] ** 2 for row in rows) for f in range(len(FEATURES))]
    everything = math.fsum(total)
    if everything == 0:
        return ToneConsistency(
            conversations=len(kept), personas=len(set(labels)), p=1.0, effect=0.0, feature=FEATURES[0], feature_effect=0.0
        )
    between = _between(rows, labels)
    seen = math.fsum(between) - 1e-9
    as_far = 0
    for _ in range(permutations):
        as_far += math.fsum(_between(rows, _shuffled_within(labels, blocks, draw))) >= seen
    shares = [b / t if t else 0.0 for b, t in zip(between, total, strict=True)]
    biggest = max(range(len(FEATURES)), key=lambda f: shares[f])
    return ToneConsistency(
        conversations=len(kept),
        personas=len(set(labels)),
        p=(as_far + 1) / (permutations + 1),
        effect=math.fsum(between) / everything,
        feature=FEATURES[biggest],
        feature_effect=shares[biggest],
    )


def _comparable(spoken: Sequence[Spoken]) -> list[Spoken]:
    """Those of persona-goal pairs with two conversations or more, on goals that two such personas share."""
    pairs: dict[tuple[str, str], list[Spoken]] = {}
    for one in spoken:
        pairs.setdefault((one.goal, one.persona), []).append(one)
    enough = {key: rows for key, rows in pairs.items() if len(rows) >= 2}
    personas: dict[str, int] = {}
    for goal, _ in enough:
        personas[goal] = personas.get(goal, 0) + 1
    return [one for (goal, _), rows in enough.items() if personas[goal] >= 2 for one in rows]


def _standardised(spoken: Sequence[Spoken]) -> list[list[float]]:
    """Each feature less the mean of its goal, in units of its own spread."""
    columns = list(zip(*(s.features for s in spoken), strict=True))
    by_goal = _blocks([s.goal for s in spoken])
    finished: list[list[float]] = []
    for column in columns:
        centred = list(column)
        for block in by_goal:
            mean = math.fsum(column[i] for i in block) / len(block)
            for i in block:
                centred[i] -= mean
        spread = math.sqrt(math.fsum(v * v for v in centred) / len(centred))
        # What differs by rounding only does not differ.
        finished.append([v / spread for v in centred] if spread > 1e-9 else [0.0] * len(centred))
    return [list(row) for row in zip(*finished, strict=True)]


def _blocks(names: Sequence[str]) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        found.setdefault(name, []).append(i)
    return list(found.values())


def _between(rows: Sequence[Sequence[float]], labels: Sequence[str]) -> list[float]:
    """Of each feature, the sum of squares between groups."""
    sums: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    for row, label in zip(rows, labels, strict=True):
        held = sums.get(label)
        if held is None:
            sums[label] = list(row)
        else:
            for f, value in enumerate(row):
                held[f] += value
        counts[label] = counts.get(label, 0) + 1
    return [math.fsum(sums[label][f] ** 2 / counts[label] for label in sums) for f in range(len(FEATURES))]


def _shuffled_within(labels: Sequence[str], blocks: Sequence[Sequence[int]], draw: random.Random) -> list[str]:
    mixed = list(labels)
    for block in blocks:
        values = [labels[i] for i in block]
        draw.shuffle(values)
        for i, value in zip(block, values, strict=True):
            mixed[i] = value
    return mixed

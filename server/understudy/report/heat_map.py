"""The heat map: personas by goals, one map a target, the worst of each where there are more than can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from understudy.domain.campaign import ConversationLine
from understudy.domain.value import Value

__all__ = ["HeatCell", "HeatMap", "HeatRow", "heat_maps"]

MOST_PERSONAS = 60
MOST_GOALS = 24
MOST_TARGETS = 4

Shade = Literal["none", "all", "most", "half", "few", "no"]
"""How much of what was judged passed: all, at least 75 %, at least half, some, nothing; none: nothing was judged."""


class HeatCell(Value):
    """One persona with one goal on one target."""

    persona: str
    goal: str
    passed: int
    judged: int
    left_out: int
    """Unscored, without an answer of the target, or spoiled by the simulator."""

    @property
    def played(self) -> int:
        return self.judged + self.left_out

    @property
    def shade(self) -> Shade:
        if self.judged == 0:
            return "none"
        share = self.passed / self.judged
        return "all" if share == 1 else "most" if share >= 0.75 else "half" if share >= 0.5 else "few" if share > 0 else "no"


class HeatRow(Value):
    """One persona."""

    persona: str
    cells: tuple[HeatCell | None, ...]
    """In the order of the map's goals; None where the two were not played."""


class HeatMap(Value):
    """One target."""

    target: str
    goals: tuple[str, ...]
    """The worst first."""
    rows: tuple[HeatRow, ...]
    """The worst first."""
    personas_in_all: int
    goals_in_all: int


def heat_maps(lines: Iterable[ConversationLine]) -> tuple[HeatMap, ...]:
    """A map for each of the first targets by name."""
    by_target: dict[str, list[ConversationLine]] = {}
    for line in lines:
        by_target.setdefault(line.target, []).append(line)
    return tuple(_map(target, by_target[target]) for target in sorted(by_target)[:MOST_TARGETS])


def _map(target: str, lines: Sequence[ConversationLine]) -> HeatMap:
    cells: dict[tuple[str, str], HeatCell] = {}
    members: dict[tuple[str, str], list[ConversationLine]] = {}
    for line in lines:
        members.setdefault((line.persona, line.goal), []).append(line)
    for (persona, goal), own in members.items():
        judged = [line for line in own if not line.simulator_fault and line.outcome in ("pass", "fail")]
        passed = sum(line.outcome == "pass" for line in judged)
        cells[persona, goal] = HeatCell(persona=persona, goal=goal, passed=passed, judged=len(judged), left_out=len(own) - len(judged))
    personas = _worst([(cell.persona, cell) for cell in cells.values()])
    shown = set(personas[:MOST_PERSONAS])
    # Where each persona has goals of its own, a column that no shown row plays would be empty.
    goals = _worst([(cell.goal, cell) for cell in cells.values() if cell.persona in shown])[:MOST_GOALS]
    rows = [HeatRow(persona=p, cells=tuple(cells.get((p, g)) for g in goals)) for p in personas[:MOST_PERSONAS]]
    return HeatMap(
        target=target,
        goals=tuple(goals),
        rows=tuple(row for row in rows if any(row.cells)),
        personas_in_all=len(personas),
        goals_in_all=len({goal for _, goal in cells}),
    )


def _worst(named: Iterable[tuple[str, HeatCell]]) -> list[str]:
    """Names by the share that passed, lowest first; of equal shares the one that rests on more; nothing judged last."""
    sums: dict[str, tuple[int, int]] = {}
    for name, cell in named:
        passed, judged = sums.get(name, (0, 0))
        sums[name] = (passed + cell.passed, judged + cell.judged)

    def order(name: str) -> tuple[bool, float, int, str]:
        passed, judged = sums[name]
        return judged == 0, passed / judged if judged else 0.0, -judged, name

    return sorted(sums, key=order)

"""Rates over stored conversations: by persona and by criterion, worst first, each with its denominator and interval.

Conversations in which different kinds of players took part are never pooled: a user played by the host of the tools has another
hand than one played by rules, and what comes of it is another figure.
"""

from __future__ import annotations

from understudy.app.context import App
from understudy.app.verdicts import ensure_verdict
from understudy.domain.scenario import CALLER, Scenario
from understudy.domain.value import Value
from understudy.judging.rates import Rates, aggregate
from understudy.ports import RunFilter, RunRecord

__all__ = ["MOST_RUNS", "PlayerRates", "RatesView", "played_by", "rates_of"]

MOST_RUNS = 2_000


class PlayerRates(Value):
    """The rates of the conversations that one kind of player took part in."""

    played_by: str
    """`rules`, `model`, `script`, `caller`; with `, answered by the caller` where the target was the caller."""
    runs: int
    rates: Rates


class RatesView(Value):
    """The rates of the newest finished conversations that fit; `left_out` more were not looked at."""

    runs: int
    left_out: int
    groups: list[PlayerRates]
    """By kind of player, the largest group first; one without conversations when none fits."""


def played_by(scenario: Scenario) -> str:
    """The kind of hands that a conversation was in."""
    return scenario.player + (", answered by the caller" if scenario.target == CALLER else "")


async def rates_of(app: App, *, persona: str | None = None, goal: str | None = None, target: str | None = None) -> RatesView:
    """Each run counts once, by the rubric that it was started with."""
    store = await app.store()
    wanted = RunFilter(status="finished", persona=persona, goal=goal, target=target)
    records = await store.runs(wanted, limit=MOST_RUNS)
    kinds: dict[str, list[RunRecord]] = {}
    for record in records:
        kinds.setdefault(played_by(record.scenario), []).append(record)
    groups = [await _group(app, kind, members) for kind, members in (kinds or {"rules": []}).items()]
    groups.sort(key=lambda g: -g.runs)
    return RatesView(runs=len(records), left_out=await store.count_runs(wanted) - len(records), groups=groups)


async def _group(app: App, kind: str, records: list[RunRecord]) -> PlayerRates:
    verdicts = [await ensure_verdict(app, record.id) for record in records]
    found = aggregate(verdicts, persona_of={record.id: record.scenario.persona.id for record in records})
    return PlayerRates(played_by=kind, runs=len(records), rates=found)

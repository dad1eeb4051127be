"""Rates over stored conversations: by persona and by criterion, worst first, each with its denominator and interval."""

from __future__ import annotations

from understudy.app.context import App
from understudy.app.verdicts import ensure_verdict
from understudy.domain.value import Value
from understudy.judging.rates import Rates, aggregate
from understudy.ports import RunFilter

__all__ = ["MOST_RUNS", "RatesView", "rates_of"]

MOST_RUNS = 2_000


class RatesView(Value):
    """The rates of the newest finished conversations that fit; `left_out` more were not looked at."""

    runs: int
    left_out: int
    rates: Rates


async def rates_of(app: App, *, persona: str | None = None, goal: str | None = None, target: str | None = None) -> RatesView:
    """Each run counts once, by the rubric that it was started with."""
    store = await app.store()
    wanted = RunFilter(status="finished", persona=persona, goal=goal, target=target)
    records = await store.runs(wanted, limit=MOST_RUNS)
    verdicts = [await ensure_verdict(app, record.id) for record in records]
    found = aggregate(verdicts, persona_of={record.id: record.scenario.persona.id for record in records})
    return RatesView(runs=len(records), left_out=await store.count_runs(wanted) - len(records), rates=found)

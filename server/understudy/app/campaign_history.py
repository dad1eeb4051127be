"""What earlier conversations with these targets took, for the estimate of a campaign: from the store, else an assumption."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

from understudy.app.context import App
from understudy.campaigns.estimate import ASSUMED, History
from understudy.domain.campaign import CampaignSpec
from understudy.domain.model_call import ModelUsage
from understudy.domain.model_price import ModelTotals, total
from understudy.domain.model_role import ModelRole
from understudy.ports import RunFilter, RunRecord, Store

__all__ = ["history_of", "is_priced", "seconds_of"]

LOOKED_AT = 60
"""The newest so many conversations, over all targets."""
_USER_TURNS = 8
_USER_CALL = ModelUsage(input_tokens=2600, output_tokens=140)
"""Of the model that plays the user, for one turn: persona, rules and a history of usual length."""
_JUDGE_CALL = ModelUsage(input_tokens=5200, output_tokens=900)
_JUDGE_CALLS = 3
"""Criteria, scorecard, and the audit of a user that a model played."""
_MODEL_SECONDS = 2.0


async def history_of(app: App, spec: CampaignSpec) -> History:
    """The averages of the newest finished conversations with the spec's targets and player."""
    store = await app.store()
    records: list[RunRecord] = []
    for target in spec.targets:
        found = await store.runs(RunFilter(status="finished", target=target), limit=max(10, LOOKED_AT // len(spec.targets)))
        records += [r for r in found if r.scenario.player == spec.player and r.ending not in ("cancelled", "target_failed")]
    if not records:
        return _assumed(app, spec)
    latencies, totals = await _times_and_totals(store, [record.id for record in records])
    judged = [record.outcome == "pass" for record in records if record.outcome in ("pass", "fail")]
    calls, n = sum(one.calls for one in totals), len(records)
    return History(
        conversations=n,
        target_calls=len(latencies) / n,
        target_seconds=fmean(latencies) if latencies else ASSUMED.target_seconds,
        model_calls=calls / n,
        model_seconds=sum(one.latency_ms for one in totals) / calls / 1000 if calls else 0.0,
        input_tokens=sum(one.input_tokens for one in totals) / n,
        output_tokens=sum(one.output_tokens for one in totals) / n,
        usd=None if any(one.unpriced for one in totals) else sum(one.cost_usd for one in totals) / n,
        pass_rate=fmean(judged) if judged else None,
    )


async def seconds_of(app: App, run_ids: Iterable[str]) -> tuple[float, float]:
    """The average seconds of a call of the target and of a call of our own models in these runs."""
    latencies, totals = await _times_and_totals(await app.store(), run_ids)
    calls = sum(one.calls for one in totals)
    return (fmean(latencies) if latencies else 0.0), (sum(one.latency_ms for one in totals) / calls / 1000 if calls else 0.0)


async def _times_and_totals(store: Store, run_ids: Iterable[str]) -> tuple[list[float], list[ModelTotals]]:
    """Seconds of every reply, and what the models took in each run."""
    latencies: list[float] = []
    totals: list[ModelTotals] = []
    for run_id in run_ids:
        played = await store.played(run_id)
        latencies += [turn.reply.latency_ms / 1000 for turn in (played.turns if played else ()) if turn.reply is not None]
        # What was called later to judge it again for a batch's sake took no part in the run.
        totals.append(total(call for call in await store.calls(run_id=run_id) if call.made_for.batch is None))
    return latencies, totals


def is_priced(app: App, spec: CampaignSpec) -> bool:
    """Whether a model with a price has a part in it."""
    from understudy.llm.price import price_of

    models = app.settings.models
    return any(role is not None and price_of(role) is not None for role in (_player(app, spec), models.judge))


def _player(app: App, spec: CampaignSpec) -> ModelRole | None:
    return app.settings.models.user if spec.player == "model" else None


def _assumed(app: App, spec: CampaignSpec) -> History:
    """Usual numbers of calls and tokens for the models that have a part in it, at their price."""
    from understudy.llm.price import price_of

    parts = [(_player(app, spec), _USER_TURNS, _USER_CALL)]
    if app.settings.defaults.judge != "checks":
        parts.append((app.settings.models.judge, _JUDGE_CALLS if spec.player == "model" else _JUDGE_CALLS - 1, _JUDGE_CALL))
    calls = tokens_in = tokens_out = 0
    usd: float | None = 0.0
    for role, number, usage in parts:
        if role is None:
            continue
        calls += number
        tokens_in += number * (usage.input_tokens or 0)
        tokens_out += number * (usage.output_tokens or 0)
        price = price_of(role)
        each = price.cost(usage) if price is not None else None
        usd = None if usd is None or each is None else usd + number * each
    return ASSUMED.evolve(
        model_calls=float(calls), model_seconds=_MODEL_SECONDS if calls else 0.0, input_tokens=float(tokens_in),
        output_tokens=float(tokens_out), usd=usd,
    )  # fmt: skip

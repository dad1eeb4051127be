"""What the models of one run have cost: calls, tokens, what was read from the provider's cache, and money, by role."""

from __future__ import annotations

from understudy.app.context import App
from understudy.domain.model_call import ModelCall, ModelRoleName
from understudy.domain.model_price import ModelTotals, total
from understudy.domain.value import Value

__all__ = ["ModelUse", "in_words", "use_of"]


class ModelUse(Value):
    """The calls of one model in one role, failed ones and those of earlier judgings included."""

    role: ModelRoleName
    model: str
    """`provider:model`, as configured."""
    calls: int
    failed: int
    """Of `calls`: without an answer; their tokens are not known."""
    input_tokens: int
    cached_tokens: int
    """Of `input_tokens`."""
    output_tokens: int
    cost_usd: float | None
    """Of the calls that have a price; None when there is none."""
    unpriced: int
    """Answered calls without a price: the true cost is higher by theirs."""

    @classmethod
    def of(cls, role: ModelRoleName, model: str, sums: ModelTotals) -> ModelUse:
        answered = sums.calls - sums.failed
        return cls(
            role=role,
            model=model,
            calls=sums.calls,
            failed=sums.failed,
            input_tokens=sums.input_tokens,
            cached_tokens=sums.cached_tokens,
            output_tokens=sums.output_tokens,
            cost_usd=sums.cost_usd if answered > sums.unpriced else None,
            unpriced=sums.unpriced,
        )


async def use_of(app: App, run_id: str) -> list[ModelUse]:
    """What was called for a run, in the order of the first calls; empty when no model had a part in it."""
    by: dict[tuple[ModelRoleName, str], list[ModelCall]] = {}
    for call in await (await app.store()).calls(run_id=run_id):
        by.setdefault((call.role, call.model), []).append(call)
    return [ModelUse.of(role, model, total(calls)) for (role, model), calls in by.items()]


def in_words(use: ModelUse) -> str:
    """One line for people."""
    failed = f" ({use.failed} without an answer)" if use.failed else ""
    share = f" ({use.cached_tokens / use.input_tokens:.0%} from the cache)" if use.input_tokens else ""
    calls = "1 call" if use.calls == 1 else f"{use.calls} calls"
    return f"{use.role} {use.model}: {calls}{failed}, {use.input_tokens:,} tokens in{share}, {use.output_tokens:,} out, {_cost(use)}"


def _cost(use: ModelUse) -> str:
    if use.cost_usd is None:
        return "unpriced" if use.unpriced else "nothing to pay for"
    beside = f" and {use.unpriced} unpriced calls" if use.unpriced else ""
    return f"{use.cost_usd:.4f} USD{beside}"

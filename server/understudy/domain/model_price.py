"""What a model's tokens cost, and the sum over many calls. A model without a price is unpriced, which is not the same as free."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from understudy.domain.model_call import ModelCall, ModelUsage
from understudy.domain.value import Value

__all__ = ["LongPrompts", "ModelPrice", "ModelTotals", "Rates", "total"]

_MILLION = 1_000_000


class Rates(Value):
    """USD per million tokens."""

    input: float = Field(ge=0)
    cached_input: float | None = Field(default=None, ge=0)
    """Read from the provider's cache; None: like input."""
    cache_write: float | None = Field(default=None, ge=0)
    """Written to it; None: like input."""
    output: float = Field(ge=0)
    """Reasoning included."""


class LongPrompts(Rates):
    """The rates of calls whose prompt is longer."""

    input_tokens: int = Field(ge=0)
    """Longer than so many tokens, cached ones included."""


class ModelPrice(Rates):
    """The price of one model."""

    above: LongPrompts | None = None

    def cost(self, usage: ModelUsage) -> float | None:
        """USD for one call; None when the provider did not say what it used."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        rates: Rates = self.above if self.above and usage.input_tokens > self.above.input_tokens else self
        cached, written = usage.cached_tokens or 0, usage.cache_write_tokens or 0
        plain = max(0, usage.input_tokens - cached - written)
        micro = (
            plain * rates.input
            + cached * (rates.input if rates.cached_input is None else rates.cached_input)
            + written * (rates.input if rates.cache_write is None else rates.cache_write)
            + usage.output_tokens * rates.output
        )
        return round(micro / _MILLION, 9)


class ModelTotals(Value):
    """Calls of models, summed."""

    calls: int = 0
    """Answered and failed; the tries that an answer took are one call."""
    failed: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float = 0.0
    """Of the calls that have a price."""
    unpriced: int = 0
    """Answered calls without one: the true cost is higher by theirs."""
    latency_ms: float = 0.0
    """Of the answered calls, one after the other."""

    @property
    def cached_share(self) -> float | None:
        """Of the prompt's tokens; None without any."""
        return self.cached_tokens / self.input_tokens if self.input_tokens else None


def total(calls: Iterable[ModelCall]) -> ModelTotals:
    """The sum over `calls`; the order does not matter."""
    made = list(calls)
    answered = [call for call in made if call.answer is not None]

    def tokens(field: str) -> int:
        return sum(getattr(call.usage, field) or 0 for call in answered)

    return ModelTotals(
        calls=len(made),
        failed=len(made) - len(answered),
        input_tokens=tokens("input_tokens"),
        cached_tokens=tokens("cached_tokens"),
        cache_write_tokens=tokens("cache_write_tokens"),
        output_tokens=tokens("output_tokens"),
        reasoning_tokens=tokens("reasoning_tokens"),
        cost_usd=round(sum(call.cost_usd for call in answered if call.cost_usd is not None), 9),
        unpriced=sum(call.cost_usd is None for call in answered),
        latency_ms=round(sum(call.latency_ms for call in answered), 3),
    )

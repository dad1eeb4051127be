"""What every wrapper of an adapter has from the one within it."""

from __future__ import annotations

from understudy.domain.value import JsonObject
from understudy.llm.adapter import Adapter
from understudy.ports import LLMRequest, OutputForm

__all__ = ["Wrapping"]


class Wrapping:
    """Name, forms of answers, bodies and end are the wrapped model's; `complete` is the wrapper's own."""

    def __init__(self, wrapped: Adapter) -> None:
        self._wrapped = wrapped
        self.name, self.provider, self.model = wrapped.name, wrapped.provider, wrapped.model

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """Those of the model."""
        return self._wrapped.outputs

    def body(self, request: LLMRequest) -> JsonObject:
        """That of the model."""
        return self._wrapped.body(request)

    async def aclose(self) -> None:
        """Close the model."""
        await self._wrapped.aclose()

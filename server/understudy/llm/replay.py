"""Answers from recordings instead of from a model: no key, no network, and byte for byte what was answered then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

from understudy.domain.errors import ModelError
from understudy.llm.adapter import Adapter
from understudy.llm.record import request_hash
from understudy.ports import CallLog, Completion, LLMRequest, OutputForm

__all__ = ["Replayed"]


class Replayed:
    """A model whose answers are looked up by the hash of what it would send."""

    def __init__(self, wrapped: Adapter, log: Callable[[], Awaitable[CallLog]]) -> None:
        """`wrapped` is never called; it only writes the bodies."""
        self._wrapped, self._log = wrapped, log
        self._asked: Counter[str] = Counter()
        self.name = wrapped.name

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """Those of the model."""
        return self._wrapped.outputs

    async def complete(self, request: LLMRequest) -> Completion:
        """What this request was answered with: the first time the first answer on record, then the next; after the last, the first
        again. Raises ModelError (not_recorded)."""
        hash = request_hash(self._wrapped.provider, self._wrapped.model, self._wrapped.body(request))
        nth = self._asked[hash]
        self._asked[hash] += 1
        log = await self._log()
        call = await log.recorded_call(hash, nth=nth)
        if call is None and nth:
            self._asked[hash] = 1
            call = await log.recorded_call(hash)
        if call is None or call.answer is None:
            raise ModelError(
                "not_recorded",
                self.name,
                f"`models.replay` is on, and no answer to this {request.role} request is on record (hash {hash[:12]}). "
                "Set `replay: false` to call the model, or use the store and settings of the run that was recorded.",
            )
        return Completion.model_validate(call.answer)

    async def aclose(self) -> None:
        """Close the model."""
        await self._wrapped.aclose()

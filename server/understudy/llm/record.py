"""Every call on record: what was sent, what came back, what it took and cost; failed ones too."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from understudy.domain.encoding import compact
from understudy.domain.errors import ModelError
from understudy.domain.model_call import ModelCall
from understudy.domain.model_price import ModelPrice
from understudy.domain.value import JsonObject
from understudy.llm.adapter import Adapter
from understudy.ports import CallLog, Completion, LLMRequest, OutputForm
from understudy.wire.masking import Secrets

__all__ = ["Recorded", "request_hash"]


def request_hash(provider: str, model: str, body: JsonObject) -> str:
    """The SHA-256 of a request's JSON, in hex: the same request has the same one on every machine. The fields of the body may come in
    any order; what is in them is written by us, and always in the same one."""
    ordered = {field: body[field] for field in sorted(body)}
    return hashlib.sha256(compact({"body": ordered, "model": model, "provider": provider})).hexdigest()


class Recorded:
    """A model whose calls are kept. All attempts of a call make one record."""

    def __init__(
        self,
        wrapped: Adapter,
        log: Callable[[], Awaitable[CallLog]],
        *,
        price: ModelPrice | None,
        secrets: Secrets,
        clock: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._wrapped, self._log = wrapped, log
        self._price, self._secrets = price, secrets
        self._clock, self._new_id = clock, new_id
        self.name = wrapped.name

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """Those of the model."""
        return self._wrapped.outputs

    async def complete(self, request: LLMRequest) -> Completion:
        """The model's answer, once it is kept. Raises ModelError, and StoreError when it cannot be kept."""
        body, at = self._wrapped.body(request), self._clock()
        call = ModelCall(
            id=self._new_id(),
            hash=request_hash(self._wrapped.provider, self._wrapped.model, body),
            role=request.role,
            model=self.name,
            made_for=request.made_for,
            sent=self._secrets.mask_json(body),
            at=at,
        )
        try:
            completion = await self._wrapped.complete(request)
        except ModelError as error:
            await self._keep(call.evolve(fault=error.kind, detail=error.detail, attempts=error.attempts))
            raise
        await self._keep(
            call.evolve(
                answer=completion.model_dump(mode="json"),
                usage=completion.usage,
                cost_usd=self._price.cost(completion.usage) if self._price else None,
                latency_ms=completion.latency_ms,
                attempts=completion.attempts,
            )
        )
        return completion

    async def aclose(self) -> None:
        """Close the model."""
        await self._wrapped.aclose()

    async def _keep(self, call: ModelCall) -> None:
        await (await self._log()).put_call(call)

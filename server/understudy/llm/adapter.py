"""The face inside the wrappers: a model whose request can be seen before it is sent, so that what is recorded is what was sent."""

from __future__ import annotations

from typing import Protocol

from understudy.domain.value import JsonObject
from understudy.ports import LLM, LLMRequest

__all__ = ["Adapter"]


class Adapter(LLM, Protocol):
    """A model behind one address."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str:
        """As configured."""
        ...

    def body(self, request: LLMRequest) -> JsonObject:
        """The body that `complete` posts for this request: the same one for the same request. Never holds a key."""
        ...

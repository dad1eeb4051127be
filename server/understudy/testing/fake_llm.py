"""A language model in memory: scripted answers, failures and refusals; every request is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from understudy.domain.errors import ModelError
from understudy.domain.model_call import Finish, ModelFault, ModelToolCall, ModelUsage
from understudy.ports import Completion, LLMRequest, OutputForm

__all__ = ["FakeLLM", "Said"]


class Said:
    """One scripted answer: words or a JSON object, how it ends, or the fault in its place."""

    def __init__(
        self,
        text: str | Mapping[str, Any] = "",
        *,
        finish: Finish | None = None,
        fault: ModelFault | None = None,
        tool_calls: Sequence[ModelToolCall] = (),
        usage: ModelUsage | None = None,
    ) -> None:
        self.text = text if isinstance(text, str) else json.dumps(text)
        self.finish: Finish = finish or ("tool_calls" if tool_calls else "stop" if self.text.strip() else "empty")
        self.fault: ModelFault | None = fault
        self.tool_calls, self.usage = tuple(tool_calls), usage


Scripted = str | Mapping[str, Any] | Said
Script = Sequence[Scripted] | Callable[[LLMRequest], Scripted]


class FakeLLM:
    """Answers in the order of `script` (the last one repeats), or what `script` makes of the request."""

    def __init__(
        self,
        script: Script,
        *,
        name: str = "fake:model",
        outputs: tuple[OutputForm, ...] = ("schema", "json", "text"),
        refuses: frozenset[OutputForm] = frozenset(),
    ) -> None:
        """`refuses`: forms that it offers and then answers with bad_request, as endpoints without schemas do."""
        self.name, self.outputs, self._refuses = name, outputs, refuses
        self._script = script
        self.requests: list[LLMRequest] = []
        self.closed = False

    async def complete(self, request: LLMRequest) -> Completion:
        """The scripted answer. Raises ModelError for a scripted fault."""
        self.requests.append(request)
        if request.output in self._refuses:
            raise ModelError("bad_request", self.name, f"no such output form: {request.output}")
        said = self._next(request)
        if said.fault is not None:
            raise ModelError(said.fault, self.name, "scripted")
        usage = said.usage or ModelUsage(input_tokens=_tokens(request), output_tokens=len(said.text) // 4 + 1)
        return Completion(text=said.text, tool_calls=said.tool_calls, model=self.name, finish=said.finish, usage=usage)

    def _next(self, request: LLMRequest) -> Said:
        script = self._script
        said = script(request) if callable(script) else script[min(len(self.requests) - 1, len(script) - 1)]
        return said if isinstance(said, Said) else Said(said)

    async def aclose(self) -> None:
        """Remembered in `closed`."""
        self.closed = True


def _tokens(request: LLMRequest) -> int:
    """About four characters a token."""
    return (sum(map(len, request.system)) + sum(len(m.text) for m in request.messages)) // 4

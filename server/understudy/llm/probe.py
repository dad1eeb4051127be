"""One tiny call of a model, to see whether it answers and in which form it can be held to a shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from understudy.domain.model_call import ModelMessage
from understudy.domain.model_role import ModelRole
from understudy.llm.open import open_adapter
from understudy.ports import LLMRequest, OutputForm
from understudy.prompting.structured import NoAnswer, ask

__all__ = ["ModelProbe", "probe_model"]

LONGEST_S = 30.0
"""Nobody waits longer for a checkup."""
_ROOM = 256
_FORMS: dict[OutputForm, str] = {
    "schema": "it holds to a JSON schema",
    "json": "it has no JSON schemas; its JSON mode works",
    "text": "it is held to a shape by words alone, and that works",
}


@dataclass(frozen=True)
class ModelProbe:
    """What calling a model found."""

    latency_ms: float = 0.0
    forms: str = ""
    """Which form works, in words."""
    problem: str = ""
    """Why it gave no answer; empty when it did."""


class _Ready(BaseModel):
    ready: bool


async def probe_model(settings: ModelRole, *, env: Mapping[str, str]) -> ModelProbe:
    """Ask for a tiny object: one attempt in each form until one works. Nothing is recorded."""
    adapter = open_adapter(settings.evolve(timeout_s=min(settings.timeout_s, LONGEST_S)), env=env)
    words = ModelMessage(role="user", text="Answer with a JSON object whose only key is ready, with the value true.")
    wanted = LLMRequest(role="user", system=("This is a connection test.",), messages=(words,), max_tokens=_ROOM)
    try:
        answer = await ask(adapter, wanted, _Ready)
    except NoAnswer as error:
        if error.kind in ("unreachable", "refused", "empty") or not error.completions:
            return ModelProbe(problem=error.detail)
        return ModelProbe(
            problem=f"It answers, but not in the shape asked for: {error.detail} It can neither play nor judge; take another model."
        )
    finally:
        await adapter.aclose()
    return ModelProbe(latency_ms=answer.completions[-1].latency_ms, forms=_FORMS[answer.form])

"""From settings to a model: the provider's adapter inside its wrappers. Adapters are imported when first opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from understudy.domain.errors import BadInput
from understudy.domain.model_call import ModelRoleName
from understudy.ports import LLM, CallLog
from understudy.settings.model import ModelRole

__all__ = ["open_llm"]


def open_llm(role: ModelRoleName, settings: ModelRole, *, env: Mapping[str, str], log: Callable[[], Awaitable[CallLog]]) -> LLM:  # noqa: ARG001
    """The model of `role`; nothing is called yet. `env` is where the key's variable is looked up, `log` where calls are kept."""
    raise BadInput(f"models.{role}", f"no adapter for {settings.provider}")

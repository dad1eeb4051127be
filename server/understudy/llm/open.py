"""From settings to a model: the provider's adapter inside its wrappers. Adapters are imported when first opened."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TYPE_CHECKING

from understudy.domain.model_call import ModelRoleName
from understudy.domain.model_role import ModelRole
from understudy.ports import LLM, CallLog

if TYPE_CHECKING:
    from understudy.llm.base import BaseAdapter
    from understudy.llm.limit import Gates

__all__ = ["open_adapter", "open_llm"]


def open_llm(
    role: ModelRoleName,
    settings: ModelRole,
    *,
    env: Mapping[str, str],
    log: Callable[[], Awaitable[CallLog]],
    gates: Gates | None = None,
    replay: bool = False,
) -> LLM:
    """The model of `role`; nothing is called yet.

    `env` is where the key's variable is looked up, `log` where calls are kept, `gates` what roles at the same address share. With
    `replay` every answer comes from the log.
    """
    adapter = open_adapter(settings, env=env)
    if replay:
        from understudy.llm.replay import Replayed

        return Replayed(adapter, log)
    from understudy.llm.limit import Gates, Limited
    from understudy.llm.price import price_of
    from understudy.llm.record import Recorded
    from understudy.llm.retry import Retried
    from understudy.wire.masking import Secrets

    gate = (gates or Gates()).gate(
        settings.provider, settings.address, concurrency=settings.concurrency, requests_per_minute=settings.requests_per_minute
    )
    jitter = Random(f"{role} {secrets.token_hex(8)}")  # noqa: S311 - spreads retries, guards nothing
    asked_again = Retried(Limited(adapter, gate), retries=settings.retries, random=jitter)
    return Recorded(
        asked_again,
        log,
        price=price_of(settings),
        secrets=Secrets((settings.key_name,) if settings.key_name else (), env),
        clock=time.time,
        new_id=lambda: f"call_{secrets.token_hex(8)}",
    )


def open_adapter(settings: ModelRole, *, env: Mapping[str, str]) -> BaseAdapter:
    """The bare adapter: one attempt a call, nothing recorded."""
    if settings.provider == "anthropic":
        from understudy.llm.anthropic import AnthropicModel

        return AnthropicModel(settings, env)
    if settings.provider == "openai":
        from understudy.llm.openai import OpenAIModel

        return OpenAIModel(settings, env)
    from understudy.llm.openai_compatible import OpenAICompatibleModel

    return OpenAICompatibleModel(settings, env)

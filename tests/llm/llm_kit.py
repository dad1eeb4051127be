"""What the tests of models share: every adapter over the fake model server, and requests to send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel

from understudy.domain.model_call import ModelMessage
from understudy.llm.base import BaseAdapter
from understudy.llm.open import open_adapter
from understudy.ports import CallLog, LLMRequest
from understudy.settings.model import ModelRole
from understudy.testing.fake_models import FakeModels

KEY = "sk-very-secret-key-0123456789"
ENV = {"ANTHROPIC_API_KEY": KEY, "OPENAI_API_KEY": KEY, "LOCAL_KEY": KEY}
PROVIDERS = ("anthropic", "openai", "openai_compatible")
MODELS = {"anthropic": "claude-haiku-4-5", "openai": "gpt-4.1-mini", "openai_compatible": "llama3.2"}


class Move(BaseModel):
    """A shape to ask for."""

    move: str
    turn: int


def role(provider: str, url: str, **more: Any) -> ModelRole:
    """The settings of a model at `url`."""
    key = {"key_env": "LOCAL_KEY"} if provider == "openai_compatible" else {}
    return ModelRole.model_validate({"provider": provider, "model": MODELS[provider], "base_url": url, "timeout_s": 5, **key, **more})


def url_of(server: FakeModels, provider: str) -> str:
    """The base URL that this provider's client wants."""
    return server.anthropic_url if provider == "anthropic" else server.openai_url


@asynccontextmanager
async def adapter_at(server: FakeModels, provider: str, **more: Any) -> AsyncIterator[BaseAdapter]:
    """The bare adapter, closed at the end."""
    adapter = open_adapter(role(provider, url_of(server, provider), **more), env=ENV)
    try:
        yield adapter
    finally:
        await adapter.aclose()


def request(text: str = "Hello?", **more: Any) -> LLMRequest:
    """One user message, unless `messages` says otherwise."""
    return LLMRequest(**{"role": "user", "system": ("Be brief.",), "messages": (ModelMessage(role="user", text=text),), **more})


def as_log(log: CallLog) -> Callable[[], Awaitable[CallLog]]:
    """How wrappers are given a log."""

    async def opened() -> CallLog:
        return log

    return opened

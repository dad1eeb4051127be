"""Models of Anthropic through the official SDK (Messages)."""

from __future__ import annotations

from collections.abc import Mapping

import anthropic

from understudy.domain.model_role import ModelRole
from understudy.domain.value import JsonObject
from understudy.llm.base import BaseAdapter
from understudy.llm.http import Raw, sdk_client
from understudy.llm.messages_wire import messages_body, read_message
from understudy.llm.sdk import NO_KEY, Create, sent_through
from understudy.ports import Completion, LLMRequest, OutputForm

__all__ = ["AnthropicModel"]


class AnthropicModel(BaseAdapter):
    """The adapter of `provider: anthropic`."""

    offers: tuple[OutputForm, ...] = ("schema", "text")

    def __init__(self, settings: ModelRole, env: Mapping[str, str]) -> None:
        super().__init__(settings, env)
        self._client = anthropic.AsyncAnthropic(
            api_key=NO_KEY,
            base_url=settings.address.removesuffix("/v1"),  # the SDK adds it
            max_retries=0,
            timeout=None,
            open_telemetry=False,
            http_client=sdk_client(self._http),
        )
        self._create: Create = self._client.messages.with_raw_response.create

    def body(self, request: LLMRequest) -> JsonObject:
        """The body of POST /v1/messages."""
        return messages_body(request, self.model, room=self._room(request), temperature=self._temperature(request))

    def _key_header(self) -> dict[str, str]:
        return self._key.header("x-api-key")

    async def _post(self, body: JsonObject) -> Raw:
        return await sent_through(self._create, body, max_tokens=body["max_tokens"])

    def _read(self, content: bytes) -> Completion:
        return read_message(content, self.model)

"""Models of OpenAI through the official SDK (chat completions)."""

from __future__ import annotations

from collections.abc import Mapping

import openai

from understudy.domain.model_role import ModelRole
from understudy.domain.value import JsonObject
from understudy.llm.base import BaseAdapter
from understudy.llm.chat_wire import chat_body, read_chat
from understudy.llm.http import Raw, sdk_client
from understudy.llm.sdk import NO_KEY, Create, sent_through
from understudy.ports import Completion, LLMRequest

__all__ = ["OpenAIModel"]


class OpenAIModel(BaseAdapter):
    """The adapter of `provider: openai`. What stays the same comes first in the prompt, so that its cache works by itself."""

    def __init__(self, settings: ModelRole, env: Mapping[str, str]) -> None:
        super().__init__(settings, env)
        self._client = openai.AsyncOpenAI(
            api_key=NO_KEY, base_url=settings.address, max_retries=0, timeout=None, http_client=sdk_client(self._http)
        )
        self._create: Create = self._client.chat.completions.with_raw_response.create

    def body(self, request: LLMRequest) -> JsonObject:
        """The body of POST /chat/completions."""
        room = self._room(request)
        return chat_body(request, self.model, room_field="max_completion_tokens", room=room, temperature=self._temperature(request))

    def _key_header(self) -> dict[str, str]:
        return self._key.header("Authorization", "Bearer ")

    async def _post(self, body: JsonObject) -> Raw:
        return await sent_through(self._create, body)

    def _read(self, content: bytes) -> Completion:
        return read_chat(content, self.model)

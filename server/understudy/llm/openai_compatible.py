"""Models behind any OpenAI-compatible address (Ollama, vLLM, a proxy): plain aiohttp, since what they answer is seldom quite conformant."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from yarl import URL

from understudy.domain.encoding import compact
from understudy.domain.model_role import ModelRole
from understudy.domain.value import JsonObject
from understudy.llm.base import BaseAdapter
from understudy.llm.chat_wire import chat_body, read_chat
from understudy.llm.http import Raw
from understudy.ports import Completion, LLMRequest

__all__ = ["OpenAICompatibleModel"]


class OpenAICompatibleModel(BaseAdapter):
    """The adapter of `provider: openai_compatible`."""

    def __init__(self, settings: ModelRole, env: Mapping[str, str]) -> None:
        super().__init__(settings, env)
        path = "" if self.address.endswith("/chat/completions") else "/chat/completions"
        query = urlsplit(settings.base_url or "").query  # some proxies want their version there
        self._url = URL(self.address + path + (f"?{query}" if query else ""), encoded=True)

    def body(self, request: LLMRequest) -> JsonObject:
        """The body of POST /chat/completions."""
        return chat_body(request, self.model, room_field="max_tokens", room=self._room(request), temperature=self._temperature(request))

    def _key_header(self) -> dict[str, str]:
        return self._key.header("Authorization", "Bearer ")

    async def _post(self, body: JsonObject) -> Raw:
        return await self._http.post(self._url, compact(body))

    def _read(self, content: bytes) -> Completion:
        return read_chat(content, self.model)

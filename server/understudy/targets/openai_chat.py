"""Target: an OpenAI-compatible chat completions endpoint, in one JSON answer or streamed.

Plain aiohttp: the official SDK takes about twenty times its CPU per call, and would refuse the half-conformant bodies
that agents under test send.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from yarl import URL

from understudy.domain.conversation import Reply
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import as_messages, at_path, found_instead, hands_off, state_from, text_of, tool_calls_from
from understudy.targets.failure import CallFailed, excerpt
from understudy.targets.http_call import HttpCalls, Seen, Sleep, object_in
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.targets.settings import OpenAITarget
from understudy.targets.sse import StreamedAnswer
from understudy.targets.wire import is_list, is_object

__all__ = ["OpenAIChat"]

ADVICE = {404: "Check `url` (it must lead to /chat/completions) and `model`."}


class OpenAIChat:
    """The adapter of `kind: openai`. One connection pool per target; nothing is kept per conversation."""

    kind = "openai"
    needs_session = False

    def __init__(
        self, name: str, settings: OpenAITarget, *, env: Mapping[str, str], allow: AllowList | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.name = name
        self._settings = settings
        self._calls = HttpCalls(settings, env=env, retries=settings.retries, allow=allow, sleep=sleep, advice=ADVICE)
        self._address = settings.address
        self._url = URL(settings.endpoint, encoded=True)
        accepts = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self._headers = {**accepts, **settings.headers_from(env)}

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        body = self._body(request)
        return await self._calls.run(lambda: self._post(body))

    @property
    def seen(self) -> Seen | None:
        """The last answer as it came."""
        return self._calls.seen

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._calls.aclose()

    def _body(self, request: TargetRequest) -> bytes:
        messages = as_messages(request.turns)
        if self._settings.system:
            messages.insert(0, {"role": "system", "content": self._settings.system})
        body = {**self._settings.extra_body, "model": self._settings.model, "messages": messages, "stream": self._settings.stream}
        return json.dumps(body).encode()

    async def _post(self, body: bytes) -> Reply:
        calls = self._calls
        async with calls.send(self._url, body=body, headers=self._headers) as response:
            # Some servers stream unasked and some do not when asked: the answer says which it is.
            if response.content_type != "text/event-stream":
                return self._understand(object_in(await calls.json(response), self._address), None)
            answer = StreamedAnswer(self._address, self._settings.state_path, calls.secrets)
            async for event in calls.events(response):
                answer.add(event)
            found, state = answer.body()
        return self._understand(calls.secrets.mask_json(found), calls.secrets.mask_json(state))

    def _understand(self, body: dict[str, Any], streamed_state: Any) -> Reply:
        address, path = self._address, self._settings.state_path
        message = at_path(body, "choices.0.message")
        if not is_object(message):
            raise CallFailed("wrong_shape", f"{address} answered without `choices[0].message`; it sent {_shape(body)}.")
        text = text_of(message.get("content"))
        if text is None:
            raise CallFailed("wrong_shape", f"{address}: `content` is {found_instead(message.get('content'))}, not text.")
        calls = tool_calls_from(message.get("tool_calls"), address)
        state = streamed_state if streamed_state is not None else at_path(body, path) if path else None
        # A refusal is what the agent says when it says nothing else.
        text = text or (message["refusal"] if isinstance(message.get("refusal"), str) else "")
        at_most(MAX_TEXT, len(text), address, "the text")
        return Reply(
            text=text,
            tool_calls=calls,
            state=state_from(state, f"{address}, `{path}`"),
            handed_off=hands_off(self._settings.handoff, text, calls, body),
        )


def _shape(body: dict[str, Any]) -> str:
    error = body.get("error")
    said = f"; it said {excerpt(error if isinstance(error, str) else json.dumps(error))!r}" if error else ""
    choices = body.get("choices")
    if is_list(choices):
        return f"{found_instead(body)} and {len(choices)} choices{said}"
    return found_instead(body) + said

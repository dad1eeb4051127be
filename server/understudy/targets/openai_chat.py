"""Target: an OpenAI-compatible chat completions endpoint, in one JSON answer or streamed.

Plain aiohttp: the official SDK takes about twenty times its CPU per call, and would refuse the half-conformant bodies
that agents under test send.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from yarl import URL

from understudy.domain.conversation import Reply
from understudy.ports import TargetRequest
from understudy.targets.answer import as_messages, at_path, found_instead, hands_off, state_from, text_of, tool_calls_from
from understudy.targets.environment import missing_names
from understudy.targets.failure import CallFailed, excerpt, from_network, from_status, missing_environment
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.targets.masking import Secrets
from understudy.targets.retry import GaveUp, parse_retry_after, with_retries
from understudy.targets.settings import OpenAITarget
from understudy.targets.sse import EventSplitter, StreamedAnswer
from understudy.targets.wire import TooDeep, is_list, is_object, parse_json

__all__ = ["OpenAIChat"]

CONNECT_S = 5.0
"""A host that does not even take the connection in this time is dead; waiting for the whole time limit tells no more."""
MAX_BYTES = 8 * 2**20


class OpenAIChat:
    """The adapter of `kind: openai`. One connection pool per target; nothing is kept per conversation."""

    kind = "openai"
    needs_session = False

    def __init__(
        self,
        name: str,
        settings: OpenAITarget,
        *,
        env: Mapping[str, str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self._settings, self._sleep = settings, sleep
        self._missing = missing_names(settings.env_names, env)
        self._secrets = Secrets(settings.env_names, env)
        self._address = settings.address
        self._url = URL(settings.endpoint, encoded=True)
        self._headers = _headers(settings, env)
        self._unfit = tuple(name for name in settings.env_names if not env.get(name, "").strip().isprintable())
        self._session: aiohttp.ClientSession | None = None

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        if self._missing:
            raise missing_environment(self._missing).as_error()
        if self._unfit:
            raise CallFailed(
                "not_configured", f"The variable `{self._unfit[0]}` holds a line break and cannot go into a header."
            ).as_error()
        body = self._body(request)
        started = time.perf_counter()

        async def call() -> Reply:
            nonlocal started
            started = time.perf_counter()
            return await self._once(body)

        try:
            reply, attempts = await with_retries(call, retries=self._settings.retries, sleep=self._sleep)
        except GaveUp as error:
            raise error.last.as_error(error.attempts) from None
        return reply.evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3), attempts=attempts)

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _body(self, request: TargetRequest) -> bytes:
        messages = as_messages(request.turns)
        if self._settings.system:
            messages.insert(0, {"role": "system", "content": self._settings.system})
        body = {**self._settings.extra_body, "model": self._settings.model, "messages": messages, "stream": self._settings.stream}
        return json.dumps(body).encode()

    async def _once(self, body: bytes) -> Reply:
        address = self._address
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await self._post(body)
        except CallFailed as error:
            raise error.masked(self._secrets) from None
        except aiohttp.ConnectionTimeoutError as error:
            raise from_network(error, address, self._secrets) from None
        except TimeoutError:
            raise CallFailed("timeout", f"{address} did not answer within {self._settings.timeout_s:g} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise from_network(error, address, self._secrets) from None

    async def _post(self, body: bytes) -> Reply:
        async with self._open_session().post(self._url, data=body, headers=self._headers, allow_redirects=False) as response:
            if not 200 <= response.status < 300:
                wait = parse_retry_after(response.headers.get("Retry-After"))
                location = self._secrets.mask(response.headers.get("Location", ""))
                said = self._secrets.mask_piece((await self._read(response)).decode(errors="replace"))
                raise from_status(response.status, said, self._address, location=location, retry_after=wait)
            # Some servers stream unasked and some do not when asked: the answer says which it is.
            if response.content_type == "text/event-stream":
                found, state = await self._read_stream(response)
            else:
                found, state = _parse(await self._read(response), self._address, self._secrets), None
        # Once before anything is told of it or cut, and once after: text in parts and arguments in a string are whole only then.
        return self._secrets.mask_reply(self._understand(self._secrets.mask_json(found), self._secrets.mask_json(state)))

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        pieces: list[bytes] = []
        size = 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > MAX_BYTES:
                raise CallFailed("wrong_shape", f"{self._address} sent more than {MAX_BYTES // 2**20} MB for one answer.")
            pieces.append(piece)
        return b"".join(pieces)

    async def _read_stream(self, response: aiohttp.ClientResponse) -> tuple[dict[str, Any], Any]:
        splitter, answer, size = EventSplitter(), StreamedAnswer(self._address, self._settings.state_path, self._secrets), 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > MAX_BYTES:
                raise CallFailed("wrong_shape", f"{self._address} streamed more than {MAX_BYTES // 2**20} MB for one answer.")
            for event in splitter.feed(piece):
                answer.add(event)
        for event in splitter.end():
            answer.add(event)
        return answer.body()

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

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # How many calls run at once is the campaign's affair.
                connector=aiohttp.TCPConnector(limit=0),
                # A cookie that one conversation got must not reach another.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
            )
        return self._session


def _headers(settings: OpenAITarget, env: Mapping[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **settings.headers_from(env)}


def _parse(raw: bytes, address: str, secrets: Secrets) -> dict[str, Any]:
    if not raw.strip():
        raise CallFailed("empty", f"{address} answered with an empty body.")
    try:
        body = parse_json(raw)
    except TooDeep as error:
        raise CallFailed("wrong_shape", f"{address} answered {error}.") from None
    except ValueError:
        said = secrets.mask_piece(raw.decode(errors="replace"))
        raise CallFailed("rubbish", f"{address} answered something that is not JSON: {excerpt(said)!r}") from None
    if not is_object(body):
        raise CallFailed("wrong_shape", f"{address} answered {found_instead(secrets.mask_json(body))}, not an object.")
    return body


def _shape(body: dict[str, Any]) -> str:
    error = body.get("error")
    said = f"; it said {excerpt(error if isinstance(error, str) else json.dumps(error))!r}" if error else ""
    choices = body.get("choices")
    if is_list(choices):
        return f"{found_instead(body)} and {len(choices)} choices{said}"
    return found_instead(body) + said

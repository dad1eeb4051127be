"""What all targets over HTTP share: one connection pool, bounded reading, masked secrets, retries, and a typed failure for each fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from understudy.domain.conversation import Reply
from understudy.targets.allow import AllowList, guarded_connector
from understudy.targets.answer import found_instead
from understudy.targets.base_settings import HeadersTarget
from understudy.targets.environment import unready
from understudy.targets.failure import CallFailed, from_network, from_status
from understudy.targets.retry import timed_reply
from understudy.targets.sse import EventSplitter
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, is_object, parse_json
from understudy.wire.retry_after import parse_retry_after

__all__ = ["CONNECT_S", "MAX_BYTES", "HttpCalls", "Seen", "Sleep", "new_session", "object_in"]

CONNECT_S = 5.0
"""A host that does not even take the connection in this time is dead; waiting for the whole time limit tells no more."""
MAX_BYTES = 8 * 2**20
SEEN_EVENTS = 8
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Seen:
    """The last answer as it came, without secrets: what a probe looks at to tell how the agent wants to be called."""

    status: int
    content_type: str
    body: Any = None
    """Parsed JSON; the text where it was none; the first events of a stream, as a list."""
    streamed: bool = False


def new_session(allow: AllowList | None) -> aiohttp.ClientSession:
    """A client without cookies (one that a conversation got must not reach another) and without proxies of the environment."""
    return aiohttp.ClientSession(
        connector=guarded_connector(allow),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
    )


class HttpCalls:
    """Calls of one target. Nothing is kept per conversation; redirects are not followed."""

    def __init__(
        self,
        settings: HeadersTarget,
        *,
        env: Mapping[str, str],
        retries: int,
        allow: AllowList | None = None,
        sleep: Sleep = asyncio.sleep,
        advice: Mapping[int, str] | None = None,
    ) -> None:
        """`advice`: what to do about a status, for this kind of target."""
        self.address = settings.address
        self.secrets = Secrets(settings.env_names, env)
        self.seen: Seen | None = None
        self._timeout_s, self._retries = settings.timeout_s, retries
        self._unready = unready(settings.env_names, env, in_headers=True)
        self._allow, self._sleep, self._advice = allow, sleep, advice or {}
        self._session: aiohttp.ClientSession | None = None

    async def run(self, once: Callable[[], Awaitable[Reply]]) -> Reply:
        """What `once` gives, within the time limit, tried again where that may help.

        Raises TargetError; cancelling closes the request. The latency is that of the attempt that succeeded.
        """
        if self._unready is not None:
            raise self._unready.as_error()
        return await timed_reply(lambda: self._bounded(once), retries=self._retries, sleep=self._sleep)

    async def _bounded(self, once: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            async with asyncio.timeout(self._timeout_s):
                return self.secrets.mask_reply(await once())
        except CallFailed as error:
            raise error.masked(self.secrets) from None
        except aiohttp.ConnectionTimeoutError as error:
            raise from_network(error, self.address, self.secrets) from None
        except TimeoutError:
            raise CallFailed("timeout", f"{self.address} did not answer within {self._timeout_s:g} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise from_network(error, self.address, self.secrets) from None

    @asynccontextmanager
    async def send(
        self, url: URL, *, body: bytes | None, headers: Mapping[str, str], method: str = "POST"
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """The answer to one request, not yet read. Raises CallFailed for any status but 2xx."""
        if self._session is None:
            self._session = new_session(self._allow)
        self.seen = None
        async with self._session.request(method, url, data=body, headers=headers, allow_redirects=False) as response:
            if not 200 <= response.status < 300:
                raise await self._from_status(response)
            yield response

    async def _from_status(self, response: aiohttp.ClientResponse) -> CallFailed:
        wait = parse_retry_after(response.headers.get("Retry-After"))
        location = self.secrets.mask(response.headers.get("Location", ""))
        raw = await self.read(response)
        self._saw(response, _json_or_text(raw, self.secrets))
        said = self.secrets.mask_piece(raw.decode(errors="replace"))
        return from_status(response.status, said, self.address, location=location, retry_after=wait, advice=self._advice)

    async def read(self, response: aiohttp.ClientResponse) -> bytes:
        """The whole body. Raises CallFailed (wrong_shape) when it is too big."""
        return b"".join([piece async for piece in self._pieces(response)])

    async def json(self, response: aiohttp.ClientResponse) -> Any:
        """The body as JSON without secrets. Raises CallFailed: empty, rubbish, or wrong_shape when too deep or too big."""
        return self.parse(await self.read(response), response)

    def parse(self, raw: bytes, response: aiohttp.ClientResponse) -> Any:
        """`json` for a body that was read already."""
        if not raw.strip():
            raise CallFailed("empty", f"{self.address} answered with an empty body.")
        try:
            body = self.secrets.mask_json(parse_json(raw))
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self.address} answered {error}.") from None
        except ValueError:
            said = self.secrets.mask_piece(raw.decode(errors="replace"))
            self._saw(response, said)
            raise CallFailed("rubbish", f"{self.address} answered something that is not JSON: {excerpt(said)!r}") from None
        self._saw(response, body)
        return body

    def saw_text(self, response: aiohttp.ClientResponse, raw: bytes) -> None:
        """A body that is no JSON, and need not be."""
        self._saw(response, _json_or_text(raw, self.secrets))

    async def events(self, response: aiohttp.ClientResponse) -> AsyncGenerator[bytes]:
        """The data of the server-sent events, as they come. Raises CallFailed (wrong_shape) when they are too much."""
        splitter, first = EventSplitter(), list[Any]()
        async for piece in self._pieces(response):
            for event in splitter.feed(piece):
                self._saw_event(response, first, event)
                yield event
        for event in splitter.end():
            self._saw_event(response, first, event)
            yield event

    async def lines(self, response: aiohttp.ClientResponse) -> AsyncGenerator[bytes]:
        """The lines that are not blank, as they come. Raises CallFailed (wrong_shape) when they are too much."""
        rest, first = list[bytes](), list[Any]()
        async for piece in self._pieces(response):
            rest.append(piece)
            if b"\n" not in piece:
                continue
            *lines, left = b"".join(rest).split(b"\n")
            rest = [left]
            for line in lines:
                if line.strip():
                    self._saw_event(response, first, line)
                    yield line
        if (last := b"".join(rest)).strip():
            self._saw_event(response, first, last)
            yield last

    async def _pieces(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        size = 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > MAX_BYTES:
                raise CallFailed("wrong_shape", f"{self.address} sent more than {MAX_BYTES // 2**20} MB for one answer.")
            yield piece

    def _saw(self, response: aiohttp.ClientResponse, body: Any, *, streamed: bool = False) -> None:
        self.seen = Seen(response.status, response.content_type, body, streamed)

    def _saw_event(self, response: aiohttp.ClientResponse, first: list[Any], data: bytes) -> None:
        if len(first) < SEEN_EVENTS:
            first.append(_json_or_text(data, self.secrets))
            self._saw(response, first, streamed=True)

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def object_in(body: Any, address: str) -> dict[str, Any]:
    """The body as an object. Raises CallFailed (wrong_shape)."""
    if not is_object(body):
        raise CallFailed("wrong_shape", f"{address} answered {found_instead(body)}, not an object.")
    return body


def _json_or_text(raw: bytes, secrets: Secrets) -> Any:
    try:
        return secrets.mask_json(parse_json(raw))
    except ValueError:
        return secrets.mask_piece(raw.decode(errors="replace"))[:2000]

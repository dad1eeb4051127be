"""The one way out to a provider: POST of JSON over aiohttp to the configured address, and to no other.

No proxies from the environment, no cookies, no redirects, and only the headers named here: an SDK's own headers about the
machine, and those that it would take from environment variables, stay behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import httpx2
from yarl import URL

__all__ = ["Http", "Raw", "SdkTransport", "TooLong", "sdk_client"]

CONNECT_S = 5.0
"""A host that does not even take the connection in this time is dead; waiting for the whole time limit tells no more."""
MAX_BYTES = 8 * 2**20
_FROM_SDK = ("accept", "content-type", "anthropic-version")
"""What an SDK may say beside the body; the key's header is ours."""
_ABOUT_ENCODING = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class TooLong(Exception):
    """The answer is longer than MAX_BYTES."""


@dataclass(frozen=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    raw_headers: tuple[tuple[bytes, bytes], ...]
    content: bytes


class Http:
    """A pool of connections to one provider."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        """`headers` go with every request; the key is among them."""
        self._headers = {"User-Agent": "understudy", "Accept": "application/json", "Content-Type": "application/json", **headers}
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: URL, body: bytes, headers: Mapping[str, str] | None = None) -> Raw:
        """The answer, whatever its status. Raises aiohttp.ClientError, OSError and TooLong; cancelling closes the request."""
        sent = {**headers, **self._headers} if headers else self._headers
        async with self._open().post(url, data=body, headers=sent, allow_redirects=False) as response:
            content = await _read(response)
            return Raw(response.status, response.headers, response.raw_headers, content)

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # How many calls run at once is the limiter's affair.
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
                trust_env=False,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > MAX_BYTES:
            raise TooLong
        pieces.append(piece)
    return b"".join(pieces)


class SdkTransport(httpx2.AsyncBaseTransport):
    """What an official SDK is given to send with: its requests go out through `Http`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises what `Http.post` raises; the SDK makes it the cause of its own connection error."""
        said = {name: value for name in _FROM_SDK if (value := request.headers.get(name))}
        raw = await self._http.post(URL(str(request.url), encoded=True), request.content, said)
        # aiohttp has undone the encodings that these headers tell of.
        headers = [(name, value) for name, value in raw.raw_headers if name.lower() not in _ABOUT_ENCODING]
        return httpx2.Response(raw.status, headers=headers, content=raw.content, request=request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def sdk_client(http: Http) -> httpx2.AsyncClient:
    """The HTTP client to hand to an SDK: without proxies, redirects or time limits of its own."""
    return httpx2.AsyncClient(transport=SdkTransport(http), trust_env=False, follow_redirects=False, timeout=None)

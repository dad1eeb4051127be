"""One connection of the official MCP client, held open by a task of its own until it is ended or breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2
from mcp import Client
from mcp.client._transport import Transport
from mcp.client.session import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import ElicitRequestParams, ElicitResult, Tool

from understudy.targets.allow import AllowList
from understudy.targets.checked_send import sent_where_allowed
from understudy.targets.failure import CallFailed, from_status
from understudy.targets.http_failures import first_cause, from_client_error
from understudy.targets.mcp_pipe import over_pipes
from understudy.targets.mcp_settings import McpTarget
from understudy.targets.process import TargetProcess, start
from understudy.wire.masking import Secrets
from understudy.wire.retry_after import parse_retry_after

__all__ = ["McpConnection"]

# At DEBUG they print the headers of answers, with whatever secrets the agent wrote there.
for _name in ("httpcore2", "httpx2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT_S = 5.0
MOST_PAGES = 50
_WRONG_ADDRESS = "Check `url`: MCP servers often listen under /mcp."


class McpConnection:
    """A client that is connected once `open` has returned. Calls may be made from any task."""

    def __init__(
        self, settings: McpTarget, *, env: Mapping[str, str], headers: Mapping[str, str], secrets: Secrets, allow: AllowList | None
    ) -> None:
        self._settings, self._env, self._headers, self._secrets, self._allow = settings, env, headers, secrets, allow
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.process: TargetProcess | None = None
        self.tools: dict[str, Tool] = {}
        self.doubtful = False
        """A call on it was given up: it must show that it still answers before the next one."""
        self.in_use = 0
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stop = asyncio.Event()
        self._client: Client | None = None
        self._broke: BaseException | None = None
        self._status: CallFailed | None = None
        """The last HTTP status that was no success: the client's own errors do not tell it."""
        self._task = asyncio.create_task(self._hold())

    @property
    def client(self) -> Client:
        """The connected client."""
        assert self._client is not None  # noqa: S101 - `open` has returned
        return self._client

    async def open(self) -> None:
        """Wait until it is connected and knows the server's tools. Raises CallFailed."""
        try:
            await asyncio.shield(self._ready)
        except Exception as error:
            raise self.failure(error) from None

    async def still_answers(self) -> None:
        """Raises MCPError or CallFailed when the server does not."""
        await self.client.list_tools(cache_mode="bypass")
        self.doubtful = False

    def kill(self) -> None:
        """End it, and the server's process with it."""
        self._stop.set()
        if self.process is not None:
            self.process.kill()
        if not self._ready.done():
            self._task.cancel()

    async def broken(self) -> None:
        """End a connection that is breaking; a moment is waited for the reason to be known."""
        if self.process is not None:
            await self.process.ended()
        else:
            await asyncio.wait([self.gone], timeout=0.5)
        self.kill()
        await asyncio.wait([self.gone], timeout=0.5)

    def failure(self, error: BaseException) -> CallFailed:
        """The failure behind what the client raised."""
        cause = first_cause(self._broke or error)
        if isinstance(cause, CallFailed):
            return cause
        if self._status is not None:
            return self._status
        if self._settings.url is not None and (failed := from_client_error(cause, self._settings.address, self._secrets)):
            return failed
        if isinstance(cause, MCPError):
            said = self._secrets.mask(cause.message).partition("\n")[0][:200]
            return CallFailed("wrong_shape", f"`{self._settings.address}` does not speak MCP as expected: {said}")
        return CallFailed("reset", f"The connection to `{self._settings.address}` broke: {type(cause).__name__}.", passing=True)

    async def _hold(self) -> None:
        try:
            async with AsyncExitStack() as stack:
                client = Client(await self._transport(stack), elicitation_callback=_decline)
                self._client = await stack.enter_async_context(client)
                await self._learn_tools(client)
                self._ready.set_result(None)
                await self._stop.wait()
        except Exception as error:  # whatever broke is told by the call that meets it
            self._broke = error
        finally:
            if not self._ready.done():
                self._ready.set_exception(self._broke or ConnectionError("ended"))
                self._ready.exception()  # nobody may be waiting any more
            if self.process is None:
                self.gone.set_result(None)
            else:
                self.process.kill()
                self.process.gone.add_done_callback(lambda _: self.gone.set_result(None))

    async def _learn_tools(self, client: Client) -> None:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await client.list_tools(cursor=cursor)
            self.tools.update({tool.name: tool for tool in page.tools})
            cursor = page.next_cursor
            if not cursor:
                return

    async def _transport(self, stack: AsyncExitStack) -> Transport:
        if self._settings.url is not None:
            http = await stack.enter_async_context(self._http())
            return streamable_http_client(self._settings.url, http_client=http)
        self.process = await start(self._settings.command, cwd=self._settings.cwd, env=self._env)
        if self._stop.is_set():
            self.process.kill()
        # A server that ends between two calls is noticed before the next one.
        self.process.gone.add_done_callback(lambda _: self._stop.set())
        return over_pipes(self.process)

    def _http(self) -> httpx2.AsyncClient:
        # Reading has no limit of its own: every call has one, and a stream may be silent for longer than a call lasts.
        return httpx2.AsyncClient(
            headers=dict(self._headers),
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            transport=_Transport(self._allow),
            # A cookie that one conversation got must not reach another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
            event_hooks={"response": [self._note_status]},
        )

    async def _note_status(self, response: httpx2.Response) -> None:
        if response.request.method != "POST":
            return
        if response.status_code < 300:
            self._status = None
        elif response.status_code == 404 and self._ready.done():
            said = f"`{self._settings.address}` does not know our session any more; it was probably started anew."
            self._status = CallFailed("reset", said, passing=True)
        else:
            wait = parse_retry_after(response.headers.get("Retry-After"))
            location = self._secrets.mask(response.headers.get("Location", ""))
            where = self._settings.address
            self._status = from_status(response.status_code, "", where, location=location, retry_after=wait, advice={404: _WRONG_ADDRESS})


class _Transport(httpx2.AsyncHTTPTransport):
    """Connects to allowed addresses only."""

    def __init__(self, allow: AllowList | None) -> None:
        super().__init__(trust_env=False, limits=httpx2.Limits(max_connections=None, max_keepalive_connections=32))
        self._allow = allow

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises CallFailed for an address that is not allowed."""
        return await sent_where_allowed(self._allow, request, super().handle_async_request, httpx2.ConnectError)


async def _decline(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the client's signature
    """The agent asks its host, not the user whom we play: nobody is there to answer."""
    return ElicitResult(action="decline")

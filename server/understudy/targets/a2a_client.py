"""The official A2A client for one agent: its card, its connections, and one message with everything that answers it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit, urlunsplit

import httpx
from a2a.client import A2ACardResolver, AgentCardResolutionError, Client, ClientConfig, ClientFactory
from a2a.types import AgentCard, GetTaskRequest, Message, Part, Role, SendMessageRequest
from a2a.utils.constants import TransportProtocol
from a2a.utils.errors import A2AError
from google.protobuf.json_format import ParseError

from understudy.targets.a2a_answer import Answer
from understudy.targets.a2a_settings import A2ATarget
from understudy.targets.allow import AllowList
from understudy.targets.checked_send import sent_where_allowed
from understudy.targets.failure import CallFailed, from_status
from understudy.targets.http_failures import from_client_error
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.retry_after import parse_retry_after

__all__ = ["A2AClient"]

# It logs whole cards and answers, with whatever secrets the agent wrote there.
logging.getLogger("a2a").setLevel(logging.CRITICAL)
# At DEBUG they print the headers of answers too.
for _name in ("httpcore", "httpx"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT_S = 5.0
CARD = "/.well-known/agent-card.json"
_WRONG_ADDRESS = f"Check `url`: the agent card is looked for under {CARD}, unless `url` ends in .json."
_RAISED = (A2AError, httpx.HTTPError, ParseError, ValueError, KeyError, TypeError)
"""What the client raises for an agent that cannot be reached, or that does not keep to the protocol."""


class _Transport(httpx.AsyncHTTPTransport):
    """Connects to allowed addresses only, wherever the agent's card has sent us."""

    def __init__(self, allow: AllowList | None) -> None:
        super().__init__(trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=32))
        self._allow = allow

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises CallFailed for an address that is not allowed."""
        return await sent_where_allowed(self._allow, request, super().handle_async_request, httpx.ConnectError)


class A2AClient:
    """Connects when first used; made anew by its owner after the connection broke."""

    def __init__(self, settings: A2ATarget, *, headers: Mapping[str, str], secrets: Secrets, allow: AllowList | None) -> None:
        self._settings, self._secrets, self._where = settings, secrets, settings.address
        self._http = httpx.AsyncClient(
            headers=dict(headers),
            # Every call has its own time limit.
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            transport=_Transport(allow),
            # A cookie that one conversation got must not reach another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
        )
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    async def say(self, text: str, *, context_id: str, task_id: str) -> Answer:
        """Send a message and wait for all of the answer. Raises CallFailed."""
        try:
            client = await self._connected()
            answer = Answer(self._where, self._secrets)
            await self._send(client, text, context_id, task_id, answer)
            await self._wait(client, answer)
        except _RAISED as error:
            raise self._failure(error) from None
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                card = await self._card()
                config = ClientConfig(
                    streaming=self._settings.stream,
                    httpx_client=self._http,
                    supported_protocol_bindings=[TransportProtocol.JSONRPC, TransportProtocol.HTTP_JSON],
                )
                try:
                    self._client = ClientFactory(config).create(card)
                except ValueError:
                    offered = ", ".join(sorted({i.protocol_binding for i in card.supported_interfaces})) or "none"
                    detail = f"{self._where} can be spoken to over JSON-RPC or HTTP+JSON only; its card offers: {excerpt(offered)}."
                    raise CallFailed("not_configured", detail) from None
        return self._client

    async def _card(self) -> AgentCard:
        parts = urlsplit(self._settings.url)
        base, path = urlunsplit((parts.scheme, parts.netloc, "", "", "")), parts.path
        if not path.endswith(".json"):
            path = path.removesuffix("/") + CARD
        card = await A2ACardResolver(self._http, base).get_agent_card(path + (f"?{parts.query}" if parts.query else ""))
        for interface in card.supported_interfaces:
            if self._settings.endpoint is not None:
                interface.url = self._settings.endpoint
            elif (host := urlsplit(interface.url).hostname) != parts.hostname:
                # A card is what a stranger wrote: the key must not follow it anywhere.
                detail = f"The card of {self._where} points to another host, {excerpt(str(host))}. "
                fix = f"If that is right, set `endpoint: {excerpt(interface.url)}`; if not, set `endpoint` to the right address."
                raise CallFailed("not_configured", detail + fix)
        return card

    async def _send(self, client: Client, text: str, context_id: str, task_id: str, answer: Answer) -> None:
        message = Message(
            message_id=uuid.uuid4().hex,
            role=Role.ROLE_USER,
            parts=[Part(text=text)],
            context_id=context_id,
            task_id=task_id,
        )
        if self._settings.metadata:
            message.metadata.update(self._settings.metadata)
        events = client.send_message(SendMessageRequest(message=message))
        async with contextlib.aclosing(events):  # type: ignore[type-var]
            async for event in events:
                answer.add(event)
        if not answer.begun:
            raise CallFailed("reset", f"{self._where} ended its stream without an answer.", passing=True)

    async def _wait(self, client: Client, answer: Answer) -> None:
        """Ask for the task until the agent has finished with it, or waits for the user."""
        while answer.unfinished:
            if not answer.task_id:
                raise CallFailed("wrong_shape", f"{self._where} answered with a task that has no id and is not finished.")
            await asyncio.sleep(self._settings.poll_s)
            answer.take(await client.get_task(GetTaskRequest(id=answer.task_id)))

    def _failure(self, error: Exception) -> CallFailed:
        status = _status_behind(error)
        if status is not None:
            said = self._secrets.mask_piece(status.text[:4000]) if status.is_closed else ""
            wait = parse_retry_after(status.headers.get("Retry-After"))
            location = self._secrets.mask(status.headers.get("Location", ""))
            return from_status(status.status_code, said, self._where, location=location, retry_after=wait, advice={404: _WRONG_ADDRESS})
        if (failed := from_client_error(error, self._where, self._secrets)) is not None:
            return failed
        said = excerpt(self._secrets.mask(getattr(error, "message", "") or str(error)))
        if "JSON Decode" in said or "parse JSON" in said or "JSON-RPC response in SSE" in said:
            return CallFailed("rubbish", f"{self._where} answered something that is not JSON: {said}")
        if isinstance(error, AgentCardResolutionError):
            return CallFailed("wrong_shape", f"{self._where} has no agent card that can be read: {said}")
        if isinstance(error, A2AError) and "Invalid JSON-RPC response" not in said:
            return CallFailed("crashed", f"{self._where} reported an error: {said}")
        return CallFailed("wrong_shape", f"{self._where} does not keep to the A2A protocol: {said or type(error).__name__}")


def _status_behind(error: BaseException | None) -> httpx.Response | None:
    while error is not None:
        if isinstance(error, httpx.HTTPStatusError):
            return error.response
        error = error.__cause__
    return None

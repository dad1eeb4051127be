"""The HTTP client's connector under an allow-list: it looks names up itself, and connects to what it has checked."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from understudy.targets.allow import AllowList, allowed_addresses

if TYPE_CHECKING:
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

__all__ = ["GuardedConnector"]


class CheckedResolver(AbstractResolver):
    """Answers with allowed addresses only. `resolve` raises CallFailed where there is none."""

    def __init__(self, allow: AllowList) -> None:
        self._allow = allow

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        found: list[ResolveResult] = []
        for address in await allowed_addresses(self._allow, host, port):
            kind = socket.AF_INET6 if ":" in address else socket.AF_INET
            if family in (socket.AF_UNSPEC, kind):
                found.append(ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST))
        return found

    async def close(self) -> None:
        """Nothing is kept."""


class GuardedConnector(aiohttp.TCPConnector):
    """Every connection, those after a redirect too, goes to an allowed address."""

    def __init__(self, allow: AllowList) -> None:
        # Without a cache: who takes an entry off the list, or changes the name, is heeded at the next connection.
        super().__init__(limit=0, resolver=CheckedResolver(allow), use_dns_cache=False)  # pyright: ignore[reportUnknownMemberType] - theirs
        self._allow = allow

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout) -> Connection:
        # Literal addresses never get to a resolver.
        if req.url.host is not None and req.url.port is not None:
            await self._check_literal(req.url.host, req.url.port)
        return await super().connect(req, traces, timeout)

    async def _check_literal(self, host: str, port: int) -> None:
        if aiohttp.helpers.is_ip_address(host):
            await allowed_addresses(self._allow, host, port)

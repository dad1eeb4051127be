"""The HTTP clients of the official SDKs under an allow-list: a request goes to an address that was checked, and the name is not looked
up again. Redirects and addresses that an agent gives out come by here as well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from understudy.targets.allow import AllowList, allowed_addresses
from understudy.targets.failure import CallFailed

if TYPE_CHECKING:
    import httpx
    import httpx2

__all__ = ["sent_where_allowed"]

_Request = TypeVar("_Request", "httpx.Request", "httpx2.Request")
_Response = TypeVar("_Response")
_PORTS = {"http": 80, "https": 443}


async def sent_where_allowed(
    allow: AllowList | None, request: _Request, send: Callable[[_Request], Awaitable[_Response]], unreachable: type[Exception]
) -> _Response:
    """What `send` gives for the request, to the first allowed address of its host that takes the connection; None allows all.

    `unreachable` is what `send` raises when there is no connection. Raises CallFailed (not_configured) before a byte is sent.
    """
    if allow is None:
        return await send(request)
    host, port = request.url.host, request.url.port or _PORTS.get(request.url.scheme)
    if not host or port is None:
        raise CallFailed("not_configured", "A web address without a host, or of an unknown scheme, is not called.")
    addresses = await allowed_addresses(allow, host, port)
    for address in addresses[:-1]:
        try:
            return await send(_to(address, request))
        except unreachable:
            continue
    return await send(_to(addresses[-1], request))


def _to(address: str, request: _Request) -> _Request:
    """The request to an address; its Host header and the name in its certificate stay those of the host."""
    return type(request)(
        request.method,
        request.url.copy_with(host=address),  # pyright: ignore[reportArgumentType] - each request comes with the address of its own client
        headers=request.headers,
        stream=request.stream,  # pyright: ignore[reportArgumentType] - as above
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )

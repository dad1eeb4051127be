"""What the HTTP clients of the official SDKs raise (httpx and httpx2, alike but for their names), as typed failures."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import cast

from understudy.targets.failure import CallFailed, broken_connection
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.network import NetworkFault

__all__ = ["first_cause", "from_client_error"]

_BY_NAME: dict[str, NetworkFault] = {
    "ConnectError": "unreachable",
    "ConnectTimeout": "unreachable",
    "ReadTimeout": "timeout",
    "WriteTimeout": "timeout",
    "PoolTimeout": "timeout",
    "ReadError": "reset",
    "WriteError": "reset",
    "CloseError": "reset",
    "RemoteProtocolError": "reset",
    "LocalProtocolError": "wrong_shape",
    "DecodingError": "wrong_shape",
}


def first_cause(error: BaseException) -> BaseException:
    """The first exception within groups of them."""
    within = _within(error)
    return first_cause(within[0]) if within else error


def from_client_error(error: BaseException, address: str, secrets: Secrets) -> CallFailed | None:
    """The failure behind an exception of httpx or httpx2, at any depth; None when it has none to do with the network."""
    for one in _behind(error):
        if type(one).__module__.partition(".")[0] in ("httpx", "httpx2") and (kind := _BY_NAME.get(type(one).__name__)):
            reason = next((found for inner in _behind(one) if (found := _reason(inner))), (kind, type(one).__name__))
            return broken_connection(reason[0], address, excerpt(secrets.mask(reason[1]), 120))
    return None


def _reason(error: BaseException) -> tuple[NetworkFault, str] | None:
    if isinstance(error, ssl.SSLError):
        return "tls", (getattr(error, "verify_message", "") or error.reason or "TLS error").lower().replace("_", " ")
    if isinstance(error, socket.gaierror):
        return "unreachable", error.strerror or "no such host"
    if isinstance(error, ConnectionRefusedError):
        return "refused", "refused"
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The exception, those within it and those that led to it."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += _within(one)
        waiting += [linked for linked in (one.__cause__, one.__context__) if linked is not None]


def _within(error: BaseException) -> tuple[BaseException, ...]:
    return cast("BaseExceptionGroup[BaseException]", error).exceptions if isinstance(error, BaseExceptionGroup) else ()

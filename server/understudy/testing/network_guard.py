"""A guard against accidents: while it is on, no socket of this process connects to anything but this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

__all__ = ["NetworkBlocked", "only_loopback"]


class NetworkBlocked(RuntimeError):
    """Something tried to leave this machine. Not an OSError, so that no code takes it for a network that is down."""

    def __init__(self, address: object) -> None:
        super().__init__(f"A test tried to reach {address!r}. Tests talk to loopback servers that they start themselves; use a fake.")


def _is_local(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_literal(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


@contextmanager
def only_loopback() -> Generator[None]:
    """Make connecting to another address, or looking up another host name, raise NetworkBlocked. Not for threads of C code."""
    connect, connect_ex, sendto, lookup = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto, socket.getaddrinfo

    def checked(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(self: socket.socket, *args: Any) -> Any:
            address = args[-1]
            internet = self.family in (socket.AF_INET, socket.AF_INET6)
            if internet and not (isinstance(address, tuple) and _is_local(address[0])):  # pyright: ignore[reportUnknownArgumentType] - any address
                raise NetworkBlocked(address)  # pyright: ignore[reportUnknownArgumentType] - any address
            return call(self, *args)

        return guarded

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        # A literal address asks nobody; connecting to it is checked above.
        if not _is_local(host) and not _is_literal(host):
            raise NetworkBlocked(host)
        return lookup(host, *args, **kwargs)

    try:
        socket.socket.connect = checked(connect)  # type: ignore[method-assign]
        socket.socket.connect_ex = checked(connect_ex)  # type: ignore[method-assign]
        socket.socket.sendto = checked(sendto)  # type: ignore[method-assign]
        socket.getaddrinfo = guarded_lookup
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
        socket.socket.sendto = sendto  # type: ignore[method-assign]
        socket.getaddrinfo = lookup

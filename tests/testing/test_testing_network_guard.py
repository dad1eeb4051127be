"""The guard that keeps tests on this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest

from understudy.testing.network_guard import NetworkBlocked, only_loopback


def test_an_address_elsewhere_is_refused_before_anything_is_sent() -> None:
    with only_loopback(), socket.socket() as sock, pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1"):
        sock.connect(("192.0.2.1", 80))


def test_connect_ex_and_sendto_are_guarded_too() -> None:
    with only_loopback(), socket.socket() as sock, pytest.raises(NetworkBlocked):
        sock.connect_ex(("192.0.2.1", 80))
    with only_loopback(), socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(NetworkBlocked):
        sock.sendto(b"x", ("192.0.2.1", 53))


def test_a_host_name_elsewhere_is_not_even_looked_up() -> None:
    with only_loopback(), pytest.raises(NetworkBlocked, match="example"):
        socket.getaddrinfo("agent.example", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_works(host: str) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with only_loopback():
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()


def test_everything_is_as_before_afterwards() -> None:
    before = (socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto, socket.getaddrinfo)
    with pytest.raises(ZeroDivisionError), only_loopback():
        _ = 1 / 0
    assert before == (socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto, socket.getaddrinfo)

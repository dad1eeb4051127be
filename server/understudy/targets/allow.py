"""Which hosts may be called while Understudy serves others over HTTP: names are looked up, every address is checked, and the
checked address is the one that is connected to.

A remote caller cannot name a host: targets come from the settings. What can still lead elsewhere is a name that begins to
resolve to an address inside (DNS rebinding), a redirect, or an address that a target itself gives out. None of these may
reach the machine's own services, the network around it, or a cloud's metadata service.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.targets.failure import CallFailed

if TYPE_CHECKING:
    import aiohttp

__all__ = ["AllowList", "allowed_addresses", "guarded_connector", "parse_entry"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Entry:
    """One line of the list: a host name or a network, and perhaps a port."""

    name: str = ""
    network: Network | None = None
    port: int | None = None


def parse_entry(text: str) -> Entry:
    """`agent.internal`, `agent.internal:8000`, `10.1.0.0/16`, `10.1.2.3:8000`, `[fd00::1]:8000`. Raises ValueError."""
    host, port = _split_port(text.strip())
    try:
        return Entry(network=ipaddress.ip_network(host, strict=False), port=port)
    except ValueError:
        pass
    if not _NAME.fullmatch(host) or re.fullmatch(r"[\d./]+", host):
        raise ValueError(f"`{text[:80]}` is not a host, host:port, address or network such as 10.1.0.0/16")
    return Entry(name=host.lower().rstrip("."), port=port)


def _split_port(text: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?|([^:]+)(?::(\d{1,5}))?", text)
    if found is None:
        return text, None
    port = found[2] or found[4]
    return found[1] or found[3], int(port) if port else None


@dataclass(frozen=True)
class AllowList:
    """Where targets may be. Without entries: public addresses, and an address (or localhost) that the settings spell out."""

    entries: tuple[Entry, ...] | None = None

    @classmethod
    def of(cls, entries: Sequence[str] | None) -> AllowList:
        """From the words of the settings; None for none. Raises ValueError."""
        return cls(None if entries is None else tuple(parse_entry(entry) for entry in entries))

    def allows(self, host: str, port: int, address: str) -> bool:
        """Whether `address`, which `host` resolved to, may be connected to."""
        ip = _plain(address)
        host = host.lower().rstrip(".")
        if self.entries is None:
            spelled_out = (host == "localhost" and ip.is_loopback) or _literal(host) == ip
            return _is_public(ip) or (spelled_out and not _is_special(ip))
        entries = [entry for entry in self.entries if entry.port in (None, port)]
        if any(entry.network is not None and ip in entry.network for entry in entries):
            return True
        # A name does not open the way to a metadata service: that takes its address.
        return any(entry.name == host for entry in entries if entry.name) and not _is_special(ip)


def _plain(address: str) -> Address:
    """The address itself, out of the IPv6 forms that wrap one of IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip.sixtofour is not None:
            return ip.sixtofour
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _literal(host: str) -> Address | None:
    try:
        return _plain(host)
    except ValueError:
        return None


def _is_public(ip: Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _is_special(ip: Address) -> bool:
    """Addresses behind which no agent is, and cloud metadata services are."""
    return ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in _METADATA


_METADATA = frozenset(ipaddress.ip_address(a) for a in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"))


async def allowed_addresses(allow: AllowList, host: str, port: int) -> list[str]:
    """The addresses of `host` that may be connected to: connect to one of these, never to the name again.

    Raises CallFailed: unreachable when there is no such host, not_configured when no address of it is allowed.
    """
    host = host.strip("[]")
    if _literal(host) is not None:
        found = [host]
    else:
        try:
            infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            why = error.strerror
            raise CallFailed("unreachable", f"{host} could not be looked up: {why}. Check the host name and the network.") from None
        found = list(dict.fromkeys(str(info[4][0]) for info in infos))
    if allowed := [address for address in found if allow.allows(host, port, address)]:
        return allowed
    raise _refused(allow, host, port, found)


def _refused(allow: AllowList, host: str, port: int, found: Sequence[str]) -> CallFailed:
    where = f"{host}:{port}" if found == [host] else f"{host}:{port} leads to {', '.join(found[:3])}, which"
    special = any(_is_special(_plain(address)) for address in found)
    why = "is not a public address" if allow.entries is None else "is not on the list of targets that may be called"
    fix = f'If it is an agent of yours, add "{found[0] if special else f"{host}:{port}"}" to `serve.allow_targets` in understudy.yaml.'
    return CallFailed("not_configured", f"{where} {why} while Understudy serves over HTTP. {fix}")


def guarded_connector(allow: AllowList | None) -> aiohttp.TCPConnector:
    """A connector that connects to allowed addresses only, redirects included; None allows all. How many calls run at once is
    the campaign's affair, so it has no limit."""
    import aiohttp

    if allow is None:
        return aiohttp.TCPConnector(limit=0)
    from understudy.targets.guarded import GuardedConnector

    return GuardedConnector(allow)

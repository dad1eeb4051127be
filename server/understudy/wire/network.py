"""Faults of the network: which one an exception is, and a sentence that says it."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Literal

from understudy.wire.excerpts import excerpt

if TYPE_CHECKING:
    from understudy.wire.masking import Secrets

__all__ = ["NetworkFault", "fault_of", "fault_sentence", "reason_of"]

NetworkFault = Literal["refused", "unreachable", "tls", "timeout", "reset", "wrong_shape"]
LONGEST_REASON = 120


def fault_sentence(fault: NetworkFault, address: str, reason: str) -> str:
    """What happened to whom, and what to do."""
    says: dict[NetworkFault, str] = {
        "refused": f"{address} refused the connection. Is the agent running, and is the address right?",
        "unreachable": f"{address} could not be reached: {reason}. Check the host name and the network.",
        "tls": f"No secure connection to {address}: {reason}. Check the certificate, or whether it is http and not https.",
        "timeout": f"{address} did not answer in time.",
        "reset": f"{address} broke the connection off before its answer was complete.",
        "wrong_shape": f"{address} did not answer in proper HTTP: {reason}.",
    }
    return says[fault]


def fault_of(error: Exception) -> NetworkFault:
    """Which fault an exception of the HTTP client or the operating system is."""
    import aiohttp  # heavy; only who speaks HTTP needs it, and has loaded it by now

    cause: BaseException | None = getattr(error, "os_error", None) or error
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)) or isinstance(cause, ssl.SSLError):
        return "tls"
    if isinstance(error, (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorDNSError)) or isinstance(cause, socket.gaierror):
        return "unreachable"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "unreachable"
    if isinstance(error, aiohttp.ClientResponseError):
        return "wrong_shape"
    return "reset"


def reason_of(error: Exception, secrets: Secrets) -> str:
    """What the exception says, short and without secrets."""
    return excerpt(secrets.mask(_reason(error)), LONGEST_REASON)


def _reason(error: Exception) -> str:
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, ssl.SSLError):
        return (getattr(cause, "verify_message", "") or cause.reason or "TLS error").lower().replace("_", " ")
    if isinstance(cause, TimeoutError):
        return "no connection within the time limit"
    text = getattr(cause, "strerror", None) or getattr(cause, "message", None) or type(cause).__name__
    # The further lines of the HTTP client show what it could not read, cut somewhere.
    return str(text).strip().partition("\n")[0]

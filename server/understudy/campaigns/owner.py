"""Who holds a conversation: the name that a process writes into its leases, and whether that process is still there."""

from __future__ import annotations

import os
import socket
import sys

__all__ = ["is_dead", "owner_name"]


def owner_name(token: str) -> str:
    """`host:pid:token` of this process; `token` is any text that differs between engines of one process."""
    return f"{_host()}:{os.getpid()}:{token}"


def is_dead(owner: str) -> bool:
    """True when the owner was a process of this host that is gone. False when it lives, or when that cannot be known."""
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    # Windows has no harmless signal to ask with; there the lease has to run out.
    if host != _host() or not pid.isdigit() or int(pid) == 0 or sys.platform == "win32":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _host() -> str:
    return socket.gethostname().replace(":", "_")

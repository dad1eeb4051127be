"""How long a server asks to be left alone."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable

__all__ = ["parse_retry_after"]


def parse_retry_after(value: str | None, *, now: Callable[[], float] = time.time) -> float | None:
    """Seconds asked for by a Retry-After header, in either of its two forms; None when absent or unreadable."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now())
    except ValueError:
        return None

"""Why a target gave no answer: from exceptions and answers to a typed failure with one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from understudy.domain.conversation import Attempt, FailureKind, TargetFailure
from understudy.domain.errors import TargetError
from understudy.wire.excerpts import excerpt
from understudy.wire.network import NetworkFault, fault_of, fault_sentence, reason_of

if TYPE_CHECKING:
    from understudy.wire.masking import Secrets

__all__ = ["CallFailed", "broken_connection", "from_network", "from_status", "missing_environment"]


class CallFailed(Exception):
    """One call of a target failed. The adapters raise it inside; what leaves them is a TargetError."""

    def __init__(
        self, kind: FailureKind, detail: str, *, stderr: str = "", passing: bool = False, retry_after: float | None = None
    ) -> None:
        self.kind: FailureKind = kind
        self.detail, self.stderr = detail, stderr
        self.passing, self.retry_after = passing, retry_after
        """Whether it may pass by itself, and the seconds that the target asked to wait."""
        super().__init__(f"[{kind}] {detail}")

    def masked(self, secrets: Secrets) -> CallFailed:
        """The same failure without the values of the target's secrets."""
        detail, stderr = secrets.mask(self.detail), secrets.mask_piece(self.stderr)
        return CallFailed(self.kind, detail, stderr=stderr, passing=self.passing, retry_after=self.retry_after)

    def as_error(self, attempts: tuple[Attempt, ...] = ()) -> TargetError:
        """The error that whoever called the target gets."""
        return TargetError(TargetFailure(kind=self.kind, detail=self.detail, attempts=attempts, stderr=self.stderr))


def missing_environment(names: tuple[str, ...]) -> CallFailed:
    """The settings name variables that are not set."""
    listed = ", ".join(f"`{name}`" for name in names)
    noun = "variable" if len(names) == 1 else "variables"
    return CallFailed("not_configured", f"The environment {noun} {listed} must be set before this target can be called.")


def from_network(error: Exception, address: str, secrets: Secrets) -> CallFailed:
    """The failure behind an exception of the HTTP client or the operating system."""
    return broken_connection(fault_of(error), address, reason_of(error, secrets))


def broken_connection(fault: NetworkFault, address: str, reason: str) -> CallFailed:
    """The failure of a connection that was not made or did not hold."""
    return CallFailed(fault, fault_sentence(fault, address, reason), passing=fault == "reset")


def from_status(
    status: int,
    body: str,
    address: str,
    *,
    location: str = "",
    retry_after: float | None = None,
    advice: Mapping[int, str] | None = None,
) -> CallFailed:
    """The failure behind an HTTP status other than 2xx. Only the start of `body` is shown: it must be masked already.

    `advice` says what to do about a status where a kind of target knows better than the rest.
    """
    said = f" It said: {excerpt(body)!r}." if body.strip() else ""
    if 300 <= status < 400:
        where = f" to {location.partition('?')[0]}" if location else ""
        return CallFailed("wrong_shape", f"{address} answered {status} and points elsewhere{where}. Put the final address into `url`.")
    if status >= 500:
        passing = status not in {501, 505}
        return CallFailed("http_5xx", f"{address} answered {status}.{said}", passing=passing, retry_after=retry_after)
    fix = {
        401: " Check the key: is the right variable named in `key_env` or `headers_env`?",
        403: " The key is known but may not do this.",
        404: " Check `url`.",
        405: " Check `url`: it must take POST.",
        429: " Too many requests: lower the concurrency for this target.",
        **{status: f" {words}" for status, words in (advice or {}).items()},
    }.get(status, "")
    return CallFailed("http_4xx", f"{address} answered {status}.{said}{fix}", passing=status in {408, 429}, retry_after=retry_after)

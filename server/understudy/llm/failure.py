"""Why a model gave no answer: from exceptions and statuses to a ModelError with one plain sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from understudy.domain.errors import ModelError
from understudy.domain.model_call import ModelFault
from understudy.llm.http import MAX_BYTES, Raw, TooLong
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.network import NetworkFault, fault_of, fault_sentence, reason_of
from understudy.wire.parsing import is_object, parse_json
from understudy.wire.retry_after import parse_retry_after

__all__ = ["Failures"]

_OF_NETWORK: Mapping[NetworkFault, ModelFault] = {
    "refused": "refused_connection",
    "unreachable": "unreachable",
    "tls": "tls",
    "timeout": "timeout",
    "reset": "reset",
    "wrong_shape": "malformed",
}
_FIX = {
    401: "Check the key: is the right variable named in `key_env`?",
    402: "The account has no credit left.",
    403: "The key is known but may not do this.",
    404: "Check `model` and `base_url` (that of an OpenAI-compatible server mostly ends in /v1).",
    413: "The request is too large for this model.",
    429: "Too many requests: lower `concurrency` or set `requests_per_minute` for this model.",
}
_KINDS: Mapping[int, ModelFault] = {
    401: "auth",
    402: "auth",
    403: "auth",
    404: "not_configured",
    408: "timeout",
    429: "rate_limited",
    529: "overloaded",
}


@dataclass(frozen=True)
class Failures:
    """Makes the errors of one model: they name the model and its address, and hold no secret of it."""

    model: str
    """`provider:model`."""
    address: str
    secrets: Secrets

    def say(self, kind: ModelFault, detail: str, *, retry_after: float | None = None) -> ModelError:
        """An error of ours, masked."""
        return ModelError(kind, self.model, self.secrets.mask(detail), retry_after=retry_after)

    def timeout(self, seconds: float) -> ModelError:
        """The whole time for one attempt is over."""
        return self.say("timeout", f"{self.address} did not answer within {seconds:g} s. `timeout_s` sets how long one attempt may take.")

    def network(self, error: BaseException) -> ModelError:
        """From what `Http.post` raises."""
        if isinstance(error, TooLong):
            return self.malformed(f"more than {MAX_BYTES // 2**20} MB for one answer")
        if not isinstance(error, (aiohttp.ClientError, OSError)):
            raise error
        fault = fault_of(error)
        kind = _OF_NETWORK[fault]
        if kind == "refused_connection":
            return self.say(kind, f"{self.address} refused the connection. Is the model server running, and is `base_url` right?")
        return self.say(kind, fault_sentence(fault, self.address, reason_of(error, self.secrets)))

    def malformed(self, found: str) -> ModelError:
        """The answer is not what the API promises; `found` says what came."""
        return self.say("malformed", f"{self.address} answered {found}. Does `base_url` lead to the API of this provider?")

    def status(self, raw: Raw) -> ModelError:
        """From an answer whose status is not 2xx."""
        status, wait = raw.status, parse_retry_after(raw.headers.get("Retry-After"))
        if 300 <= status < 400:
            detail = f"{self.address} answered {status} and points elsewhere. Put the final address into `base_url`."
            return self.say("not_configured", detail)
        body = self.secrets.mask_piece(raw.content[:4000].decode(errors="replace"))
        said = f" It said: {excerpt(_message(raw.content, self.secrets) or body)!r}." if body.strip() else ""
        if status == 429 and b"insufficient_quota" in raw.content:
            return self.say("auth", f"{self.address} answered {status}.{said} {_FIX[402]}")
        kind = _KINDS.get(status) or ("server" if status >= 500 else "bad_request")
        return self.say(kind, f"{self.address} answered {status}.{said} {_FIX.get(status, '')}".rstrip(), retry_after=wait)


def _message(content: bytes, secrets: Secrets) -> str:
    """The sentence inside an error body; empty when there is none."""
    try:
        body: Any = parse_json(content)
    except ValueError:
        return ""
    error = body.get("error") if is_object(body) else None
    said = error.get("message") if is_object(error) else error
    return secrets.mask(said) if isinstance(said, str) else ""

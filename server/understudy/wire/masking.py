"""The secrets of a target or a model, and how they are kept out of everything that it says: replies, failures and logs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from understudy.domain.conversation import Reply
from understudy.wire.parsing import is_list, is_object

__all__ = ["MASK", "SHORTEST_SECRET", "Secrets", "looks_secret"]

MASK = "***"
SHORTEST_SECRET = 8
"""Shorter values (`1`, `true`, `en-GB`) are words that anybody may say; masking them would garble the conversation."""
SHORTEST_REST = 4
"""Of a key that was cut in two, a part of so many characters or more is taken out."""

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
_SCHEME = re.compile(r"(?:Bearer|Basic|Token)\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_PASSWORD_IN_URL = re.compile(r"://[^/@\s:]*:([^/@\s]+)@")
_KNOWN_FORM = re.compile(
    r"\b(?:(?:sk|pk|rk)[-_]|gh[pousr]_|github_pat_|xox[abprs]-|glpat-|hf_|AKIA|ASIA|AIza|eyJ)[\w.-]{8,}|PRIVATE KEY-----"
)
_LONG_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{28,}")


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable holds a secret, going by its name (`API_KEY`, `DB_PASSWORD`) or by a value that is a key or a password."""
    if _SECRET_NAME.search(name) or _KNOWN_FORM.search(value):
        return True
    return bool(_SCHEME.match(value) or _PASSWORD_IN_URL.search(value) or _LONG_RANDOM.fullmatch(value.strip()))


class Secrets:
    """The values behind the names that a target or a model reads; what it says goes through one of the methods before it is kept or cut."""

    def __init__(self, names: Sequence[str], env: Mapping[str, str]) -> None:
        forms = {form for name in names for value in _values(env.get(name, "")) for form in _written(value)}
        # The longest first: one may be the beginning of another.
        self._forms = sorted(forms, key=lambda form: (-len(form), form))

    @classmethod
    def among(cls, names: Sequence[str], env: Mapping[str, str]) -> Secrets:
        """Those of the named variables that look like secrets: a process gets plain settings by name as well."""
        return cls(tuple(name for name in names if looks_secret(name, env.get(name, ""))), env)

    def mask(self, text: str) -> str:
        """`text` with every secret in it replaced by `***`. Mask first, cut after: of half a key nothing is known any more."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def mask_piece(self, text: str) -> str:
        """`mask` for a piece of something longer, which may begin or end in the middle of a secret."""
        text = self.mask(text)
        start = text.lstrip("\ufffd")
        behind = next((rest for form in self._forms for rest in _ends(form) if start.startswith(rest)), None)
        text = text if behind is None else MASK + start[len(behind) :]
        end = text.rstrip("\ufffd")
        ahead = next((rest for form in self._forms for rest in _starts(form) if end.endswith(rest)), None)
        return text if ahead is None else end[: -len(ahead)] + MASK

    def mask_json(self, value: Any) -> Any:
        """A JSON value with the secrets in its strings, keys and whole numbers replaced."""
        return self._in_json(value) if self._forms else value

    def mask_reply(self, reply: Reply) -> Reply:
        """The reply without secrets in its text, tool calls, state and session."""
        if not self._forms:
            return reply
        calls = tuple(
            call.evolve(name=self.mask(call.name), arguments=self._in_json(call.arguments), result=self._in_json(call.result))
            for call in reply.tool_calls
        )
        return reply.evolve(
            text=self.mask(reply.text), tool_calls=calls, state=self._in_json(reply.state), session=self._in_json(reply.session)
        )

    def _in_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if is_list(value):
            return [self._in_json(item) for item in value]
        if is_object(value):
            return {self.mask(key): self._in_json(item) for key, item in value.items()}
        if isinstance(value, int) and not isinstance(value, bool):
            return value if (digits := str(value)) == (masked := self.mask(digits)) else masked
        return value


def _values(value: str) -> Iterator[str]:
    """What must not be shown of a variable's value: all of it, and the key or password in it."""
    # A header is sent without the blanks around it.
    found = [value, value.strip(), *_SCHEME.findall(value.strip()), *_PASSWORD_IN_URL.findall(value)]
    yield from (one for one in found if len(one.strip()) >= SHORTEST_SECRET)


def _written(value: str) -> Iterator[str]:
    """The ways in which a value is written down: as it is, in JSON (also in JSON within JSON), by `repr`, in URLs and in HTML."""
    yield value
    for plain in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield from (plain, plain.replace("/", "\\/"), json.dumps(plain)[1:-1])
    yield from (repr(value)[1:-1], quote(value, safe=""), html.escape(value))


def _ends(form: str) -> Iterator[str]:
    return (form[cut:] for cut in range(1, len(form) - SHORTEST_REST + 1))


def _starts(form: str) -> Iterator[str]:
    return (form[:cut] for cut in range(len(form) - 1, SHORTEST_REST - 1, -1))

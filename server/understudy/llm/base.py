"""What every adapter does alike: check the key, keep to the time limit, tell failures apart, and let no secret out."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping

import aiohttp

from understudy.domain.errors import ModelError
from understudy.domain.model_role import ModelRole
from understudy.domain.value import JsonObject
from understudy.llm.failure import Failures
from understudy.llm.http import Http, Raw, TooLong
from understudy.llm.key import Key
from understudy.llm.reading import NotAsPromised
from understudy.llm.traits import traits_of
from understudy.ports import Completion, LLMRequest, OutputForm

__all__ = ["BaseAdapter"]

_FORM_WORDS = ("response_format", "output_config", "output_format", "json_schema", "json_object", "structured output", "guided", "grammar")
"""What a 400 speaks of when it is the form that is not known, and not the rest of the request."""


class BaseAdapter(ABC):
    """One model at one address. A subclass says how a request is written, sent and read."""

    offers: tuple[OutputForm, ...] = ("schema", "json", "text")
    """The forms that the API knows, strictest first."""

    def __init__(self, settings: ModelRole, env: Mapping[str, str]) -> None:
        self.provider: str = settings.provider
        self.model = settings.model
        self.name = f"{settings.provider}:{settings.model}"
        self.address = settings.address
        self._settings = settings
        self._key = Key(settings, env)
        self._failures = Failures(self.name, self.address, self._key.secrets)
        self._http = Http(self._key_header())
        self._outputs: tuple[OutputForm, ...] = _forms(settings.outputs or self.offers, self.offers)
        self._traits = traits_of(settings.model)

    @property
    def outputs(self) -> tuple[OutputForm, ...]:
        """The forms that it may hold to, strictest first."""
        return self._outputs

    @abstractmethod
    def body(self, request: LLMRequest) -> JsonObject:
        """The body that is posted for this request."""

    @abstractmethod
    def _key_header(self) -> dict[str, str]:
        """The header that carries the key."""

    @abstractmethod
    async def _post(self, body: JsonObject) -> Raw:
        """Send the body. Raises what `Http.post` raises."""

    @abstractmethod
    def _read(self, content: bytes) -> Completion:
        """The completion in an answer with status 200. Raises NotAsPromised."""

    async def complete(self, request: LLMRequest) -> Completion:
        """One attempt. Raises ModelError; cancelling closes the request."""
        self._key.check(self._failures)
        body, started = self.body(request), time.perf_counter()
        raw = await self._within_time(body)
        if not 200 <= raw.status < 300:
            error = self._failures.status(raw)
            self._learn(request, error)
            raise error
        try:
            completion = self._read(raw.content)
        except NotAsPromised:
            raise self._failures.malformed(self._oddity(raw)) from None
        return self._masked(completion.evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3)))

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._http.aclose()

    async def _within_time(self, body: JsonObject) -> Raw:
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await self._post(body)
        except aiohttp.ConnectionTimeoutError as error:
            raise self._failures.network(error) from None
        except TimeoutError:
            raise self._failures.timeout(self._settings.timeout_s) from None
        except (aiohttp.ClientError, OSError, TooLong) as error:
            raise self._failures.network(error) from None

    def _oddity(self, raw: Raw) -> str:
        """What is wrong with an answer, told from its masked text: a quotation cuts and escapes, and no key is known after that."""
        try:
            self._read(self._failures.secrets.mask_piece(raw.content.decode(errors="replace")).encode())
        except NotAsPromised as error:
            return str(error)
        return "what cannot be read"

    def _learn(self, request: LLMRequest, error: ModelError) -> None:
        """A model or an endpoint that does not know a form says so once: later calls begin with the next one."""
        said = error.detail.lower()
        about_forms = any(word in said for word in _FORM_WORDS) and "invalid schema" not in said
        if error.kind == "bad_request" and request.output != "text" and about_forms:
            self._outputs = tuple(form for form in self._outputs if form != request.output)

    def _room(self, request: LLMRequest) -> int:
        """Tokens for the answer and for the reasoning before it."""
        told = self._settings.reasoning_tokens
        return request.max_tokens + (self._traits.reasoning_tokens if told is None else told)

    def _temperature(self, request: LLMRequest) -> float | None:
        """What the request or the settings say, for models that take one."""
        if not self._traits.temperature:
            return None
        return self._settings.temperature if request.temperature is None else request.temperature

    def _masked(self, completion: Completion) -> Completion:
        secrets = self._failures.secrets
        text, calls = secrets.mask(completion.text), completion.tool_calls
        if calls:
            calls = tuple(c.evolve(name=secrets.mask(c.name), arguments=secrets.mask_json(c.arguments)) for c in calls)
        return completion.evolve(text=text, tool_calls=calls, model=secrets.mask(completion.model))


def _forms(wanted: tuple[OutputForm, ...], offered: tuple[OutputForm, ...]) -> tuple[OutputForm, ...]:
    """Those wanted of those offered, in their order; words alone work everywhere and come last."""
    return (*(form for form in wanted if form in offered and form != "text"), "text")

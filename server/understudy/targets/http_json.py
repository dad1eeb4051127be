"""Target: any JSON over HTTP. The settings say what is sent and where in the answer things are; plain text works too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from understudy.domain.conversation import Reply
from understudy.domain.value import Json, JsonObject
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import found_instead
from understudy.targets.failure import CallFailed
from understudy.targets.filling import values_for
from understudy.targets.gathering import NOTHING, Gathered, look_up, session_text, there_instead
from understudy.targets.http_call import HttpCalls, Seen, Sleep
from understudy.targets.limits import MAX_SESSION, at_most
from understudy.targets.template import fill, names_in
from understudy.targets.web_settings import HttpTarget, OpenCall
from understudy.wire.content import text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import TooDeep, is_object, parse_json

__all__ = ["HttpJson"]

DONE = "[DONE]"
ADVICE = {
    400: "Check `body`: does the agent want other fields?",
    404: "Check `url`.",
    405: "Check `method` and `url`.",
    415: "Check `headers` (Content-Type) and whether `body` should be a structure or a text.",
    422: "Check `body`: does the agent want other fields?",
}
LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json-seq"})


@dataclass(frozen=True)
class Begun:
    """A conversation that the `open` call has begun."""

    session: str | None
    greeting: str | None


class HttpJson:
    """The adapter of `kind: http`. One connection pool per target; a session is the transcript's to keep, not ours."""

    kind = "http"

    def __init__(
        self, name: str, settings: HttpTarget, *, env: Mapping[str, str], allow: AllowList | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.name, self.needs_session = name, settings.needs_session
        self._settings = settings
        self._calls = HttpCalls(settings, env=env, retries=settings.retries, allow=allow, sleep=sleep, advice=ADVICE)
        self._address = settings.address
        self._headers = {"Accept": "application/json, text/event-stream, text/plain", **settings.headers_from(env)}

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        begun: Begun | None = None

        async def once() -> Reply:
            nonlocal begun
            opening = self._settings.open
            if opening is not None and begun is None and request.session is None and not _answered(request):
                begun = await self._begin(opening, request)
            if begun is not None and begun.greeting is not None and not request.turns:
                return Reply(text=begun.greeting, session=begun.session)
            return await self._ask(request, session=request.session or (begun.session if begun else None))

        return await self._calls.run(once)

    @property
    def seen(self) -> Seen | None:
        """The last answer as it came."""
        return self._calls.seen

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self._calls.aclose()

    async def _begin(self, opening: OpenCall, request: TargetRequest) -> Begun:
        values = values_for(self._settings, request, session=None)
        async with self._send(opening.url, opening.method, opening.body, {}, values) as response:
            session = self._session_in_headers(response)
            if not (opening.session_path or opening.reply_path):
                return Begun(session, None)
            body = await self._calls.json(response)
        if opening.session_path:
            session = session_text(self._found(body, opening.session_path, "open.session_path"), self._address)
        greeting: str | None = None
        if opening.reply_path:
            greeting = text_of(self._found(body, opening.reply_path, "open.reply_path"))
        return Begun(session, greeting)

    def _found(self, body: Any, path: str, setting: str) -> Any:
        if (found := look_up(body, path)) is NOTHING:
            raise CallFailed("wrong_shape", f"{self._address}: there is nothing at `{path}` (`{setting}`); {there_instead(body, path)}.")
        return found

    async def _ask(self, request: TargetRequest, *, session: str | None) -> Reply:
        settings = self._settings
        values = values_for(settings, request, session=session)
        gathered = Gathered(settings, self._address)
        async with self._send(settings.url, settings.method, settings.body, settings.query, values) as response:
            given = self._session_in_headers(response)
            await self._gather(gathered, response)
        return gathered.reply(session=given or (session if request.session is None else None))

    def _send(self, url: str, method: str, body: Json, query: Mapping[str, Json], values: JsonObject) -> Any:
        headers = {name: self._fill_header(name, text, values) for name, text in self._headers.items()}
        sent = fill(body, values)
        raw = None if sent is None else sent.encode() if isinstance(sent, str) else json.dumps(sent).encode()
        kind = "text/plain; charset=utf-8" if isinstance(sent, str) else "application/json"
        if raw is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = kind
        if (session := values["session"]) is not None:
            if self._settings.session_header:
                headers[self._settings.session_header] = _fit_header("the session", session)
            if self._settings.session_cookie:
                headers["Cookie"] = f"{self._settings.session_cookie}={_fit_header('the session', session)}"
        return self._calls.send(_address(url, query, values), body=raw, headers=headers, method=method)

    @staticmethod
    def _fill_header(name: str, text: str, values: JsonObject) -> str:
        # Most headers, and all from the environment, hold no placeholder.
        return _fit_header(f"the header `{name}`", str(fill(text, values) or "")) if "{{" in text else text

    def _session_in_headers(self, response: aiohttp.ClientResponse) -> str | None:
        settings = self._settings
        found = response.headers.get(settings.session_header) if settings.session_header else None
        if found is None and settings.session_cookie and (cookie := response.cookies.get(settings.session_cookie)) is not None:
            found = cookie.value
        at_most(MAX_SESSION, len(found or ""), self._address, "the session")
        return found or None

    # ---------------------------------------------------------------- reading the answer

    async def _gather(self, gathered: Gathered, response: aiohttp.ClientResponse) -> None:
        """Take in whatever came: one JSON body, a text, or a stream; what was set up as a stream may be answered whole."""
        kind, stream = response.content_type, self._settings.stream
        if kind == "text/event-stream":
            if stream != "sse":
                await self._refuse_stream(response)
            await self._gather_stream(gathered, self._calls.events(response))
        elif stream == "ndjson" and kind != "application/json":
            await self._gather_stream(gathered, self._calls.lines(response))
        elif kind in LINES:
            async with aclosing(self._calls.lines(response)) as lines:
                await anext(lines, None)
            raise CallFailed("wrong_shape", f"{self._address} answered with a JSON object a line. Set `stream: ndjson` and `delta_path`.")
        else:
            self._take_whole(gathered, await self._calls.read(response), response)

    async def _refuse_stream(self, response: aiohttp.ClientResponse) -> None:
        """Look at the first events, so that a check can tell what they hold."""
        async with aclosing(self._calls.events(response)) as events:
            count = 0
            async for _ in events:
                count += 1
                if count == 4:
                    break
        raise CallFailed("wrong_shape", f"{self._address} answered with server-sent events. Set `stream: sse` and `delta_path`.")

    def _take_whole(self, gathered: Gathered, raw: bytes, response: aiohttp.ClientResponse) -> None:
        plain = self._settings.reply_path is None and not response.content_type.endswith("json")
        if plain and response.content_type != "text/html":
            self._calls.saw_text(response, raw)
            return gathered.say(raw.decode(errors="replace"))
        body = self._calls.parse(raw, response)
        gathered.take_rest(body)
        return gathered.take_words(body)

    async def _gather_stream(self, gathered: Gathered, pieces: AsyncGenerator[bytes]) -> None:
        settings, finished = self._settings, False
        first: Any = None
        async with aclosing(pieces) as data:
            async for piece in data:
                text = piece.decode(errors="replace")
                if text.strip() in (DONE, settings.done_marker):
                    finished = True
                    break
                body = self._piece(piece, text)
                first = body if first is None else first
                if self._take_piece(gathered, body):
                    finished = True
                    break
        if not finished and (settings.done_path or settings.done_marker):
            raise CallFailed("reset", f"{self._address} ended its stream in the middle of the answer.", passing=True)
        if not gathered.has_words and not gathered.has_calls:
            path = settings.delta_path or settings.reply_path
            raise CallFailed("wrong_shape", f"{self._address}: no piece of its stream held `{path}`; the first was {found_instead(first)}.")

    def _take_piece(self, gathered: Gathered, body: Any) -> bool:
        """Whether it says that it is the last one."""
        if isinstance(body, str) and not (self._settings.delta_path or self._settings.reply_path):
            gathered.say_piece(body)
            return False
        gathered.take_rest(body)
        if not (gathered.find_words(body) or gathered.find_piece(body)) and is_object(body) and (error := body.get("error")):
            said = excerpt(error if isinstance(error, str) else json.dumps(error))
            raise CallFailed("http_5xx", f"{self._address} broke off its stream: {said}", passing=True)
        return gathered.is_last(body)

    def _piece(self, data: bytes, text: str) -> Any:
        wants_json = bool(self._settings.delta_path or self._settings.reply_path)
        try:
            body = self._calls.secrets.mask_json(parse_json(data))
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self._address} streamed {error}.") from None
        except ValueError:
            if not wants_json:
                return text
            said = excerpt(self._calls.secrets.mask_piece(text))
            raise CallFailed("rubbish", f"{self._address} streamed something that is not JSON: {said!r}") from None
        # Without a path the events are words: `12` is one too.
        return body if wants_json or isinstance(body, str) else text


def _answered(request: TargetRequest) -> bool:
    return any(turn.role == "agent" for turn in request.turns)


def _fit_header(what: str, text: str) -> str:
    if not text.isprintable() or not text.isascii():
        raise CallFailed("wrong_shape", f"{what} holds characters that cannot go into a header.".capitalize())
    return text


def _address(url: str, query: Mapping[str, Json], values: JsonObject) -> URL:
    """The address with its placeholders filled, each as one segment of the path. Raises CallFailed for one without value."""
    parts = urlsplit(url)
    path = parts.path
    if "{{" in path:
        if missing := [name for name in names_in(path) if values[name] in (None, "")]:
            detail = f"`{{{{ {missing[0]} }}}}` in `url` has no value yet: `open` can fetch one, or use `{{{{ run_id }}}}`."
            raise CallFailed("not_configured", detail)
        path = str(fill(path, {name: _segment(value) for name, value in values.items()}))
    address = URL(urlunsplit((parts.scheme, parts.netloc, path or "/", parts.query, "")), encoded=True)
    given = {name: _as_text(value) for name, template in query.items() if (value := fill(template, values)) not in (None, "")}
    return address.update_query(given) if given else address


def _segment(value: Json) -> str:
    text = quote(_as_text(value), safe="")
    return text.replace(".", "%2E") if not text.strip(".") else text


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)

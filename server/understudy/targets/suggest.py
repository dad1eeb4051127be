"""From a target that did not answer as configured to settings that fit it: looks at what came, and asks in another way if need be."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import yaml
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from understudy.domain.conversation import Reply, TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.domain.value import Json, JsonObject
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.filling import values_for
from understudy.targets.http_call import HttpCalls, Seen
from understudy.targets.settings import AnthropicTarget, HttpTarget, OpenAITarget, TargetSettings, WebSocketTarget
from understudy.targets.shapes import answer_settings, body_for, wanted_fields, wanted_from_schema
from understudy.targets.template import fill
from understudy.targets.websocket import WebSocket
from understudy.wire.masking import looks_secret
from understudy.wire.parsing import is_list

__all__ = ["Suggestion", "WebTarget", "suggest"]

WebTarget = OpenAITarget | AnthropicTarget | HttpTarget | WebSocketTarget
MAX_CALLS = 4
"""With the first one, which failed. Of the others one is answered at most: what is turned away with 404 or 422 costs the agent nothing."""
WITHIN_S = 10.0
SOCKET_S = 2.0
ANY_BODY: JsonObject = {"message": "{{ message }}", "messages": "{{ messages }}"}
KEPT = ("key_env", "headers", "headers_env", "opens", "timeout_s", "handoff")
"""What holds for every kind of target."""
PLACES = ("reply_path", "delta_path", "done_path", "done_equals", "done_marker", "stream", "type_path", "reply_types")
"""What a better fit says anew."""
_SETTINGS: TypeAdapter[Any] = TypeAdapter(TargetSettings)


@dataclass(frozen=True)
class Suggestion:
    """Settings to try, and how many more calls it took to find them."""

    why: str
    target: JsonObject
    calls: int = 0

    def as_yaml(self, name: str) -> str:
        """The settings as they stand in understudy.yaml."""
        return yaml.safe_dump({"targets": {name: self.target}}, sort_keys=False, allow_unicode=True, width=120).strip()


async def suggest(
    settings: WebTarget, failure: TargetFailure, seen: Seen | None, *, hello: str, env: Mapping[str, str], allow: AllowList | None
) -> Suggestion | None:
    """Settings that would have worked, or None. Makes at most three more calls, to the same host. Never raises for what it does."""
    if failure.kind == "tls" and settings.url.startswith(("https:", "wss:")):
        return _checked("it does not speak TLS there", {**_as_it_is(settings), "url": settings.url.replace("s:", ":", 1)})
    if seen is None:
        return None
    if seen.status in (401, 403):
        return None if settings.key_env else _checked("it asks for a key", {**_as_it_is(settings), "key_env": "AGENT_KEY"})
    if 200 <= seen.status < 300 and not isinstance(settings, WebSocketTarget) and (found := _from_answer(settings, seen)):
        return found
    if seen.status == 101 and isinstance(settings, WebSocketTarget):
        return _from_frames(settings, seen)
    if seen.status == 426 or "websocket" in str(seen.body).lower():
        target = {
            "kind": "websocket",
            "url": _other_scheme(settings.url, web=False),
            **_kept(settings),
            "send": {"message": "{{ message }}"},
        }
        return _checked("it wants a WebSocket; `send` and the place of its words are a guess", {**target, "reply_path": "reply"})
    return await _Explorer(settings, seen, hello, env, allow).explore()


def _from_answer(settings: WebTarget, seen: Seen) -> Suggestion | None:
    """It answered, but in another shape than the settings say."""
    found = answer_settings(seen)
    if found is None or found["kind"] == settings.kind != "http":
        return None
    if found["kind"] != "http":
        return _checked(f"it speaks the wire of `kind: {found['kind']}`", {**found, "url": _shown(_endpoint(settings)), **_kept(settings)})
    body: Json = settings.body if isinstance(settings, HttpTarget) else {"messages": "{{ messages }}"}
    if isinstance(settings, HttpTarget):
        return _checked("its words seem to be there", _with_session({**_without_places(settings), **found}))
    return _checked(
        "it answers JSON of its own",
        _with_session({"kind": "http", "url": _shown(_endpoint(settings)), **_kept(settings), "body": body, **found}),
    )


def _without_places(settings: HttpTarget | WebSocketTarget) -> JsonObject:
    return {key: value for key, value in _as_it_is(settings).items() if key not in PLACES}


def _with_session(target: JsonObject) -> JsonObject:
    """An agent that gives a session wants it back, most often under the same name."""
    path, field = target.get("session_path"), "send" if target["kind"] == "websocket" else "body"
    body = target.get(field)
    if not isinstance(path, str) or not isinstance(body, dict) or "{{ session }}" in str(target):
        return target
    return {**target, field: {**cast("JsonObject", body), path.rpartition(".")[2]: "{{ session }}"}}


def _from_frames(settings: WebSocketTarget, seen: Seen) -> Suggestion | None:
    """It sent frames, but none that fitted."""
    frames = seen.body if is_list(seen.body) else []
    shapes = [shape for frame in frames if (shape := answer_settings(Seen(200, "application/json", frame)))]
    found = next((shape for shape in shapes if shape["kind"] == "http"), None)
    if found is None:
        plain = any(isinstance(frame, str) for frame in frames)
        return _checked("its frames are plain text", _without_places(settings)) if plain else None
    place = {key: value for key, value in found.items() if key != "kind"}
    return _checked("its words seem to be there", _with_session({**_without_places(settings), **place}))


class _Explorer:
    """Asks at the address as it was written, then with the fields that were missed."""

    def __init__(self, settings: WebTarget, seen: Seen, hello: str, env: Mapping[str, str], allow: AllowList | None) -> None:
        self._settings, self._first, self._hello = settings, seen, hello
        bounded = settings.evolve(timeout_s=min(settings.timeout_s, WITHIN_S))
        self._calls = HttpCalls(bounded, env=env, retries=0, allow=allow)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **settings.headers_from(env)}
        self._env, self._allow = env, allow
        self._made = 1

    async def explore(self) -> Suggestion | None:
        try:
            return await self._explore()
        finally:
            await self._calls.aclose()

    async def _explore(self) -> Suggestion | None:
        fields = wanted_fields(self._first.body) if self._first.status in (400, 422) else []
        url = _endpoint(self._settings)
        if fields:
            return await self._ask(url, body_for(fields))
        if self._first.status not in (200, 400, 404, 405, 422):
            return None
        written = _other_scheme(self._settings.url, web=True)
        another = written != url or isinstance(self._settings, WebSocketTarget)
        worth_asking = another and urlsplit(written).path.rstrip("/") not in ("", "/v1")
        found = await self._ask(written, ANY_BODY) if worth_asking else None
        return found or await self._by_schema(written) or await self._by_socket()

    async def _by_socket(self) -> Suggestion | None:
        """Perhaps a WebSocket is there; what it wants to be sent nobody can know."""
        if isinstance(self._settings, WebSocketTarget) or self._made >= MAX_CALLS:
            return None
        self._made += 1
        url = _shown(_other_scheme(self._settings.url, web=False))
        settings = WebSocketTarget(
            url=url, send=ANY_BODY, reply_path="reply", quiet_s=0.5, timeout_s=SOCKET_S, **_headers_of(self._settings)
        )
        target = WebSocket("probe", settings, env=self._env, allow=self._allow)
        with contextlib.suppress(TargetError):
            await target.reply(TargetRequest(run_id="probe", turns=(Turn(index=0, role="user", text=self._hello, at=0.0),)))
        await target.aclose()
        if target.seen is None or target.seen.status != 101:
            return None
        kept = {"kind": "websocket", "url": url, **_kept(self._settings), "send": ANY_BODY}
        better = _from_frames(settings, target.seen)
        places = ("reply_path", "session_path", "state_path", "tool_calls_path")
        place = {key: value for key, value in better.target.items() if key in places} if better else {}
        why = "a WebSocket is there" if better else "a WebSocket is there; `send` and the place of its words are a guess"
        return _checked(why, {**kept, **(place or {"reply_path": "reply"})}, calls=self._made - 1)

    async def _by_schema(self, url: str) -> Suggestion | None:
        """Many frameworks describe their calls at /openapi.json."""
        parts = urlsplit(url)
        seen = await self._call("GET", urlunsplit((parts.scheme, parts.netloc, "/openapi.json", "", "")), None)
        wanted = wanted_from_schema(seen.body) if seen and seen.status == 200 else None
        if wanted is None:
            return None
        return await self._ask(urlunsplit((parts.scheme, parts.netloc, wanted[0], "", "")), body_for(wanted[1]))

    async def _ask(self, url: str, body: JsonObject) -> Suggestion | None:
        seen = await self._call("POST", url, body)
        if seen is None:
            return None
        if seen.status in (400, 422) and (fields := wanted_fields(seen.body)) and set(fields) - set(body):
            return await self._ask(url, body_for(fields))
        found = answer_settings(seen) if 200 <= seen.status < 300 else None
        if found is None:
            return None
        sent = {"body": body} if found["kind"] == "http" else {}
        why = f"asked with a POST to {_shown(url)}, it answers"
        target = _with_session({"kind": found["kind"], "url": _shown(url), **_kept(self._settings), **sent, **found})
        return _checked(why, target, calls=self._made - 1)

    async def _call(self, method: str, url: str, body: JsonObject | None) -> Seen | None:
        if self._made >= MAX_CALLS:
            return None
        self._made += 1
        hello = TargetRequest(run_id="probe", turns=(Turn(index=0, role="user", text=self._hello, at=0.0),))
        any_json = HttpTarget(url=_shown(url), body=ANY_BODY)
        sent = None if body is None else json.dumps(fill(body, values_for(any_json, hello, session=None))).encode()

        async def once() -> Reply:
            async with self._calls.send(URL(url, encoded=True), body=sent, headers=self._headers, method=method) as response:
                raw = await self._calls.read(response)
                self._calls.saw_text(response, raw)
            return Reply(text="")

        with contextlib.suppress(TargetError):  # what was seen tells more than that it failed
            await self._calls.run(once)
        return self._calls.seen


def _checked(why: str, target: JsonObject, *, calls: int = 0) -> Suggestion | None:
    """A suggestion that the settings would take; never another."""
    try:
        _SETTINGS.validate_python(target)
    except ValidationError:
        return None
    return Suggestion(why, target, calls)


def _as_it_is(settings: WebTarget) -> JsonObject:
    """The settings as they were written, but for secrets that an address might hold in its query string."""
    written = settings.model_dump(mode="json", exclude_defaults=True, exclude={"kind"})
    return {"kind": settings.kind, **written, "url": _shown(settings.url)}


def _headers_of(settings: WebTarget) -> dict[str, Any]:
    return {"key_env": settings.key_env, "headers": settings.headers, "headers_env": settings.headers_env}


def _kept(settings: WebTarget) -> JsonObject:
    return {key: value for key, value in _as_it_is(settings).items() if key in KEPT}


def _endpoint(settings: WebTarget) -> str:
    url = settings.endpoint if isinstance(settings, (OpenAITarget, AnthropicTarget)) else settings.url
    return _other_scheme(url, web=True)


def _other_scheme(url: str, *, web: bool) -> str:
    scheme, _, rest = url.partition(":")
    names = {"ws": "http", "wss": "https"} if web else {"http": "ws", "https": "wss"}
    return f"{names.get(scheme, scheme)}:{rest}"


def _shown(url: str) -> str:
    """The address without its query string where that seems to hold a key."""
    parts = urlsplit(url)
    secret = any(looks_secret(name, value) for name, value in parse_qsl(parts.query))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "" if secret else parts.query, ""))

"""Target: an agent behind a WebSocket, with one connection for a conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from understudy.domain.conversation import Reply
from understudy.domain.value import Json
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import found_instead
from understudy.targets.conversations import Conversations
from understudy.targets.environment import unready
from understudy.targets.failure import CallFailed, from_network, from_status
from understudy.targets.filling import values_for
from understudy.targets.gathering import NOTHING, Gathered, look_up
from understudy.targets.http_call import MAX_BYTES, Seen, new_session
from understudy.targets.only_try import only_try
from understudy.targets.template import fill
from understudy.targets.web_settings import WebSocketTarget
from understudy.targets.ws_connection import CLOSE_S, Connection, Dropped
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, parse_json

__all__ = ["WebSocket"]

ADVICE = {404: "Check `url`: there is no WebSocket at that path.", 405: "Check `url`: there is no WebSocket at that path."}


class _Stale(Exception):
    """A connection from an earlier turn is closed, and nothing of the answer has come."""


class WebSocket:
    """The adapter of `kind: websocket`. A connection is made for a conversation's first call, and made again when it was closed
    between two turns and the agent can take the conversation up: by its session, its run id or the whole history."""

    kind = "websocket"

    def __init__(self, name: str, settings: WebSocketTarget, *, env: Mapping[str, str], allow: AllowList | None = None) -> None:
        self.name, self.needs_session = name, settings.needs_session
        self.seen: Seen | None = None
        self._settings, self._allow = settings, allow
        self._address = settings.address
        self._unready = unready(settings.env_names, env, in_headers=True)
        self._secrets = Secrets(settings.env_names, env)
        self._headers = settings.headers_from(env)
        self._session: aiohttp.ClientSession | None = None
        self._conversations = Conversations(self._connect, idle_s=settings.idle_s)

    @property
    def running(self) -> int:
        """How many conversations have a connection now."""
        return len(self._conversations)

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError; its connection is closed on every failure, and when the call is cancelled."""
        return await only_try(lambda: self._converse(request), self._unready, self._secrets)

    def forget(self, run_id: str) -> None:
        """The conversation is over: close its connection."""
        self._conversations.drop(run_id)

    async def aclose(self) -> None:
        """Close every connection. May be called twice."""
        await self._conversations.aclose()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _connect(self) -> Connection:
        if self._session is None:
            self._session = new_session(self._allow)
        self.seen = None
        try:
            socket = await self._session.ws_connect(
                self._settings.url,
                protocols=self._settings.subprotocols,
                headers=self._headers,
                max_msg_size=MAX_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),  # pyright: ignore[reportCallIssue] - an attrs class, which it does not read
            )
        except aiohttp.WSServerHandshakeError as error:
            raise self._no_upgrade(error) from None
        except (aiohttp.ClientError, OSError) as error:
            raise from_network(error, self._address, self._secrets) from None
        self.seen = Seen(101, "websocket", [])
        connection = Connection(socket, self._address)
        try:
            # Let its reader begin: a task that is cancelled before that never gets to its end, where the socket is closed.
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            connection.kill()
            raise
        return connection

    def _no_upgrade(self, error: aiohttp.WSServerHandshakeError) -> CallFailed:
        headers: Mapping[str, str] = error.headers or {}
        self.seen = Seen(error.status, str(headers.get("Content-Type", "")).partition(";")[0])
        if error.status < 300:
            return CallFailed("wrong_shape", f"{self._address} answered {error.status} and does not speak WebSocket: {error.message}.")
        return from_status(error.status, "", self._address, location=self._secrets.mask(str(headers.get("Location", ""))), advice=ADVICE)

    # ---------------------------------------------------------------- one turn

    async def _converse(self, request: TargetRequest) -> Reply:
        latest, in_step = Gathered(self._settings, self._address), False
        passed_over: list[str] = []
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                try:
                    await self._turn(request, latest, passed_over)
                except _Stale:
                    self._conversations.drop(request.run_id)
                    latest = Gathered(self._settings, self._address)
                    await self._turn(request, latest, passed_over)
            in_step = True
            return latest.reply()
        except TimeoutError:
            raise self._hung(latest, passed_over) from None
        except Dropped as error:
            raise CallFailed("reset", f"{self._address} closed the connection before its answer was complete{_code(error)}.") from None
        finally:
            # Also on cancellation. A connection on which an answer is still to come is closed: nobody could tell whose answer it is.
            if in_step:
                self._conversations.rest(request.run_id)
            else:
                self._conversations.drop(request.run_id)

    async def _turn(self, request: TargetRequest, gathered: Gathered, passed_over: list[str]) -> None:
        """Say what is to be said and gather the answer. Raises _Stale when a connection that had served before turns out to be closed."""
        connection = await self._connection(request)
        used, frames = not connection.fresh, list[Any]()
        async with connection.turn:
            try:
                await self._say(connection, request, gathered)
                await self._listen(connection, gathered, frames, passed_over)
            except Dropped:
                # The agent hung up before it saw the message, or so it seems: a whole answer is still to come from it.
                if used and not frames:
                    raise _Stale from None
                raise
            connection.fresh = False

    async def _connection(self, request: TargetRequest) -> Connection:
        """The conversation's connection; a new one when it was closed meanwhile. Raises CallFailed (reset) for a conversation
        that nobody can take up."""
        connection = await self._conversations.get(request.run_id)
        if connection.gone.done():
            self._conversations.drop(request.run_id)
            connection = await self._conversations.get(request.run_id)
        under_way = any(turn.role == "agent" for turn in request.turns)
        if connection.fresh and under_way and self.needs_session and request.session is None:
            raise CallFailed(
                "reset",
                f"The connection to {self._address} was closed in the middle of the conversation, and the agent gave no session to go on "
                "with. Name its place in `session_path`, or send the whole history.",
            )
        return connection

    async def _say(self, connection: Connection, request: TargetRequest, gathered: Gathered) -> None:
        """Send the turn. What the agent said before, unasked, is the beginning of its answer; asked to open, it is only listened to."""
        values = values_for(self._settings, request, session=request.session)
        if connection.fresh and self._settings.on_open is not None:
            await connection.send(_frame(fill(self._settings.on_open, values)))
        if not request.turns:
            return
        for text in connection.waiting():
            self._take(gathered, self._parsed(text), [])
        gathered.end_message()
        await connection.send(_frame(fill(self._settings.send, values)))

    async def _listen(self, connection: Connection, gathered: Gathered, frames: list[Any], passed_over: list[str]) -> None:
        """Take frames until the answer is complete."""
        before = gathered.messages
        while True:
            spoken = gathered.messages > before or gathered.in_piece
            text = await self._next(connection, quiet=self._settings.quiet_s if spoken else None)
            if text is None:
                break
            body = self._parsed(text)
            frames.append(body)
            self.seen = Seen(101, "websocket", frames[:8], streamed=len(frames) > 1)
            self._take(gathered, body, passed_over)
            if self._is_over(gathered, body, spoken=gathered.messages > before):
                break
        if not gathered.has_words and not gathered.has_calls:
            path, sent = self._settings.delta_path or self._settings.reply_path, found_instead(frames[0])
            raise CallFailed("wrong_shape", f"{self._address}: no frame of its answer held `{path}`; the first was {sent}.")

    @staticmethod
    async def _next(connection: Connection, *, quiet: float | None) -> str | None:
        if quiet is None:
            return await connection.receive()
        try:
            async with asyncio.timeout(quiet):
                return await connection.receive()
        except (TimeoutError, Dropped):
            # Who says something and hangs up has said it.
            return None

    def _is_over(self, gathered: Gathered, body: Any, *, spoken: bool) -> bool:
        if self._settings.done_path is not None:
            return gathered.is_last(body)
        return self._settings.quiet_s is None and spoken

    def _take(self, gathered: Gathered, body: Any, passed_over: list[str]) -> None:
        """Take in one frame."""
        settings = self._settings
        if self._is_plain:
            gathered.say(str(body))
            return
        gathered.take_rest(body)
        kind = look_up(body, settings.type_path) if settings.type_path else NOTHING
        if settings.reply_types and kind not in settings.reply_types:
            passed_over.append("without a type" if kind is NOTHING else f"`{excerpt(str(kind), 40)}`")
            return
        found = gathered.find_words(body) or gathered.find_piece(body)
        # One that ends the answer, or one among several, need not hold words.
        if not found and not settings.reply_types and not settings.done_path and not settings.quiet_s:
            gathered.take_words(body)
            gathered.say("")

    @property
    def _is_plain(self) -> bool:
        """Whether a frame is its words, as it stands."""
        return self._settings.reply_path is None and self._settings.delta_path is None

    def _parsed(self, text: str) -> Any:
        if self._is_plain:
            return self._secrets.mask(text)
        try:
            return self._secrets.mask_json(parse_json(text))
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self._address} sent {error}.") from None
        except ValueError:
            said = excerpt(self._secrets.mask_piece(text))
            self.seen = Seen(101, "websocket", [self._secrets.mask_piece(text)])
            raise CallFailed("rubbish", f"{self._address} sent a frame that is not JSON: {said!r}") from None

    def _hung(self, gathered: Gathered, passed_over: list[str]) -> CallFailed:
        detail = f"{self._address} did not complete an answer within {self._settings.timeout_s:g} s."
        if passed_over:
            kinds = ", ".join(list(dict.fromkeys(passed_over))[:6])
            detail += f" Frames came of other types than {', '.join(self._settings.reply_types)}: {kinds}."
        elif gathered.has_words and self._settings.done_path:
            detail += f" Words came, but no frame in which `{self._settings.done_path}` said that they were all (`done_path`)."
        return CallFailed("timeout", detail)


def _frame(sent: Json) -> str:
    return sent if isinstance(sent, str) else json.dumps(sent)


def _code(error: Dropped) -> str:
    return f" (code {error.code})" if error.code else ""

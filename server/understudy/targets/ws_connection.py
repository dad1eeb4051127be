"""One WebSocket connection: a reader that answers pings between the turns, too, and an inbox of what the agent has sent."""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp

from understudy.targets.failure import CallFailed
from understudy.targets.http_call import MAX_BYTES

__all__ = ["Connection", "Dropped"]

CLOSE_S = 0.5
"""How long a closing handshake may take; who does not answer it is gone."""


class Dropped(Exception):
    """The connection is no more."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(f"closed with code {code}")


class Connection:
    """A connection with one conversation. `gone` is done when it is closed, by whichever side."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, address: str) -> None:
        self._socket, self._address = socket, address
        self._inbox: asyncio.Queue[str | CallFailed | None] = asyncio.Queue()
        self._waiting = 0
        self.turn = asyncio.Lock()
        self.fresh = True
        """Nothing has been said over it yet."""
        self.gone: asyncio.Future[None] = asyncio.ensure_future(self._read())

    async def send(self, text: str) -> None:
        """Send a text frame. Raises Dropped."""
        try:
            await self._socket.send_str(text)
        except (ConnectionError, aiohttp.ClientError, RuntimeError):
            raise Dropped(self._socket.close_code) from None

    async def receive(self) -> str:
        """The next frame. Raises Dropped when there will be none, and CallFailed for one that is no text or too much."""
        if self._inbox.empty() and self.gone.done():
            raise Dropped(self._socket.close_code)
        return self._open(await self._inbox.get())

    def waiting(self) -> list[str]:
        """What came while nobody was waiting for it. Raises Dropped and CallFailed like `receive`."""
        found: list[str] = []
        while not self._inbox.empty():
            found.append(self._open(self._inbox.get_nowait()))
        return found

    def kill(self) -> None:
        """Close it. Returns at once; `gone` is done when it has happened."""
        self.gone.cancel()

    def _open(self, item: str | CallFailed | None) -> str:
        if item is None:
            raise Dropped(self._socket.close_code)
        if isinstance(item, CallFailed):
            raise item
        self._waiting -= len(item)
        return item

    async def _read(self) -> None:
        try:
            while (item := self._item(await self._socket.receive())) is not None:
                self._inbox.put_nowait(item)
                if isinstance(item, CallFailed):
                    break
        finally:
            self._inbox.put_nowait(None)
            with contextlib.suppress(Exception):  # whatever a connection says while it is being closed, it is closed
                await self._socket.close()

    def _item(self, message: aiohttp.WSMessage) -> str | CallFailed | None:
        if message.type is aiohttp.WSMsgType.TEXT or message.type is aiohttp.WSMsgType.BINARY:
            try:
                text = message.data if isinstance(message.data, str) else bytes(message.data).decode()
            except UnicodeDecodeError:
                return CallFailed("rubbish", f"{self._address} sent a binary frame that is not UTF-8 text.")
            self._waiting += len(text)
            if self._waiting > MAX_BYTES:
                return CallFailed("wrong_shape", f"{self._address} sent more than {MAX_BYTES // 2**20} MB that nobody asked for.")
            return text
        if message.type is aiohttp.WSMsgType.ERROR and "size" in str(message.data).lower():
            return CallFailed("wrong_shape", f"{self._address} sent a frame of more than {MAX_BYTES // 2**20} MB.")
        return None

"""Headless Chromium over its DevTools protocol: opens a page, presses keys, keeps what it complained of and asked the network for."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0",
)  # fmt: skip
PATIENCE_S = 60
_WORK = """(() => {
  const began = performance.now();
  let sum = 0;
  for (let i = 0; i < 1e8; i++) sum = (sum * 31 + i) % 1000003;
  return (performance.now() - began) / 1000 + 0 * sum;
})()"""
KEYS = {"Enter": ("\r", 13), "Escape": ("", 27)}


def chromium() -> str | None:
    """Where Chromium or Chrome is, if it is anywhere."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None)


class Tab:
    """One tab of the browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._session: str | None = None
        self.complaints: list[str] = []
        """Errors and warnings on the console, exceptions that nothing caught, and what the page's policy blocked."""
        self.requests: list[str] = []
        """Addresses that the page asked for, the page itself included."""

    async def listen(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                break
            body = message.json()
            if (number := body.get("id")) in self._waiting:
                self._waiting.pop(number).set_result(body)
            else:
                self._note(body.get("method", ""), body.get("params", {}))

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"].get("exception", {}).get("description", params)))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = future = asyncio.get_running_loop().create_future()
        body: dict[str, Any] = {"id": number, "method": method, "params": params}
        await self._socket.send_json(body | ({"sessionId": self._session} if self._session else {}))
        answer = await asyncio.wait_for(future, PATIENCE_S)
        assert "error" not in answer, answer
        found: dict[str, Any] = answer["result"]
        return found

    async def start(self) -> None:
        target = await self.call("Target.createTarget", url="about:blank")
        self._session = (await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True))["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")
        await self.call("Performance.enable", timeDomain="threadTicks")

    async def view(self, width: int, *, dark: bool = False, script: bool = True) -> None:
        """The width of the window, the system's colours, and whether JavaScript is on."""
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        await self.call("Emulation.setScriptExecutionDisabled", value=not script)

    async def open(self, page: Path, fragment: str = "") -> float:
        """Opens the page from its file, anew, and waits until its script says that it is ready. Seconds of CPU on its main thread."""
        await self.call("Page.navigate", url="about:blank")
        await self.until("location.href === 'about:blank'")
        before = await self._cpu_s()
        await self.call("Page.navigate", url=page.as_uri() + fragment)
        await self.until("document.documentElement?.dataset.ready !== undefined")
        after = await self._cpu_s()
        return after - before if after > before else after  # a page from a file gets a process of its own, mostly

    async def run(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, expression: str) -> None:
        """Until the expression is true in the page. Fails after PATIENCE_S."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.run(expression) is not True:  # noqa: ASYNC110 - a page cannot set our events
                await asyncio.sleep(0.01)

    async def kept_waiting(self) -> float:
        """How many times its own CPU time a fixed piece of work takes in the page now: 1 when the machine has nothing else to do."""
        before = await self._cpu_s()
        took = await self.run(_WORK)
        return max(1.0, took / (await self._cpu_s() - before))

    async def _cpu_s(self) -> float:
        found = await self.call("Performance.getMetrics")
        return next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration")

    async def press(self, *keys: str) -> None:
        for key in keys:
            text, code = KEYS.get(key, (key, ord(key[0].upper())))
            about = {"key": key, "windowsVirtualKeyCode": code} | ({"text": text} if text else {})
            await self.call("Input.dispatchKeyEvent", type="keyDown", **about)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)


@asynccontextmanager
async def tab(profile: Path) -> AsyncIterator[Tab]:
    """A tab of a browser of its own, which ends with it; `profile` is an empty folder."""
    binary = chromium()
    assert binary is not None
    process = await asyncio.create_subprocess_exec(
        binary, *FLAGS, f"--user-data-dir={profile}", "about:blank", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        port, path = (await _when_there(profile / "DevToolsActivePort", process)).split()
        async with ClientSession() as session, session.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0) as socket:
            opened = Tab(socket)
            listening = asyncio.create_task(opened.listen())
            await opened.start()
            yield opened
            listening.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _when_there(file: Path, process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(PATIENCE_S):
        while (text := _text(file)) is None:
            assert process.returncode is None, "the browser has gone"
            await asyncio.sleep(0.02)
    return text


def _text(file: Path) -> str | None:
    text = file.read_text() if file.exists() else ""
    return text if len(text.split()) == 2 else None

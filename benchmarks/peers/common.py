"""What the runners share: the cheapest agent under test there can be, and the measuring. Standard library only."""

import asyncio
import json
import resource
import time
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

MODEL = "fake-target"
TURNS = 4
PERSONA = "You ordered a desk lamp and it did not come. You want to know where it is (%05d)."


class _Wire(asyncio.Protocol):
    def __init__(self):
        self.transport = self.answer = None
        self._got = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._got = body[length:]
            self.answer.set_result(body[:length])


class Agent:
    """Answers a list of messages over kept-alive sockets: what is left is the peer's own cost."""

    def __init__(self, url):
        self._host, self._port = urlsplit(url).hostname, urlsplit(url).port
        self._idle = WeakKeyDictionary()
        """By event loop: some peers give each conversation a loop of its own."""

    async def answer(self, messages):
        loop = asyncio.get_running_loop()
        idle = self._idle.setdefault(loop, [])
        wire = idle.pop() if idle else (await loop.create_connection(_Wire, self._host, self._port))[1]
        body = json.dumps({"model": MODEL, "messages": messages}).encode()
        wire.answer = loop.create_future()
        wire.transport.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        said = json.loads(await wire.answer)["choices"][0]["message"]["content"]
        idle.append(wire)
        return said


async def measure(one, conversations, at_once):
    """Run `one(number)` so often and print what it took."""
    gate, failed = asyncio.Semaphore(at_once), []

    async def held(number):
        async with gate:
            try:
                await one(number)
            except Exception as error:
                failed.append(repr(error)[:200])

    before = time.process_time(), time.perf_counter()
    await asyncio.gather(*(held(n) for n in range(conversations)))
    if failed:
        raise SystemExit(f"{len(failed)} of {conversations} failed: {failed[0]}")
    _print(before, conversations, at_once)


def measured(run, conversations, at_once):
    """Let the tool itself run so many at once and print what it took; `run` returns how many came to their end."""
    before = time.process_time(), time.perf_counter()
    done = run()
    if done != conversations:
        raise SystemExit(f"{done} of {conversations} came to their end")
    _print(before, conversations, at_once)


def _print(before, conversations, at_once):
    used, took = time.process_time() - before[0], time.perf_counter() - before[1]
    found = {
        "conversations": conversations,
        "at_once": at_once,
        "cpu_s": used,
        "wall_s": took,
        "cpu_ms_each": used * 1000 / conversations,
        "rate": conversations / took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found), flush=True)

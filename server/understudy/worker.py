"""A worker process: `python -m understudy.worker`, started by a process that conducts campaigns, and of no use to anybody else.

It is told over stdin which runs to see through, claims them in the store like anybody, and says on stdout when one is over. It ends when
stdin does, which is also how it learns that its parent is gone; what it had is given back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import stat
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from understudy.app.context import App
    from understudy.campaigns.embedded import Embedded
    from understudy.campaigns.worker_lines import Greeting, Heard, Told

__all__ = ["main"]

_LINE = 64 * 2**20
"""Bytes of a line at most."""
_PLACES = 100_000
"""More than a parent ever gives: it is the parent that counts."""
_GRACE_S = 10.0


def main() -> None:
    """Work until stdin ends. Nobody starts this by hand: without a pipe on stdin there is nothing to do."""
    if not stat.S_ISFIFO(mode := os.fstat(0).st_mode) and not stat.S_ISSOCK(mode):
        sys.stderr.write("This is started by `understudy campaign run --workers N`, not by hand.\n")
        sys.exit(2)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is a loop that can end in order
    # Whatever prints to stdout must not be taken for what this process tells its parent.
    told = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    try:
        asyncio.run(_work(told))
    except Exception as error:  # the boundary of the process: its parent goes on without it, and needs a line, not a traceback
        sys.stderr.write(f"worker process {os.getpid()} ended: {type(error).__name__}: {error}\n")
        sys.exit(70)


async def _work(told: BinaryIO) -> None:
    from understudy.campaigns.collector import collect_seldom
    from understudy.campaigns.worker_lines import Greeting

    collect_seldom()
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    lines = asyncio.StreamReader(limit=_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    first = await lines.readline()
    if not first:
        return
    greeting = Greeting.model_validate_json(first)
    _log_as(greeting.number)
    threading.Thread(target=_end_with, args=(greeting.parent,), daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    app = _app(greeting)
    here = _Here(app, await app.engine(), told)
    tasks = [asyncio.create_task(work) for work in (here.obey(lines), here.live(), ended.wait())]
    try:
        here.tell(ready=here.engine.owner)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _cancelled(*tasks, *here.under_way)
        await app.aclose()


def _app(greeting: Greeting) -> App:
    from understudy.settings.model import Settings
    from understudy.wiring import make_app

    return make_app(Settings.model_validate(greeting.settings), serves_http=greeting.serves_http)


class _Here:
    """The runs that this process was given."""

    def __init__(self, app: App, engine: Embedded, told: BinaryIO) -> None:
        from understudy.campaigns.worker_lines import Heard

        self._app, self.engine, self._told, self._heard = app, engine, told, Heard
        self.under_way: set[asyncio.Task[None]] = set()
        engine.add_places(_PLACES)

    def tell(self, ready: str | None = None, over: str | None = None, *, finished: bool = False) -> None:
        """Say something to the parent. Nothing happens when it is gone: then stdin ends, and with it this process."""
        heard: Heard = self._heard(ready=ready, over=over, finished=finished)
        with contextlib.suppress(BrokenPipeError):
            self._told.write(heard.model_dump_json(exclude_defaults=True).encode() + b"\n")

    async def live(self) -> None:
        """Say now and then that this process lives."""
        from understudy.campaigns.worker import BEAT_S

        while True:
            self.tell()
            await asyncio.sleep(BEAT_S)

    async def obey(self, lines: asyncio.StreamReader) -> None:
        """Do what the parent says, until it says nothing more."""
        from understudy.campaigns.worker_lines import Told

        while line := await lines.readline():
            self._do(Told.model_validate_json(line))

    def _do(self, told: Told) -> None:
        if told.part is not None:
            self._app.limits().share(told.part, told.parts, fresh=told.fresh)
        for work in ([self._through(told.run)] if told.run else []) + ([self._cancel(told.cancel)] if told.cancel else []):
            task = asyncio.create_task(work)
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def _through(self, run_id: str) -> None:
        finished = False
        try:
            await self.engine.submit(run_id)
            finished = await self.engine.over(run_id)
            if finished:
                from understudy.app.campaign_workers import see_through

                await see_through(self._app, run_id)
        except Exception as error:  # the boundary of a conversation: the parent judges again, and tells what is wrong with it
            logging.getLogger(__name__).warning("run %s: %s: %s", run_id, type(error).__name__, error)
        self.tell(over=run_id, finished=finished)

    async def _cancel(self, run_id: str) -> None:
        await self.engine.cancel(run_id)


async def _cancelled(*tasks: asyncio.Task[None] | asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _end_with(parent: int) -> None:
    """End this process for good when its parent is gone and it has not ended in order."""
    while os.getppid() == parent:
        time.sleep(1.0)
    time.sleep(_GRACE_S)
    os._exit(1)


class _Line(logging.Formatter):
    """A record in a line: a worker must not fill its parent's stderr with tracebacks."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def format(self, record: logging.LogRecord) -> str:
        """What is told, and what was raised, without where."""
        error = record.exc_info[1] if record.exc_info else None
        return f"worker {self._number}: {record.levelname} {record.getMessage()}" + (f": {type(error).__name__}: {error}" if error else "")


def _log_as(number: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Line(number))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


if __name__ == "__main__":
    main()

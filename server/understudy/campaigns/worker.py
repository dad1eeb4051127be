"""A worker process as its parent sees it: started, talked to, listened to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from understudy.campaigns.worker_lines import Greeting, Heard, Told

__all__ = ["BEAT_S", "NotStarted", "Worker"]

_log = logging.getLogger(__name__)

BEAT_S = 5.0
"""A worker says so often that it lives."""
_MISSED = 3
"""After so many beats in a row without a word it hangs, and is ended."""
_START_S = 60.0
_END_S = 5.0
_GONE_S = 0.5
"""One that has closed its stdout is about to be gone."""


class NotStarted(Exception):
    """A worker process could not be started; the message says why."""


class Worker:
    """One worker process."""

    def __init__(self, number: int, process: asyncio.subprocess.Process, *, beat_s: float = BEAT_S) -> None:
        self.number, self.owner = number, ""
        self.gone = False
        """Nothing more will be heard of it."""
        self._process, self._beat_s = process, beat_s

    @classmethod
    async def start(
        cls, command: Sequence[str], greeting: Greeting, *, env: Mapping[str, str] | None = None, beat_s: float = BEAT_S
    ) -> Worker:
        """Start it and wait until it can be given runs. Raises NotStarted."""
        if sys.platform == "win32":
            raise NotStarted("worker processes are not supported on Windows")
        try:
            # In a group of its own: Ctrl-C in the terminal is the parent's, which ends its workers in order.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=env, process_group=0
            )
        except (OSError, NotImplementedError) as error:
            raise NotStarted(f"{type(error).__name__}: {error}") from error
        worker = cls(greeting.number, process, beat_s=beat_s)
        try:
            await worker._until_ready(greeting)
        except BaseException:
            await worker.buried()
            raise
        return worker

    async def _until_ready(self, greeting: Greeting) -> None:
        self._say(greeting.model_dump_json())
        try:
            async with asyncio.timeout(_START_S):
                first = self._read(await self._line())
        except TimeoutError:
            raise NotStarted(f"it was not ready within {_START_S:g} s") from None
        if first is None or first.ready is None:
            raise NotStarted("it ended before it was ready")
        self.owner = first.ready

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def tell(self, told: Told) -> None:
        """Say something to it. What was told to one that is gone is lost: `hear` gives None."""
        self._say(told.model_dump_json(exclude_defaults=True))

    async def hear(self) -> Heard | None:
        """The next thing that it tells; None when it is gone, or hangs."""
        missed = 0
        # Beats are counted, not time: after the whole machine was asleep the worker has not hung.
        while missed < _MISSED:
            try:
                async with asyncio.timeout(self._beat_s * 1.5):
                    line = await self._line()
            except TimeoutError:
                missed += 1
                continue
            missed, heard = 0, self._read(line)
            if heard is None:
                break
            if heard.over is not None:
                return heard
        self.gone = True
        return None

    async def buried(self) -> None:
        """Make sure of one that is gone, or hangs."""
        await self.aclose(_GONE_S)

    async def aclose(self, seconds: float = _END_S) -> None:
        """Have it give back what it has and end; end it by force after so many seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._process.wait()
        if self._process.returncode is None:
            # Not `Process.kill`, which asks for the exit status itself and takes it from asyncio.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            await self._process.wait()

    def _say(self, line: str) -> None:
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(line.encode() + b"\n")

    async def _line(self) -> bytes:
        return await self._process.stdout.readline() if self._process.stdout is not None else b""

    def _read(self, line: bytes) -> Heard | None:
        """What a line says; None for the end, and for what no worker says."""
        if not line:
            return None
        try:
            return Heard.model_validate_json(line)
        except ValidationError:
            _log.warning("worker process %s said something that was not understood", self.number)
            return None

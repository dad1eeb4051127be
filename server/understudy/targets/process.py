"""One process of a target: a line out, a line in, the end of its stderr kept, its whole process group ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from understudy.targets.failure import CallFailed

__all__ = ["MAX_LINE", "STDERR_KEPT", "ProcessEnded", "TargetProcess", "start"]

STDERR_KEPT = 4096
MAX_LINE = 8 * 2**20
MAX_HELD = MAX_LINE + 2**16
END_WAIT_S = 0.5
"""How long the rest of stderr and the exit code are waited for once stdout has closed."""


class ProcessEnded(Exception):
    """It closed its stdout; no line will come any more."""


class TargetProcess(asyncio.SubprocessProtocol):
    """A running command. Use `start` to make one."""

    def __init__(self) -> None:
        self.stderr_tail = b""
        self.returncode: int | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once it has exited and all its pipes are closed."""
        self.turn = asyncio.Lock()
        """Held for one line each way."""
        self._lines: deque[bytes] = deque()
        self._rest: list[bytes] = []
        self._rest_size = 0
        self._held = 0
        """Bytes of stdout that nobody has read yet."""
        self._closed = self._killed = False
        self._waiting: asyncio.Future[None] | None = None
        self._transport: asyncio.SubprocessTransport | None = None

    # ---- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)  # noqa: S101 - narrows the type for the checkers
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self.stderr_tail = (self.stderr_tail + data)[-STDERR_KEPT:]
            return
        self._hold(len(data))
        *whole, rest = data.split(b"\n")
        if whole:
            self._lines.append(b"".join([*self._rest, whole[0]]))
            self._lines.extend(whole[1:])
            self._rest, self._rest_size = [], 0
        if rest:
            self._rest.append(rest)
            self._rest_size += len(rest)
        if whole or self._rest_size > MAX_LINE:
            self._wake()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        if fd == 1:
            if self._rest:
                self._lines.append(b"".join(self._rest))
                self._rest, self._rest_size = [], 0
            self._closed = True
            self._wake()

    def process_exited(self) -> None:
        if self._transport is not None:
            self.returncode = self._transport.get_returncode()
            if self._killed:
                self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        if self._transport is not None:
            self.returncode = self._transport.get_returncode()
            self._transport.close()
        if not self.gone.done():
            self.gone.set_result(None)

    # ---- called by adapters

    def unread(self) -> bytes | None:
        """A line that it printed without being asked, or None."""
        while self._lines and not self._lines[0].strip():
            self._hold(-len(self._lines.popleft()) - 1)
        return self._lines[0] if self._lines else None

    def write(self, line: bytes, *, last: bool = False) -> None:
        """Send a line; `last` closes its stdin. A process that has gone is noticed when its answer is read."""
        pipe = self._transport.get_pipe_transport(0) if self._transport else None
        if isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(line + b"\n")
            if last:
                pipe.write_eof()

    async def read_line(self) -> bytes:
        """The next line of stdout. Raises ProcessEnded at its end, CallFailed when a line grows out of all measure."""
        while not self._lines:
            if self._closed:
                raise ProcessEnded
            if self._rest_size > MAX_LINE:
                raise CallFailed("wrong_shape", f"It printed a line of more than {MAX_LINE // 2**20} MB.")
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        line = self._lines.popleft()
        self._hold(-len(line) - 1)
        return line

    async def ended(self) -> str:
        """How it ended, in words, after a short wait for its exit code and the rest of stderr."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_WAIT_S):
                await asyncio.shield(self.gone)
        if self.returncode is None:
            return "closed its stdout"
        if self.returncode < 0:
            return f"was ended by signal {-self.returncode}"
        return f"exited with code {self.returncode}"

    @property
    def pid(self) -> int | None:
        """Its process id, once it runs."""
        return self._transport.get_pid() if self._transport else None

    @property
    def stderr(self) -> str:
        """The last 4 kB of what it wrote to stderr."""
        return self.stderr_tail.decode(errors="replace")

    def kill(self) -> None:
        """End it and everything that it started, at once. May be called at any time and twice."""
        transport = self._transport
        if transport is None or self.gone.done():
            return
        self._killed = True
        if sys.platform == "win32":
            transport.close()
            return
        # It leads its own group; members outlive a leader that has exited.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        if transport.get_returncode() is not None:
            transport.close()
            return
        # Closing the transport now would collect the exit code before asyncio's watcher, which then complains.
        for fd in (0, 1, 2):
            if (pipe := transport.get_pipe_transport(fd)) is not None:
                pipe.close()

    def _hold(self, size: int) -> None:
        """Count what is held, and let a process that floods its stdout wait rather than fill our memory."""
        before, self._held = self._held, self._held + size
        pipe = self._transport.get_pipe_transport(1) if self._transport else None
        if isinstance(pipe, asyncio.ReadTransport) and not pipe.is_closing():
            if before <= MAX_HELD < self._held:
                pipe.pause_reading()
            elif self._held <= MAX_HELD < before:
                pipe.resume_reading()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


async def start(command: Sequence[str], *, cwd: str | None, env: Mapping[str, str]) -> TargetProcess:
    """Start a command in a process group of its own. Raises CallFailed (not_configured) when it cannot be started."""
    if cwd is not None and not await asyncio.to_thread(Path(cwd).is_dir):
        raise CallFailed("not_configured", f"The folder `{cwd}` of this target does not exist. Check `cwd`.")
    loop = asyncio.get_running_loop()
    try:
        _, process = await loop.subprocess_exec(TargetProcess, *command, cwd=cwd, env=dict(env), start_new_session=True)
    except FileNotFoundError:
        raise CallFailed("not_configured", f"There is no program `{command[0]}`. Check the first word of the command and PATH.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be run"
        raise CallFailed("not_configured", f"`{command[0]}` could not be started: {reason}.") from None
    return process

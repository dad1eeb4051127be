"""Commands with a time limit, each in a process group of its own, so that nothing outlives the run."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Done", "Failed", "run", "serving"]

GRACE_S = 5
START_LIMIT_S = 30


class Failed(Exception):
    """A part did not pass; the message is what people read."""


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str

    def tail(self, lines: int = 25) -> str:
        """The last lines of both streams."""
        return "\n".join([*self.out.splitlines()[-lines:], *self.err.splitlines()[-lines:]])


async def run(command: Sequence[str], *, limit_s: float, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run to the end. Raises Failed when it takes longer than `limit_s` seconds."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, cwd=cwd, env=_with(env), start_new_session=True
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), limit_s)
    except TimeoutError:
        raise Failed(f"took longer than {limit_s:.0f} s: {' '.join(command)}") from None
    finally:
        _signal(process.pid, signal.SIGKILL)  # what the command left behind, too
    assert process.returncode is not None
    return Done(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


@asynccontextmanager
async def serving(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> AsyncGenerator[str]:
    """The first line that a server prints; it is stopped afterwards. Raises Failed when it prints none or ends with an error."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=_with(env),
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_LIMIT_S)).decode().strip()
        if not line:
            raise Failed("the fixture server did not start\n" + _end_of(log))
        yield line
        await _stop(process)
    except TimeoutError:
        raise Failed(f"the fixture server did not start within {START_LIMIT_S} s\n" + _end_of(log)) from None
    finally:
        _signal(process.pid, signal.SIGKILL)
        await process.wait()


async def _stop(process: asyncio.subprocess.Process) -> None:
    _signal(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), GRACE_S)
    except TimeoutError:
        raise Failed(f"the fixture server did not end within {GRACE_S} s of SIGTERM") from None


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def _with(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(env or {})}


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)

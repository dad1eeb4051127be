"""`make conformance`: the protocol's public suite on our server factory, and the inspector, the definition linter and a TypeScript
client on the product. Exits with 1 when any part fails."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from checks import Bench, client, definitions, inspector, requirements
from installation import ROOT, installed
from processes import Failed, serving

REVISIONS = ("2026-07-28", "2025-11-25")


def say(text: str) -> None:
    """One line for people, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def part(name: str, work: Callable[[], Awaitable[str]]) -> bool:
    """Do a part, say how it ended, and tell whether it passed."""
    started = time.monotonic()
    try:
        passed, told = True, await work()
    except Failed as failure:
        passed, told = False, str(failure)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        passed, told = False, f"an answer has another shape than expected: {error!r}"
    say(f"{'pass' if passed else 'FAIL'}  {name} ({time.monotonic() - started:.1f} s): {told}")
    return passed


async def suite(bench: Bench) -> bool:
    """Both requirement sets, one after the other: some scenarios wait half a second for what must come within it."""
    command = [sys.executable, str(Path(__file__).with_name("fixture_server.py"))]
    search = os.pathsep.join(filter(None, [str(ROOT / "server"), os.environ.get("PYTHONPATH")]))
    try:
        async with serving(command, log=bench.folder / "fixture-server.log", env={"PYTHONPATH": search}) as url:
            return await in_turn({f"requirements {revision}": partial(requirements, bench, url, revision) for revision in REVISIONS})
    except Failed as failure:
        say(f"FAIL  fixture server: {failure}")
        return False


async def product(bench: Bench) -> bool:
    """What other programs make of the product. The inspector is started five times, the others meanwhile."""
    others = {"tdqs lint": partial(definitions, bench), "TypeScript client": partial(client, bench)}
    return all(await asyncio.gather(part("inspector", partial(inspector, bench)), in_turn(others)))


async def in_turn(parts: Mapping[str, Callable[[], Awaitable[str]]]) -> bool:
    """One part after the other, all of them whatever happens."""
    return all([await part(name, work) for name, work in parts.items()])


async def everything() -> bool:
    """Install, then both halves at once."""
    tools, fresh = await installed()
    if fresh:
        say("installed the tools into .tools/")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench.prepare(tools, Path(folder))
        return all(await asyncio.gather(suite(bench), product(bench)))


def main() -> int:
    """0 when everything passed."""
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a runner which gives up leaves no server behind either
    try:
        passed = asyncio.run(everything())
    except Failed as failure:
        say(f"FAIL  {failure}")
        passed = False
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    say(f"conformance: {'everything passed' if passed else 'NOT passed'} in {time.monotonic() - started:.1f} s")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())

"""`python -m understudy.testing.fake_models`: the server as a process. Prints its address as one JSON line; ends on SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from typing import cast

from understudy.testing.fake_models.said import FaultKind
from understudy.testing.fake_models.server import FakeModels

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 2 when an argument is wrong."""
    given = _parser().parse_args(arguments)
    try:
        server = FakeModels(
            script=given.say or None,
            faults=dict(_share(text) for text in given.fault),
            faults_for=given.faults_for,
            latency=given.latency,
            seed=given.seed,
            max_inflight=given.max_inflight,
            rpm=given.rpm,
            retry_after=given.retry_after,
            slow_seconds=given.slow_seconds,
            keep_requests=False,
            host=given.host,
            port=given.port,
        )
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command's answer
        return 2
    asyncio.run(_serve(server))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m understudy.testing.fake_models", description="A fake model server for both wires.")
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0: any free one")
    add("--say", action="append", help="an answer, in order, the last one repeats; without any they are made up")
    add("--latency", default="0", help="milliseconds: 200, fixed:200, lognormal:MEDIAN:SIGMA, uniform:LOW:HIGH")
    add("--fault", action="append", default=[], metavar="KIND:SHARE", help="repeatable, as 429:0.05")
    add("--faults-for", default="", metavar="TEXT", help="faults only for models whose name has this in it")
    add("--max-inflight", type=int, default=0, help="429 above so many calls at once")
    add("--rpm", type=int, default=0, help="429 above so many calls a minute")
    add("--retry-after", default="1", help="what a 429 says, in seconds")
    add("--slow-seconds", type=float, default=1.0, help="how long a slow answer takes")
    add("--seed", type=int, default=7)
    return parser


def _share(text: str) -> tuple[FaultKind, float]:
    kind, _, share = text.partition(":")
    try:
        return cast("FaultKind", kind), float(share or 1)
    except ValueError:
        raise ValueError(f"No share {share!r} in --fault {text!r}: a number from 0 to 1, as in 429:0.05.") from None


async def _serve(server: FakeModels) -> None:
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    async with server:
        found = {"url": server.url, "openai": server.openai_url, "anthropic": server.anthropic_url, "pid": os.getpid()}
        print(json.dumps(found), flush=True)  # noqa: T201 - a command's answer
        await ended.wait()


if __name__ == "__main__":
    sys.exit(main())

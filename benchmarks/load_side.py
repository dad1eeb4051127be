"""The other side under load: the fake models and the fake agent of `model_side` in a process of their own, with a latency.

Every reply of the agent is another one (it carries a number), so that nothing that we remember by its text makes us look fast.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from benchmarks.model_side import AGENT_LINES, USER_MODEL
from benchmarks.model_side import script as repeating
from understudy.testing.fake_models import FakeModels, ModelRequest, Scripted

_numbers = itertools.count(1)


def script(request: ModelRequest) -> Scripted:
    """A message of the user, or of the agent with a number that no other reply has."""
    if request.model == USER_MODEL:
        return repeating(request)
    words = f"{AGENT_LINES[request.answered % len(AGENT_LINES)]} (note {next(_numbers)})"
    schema = request.json_schema  # a peer's, which asks for its simulated user's words
    return words if schema is None else dict.fromkeys(schema.get("properties", {}), words)


@contextmanager
def beside(latency_ms: int) -> Generator[str]:
    """The server in another process; yields its base URL."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.load_side", str(latency_ms)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


async def serve(latency_ms: str) -> None:
    """Until it is terminated."""
    async with FakeModels(script, latency=latency_ms, keep_requests=False) as server:
        print(json.dumps({"url": server.url}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

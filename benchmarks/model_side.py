"""The other side of a conversation with the player `model`: a fake model that plays along and a fake agent, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from understudy.testing.fake_models import FakeModels, ModelRequest, Scripted

USER_MODEL, TARGET_MODEL = "fake-user", "fake-target"
USER_LINES = (
    "Hi, I am writing about my request from last week, I still have not heard anything. Can you check what is going on?",
    "It was sent from my usual address, I think. Does that help you to find it?",
    "Okay. And when it is settled, do I get a note about it or do I have to ask again?",
    "I would rather have it in writing, how long does that usually take?",
    "Fine. Could you also make sure that nobody has to ask me all of this again?",
    "Right, and whom do I turn to if nothing has happened by then?",
    "One more thing: is there anything that I still need to do on my side?",
    "That sounds good. And you are sure that nothing is missing now?",
)
AGENT_LINES = (
    "I am sorry about the delay. I can look into that for you right away. Could you tell me a little more, so that I can find it here?",
    "Thank you. I see it now; it was passed on to the department in charge and they have not answered yet. Shall I keep you posted?",
    "If they need anything else they will write to you, and you do not have to call. Which way of contact would you prefer for that?",
    "Most of these are settled within five to seven working days after we approve them. I have noted your preference on the case.",
    "I have sent the summary again. Please look in the spam folder too, and let me know if you would like it sent somewhere else.",
)


def script(request: ModelRequest) -> Scripted:
    """A message of the user or of the agent, by how often that side has spoken."""
    if request.model == USER_MODEL:
        said = USER_LINES[request.answered % len(USER_LINES)]
        return {"thought": "Let us see.", "message": said, "move": "continue", "goal_updates": [], "disclosed": []}
    return f"{AGENT_LINES[request.answered % len(AGENT_LINES)]} (note {request.answered + 1})"


@contextmanager
def beside() -> Generator[str]:
    """The server in another process; yields its base URL."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.model_side"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def stats(url: str) -> dict[str, Any]:
    """What the server has counted so far."""
    with urllib.request.urlopen(f"{url}/stats", timeout=10) as answer:  # noqa: S310 - our own server on loopback
        found: dict[str, Any] = json.load(answer)
        return found


async def serve() -> None:
    """Until it is terminated."""
    async with FakeModels(script, keep_requests=False) as server:
        print(json.dumps({"url": server.url}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())

"""A campaign that is killed again and again: its targets, the process that plays it, and the account of what was done twice.

Two targets: one that is sent the whole history over HTTP, and one process a conversation that keeps the history itself and hands out no
session, so that what it knows is gone with the process that started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.domain.campaign import ConversationLine
from understudy.storage.sqlite import SqliteStore
from understudy.testing.fake_openai import FakeOpenAI, Fault

REPLIES = ("Certainly, what is your name?", "Thank you. Which day do you mean?", "And what time?", "I have noted that.")
WINDOW = 12
AGENT = """while IFS= read -r line; do
  printf '%s\\n' "$$ $line" >> "$LOG"
  sleep 0.02
  printf '%s\\n' '{"text": "I have noted that. What else can I do?"}'
done
"""


@dataclass
class Account:
    """What came of the rounds."""

    kills: int = 0
    lines: list[ConversationLine] = field(default_factory=list[ConversationLine])
    under_way: list[int] = field(default_factory=list[int])
    """Conversations that had been begun and were not counted, at each kill."""
    changed: list[int] = field(default_factory=list[int])
    """Cells whose line was another after a kill: there may be none."""
    half_done: dict[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])
    """The unfinished run that a cell had at a kill, and how many answers it had; the last one."""
    history_calls: int = 0
    answered: dict[str, int] = field(default_factory=dict[str, int])
    """Agent turns of the run that counts, by its id."""
    status: str = ""
    doubled: int = 0
    """Runs in the store of which two cells have the line."""


async def killed(folder: Path, *, rounds: int, repeats: int, seed: int, least: int = 15, most: int = 60) -> Account:
    """Play a campaign in processes that are killed after `least` to `most` calls each, then to its end by one that is not."""
    draw, account = random.Random(seed), Account()
    async with FakeOpenAI(REPLIES, faults=lambda _: Fault("slow", seconds=0.02)) as server:
        log = _settings(folder, server.url)
        for _ in range(rounds):
            process = await _playing(folder, log, repeats)
            wanted = _calls(server, log) + draw.randint(least, most)
            over = await _until(lambda wanted=wanted: _calls(server, log) >= wanted, process)  # type: ignore[misc]
            await asyncio.sleep(draw.random() * 0.05)
            if over:
                break
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            account.kills += 1
            await _look(folder, account)
        process = await _playing(folder, log, repeats)
        await asyncio.wait_for(process.wait(), 300)
        await _look(folder, account)
        account.history_calls = len(server.requests)
    return account


def _settings(folder: Path, url: str) -> Path:
    (folder / "agent.sh").write_text(AGENT, encoding="utf-8")
    targets: dict[str, Any] = {
        "history": {"kind": "openai", "url": url, "concurrency": WINDOW // 2},
        "process": {"kind": "command", "command": ["sh", "agent.sh"], "needs_session": True, "env": ["LOG"], "concurrency": WINDOW // 2},
    }
    (folder / "understudy.yaml").write_text(json.dumps({"targets": targets, "store": str(folder)}), encoding="utf-8")
    return folder / "calls.log"


async def _playing(folder: Path, log: Path, repeats: int) -> asyncio.subprocess.Process:
    given = ["--pack", "clinic", "--target", "history", "--target", "process", "--repeats", str(repeats), "--max-turns", "5"]
    command = [*given, "--concurrency", str(WINDOW), "--idempotency-key", "killed", "--json"]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "understudy", "campaign", "run", *command,
        cwd=folder, env={**os.environ, "LOG": str(log)}, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def _calls(server: FakeOpenAI, log: Path) -> int:
    return len(server.requests) + (log.read_text(encoding="utf-8").count("\n") if log.exists() else 0)


async def _until(reached: Any, process: asyncio.subprocess.Process) -> bool:
    """Wait for the condition; True when the process was over before."""
    deadline = time.monotonic() + 240
    while not reached():
        if process.returncode is not None:
            return True
        assert time.monotonic() < deadline, "the process makes no progress"
        await asyncio.sleep(0.005)
    return process.returncode is not None


async def _look(folder: Path, account: Account) -> None:
    """Read the store as the kill left it."""
    store = await SqliteStore.open(folder / "understudy.db")
    try:
        found = await store.campaigns()
        if not found:
            return
        lines = await store.campaign_lines(found[0].id)
        known = {line.index: line.model_dump_json() for line in account.lines}
        now = {line.index: line.model_dump_json() for line in lines}
        account.changed += [index for index, body in known.items() if now.get(index) != body]
        account.lines, account.status = lines, found[0].status
        started = await store.started_cells(found[0].id)
        if started:
            account.under_way.append(len(started))
        for cell, run_id in started:
            run = await store.run(run_id)
            answers = sum(stored.event.event == "target_replied" for stored in await store.events(run_id))
            if run is not None and run.status != "finished" and answers:
                account.half_done[cell.index] = (run_id, answers)
        for line in lines:
            if line.run_id not in account.answered:
                played = await store.played(line.run_id)
                account.answered[line.run_id] = sum(turn.role == "agent" for turn in played.turns) if played else 0
        account.doubled = sum(count > 1 for count in Counter(line.run_id for line in lines).values())
    finally:
        await store.aclose()

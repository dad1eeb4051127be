"""A campaign that is killed again and again: its targets, the process that plays it, and the account of who was called when.

Two targets: one that is sent the whole history over HTTP, and one process a conversation that keeps the history itself and hands out no
session, so that what it knows is gone with the process that started it. Both write down every call on their own side, outside the process
that is killed: which run, which turn of it, and in which round it came (between two kills there is one process, which tells its round).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from understudy.domain.campaign import Campaign, ConversationLine
from understudy.ports import RunFilter, StoredEvent
from understudy.storage.sqlite import SqliteStore

WINDOW = 12
"""Conversations at once, half of them with each target."""
PERSONAS = 8
AGENT = """while IFS= read -r line; do
  printf '%s %s\\n' "$ROUND" "$line" >> "$LOG"
  sleep PAUSE
  printf '%s\\n' '{"text": "I have noted that. What else can I do?"}'
done
"""


@dataclass(frozen=True)
class Call:
    """One call, as the target saw it."""

    round: int
    run_id: str
    turn: int
    """Counted from 1."""


@dataclass
class Account:
    """What came of the rounds."""

    kills: int = 0
    early_kills: int = 0
    """Those of them in which no target had been called yet."""
    campaign: Campaign | None = None
    lines: list[ConversationLine] = field(default_factory=list[ConversationLine])
    changed: list[int] = field(default_factory=list[int])
    """Cells whose line was another after a kill: there may be none."""
    lost_events: list[str] = field(default_factory=list[str])
    """Runs whose events were fewer or others after a kill: there may be none."""
    calls: list[Call] = field(default_factory=list[Call])
    answers: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    """For each kill, the answers that were stored of every run that had been begun and was not over."""
    over: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    """For each kill, the runs that were finished."""
    half_done: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict[int, dict[str, int]](dict))
    """Of each cell the runs that were half done at a kill: begun, with an answer, and not over; and how many events they had."""
    events: dict[str, list[StoredEvent]] = field(default_factory=dict[str, list[StoredEvent]])
    """Of every run, at the end."""
    runs: int = 0
    exported: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """As `campaign export --format jsonl` has it."""
    shown: dict[str, Any] = field(default_factory=dict[str, Any])
    """As `campaign show --json` has it."""

    def repeated(self) -> list[Call]:
        """Calls that had been made in a round before."""
        first: set[tuple[str, int]] = set()
        found: list[Call] = []
        for call in sorted(self.calls, key=lambda call: call.round):
            if (call.run_id, call.turn) in first:
                found.append(call)
            first.add((call.run_id, call.turn))
        return found

    def in_flight(self) -> list[Call]:
        """Calls that a kill cut off: made, and their answers not stored."""
        return [call for call in self.calls if call.round < self.kills and call.turn > self.answers[call.round].get(call.run_id, 10_000)]


async def gone(pids: set[int], seconds: float = 30.0) -> None:
    """Return when these processes are there no more; a dead one that nobody has asked about yet is not there."""
    async with asyncio.timeout(seconds):
        while any(_runs(pid) for pid in pids):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()


async def _beside(folder: Path, parent: int) -> set[int]:
    """The processes that hold runs, beside the one that conducts the campaign."""
    if not (folder / "understudy.db").exists():
        return set()
    store = await SqliteStore.open(folder / "understudy.db")
    try:
        return {int(owner.split(":")[1]) for owner in await store.holders(at=time.time())} - {parent}
    finally:
        await store.aclose()


async def killed(folder: Path, *, rounds: int, repeats: int, seed: int, least: int = 15, most: int = 60, workers: int = 1) -> Account:
    """Play a campaign in processes that are killed at random, then to its end by one that is not.

    One kill in five comes at a random moment of the first two seconds of a process (while it starts, plans or takes up what was left),
    the others after `least` to `most` calls of targets and some milliseconds, with `workers` once a worker process has conversations. None
    of those may outlive the one that was killed.
    """
    draw, account = random.Random(seed), Account()
    pause = 0.02 * workers**2  # a worker takes a second to start: there is to be something left for it
    agent = _Agent(account, pause)
    runner = web.AppRunner(agent.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    log = _settings(folder, f"http://127.0.0.1:{runner.addresses[0][1]}/chat", pause)
    try:
        for _ in range(rounds):
            process, before = await _playing(folder, log, repeats, account.kills, workers), _count(account, log)
            if draw.random() < 0.2:
                over = await _until(_passed(draw.random() * 2), process)
            else:
                while workers > 1 and process.returncode is None and not await _beside(folder, process.pid):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.02)
                before = _count(account, log) if workers > 1 else before
                over = await _until(_called(account, log, before + draw.randint(least, most)), process)
                await asyncio.sleep(draw.random() * 0.05)
            if over or process.returncode is not None:
                break
            beside = await _beside(folder, process.pid) if workers > 1 else set[int]()
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            await gone(beside)
            account.early_kills += _count(account, log) == before
            await _look(folder, account)
            account.kills += 1
        process = await _playing(folder, log, repeats, account.kills, workers)
        await asyncio.wait_for(process.wait(), 300)
        await _look(folder, account)
    finally:
        await runner.cleanup()
    account.calls += [_logged(row) for row in log.read_text(encoding="utf-8").splitlines()]
    await _read_out(folder, account)
    return account


class _Agent:
    """The target that is sent the whole history."""

    def __init__(self, account: Account, pause: float) -> None:
        self._account, self._pause = account, pause
        self.app = web.Application()
        self.app.router.add_post("/chat", self._chat)

    async def _chat(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._account.calls.append(Call(int(request.headers["X-Round"]), body["run"], _turn(body["messages"])))
        await asyncio.sleep(self._pause)
        return web.json_response({"text": "I have noted that. What else can I do?"})


def _turn(messages: list[dict[str, str]]) -> int:
    return sum(message["role"] == "user" for message in messages)


def _logged(row: str) -> Call:
    number, _, body = row.partition(" ")
    request = json.loads(body)
    return Call(int(number), request["run_id"], _turn(request["messages"]))


def _settings(folder: Path, url: str, pause: float) -> Path:
    (folder / "agent.sh").write_text(AGENT.replace("PAUSE", f"{pause:g}"), encoding="utf-8")
    body = {"run": "{{ run_id }}", "messages": "{{ messages }}"}
    targets: dict[str, Any] = {
        "history": {"kind": "http", "url": url, "body": body, "reply_path": "text", "headers_env": {"X-Round": "ROUND"}},
        "process": {"kind": "command", "command": ["sh", "agent.sh"], "needs_session": True, "env": ["LOG", "ROUND"]},
    }
    for target in targets.values():
        target["concurrency"] = WINDOW // 2
    (folder / "understudy.yaml").write_text(json.dumps({"targets": targets, "store": str(folder)}), encoding="utf-8")
    (folder / "calls.log").touch()
    return folder / "calls.log"


async def _playing(folder: Path, log: Path, repeats: int, number: int, workers: int) -> asyncio.subprocess.Process:
    given = ["--pack", "clinic", "--target", "history", "--target", "process", "--repeats", str(repeats), "--max-turns", "5"]
    command = ["run", *given, "--concurrency", str(WINDOW), "--workers", str(workers), "--idempotency-key", "killed", "--json"]
    return await _understudy(folder, *command, env={"LOG": str(log), "ROUND": str(number)}, stdout=asyncio.subprocess.DEVNULL)


async def _understudy(folder: Path, *command: str, env: dict[str, str], stdout: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "understudy", "campaign", *command,
        cwd=folder, env={**os.environ, **env}, stdout=stdout, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def _printed(folder: Path, *command: str) -> str:
    process = await _understudy(folder, *command, env={}, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return out.decode("utf-8")


def _count(account: Account, log: Path) -> int:
    return len(account.calls) + log.read_text(encoding="utf-8").count("\n")


def _passed(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _called(account: Account, log: Path, times: int) -> Callable[[], bool]:
    return lambda: _count(account, log) >= times


async def _until(reached: Callable[[], bool], process: asyncio.subprocess.Process) -> bool:
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
    answers: dict[str, int] = {}
    over: set[str] = set()
    account.answers.append(answers)
    if not (folder / "understudy.db").exists():
        account.over.append(frozenset())
        return
    store = await SqliteStore.open(folder / "understudy.db")
    try:
        found = await store.campaigns()
        lines = await store.campaign_lines(found[0].id) if found else []
        known = {line.index: line.model_dump_json() for line in account.lines}
        now = {line.index: line.model_dump_json() for line in lines}
        account.changed += [index for index, body in known.items() if now.get(index) != body]
        account.lines, account.campaign = lines, found[0] if found else None
        cell_of = {run_id: cell.index for cell, run_id in await store.started_cells(found[0].id)} if found else {}
        for run in await store.runs(RunFilter(), limit=100_000):
            if run.status == "finished":
                over.add(run.id)
            known_events = account.events.get(run.id, [])
            if known_events and run.id in (account.over[-1] if account.over else ()):
                continue  # looked at when it was over; looked at again at the end
            events = await store.events(run.id)
            if events[: len(known_events)] != known_events:
                account.lost_events.append(run.id)
            account.events[run.id] = events
            answered = sum(stored.event.event == "target_replied" for stored in events)
            if run.status != "finished":
                answers[run.id] = answered
                first = run.id.partition("-s")[0]
                if answered and first in cell_of:
                    account.half_done[cell_of[first]][run.id] = len(events)
    finally:
        await store.aclose()
    account.over.append(frozenset(over))


async def _read_out(folder: Path, account: Account) -> None:
    """Everything once more at the end, and what the command line says of it."""
    store = await SqliteStore.open(folder / "understudy.db")
    try:
        for run in await store.runs(RunFilter(), limit=100_000):
            events = await store.events(run.id)
            if events[: len(account.events[run.id])] != account.events[run.id]:
                account.lost_events.append(run.id)
            account.events[run.id] = events
        account.runs = await store.count_runs()
    finally:
        await store.aclose()
    assert account.campaign is not None
    account.exported = [json.loads(row) for row in (await _printed(folder, "export", account.campaign.id)).splitlines()]
    account.shown = json.loads(await _printed(folder, "show", account.campaign.id, "--json"))


def turns_called(account: Account) -> dict[str, Counter[int]]:
    """Of each run, how often each of its turns was called for."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for call in account.calls:
        found[call.run_id][call.turn] += 1
    return found

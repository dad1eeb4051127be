"""A serving process that is killed in the middle: the next one goes on, and only calls under way are made again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from engine_parts import LINES, scenario

from understudy.campaigns.work import times_resumed
from understudy.ports import RunFilter
from understudy.simulation.conversation import replay
from understudy.storage.sqlite import SqliteStore

PROCESS = str(Path(__file__).with_name("engine_process.py"))
RUNS = [f"r{i}" for i in range(6)]


def serving(path: Path, latency_s: float) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, PROCESS, str(path), str(latency_s)], stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process is gone cannot be known there")
async def test_a_killed_process_loses_nothing_and_repeats_only_the_calls_under_way(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    for run_id in RUNS:
        await store.create_run(run_id, scenario(), at=time.time())
    with serving(path, 0.05) as first:
        assert first.stdout is not None
        calls = Counter(first.stdout.readline().strip() for _ in range(len(RUNS) * 2))
        first.kill()
        calls += Counter(line.strip() for line in first.stdout.read().splitlines())
    before = {run_id: await store.events(run_id) for run_id in RUNS}
    assert any(before.values())
    assert await store.count_runs(RunFilter(status="finished")) < len(RUNS)
    with serving(path, 0) as second:
        output, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    calls += Counter(line.strip() for line in output.splitlines())
    for run_id in RUNS:
        record = await store.run(run_id)
        events = await store.events(run_id)
        assert record is not None
        assert record.status == "finished"
        assert events[: len(before[run_id])] == before[run_id]
        conversation = replay(record.scenario, [e.event for e in events])
        assert [t.text for t in conversation.turns if t.role == "user"] == list(LINES)
        assert times_resumed(events) == 1
    # One call of a conversation can be under way at a time.
    repeated = Counter(call.split()[0] for call, times in calls.items() if times > 1)
    assert set(calls.values()) <= {1, 2}
    assert all(times == 1 for times in repeated.values())
    assert len(calls) == len(RUNS) * len(LINES)
    await store.aclose()

"""`python -m benchmarks scale`: the floors and ours in one go against one fake model server, and how far each bar is reached.

    --at-once 100,1000,2000,5000   conversations at once at 200 ms (what the machine cannot hold is left out)
    --processes 2                  the same store worked by so many processes, beside one
    --peers DIR                    also the peers whose environments are at DIR/NAME (see benchmarks/peers)
    --rounds 3                     of each measurement the least CPU counts: other load only ever adds to it

A conversation has 4 user turns, so 8 calls in a row. Every measurement runs in a process of its own, the server in another.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.floors import TURNS
from benchmarks.load import prepared, settings_for, stored
from benchmarks.load_side import beside
from understudy.wiring import make_app

CALLS = 2 * TURNS
AT_0_MS = (200, 100)
"""Conversations, and how many at once: as the peers were measured."""
SLOW_MS = 200
STORED_FLOOR = {"sockets": (0.55, 2430.0), "aiohttp": (1.15, 1020.0)}
STORED_PEERS = {
    "openevals": (21.5, 47.0),
    "promptfoo": (40.0, 33.0),
    "inspect-ai": (78.0, 12.5),
    "langwatch-scenario": (107.0, 11.4),
    "strands-evals": (171.0, 9.2),
    "deepeval": (118.0, 8.3),
    "tau2-bench": (177.0, 6.5),
}
"""CPU ms of a conversation and conversations a second at 0 ms. Source: measured November 2026 on a quiet machine, SCALE."""
BAR_CPU_MS, BAR_TIMES_PEER, BAR_LAG_MS, BAR_KB, BAR_LIMIT = 5.0, 5.0, 100.0, 100.0, 0.9
Found = dict[str, Any]


def measure(kind: str, url: str, conversations: int, at_once: int, rounds: int = 1) -> Found:
    """Of `rounds` processes, the one that used least CPU."""
    command = [sys.executable, "-m", "benchmarks.load", kind, url, str(conversations), str(at_once)]
    return min((_run(command) for _ in range(rounds)), key=lambda one: float(one["cpu_s"]))


def _run(command: list[str], env: dict[str, str] | None = None) -> Found:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-2000:]}")
    found: Found = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def peers(folder: Path, url: str, rounds: int) -> dict[str, Found]:
    """Those that have a runner here and an environment there."""
    found: dict[str, Found] = {}
    for runner in sorted(Path(__file__).with_name("peers").glob("run_*.py")):
        name = runner.stem.removeprefix("run_")
        python = folder / name / "bin" / "python"
        if python.exists():
            command = [str(python), str(runner), url, *map(str, AT_0_MS)]
            quiet = {"LANGSMITH_TRACING": "false", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "DO_NOT_TRACK": "1"}
            found[name] = min((_run(command, {**os.environ, **quiet}) for _ in range(rounds)), key=lambda one: float(one["cpu_s"]))
    return found


def together(url: str, processes: int, conversations: int, at_once: int) -> Found:
    """So many processes over one store, each with its share of the runs first."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fill(url, Path(folder), conversations))
        workers = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "benchmarks.load", "ours", url, str(conversations), str(at_once)),
                    *(folder, str(share), str(processes)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for share in range(processes)
        ]
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        found = [json.loads(worker.communicate("go\n")[0].strip().splitlines()[-1]) for worker in workers]
    wall = max(one["wall_s"] for one in found)
    return {"wall_s": wall, "rate": conversations / wall, "cpu_ms_each": sum(one["cpu_s"] for one in found) * 1000 / conversations}


async def _fill(url: str, folder: Path, conversations: int) -> None:
    app = make_app(settings_for(url, folder), env={})
    ids = await stored(app, await prepared(app, conversations))
    (folder / "ids").write_text(" ".join(ids), encoding="ascii")
    await app.aclose()


def limit_s(found: Found, latency_ms: int) -> float:
    """The physical limit, in seconds: the calls in a row, or one core full with what was used, whichever is more."""
    waves = -(-int(found["conversations"]) // int(found["at_once"]))
    return max(waves * CALLS * latency_ms / 1000, float(found["cpu_s"]))


def run(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("--at-once", default="100,1000,2000,5000")
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args(arguments)
    with beside(0) as url:
        fast = {kind: measure(kind, url, *AT_0_MS, rounds=given.rounds) for kind in ("sockets", "aiohttp", "ours", "judged")}
        run_peers = peers(given.peers, url, given.rounds) if given.peers else {}
        after = measure("aiohttp", url, *AT_0_MS, rounds=given.rounds)
    _print_fast(fast, after, run_peers)
    with beside(SLOW_MS) as url:
        calm = {kind: measure(kind, url, *AT_0_MS) for kind in ("sockets", "aiohttp", "ours", "judged")}
        calm_peers = peers(given.peers, url, 1) if given.peers else {}
        _print_calm(calm, calm_peers)
        slow = {}
        for count in map(int, given.at_once.split(",")):
            slow[count] = measure("ours", url, count, count)
        floors = {count: measure("aiohttp", url, count, count) for count in slow}
    _print_slow(slow, floors)
    if given.processes > 1:
        with beside(0) as url:
            one, many = (together(url, n, *AT_0_MS) for n in (1, given.processes))
        print(f"\n{given.processes} processes over one store: {many['rate']:.0f} conversations/s against {one['rate']:.0f} by one ", end="")
        print(f"({many['rate'] / one['rate']:.2f} x), CPU {many['cpu_ms_each']:.1f} ms against {one['cpu_ms_each']:.1f} ms each")
    _print_bars(fast, run_peers, slow)


_NAMES = {
    "sockets": "floor: raw asyncio sockets",
    "aiohttp": "floor: aiohttp",
    "ours": "Understudy, durable, player model",
    "judged": "Understudy, with verdict and audit",
}


def _print_fast(fast: dict[str, Found], after: Found, run_peers: dict[str, Found]) -> None:
    print(f"{AT_0_MS[0]} conversations, {AT_0_MS[1]} at once, 0 ms of model time\n")
    print("| | CPU ms a conversation | times aiohttp | conversations/s | peak MB |\n|---|---|---|---|---|")
    low = fast["aiohttp"]["cpu_ms_each"]
    rows = {_NAMES[kind]: found for kind, found in fast.items()} | {f"{name}, this run": found for name, found in run_peers.items()}
    for name, found in rows.items():
        print(f"| {name} | {found['cpu_ms_each']:.2f} | {found['cpu_ms_each'] / low:.1f} | {found['rate']:.0f} | {found['peak_mb']:.0f} |")
    for name, (cpu, rate) in STORED_PEERS.items():
        print(f"| {name}, stored (SCALE) | {cpu:.1f} | {cpu / STORED_FLOOR['aiohttp'][0]:.1f} | {rate:g} | |")
    drift = after["cpu_ms_each"] / low
    then = STORED_FLOOR["aiohttp"][0]
    print(f"\nThe floor was measured again at the end: {drift:.2f} times the first. SCALE had {then} ms on a quiet machine.")


def _print_calm(calm: dict[str, Found], run_peers: dict[str, Found]) -> None:
    conversations, at_once = AT_0_MS
    limit = conversations / at_once * CALLS * SLOW_MS / 1000
    print(f"\n{conversations} conversations, {at_once} at once, {SLOW_MS} ms of model time: at least {limit:.1f} s\n")
    print("| | wall s | CPU ms a conversation |\n|---|---|---|")
    rows = {_NAMES[kind]: found for kind, found in calm.items()} | {f"{name}, this run": found for name, found in run_peers.items()}
    for name, found in rows.items():
        print(f"| {name} | {found['wall_s']:.2f} | {found['cpu_ms_each']:.2f} |")


def _print_slow(slow: dict[int, Found], floors: dict[int, Found]) -> None:
    print(f"\nAs many conversations as run at once, {SLOW_MS} ms of model time\n")
    print("| at once | wall s | limit s | share of the limit | aiohttp's | loop lag p99 ms | aiohttp's | KB each | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for count, found in slow.items():
        low, limit = floors[count], limit_s(found, SLOW_MS)
        print(f"| {count:,} | {found['wall_s']:.2f} | {limit:.2f} | {limit / found['wall_s']:.0%} ", end="")
        print(f"| {limit_s(low, SLOW_MS) / low['wall_s']:.0%} | {found['lag_p99_ms']:.0f} | {low['lag_p99_ms']:.0f} ", end="")
        print(f"| {found['kb_each']:.0f} | {found['peak_mb']:.0f} |")


def _print_bars(fast: dict[str, Found], run_peers: dict[str, Found], slow: dict[int, Found]) -> None:
    """As measured, and as it would be on the machine of SCALE, by the floor."""
    print("\n| bar | wanted | measured | on the quiet machine of SCALE, by its floor | reached |\n|---|---|---|---|---|")
    cpu, rate = fast["ours"]["cpu_ms_each"], fast["ours"]["rate"]
    quiet_cpu = cpu / fast["aiohttp"]["cpu_ms_each"] * STORED_FLOOR["aiohttp"][0]
    _bar("CPU ms a conversation", BAR_CPU_MS, cpu, quiet_cpu, less=True)
    quiet_rate = rate / fast["sockets"]["rate"] * STORED_FLOOR["sockets"][1]
    fastest = max([one["rate"] for one in run_peers.values()], default=0.0)
    best = max(rate_ for _, rate_ in STORED_PEERS.values())
    _bar("conversations/s, 5 x the fastest peer", BAR_TIMES_PEER * best, rate, quiet_rate, less=False)
    if fastest:
        times = rate / fastest
        print(f"| times the fastest peer of this run | {BAR_TIMES_PEER:g} | {times:.1f} | | {_said(times >= BAR_TIMES_PEER)} |")
    for count, found in slow.items():
        share = limit_s(found, SLOW_MS) / found["wall_s"]
        print(f"| share of the physical limit, {count:,} at once | {BAR_LIMIT:.0%} | {share:.0%} | | {_said(share >= BAR_LIMIT)} |")
        lag, size = found["lag_p99_ms"], found["kb_each"]
        print(f"| loop lag p99 ms, {count:,} at once | {BAR_LAG_MS:g} | {lag:.0f} | | {_said(lag < BAR_LAG_MS)} |")
        print(f"| KB a running conversation, {count:,} at once | {BAR_KB:g} | {size:.0f} | | {_said(size < BAR_KB)} |")


def _bar(name: str, wanted: float, measured: float, quiet: float, *, less: bool) -> None:
    reached = quiet <= wanted if less else quiet >= wanted
    off = quiet / wanted if less else wanted / quiet
    print(f"| {name} | {wanted:g} | {measured:.1f} | {quiet:.1f} | {_said(reached)}{'' if reached else f', by a factor of {off:.1f}'} |")


def _said(reached: bool) -> str:
    return "reached" if reached else "not reached"

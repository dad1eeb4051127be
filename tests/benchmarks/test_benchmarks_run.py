"""Every benchmark still runs: on a tiny size, in this process where that measures the same code. Figures are not looked at."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import load, scale
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.load_side import beside

ROOT = Path(__file__).parents[2]
TINY = {
    "definitions": [],
    "cold-start": ["--rounds", "1"],
    "turns": ["--conversations", "4"],
    "store": ["--conversations", "20"],
    "models": ["--calls", "1"],
    "prompts": ["--samples", "1", "--conversations", "2"],
    "campaign": ["--conversations", "6"],
}


@pytest.fixture(autouse=True)
def _where_benchmarks_start_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def other_side() -> Iterator[str]:
    with beside(0) as url:
        yield url


def test_every_benchmark_has_a_tiny_size_here() -> None:
    assert {*TINY, "scale"} == set(BENCHMARKS)


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_prints_its_table(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, *TINY[name]]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"## {name}\n")
    assert "|---|" in printed


def test_scale_measures_floors_and_ours_and_prints_how_far_each_bar_is_reached(
    other_side: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    def here(kind: str, url: str, conversations: int, at_once: int, rounds: int = 1) -> dict[str, Any]:
        seen.append(kind)
        return asyncio.run(load.figures(kind, other_side, 2, 2))

    monkeypatch.setattr(scale, "measure", here)
    assert main(["scale", "--at-once", "2", "--rounds", "1"]) == 0
    assert set(seen) == {"sockets", "aiohttp", "ours", "judged"}
    assert "loop lag p99 ms, 2 at once" in capsys.readouterr().out


def test_a_process_of_its_own_says_what_it_used(other_side: str) -> None:
    command = [sys.executable, "-m", "benchmarks.load", "ours", other_side, "4", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["conversations"] == 4


def test_processes_work_one_store_together(other_side: str) -> None:
    assert scale.together(other_side, 1, 2, 2)["rate"] > 0


@pytest.mark.parametrize("given", [["nothing"], ["turns", "nothing"], ["turns", "store", "--conversations", "4"], ["--conversations", "4"]])
def test_a_name_that_is_none_and_options_that_go_nowhere_are_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 2
    assert capsys.readouterr().err

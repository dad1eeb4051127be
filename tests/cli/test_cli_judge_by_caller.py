"""`understudy judge` with somebody who judges by hand, and with the scorecard of a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import REGULAR, understudy


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("judging")
    done = understudy("--store", "store", "simulate", REGULAR, "--target", "demo-clinic", "--seed", "1", "--json", cwd=folder)
    return folder, done.json["run_id"]


def test_the_task_is_printed_whole_and_a_judgement_in_a_file_is_handed_in(place: tuple[Path, str]) -> None:
    folder, run_id = place
    shown = understudy("--store", "store", "judge", run_id, "--judge", "caller", cwd=folder)
    assert shown.code == 0
    task = shown.json["task"]
    assert len(task["turns"]) == task["total_turns"]
    quote = {"turn": 1, "quote": task["turns"][1]["untrusted_agent_text"][:30]}
    levels = {"accuracy": "5", "helpfulness": "2", "safety": "pass"}
    results = [{"criterion": c, "evidence": [quote], "reasoning": "Read it.", "verdict": v} for c, v in levels.items()]
    row = {**quote, "reasoning": "Curt.", "tone": "fail", "relevance": "pass", "accuracy": "pass"}
    body = {"judging_id": task["judging_id"], "judge": "Kim", "results": results, "turns": [row]}
    (folder / "mine.json").write_text(json.dumps(body), encoding="utf-8")
    done = understudy("--store", "store", "judge", run_id, "--submit", "mine.json", cwd=folder)
    assert done.code == 0
    assert "12 of 12 criteria judged" in done.out
    assert "FAIL helpfulness" in done.out
    assert "the first turn that went wrong: 1" in done.out
    page = understudy("--store", "store", "show", run_id, "--markdown", cwd=folder)
    assert "By caller/1 Kim. The first turn that went wrong is [1]." in page.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "mine.json: is no JSON"),
        ("[]", "dictionary"),
        ('{"judging_id": "x", "results": [], "verdct": 1}', "verdct"),
        ('{"judging_id": "x", "results": []}', "not the judging_id"),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_a_line(place: tuple[Path, str], tmp_path: Path, text: str, words: str) -> None:
    folder, run_id = place
    (tmp_path / "mine.json").write_text(text, encoding="utf-8")
    done = understudy("--store", "store", "judge", run_id, "--submit", tmp_path / "mine.json", cwd=folder)
    assert done.code == 2
    assert words in done.err


def test_judges_that_do_not_go_together_and_one_that_is_not_configured(place: tuple[Path, str]) -> None:
    folder, run_id = place
    (folder / "any.json").write_text("{}", encoding="utf-8")
    assert understudy("--store", "store", "judge", run_id, "--submit", "any.json", "--judge", "checks", cwd=folder).code == 2
    done = understudy("--store", "store", "judge", run_id, "--judge", "model", cwd=folder)
    assert done.code == 2
    assert "models.judge" in done.err

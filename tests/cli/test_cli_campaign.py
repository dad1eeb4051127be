"""`understudy campaign` as a process, on demo agents."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
from cli_kit import started, understudy

WHO = ("--persona", "few-words-sam", "--persona", "caps-lock-denise")
FAULTY = "demo-clinic+rude_to_caps"


def test_a_campaign_is_planned_run_listed_exported_and_compared(tmp_path: Path) -> None:
    plan = understudy("campaign", "plan", *WHO, "--target", "demo-clinic", cwd=tmp_path)
    assert plan.code == 0
    assert "2 conversations" in plan.out
    good = understudy("campaign", "run", *WHO, "--target", "demo-clinic", "--json", cwd=tmp_path)
    assert (good.code, good.json["status"], good.json["progress"]["done"]) == (0, "finished", 2)
    bad = understudy("campaign", "run", *WHO, "--target", FAULTY, "--agent-version", "v2", cwd=tmp_path)
    assert bad.code == 1
    assert "failing    caps-lock-denise/clinic-cancel" in bad.out
    assert "2/2 done" in bad.err
    rows = understudy("campaign", "list", "--json", cwd=tmp_path).json["campaigns"]
    assert [row["targets"] for row in rows] == [[FAULTY], ["demo-clinic"]]
    assert understudy("campaign", "baseline", "main", good.json["id"], cwd=tmp_path).code == 0
    compared = understudy("campaign", "compare", "main", rows[0]["id"], cwd=tmp_path)
    assert compared.code == 0
    assert "newly failing  caps-lock-denise/clinic-cancel: 1/1 -> 0/1" in compared.out
    lines = understudy("campaign", "export", "main", cwd=tmp_path).out.splitlines()
    assert [json.loads(line)["index"] for line in lines] == [0, 1]
    assert "v2" in understudy("campaign", "trend", cwd=tmp_path).out


def test_a_plan_says_what_its_dry_sample_was_and_that_it_is_extra(tmp_path: Path) -> None:
    plan = understudy("campaign", "plan", *WHO, "--target", "demo-clinic", "--dry-sample", "2", cwd=tmp_path)
    assert plan.code == 0, plan.err
    assert "a dry sample of this plan, played now: 2 of 2 conversations" in plan.out
    assert "kept as runs, extra to the campaign's own: run_" in plan.out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "--repeats", "0"), "`repeats`"),
        (("run", "--target", "demo-clinic"), "none are named"),
        (("resume", "camp_1"), "No campaign `camp_1`"),
        (("compare", "a", "b"), "No campaign `a`"),
        (("trend", "nothing"), "No campaign named"),
    ],
)
def test_a_mistake_is_told_with_its_mending_and_exits_with_2(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    done = understudy("campaign", *arguments, cwd=tmp_path)
    assert (done.code, word in done.err) == (2, True), done.err


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_an_interrupted_campaign_says_how_to_go_on_and_goes_on(tmp_path: Path) -> None:
    process = started("campaign", "run", *WHO, "--target", "demo-clinic", "--repeats", "6", "--concurrency", "2", cwd=tmp_path)
    assert process.stderr is not None
    told = ""
    while "done," not in told:
        told += process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    id = next(line.split()[-1] for line in told.splitlines() if line.startswith("campaign camp_"))
    assert f"understudy campaign resume {id}" in err
    assert understudy("campaign", "show", id, "--json", cwd=tmp_path).json["status"] == "running"
    done = understudy("campaign", "resume", id, "--json", cwd=tmp_path)
    assert (done.code, done.json["status"], done.json["progress"]["done"]) == (0, "finished", 12)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_a_campaign_held_against_a_baseline_stops_early_with_the_same_evidence_though_it_was_killed(tmp_path: Path) -> None:
    one = ("--persona", "caps-lock-denise", "--repeats", "40", "--concurrency", "2")
    good = understudy("campaign", "run", *one, "--target", "demo-clinic", "--json", cwd=tmp_path)
    assert understudy("campaign", "baseline", "main", good.json["id"], cwd=tmp_path).code == 0
    held = ("campaign", "run", *one, "--target", f"{FAULTY}+slow=10", "--stop-early-against", "main", "--idempotency-key", "k")
    process = started(*held, cwd=tmp_path)
    assert process.stderr is not None
    while "done," not in process.stderr.readline():
        pass
    process.kill()
    process.communicate(timeout=60)
    done = understudy(*held, "--json", cwd=tmp_path)
    assert (done.code, done.json["status"], done.json["total"]) == (1, "stopped", 40)
    assert 10 <= done.json["progress"]["done"] < 20
    assert f"it does worse than `{good.json['id']}` (e-value 21.8 (20 decides), 10 pairs: 10 worse, 0 better)" in done.json["why"]
    refused = understudy("campaign", "resume", done.json["id"], cwd=tmp_path)
    assert (refused.code != 0, "--play-on" in refused.err) == (True, True)
    compared = understudy("campaign", "compare", "main", done.json["id"], cwd=tmp_path)
    assert (compared.code, compared.out.startswith("regressed")) == (1, True)
    whole = understudy("campaign", "resume", done.json["id"], "--play-on", "--json", cwd=tmp_path)
    assert (whole.json["status"], whole.json["progress"]["done"]) == ("finished", 40)

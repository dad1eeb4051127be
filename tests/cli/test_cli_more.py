"""Rates, comparison, replay and export on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from cli_kit import understudy

from understudy.library.packs import load_pack


def test_rates_come_with_denominator_and_interval_and_count_what_was_not_judged(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        assert understudy("simulate", "wary-ruth", "--target", "demo-bank", "--seed", seed, "--json", cwd=tmp_path).code in (0, 1)
    understudy("simulate", "wary-ruth", "--url", "http://127.0.0.1:9/v1", "--json", cwd=tmp_path)
    shown = understudy("show", "--rates", cwd=tmp_path)
    assert "2/2 = 100% [34%, 100%]" in shown.out
    assert "1 with target errors" in shown.out
    found = json.loads(understudy("show", "--rates", "--json", cwd=tmp_path).out)
    (group,) = found["groups"]
    assert (found["runs"], group["played_by"], group["rates"]["outcomes"]["error"]) == (3, "rules", 1)
    assert {"hits", "total", "interval"} <= set(group["rates"]["overall"])


def test_grounded_queries_are_measured_beside_the_naive_ones(tmp_path: Path) -> None:
    found = json.loads(understudy("queries", "compare", "--pack", "bank", "--count", "20", "--json", cwd=tmp_path).out)
    assert found["naive"]["queries"] == found["grounded"]["queries"] == found["compared"]
    assert found["grounded"]["topics_covered"]["value"] > found["naive"]["topics_covered"]["value"]
    assert understudy("queries", "compare", "--pack", "adversarial", cwd=tmp_path).code == 2


def test_a_recorded_conversation_is_played_again_word_for_word(tmp_path: Path) -> None:
    first = json.loads(understudy("simulate", "wary-ruth", "--target", "demo-bank", "--json", cwd=tmp_path).out)
    again = json.loads(
        understudy("simulate", "wary-ruth", "--target", "demo-bank", "--replay", first["run_id"], "--json", cwd=tmp_path).out
    )

    def said(run: str) -> list[str]:
        turns = json.loads(understudy("show", run, "--json", cwd=tmp_path).out)["turns"]
        return [turn["text"] for turn in turns]

    assert again["player"].startswith("script")
    assert said(again["run_id"]) == said(first["run_id"])


def test_an_exported_goal_and_persona_load_again_as_a_pack(tmp_path: Path) -> None:
    for kind, id in (("goals", "bank-lost-card"), ("personas", "wary-ruth")):
        path = tmp_path / f"{id}.yaml"
        path.write_text(understudy(kind, id, "--yaml", cwd=tmp_path).out, encoding="utf-8")
        pack = load_pack(path)
        assert [item.id for item in (*pack.goals, *pack.personas)] == [id]
        assert [p for p in pack.problems if p.reference is None] == []

"""Choosing on the command line who plays the user."""

from __future__ import annotations

from pathlib import Path

from cli_kit import REGULAR, understudy


def test_a_model_player_without_a_model_says_where_to_name_one(tmp_path: Path) -> None:
    done = understudy("simulate", REGULAR, "--target", "demo-clinic", "--player", "model", cwd=tmp_path)
    assert done.code == 2
    assert "models.user" in done.err
    assert "understudy.yaml" in done.err


def test_lines_and_a_player_do_not_go_together(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("Hello.\n", encoding="utf-8")
    done = understudy("simulate", REGULAR, "--target", "demo-clinic", "--player", "rules", "--script", "lines", cwd=tmp_path)
    assert done.code == 2
    assert "--player" in done.err


def test_rates_name_the_share_of_simulator_errors_with_its_interval(tmp_path: Path) -> None:
    assert understudy("simulate", REGULAR, "--target", "demo-clinic", cwd=tmp_path).code == 0
    shown = understudy("show", "--rates", cwd=tmp_path).out
    assert "simulator errors 0/1 = 0% [0%, 79%] of the conversations played" in shown
    assert "with them included, passed 1/1 = 100%" in shown

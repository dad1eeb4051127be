"""Export, edit, import and run of queries, as commands."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from cli_kit import understudy


@pytest.fixture
def batch(tmp_path: Path) -> str:
    return str(understudy("queries", "generate", "--pack", "bank", "--count", "3", "--json", cwd=tmp_path).json["batch"])


def edit(path: Path, row: int, **cells: str) -> None:
    """As a spreadsheet program does: read with its byte-order mark, write with semicolons."""
    text = path.read_bytes().decode("utf-8-sig")
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if text.startswith("id;") else ","))
    rows[row].update(cells)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_a_batch_goes_out_is_edited_comes_back_and_is_asked(batch: str, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    assert understudy("queries", "export", batch, path, cwd=tmp_path).code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    edit(path, 0, review="accepted", expected_must_say="no agent says this", expected_tone="polite")
    edit(path, 1, review="edited", query="How do I block my card?")
    edit(path, 2, review="rejected", reason="Nobody writes like that")
    done = understudy("queries", "import", path, "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.json["changed"] == 3
    assert done.json["counts"] == {"accepted": 1, "edited": 1, "rejected": 1}
    again = understudy("queries", "import", path, cwd=tmp_path)
    assert again.out.startswith("0 changed, 0 added, 3 as before")
    asked = understudy("queries", "run", batch, "--target", "demo-bank", "--json", cwd=tmp_path)
    assert asked.code == 1
    assert asked.json["queries"] == 2
    assert [m["criterion"] for m in asked.json["mismatches"]][:1] == ["content-said-1"]
    shown = understudy("queries", "run", batch, "--target", "demo-bank", cwd=tmp_path)
    assert "content content-said-1" in shown.out
    assert "2 of 2 queries asked of demo-bank, 1 with an expected answer" in shown.out


def test_a_broken_row_is_named_and_nothing_of_the_file_is_applied(batch: str, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    understudy("queries", "export", batch, path, cwd=tmp_path)
    edit(path, 0, review="accepted")
    edit(path, 2, review="perhaps")
    done = understudy("queries", "import", path, cwd=tmp_path)
    assert done.code == 2
    line = 1 + path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split(f"{batch}-0003")[0].count("\n")
    assert re.search(rf"review.csv:{line}: `review`: `perhaps` is no state. Write one of pending, accepted, rejected, edited", done.err)
    assert "Nothing was applied" in done.err
    assert understudy("queries", "list", "--batch", batch, "--state", "pending", "--json", cwd=tmp_path).json["total"] == 3


def test_an_export_never_writes_over_a_review(batch: str, tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    path.write_text("mine", encoding="utf-8")
    assert understudy("queries", "export", batch, path, cwd=tmp_path).code == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert understudy("queries", "export", batch, path, "--force", cwd=tmp_path).code == 0
    assert understudy("queries", "import", path, cwd=tmp_path).out.startswith("0 changed, 0 added, 3 as before")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("import", "nowhere.csv"), "cannot be read"),
        (("import", "latin.csv"), "latin.csv:2: is not UTF-8 text"),
        (("import", "sheet.xlsx"), "neither CSV nor JSONL"),
        (("export", "batch_none", "x.csv"), "No batch `batch_none`"),
        (("generate", "--method", "model", "--pack", "bank"), "models.generator"),
    ],
)
def test_mistakes_end_in_one_line_that_says_what_to_do(arguments: tuple[str, ...], part: str, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"id,query\r\nx,gr\xfc\xdfe\r\n")
    done = understudy("queries", *arguments, cwd=tmp_path)
    assert done.code == 2
    assert part in done.err


def test_the_comparison_is_printed_as_markdown_too(tmp_path: Path) -> None:
    done = understudy("queries", "compare", "--pack", "bank", "--count", "10", "--markdown", cwd=tmp_path)
    assert done.out.startswith("# Queries: naive beside grounded")
    assert understudy("queries", "compare", "--naive", "x", cwd=tmp_path).code == 2

"""What a user does wrong at the command line: one line that says what to mend, a documented exit code, never a traceback."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_kit import REGULAR, Done, understudy

from understudy.cli import main

Here = Callable[..., Done]

ENDPOINT = "targets:\n  a:\n    kind: openai\n    url: http://127.0.0.1:9/v1\n"
HELLO = ["--target", "demo-clinic"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command in this process: the same `main`, without the time that a process takes to start."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["understudy", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["personna"], "No command `personna`. Did you mean `personas`?"),
        (["personas", "lunch-brake-regular"], "No persona `lunch-brake-regular`. Did you mean `lunch-break-regular`?"),
        (["goals", "clinic-reshedule"], "Did you mean `clinic-reschedule`?"),
        (["simulate", REGULAR, "--targt", "x"], "--target"),
        (["simulate", REGULAR], "there is no default target"),
        (["simulate", REGULAR, "--target", "demo-clinik"], "Did you mean `demo-clinic`?"),
        (["simulate", REGULAR, "--target", "demo-clinic+lops"], "Did you mean `loops`?"),
        (["simulate", REGULAR, *HELLO, "--goal", "nothing-like-it"], "No goal `nothing-like-it`"),
        (["simulate", REGULAR, *HELLO, "--rubric", "servis"], "Did you mean `service`?"),
        (["simulate", REGULAR, *HELLO, "--max-turns", "0"], "--max-turns"),
        (["simulate", REGULAR, *HELLO, "--url", "http://127.0.0.1:9/v1"], "either --target or one of"),
        (["simulate", REGULAR, "--url", "http://127.0.0.1:9/v1", "--command", "cat"], "only one of --url and --command"),
        (["simulate", REGULAR, *HELLO, "--model", "x"], "--model goes with --url"),
        (["simulate", REGULAR, "--url", "ftp://x"], "must be a web address"),
        (["simulate", REGULAR, "--command", '"unclosed'], "`--command`: cannot be split into words"),
        (["simulate", REGULAR, "--command", ""], "`--command`: is empty"),
        (["simulate", REGULAR, "--python", "no-colon"], "`--python`"),
        (["show", "run_nope"], "No run `run_nope`"),
        (["show", "run_nope", "--wait"], "No run `run_nope`"),
        (["judge", "run_nope"], "No run `run_nope`"),
        (["judge"], "Give a RUN_ID"),
        (["queries", "generate", "--pack", "bnk"], "Did you mean `bank`?"),
        (["queries", "review", "q", "reject"], "reason"),
        (["demo-agent", "--model", "clinc", "--port", "0"], "Did you mean `clinic`?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_in_the_call_is_code_2_and_says_what_to_do(here: Here, arguments: list[str], words: str) -> None:
    done = here("--store", "store", *arguments)
    assert done.code == 2
    assert words in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ENDPOINT + "defalts:\n  seed: 1\n", "mine.yaml:5: `defalts`: unknown key. Did you mean `defaults`?"),
        ("targets: [\n", "mine.yaml:2: is not YAML"),
        (b"\x8b\xff\x00\x80" * 100, "mine.yaml:1: is not UTF-8 text"),
        ("just words\n", "mine.yaml"),
        ("", "mine.yaml"),
        ("- a\n- b\n", "is not a mapping"),
        (ENDPOINT.replace("openai", "opnai"), "Did you mean `openai`?"),
        (ENDPOINT + "    key_env: sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789\n", "mine.yaml:5"),
        (None, "is a directory"),
    ],
    ids=["unknown-key", "broken-yaml", "binary", "words", "empty", "list", "unknown-kind", "pasted-secret", "directory"],
)
def test_a_settings_file_that_does_not_load_is_code_2_with_its_line(
    here: Here, tmp_path: Path, content: str | bytes | None, words: str
) -> None:
    path = tmp_path / "mine.yaml"
    if content is None:
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8")
    done = here("goals", "--config", str(path))
    assert done.code == 2, done.out
    assert words in done.err
    assert "sk-ant" not in done.err


def test_a_mistake_is_code_2_of_the_process(tmp_path: Path) -> None:
    done = understudy("serve", "--token-env", "NOT_SET_ANYWHERE", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "NOT_SET_ANYWHERE is empty or not set" in done.err


def test_a_fault_of_our_own_is_code_70_in_one_line(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ExceptionGroup("a task group", [RuntimeError("out of luck")])

    monkeypatch.setattr("understudy.cli.browse.run", broken)
    done = here("goals", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (70, "internal")
    assert "RuntimeError: out of luck" in done.err
    assert "report" in done.err


def test_a_settings_file_that_is_not_there_is_code_2(tmp_path: Path) -> None:
    done = understudy("doctor", "--config", "nothere.yaml", "--json", cwd=tmp_path)
    assert (done.code, json.loads(done.out)["error"]["code"]) == (2, "bad_file")
    assert "there is no such file" in done.err


def test_a_missing_company_file_is_named_where_it_is_needed_and_by_doctor(tmp_path: Path) -> None:
    (tmp_path / "understudy.yaml").write_text("company: gone.md\n", encoding="utf-8")
    made = understudy("queries", "generate", "--count", "2", cwd=tmp_path)
    assert made.code == 2
    assert "gone.md" in made.err
    checked = understudy("doctor", "--json", cwd=tmp_path)
    assert checked.code == 1
    assert any(f["level"] == "problem" and "gone.md" in f["detail"] for f in checked.json["findings"])


@pytest.mark.parametrize(("content", "words"), [(b"\xff\xfe\x00", "is not UTF-8 text"), (b" \n\n", "holds no lines")])
def test_a_script_that_cannot_be_played_is_code_2(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "lines.txt").write_bytes(content)
    done = understudy("simulate", REGULAR, *HELLO, "--script", "lines.txt", cwd=tmp_path)
    assert done.code == 2
    assert words in done.err


def test_a_pack_with_a_broken_field_still_lists_the_rest_and_shows_the_problem(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("pack: mine\ntitle: Mine\npersonas:\n  - id: broken\n    name: B\n    emoton: calm\n")
    (tmp_path / "understudy.yaml").write_text("personas: [mine.yaml]\n", encoding="utf-8")
    done = understudy("personas", "--limit", "3", cwd=tmp_path)
    assert done.code == 0
    assert len(done.out.splitlines()) == 6
    assert "mine.yaml:6" in done.err
    assert "emotion" in done.err


def test_an_id_that_is_not_found_points_at_the_files_that_did_not_load(tmp_path: Path) -> None:
    (tmp_path / "soft.yaml").write_text("id: soft\ntitle: Soft\ncriterias: []\n", encoding="utf-8")
    (tmp_path / "understudy.yaml").write_text("rubrics: [soft.yaml]\n", encoding="utf-8")
    done = understudy("simulate", REGULAR, *HELLO, "--rubric", "soft", cwd=tmp_path)
    assert done.code == 2
    assert "No rubric `soft`" in done.err
    assert "soft.yaml:3" in done.err


# ---- a store that cannot be used: code 5


@pytest.mark.parametrize("arguments", [["show"], ["simulate", REGULAR, *HELLO, "--json"]], ids=["show", "simulate"])
def test_a_damaged_store_is_code_5_and_left_as_it_is(tmp_path: Path, arguments: list[str]) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "understudy.db").write_bytes(b"not a database at all " * 200)
    done = understudy("--store", store, *arguments, cwd=tmp_path)
    assert done.code == 5
    assert (json.loads(done.out)["error"]["code"] == "store_corrupt") if "--json" in arguments else (done.out == "")
    assert "[store_corrupt]" in done.err
    assert str(store) in done.err
    assert (store / "understudy.db").read_bytes() == b"not a database at all " * 200


def test_a_store_below_a_file_is_code_5(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = understudy("show", "--store", tmp_path / "file" / "store", cwd=tmp_path)
    assert done.code == 5
    assert "Choose another place" in done.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_store_is_code_5(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir(mode=0o500)
    done = understudy("simulate", REGULAR, *HELLO, "--store", store, cwd=tmp_path)
    assert done.code == 5


def test_doctor_says_how_a_damaged_store_is_mended(tmp_path: Path) -> None:
    (tmp_path / "understudy.db").write_bytes(b"not a database at all " * 200)
    done = understudy("doctor", "--store", tmp_path, "--json", cwd=tmp_path)
    assert done.code == 1
    (store,) = [f for f in done.json["findings"] if f["subject"] == "store"]
    assert store["level"] == "problem"
    assert "out of the way" in store["detail"]


def test_words_of_an_agent_cannot_drive_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("def answer(message):\n    return 'a\\x1b[31mred\\x9b2J \\u202egniht'\n", encoding="utf-8")
    (tmp_path / "lines.txt").write_text("hello\nbye\n", encoding="utf-8")
    call = ["simulate", REGULAR, "--python", "agent:answer", "--script", "lines.txt"]
    for arguments in (call, [*call, "--json"], ["show", "--text", "hello"]):
        done = understudy(*arguments, cwd=tmp_path)
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.out + done.err), arguments

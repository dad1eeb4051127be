"""Every command as a user types it: what it prints, as text and as JSON, and what it exits with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import REGULAR, Done, understudy

from understudy import __version__


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished conversation in its store."""
    folder = tmp_path_factory.mktemp("project")
    done = understudy("simulate", REGULAR, "--target", "demo-clinic+loops", "--seed", "1", "--json", "--store", "store", cwd=folder)
    assert done.code == 1, done.err
    (folder / "run.json").write_text(done.out)
    return folder


@pytest.fixture(scope="module")
def run_id(project: Path) -> str:
    return str(json.loads((project / "run.json").read_text())["run_id"])


def ok(done: Done) -> Done:
    assert done.code == 0, done.err
    assert done.err == ""
    return done


# ---- looking around


def test_help_lists_every_command_and_exit_code(tmp_path: Path) -> None:
    done = ok(understudy("--help", cwd=tmp_path))
    for command in ("demo", "init", "doctor", "serve", "personas", "goals", "queries", "simulate", "judge", "show", "demo-agent"):
        assert re.search(rf"^  {command} ", done.out, re.MULTILINE)
    for code in ("0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "70 ", "130 "):
        assert re.search(rf"^ +{code}", done.out, re.MULTILINE)
    assert ok(understudy("--version", cwd=tmp_path)).out.strip().endswith(__version__)


def test_personas_and_goals_are_listed_and_shown_whole(tmp_path: Path) -> None:
    page = ok(understudy("personas", "--json", cwd=tmp_path)).json
    assert page["total"] == len(page["personas"]) >= 20
    assert ok(understudy("personas", REGULAR, "--json", cwd=tmp_path)).json["persona"]["id"] == REGULAR
    assert f"\n{REGULAR} " in ok(understudy("personas", "--query", "hurried", cwd=tmp_path)).out
    goals = ok(understudy("goals", "--json", "--field", "clinic", cwd=tmp_path)).json
    assert {g["field"] for g in goals["goals"]} == {"clinic"}
    assert json.loads(ok(understudy("goals", "clinic-reschedule", cwd=tmp_path)).out)["id"] == "clinic-reschedule"


def test_init_writes_settings_that_doctor_reads_and_a_second_init_writes_over_nothing(tmp_path: Path) -> None:
    ok(understudy("init", "project", cwd=tmp_path))
    settings = tmp_path / "project" / "understudy.yaml"
    settings.write_text(settings.read_text() + "# mine\n")
    assert understudy("init", "project", cwd=tmp_path).code == 2
    assert settings.read_text().endswith("# mine\n")
    checked = understudy("doctor", "--no-call", "--json", cwd=tmp_path / "project")
    assert checked.code == 0
    assert checked.json["healthy"]
    assert str(settings) in {f["detail"] for f in checked.json["findings"]}


def test_doctor_names_missing_keys_and_dead_targets_and_how_to_mend_them(tmp_path: Path) -> None:
    target = {"kind": "openai", "url": "http://127.0.0.1:9/v1", "key_env": "NOT_SET_ANYWHERE"}
    (tmp_path / "understudy.yaml").write_text(json.dumps({"targets": {"mine": target}}))
    done = understudy("doctor", cwd=tmp_path)
    assert done.code == 1
    assert "NOT_SET_ANYWHERE" in done.out
    assert "Something has to be mended" in done.out


def test_a_reader_that_goes_away_early_is_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "understudy", "personas", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(30) == 0


# ---- general options


def test_config_and_store_may_stand_before_or_after_the_command(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("defaults: {seed: 7}\n")
    for arguments in (
        ["--config", "mine.yaml", "--store", "there", "doctor", "--json"],
        ["doctor", "--json", "--config", "mine.yaml", "--store", "there"],
        ["doctor", "--config=mine.yaml", "--json", "--store=there"],
    ):
        details = [f["detail"] for f in ok(understudy(*arguments, cwd=tmp_path)).json["findings"]]
        assert str(tmp_path / "mine.yaml") in details
        assert any(d.startswith(str(tmp_path / "there" / "understudy.db")) for d in details)


def test_settings_are_found_upward_and_the_store_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "understudy.yaml").write_text("defaults: {seed: 7}\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    ok(understudy("queries", "list", cwd=below))
    assert (tmp_path / ".understudy" / "understudy.db").exists()


# ---- simulate, show, judge


def test_a_failed_verdict_is_code_1_with_the_findings(project: Path, run_id: str) -> None:
    run = json.loads((project / "run.json").read_text())
    assert run["status"] == "finished"
    assert run["verdict"]["outcome"] == "fail"
    assert all(f["evidence"] for f in run["verdict"]["findings"] if f["outcome"] == "fail")
    judged = understudy("judge", run_id, "--json", "--store", "store", cwd=project)
    assert judged.code == 1
    assert judged.json["outcome"] == "fail"
    assert len(judged.json["criteria"]) == judged.json["total"]
    text = understudy("judge", run_id, "--store", "store", cwd=project)
    assert text.code == 1
    assert text.out.startswith("FAIL by `service`")


def test_a_clean_agent_passes_with_code_0_and_the_turns_are_shown(project: Path) -> None:
    done = ok(understudy("simulate", REGULAR, "--target", "demo-clinic", "--seed", "1", "--store", "clean", cwd=project))
    numbers = [int(n) for n in re.findall(r"^\[(\d+)\] ", done.out, re.MULTILINE)]
    assert numbers == list(range(len(numbers)))
    assert "\nverdict: pass" in done.out


def test_conversations_are_listed_and_shown_as_text_markdown_and_json(project: Path, run_id: str) -> None:
    rows = ok(understudy("show", "--json", "--store", "store", cwd=project)).json
    assert [(r["run_id"], r["outcome"]) for r in rows["runs"]] == [(run_id, "fail")]
    assert run_id in ok(understudy("show", "--store", "store", "--outcome", "fail", cwd=project)).out
    transcript = ok(understudy("show", run_id, "--json", "--store", "store", cwd=project)).json
    assert transcript["run_id"] == run_id
    words = [turn["text"] for turn in transcript["turns"]]
    assert words
    markdown = ok(understudy("show", run_id, "--markdown", "--store", "store", cwd=project)).out
    assert markdown.startswith("# ")
    assert all(line in markdown for text in words for line in text.splitlines())
    text = ok(understudy("show", run_id, "--store", "store", cwd=project)).out
    assert "[0] Priya Raman:" in text
    assert "verdict: FAIL" in text


def test_a_rubric_is_shown_without_a_run(project: Path) -> None:
    rubric = ok(understudy("judge", "--dry-run", "--json", cwd=project)).json
    assert rubric["rubric"] == "service"
    assert {c["outcome"] for c in rubric["criteria"]} == {"not judged yet"}


def test_what_nothing_could_judge_is_code_3(tmp_path: Path) -> None:
    rubric = "id: soft\ntitle: Soft\ncriteria:\n  - {id: warmth, description: The agent is warm., required: true}\n"
    (tmp_path / "soft.yaml").write_text(rubric)
    (tmp_path / "understudy.yaml").write_text("rubrics: [soft.yaml]\n")
    (tmp_path / "lines.txt").write_text("Hello.\nBye.\n")
    done = understudy("simulate", REGULAR, "--target", "demo-clinic", "--script", "lines.txt", "--rubric", "soft", "--json", cwd=tmp_path)
    assert done.code == 3, done.err
    assert done.json["verdict"]["outcome"] == "unscored"
    assert done.json["turns"] == 4


# ---- queries


def test_queries_are_generated_listed_and_reviewed(tmp_path: Path) -> None:
    made = ok(understudy("queries", "generate", "--pack", "bank", "--count", "3", "--seed", "1", "--json", cwd=tmp_path)).json
    first, second, third = (q["id"] for q in made["queries"])
    ok(understudy("queries", "review", first, "accept", cwd=tmp_path))
    ok(understudy("queries", "review", second, "reject", "--reason", "nobody says that", "--json", cwd=tmp_path))
    ok(understudy("queries", "review", third, "edit", "--text", "How much is a new card?", cwd=tmp_path))
    kept = ok(understudy("queries", "list", "--batch", made["batch"], "--json", cwd=tmp_path)).json
    assert kept["counts"] == {"pending": 0, "accepted": 1, "rejected": 1, "edited": 1}
    assert "How much is a new card?" in ok(understudy("queries", "list", "--state", "edited", cwd=tmp_path)).out


def test_the_same_seed_gives_the_same_queries_and_a_dry_run_stores_none(tmp_path: Path) -> None:
    asked = ["queries", "generate", "--pack", "clinic", "--count", "3", "--seed", "9", "--json"]
    one, two = (ok(understudy(*asked, cwd=tmp_path)).json for _ in range(2))
    assert [q["query"] for q in one["queries"]] == [q["query"] for q in two["queries"]]
    ok(understudy("queries", "generate", "--pack", "bank", "--dry-run", cwd=tmp_path))
    assert ok(understudy("queries", "list", "--json", cwd=tmp_path)).json["total"] == 6


# ---- targets given on the command line


@pytest.fixture(scope="module")
def demo_agent() -> Iterator[str]:
    """The address of a `demo-agent` process on a free port."""
    command = [sys.executable, "-m", "understudy", "demo-agent", "--model", "clinic+loops", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("listening on ")
        process.terminate()


@pytest.mark.parametrize(
    ("model", "outcome", "code"),
    # An address alone says nothing of where the agent exposes its state, so whether the clean one did its task stays open.
    [([], "fail", 1), (["--model", "clinic"], "unscored", 3)],
    ids=["default-model", "named-model"],
)
def test_an_endpoint_given_by_its_address_is_simulated(tmp_path: Path, demo_agent: str, model: list[str], outcome: str, code: int) -> None:
    done = understudy("simulate", REGULAR, "--url", demo_agent, *model, "--seed", "1", "--json", cwd=tmp_path)
    assert (done.json["verdict"]["outcome"], done.code) == (outcome, code)
    assert done.json["turns"] > 2


def test_a_command_is_simulated(tmp_path: Path) -> None:
    agent = 'import json, sys\nfor line in sys.stdin:\n    print(json.dumps({"text": "Noted. Anything else?"}), flush=True)\n'
    (tmp_path / "agent.py").write_text(agent)
    (tmp_path / "lines.txt").write_text("Hello.\nBye.\n")
    command = f"'{sys.executable}' agent.py"
    done = understudy("simulate", REGULAR, "--command", command, "--script", "lines.txt", "--json", cwd=tmp_path)
    assert done.code in (0, 1), done.err
    assert done.json["untrusted_last_agent_text"] == "Noted. Anything else?"


def test_a_callable_is_simulated_and_what_it_prints_stays_out_of_the_json(tmp_path: Path) -> None:
    (tmp_path / "my_agent.py").write_text("def answer(message):\n    print('noise')\n    return f'You said: {message}'\n")
    (tmp_path / "lines.txt").write_text("Hello.\nBye.\n")
    done = understudy("simulate", REGULAR, "--python", "my_agent:answer", "--script", "lines.txt", "--json", cwd=tmp_path)
    assert done.code in (0, 1), done.err
    assert done.json["untrusted_last_agent_text"] == "You said: Bye."


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (["--url", "http://127.0.0.1:9/v1"], "http://127.0.0.1:9/v1/chat/completions refused the connection"),
        (["--command", "no-such-program-anywhere"], "There is no program `no-such-program-anywhere`"),
        (["--command", f"'{sys.executable}' -c 1"], "exited with code 0 without an answer"),
        (["--python", "no_such_module:answer"], "No module named 'no_such_module'"),
    ],
    ids=["dead-address", "no-program", "silent-program", "no-module"],
)
def test_a_target_that_gives_no_answer_is_code_4_and_says_what_was_tried(tmp_path: Path, target: list[str], words: str) -> None:
    done = understudy("simulate", REGULAR, *target, cwd=tmp_path)
    assert done.code == 4
    assert words in done.out
    assert "the target gave no answer" in done.out


@pytest.mark.parametrize(
    "arguments",
    [("personas", "list", "--json"), ("show", "run_none", "--json"), ("personas", "show", "--bad"), ("goals", "list")],
    ids=" ".join,
)
def test_a_command_answers_in_a_process_of_its_own_as_it_does_in_the_tests_process(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert understudy(*arguments, cwd=tmp_path, apart=True) == understudy(*arguments, cwd=tmp_path)

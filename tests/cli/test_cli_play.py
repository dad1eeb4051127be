"""`understudy play` as a process: lines of stdin are messages, the end is judged, and what is left can be gone on with."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_kit import REGULAR, understudy

OPENING = "Hi, I have to move my appointment with Dr. Amari."
PRIYA = f"""{OPENING}
Priya Raman, born on 14 March 1988.

Thursday would be best.
9:00 please. And is there parking at the clinic?
Oh no, my shift was just moved. Make it Friday instead, please.
/move satisfied Perfect, thanks a lot. Bye!
"""
OPEN = ("play", "--persona", REGULAR, "--seed", "1")


def test_a_user_is_played_by_a_pipe_to_the_verdict(tmp_path: Path) -> None:
    done = understudy(*OPEN, "--target", "demo-clinic", cwd=tmp_path, lines=PRIYA)
    assert done.code == 0, done.err
    assert "you are  Priya Raman" in done.out
    assert "-> They asked: date_of_birth is 14 March 1988." in done.out
    assert "verdict: pass" in done.out
    assert "by hand: caller/1 understudy-play" in done.out


def test_an_agents_fault_is_found_by_hand_and_exits_with_1(tmp_path: Path) -> None:
    done = understudy(*OPEN, "--target", "demo-clinic", "--json", cwd=tmp_path, lines=f"{OPENING}\n/move gave_up Leave it, bye.\n")
    assert done.code == 1
    assert (done.json["ending"], done.json["verdict"]["outcome"]) == ("gave_up", "fail")


def test_a_refused_message_is_told_with_its_reason_and_said_otherwise(tmp_path: Path) -> None:
    lines = f"How can I help you today?\n{OPENING}\n/nonsense\n/move dance now\n/brief\n"
    done = understudy(*OPEN, "--target", "demo-clinic", cwd=tmp_path, lines=lines)
    assert "not sent" in done.out
    assert "2 left" in done.out
    assert done.out.count("you are  Priya Raman") == 2
    assert done.err.count("/move KIND text") == 2


def test_what_is_left_at_the_end_of_the_input_goes_on_later_and_is_listed_as_waiting(tmp_path: Path) -> None:
    left = understudy(*OPEN, "--target", "demo-clinic", cwd=tmp_path, lines=f"{OPENING}\n")
    assert left.code == 3
    found = re.search(r"understudy play --run (run_\w+)", left.out)
    assert found
    run = found[1]
    assert re.search(rf"{run} .* waiting for its player .* user by hand", understudy("show", cwd=tmp_path).out)
    assert f"play --run {run}" in understudy("show", run, cwd=tmp_path).out
    assert f"play --run {run}" in understudy("show", run, "--wait", cwd=tmp_path).err
    ended = understudy("play", "--run", run, "--json", cwd=tmp_path, lines="/move gave_up Never mind, bye.\n")
    assert ended.json["ending"] == "gave_up"
    assert understudy("play", "--run", run, cwd=tmp_path).code == 1


def test_the_agent_is_played_by_hand_against_a_user_of_ours(tmp_path: Path) -> None:
    lines = "Of course. What is your name?\n/close I have moved your appointment to Thursday. Goodbye.\n"
    done = understudy(*OPEN, "--target", "caller", cwd=tmp_path, lines=lines)
    assert done.code == 3, done.err  # the goal is checked by state, and a line of text exposes none
    assert "verdict: unscored" in done.out
    assert "user:" in done.out
    assert "answered by understudy-play" in done.out


def test_a_run_is_cancelled_by_hand_and_counts_neither_way(tmp_path: Path) -> None:
    done = understudy(*OPEN, "--target", "demo-clinic", "--json", cwd=tmp_path, lines=f"{OPENING}\n/cancel\n")
    assert (done.json["ending"], done.code) == ("cancelled", 3)


def test_runs_by_hand_are_never_pooled_with_others_in_rates(tmp_path: Path) -> None:
    understudy(*OPEN, "--target", "demo-clinic", cwd=tmp_path, lines=PRIYA)
    understudy("simulate", REGULAR, "--target", "demo-clinic+loops", "--seed", "1", cwd=tmp_path)
    groups = {g["played_by"]: g["rates"]["overall"] for g in understudy("show", "--rates", "--json", cwd=tmp_path).json["groups"]}
    assert {kind: (rate["hits"], rate["total"]) for kind, rate in groups.items()} == {"caller": (1, 1), "rules": (0, 1)}
    assert "player caller: 1 conversations" in understudy("show", "--rates", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("play",), "--persona"),
        (("play", "--persona", REGULAR, "--run", "run_1"), "--run"),
        (("play", "--run", "run_1"), "No run `run_1`"),
        (("play", "--persona", "nobody", "--target", "demo-clinic"), "No persona"),
        (("play", "--persona", REGULAR, "--target", "demo-clinic", "--player", "rules"), "simulate_conversation"),
        (("simulate", REGULAR, "--target", "caller"), "continue_conversation"),
    ],
)
def test_a_mistake_in_the_call_exits_with_2_and_says_what_to_do(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = understudy(*arguments, cwd=tmp_path)
    assert done.code == 2
    assert says in done.err


def test_a_line_that_is_no_text_is_a_mistake_and_the_run_stays_open(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "understudy", *OPEN, "--target", "demo-clinic"]
    ended = subprocess.run(command, cwd=tmp_path, input=b"\xff\xfe\n", capture_output=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert "waiting for its player" in understudy("show", cwd=tmp_path).out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_the_command_at_once_and_says_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "understudy", *OPEN, "--target", "demo-clinic"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("   -> "):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "understudy play --run run_" in err
    assert "Traceback" not in err

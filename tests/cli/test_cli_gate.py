"""`understudy gate`: its exit codes, what it writes, and that silence is never green. FIELD's probes E1, E2 and E8 among them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from cli_kit import Done, understudy

from understudy.cli import main
from understudy.testing.fake_models import FakeModels

Here = Callable[..., Done]

TWO = ["--persona", "lunch-break-regular", "--persona", "caps-lock-denise"]
GOOD, LOOPS = ["--target", "demo-clinic"], ["--target", "demo-clinic+loops"]
THIRD_CALL_RAISES = """
import os, pathlib
from understudy.demo.agent import Message
from understudy.demo.catalogue import demo_agent

def act(messages, run_id):
    marks = pathlib.Path("marks")
    marks.mkdir(exist_ok=True)
    (marks / run_id).touch()
    if sorted(os.listdir(marks)).index(run_id) == 0 and len(os.listdir(marks)) == 1:
        raise ValueError("this one call")
    found = demo_agent("clinic").answer(tuple(Message(role=m["role"], content=m["content"]) for m in messages))
    return {"text": found.text, "state": found.state, "handed_off": found.handed_off}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command in this process: the same `main`, without the time that a process takes to start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["understudy", "--store", "store", "gate", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return run


def red(done: Done) -> set[str]:
    return {check["name"] for check in done.json["checks"] if not check["green"]}


def test_green_is_code_0_with_its_checks(here: Here) -> None:
    done = here(*TWO, *GOOD, "--min-pass-rate", "90%", "--criterion", "completed=0.9")
    assert done.code == 0
    assert done.out.startswith("green: campaign camp_")
    assert "2/2 = 100% [34%, 100%]; at least 90% asked for" in done.out


def test_red_by_evidence_is_code_1_with_reason_turn_and_quote(here: Here) -> None:
    done = here(*TWO, *LOOPS, "--min-pass-rate", "0.9", "--min-worst-persona", "0.5", "--json")
    assert done.code == 1
    assert (done.json["green"], done.json["red_because"]) == (False, "evidence")
    assert {"pass rate", "worst persona (caps-lock-denise)"} <= red(done)
    first = done.json["failures"][0]
    assert first["criterion"] == "completed"
    assert first["turn"] is not None
    assert first["untrusted_quote"]


def test_an_interval_that_reaches_too_low_is_red(here: Here) -> None:
    assert here(*TWO, *GOOD, "--min-pass-rate", "0.9").code == 0
    assert here(*TWO, *GOOD, "--min-pass-rate-low", "0.9").code == 1


def test_without_a_judge_nothing_is_judged_and_the_gate_is_red_by_silence(here: Here) -> None:
    done = here(*TWO, *GOOD, "--rubric", "quality", "--min-pass-rate", "0", "--json")
    assert (done.code, done.json["red_because"]) == (3, "silence")
    assert red(done) == {"judged", "unscored", "pass rate"}
    assert done.json["unscored"] == 2


def test_a_target_that_never_answers_is_code_4(here: Here, tmp_path: Path) -> None:
    (tmp_path / "understudy.yaml").write_text("targets: {dead: {kind: command, command: [no-such-program]}}\n", encoding="utf-8")
    done = here(*TWO, "--min-pass-rate", "0.5")
    assert done.code == 4
    assert "no-such-program" in done.out
    assert "RED" in done.out


def test_a_cap_that_leaves_conversations_out_is_red_by_silence(here: Here) -> None:
    done = here(*TWO, *GOOD, "--repeats", "3", "--max-conversations", "2", "--json")
    assert (done.code, red(done)) == (3, {"never played"})
    assert (done.json["conversations"], done.json["planned"]) == (2, 6)
    assert here(*TWO, *GOOD, "--repeats", "2", "--max-conversations", "2", "--max-missing", "50%").code == 0


def test_a_stored_campaign_is_gated_again_without_playing(here: Here) -> None:
    first = here(*TWO, *GOOD, "--json").json
    again = here("--campaign", first["campaign_id"], "--min-judged", "3", "--json")
    assert (again.code, again.json["campaign_id"], red(again)) == (3, first["campaign_id"], {"judged"})


def test_against_a_baseline(here: Here) -> None:
    assert here(*TWO, *GOOD, "--baseline", "main").code == 2
    first = here(*TWO, *GOOD, "--baseline", "main", "--allow-missing-baseline", "--update-baseline", "main")
    assert first.code == 0
    assert "There is no baseline `main` yet" in first.err
    assert "The baseline `main` is now camp_" in first.out
    assert here(*TWO, *GOOD, "--baseline", "main", "--no-newly-failing").code == 0
    worse = here(*TWO, *LOOPS, "--baseline", "main", "--no-newly-failing", "--update-baseline", "main", "--json")
    assert (worse.code, red(worse)) == (1, {"nothing newly failing"})
    assert worse.json["newly_failing"] == ["caps-lock-denise/clinic-cancel", "lunch-break-regular/clinic-reschedule"]
    assert here(*TWO, *LOOPS, "--baseline", "main", "--allow-regression").code == 0
    assert here(*TWO, *GOOD, "--baseline", "main", "--no-newly-failing").code == 0, "a red run is no new baseline"
    other = here(*TWO, *GOOD, "--baseline", "main", "--rubric", "strict-safety")
    assert (other.code, "rubric" in other.err) == (2, True)


def test_rules_of_the_settings_hold_and_the_command_line_goes_before(here: Here, tmp_path: Path) -> None:
    rules = {"min_pass_rate": 0.9, "criteria": {"completed": 0.9, "polite": 0.5}}
    (tmp_path / "understudy.yaml").write_text(yaml.safe_dump({"gate": rules}), encoding="utf-8")
    assert red(here(*TWO, *LOOPS, "--json")) == {"pass rate", "criterion completed"}
    assert red(here(*TWO, *LOOPS, "--min-pass-rate", "0", "--json")) == {"criterion completed"}
    assert here(*TWO, *LOOPS, "--min-pass-rate", "0", "--criterion", "completed=0", "--json").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([*GOOD], "none are named"),
        ([*TWO, *GOOD, "--criterion", "complted=0.9"], "Did you mean `completed`?"),
        ([*TWO, *GOOD, "--criterion", "completed"], "is not ID=SHARE"),
        ([*TWO, *GOOD, "--min-pass-rate", "90"], "did you mean 90%?"),
        ([*TWO, *GOOD, "--min-pass-rate", "most"], "write it as 0.9 or 90%"),
        ([*TWO, *GOOD, "--max-unscored", "nan"], "is not between 0 and 1"),
        ([*TWO, "--target", "demo-clinik"], "Did you mean `demo-clinic`?"),
        (["--persona", "lunch-brake-regular", *GOOD], "Did you mean `lunch-break-regular`?"),
        (["--campaign", "camp_nope"], "No campaign `camp_nope`"),
        (["--campaign", "camp_nope", *TWO], "--persona says what to play"),
        ([*TWO, *GOOD, "--baseline", "mian"], "No baseline `mian`"),
        ([*TWO, *GOOD, "--update-baseline", "My Main"], "is no name for a baseline"),
        ([*TWO, *GOOD, "--junit", "no/such/folder.xml"], "a folder that does not exist"),
        ([*TWO, *GOOD, "--json", "--markdown", "-"], "both write to stdout"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else "",
)
def test_a_mistake_is_code_2_and_says_what_to_do(here: Here, arguments: list[str], words: str) -> None:
    done = here(*arguments)
    assert done.code == 2, done.out
    assert words in done.err


def test_unknown_keys_of_the_gate_in_the_settings_are_errors(here: Here, tmp_path: Path) -> None:
    (tmp_path / "understudy.yaml").write_text("gate: {min_passrate: 0.9}\n", encoding="utf-8")
    done = here(*TWO, *GOOD)
    assert (done.code, "Did you mean `min_pass_rate`" in done.err) == (2, True)


def test_junit_markdown_and_the_summary_of_a_step_are_written(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert here(*TWO, *LOOPS, "--min-pass-rate", "0.9", "--junit", "out.xml", "--markdown", "out.md").code == 1
    root = ET.fromstring((tmp_path / "out.xml").read_text(encoding="utf-8"))
    gate, played = root
    assert [case.attrib["name"] for case in gate if case.find("failure") is not None] == ["pass rate"]
    assert {case.attrib["name"] for case in played.findall("testcase")} == {
        "caps-lock-denise/clinic-cancel",
        "lunch-break-regular/clinic-reschedule",
    }
    assert played.attrib["failures"] == "2"
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert text.startswith("## Understudy gate: ❌ red (by what was judged)")
    assert summary.read_text(encoding="utf-8") == f"# before\n{text}\n"
    shown = here(*TWO, *GOOD, "--markdown", "-")
    assert shown.out.startswith("## Understudy gate: ✅ green")


def test_e1_one_call_that_raises_is_kept_apart_and_the_gate_is_red(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(THIRD_CALL_RAISES, encoding="utf-8")
    target = {"kind": "python", "callable": "agent:act", "python": sys.executable}
    (tmp_path / "understudy.yaml").write_text(yaml.safe_dump({"targets": {"mine": target}}), encoding="utf-8")
    arguments = ["--store", "store", "gate", *TWO, "--repeats", "2", "--concurrency", "1", "--junit", "out.xml", "--json"]
    done = understudy(*arguments, cwd=tmp_path)
    assert (done.code, red(done)) == (4, {"target gave no answer"})
    assert (done.json["error"], done.json["passed"]) == (1, 3)
    assert "this one call" in done.json["untrusted_failure"]
    errors = ET.fromstring((tmp_path / "out.xml").read_text(encoding="utf-8")).findall("testsuite/testcase/error")
    assert [error.attrib["type"] for error in errors] == ["target_failed"]


async def test_e2_a_judge_that_answers_in_prose_is_unscored_and_the_gate_is_red(here: Here, tmp_path: Path) -> None:
    async with FakeModels(lambda request: "The agent did really well, I would say. A clear pass!") as models:
        judge: dict[str, Any] = {"provider": "openai_compatible", "model": "prosaic", "base_url": models.openai_url, "family": "fake"}
        (tmp_path / "understudy.yaml").write_text(yaml.safe_dump({"models": {"judge": judge}}), encoding="utf-8")
        done = await asyncio.to_thread(here, *TWO, *GOOD, "--rubric", "quality", "--min-pass-rate", "0.5", "--json")
    assert (done.code, done.json["red_because"]) == (3, "silence")
    assert (done.json["passed"], done.json["failed"], done.json["unscored"]) == (0, 0, 2)
    assert red(done) == {"judged", "unscored", "pass rate"}


def test_e8_every_face_tells_the_same_counts(here: Here, tmp_path: Path) -> None:
    found = here(
        *TWO, "--target", "demo-clinic", "--target", "demo-clinic+loops", "--junit", "out.xml", "--markdown", "out.md", "--json"
    ).json
    counts = [found[name] for name in ("passed", "failed", "unscored", "error", "simulator_faults")]
    assert counts == [2, 2, 0, 0, 0]
    assert "4 of 4 conversations, 2 passed, 2 failed, 0 unscored" in (tmp_path / "out.md").read_text(encoding="utf-8")
    suites = ET.fromstring((tmp_path / "out.xml").read_text(encoding="utf-8"))[1:]
    assert {s.attrib["name"]: (s.attrib["tests"], s.attrib["failures"]) for s in suites} == {
        "gate demo-clinic": ("2", "0"),
        "gate demo-clinic+loops": ("2", "2"),
    }
    again = here("--campaign", found["campaign_id"], "--json").json
    assert [again[name] for name in ("passed", "failed", "unscored", "error", "simulator_faults")] == counts
    assert json.dumps(again["checks"]) == json.dumps(found["checks"])


def test_a_gate_that_stops_early_is_red_by_evidence_and_plays_no_more_than_it_took(here: Here) -> None:
    many = ("--persona", "caps-lock-denise", "--repeats", "40", "--concurrency", "2")
    assert here(*many, *GOOD, "--update-baseline", "main").code == 0
    red = here(*many, "--target", "demo-clinic+rude_to_caps", "--baseline", "main", "--stop-early", "--json")
    assert (red.code, red.json["red_because"]) == (1, "evidence")
    assert red.json["conversations"] < 20
    assert any("10 pairs: 10 worse" in check["detail"] for check in red.json["checks"] if check["name"] == "no regression")
    assert here(*many, *GOOD, "--stop-early").code == 2

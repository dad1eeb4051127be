"""The pytest plugin in real runs of pytest: green, red by evidence, red by silence; with and without pytest-asyncio, and under xdist."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

AGENTS = """
import asyncio, functools
from understudy.demo.agent import Message
from understudy.demo.catalogue import demo_agent

CLINIC = {"personas": ["lunch-break-regular", "caps-lock-denise", "surprised-by-bill"], "seed": 1}
HANGS_UP = "I can not help you with that."

def answer(model, messages):
    found = demo_agent(model).answer(tuple(Message(role=m["role"], content=m["content"]) for m in messages))
    calls = [{"name": c.name, "arguments": c.arguments} for c in found.tool_calls]
    return {"text": found.text, "state": found.state, "handed_off": found.handed_off, "tool_calls": calls}

def good(messages):
    return answer("clinic", messages)

async def good_later(messages):
    await asyncio.sleep(0)
    return good(messages)

def useless(messages):
    return HANGS_UP

def crashes(messages):
    raise RuntimeError("no database")

class OnceRaising:
    def __init__(self):
        self.calls = 0
    def __call__(self, messages):
        self.calls += 1
        if self.calls == 3:
            raise ValueError("this one call")
        return good(messages)
"""
SYNC = """
import pytest
from agents import *
from understudy.domain.errors import BadInput, Conflict, NotFound

def test_green(understudy):
    result = understudy.run_sync(good, **CLINIC)
    assert result.passed.value == 1.0
    assert 0.4 < result.passed.interval.low < 1.0
    assert result.failures == []
    result.assert_pass_rate(at_least=0.9, low=0.4, worst_persona=0.9, criteria={"completed": 0.9})

def test_a_named_target(understudy):
    understudy.run_sync("demo-clinic", personas=["lunch-break-regular"]).assert_pass_rate(1.0)

@pytest.mark.understudy(personas=["caps-lock-denise", "lunch-break-regular"], repeats=2)
class TestMarked:
    def test_the_marker_says_what_is_played(self, understudy):
        result = understudy.run_sync(good)
        assert result.campaign.total == 4
        result.assert_pass_rate(0.9)

    @pytest.mark.understudy(repeats=1)
    def test_the_nearest_marker_wins(self, understudy):
        assert understudy.run_sync(good).campaign.total == 2

def test_red_by_evidence(understudy):
    understudy.run_sync(useless, **CLINIC).assert_pass_rate(at_least=0.9)

def test_transcripts_of_failures_are_written(understudy):
    result = understudy.run_sync(useless, **CLINIC)
    assert len(result.failures) == result.passed.total - result.passed.hits > 0
    assert all("I can not help you" in failed.transcript.read_text() for failed in result.failures)
    assert all(failed.criterion and failed.reason for failed in result.failures)
    result.assert_judged()

def test_red_by_silence_when_the_agent_crashes(understudy):
    understudy.run_sync(crashes, **CLINIC).assert_pass_rate(at_least=0.0)

def test_red_though_nothing_is_asserted(understudy):
    understudy.run_sync(crashes, **CLINIC)

def test_red_by_silence_without_a_judge(understudy):
    understudy.run_sync(good, rubric="quality", **CLINIC).assert_pass_rate(at_least=0.0)

def test_an_empty_selection_is_an_error(understudy):
    understudy.run_sync(good)

def test_a_mistyped_persona_is_an_error(understudy):
    with pytest.raises(NotFound, match="lunch-break-regular"):
        understudy.run_sync(good, personas=["lunch-brake-regular"])

def test_a_mistyped_word_is_an_error(understudy):
    with pytest.raises(BadInput, match="repeats"):
        understudy.run_sync(good, repeat=2, **CLINIC)
    with pytest.raises(BadInput, match="max_unscored"):
        understudy.run_sync(good, **CLINIC).assert_judged(max_unscore=1)

def test_one_call_that_raises_keeps_the_rest(understudy):
    result = understudy.run_sync(OnceRaising(), **CLINIC)
    assert (result.analysis.outcomes.error, result.passed.total) == (1, 2)
    result.assert_pass_rate(at_least=0.9, max_infrastructure=0.4)
    result.assert_pass_rate(at_least=0.9)

def test_no_regression_against_itself(understudy):
    before = understudy.run_sync(good, **CLINIC)
    before.save_baseline("main")
    after = understudy.run_sync(good, **CLINIC)
    after.assert_no_regression("main", newly_failing=True)
    after.assert_no_regression(before, newly_failing=True)

def test_a_regression_is_red(understudy):
    understudy.run_sync(good, **CLINIC).save_baseline("main")
    understudy.run_sync(useless, **CLINIC).assert_no_regression(baseline="main", newly_failing=True)

def test_a_missing_baseline_is_an_error(understudy):
    with pytest.raises(NotFound, match="mian"):
        understudy.run_sync(good, **CLINIC).assert_no_regression("mian")

def test_another_rubric_is_not_compared(understudy):
    before = understudy.run_sync(good, **CLINIC)
    with pytest.raises(Conflict, match="rubric"):
        understudy.run_sync(good, rubric="strict-safety", **CLINIC).assert_no_regression(before)

def test_reports(understudy, tmp_path):
    result = understudy.run_sync(useless, **CLINIC)
    assert "<failure" in result.report_junit(tmp_path / "j.xml").read_text()
    assert "## Understudy" in result.report_markdown(tmp_path / "m.md").read_text()
    assert "<html" in result.report_html(tmp_path / "r.html").read_text(encoding="utf-8")
"""
ASYNC = """
import pytest
from agents import *
from understudy.domain.errors import CallerError

async def test_green(understudy):
    result = await understudy.run(good_later, **CLINIC)
    result.assert_pass_rate(at_least=0.9)
    result.assert_no_regression(await understudy.run(good, **CLINIC))
    result.save_baseline("main")
    (await understudy.run(good, **CLINIC)).assert_no_regression("main")

async def test_red(understudy):
    (await understudy.run(useless, **CLINIC)).assert_pass_rate(at_least=0.9)

async def test_red_though_nothing_is_asserted(understudy):
    await understudy.run(crashes, **CLINIC)

async def test_sync_within_a_loop(understudy):
    with pytest.raises(CallerError, match="await understudy.run"):
        understudy.run_sync(good, **CLINIC)
"""
BARE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Whether the plugin is found by its entry point depends on the installation; here it is named."""


@dataclass(frozen=True)
class Ran:
    """A run of pytest: its exit code, what it printed, and what became of each test, with the message."""

    code: int
    out: str
    outcomes: Mapping[str, tuple[str, str]]

    def of(self, test: str) -> tuple[str, str]:
        return self.outcomes[test]

    @property
    def red(self) -> set[str]:
        return {name for name, (outcome, _) in self.outcomes.items() if outcome != "passed"}


def ran(folder: Path, content: str, *options: str, settings: str = "") -> Ran:
    (folder / "agents.py").write_text(AGENTS)
    (folder / "test_it.py").write_text(content)
    (folder / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
        if "asyncio" in str(options)
        else "[pytest]\n"
    )
    if settings:
        (folder / "understudy.yaml").write_text(settings)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "understudy.pytest_plugin", "--strict-markers", "--junitxml=out.xml", *options]
    ended = subprocess.run(command, cwd=folder, env=BARE, capture_output=True, text=True, timeout=120, check=False)
    cases = ET.parse(folder / "out.xml").iter("testcase") if (folder / "out.xml").exists() else ()
    return Ran(ended.returncode, ended.stdout + ended.stderr, {case.attrib["name"]: _outcome(case) for case in cases})


def _outcome(case: ET.Element) -> tuple[str, str]:
    for child in case:
        if child.tag in ("failure", "error", "skipped"):
            return child.tag, f"{child.attrib.get('message', '')}\n{child.text}"
    return "passed", ""


@pytest.fixture(scope="module")
def sync(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory.mktemp("sync"), SYNC)


def test_what_holds_is_green_and_everything_else_is_red(sync: Ran) -> None:
    assert sync.red == {
        "test_red_by_evidence",
        "test_red_by_silence_when_the_agent_crashes",
        "test_red_though_nothing_is_asserted",
        "test_red_by_silence_without_a_judge",
        "test_an_empty_selection_is_an_error",
        "test_one_call_that_raises_keeps_the_rest",
        "test_a_regression_is_red",
    }, sync.out
    assert sync.code == 1
    assert len(sync.outcomes) == 18


def test_a_red_assertion_shows_counts_interval_worst_persona_and_the_first_failures_words(sync: Ran) -> None:
    outcome, message = sync.of("test_red_by_evidence")
    assert outcome == "failure"
    for words in ("RED pass rate: 0/3 = 0% [0%, 56%]", "0 passed, 3 failed, 0 unscored", "worst persona: ", "completed: ", "transcript: "):
        assert words in message
    assert "I can not help you with that." in message


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("test_red_by_silence_when_the_agent_crashes", "RED judged: 0 of 3 conversations judged"),
        ("test_red_by_silence_when_the_agent_crashes", "no database"),
        ("test_red_though_nothing_is_asserted", "RED target gave no answer: 3/3"),
        ("test_red_by_silence_without_a_judge", "RED unscored: 3/3 = 100%"),
        ("test_an_empty_selection_is_an_error", "none are named"),
        ("test_one_call_that_raises_keeps_the_rest", "RED target gave no answer: 1/3"),
        ("test_a_regression_is_red", "RED nothing newly failing: 3 of 3 scenarios newly fail"),
    ],
)
def test_a_red_test_says_why(sync: Ran, test: str, words: str) -> None:
    assert words in sync.of(test)[1]


def test_with_pytest_asyncio_a_run_is_awaited(tmp_path: Path) -> None:
    done = ran(tmp_path, ASYNC, "-p", "pytest_asyncio.plugin")
    assert done.red == {"test_red", "test_red_though_nothing_is_asserted"}, done.out
    assert "RED judged" in done.of("test_red_though_nothing_is_asserted")[1]


def test_under_xdist_the_workers_share_a_store_or_have_their_own(tmp_path: Path) -> None:
    content = "from agents import *\n" + "".join(
        f"def test_{n}(understudy):\n    understudy.run_sync(good, **CLINIC).assert_pass_rate(0.9)\n" for n in range(4)
    )
    for kept in ((), ("--understudy-store", "kept")):
        done = ran(tmp_path, content, "-p", "xdist.plugin", "-n", "2", *kept)
        assert (done.code, len(done.outcomes)) == (0, 4), done.out
    assert (tmp_path / "kept" / "understudy.db").exists()


def test_a_kept_store_holds_the_baseline_of_an_earlier_run(tmp_path: Path) -> None:
    store = ("--understudy-store", "kept")
    first = "from agents import *\ndef test_it(understudy):\n    understudy.run_sync(good, **CLINIC).save_baseline('main')\n"
    assert ran(tmp_path, first, *store).code == 0
    asserted = "understudy.run_sync(useless, **CLINIC).assert_no_regression('main', newly_failing=True)"
    then = f"from agents import *\ndef test_it(understudy):\n    {asserted}\n"
    done = ran(tmp_path, then, *store)
    assert "3 of 3 scenarios newly fail" in done.of("test_it")[1]


def test_the_settings_file_of_the_project_counts(tmp_path: Path) -> None:
    content = """
from agents import *
def test_gate(understudy):
    understudy.run_sync(good, **CLINIC).assert_gate()
def test_limits(understudy):
    understudy.run_sync(good, **CLINIC).assert_pass_rate(0.5)
"""
    done = ran(tmp_path, content, settings="gate: {min_pass_rate_low: 0.9, min_judged: 3}\n")
    assert done.red == {"test_gate"}
    assert "RED pass rate, lower end" in done.of("test_gate")[1]
    assert ran(tmp_path, content, settings="gate: {min_judged: 4}\n").red == {"test_gate", "test_limits"}
    broken = ran(tmp_path, content, settings="gate: {min_pass_rat: 0.9}\n")
    assert "Did you mean `min_pass_rate`" in broken.of("test_gate")[1]


def test_a_marker_with_words_without_a_name_is_a_mistake(tmp_path: Path) -> None:
    content = "import pytest\n@pytest.mark.understudy('clinic')\ndef test_it(understudy):\n    pass\n"
    assert "takes names only" in ran(tmp_path, content).of("test_it")[1]


def test_a_project_without_such_tests_loads_nothing_of_ours(tmp_path: Path) -> None:
    content = """
import sys
def test_it(pytestconfig):
    ours = {name for name in sys.modules if name.partition(".")[0] == "understudy"}
    assert ours == {"understudy", "understudy.pytest_plugin"}
    assert "pydantic" not in sys.modules
"""
    assert ran(tmp_path, content).code == 0


def test_the_plugin_is_found_by_its_entry_point_and_pytest_is_no_dependency() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"understudy": "understudy.pytest_plugin"}
    assert not [needed for needed in project["dependencies"] if needed.startswith("pytest")]

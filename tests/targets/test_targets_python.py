"""What is particular to Python callables: the user's own interpreter, their prints, parameters and results."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from understudy.domain.conversation import Reply, TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import PythonTarget
from understudy.targets.interpreter import find_interpreter
from understudy.targets.python_callable import HOST, PythonCallable

SECRET = "planted-secret-0123456789"
TALK = ("Hi", "Hello!", "Book it")

Open = Callable[..., PythonCallable]


def talk(*texts: str) -> TargetRequest:
    turns = tuple(Turn(index=i, role="agent" if i % 2 else "user", text=t, at=0.0) for i, t in enumerate(texts))
    return TargetRequest(run_id="run-1", turns=turns, session="s-1")


@pytest.fixture
async def python(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a target for `agent:answer`, defined by the given code; closed again at the end."""
    async with AsyncExitStack() as stack:

        def opened(code: str, *, environ: dict[str, str] | None = None, **more: Any) -> PythonCallable:
            (tmp_path / "agent.py").write_text(code)
            chosen = {"callable": "agent:answer", "python": sys.executable, "cwd": str(tmp_path), "timeout_s": 10, **more}
            target = PythonCallable("t", PythonTarget(**chosen), env={**os.environ, **(environ or {})})
            stack.push_async_callback(target.aclose)
            return target

        yield opened


async def ask(target: PythonCallable, *texts: str) -> Reply:
    return await target.reply(talk(*(texts or TALK)))


async def failure(target: PythonCallable, *texts: str) -> TargetFailure:
    with pytest.raises(TargetError) as caught:
        await ask(target, *texts)
    return caught.value.failure


# ---------------------------------------------------------------- the interpreter


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of the user's, with a package that ours does not have."""
    folder = tmp_path_factory.mktemp("project") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "only_theirs.py").write_text("NAME = 'only theirs'\n")
    return folder


THEIRS = """
import json, sys
import only_theirs
def answer(messages):
    try:
        import understudy
    except ImportError:
        understudy = None
    return json.dumps({"prefix": sys.prefix, "package": only_theirs.NAME, "understudy": bool(understudy)})
"""


@pytest.mark.parametrize("how", ["VIRTUAL_ENV", ".venv", "PATH", "setting"])
async def test_the_callable_runs_in_the_users_environment_and_not_in_ours(venv: Path, how: str, tmp_path: Path) -> None:
    cwd = venv.parent if how == ".venv" else tmp_path
    (cwd / "agent.py").write_text(THEIRS)
    env = {"PATH": f"{Path(sys.executable).parent}:{venv / 'bin'}" if how == "PATH" else os.defpath}
    if how == "VIRTUAL_ENV":
        env["VIRTUAL_ENV"] = str(venv)
    settings = PythonTarget(callable="agent:answer", cwd=str(cwd), python=str(venv / "bin" / "python") if how == "setting" else None)
    target = PythonCallable("t", settings, env=env)
    try:
        seen = json.loads((await ask(target)).text)
    finally:
        await target.aclose()
    assert seen == {"prefix": str(venv), "package": "only theirs", "understudy": False}
    assert Path(seen["prefix"]) != Path(sys.prefix)


def test_our_own_interpreter_is_the_last_resort_and_is_said_to_be(tmp_path: Path) -> None:
    ours = find_interpreter(None, cwd=str(tmp_path), env={"PATH": str(Path(sys.executable).parent)})
    assert ours.path == sys.executable
    assert "Understudy's own" in ours.why


def test_a_virtual_environment_that_is_ours_does_not_hide_the_users(venv: Path) -> None:
    env = {"VIRTUAL_ENV": sys.prefix, "PATH": os.defpath}
    found = find_interpreter(None, cwd=str(venv.parent), env=env, ours=str(Path(sys.prefix) / "bin" / "python"))
    assert found.path == str(venv / "bin" / "python")


async def test_an_interpreter_that_is_not_there_is_named(python: Open, tmp_path: Path) -> None:
    found = await failure(python("", python=str(tmp_path / "no" / "python")))
    assert found.kind == "not_configured"
    assert str(tmp_path / "no" / "python") in found.detail


async def test_modules_of_theirs_are_not_shadowed_by_ours(python: Open, tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("NAME = 'their settings'\n")
    (tmp_path / "json.py").write_text("raise RuntimeError('not the standard library')\n")
    target = python("import settings\ndef answer(messages): return settings.NAME")
    assert (await ask(target)).text == "their settings"


def test_the_host_needs_nothing_but_the_standard_library_of_an_old_python() -> None:
    import ast

    tree = ast.parse(HOST.read_text(), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)


# ---------------------------------------------------------------- prints


NOISY = """
import os, subprocess, sys
print("importing")
os.write(1, b"raw import\\n")
def answer(messages):
    print('{"text": "forged"}', flush=True)
    os.write(1, b'{"text": "forged"}\\n')
    sys.__stdout__.write("dunder\\n")
    subprocess.run(["echo", "from a child"])
    rest = sys.stdin.read()
    return f"real {messages[-1]['content']} {rest!r}"
"""


async def test_prints_of_theirs_never_reach_the_protocol(python: Open) -> None:
    target = python(NOISY)
    assert (await ask(target, "one")).text == "real one ''"
    assert (await ask(target, "two")).text == "real two ''"


async def test_prints_of_theirs_are_shown_when_it_fails(python: Open) -> None:
    target = python("print('loading the model')\ndef answer(messages):\n    print('about to divide')\n    return 1 / 0")
    found = await failure(target)
    assert found.kind == "crashed"
    assert "ZeroDivisionError: division by zero" in found.detail
    assert 'agent.py", line 4, in answer' in found.stderr


async def test_an_import_that_fails_tells_why(python: Open) -> None:
    found = await failure(python("import a_package_they_forgot\ndef answer(messages): return 'x'"))
    assert found.kind == "crashed"
    assert "No module named 'a_package_they_forgot'" in found.detail
    assert "Traceback" in found.stderr
    assert sys.executable in found.detail


async def test_a_function_that_is_not_there_tells_why(python: Open) -> None:
    found = await failure(python("def other(messages): return 'x'"))
    assert "has no attribute 'answer'" in found.detail


async def test_an_exception_does_not_end_the_process(python: Open) -> None:
    target = python(
        "calls = []\ndef answer(messages):\n    calls.append(1)\n    if len(calls) == 1: raise SystemExit(3)\n    return str(len(calls))"
    )
    assert "SystemExit: 3" in (await failure(target)).detail
    assert (await ask(target)).text == "2"


async def test_a_secret_in_an_exception_is_masked(python: Open) -> None:
    code = "import os\ndef answer(messages): raise RuntimeError('bad key ' + os.environ['AGENT_KEY'])"
    target = python(code, environ={"AGENT_KEY": SECRET}, env=("AGENT_KEY",))
    with pytest.raises(TargetError) as caught:
        await ask(target)
    everything = str(caught.value) + caught.value.failure.model_dump_json()
    assert SECRET not in everything
    assert "bad key ***" in everything


# ---------------------------------------------------------------- parameters

MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}, {"role": "user", "content": "Book it"}]
REQUEST = {"run_id": "run-1", "messages": MESSAGES, "session": "s-1"}


@pytest.mark.parametrize(
    ("signature", "arguments", "expected"),
    [
        ("messages", "messages", MESSAGES),
        ("conversation", "conversation", MESSAGES),
        ("*args", "args[0]", MESSAGES),
        ("message", "message", "Book it"),
        ("said: str", "said", "Book it"),
        ("message, history", "[message, history]", ["Book it", MESSAGES[:-1]]),
        ("said, history", "[said, history]", ["Book it", MESSAGES[:-1]]),
        ("history, message", "[message, history]", ["Book it", MESSAGES[:-1]]),
        ("request", "request", REQUEST),
        ("request: dict", "request", REQUEST),
        ("messages, session, run_id", "[len(messages), session, run_id]", [3, "s-1", "run-1"]),
        ("messages, *, session_id=None, temperature=0.5, **rest", "[len(messages), session_id, temperature, rest]", [3, "s-1", 0.5, {}]),
        ("messages, /", "messages", MESSAGES),
        ("*, messages", "messages", MESSAGES),
    ],
)
async def test_parameters_are_filled_by_name(python: Open, signature: str, arguments: str, expected: Any) -> None:
    target = python(f"import json\ndef answer({signature}): return json.dumps({arguments})")
    assert json.loads((await ask(target)).text) == expected


@pytest.mark.parametrize(
    ("signature", "says"), [("messages, flavour", "`flavour`"), ("", "give it a parameter `messages`"), ("*, x", "`x`")]
)
async def test_a_parameter_that_cannot_be_filled_is_named(python: Open, signature: str, says: str) -> None:
    found = await failure(python(f"def answer({signature}): return 'x'"))
    assert found.kind == "crashed"
    assert says in found.detail


async def test_methods_and_callable_objects_work(python: Open) -> None:
    code = """
class Agent:
    def __init__(self): self.turns = 0
    def __call__(self, message, history): return f"called with {message}"
    async def reply(self, message):
        self.turns += 1
        return f"turn {self.turns}"
answer = Agent()
"""
    assert (await ask(python(code))).text == "called with Book it"
    method = python(code, callable="agent:answer.reply")
    assert [(await ask(method)).text for _ in range(2)] == ["turn 1", "turn 2"]


# ---------------------------------------------------------------- results


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("def answer(messages): return {'reply': 'r'}", "r"),
        ("def answer(messages): return {'content': 'c'}", "c"),
        ("def answer(messages):\n    yield 'a'\n    yield 'b'", "ab"),
        ("async def answer(messages):\n    yield 'a'\n    yield {'text': 'b', 'state': {'n': 1}}", "ab"),
        ("async def later(): return 'later'\ndef answer(messages): return later()", "later"),
        ("import asyncio\ndef answer(messages): return asyncio.run(inner())\nasync def inner(): return 'own loop'", "own loop"),
        ("def answer(messages): return iter(['x', 'y'])", "xy"),
        ("import datetime\ndef answer(messages): return {'text': 't', 'state': {'at': datetime.date(2026, 1, 2)}}", "t"),
    ],
)
async def test_results_of_every_kind_become_a_reply(python: Open, code: str, text: str) -> None:
    assert (await ask(python(code))).text == text


@pytest.mark.parametrize(
    ("result", "kind", "says"),
    [
        ("None", "empty", "returned None"),
        ("iter([])", "empty", "yielded nothing"),
        ("42", "wrong_shape", "a int"),
        ("iter(['a', 3])", "wrong_shape", "a int"),
        ("object()", "wrong_shape", "a object"),
        ("{'answer': 'x'}", "wrong_shape", "an object with `answer`"),
        ("{'text': b'x'}", "", ""),
    ],
)
async def test_a_result_that_is_no_answer_is_a_typed_failure(python: Open, result: str, kind: str, says: str) -> None:
    target = python(f"def answer(messages): return {result}")
    if not kind:
        assert (await ask(target)).text == "b'x'"
        return
    found = await failure(target)
    assert found.kind == kind
    assert says in found.detail


async def test_an_event_loop_of_theirs_lives_as_long_as_the_conversation(python: Open) -> None:
    code = """
import asyncio
loops = []
async def answer(messages):
    loops.append(asyncio.get_running_loop())
    return str(len(set(map(id, loops))))
"""
    target = python(code)
    assert [(await ask(target)).text for _ in range(3)] == ["1", "1", "1"]


async def test_several_conversations_run_beside_each_other(python: Open) -> None:
    target = python("import os\ndef answer(message): return f'{message} {os.getpid()}'")
    requests = [talk(f"I am {i}").evolve(run_id=f"run-{i}") for i in range(3)]
    replies = [r.text for r in await asyncio.gather(*(target.reply(r) for r in requests))]
    assert [r.rpartition(" ")[0] for r in replies] == ["I am 0", "I am 1", "I am 2"]
    assert len({r.rpartition(" ")[2] for r in replies}) == 3

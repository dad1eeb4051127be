"""What is particular to commands: their process, the lines, stderr, the environment, and how each failure is told."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest

from understudy.domain.conversation import TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import CommandTarget, HandoffRule
from understudy.targets.command import Command
from understudy.targets.process import start

SECRET = "planted-secret-0123456789"
LOOP = "import json, os, sys, time\nfor line in sys.stdin:\n    request = json.loads(line)\n    last = request['messages'][-1]['content']\n"

Open = Callable[..., Command]


def say(text: str, run_id: str = "run-1", session: str | None = None) -> TargetRequest:
    return TargetRequest(run_id=run_id, turns=(Turn(index=0, role="user", text=text, at=0.0),), session=session)


@pytest.fixture
async def command(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a command target whose program is the given Python code; closed again at the end."""
    async with AsyncExitStack() as stack:

        def opened(code: str, *, environ: dict[str, str] | None = None, **more: Any) -> Command:
            (tmp_path / "agent.py").write_text(code)
            settings = CommandTarget(**{"command": (sys.executable, "-u", "agent.py"), "cwd": str(tmp_path), "timeout_s": 10, **more})
            target = Command("t", settings, env={**os.environ, **(environ or {})})
            stack.push_async_callback(target.aclose)
            return target

        yield opened


async def failure(target: Command, request: TargetRequest) -> TargetFailure:
    with pytest.raises(TargetError) as caught:
        await target.reply(request)
    return caught.value.failure


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A killed process that its parent has not collected yet is no longer running either.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc").is_dir() else True


async def gone(*pids: int) -> bool:
    """Whether all of them are no longer running within two seconds: the kernel ends a killed process when it gets to it."""
    with anyio.move_on_after(2):
        while any(alive(pid) for pid in pids):  # noqa: ASYNC110 - nothing tells of another process
            await anyio.sleep(0.01)
        return True
    return False


async def test_the_request_line_is_what_the_documentation_says(command: Open) -> None:
    target = command(LOOP + "    print(json.dumps({'text': json.dumps(request, sort_keys=True)}))")
    reply = await target.reply(say("Hi", session="s-9"))
    assert json.loads(reply.text) == {"messages": [{"content": "Hi", "role": "user"}], "run_id": "run-1", "session": "s-9"}


async def test_every_field_of_an_answer_is_kept(command: Open) -> None:
    answer = {
        "text": "Bye",
        "session": "s-1",
        "handed_off": True,
        "closed": True,
        "state": {"a": 1},
        "tool_calls": [{"name": "f", "result": 2}],
    }
    target = command(LOOP + f"    print(json.dumps({answer!r}))")
    reply = await target.reply(say("x"))
    assert (reply.text, reply.session, reply.handed_off, reply.closed, reply.state) == ("Bye", "s-1", True, True, {"a": 1})
    assert [(c.name, c.result) for c in reply.tool_calls] == [("f", 2)]


async def test_a_conversation_keeps_its_process_and_another_has_its_own(command: Open) -> None:
    target = command(LOOP + "    print(json.dumps({'text': str(os.getpid())}))")
    first, again, other = [(await target.reply(say("x", run))).text for run in ("a", "a", "b")]
    assert first == again != other
    assert target.running == 2


async def test_forgetting_a_conversation_ends_its_process(command: Open) -> None:
    target = command(LOOP + "    print(json.dumps({'text': str(os.getpid())}))")
    pid = int((await target.reply(say("x"))).text)
    assert alive(pid)
    target.forget("run-1")
    assert target.running == 0
    await target.aclose()
    assert await gone(pid)


async def test_an_idle_process_is_ended_and_a_later_turn_gets_a_new_one(command: Open) -> None:
    target = command(LOOP + "    print(json.dumps({'text': str(os.getpid())}))", idle_s=0.05)
    pid = (await target.reply(say("x"))).text
    async with asyncio.timeout(2):
        while target.running:  # noqa: ASYNC110 - ended by a timer that nobody outside hears of
            await asyncio.sleep(0.01)
    assert (await target.reply(say("y"))).text != pid


async def test_ending_processes_leaves_no_complaint_of_asyncio(caplog: pytest.LogCaptureFixture) -> None:
    processes = [await start(("sleep", "60"), cwd=None, env=os.environ) for _ in range(60)]
    for process in processes:
        process.kill()
    async with asyncio.timeout(5):
        await asyncio.gather(*(process.gone for process in processes))
    assert {process.returncode for process in processes} == {-9}
    assert [record.message for record in caplog.records] == []


async def test_closing_ends_every_process_with_all_that_it_started(command: Open) -> None:
    code = (
        "import subprocess\n"
        + LOOP
        + "    child = subprocess.Popen(['sleep', '60'])\n    print(json.dumps({'text': f'{os.getpid()} {child.pid}'}))"
    )
    target = command(code)
    pids = [int(pid) for run in ("a", "b") for pid in (await target.reply(say("x", run))).text.split()]
    await target.aclose()
    assert await gone(*pids)


async def test_a_process_that_hangs_is_killed_with_its_children_and_its_stderr_is_kept(command: Open, tmp_path: Path) -> None:
    code = (
        "import subprocess\n" + LOOP + "    child = subprocess.Popen(['sleep', '60'])\n"
        "    open('pids', 'w').write(f'{os.getpid()} {child.pid}')\n"
        "    print('waiting for the database', file=sys.stderr)\n    time.sleep(60)"
    )
    target = command(code, timeout_s=1.5)
    found = await failure(target, say("x"))
    await target.aclose()
    assert found.kind == "timeout"
    assert "within 1.5 s and was stopped" in found.detail
    assert "waiting for the database" in found.stderr
    assert await gone(*(int(pid) for pid in (tmp_path / "pids").read_text().split()))


async def test_cancelling_a_turn_kills_its_process(command: Open, tmp_path: Path) -> None:
    target = command(LOOP + "    open('pid', 'w').write(str(os.getpid()))\n    os.rename('pid', 'ready')\n    time.sleep(60)")
    call = asyncio.create_task(target.reply(say("x")))
    async with asyncio.timeout(5):
        while not (tmp_path / "ready").exists():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await target.aclose()
    assert await gone(int((tmp_path / "ready").read_text()))


async def test_a_crash_tells_exit_code_and_the_end_of_stderr(command: Open) -> None:
    target = command(LOOP + "    print('x' * 9000 + '\\nno such table: patients', file=sys.stderr)\n    sys.exit(7)")
    found = await failure(target, say("x"))
    assert found.kind == "crashed"
    assert "exited with code 7 without an answer" in found.detail
    assert "no such table: patients" in found.detail
    assert found.stderr.endswith("no such table: patients\n")
    assert len(found.stderr) <= 4096


async def test_a_process_ended_by_a_signal_is_said_to_be(command: Open) -> None:
    found = await failure(command(LOOP + "    os.kill(os.getpid(), 9)"), say("x"))
    assert (found.kind, "signal 9" in found.detail) == ("crashed", True)


async def test_a_command_that_closes_its_stdout_has_crashed_even_when_it_lives_on(command: Open) -> None:
    found = await failure(command("import os, time\nos.close(1)\ntime.sleep(60)"), say("x"))
    assert (found.kind, "closed its stdout" in found.detail) == ("crashed", True)


async def test_a_command_that_answers_once_and_exits_is_told_about_per_turn(command: Open) -> None:
    code = "import json, sys\nsys.stdin.readline()\nprint(json.dumps({'text': 'once'}))"
    target = command(code)
    assert (await target.reply(say("x"))).text == "once"
    found = await failure(target, say("y"))
    assert (found.kind, "per_turn: true" in found.detail) == ("crashed", True)
    per_turn = command(code, per_turn=True)
    assert [(await per_turn.reply(say("x"))).text for _ in range(2)] == ["once", "once"]


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("print('{\"text\": \"a\"}')\nprint('Done.')", "rubbish", "'Done.'"),
        ('import sys\nprint(\'{"text": "a"}\')\nsys.exit(2)', "crashed", "code 2"),
        ("pass", "crashed", "code 0 without an answer"),
    ],
)
async def test_a_command_for_every_turn_answers_with_one_line_and_exit_code_0(command: Open, code: str, kind: str, says: str) -> None:
    found = await failure(command(code, per_turn=True), say("x"))
    assert found.kind == kind
    assert says in found.detail


@pytest.mark.parametrize(
    ("printed", "kind", "says"),
    [
        ("Loading model ...", "rubbish", "'Loading model ...'"),
        ("{'text': 'single quotes'}", "rubbish", "single quotes"),
        ("[1, 2]", "wrong_shape", "a list of 2"),
        ('{"answer": "hi"}', "wrong_shape", "an object with `answer`"),
        ('{"text": 7}', "wrong_shape", "`text`"),
        ('{"text": "a", "tool_calls": [{"arguments": 1}]}', "wrong_shape", "`tool_calls.0` has no name"),
        ('{"text": "a", "state": "on"}', "wrong_shape", "state"),
        ('{"text": "a", "session": 5}', "wrong_shape", "`session`"),
        ('{"error": "no database"}', "crashed", "reported an error: no database"),
    ],
)
async def test_a_line_that_is_no_answer_is_a_typed_failure(command: Open, printed: str, kind: str, says: str) -> None:
    found = await failure(command(LOOP + f"    print({printed!r})"), say("x"))
    assert found.kind == kind
    assert says in found.detail
    assert "agent.py" in found.detail


async def test_a_line_that_nobody_asked_for_is_not_taken_for_the_next_answer(command: Open) -> None:
    target = command(LOOP + "    sys.stdout.write(json.dumps({'text': last}) + '\\n{\"text\": \"stale\"}\\n')\n    sys.stdout.flush()")
    assert (await target.reply(say("one"))).text == "one"
    found = await failure(target, say("two"))
    assert (found.kind, "stale" in found.detail) == ("rubbish", True)


async def test_blank_lines_are_passed_over(command: Open) -> None:
    target = command(LOOP + "    print('\\n\\n' + json.dumps({'text': last}) + '\\n')")
    assert [(await target.reply(say(t))).text for t in ("one", "two")] == ["one", "two"]


async def test_long_lines_go_both_ways(command: Open) -> None:
    target = command(LOOP + "    print(json.dumps({'text': last[:64000], 'ignored': last + last}))")
    long = "\u00e4" * 300_000
    assert (await target.reply(say(long))).text == long[:64000]


@pytest.mark.parametrize(("flood", "kind"), [("'x' * 2**16", "wrong_shape"), ("'x' * 2**16 + chr(10)", "rubbish")])
async def test_a_command_that_floods_its_stdout_is_stopped_and_does_not_fill_our_memory(command: Open, flood: str, kind: str) -> None:
    found = await failure(command(f"import sys\nwhile True:\n    sys.stdout.write({flood})"), say("x"))
    assert found.kind == kind


async def test_a_process_whose_lines_nobody_reads_has_to_wait() -> None:
    process = await start((sys.executable, "-c", "for _ in range(2**10): print('log ' * 2**14)"), cwd=None, env=os.environ)
    done, _ = await asyncio.wait({process.gone}, timeout=0.5)
    process.kill()
    await process.gone
    assert not done, "64 MB were taken in"


async def test_a_hand_off_is_seen_by_rule(command: Open) -> None:
    target = command(
        LOOP + "    print(json.dumps({'text': last, 'queue': {'human': last == 'help'}}))", handoff=HandoffRule(path="queue.human")
    )
    assert [(await target.reply(say(t))).handed_off for t in ("hi", "help")] == [False, True]


async def test_only_named_variables_are_handed_on(command: Open) -> None:
    environ = {"AGENT_MODE": "test", "OPENAI_API_KEY": SECRET, "PYTHONPATH": "/nowhere"}
    target = command(LOOP + "    print(json.dumps({'text': json.dumps(dict(os.environ))}))", environ=environ, env=("AGENT_MODE",))
    seen = json.loads((await target.reply(say("x"))).text)
    assert seen["AGENT_MODE"] == "test"
    assert "PATH" in seen
    assert not {"OPENAI_API_KEY", "PYTHONPATH"} & seen.keys()


async def test_a_missing_variable_is_named_and_nothing_is_started(command: Open) -> None:
    target = command(LOOP, env=("NOT_SET_ANYWHERE",))
    found = await failure(target, say("x"))
    assert (found.kind, target.running) == ("not_configured", 0)
    assert "`NOT_SET_ANYWHERE`" in found.detail


@pytest.mark.parametrize(
    "ending",
    ["print(key, file=sys.stderr)\n    sys.exit(1)", "print(key)", "print(json.dumps({'error': key}))", "print(json.dumps({key: 1}))"],
)
async def test_a_secret_that_the_command_prints_is_masked_in_every_message(command: Open, ending: str) -> None:
    target = command(LOOP + f"    key = os.environ['AGENT_KEY']\n    {ending}", environ={"AGENT_KEY": SECRET}, env=("AGENT_KEY",))
    with pytest.raises(TargetError) as caught:
        await target.reply(say("x"))
    everything = str(caught.value) + caught.value.failure.model_dump_json()
    assert SECRET not in everything
    assert "***" in everything


async def test_a_program_or_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for settings, name in (
        (CommandTarget(command=("no-such-agent", "--x"), cwd=str(tmp_path)), "`no-such-agent`"),
        (CommandTarget(command=(str(tmp_path),)), str(tmp_path)),
        (CommandTarget(command=("true",), cwd=str(tmp_path / "gone")), "gone"),
    ):
        target = Command("t", settings, env=os.environ)
        found = await failure(target, say("x"))
        await target.aclose()
        assert found.kind == "not_configured"
        assert name in found.detail

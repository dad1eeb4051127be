"""Settings of targets, opening them, and checking them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from understudy.targets import (
    AnthropicTarget,
    CommandTarget,
    HttpTarget,
    OpenAITarget,
    PythonTarget,
    TargetSettings,
    WebSocketTarget,
    open_target,
    probe,
)
from understudy.testing.fake_openai import FakeAnswer, FakeOpenAI, Fault, closed_port_url
from understudy.wire.retry_after import parse_retry_after

SECRET = "sk-planted-secret-0123456789"
SETTINGS: TypeAdapter[Any] = TypeAdapter(TargetSettings)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"kind": "openai", "url": "http://localhost:8000/v1", "model": "m", "handoff": {"tools": ["transfer"]}}, OpenAITarget),
        ({"kind": "command", "command": ["node", "agent.js"], "env": ["AGENT_KEY"], "opens": "agent"}, CommandTarget),
        ({"kind": "python", "callable": "my_agent.chat:answer"}, PythonTarget),
        ({"kind": "anthropic", "url": "http://localhost:8000"}, AnthropicTarget),
        ({"kind": "http", "url": "http://localhost:8000/chat", "body": {"q": "{{ message }}"}}, HttpTarget),
        ({"kind": "websocket", "url": "ws://localhost:8000/ws", "send": "{{ message }}"}, WebSocketTarget),
    ],
)
def test_kind_tells_the_settings_apart(raw: dict[str, Any], kind: type) -> None:
    assert type(SETTINGS.validate_python(raw)) is kind


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"kind": "grpc"}, "kind"),
        ({"kind": "openai", "url": "localhost:8000"}, "web address"),
        ({"kind": "openai", "url": "http://me:pass@h/v1"}, "user name or password"),
        ({"kind": "openai", "url": "http://h", "headers": {"Authorization": "Bearer x"}}, "headers_env"),
        ({"kind": "openai", "url": "http://h", "headers": {"X-A": "b\r\nX-C: d"}}, "line break"),
        ({"kind": "openai", "url": "http://h", "key_env": SECRET}, "key_env"),
        ({"kind": "openai", "url": "http://h", "extra_body": {"messages": []}}, "`messages`"),
        ({"kind": "openai", "url": "http://h", "handoff": {"pattern": "("}}, "regular expression"),
        ({"kind": "openai", "url": "http://h", "timeout_s": 0}, "timeout_s"),
        ({"kind": "openai", "url": "http://h", "tiemout_s": 5}, "tiemout_s"),
        ({"kind": "command", "command": []}, "command"),
        ({"kind": "command", "command": ["  "]}, "program"),
        ({"kind": "python", "callable": "no_function"}, "callable"),
        ({"kind": "python", "callable": "os;rm:x"}, "callable"),
        ({"kind": "anthropic", "url": "http://h", "version": "x\ny"}, "version"),
        ({"kind": "anthropic", "url": "http://h", "extra_body": {"max_tokens": 1}}, "`max_tokens`"),
        ({"kind": "http", "url": "http://h", "body": {"a": "{{ mesage }}"}}, "did you mean `{{ message }}`"),
        ({"kind": "http", "url": "http://h", "body": {"a": "hello"}}, "must hold `{{ message }}`"),
        ({"kind": "http", "url": "http://h/{{ 7 * 7 }}", "body": "{{ message }}"}, "no placeholder `{{ 7 * 7 }}`"),
        ({"kind": "http", "url": "http://{{ session }}/x", "body": "{{ message }}"}, "in its path only"),
        ({"kind": "http", "url": "http://h", "body": "{{ message }}", "history": "full"}, "`history: full` needs"),
        ({"kind": "http", "url": "http://h", "body": "{{ message }}", "delta_path": "d"}, "need `stream: sse`"),
        ({"kind": "http", "url": "http://h", "body": "{{ message }}", "headers": {"Cookie": "a=b"}}, "headers_env"),
        ({"kind": "http", "url": "http://h", "body": "{{ message }}", "roles": {"user": "human"}}, "both `user` and `agent`"),
        ({"kind": "websocket", "url": "http://h", "send": "{{ message }}"}, "WebSocket address"),
        ({"kind": "websocket", "url": "ws://me:pass@h", "send": "{{ message }}"}, "user name or password"),
        ({"kind": "websocket", "url": "ws://h"}, "send"),
        ({"kind": "websocket", "url": "ws://h", "send": "{{ message }}", "delta_path": "d"}, "when is the answer over"),
        ({"kind": "websocket", "url": "ws://h", "send": "{{ message }}", "type_path": "t"}, "go together"),
    ],
)
def test_settings_that_do_not_fit_are_refused_without_repeating_what_was_typed(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SETTINGS.validate_python(raw)
    assert says in str(caught.value)
    everything = str(caught.value) + repr(caught.value.errors())
    assert SECRET not in everything
    assert "me:pass" not in everything


def test_an_error_inside_a_bigger_settings_file_keeps_its_place_and_still_hides_what_was_typed() -> None:
    whole: TypeAdapter[Any] = TypeAdapter(dict[str, TargetSettings])
    with pytest.raises(ValidationError) as caught:
        whole.validate_python({"mine": {"kind": "openai", "url": "http://h", "key_env": SECRET}})
    (line,) = caught.value.errors()
    assert line["loc"] == ("mine", "openai", "key_env")
    assert SECRET not in str(caught.value) + repr(line)


def test_relative_paths_are_taken_from_the_folder_of_the_settings_file(tmp_path: Path) -> None:
    assert CommandTarget(command=("x",)).resolved(tmp_path).cwd == str(tmp_path)
    assert CommandTarget(command=("x",), cwd="sub").resolved(tmp_path).cwd == str(tmp_path / "sub")
    assert CommandTarget(command=("x",), cwd="/abs").resolved(tmp_path).cwd == "/abs"
    python = PythonTarget(callable="a:b", python=".venv/bin/python").resolved(tmp_path)
    assert python.python == str(tmp_path / ".venv/bin/python")
    assert PythonTarget(callable="a:b", python="python3.12").resolved(tmp_path).python == "python3.12"
    openai = OpenAITarget(url="http://h")
    assert openai.resolved(tmp_path) == openai


def test_addresses_are_shown_without_their_query() -> None:
    assert OpenAITarget(url="https://h/v1?token=abc").address == "https://h/v1/chat/completions"
    assert CommandTarget(command=("my agent", "-x")).address == "'my agent' -x"


def test_opening_imports_only_the_adapter_that_is_needed() -> None:
    code = (
        "import sys, understudy.targets as t\n"
        "assert not {'aiohttp', 'tenacity', 'asyncio.subprocess', 'openai'} & set(sys.modules) - {'asyncio.subprocess'}\n"
        "t.open_target('c', t.CommandTarget(command=('x',)), env={})\n"
        "assert not {'aiohttp', 'tenacity'} & set(sys.modules)\n"
        "t.open_target('o', t.OpenAITarget(url='http://h'), env={})\n"
        "assert {'aiohttp', 'tenacity'} <= set(sys.modules)\n"
    )
    server = str(Path(__file__).parents[2] / "server")
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": server})


def test_an_opened_target_has_its_name_and_kind() -> None:
    for settings in (OpenAITarget(url="http://h"), CommandTarget(command=("x",), needs_session=True), PythonTarget(callable="a:b")):
        target = open_target("front desk", settings, env={})
        assert (target.name, target.kind, target.needs_session) == ("front desk", settings.kind, settings.kind == "command")


# ---------------------------------------------------------------- probing


async def test_a_probe_tells_what_it_asked_and_found() -> None:
    answer = FakeAnswer("Good morning, clinic here.", ({"name": "greet"},), {"open": True})
    async with FakeOpenAI([answer]) as server:
        found = await probe("clinic", OpenAITarget(url=server.url, state_path="understudy.state"), env={})
    assert server.requests[0].messages == [("user", "Hello")]
    assert (found.target, found.kind, found.reachable, found.tool_calls, found.exposes_state) == ("clinic", "openai", True, 1, True)
    assert found.sample == "Good morning, clinic here."
    assert found.address == f"{server.url}/chat/completions"
    assert "'Hello'" in found.detail
    assert found.latency_ms is not None


async def test_a_probe_of_an_agent_that_opens_asks_for_its_opening() -> None:
    async with FakeOpenAI(["Welcome!"]) as server:
        found = await probe("clinic", OpenAITarget(url=server.url, opens="agent"), env={})
    assert [request.messages for request in server.requests] == [[]]
    assert "for its opening" in found.detail
    assert found.speaks_first == "agent"


async def test_a_probe_tells_who_can_speak_first() -> None:
    async with FakeOpenAI(["Hi.", "Welcome!"]) as opens, FakeOpenAI(faults={1: Fault("status", status=400)}) as waits:
        found = [await probe("clinic", OpenAITarget(url=server.url, retries=0), env={}) for server in (opens, waits)]
    assert [one.speaks_first for one in found] == ["either", "user"]
    assert "it says 'Welcome!': set `opens: agent`" in found[0].detail
    assert [one.reachable for one in found] == [True, True]


async def test_a_probe_tells_whether_the_answer_was_streamed() -> None:
    async with FakeOpenAI() as server:
        found = [await probe("clinic", OpenAITarget(url=server.url, stream=stream), env={}) for stream in (True, False)]
    assert [one.streams for one in found] == [True, False]


async def test_a_probe_says_that_no_state_lies_at_the_path() -> None:
    async with FakeOpenAI() as server:
        found = await probe("clinic", OpenAITarget(url=server.url, state_path="stat"), env={})
    assert found.reachable
    assert "no state at `stat`" in found.detail


async def test_a_probe_of_a_dead_target_says_how_to_mend_it() -> None:
    found = await probe("clinic", OpenAITarget(url=closed_port_url()), env={})
    assert not found.reachable
    assert "refused the connection" in found.detail
    assert "Start the agent" in found.detail


async def test_a_probe_waits_no_longer_than_it_may() -> None:
    async with FakeOpenAI(faults={0: Fault("hang")}) as server:
        found = await probe("clinic", OpenAITarget(url=server.url), env={}, within_s=0.2)
    assert not found.reachable
    assert "No answer within 0.2 s" in found.detail


async def test_a_probe_names_missing_variables_and_shows_no_present_one() -> None:
    settings = OpenAITarget(url="http://127.0.0.1:1", key_env="MISSING_KEY", headers_env={"X-T": "TENANT"})
    found = await probe("clinic", settings, env={"TENANT": SECRET})
    assert not found.reachable
    assert "`MISSING_KEY`" in found.detail
    assert SECRET not in found.model_dump_json()


async def test_a_probe_masks_a_secret_in_what_the_target_says() -> None:
    async with FakeOpenAI([f"My key is {SECRET}."], faults={2: Fault("status", status=403, body=SECRET)}) as server:
        settings = OpenAITarget(url=server.url, key_env="KEY")
        good, bad = [await probe("clinic", settings, env={"KEY": SECRET}) for _ in range(2)]
    assert (good.reachable, bad.reachable) == (True, False)
    assert SECRET not in good.model_dump_json() + bad.model_dump_json()


async def test_a_probe_of_a_callable_says_which_interpreter_ran_it(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("def answer(messages): return 'Hi there'")
    settings = PythonTarget(callable="agent:answer", cwd=str(tmp_path), python=sys.executable)
    found = await probe("mine", settings, env=os.environ)
    assert found.reachable
    assert f"run by {sys.executable} (`python` in the settings)" in found.detail


async def test_a_probe_of_a_crashing_command_shows_its_stderr(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("import sys; sys.exit('no licence file')")
    found = await probe("mine", CommandTarget(command=(sys.executable, "agent.py"), cwd=str(tmp_path)), env=os.environ)
    assert not found.reachable
    assert "no licence file" in found.detail
    assert "exited with code 1" in found.detail


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("Sat, 21 Nov 2026 10:00:30 GMT", 30.0), ("soon", None), ("", None), (None, None)],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, now=lambda: 1795255200.0) == seconds

"""docs/targets.md shows nothing that does not work."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter
from web_agent import web_agent

from understudy.domain.conversation import FailureKind, Turn
from understudy.domain.model_call import ModelToolCall
from understudy.ports import TargetRequest
from understudy.settings.model import Serve
from understudy.targets import HandoffRule, OpenAITarget, PythonTarget, TargetSettings, open_target
from understudy.targets.answer import reply_from_line
from understudy.targets.web_settings import PLACEHOLDERS
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.testing.fake_openai import FakeOpenAI, Fault

PAGE = (Path(__file__).parents[2] / "docs" / "targets.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
YAMLS = [yaml.safe_load(text) for language, text in BLOCKS if language == "yaml"]
JSON_LINES = [[json.loads(line) for line in text.splitlines()] for language, text in BLOCKS if language == "json"]
REQUEST = TargetRequest(run_id="run-7", turns=(Turn(index=0, role="user", text="Hi", at=0.0),))


def shown(name: str) -> Any:
    """The settings of a target that the page shows."""
    raw = next(page["targets"][name] for page in YAMLS if name in page.get("targets", ()))
    return TypeAdapter[Any](TargetSettings).validate_python(raw)


def test_every_yaml_block_is_valid_settings() -> None:
    names = [name for page in YAMLS for name in page.get("targets", ())]
    web = ["anthropic", "http", "http", "http", "websocket", "websocket"]
    assert [shown(name).kind for name in names] == ["openai", *web, "command", "command", "python", "mcp", "mcp", "a2a", "prompt", "prompt"]
    assert [Serve.model_validate(page["serve"]).allow_targets is not None for page in YAMLS if "serve" in page] == [True]


@pytest.mark.parametrize("name", ["concierge", "helpdesk", "remembering", "typing", "livechat", "livestream"])
async def test_the_web_targets_answer_as_they_are_shown(name: str) -> None:
    with web_agent() as agent:
        settings = json.loads(shown(name).model_dump_json(exclude_unset=True).replace("localhost:8000", f"127.0.0.1:{agent.port}"))
        target = open_target(name, TypeAdapter[Any](TargetSettings).validate_python(settings), env={"CONCIERGE_KEY": "k"})
        reply = await target.reply(REQUEST)
        await target.aclose()
    assert "Hi" in reply.text


def test_every_placeholder_is_explained() -> None:
    assert [name for name in PLACEHOLDERS if f"| `{{{{ {name} }}}}` |" not in PAGE] == []


def test_every_kind_of_failure_is_explained() -> None:
    kinds = FailureKind.__args__  # type: ignore[attr-defined]
    assert [kind for kind in kinds if f"`{kind}`" not in PAGE] == []


async def test_the_openai_request_and_answer_are_as_shown() -> None:
    (sent,), (answer,) = JSON_LINES[0], JSON_LINES[1]
    settings: OpenAITarget = shown("clinic")
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=json.dumps(answer))}) as server:
        target = open_target("clinic", settings.replace(url=server.url), env={"CLINIC_KEY": "k", "TENANT": "t"})
        reply = await target.reply(REQUEST)
        await target.aclose()
    assert server.requests[0].body == sent
    assert (reply.text, reply.tool_calls[0].name, reply.state) == ("Booked for Tuesday.", "book", {"booked": "Tuesday"})


def test_the_lines_of_a_command_are_as_shown() -> None:
    requests, answers = JSON_LINES[2][::2], JSON_LINES[2][1::2]
    assert [set(request) for request in requests] == [{"run_id", "messages", "session"}] * 2
    replies = [reply_from_line(answer, HandoffRule(), "it") for answer in answers]
    assert [reply.text for reply in replies] == ["Hello! How can I help?", "Done."]
    assert (replies[1].session, replies[1].state) == ("s-1", {"booked": "Tuesday"})


@pytest.mark.skipif(sys.platform == "win32", reason="the example is written for a POSIX shell")
async def test_the_agent_in_the_shell_answers() -> None:
    target = open_target("parrot", shown("parrot"), env=os.environ)
    reply = await target.reply(REQUEST)
    await target.aclose()
    assert reply.text == "I heard you."


async def test_the_callable_answers(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(next(text for language, text in BLOCKS if language == "python"))
    target = open_target("mine", PythonTarget(callable="agent:answer", cwd=str(tmp_path), python=sys.executable), env=os.environ)
    reply = await target.reply(REQUEST)
    await target.aclose()
    assert (reply.text, reply.state) == ("You said: Hi", {"turns": 0})


def test_the_parameters_that_the_host_knows_are_those_of_the_page() -> None:
    from understudy.targets import host

    assert [name for name in host.KNOWN if f"`{name}`" not in PAGE] == []


async def test_the_tool_of_an_mcp_server_is_called_and_read_as_shown(tmp_path: Path) -> None:
    answer = next(line for lines in JSON_LINES for line in lines if line.get("session") == "s-1" and "handed_off" not in line)
    (tmp_path / "server.py").write_text(
        "import json\nfrom mcp.server.mcpserver import MCPServer\n"
        f"ANSWER = json.loads({json.dumps(answer)!r})\n"
        'server = MCPServer("helpdesk", log_level="ERROR")\n'
        "@server.tool()\ndef chat(messages: list[dict[str, str]], channel: str, session: str | None = None) -> dict[str, object]:\n"
        '    return {**ANSWER, "state": {"messages": messages, "channel": channel, "session": session}}\n'
        'server.run("stdio")\n'
    )
    settings = shown("servicedesk").evolve(command=(sys.executable, "server.py"), cwd=str(tmp_path))
    target = open_target("servicedesk", settings, env={**os.environ, "SERVICEDESK_KEY": "k"})
    reply = await target.reply(REQUEST)
    await target.aclose()
    assert (reply.text, reply.tool_calls[0].result, reply.session) == ("Booked for Tuesday.", "ok", "s-1")
    assert reply.state == {"messages": [{"role": "user", "content": "Hi"}], "channel": "test", "session": None}


async def test_the_prompt_and_its_tools_work_as_shown() -> None:
    def call(name: str, arguments: Any) -> Said:
        return Said(tool_calls=[ModelToolCall(id="c", name=name, arguments=arguments)])

    slot = {"day": "Tuesday", "time": "10:00"}
    llm = FakeLLM(
        [call("find_slot", {"day": "Tuesday"}), call("find_slot", {"day": "Monday"}), call("book", slot), call("book", slot), "Done."]
    )
    target = open_target("front-desk", shown("front-desk"), env={"ANTHROPIC_API_KEY": "k"}, open_model=lambda _: llm)
    reply = await target.reply(REQUEST)
    assert [made.result for made in reply.tool_calls] == [
        slot,
        {"day": "Monday", "time": None},
        {"ok": True},
        {"error": "There is a booking already."},
    ]
    assert (reply.text, reply.state) == ("Done.", {"slots": {"Tuesday": "10:00"}, "booked": slot})

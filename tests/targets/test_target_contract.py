"""The contract of the Target port, held against every adapter and against the fake that stands in for them."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from target_processes import A2A_SERVER, MCP_SERVER, free_port, serving
from web_agent import WebAgent, web_agent

from understudy.domain.conversation import FailureKind, Reply, TargetFailure, ToolCall, Turn
from understudy.domain.errors import TargetError
from understudy.domain.model_call import ModelFault, ModelToolCall
from understudy.ports import Completion, LLMRequest, Target, TargetRequest
from understudy.targets import (
    A2ATarget,
    AnthropicTarget,
    CommandTarget,
    HttpTarget,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    PythonTarget,
    WebSocketTarget,
    open_target,
)
from understudy.targets.in_process import InProcess
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.testing.fake_openai import FakeAnswer, FakeOpenAI, Fault, closed_port_url
from understudy.testing.fake_target import FakeTarget

TIMEOUT_S = 0.3
START_S = 10.0


def decide(messages: list) -> dict:  # type: ignore[type-arg]
    """The agent under test, the same behind every adapter: what it does is decided by the user's last words."""
    if not messages:
        return {"text": "Welcome to the clinic."}
    last = messages[-1]["content"]
    if last == "tools":
        return {"text": "Booked.", "tool_calls": [{"name": "book", "arguments": {"day": "Tuesday"}}], "state": {"booked": True}}
    if last == "only tools":
        return {"text": "", "tool_calls": [{"name": "book", "arguments": {}}]}
    if last == "empty":
        return {"text": ""}
    return {"text": json.dumps([[m["role"], m["content"]] for m in messages])}


AGENT = (
    f"import json, os, sys, time\n\n{inspect.getsource(decide)}"
    """

def act(messages):
    last = messages[-1]["content"] if messages else ""
    if last == "hang":
        time.sleep(60)
    if last == "crash":
        sys.stderr.write("the disk is on fire\\n")
        sys.stderr.flush()
        os._exit(3)
    return decide(messages)
"""
)
CALLABLES = """
from deciding import act

def plain(messages):
    return 42 if messages and messages[-1]["content"] == "rubbish" else act(messages)

async def coroutine(messages):
    return plain(messages)

async def streaming(messages):
    answer = plain(messages)
    if isinstance(answer, dict):
        text = answer.pop("text")
        for i in range(0, len(text), 5):
            yield text[i : i + 5]
    yield answer

def generating(messages):
    answer = plain(messages)
    yield answer
"""
COMMAND = """
import json, sys
from deciding import act

for line in sys.stdin:
    messages = json.loads(line)["messages"]
    if messages and messages[-1]["content"] == "rubbish":
        print("Loading checkpoint shards: 100%", flush=True)
    print(json.dumps(act(messages)), flush=True)
"""


@dataclass
class Rig:
    """A way to open targets of one kind, and the failures that this kind knows."""

    open: Callable[[str], Target]
    """By what is asked of it: `normal`, `impatient` (a short time limit) or `dead`."""
    dead: FailureKind
    crashed: FailureKind
    rubbish: FailureKind
    full_history: bool = True
    """False: the agent keeps the conversation itself, by its session."""


def behave(body: dict[str, Any]) -> FakeAnswer:
    answer = decide(body["messages"])
    return FakeAnswer(answer["text"] or None, tuple(answer.get("tool_calls", ())), answer.get("state"))


async def openai_rig(stack: AsyncExitStack, *, stream: bool) -> Rig:
    server = await stack.enter_async_context(FakeOpenAI(behave))
    planned = {
        "hang": Fault("hang"),
        "crash": Fault("cut_stream" if stream else "reset"),
        "rubbish": Fault("not_json"),
    }
    server.faults = lambda number: planned.get(messages[-1]["content"]) if (messages := server.requests[number].body["messages"]) else None

    def open_one(what: str) -> Target:
        url = closed_port_url() if what == "dead" else server.url
        timeout = TIMEOUT_S if what == "impatient" else START_S
        settings = OpenAITarget(url=url, stream=stream, timeout_s=timeout, retries=0, state_path="understudy.state")
        return open_target("t", settings, env={})

    return Rig(open_one, dead="refused", crashed="reset", rubbish="rubbish")


def command_rig(folder: Path) -> Rig:
    (folder / "deciding.py").write_text(AGENT)
    (folder / "agent.py").write_text(COMMAND)

    def open_one(what: str) -> Target:
        program = (str(folder / "no-such-program"),) if what == "dead" else (sys.executable, "agent.py")
        settings = CommandTarget(command=program, cwd=str(folder), timeout_s=TIMEOUT_S if what == "impatient" else START_S)
        return open_target("t", settings, env=os.environ)

    return Rig(open_one, dead="not_configured", crashed="crashed", rubbish="rubbish")


def python_rig(folder: Path, function: str) -> Rig:
    (folder / "deciding.py").write_text(AGENT)
    (folder / "callables.py").write_text(CALLABLES)

    def open_one(what: str) -> Target:
        module = "no_such_module" if what == "dead" else "callables"
        timeout = TIMEOUT_S if what == "impatient" else START_S
        settings = PythonTarget(callable=f"{module}:{function}", python=sys.executable, cwd=str(folder), timeout_s=timeout)
        return open_target("t", settings, env=os.environ)

    return Rig(open_one, dead="crashed", crashed="crashed", rubbish="wrong_shape")


MCP_PATHS = {"reply_path": "text", "tool_calls_path": "tool_calls", "state_path": "state"}


def mcp_rig(folder: Path, tool: str) -> Rig:
    (folder / "deciding.py").write_text(AGENT)

    def open_one(what: str) -> Target:
        program = (str(folder / "no-such-program"),) if what == "dead" else (sys.executable, MCP_SERVER)
        timeout = TIMEOUT_S if what == "impatient" else START_S
        arguments = {"messages": "{{ messages }}"}
        settings = McpTarget(command=program, cwd=str(folder), tool=tool, arguments=arguments, timeout_s=timeout, **MCP_PATHS)
        return open_target("t", settings, env=os.environ)

    return Rig(open_one, dead="not_configured", crashed="crashed", rubbish="rubbish" if tool == "chat" else "wrong_shape")


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], int]]:
    """Where the agent of this file is served by a script: one process for all tests, started when first asked for."""
    folder = tmp_path_factory.mktemp("agent")
    (folder / "deciding.py").write_text(AGENT)
    started: dict[str, int] = {}
    with ExitStack() as stack:

        def port_of(script: str) -> int:
            if script not in started:
                port = free_port()
                stack.enter_context(serving(script, port, env={"AGENT_FOLDER": str(folder)}))
                started[script] = port
            return started[script]

        yield port_of


def mcp_http_rig(port: int) -> Rig:

    def open_one(what: str) -> Target:
        url = closed_port_url() if what == "dead" else f"http://127.0.0.1:{port}/mcp"
        timeout = TIMEOUT_S if what == "impatient" else START_S
        settings = McpTarget(url=url, tool="chat", arguments={"messages": "{{ messages }}"}, timeout_s=timeout, **MCP_PATHS)
        return open_target("t", settings, env={})

    return Rig(open_one, dead="refused", crashed="crashed", rubbish="rubbish")


def a2a_rig(port: int, *, stream: bool) -> Rig:

    def open_one(what: str) -> Target:
        url = closed_port_url() if what == "dead" else f"http://127.0.0.1:{port}"
        timeout = TIMEOUT_S if what == "impatient" else START_S
        settings = A2ATarget(url=url, stream=stream, timeout_s=timeout, state_path="state", tool_calls_path="tool_calls")
        return open_target("t", settings, env={})

    return Rig(open_one, dead="refused", crashed="crashed", rubbish="rubbish", full_history=False)


class PlayedLLM(FakeLLM):
    """A model that is this file's agent."""

    async def complete(self, request: LLMRequest) -> Completion:
        if request.messages[-1].text == "hang":
            await asyncio.sleep(60)
        return await super().complete(request)


def played(request: LLMRequest) -> Said:
    last = request.messages[-1]
    faults: dict[str, ModelFault] = {"crash": "reset", "rubbish": "malformed"}
    if last.text in faults:
        return Said(fault=faults[last.text])
    if last.role == "tool":
        asked = next(m.text for m in reversed(request.messages) if m.role == "user")
        return Said(decide([{"role": "user", "content": asked}])["text"])
    # An agent that speaks first was asked to by a message that no user has sent.
    found = decide([{"role": m.role, "content": m.text} for m in request.messages if "Greet the user" not in m.text])
    calls = [ModelToolCall(id=str(number), **call) for number, call in enumerate(found.get("tool_calls", ()))]
    return Said("" if calls else found["text"], tool_calls=calls)


def prompt_rig() -> Rig:
    def open_one(what: str) -> Target:
        settings = PromptTarget.model_validate(
            {
                "system": "You are a clinic.",
                "model": {"provider": "anthropic", "model": "any"},
                "tools": [{"name": "book", "set": {"booked": True}}],
                "timeout_s": TIMEOUT_S if what == "impatient" else START_S,
            }
        )
        llm = FakeLLM([Said(fault="refused_connection")]) if what == "dead" else PlayedLLM(played)
        return open_target("t", settings, env={}, open_model=lambda _: llm)

    return Rig(open_one, dead="refused", crashed="reset", rubbish="wrong_shape")


def fake_rig() -> Rig:
    def answer(request: TargetRequest) -> Reply | TargetFailure:
        last = request.turns[-1].text if request.turns else ""
        planned: dict[str, FailureKind] = {"crash": "crashed", "rubbish": "rubbish"}
        if last in planned:
            return TargetFailure(kind=planned[last], detail="planned")
        found = decide([{"role": "user" if t.role == "user" else "assistant", "content": t.text} for t in request.turns])
        calls = tuple(ToolCall(**c) for c in found.get("tool_calls", ()))
        return Reply(text=found["text"], tool_calls=calls, state=found.get("state"))

    def open_one(what: str) -> Target:
        return FakeTarget(
            answer,
            always="refused" if what == "dead" else None,
            timeout_s=TIMEOUT_S if what == "impatient" else START_S,
            latency_s=lambda request: 60 if request.turns and request.turns[-1].text == "hang" else 0,
        )

    return Rig(open_one, dead="refused", crashed="crashed", rubbish="rubbish")


def in_process_rig(*, asynchronous: bool) -> Rig:
    def act(messages: list) -> Any:  # type: ignore[type-arg]
        last = messages[-1]["content"] if messages else ""
        if last == "crash":
            raise OSError("the disk is on fire")
        return 42 if last == "rubbish" else decide(messages)

    def plain(messages: list) -> Any:  # type: ignore[type-arg]
        if messages and messages[-1]["content"] == "hang":
            time.sleep(2)  # a thread that nobody waits for
        return act(messages)

    async def coroutine(messages: list) -> Any:  # type: ignore[type-arg]
        if messages and messages[-1]["content"] == "hang":
            await asyncio.sleep(60)
        return act(messages)

    def dead(messages: list) -> Any:  # type: ignore[type-arg]
        raise RuntimeError("never configured")

    def open_one(what: str) -> Target:
        agent = dead if what == "dead" else coroutine if asynchronous else plain
        return InProcess("t", agent, timeout_s=TIMEOUT_S if what == "impatient" else START_S)

    return Rig(open_one, dead="crashed", crashed="crashed", rubbish="wrong_shape")


WEB: dict[str, Callable[[WebAgent], Any]] = {
    "anthropic": lambda agent: AnthropicTarget(url=agent.url(), state_path="understudy", retries=0),
    "anthropic streaming": lambda agent: AnthropicTarget(url=agent.url("/v1"), stream=True, state_path="understudy", retries=0),
    "http": lambda agent: HttpTarget(url=agent.url("/chat"), body=MESSAGES, reply_path="data.reply", **REST, retries=0),
    "http sse": lambda agent: HttpTarget(url=agent.url("/chat/sse"), stream="sse", **PIECES, retries=0),
    "http ndjson": lambda agent: HttpTarget(url=agent.url("/chat/ndjson"), stream="ndjson", **PIECES, retries=0),
    "websocket": lambda agent: WebSocketTarget(
        **START, url=agent.url("/ws", scheme="ws"), reply_path="reply", type_path="type", reply_types=("message",), **REST
    ),
    "websocket streaming": lambda agent: WebSocketTarget(**START, url=agent.url("/ws?stream", scheme="ws"), **STREAMED, **REST),
}
MESSAGES = {"messages": "{{ messages }}"}
REST: dict[str, Any] = {"tool_calls_path": "calls", "state_path": "state"}
STREAMED: dict[str, Any] = {"delta_path": "delta", "done_path": "type", "done_equals": "end"}
PIECES: dict[str, Any] = {"body": MESSAGES, **STREAMED, **REST, "delta_path": "delta.text"}
START: dict[str, Any] = {"on_open": {"type": "start", **MESSAGES}, "send": MESSAGES}


def web_rig(kind: str, agent: WebAgent) -> Rig:
    def open_one(what: str) -> Target:
        settings = WEB[kind](agent)
        timeout = TIMEOUT_S if what == "impatient" else START_S
        dead = closed_port_url().replace("http:", settings.url.partition("//")[0])
        return open_target("t", settings.replace(url=dead if what == "dead" else settings.url, timeout_s=timeout), env={})

    return Rig(open_one, dead="refused", crashed="reset", rubbish="rubbish")


OWN = [
    "openai",
    "openai streaming",
    "command",
    "python",
    "python async",
    "python generator",
    "python async generator",
    "fake",
    "in process",
    "in process async",
]
SDKS = ["mcp stdio", "mcp structured", "mcp http", "a2a", "a2a streaming", "prompt"]
KINDS = [*OWN, *WEB, *SDKS]


@pytest.fixture(scope="module")
def running_agent() -> Iterator[WebAgent]:
    with web_agent() as agent:
        yield agent


@pytest.fixture(params=KINDS)
async def rig(request: pytest.FixtureRequest, tmp_path: Path, ports: Callable[[str], int]) -> AsyncIterator[Rig]:
    kind: str = request.param
    async with AsyncExitStack() as stack:
        if kind.startswith("openai"):
            yield await openai_rig(stack, stream=kind.endswith("streaming"))
        elif kind == "command":
            yield command_rig(tmp_path)
        elif kind.startswith("a2a"):
            yield a2a_rig(ports(A2A_SERVER), stream=kind.endswith("streaming"))
        elif kind == "prompt":
            yield prompt_rig()
        elif kind == "mcp http":
            yield mcp_http_rig(ports(MCP_SERVER))
        elif kind.startswith("mcp"):
            yield mcp_rig(tmp_path, "structured" if kind.endswith("structured") else "chat")
        elif kind == "fake":
            yield fake_rig()
        elif kind.startswith("in process"):
            yield in_process_rig(asynchronous=kind.endswith("async"))
        elif kind in WEB:
            yield web_rig(kind, request.getfixturevalue("running_agent"))
        else:
            names = {"python": "plain", "python async": "coroutine", "python generator": "generating"}
            yield python_rig(tmp_path, names.get(kind, "streaming"))


@pytest.fixture
async def target(rig: Rig) -> AsyncIterator[Target]:
    opened = rig.open("normal")
    yield opened
    await opened.aclose()


def whole_history(rig: Rig) -> None:
    """Skip what is asked only of agents that get the whole conversation with every call."""
    if not rig.full_history:
        pytest.skip("it keeps the conversation itself: see test_targets_a2a.py")


def conversation(*texts: str, run_id: str = "run-1") -> TargetRequest:
    """User and agent taking turns; the user first when the number of texts is odd."""
    roles: list[Any] = ["user", "agent"] if len(texts) % 2 else ["agent", "user"]
    return TargetRequest(
        run_id=run_id, turns=tuple(Turn(index=i, role=roles[i % 2], text=text, at=float(i)) for i, text in enumerate(texts))
    )


async def failure_of(target: Target, request: TargetRequest) -> TargetError:
    with pytest.raises(TargetError) as caught:
        await target.reply(request)
    return caught.value


async def test_the_whole_history_arrives_in_order(rig: Rig, target: Target) -> None:
    whole_history(rig)
    reply = await target.reply(conversation("Hi", "Hello, how can I help?", "Move it \u2013 to\nTuesday, \U0001f600"))
    assert json.loads(reply.text) == [
        ["user", "Hi"],
        ["assistant", "Hello, how can I help?"],
        ["user", "Move it \u2013 to\nTuesday, \U0001f600"],
    ]


async def test_the_next_turn_of_a_conversation_is_answered_too(rig: Rig, target: Target) -> None:
    whole_history(rig)
    await target.reply(conversation("one"))
    reply = await target.reply(conversation("one", "a", "two"))
    assert [text for _, text in json.loads(reply.text)] == ["one", "a", "two"]


async def test_an_agent_that_speaks_first_is_asked_without_a_message(target: Target) -> None:
    assert (await target.reply(TargetRequest(run_id="run-1", turns=()))).text == "Welcome to the clinic."


async def test_its_own_opening_stays_in_the_history(rig: Rig, target: Target) -> None:
    whole_history(rig)
    reply = await target.reply(conversation("Welcome!", "Hi"))
    assert json.loads(reply.text) == [["assistant", "Welcome!"], ["user", "Hi"]]


async def test_tool_calls_and_state_are_kept(target: Target) -> None:
    reply = await target.reply(conversation("tools"))
    assert reply.text == "Booked."
    assert reply.tool_calls == (ToolCall(name="book", arguments={"day": "Tuesday"}),)
    assert reply.state == {"booked": True}


async def test_tool_calls_without_words_are_a_reply(target: Target) -> None:
    reply = await target.reply(conversation("only tools"))
    assert (reply.text, [call.name for call in reply.tool_calls]) == ("", ["book"])


async def test_an_empty_reply_is_a_reply(target: Target) -> None:
    reply = await target.reply(conversation("empty"))
    assert (reply.text, reply.tool_calls, reply.attempts) == ("", (), ())


async def test_a_reply_says_how_long_it_took(target: Target) -> None:
    assert (await target.reply(conversation("hi"))).latency_ms > 0


async def test_conversations_at_the_same_time_do_not_mix(target: Target) -> None:
    replies = await asyncio.gather(*(target.reply(conversation(f"I am {i}", run_id=f"run-{i}")) for i in range(4)))
    assert [json.loads(reply.text)[0][1] for reply in replies] == [f"I am {i}" for i in range(4)]


async def test_a_dead_target_fails_at_once_with_what_was_tried(rig: Rig) -> None:
    target = rig.open("dead")
    async with asyncio.timeout(5):
        error = await failure_of(target, conversation("hi"))
    await target.aclose()
    assert error.failure.kind == rig.dead
    assert error.failure.detail


async def test_a_target_that_hangs_is_given_up_in_time(rig: Rig) -> None:
    target = rig.open("impatient")
    async with asyncio.timeout(5):
        error = await failure_of(target, conversation("hang"))
    await target.aclose()
    assert error.failure.kind == "timeout"


async def test_a_target_that_breaks_off_is_a_failure_and_can_be_called_again(rig: Rig, target: Target) -> None:
    assert (await failure_of(target, conversation("crash"))).failure.kind == rig.crashed
    assert json.loads((await target.reply(conversation("still there?"))).text) == [["user", "still there?"]]


async def test_rubbish_is_a_failure_and_the_next_answer_is_not_mixed_up_with_it(rig: Rig, target: Target) -> None:
    assert (await failure_of(target, conversation("rubbish"))).failure.kind == rig.rubbish
    assert json.loads((await target.reply(conversation("again"))).text) == [["user", "again"]]


async def test_cancelling_a_call_ends_it_promptly_and_the_target_can_be_used_again(target: Target) -> None:
    await target.reply(conversation("warm up"))
    call = asyncio.create_task(target.reply(conversation("hang")))
    done, _ = await asyncio.wait({call}, timeout=0.05)
    assert not done
    call.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await call
        assert json.loads((await target.reply(conversation("next"))).text) == [["user", "next"]]


async def test_closing_twice_does_no_harm(target: Target) -> None:
    await target.reply(conversation("hi"))
    await target.aclose()
    await target.aclose()


async def test_forgetting_a_conversation_does_not_keep_it_from_going_on(rig: Rig, target: Target) -> None:
    whole_history(rig)
    await target.reply(conversation("one"))
    forget = getattr(target, "forget")  # noqa: B009 - not part of the port
    forget("run-1")
    forget("never heard of")
    assert len(json.loads((await target.reply(conversation("one", "a", "two"))).text)) == 3

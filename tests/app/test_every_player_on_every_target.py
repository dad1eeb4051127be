"""The matrix: each player against each kind of target, with real counterparts behind processes and sockets.

Behind every target is the same agent (the demo clinic), so that the same conversation has to come out over every wire: a target that
loses, doubles or garbles a word shows at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, get_args

import pytest
from target_processes import A2A_SERVER, MCP_SERVER, free_port, serving
from web_agent import WebAgent, web_agent

from understudy.app.by_hand import HandView, go_on, open_by_hand
from understudy.app.context import App
from understudy.app.runs import create, get_run, scenario_for, simulate
from understudy.app.transcripts import load
from understudy.demo.agent import Message
from understudy.demo.catalogue import demo_agent
from understudy.demo.server import serving as serving_openai
from understudy.domain.conversation import EndingKind, Reply
from understudy.domain.errors import BadInput
from understudy.domain.scenario import CALLER
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Outcome
from understudy.settings.model import ModelRole, Models, Settings
from understudy.simulation.conversation import replay
from understudy.targets.settings import (
    A2ATarget,
    AnthropicTarget,
    CommandTarget,
    HttpTarget,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    PythonTarget,
    TargetSettings,
    WebSocketTarget,
)
from understudy.testing.fake_models import Answer, FakeModels, ModelRequest, Scripted
from understudy.wiring import make_app

WHO = "lunch-break-regular"
LINES = (
    "Quick one, I'm on my break. I have to move my appointment, I usually see Dr. Amari.",
    "Priya Raman, and I was born on 14 March 1988.",
    "Thursday would be best.",
    "9:00 please. And is there parking at the clinic?",
    "Oh no, my shift was just moved. Make it Friday instead, please.",
    "Perfect, thanks a lot. Bye!",
)
"""What Priya says to the clinic, where the lines are given or the caller speaks."""

PLAYERS = {
    "rules": r"rules/1",
    "script": r"script/1",
    "model": r"model/1 user/1#[0-9a-f]{8} openai_compatible:user",
    "caller": r"caller/1 a-test",
}
"""Each with the version that is to stand in the record."""
KINDS = (
    "demo", "openai", "openai streaming", "anthropic", "anthropic streaming", "http", "websocket", "command", "python",
    "mcp stdio", "mcp http", "a2a", "prompt", CALLER,
)  # fmt: skip
NOT_ITS_OWN = {"target_failed", "simulator_failed", "cancelled", "time_limit", "budget"}

AGENT = """
import json, sys

from understudy.demo.agent import Message
from understudy.demo.catalogue import demo_agent

CLINIC = demo_agent("clinic")

def act(messages):
    answer = CLINIC.answer(tuple(Message(**m) for m in messages))
    calls = [{"name": call.name, "arguments": call.arguments} for call in answer.tool_calls]
    return {"text": answer.text, "tool_calls": calls, "state": answer.state}

decide = act

if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(act(json.loads(line)["messages"])), flush=True)
"""


# ---------------------------------------------------------------- who is at the other end


def clinic(messages: list[tuple[str, str]]) -> str:
    known = {"user": "user", "assistant": "assistant"}
    return demo_agent("clinic").answer([Message(role=known[r], content=t) for r, t in messages if r in known]).text  # type: ignore[arg-type]


def minds(request: ModelRequest) -> Scripted:
    """The model of the prompt under test is the clinic; the one that plays the user does what its stage direction says, in its words."""
    if request.model == "agent":
        return Answer(clinic(request.messages))
    now = request.last.split("\nNow:\n")[1]
    words = re.findall(r"(?:Give it:|is|becomes) ([^\n]+)\.\n|\"([^\"\n]+)\"", now)
    move = re.search(r"Move: `(\w+)`", now)
    assert move is not None
    said = " ".join(a or b for a, b in words) or "Well then"
    message = f"{'Right, ' * request.answered}{said}"
    return {"thought": "", "message": message, "move": move.group(1), "goal_updates": [], "disclosed": []}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "deciding.py").write_text(AGENT)
    return folder


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[WebAgent]:
    with web_agent(folder=folder) as agent:
        yield agent


def from_web(kind: str, agent: WebAgent) -> TargetSettings:
    messages: dict[str, Any] = {"messages": "{{ messages }}"}
    rest: dict[str, Any] = {"tool_calls_path": "calls", "state_path": "state", "retries": 0}
    if kind.startswith("anthropic"):
        return AnthropicTarget(url=agent.url(), stream=kind.endswith("streaming"), state_path="understudy", retries=0)
    if kind == "http":
        return HttpTarget(url=agent.url("/chat"), body=messages, reply_path="data.reply", **rest)
    del rest["retries"]
    return WebSocketTarget(
        url=agent.url("/ws", scheme="ws"), send=messages, reply_path="reply", type_path="type", reply_types=("message",), **rest
    )


def from_process(kind: str, folder: Path, port: int) -> TargetSettings:
    paths = {"reply_path": "text", "tool_calls_path": "tool_calls", "state_path": "state"}
    tool: dict[str, Any] = {"tool": "chat", "arguments": {"messages": "{{ messages }}"}, **paths}
    made: Mapping[str, TargetSettings] = {
        "command": CommandTarget(command=(sys.executable, "deciding.py"), cwd=str(folder)),
        "python": PythonTarget(callable="deciding:act", python=sys.executable, cwd=str(folder)),
        "mcp stdio": McpTarget(command=(sys.executable, MCP_SERVER), cwd=str(folder), **tool),
        "mcp http": McpTarget(url=f"http://127.0.0.1:{port}/mcp", **tool),
        "a2a": A2ATarget(url=f"http://127.0.0.1:{port}", state_path="state", tool_calls_path="tool_calls"),
    }
    return made[kind]


@pytest.fixture(params=KINDS)
async def app(request: pytest.FixtureRequest, tmp_path: Path, folder: Path) -> AsyncIterator[App]:
    """An application whose target `agent` is of this kind, and whose user's model is the fake model server."""
    kind: str = request.param
    async with AsyncExitStack() as stack:
        models = await stack.enter_async_context(FakeModels(minds))
        target: TargetSettings | None
        if kind in ("demo", CALLER):
            target = None
        elif kind.startswith("openai"):
            url = await stack.enter_async_context(serving_openai("clinic"))
            target = OpenAITarget(url=url, stream=kind.endswith("streaming"), state_path="state", retries=0)
        elif kind == "prompt":
            role = ModelRole(provider="openai_compatible", model="agent", base_url=models.openai_url, retries=0)
            target = PromptTarget(system="You are the front desk of a clinic.", model=role)
        elif kind.startswith(("anthropic", "http", "websocket")):
            target = from_web(kind, request.getfixturevalue("web"))
        else:
            port = free_port()
            if kind in ("mcp http", "a2a"):
                script = A2A_SERVER if kind == "a2a" else MCP_SERVER
                stack.enter_context(serving(script, port, env={"AGENT_FOLDER": str(folder)}))
            target = from_process(kind, folder, port)
        user = ModelRole(provider="openai_compatible", model="user", base_url=models.openai_url, retries=0)
        settings = Settings(store=tmp_path / "store", models=Models(user=user), targets={"agent": target} if target else {})
        made = make_app(settings, env=os.environ)
        stack.push_async_callback(made.aclose)
        yield made


def target_of(app: App, kind: str) -> str:
    return {"demo": "demo-clinic", CALLER: CALLER}.get(kind, "agent")


# ---------------------------------------------------------------- how each of them plays


async def played(app: App, player: str, target: str) -> str:
    """The id of a conversation that this player had with this target, to its end."""
    if player == "caller" or target == CALLER:
        return await by_hand(app, player, target)
    scenario = await scenario_for(
        app,
        persona=WHO,
        target=target,
        seed=1,
        script=list(LINES) if player == "script" else None,
        player=player if player in ("rules", "model") else None,  # type: ignore[arg-type]
    )
    return (await simulate(app, scenario, wait_s=30)).run_id


async def by_hand(app: App, player: str, target: str) -> str:
    """A conversation of which the test takes one side, as an assistant does through continue_conversation."""
    if player == "script":
        scenario = await scenario_for(app, persona=WHO, target=target, seed=1, script=list(LINES))
        at = await go_on(app, (await create(app, scenario)).id)
    else:
        host = "a-test" if player == "caller" else ""
        at = await open_by_hand(app, persona=WHO, target=target, player=player, seed=1, host=host)  # type: ignore[arg-type]
    heard: list[tuple[str, str]] = []
    while at.status != "finished":
        at = await (answered(app, at, heard) if target == CALLER else spoken(app, at))
    return at.run_id


async def spoken(app: App, at: HandView) -> HandView:
    assert at.step is not None
    assert at.refused is None
    last = at.step == len(LINES)
    return await go_on(app, at.run_id, step=at.step, message=LINES[at.step - 1], move="satisfied" if last else "continue")


async def answered(app: App, at: HandView, heard: list[tuple[str, str]]) -> HandView:
    assert at.user_message is not None
    heard.append(("user", at.user_message))
    heard.append(("assistant", clinic(heard)))
    return await go_on(app, at.run_id, step=at.step, reply=Reply(text=heard[-1][1]))


def words(transcript: Transcript) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in transcript.turns]


async def in_process(folder: Path, player: str) -> list[tuple[str, str]]:
    """The same conversation with the clinic in our own process, where no wire lies between."""
    async with FakeModels(minds) as models:
        user = ModelRole(provider="openai_compatible", model="user", base_url=models.openai_url, retries=0)
        app = make_app(Settings(store=folder, models=Models(user=user)), env={})
        try:
            return words(await load(app, await played(app, player, "demo-clinic")))
        finally:
            await app.aclose()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    return {player: asyncio.run(in_process(tmp_path_factory.mktemp("expected"), player)) for player in PLAYERS}


async def test_every_player_has_the_same_conversation_over_every_wire(
    request: pytest.FixtureRequest, app: App, expected: dict[str, list[tuple[str, str]]]
) -> None:
    kind: str = request.node.callspec.params["app"]
    target = target_of(app, kind)
    store = await app.store()
    for player, version in PLAYERS.items():
        if player == target == CALLER:
            with pytest.raises(BadInput, match="you cannot be the user and the agent of one conversation"):
                await open_by_hand(app, persona=WHO, target=CALLER, player="caller")
            continue
        run_id = await played(app, player, target)
        shown, transcript, record = await get_run(app, run_id, wait_s=30), await load(app, run_id), await store.run(run_id)
        assert record is not None
        assert shown.ending in set(get_args(EndingKind)) - NOT_ITS_OWN, (player, shown.ending, shown.ending_detail, shown.untrusted_failure)
        assert transcript.agent_turns
        assert words(transcript) == expected[player], player
        assert shown.verdict is not None
        assert shown.verdict.outcome in get_args(Outcome)
        assert re.fullmatch(version, record.player_version), player
        state = replay(record.scenario, [stored.event for stored in await store.events(run_id)])
        assert state.ending is not None
        assert (state.ending.kind, list(state.turns)) == (record.ending, list(transcript.turns))
        assert json.loads(record.scenario.model_dump_json())["target"] == target

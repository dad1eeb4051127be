"""What a caller gets wrong below the top level, in prompts, and what comes back cut to a size that can be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp_kit import call, refused, server_on

from understudy.mcp.tools import tools_for
from understudy.targets.settings import CommandTarget

STEP = {"id": "buy", "say": "Two tickets, please."}
TALKER = """\
import json, sys
line = sys.stdin.readline()
calls = [{"name": "t", "arguments": {"a": "y" * 9000}}]
print(json.dumps({"text": "word " * 4000, "state": {"all": "x" * 60000, "n": 1}, "tool_calls": calls}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def test_a_misspelt_field_of_a_step_is_compared_with_the_fields_of_a_step(folder: Path) -> None:
    async with server_on(folder) as client:
        near = await refused(client, "create_goal", id="g", title="T", steps=[{"id": "buy", "says": "Hi."}])
        far = await refused(client, "create_goal", id="g", title="T", steps=[{**STEP, "zzz": 1}])
    assert "unknown field `steps.0.says`; did you mean `say`?" in near
    assert "known: id, say" in far
    assert "based_on" not in far


async def test_facts_may_say_how_an_agent_asks_for_them(folder: Path) -> None:
    light = {"light": {"value": "red", "asked_as": ["light on"]}, "model": "R7"}
    async with server_on(folder) as client:
        await call(
            client,
            "create_goal",
            id="router",
            title="T",
            steps=[STEP],
            known=light,
            more={"unknown": ["age", {"name": "owner", "asked_as": ["whose"]}]},
        )
        goal = (await call(client, "list_goals", goal_id="router", detail="full"))["goals"][0]["goal"]
        await call(client, "create_persona", id="mine", based_on="lunch-break-regular", known=light)
        persona = (await call(client, "get_persona", persona_id="mine"))["persona"]
        wrong = await refused(client, "create_goal", id="g", title="T", steps=[STEP], known={"light": {"valeu": "red"}})
    assert goal["known"] == persona["knowledge"]["known"] == light
    assert goal["unknown"] == ["age", {"name": "owner", "asked_as": ["whose"]}]
    assert "did you mean `value`?" in wrong


async def test_every_goal_and_persona_that_is_shown_is_taken_back_by_the_tools(folder: Path) -> None:
    takes = {tool.name: set(tool.parameters["properties"]) for tool in tools_for()}

    def arguments(tool: str, shown: dict[str, Any]) -> dict[str, Any]:
        at_top = {key: value for key, value in shown.items() if key in takes[tool] and key != "id"}
        return {**at_top, "id": "copy-of-" + shown["id"], "more": {k: v for k, v in shown.items() if k not in takes[tool]}}

    async with server_on(folder) as client:
        for goal_id in ("clinic-reschedule", "clinic-cancel", "bank-block-card"):
            found = (await call(client, "list_goals", query=goal_id))["goals"]
            for row in found:
                goal = (await call(client, "list_goals", goal_id=row["id"], detail="full"))["goals"][0]["goal"]
                await call(client, "create_goal", **arguments("create_goal", goal))
        persona = (await call(client, "get_persona", persona_id="lunch-break-regular"))["persona"]
        await call(client, "create_persona", **arguments("create_persona", persona))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("persona_from_failure", {}, "argument `transcript` is required"),
        ("persona_from_failure", {"transcrpt": "x"}, "did you mean `transcript`?"),
        ("explain_failur", {"run_id": "x"}, "did you mean `explain_failure`?"),
    ],
)
async def test_a_prompt_asked_for_wrongly_is_refused_with_what_to_say(folder: Path, name: str, given: dict[str, str], words: str) -> None:
    async with server_on(folder) as client:
        with pytest.raises(MCPError) as error:
            await client.get_prompt(name, given)
    assert error.value.error.code == -32602
    assert words in error.value.error.message


async def test_a_prompt_asked_for_rightly_is_given(folder: Path) -> None:
    async with server_on(folder) as client:
        assert (await client.get_prompt("explain_failure", {"run_id": "run_1"})).messages
        assert (await client.get_prompt("stress_test_my_agent")).messages


async def test_a_full_transcript_of_a_talkative_agent_can_be_read_turn_by_turn(folder: Path) -> None:
    talker = CommandTarget(command=(sys.executable, "-c", TALKER), per_turn=True)
    async with server_on(folder, targets={"talker": talker}) as client:
        run = await call(client, "simulate_conversation", persona="lunch-break-regular", target="talker", script=["Hello."])
        page = await call(client, "get_transcript", run_id=run["run_id"], from_turn=1, max_turns=1, detail="full")
    turn = page["turns"][0]
    assert len(json.dumps(turn)) < 8_000
    assert turn["untrusted_agent_text"].endswith("…")
    assert "state" not in turn["detail"]["untrusted_reply"]
    assert f"transcript://{run['run_id']}" in turn["detail"]["untrusted_reply"]["truncated"]

"""The calling agent plays the user, or the agent, with plain tool calls: no sampling, no elicitation, nothing kept in a session."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_kit import REGULAR, call, refused, server_on

from understudy.domain.scenario import Scenario, implicit_goal
from understudy.library.library import Library
from understudy.simulation.conversation import AskPlayer, pending, start
from understudy.simulation.sheet import direct, sheet_for

TOOL = "continue_conversation"
LINES = (
    ("Quick one, I'm on my break. I have to move my appointment, I usually see Dr. Amari.", "continue"),
    ("Priya Raman, and I was born on 14 March 1988.", "continue"),
    ("Thursday would be best.", "continue"),
    ("9:00 please. And is there parking at the clinic?", "continue"),
    ("Oh no, my shift was just moved. Make it Friday instead, please.", "continue"),
    ("Perfect, thanks a lot. Bye!", "satisfied"),
)
"""What Priya says, of the persona `lunch-break-regular`, to the clinic's agent."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def opened(client: Client, **more: Any) -> dict[str, Any]:
    return await call(client, TOOL, **{"persona": REGULAR, "target": "demo-clinic", "seed": 1, **more})


async def say(client: Client, at: dict[str, Any], message: str, move: str = "continue", **more: Any) -> dict[str, Any]:
    return await call(client, TOOL, run_id=at["run_id"], step=at["step"], message=message, move=move, **more)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_host_plays_the_user_to_the_end_and_reads_the_verdict(folder: Path, mode: str) -> None:
    async with server_on(folder, mode=mode) as client:
        at = await opened(client)
        assert at["brief"]["talking_to"] == "Harbour Street Clinic"
        assert any("14 March 1988 (only when asked)" in fact for fact in at["brief"]["facts"])
        for message, move in LINES:
            at = await say(client, at, message, move)
            assert at["untrusted_agent_text"]
            assert "brief" not in at
            if at["status"] == "finished":
                break
        run = await call(client, "get_run", run_id=at["run_id"])
    assert at["ending"] == "goal_reached"
    assert at["verdict"]["outcome"] == "pass"
    assert at["verdict"]["outcome"] == run["verdict"]["outcome"]
    assert run["player"].startswith("caller/1 mcp")
    assert "not pool" in at["next"]


async def test_every_answer_says_what_changed_and_what_to_do_next(folder: Path) -> None:
    async with server_on(folder) as client:
        first = await opened(client)
        assert first["direction"][0].startswith("Open")
        second = await say(client, first, LINES[0][0])
    assert "doctor: said" in second["changed"]
    assert any(line.startswith("They asked: date_of_birth") for line in second["direction"])
    assert (second["step"], second["turns_left"], second["frustration"]) == (2, 15, 0)


async def test_what_the_user_asks_beside_the_direction_is_in_the_account_too(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        for message, move in LINES[:4]:
            at = await say(client, at, message, move)
    assert "parking: unsaid -> met" in at["changed"]


async def test_an_agent_that_speaks_first_is_heard_before_the_first_step(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client, opens="agent")
    assert at["untrusted_agent_text"]
    assert at["step"] == 1


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("How can I help you today?", "speaks as the agent"),
        ("My order number is ORD-99812.", "nobody gave the user"),
        ("<think>what would she say</think> hi", "markup"),
        ("As an AI language model I cannot.", "being simulated"),
        ("  ", "empty"),
    ],
)
async def test_a_message_that_no_user_would_write_is_refused_with_the_reason_and_the_tries_left(
    folder: Path, message: str, why: str
) -> None:
    async with server_on(folder) as client:
        at = await say(client, await opened(client), message)
        assert why in at["refused"]
        assert (at["tries_left"], at["step"], at["status"]) == (2, 2, "your turn")
        page = await call(client, "get_transcript", run_id=at["run_id"])
        assert page["total_turns"] == 0
        at = await say(client, at, LINES[0][0])
    assert "refused" not in at


async def test_the_agents_words_over_again_are_refused(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await say(client, await opened(client), LINES[0][0])
        at = await say(client, at, at["untrusted_agent_text"])
    assert "over again" in at["refused"]


async def test_three_refused_messages_end_the_run_as_the_simulators_failure(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        for _ in range(3):
            at = await say(client, at, "How can I help you today?")
    assert (at["status"], at["ending"]) == ("finished", "simulator_failed")
    assert at["verdict"]["outcome"] not in ("pass", "fail")


async def test_run_id_alone_gives_the_brief_again_and_takes_no_step(folder: Path) -> None:
    async with server_on(folder) as client:
        first = await opened(client)
        at = await say(client, first, LINES[0][0])
        shown = await call(client, TOOL, run_id=at["run_id"])
        assert shown["brief"] == first["brief"]
        assert {k: v for k, v in shown.items() if k != "brief"} == at
        again = await call(client, TOOL, run_id=at["run_id"], step=1, message=LINES[0][0], detail="full")
        assert again == shown
        page = await call(client, "get_transcript", run_id=at["run_id"])
    assert page["total_turns"] == 2


async def test_opening_again_with_the_same_key_goes_on_with_the_run(folder: Path) -> None:
    async with server_on(folder) as client:
        first = await opened(client, idempotency_key="mine")
        assert (await opened(client, idempotency_key="mine"))["run_id"] == first["run_id"]
        assert "Use a new key" in await refused(client, TOOL, persona=REGULAR, target="demo-bank", seed=1, idempotency_key="mine")


async def test_calls_that_do_not_fit_say_what_to_pass(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        run = at["run_id"]
        assert "No run `run_none`" in await refused(client, TOOL, run_id="run_none", step=1, message="Hi")
        assert "`step`" in await refused(client, TOOL, run_id=run, message="Hi")
        assert "Step 5 is not due" in await refused(client, TOOL, run_id=run, step=5, message="Hi")
        assert "you are the user" in await refused(client, TOOL, run_id=run, step=1, reply="Hi")
        assert "`message` only" in await refused(client, TOOL, run_id=run, step=1, message="Hi", reply="Hi")
        assert "`reply_more`" in await refused(client, TOOL, run_id=run, step=1, reply_more={"closed": True})
        assert "`goal`" in await refused(client, TOOL, run_id=run, step=1, message="Hi", goal="bank-lost-card")
        assert "`run_id`" in await refused(client, TOOL, message="Hi")
        assert "`run_id`" in await refused(client, TOOL, persona=REGULAR, target="demo-clinic", message="Hi")
        assert "No persona" in await refused(client, TOOL, persona="nobody", target="demo-clinic")
        assert "did you mean `message`" in await refused(client, TOOL, run_id=run, step=1, mesage="Hi")
        assert "move" in await refused(client, TOOL, run_id=run, step=1, message="Hi", move="leave")
        over = await say(client, at, "Never mind, bye.", "gave_up")
        assert "is over" in await refused(client, TOOL, run_id=run, step=2, message="Wait!")
        assert (await call(client, TOOL, run_id=run))["verdict"] == over["verdict"]
        simulated = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", script=["Hi there."])
        assert "plays by itself" in await refused(client, TOOL, run_id=simulated["run_id"])


async def test_an_open_run_waits_for_its_player_in_every_list_and_can_be_cancelled(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        run = await call(client, "get_run", run_id=at["run_id"], wait_s=30)
        assert run["status"] == "waiting for you"
        assert TOOL in run["next"]
        (row,) = (await call(client, "search_transcripts"))["runs"]
        assert (row["status"], row["player"]) == ("waiting for you", "caller")
        assert (await call(client, "cancel_run", run_id=at["run_id"]))["ending"] == "cancelled"
        ended = await call(client, TOOL, run_id=at["run_id"])
    assert (ended["status"], ended["ending"]) == ("finished", "cancelled")


async def test_the_host_answers_as_the_agent_with_state_and_tools_until_it_closes(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client, target="caller")
        assert (at["you_play"], at["player"].split()[0]) == ("agent", "rules/1")
        assert at["user_message"]
        at = await call(client, TOOL, run_id=at["run_id"], step=1, reply="Of course. What is your name and date of birth?")
        assert "Priya" in at["user_message"]
        more = {"tool_calls": [{"name": "move", "arguments": {"day": "Thursday"}}], "state": {"day": "Thursday"}, "closed": True}
        at = await call(client, TOOL, run_id=at["run_id"], step=2, reply="Your appointment is moved to Thursday. Goodbye.", reply_more=more)
        assert at["status"] == "finished"
        page = await call(client, "get_transcript", run_id=at["run_id"], detail="full")
        (row,) = (await call(client, "search_transcripts", target="caller"))["runs"]
        assert row["run_id"] == at["run_id"]
    assert page["turns"][3]["untrusted_tool_calls"] == ["move"]
    assert page["turns"][3]["detail"]["untrusted_reply"]["state"] == {"day": "Thursday"}


async def test_the_agent_is_told_neither_persona_nor_goal(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client, target="caller", opens="agent")
    told = json.dumps(at).replace(at["run_id"], "")
    assert "Priya" not in told
    assert "appointment" not in told


async def test_one_caller_cannot_be_both_sides_nor_be_simulated_against(folder: Path) -> None:
    async with server_on(folder) as client:
        both = await refused(client, TOOL, persona=REGULAR, target="caller", player="caller")
        assert "cannot be the user and the agent" in both
        assert "simulate_conversation" in await refused(client, TOOL, persona=REGULAR, target="demo-clinic", player="rules")
        assert TOOL in await refused(client, "simulate_conversation", persona=REGULAR, target="caller")
        assert TOOL in await refused(client, "check_target", target="caller")
        assert "caller" in (await call(client, "check_target", target="demo-clinic"))["known_targets"]


async def test_play_the_user_teaches_the_job_in_a_page(folder: Path) -> None:
    async with server_on(folder) as client:
        prompt = await client.get_prompt("play_the_user", {"persona": REGULAR, "goal": "clinic-reschedule"})
        text = prompt.messages[0].content.text
    assert len(text) < 3_600
    assert all(word in text for word in (TOOL, REGULAR, "clinic-reschedule", "direction", "disclosed", "satisfied", "untrusted_", "pooled"))


def every_scenario() -> list[Scenario]:
    library = Library()
    by_id = library.goals
    pairs = [(p, by_id[p.goal] if p.goal else implicit_goal(p)) for p in library.personas.values()]
    return [Scenario(persona=p, goal=g, target="demo-clinic", player="caller") for p, g in pairs]


def test_the_brief_of_every_persona_is_short_and_holds_nothing_of_the_judge() -> None:
    scenarios = every_scenario()
    assert len(scenarios) >= 20
    for scenario in scenarios:
        effect = pending(start(scenario))
        assert isinstance(effect, AskPlayer)
        told = json.dumps([sheet_for(effect.brief).model_dump(), direct(effect.brief)], ensure_ascii=False)
        assert len(told) < 6_000, scenario.persona.id
        for criterion in scenario.goal.success:
            assert criterion.description not in told
        assert not scenario.goal.expected.note or scenario.goal.expected.note not in told


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"state": {"a": deep(200)}}, "nested more than 64 levels deep"),
        ({"state": {"a": "x" * 300_000}}, "at most 256,000 can be taken"),
        ({"tool_calls": [{"name": "f", "arguments": deep(100)}]}, "nested more than 64 levels deep"),
    ],
    ids=["deep state", "long state", "deep arguments"],
)
async def test_an_answer_that_could_not_be_read_again_is_refused_and_the_run_goes_on(folder: Path, more: Any, words: str) -> None:
    async with server_on(folder) as client:
        at = await opened(client, target="caller")
        assert words in await refused(client, TOOL, run_id=at["run_id"], step=at["step"], reply="ok", reply_more=more)
        calls = [{"name": "f\0" + "x" * 999, "arguments": {"a": "x" * 30_000}}]
        after = await call(client, TOOL, run_id=at["run_id"], step=at["step"], reply="Sure.\0", reply_more={"tool_calls": calls})
        assert after["status"] in ("your turn", "finished")
        shown = json.dumps(await call(client, "get_transcript", run_id=at["run_id"], detail="full"))
    assert "left out: 30," in shown
    assert "\\u0000" not in shown


@pytest.mark.parametrize("name", ["../x", "x" * 10_000, "no_such_fact"])
async def test_a_fact_that_the_user_does_not_have_is_named_with_those_they_have(folder: Path, name: str) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        why = await refused(client, TOOL, run_id=at["run_id"], step=at["step"], message="Hi there.", disclosed=[name])
    assert "is no fact of the user" in why
    assert "date_of_birth" in why
    assert len(why) < 600


async def test_four_callers_with_one_step_and_different_words_are_heard_once(folder: Path) -> None:
    async with server_on(folder) as client:
        at = await opened(client)
        said = [f"I have to move my appointment, please, {word}." for word in ("today", "now", "soon", "at once")]
        results = await asyncio.gather(
            *(client.call_tool(TOOL, {"run_id": at["run_id"], "step": at["step"], "message": words}) for words in said)
        )
        shown = await call(client, "get_transcript", run_id=at["run_id"])
    assert [result.is_error for result in results].count(False) == 1
    assert sum(words in json.dumps(shown) for words in said) == 1

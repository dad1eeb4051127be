"""A target that answers out of all measure: what is too much ends as a typed failure, what can be cut is cut."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from understudy.domain.conversation import Reply, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import CommandTarget, HandoffRule, OpenAITarget, open_target
from understudy.testing.fake_openai import FakeOpenAI, Fault

REQUEST = TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text="Hello", at=0.0),))
AGENT = "import sys\nsys.stdin.readline()\nprint(open('answer.json').read(), flush=True)\nsys.stdin.read()"


async def by_openai(raw: dict[str, Any], folder: Path, *, rule: HandoffRule | None = None) -> Reply:
    message = {"content": raw.get("text"), "tool_calls": raw.get("tool_calls")}
    choice = {"message": message, "finish_reason": "stop"}
    body = json.dumps({"choices": [choice], "understudy": {"state": raw.get("state")}})
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=body)}) as server:
        settings = OpenAITarget(url=server.url, state_path="understudy.state", retries=0, handoff=rule or HandoffRule())
        target = open_target("t", settings, env={})
        try:
            return await target.reply(REQUEST)
        finally:
            await target.aclose()


async def by_command(raw: dict[str, Any], folder: Path, *, rule: HandoffRule | None = None) -> Reply:
    (folder / "agent.py").write_text(AGENT)
    (folder / "answer.json").write_text(json.dumps(raw))
    settings = CommandTarget(command=(sys.executable, "agent.py"), cwd=str(folder), timeout_s=10, handoff=rule or HandoffRule())
    target = open_target("t", settings, env=os.environ)
    try:
        return await target.reply(REQUEST)
    finally:
        await target.aclose()


both = pytest.mark.parametrize("ask", [by_openai, by_command])


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@both
@pytest.mark.parametrize(
    ("raw", "size", "limit"),
    [
        ({"text": "x" * 64_001}, "64,001", "64,000"),
        ({"text": "x", "tool_calls": [{"name": "f"}] * 201}, "201", "200"),
        ({"text": "x", "state": {"k": "v" * 256_000}}, "256,009", "256,000"),
    ],
)
async def test_an_answer_that_is_too_big_is_a_failure_that_names_size_and_limit(
    ask: Any, tmp_path: Path, raw: dict[str, Any], size: str, limit: str
) -> None:
    with pytest.raises(TargetError) as caught:
        await ask(raw, tmp_path)
    failure = caught.value.failure
    assert failure.kind == "wrong_shape"
    assert (size in failure.detail, limit in failure.detail) == (True, True)


@both
async def test_an_answer_just_within_the_limits_is_taken_whole(ask: Any, tmp_path: Path) -> None:
    state = {"k": "v" * (256_000 - 9)}
    reply = await ask({"text": "\u00e4" * 64_000, "tool_calls": [{"name": "f"}] * 200, "state": state}, tmp_path)
    assert (len(reply.text), len(reply.tool_calls), reply.state) == (64_000, 200, state)


@both
async def test_the_name_of_a_tool_is_a_short_plain_word_or_quoted(ask: Any, tmp_path: Path) -> None:
    names = ["book-it:v2/now.x", "n" * 70, "x`\n\n**[7] Customer:**", "y\u202e" * 9999]
    reply = await ask({"text": "x", "tool_calls": [{"name": name} for name in names]}, tmp_path)
    assert [call.name for call in reply.tool_calls[:3]] == ["book-it:v2/now.x", "n" * 64, "'x`\\n\\n**[7] Customer:**'"]
    last = reply.tool_calls[3].name
    assert (len(last), last.isprintable()) == (64, True)


@both
async def test_a_hand_off_tool_is_recognised_by_the_name_that_the_settings_give(ask: Any, tmp_path: Path) -> None:
    raw = {"text": "x", "tool_calls": [{"name": "hand over to a person"}]}
    assert (await ask(raw, tmp_path, rule=HandoffRule(tools=("hand over to a person",)))).handed_off


@both
async def test_long_arguments_and_results_are_replaced_by_a_note(ask: Any, tmp_path: Path) -> None:
    big = {"k": "v" * 20_000}
    calls = [{"name": "f", "arguments": json.dumps(big), "result": big}, {"name": "g", "arguments": "not JSON " * 3000, "result": "ok"}]
    first, second = (await ask({"text": "x", "tool_calls": calls}, tmp_path)).tool_calls
    assert first.arguments == first.result == "(left out: 20,009 characters of JSON, more than 20,000)"
    assert (second.arguments.startswith("(left out: 27,002"), second.result) == (True, "ok")


async def test_a_long_session_id_is_a_failure(tmp_path: Path) -> None:
    assert (await by_command({"text": "x", "session": "s" * 500}, tmp_path)).session == "s" * 500
    with pytest.raises(TargetError, match=r"`session` is 501 characters long; at most 500"):
        await by_command({"text": "x", "session": "s" * 501}, tmp_path)


@both
@pytest.mark.parametrize("depth", [63, 300, 900])
async def test_deep_nesting_is_a_failure_and_not_an_accident(ask: Any, tmp_path: Path, depth: int) -> None:
    with pytest.raises(TargetError, match="nested more than 64 levels deep") as caught:
        await ask({"text": "x", "state": {"a": {"b": nested(depth)}}}, tmp_path)
    assert caught.value.failure.kind == "wrong_shape"


@both
async def test_nesting_within_reason_can_be_stored(ask: Any, tmp_path: Path) -> None:
    reply = await ask(
        {"text": "x", "state": {"a": nested(60)}, "tool_calls": [{"name": "f", "arguments": json.dumps(nested(64))}]}, tmp_path
    )
    assert json.loads(reply.model_dump_json())["state"] == {"a": nested(60)}


@both
async def test_deep_nesting_in_the_arguments_text_stays_text(ask: Any, tmp_path: Path) -> None:
    deep = json.dumps(nested(500))
    reply = await ask({"text": "x", "tool_calls": [{"name": "f", "arguments": deep}]}, tmp_path)
    assert reply.tool_calls[0].arguments == deep


@both
async def test_a_number_beyond_measure_is_stored_as_null(ask: Any, tmp_path: Path) -> None:
    reply = await ask({"text": "x", "state": {"n": float("inf")}, "tool_calls": [{"name": "f", "arguments": '{"a": 1e999}'}]}, tmp_path)
    assert (reply.state, reply.tool_calls[0].arguments) == ({"n": None}, {"a": None})


def test_a_stream_without_end_is_left_once_its_text_is_too_long() -> None:
    from understudy.targets.failure import CallFailed
    from understudy.targets.sse import EventSplitter, StreamedAnswer
    from understudy.wire.masking import Secrets

    splitter, answer = EventSplitter(), StreamedAnswer("here", None, Secrets((), {}))
    event = b'data: {"choices": [{"delta": {"content": "abcd"}}]}\n\n'

    taken: list[bytes] = []

    def flood() -> None:
        for _ in range(20_000):
            for piece in (event[:9], event[9:]):
                for data in splitter.feed(piece):
                    answer.add(data)
                    taken.append(data)

    with pytest.raises(CallFailed, match="at most 64,000") as caught:
        flood()
    assert (caught.value.kind, len(taken)) == ("wrong_shape", 16_000)


def test_the_depth_that_is_taken_is_exact() -> None:
    from understudy.wire.parsing import MAX_DEPTH, TooDeep, parse_json

    assert parse_json(json.dumps(nested(MAX_DEPTH))) == nested(MAX_DEPTH)
    with pytest.raises(TooDeep):
        parse_json(json.dumps(nested(MAX_DEPTH + 1)))

"""A prompt under test: a model with mocked tools answers like the agent that is to be built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from understudy.domain.conversation import Reply, ToolCall, Turn
from understudy.domain.errors import BadInput, TargetError
from understudy.domain.model_call import ModelFault, ModelToolCall
from understudy.ports import LLMRequest, TargetRequest
from understudy.targets import PromptTarget, open_target, probe
from understudy.targets.mock_tools import MockTool, MockWorld
from understudy.targets.prompt import Prompt
from understudy.testing.fake_llm import FakeLLM, Said

MODEL = {"provider": "anthropic", "model": "claude-haiku-4-5"}
BOOK = {
    "name": "book",
    "description": "Books a day.",
    "parameters": {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]},
    "when": [{"arguments": {"day": "Friday"}, "error": "Closed on {{ arguments.day }}."}],
    "returns": {"ok": True, "day": "{{ arguments.day }}", "of": "{{ state.patient.name }}"},
    "set": {"booked.day": "{{ arguments.day }}"},
}


def target(llm: FakeLLM, **changes: Any) -> Prompt:
    body = {"system": "You are a clinic.", "model": MODEL, "tools": [BOOK], "state": {"patient": {"name": "Ann"}}, **changes}
    opened = open_target("t", PromptTarget.model_validate(body), env={}, open_model=lambda _: llm)
    assert isinstance(opened, Prompt)
    return opened


def call(name: str, arguments: Any, id: str = "c1") -> ModelToolCall:
    return ModelToolCall(id=id, name=name, arguments=arguments)


def user(*texts: str) -> TargetRequest:
    return TargetRequest(run_id="r", turns=tuple(Turn(index=i, role="user", text=t, at=0.0) for i, t in enumerate(texts)))


async def test_the_model_gets_prompt_tools_and_history() -> None:
    llm = FakeLLM(["Hello!"])
    reply = await target(llm).reply(user("Hi"))
    (sent,) = llm.requests
    assert (sent.role, sent.system, [t.name for t in sent.tools]) == ("target", ("You are a clinic.",), ["book"])
    assert [(m.role, m.text) for m in sent.messages] == [("user", "Hi")]
    assert (reply.text, reply.tool_calls, reply.state) == ("Hello!", (), {"patient": {"name": "Ann"}})


async def test_a_tool_call_is_answered_from_the_fixture_and_changes_the_state() -> None:
    llm = FakeLLM([Said("One moment.", tool_calls=[call("book", {"day": "Tuesday"})]), "Booked."])
    reply = await target(llm).reply(user("Tuesday please"))
    result = {"ok": True, "day": "Tuesday", "of": "Ann"}
    assert reply.text == "One moment.\n\nBooked."
    assert reply.tool_calls == (ToolCall(name="book", arguments={"day": "Tuesday"}, result=result),)
    assert reply.state == {"patient": {"name": "Ann"}, "booked": {"day": "Tuesday"}}
    tool_message = llm.requests[1].messages[-1]
    assert (tool_message.role, tool_message.tool_call_id, json.loads(tool_message.text)) == ("tool", "c1", result)


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (call("book", {"day": "Friday"}), "Closed on Friday."),
        (call("book", {}), "Invalid arguments for `book`: 'day' is a required property"),
        (call("book", {"day": 3}), "Invalid arguments for `book`: `day`: 3 is not of type 'string'"),
        (call("book", '{"day": "Tue'), "Invalid arguments for `book`: they are not a JSON object."),
        (call("boook", {"day": "Tuesday"}), "There is no tool `boook`. Did you mean `book`?"),
    ],
)
async def test_a_call_that_fails_is_told_to_the_model_and_recorded(made: ModelToolCall, error: str) -> None:
    llm = FakeLLM([Said(tool_calls=[made]), "Sorry."])
    reply = await target(llm).reply(user("x"))
    assert (reply.text, reply.tool_calls[0].result) == ("Sorry.", {"error": error})
    assert json.loads(llm.requests[1].messages[-1].text) == {"error": error}
    assert "booked" not in (reply.state or {})


async def test_state_and_sequences_go_on_over_turns_without_anything_kept() -> None:
    tool = {"name": "next", "sequence": [{"returns": "first", "set": {"seen": 1}}, {"returns": "second"}, {"error": "none left"}]}
    said = Said(tool_calls=[call("next", {})])
    turns: list[Turn] = []
    results: list[Any] = []
    for number in range(4):
        turns.append(Turn(index=len(turns), role="user", text=f"u{number}", at=0.0))
        llm = FakeLLM([said, "done"])
        reply = await target(llm, tools=[tool]).reply(TargetRequest(run_id="r", turns=tuple(turns)))
        turns.append(Turn(index=len(turns), role="agent", text=reply.text, at=0.0, reply=reply))
        results.append(reply.tool_calls[0].result)
        assert reply.state == {"patient": {"name": "Ann"}, "seen": 1}
    assert results == ["first", "second", {"error": "none left"}, {"error": "none left"}]
    assert [m.role for m in llm.requests[0].messages[:5]] == ["user", "assistant", "tool", "assistant", "user"]


async def test_cases_may_look_at_the_state() -> None:
    world = MockWorld(
        [
            MockTool.model_validate(
                {
                    "name": "cancel",
                    "when": [{"state": {"booked.day": "Tuesday"}, "returns": "cancelled", "set": {"booked": None}}],
                }
            )
        ],
        {"booked": {"day": "Tuesday"}},
    )
    assert world.call("cancel", {}).result == "cancelled"
    assert world.state == {"booked": None}
    assert world.call("cancel", {}).result == {"error": "No fixture of `cancel` fits these arguments."}


async def test_rounds_of_tool_calls_are_bounded_and_all_of_them_recorded() -> None:
    llm = FakeLLM([Said(tool_calls=[call("book", {"day": "Tuesday"})])])
    reply = await target(llm, max_tool_rounds=2).reply(user("x"))
    assert len(llm.requests) == 3
    assert (reply.text, [c.result.get("ok") for c in reply.tool_calls]) == ("", [True, True, None])
    assert "too many rounds" in reply.tool_calls[-1].result["error"]


async def test_latency_of_a_tool_counts_and_is_bounded_by_the_time_limit() -> None:
    slow = {"name": "book", "returns": "ok", "latency_s": 60}
    llm = FakeLLM([Said(tool_calls=[call("book", {})]), "done"])
    with pytest.raises(TargetError) as caught:
        await target(llm, tools=[slow], timeout_s=0.05).reply(user("x"))
    assert caught.value.failure.kind == "timeout"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("rate_limited", "http_4xx"), ("overloaded", "http_5xx"), ("timeout", "timeout"), ("auth", "not_configured"), ("tls", "tls")],
)
async def test_a_fault_of_the_model_is_a_failure_and_no_word_of_the_agent(fault: ModelFault, kind: str) -> None:
    with pytest.raises(TargetError) as caught:
        await target(FakeLLM([Said(fault=fault)])).reply(user("x"))
    assert (caught.value.failure.kind, "the model gave no answer" in caught.value.failure.detail) == (kind, True)


async def test_every_fault_of_a_model_has_a_kind_of_failure() -> None:
    for fault in ModelFault.__args__:  # type: ignore[attr-defined]
        with pytest.raises(TargetError):
            await target(FakeLLM([Said(fault=fault)])).reply(user("x"))


@pytest.mark.parametrize(("finish", "kind"), [("length", "wrong_shape"), ("refused", "empty")])
async def test_an_answer_that_was_kept_from_being_one_is_a_failure(finish: Any, kind: str) -> None:
    with pytest.raises(TargetError) as caught:
        await target(FakeLLM([Said("", finish=finish)])).reply(user("x"))
    assert caught.value.failure.kind == kind


async def test_a_refusal_in_words_and_silence_are_replies() -> None:
    assert (await target(FakeLLM([Said("I can't help with that.", finish="refused")])).reply(user("x"))).text == "I can't help with that."
    assert (await target(FakeLLM([Said("")])).reply(user("x"))).text == ""


async def test_an_agent_that_speaks_first_is_asked_to() -> None:
    llm = FakeLLM(["Welcome!"])
    assert (await target(llm).reply(TargetRequest(run_id="r", turns=()))).text == "Welcome!"
    opening = Turn(index=0, role="agent", text="Welcome!", at=0.0, reply=Reply(text="Welcome!"))
    await target(llm).reply(TargetRequest(run_id="r", turns=(opening, Turn(index=1, role="user", text="Hi", at=0.0))))
    assert [m.role for m in llm.requests[1].messages] == ["user", "assistant", "user"]


async def test_prompt_and_fixtures_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "prompt.md").write_text("You are a bank.\n")
    (tmp_path / "tools.yaml").write_text("state: {limit: 5}\ntools:\n  - {name: limit, returns: 'It is {{ state.limit }}'}\n")
    settings = PromptTarget.model_validate({"system_file": "prompt.md", "tools_file": "tools.yaml", "model": MODEL}).resolved(tmp_path)
    llm = FakeLLM([Said(tool_calls=[call("limit", {})]), "Five."])
    opened = open_target("t", settings, env={}, open_model=lambda _: llm)
    reply = await opened.reply(user("limit?"))
    assert (llm.requests[0].system, reply.tool_calls[0].result, reply.state) == (("You are a bank.",), "It is 5", {"limit": 5})
    await opened.aclose()
    assert llm.closed


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "`{folder}/prompt.md` could not be read: No such file or directory. Check `system_file`."),
        ({"prompt.md": " \n"}, "The prompt in `{folder}/prompt.md` is empty."),
        ({"prompt.md": "x"}, "`{folder}/tools.yaml` could not be read"),
        ({"prompt.md": "x", "tools.yaml": "tools:\n  - name: [\n"}, "{folder}/tools.yaml:3"),
        ({"prompt.md": "x", "tools.yaml": "tools:\n  - {name: a, result: 3}\n"}, "{folder}/tools.yaml: `tools.0.result`: Extra inputs"),
        ({"prompt.md": "x", "tools.yaml": "tools: [{name: a}, {name: a}]"}, "The tool `a` is there twice."),
    ],
)
async def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, files: dict[str, str], told: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    settings = PromptTarget.model_validate({"system_file": "prompt.md", "tools_file": "tools.yaml", "model": MODEL}).resolved(tmp_path)
    with pytest.raises(TargetError) as caught:
        await open_target("t", settings, env={}, open_model=lambda _: FakeLLM(["x"])).reply(user("x"))
    assert caught.value.failure.kind == "not_configured"
    assert told.format(folder=tmp_path) in caught.value.failure.detail


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"system": None}, "either `system`"),
        ({"system_file": "p.md"}, "either `system`"),
        ({"tools_file": "t.yaml", "state": {"a": 1}}, "`tools_file` holds tools and state"),
        ({"tools": [{"name": "a", "returns": "{{ argument.day }}"}]}, "there is no placeholder"),
        ({"tools": [{"name": "a", "returns": 1, "error": "x"}]}, "either `returns` or `error`"),
        ({"tools": [{"name": "a", "sequence": [{"returns": 1}], "returns": 2}]}, "`sequence` holds the outcomes"),
        ({"tools": [{"name": "a", "parameters": {"type": "objekt"}}]}, "not a JSON schema"),
        ({"tools": [{"name": "a", "parameters": {"type": "string"}}]}, "`type: object`"),
        ({"tools": [{"name": "two words"}]}, "pattern"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], told: str) -> None:
    body = {"system": "x", "model": MODEL, **changes}
    with pytest.raises(ValidationError, match=told.replace("(", r"\(")):
        PromptTarget.model_validate({name: value for name, value in body.items() if value is not None})


async def test_a_model_that_cannot_be_opened_is_a_matter_of_settings() -> None:
    def refuses(role: Any) -> FakeLLM:
        raise BadInput("models.target", "no adapter for x")

    settings = PromptTarget.model_validate({"system": "x", "model": MODEL})
    found = await probe("t", settings, env={}, open_model=refuses)
    assert (found.reachable, "no adapter for x" in found.detail) == (False, True)
    assert not (await probe("t", settings, env={})).reachable


async def test_checking_it_tells_what_it_did() -> None:
    settings = PromptTarget.model_validate({"system": "x", "model": MODEL, "state": {"a": 1}})
    found = await probe("t", settings, env={}, open_model=lambda _: FakeLLM(["Hello!"]))
    assert (found.reachable, found.kind, found.address, found.exposes_state) == (
        True,
        "prompt",
        "prompt on anthropic:claude-haiku-4-5",
        True,
    )


async def test_the_key_of_the_model_is_masked_wherever_it_turns_up() -> None:
    key = "sk-very-secret-0123456789"

    def says(request: LLMRequest) -> Said:
        return Said(f"my key is {key}") if len(request.messages) > 1 else Said(tool_calls=[call("book", {"day": key})])

    settings = PromptTarget.model_validate({"system": "x", "model": {**MODEL, "key_env": "K"}, "tools": [BOOK]})
    reply = await open_target("t", settings, env={"K": key}, open_model=lambda _: FakeLLM(says)).reply(user("x"))
    assert key not in reply.model_dump_json()

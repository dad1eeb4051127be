"""What each provider is told apart from the contract: forms, room for reasoning, temperatures, cache marks."""

from __future__ import annotations

from typing import Any

import pytest
from llm_kit import ENV, KEY, PROVIDERS, Move, adapter_at, request, role

from understudy.domain.errors import ModelError
from understudy.domain.model_call import ModelMessage
from understudy.llm.chat_wire import read_chat
from understudy.llm.messages_wire import MOST_MARKS, read_message
from understudy.llm.open import open_adapter
from understudy.llm.reading import NotAsPromised
from understudy.llm.schema import enforceable
from understudy.llm.traits import traits_of
from understudy.ports import LLMRequest
from understudy.prompting.structured import ask, json_schema_of
from understudy.testing.fake_models import Answer, FakeModels, Fault

URL = "http://127.0.0.1:9/v1"


async def body(provider: str, wanted: LLMRequest, **settings: Any) -> dict[str, Any]:
    adapter = open_adapter(role(provider, URL, **settings), env=ENV)
    try:
        return adapter.body(wanted)
    finally:
        await adapter.aclose()


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_model_without_schemas_is_asked_for_one_only_once(provider: str) -> None:
    async with FakeModels(lambda r: Fault("no_schemas") if r.form == "schema" else {"move": "say", "turn": 1}) as server:
        async with adapter_at(server, provider) as llm:
            before = llm.outputs
            assert before[0] == "schema"
            await ask(llm, request(), Move)
            assert llm.outputs == before[1:]
            await ask(llm, request(), Move)
        forms = [r.form for r in server.requests]
        assert forms == ["schema", forms[1], forms[1]]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("400", message="The prompt is too long."),
        Fault("400", message="Invalid schema for response_format 'answer': required is missing."),
        Fault("500", message="response_format: the backend crashed"),
    ],
)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_another_failure_narrows_nothing(provider: str, fault: Fault) -> None:
    async with FakeModels([fault]) as server, adapter_at(server, provider) as llm:
        with pytest.raises(ModelError):
            await llm.complete(request(output="schema", json_schema=json_schema_of(Move)))
        assert llm.outputs[0] == "schema"


async def test_a_query_string_of_a_proxy_stays_in_the_address_and_out_of_sight() -> None:
    async with FakeModels(["x"]) as server:
        adapter = open_adapter(role("openai_compatible", f"{server.openai_url}?api-version=2"), env=ENV)
        try:
            await adapter.complete(request())
        finally:
            await adapter.aclose()
        assert "/v1/chat/completions?api-version=2 " in server.requests[0].head
        assert adapter.address == server.openai_url


async def test_settings_choose_among_the_forms_that_the_provider_has() -> None:
    for provider, outputs in (("openai", ("json", "text")), ("anthropic", ("text",))):
        adapter = open_adapter(role(provider, URL, outputs=("json",)), env=ENV)
        assert adapter.outputs == outputs
        await adapter.aclose()


def test_a_schema_keeps_only_what_providers_enforce_and_tells_the_rest() -> None:
    schema = {
        "type": "object",
        "title": "A",
        "properties": {
            "title": {"type": "string", "maxLength": 5, "description": "Short."},
            "kind": {"oneOf": [{"$ref": "#/$defs/K", "description": "x"}], "discriminator": {"propertyName": "k"}},
            "score": {"type": "integer", "minimum": 1, "maximum": 5, "default": 3},
        },
        "$defs": {"K": {"const": "k", "title": "K"}},
    }
    assert enforceable(schema) == {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "Short. (maxLength 5)"},
            "kind": {"anyOf": [{"$ref": "#/$defs/K"}]},
            "score": {"type": "integer", "description": "(minimum 1, maximum 5)"},
        },
        "$defs": {"K": {"const": "k"}},
    }


# ---------------------------------------------------------------- room and temperature


@pytest.mark.parametrize(
    ("provider", "model", "room"),
    [
        ("openai", "gpt-5-mini", 8192),
        ("openai", "gpt-4.1-mini", 0),
        ("anthropic", "claude-haiku-5-5", 8192),
        ("anthropic", "claude-haiku-4-5-20251001", 0),
        ("openai_compatible", "deepseek-ai/DeepSeek-R1", 8192),
        ("openai_compatible", "qwen3:8b", 8192),
        ("openai_compatible", "qwen3-30b-a3b-instruct-2507", 0),
        ("openai_compatible", "llama3.2", 0),
    ],
)
async def test_reasoning_models_get_room_beside_the_answer(provider: str, model: str, room: int) -> None:
    sent = await body(provider, request(max_tokens=100), model=model)
    assert (sent.get("max_tokens") or sent.get("max_completion_tokens")) == 100 + room


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_settings_decide_on_the_room_when_they_name_one(provider: str) -> None:
    sent = await body(provider, request(max_tokens=100), reasoning_tokens=50)
    assert (sent.get("max_tokens") or sent.get("max_completion_tokens")) == 150


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_that_reasoning_used_up_is_cut_off_and_not_empty(provider: str) -> None:
    async with FakeModels([Answer("Hello.", reasoning_tokens=500)]) as server, adapter_at(server, provider) as llm:
        answer = await llm.complete(request(max_tokens=100))
        assert (answer.text, answer.finish) == ("", "length")


@pytest.mark.parametrize(
    ("model", "takes"),
    [
        *[("gpt-4.1-mini", True), ("claude-opus-4-5", True), ("claude-3-5-haiku-latest", True), ("llama3.2", True)],
        *[("gpt-5-mini", False), ("o3", False), ("gpt-6-sol", False), ("claude-opus-4-7", False), ("claude-sonnet-5-5", False)],
    ],
)
def test_a_temperature_goes_only_to_models_that_take_one(model: str, takes: bool) -> None:
    assert traits_of(model).temperature is takes


async def test_the_temperature_of_the_request_comes_before_that_of_the_settings() -> None:
    assert (await body("openai", request(temperature=0.0), temperature=0.9))["temperature"] == 0.0
    assert (await body("openai", request(), temperature=0.9))["temperature"] == 0.9
    assert "temperature" not in await body("openai", request(temperature=0.5), model="gpt-5-mini")


# ---------------------------------------------------------------- caching


def marks(sent: Any) -> int:
    if isinstance(sent, dict):
        return ("cache_control" in sent) + sum(map(marks, sent.values()))
    return sum(map(marks, sent)) if isinstance(sent, list) else 0


@pytest.mark.parametrize("parts", range(6))
@pytest.mark.parametrize("stable", [0, 1, 2])
async def test_cache_marks_stand_at_the_ends_and_never_exceed_what_the_api_takes(parts: int, stable: int) -> None:
    history = (ModelMessage(role="user", text="a"), ModelMessage(role="assistant", text="b"), ModelMessage(role="user", text="c"))
    sent = await body("anthropic", request(system=tuple(f"part {n}" for n in range(parts)), messages=history, stable=stable))
    assert marks(sent) <= MOST_MARKS
    assert marks(sent["messages"]) == (stable > 0)
    if stable:
        assert "cache_control" in sent["messages"][stable - 1]["content"][-1]
    if parts:
        assert "cache_control" in sent["system"][-1]


async def test_a_conversation_hits_the_cache_from_its_second_call_on() -> None:
    async with FakeModels(["x"], cache_from=16) as server, adapter_at(server, "anthropic") as llm:
        history = (ModelMessage(role="user", text="Hello, I need help with my order. " * 20),)
        first = await llm.complete(request(messages=history, stable=1))
        history = (*history, ModelMessage(role="assistant", text="x"), ModelMessage(role="user", text="Go on."))
        second = await llm.complete(request(messages=history, stable=3))
        assert first.usage.cached_tokens == 0
        assert first.usage.cache_write_tokens
        assert second.usage.cached_tokens
        assert second.usage.input_tokens
        assert second.usage.cached_tokens < second.usage.input_tokens


async def test_a_history_that_begins_with_the_models_own_turn_is_given_an_opening() -> None:
    sent = await body("anthropic", request(messages=(ModelMessage(role="assistant", text="Hi"), ModelMessage(role="user", text=""))))
    assert [m["role"] for m in sent["messages"]] == ["user", "assistant", "user"]
    assert all(block["text"].strip() for m in sent["messages"] for block in m["content"])


# ---------------------------------------------------------------- odd answers


def test_thoughts_in_fields_of_their_own_are_no_part_of_the_answer() -> None:
    said = b'{"choices": [{"message": {"content": "Yes.", "reasoning_content": "Hm.", "reasoning": "Hm."}, "finish_reason": "stop"}]}'
    assert read_chat(said, "m").text == "Yes."
    thought = b'{"content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Yes."}], "stop_reason": "end_turn"}'
    assert read_message(thought, "m").text == "Yes."


def test_an_answer_without_finish_reason_or_usage_is_taken() -> None:
    answer = read_chat(b'{"choices": [{"message": {"content": "Yes."}}]}', "m")
    assert (answer.finish, answer.model, answer.usage.input_tokens) == ("stop", "m", None)


@pytest.mark.parametrize(
    "said",
    [
        *[b"", b"null", b"[]", b'{"choices": []}', b'{"choices": [null]}', b'{"choices": [{"message": "x"}]}'],
        *[b'{"choices": [{"message": {"content": 5}}]}', b'{"choices": [{"message": {"tool_calls": 5}}]}'],
        *[b'{"choices": [{"message": {"tool_calls": [{"function": {}}]}}]}', b"[" * 100_000],
        *[b'{"error": {"message": "no"}}', b'{"content": "x"}', b'{"content": [5]}', b'{"content": [{"type": "tool_use"}]}'],
    ],
)
def test_every_oddity_is_named_and_none_is_a_traceback(said: bytes) -> None:
    with pytest.raises(NotAsPromised):
        read_chat(said, "m")
    with pytest.raises(NotAsPromised):
        read_message(said, "m")


def test_arguments_that_are_no_json_stay_as_they_came() -> None:
    said = b'{"choices": [{"message": {"tool_calls": [{"function": {"name": "f", "arguments": "{oops"}}]}}]}'
    assert read_chat(said, "m").tool_calls[0].arguments == "{oops"


async def test_a_local_model_needs_no_key() -> None:
    settings = role("openai_compatible", URL).evolve(key_env=None)
    async with FakeModels(["x"]) as server:
        llm = open_adapter(settings.evolve(base_url=server.openai_url), env={"OPENAI_API_KEY": KEY})
        await llm.complete(request())
        await llm.aclose()
        assert "authorization" not in server.requests[0].headers

"""The fake model server through the providers' own SDKs: answers, streams, tools, schemas, usage."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import jsonschema
import openai
import pytest
from pydantic import BaseModel

from understudy.prompting.structured import json_schema_of
from understudy.testing.fake_models import Answer, CalledTool, FakeModels, ModelRequest
from understudy.testing.fake_models.made_up import instance

ASKED: Any = [{"role": "user", "content": "Where is my parcel?"}]
TOOL = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"], "additionalProperties": False}


def openai_to(server: FakeModels) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=server.openai_url, api_key="any", max_retries=0)


def anthropic_to(server: FakeModels) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(base_url=server.anthropic_url, api_key="any", max_retries=0)


@pytest.fixture
async def made_up() -> AsyncIterator[FakeModels]:
    async with FakeModels() as server:
        yield server


class Part(BaseModel):
    name: str
    size: int
    inner: Part | None


class Shape(BaseModel):
    verdict: bool
    score: float
    parts: list[Part]
    note: str | None


async def test_both_wires_say_the_same_to_the_same_messages(made_up: FakeModels) -> None:
    async with openai_to(made_up) as one, anthropic_to(made_up) as other:
        said = await one.chat.completions.create(model="m", messages=ASKED)
        again = await other.messages.create(model="m", max_tokens=500, messages=ASKED)
    assert [block.text for block in again.content if block.type == "text"] == [said.choices[0].message.content]
    assert (said.choices[0].finish_reason, again.stop_reason) == ("stop", "end_turn")


async def test_a_sequence_is_said_in_order_and_its_last_answer_repeats() -> None:
    async with FakeModels(["one", {"two": 2}]) as server, openai_to(server) as client:
        said = [(await client.chat.completions.create(model="m", messages=ASKED)).choices[0].message.content for _ in range(3)]
    assert said == ["one", '{"two": 2}', '{"two": 2}']


async def test_a_script_sees_the_parsed_request_of_either_wire() -> None:
    def script(request: ModelRequest) -> str:
        return json.dumps([request.wire, request.system, request.last, request.answered, request.headers.get("x-mark")])

    block: Any = {"role": "user", "content": [{"type": "text", "text": "So"}]}
    more: Any = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, block]
    mark = {"X-Mark": "1"}
    async with FakeModels(script) as server, openai_to(server) as one, anthropic_to(server) as other:
        system: Any = {"role": "system", "content": "Be kind."}
        said = await one.chat.completions.create(model="m", messages=[system, *more], extra_headers=mark)
        again = await other.messages.create(model="m", max_tokens=500, system="Be kind.", messages=more, extra_headers=mark)
    assert json.loads(said.choices[0].message.content or "") == ["openai", "Be kind.", "So", 1, "1"]
    assert again.content[0].type == "text"
    assert json.loads(again.content[0].text) == ["anthropic", "Be kind.", "So", 1, "1"]
    assert [request.path for request in server.requests] == ["/v1/chat/completions", "/v1/messages"]


@pytest.mark.parametrize("latency", [0, 30])
async def test_an_openai_stream_says_what_the_body_says(latency: int) -> None:
    async with FakeModels(latency=latency) as server, openai_to(server) as client:
        whole = await client.chat.completions.create(model="m", messages=ASKED)
        asked = await client.chat.completions.create(model="m", messages=ASKED, stream=True, stream_options={"include_usage": True})
        chunks = [chunk async for chunk in asked]
    words = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(words) == whole.choices[0].message.content
    assert len([word for word in words if word]) > 3
    assert chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


@pytest.mark.parametrize("latency", [0, 30])
async def test_an_anthropic_stream_says_what_the_body_says(latency: int) -> None:
    async with FakeModels(latency=latency) as server, anthropic_to(server) as client:
        whole = await client.messages.create(model="m", max_tokens=500, messages=ASKED)
        async with client.messages.stream(model="m", max_tokens=500, messages=ASKED) as stream:
            streamed = await stream.get_final_message()
    assert whole.content[0].type == streamed.content[0].type == "text"
    assert streamed.content[0].text == whole.content[0].text
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert streamed.stop_reason == whole.stop_reason


async def test_scripted_tool_calls_arrive_whole_on_both_wires_streamed_or_not() -> None:
    script = [Answer("Let me look.", (CalledTool("find", {"order": "A-1"}), CalledTool("wait", {})), ending="tool_calls")]
    async with FakeModels(script) as server, openai_to(server) as one, anthropic_to(server) as other:
        said = (await one.chat.completions.create(model="m", messages=ASKED)).choices[0]
        pieces = [chunk.choices[0] async for chunk in await one.chat.completions.create(model="m", messages=ASKED, stream=True)]
        again = await other.messages.create(model="m", max_tokens=500, messages=ASKED)
        async with other.messages.stream(model="m", max_tokens=500, messages=ASKED) as stream:
            streamed = await stream.get_final_message()
    found = [(call.function.name, json.loads(call.function.arguments)) for call in said.message.tool_calls or [] if call.type == "function"]
    assert found == [("find", {"order": "A-1"}), ("wait", {})]
    assert (said.finish_reason, pieces[-1].finish_reason, again.stop_reason) == ("tool_calls", "tool_calls", "tool_use")
    deltas = [delta for piece in pieces for delta in piece.delta.tool_calls or []]
    first = "".join(d.function.arguments or "" for d in deltas if d.index == 0 and d.function)
    assert json.loads(first) == {"order": "A-1"}
    for message in (again, streamed):
        assert [(block.name, block.input) for block in message.content if block.type == "tool_use"] == found


async def test_a_tool_that_is_insisted_on_is_called_with_arguments_that_fit(made_up: FakeModels) -> None:
    async with openai_to(made_up) as one, anthropic_to(made_up) as other:
        said = await one.chat.completions.create(
            model="m",
            messages=ASKED,
            tools=[{"type": "function", "function": {"name": name, "parameters": TOOL}} for name in ("other", "find")],
            tool_choice={"type": "function", "function": {"name": "find"}},
        )
        again = await other.messages.create(
            model="m", max_tokens=500, messages=ASKED, tools=[{"name": "find", "input_schema": TOOL}], tool_choice={"type": "any"}
        )
        free = await other.messages.create(model="m", max_tokens=500, messages=ASKED, tools=[{"name": "find", "input_schema": TOOL}])
    call = (said.choices[0].message.tool_calls or [])[0]
    assert call.type == "function"
    assert call.function.name == "find"
    jsonschema.validate(json.loads(call.function.arguments), TOOL)
    assert again.content[0].type == "tool_use"
    jsonschema.validate(again.content[0].input, TOOL)
    assert free.stop_reason == "end_turn"


async def test_made_up_answers_fit_the_schema_that_is_asked_for_on_both_wires(made_up: FakeModels) -> None:
    schema: Any = json_schema_of(Shape)
    async with openai_to(made_up) as one, anthropic_to(made_up) as other:
        said = await one.chat.completions.create(
            model="m",
            messages=ASKED,
            response_format={"type": "json_schema", "json_schema": {"name": "shape", "strict": True, "schema": schema}},
        )
        again = await other.messages.create(
            model="m", max_tokens=500, messages=ASKED, output_config={"format": {"type": "json_schema", "schema": schema}}
        )
    Shape.model_validate_json(said.choices[0].message.content or "")
    assert again.content[0].type == "text"
    Shape.model_validate_json(again.content[0].text)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 3, "maximum": 5},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "number", "maximum": -2},
        {"type": "string", "minLength": 400},
        {"type": "string", "maxLength": 2},
        {"type": "array", "minItems": 3, "items": {"enum": ["a", "b"]}},
        {"type": ["null", "boolean"]},
        {"const": {"a": 1}},
        {"allOf": [{"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]}]},
        {"type": "array", "maxItems": 0, "items": {"type": "string"}},
    ],
    ids=str,
)
def test_an_instance_fits_its_schema(schema: dict[str, Any]) -> None:
    jsonschema.validate(instance(schema, "some words"), schema)


async def test_json_mode_gets_an_object(made_up: FakeModels) -> None:
    async with openai_to(made_up) as client:
        said = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Answer in JSON."}], response_format={"type": "json_object"}
        )
    assert isinstance(json.loads(said.choices[0].message.content or ""), dict)


async def test_an_answer_longer_than_its_room_is_cut_and_says_so_and_reasoning_takes_room() -> None:
    script = [Answer("word " * 100), Answer("word " * 10, reasoning_tokens=900)]
    async with FakeModels(script) as server, openai_to(server) as one, anthropic_to(server) as other:
        cut = await other.messages.create(model="m", max_tokens=20, messages=ASKED)
        thought = await one.chat.completions.create(model="m", max_completion_tokens=800, messages=ASKED)
        room = await one.chat.completions.create(model="m", max_completion_tokens=2000, messages=ASKED)
    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 20)
    assert (thought.choices[0].finish_reason, thought.choices[0].message.content) == ("length", "")
    assert room.choices[0].message.content == "word " * 10
    assert room.usage is not None
    assert room.usage.completion_tokens_details is not None
    assert room.usage.completion_tokens_details.reasoning_tokens == 900


async def test_both_wires_list_the_models(made_up: FakeModels) -> None:
    async with openai_to(made_up) as one, anthropic_to(made_up) as other:
        names = [model.id async for model in one.models.list()]
        again = [model.id async for model in other.models.list()]
    assert names == again == ["fake-user", "fake-judge", "fake-target"]


async def test_cached_tokens_grow_with_a_stable_prefix_and_start_at_the_providers_minimum() -> None:
    system = "You are a patient customer of a bank. " * 150
    history: Any = [{"role": "system", "content": system}]
    cached: list[int] = []
    async with FakeModels() as server, openai_to(server) as client:
        for turn in range(12):
            history.append({"role": "user", "content": f"Turn {turn}. " + "The agent says a lot about parcels. " * 12})
            said = await client.chat.completions.create(model="m", messages=history)
            history.append({"role": "assistant", "content": said.choices[0].message.content})
            assert said.usage is not None
            assert said.usage.prompt_tokens_details is not None
            cached.append(said.usage.prompt_tokens_details.cached_tokens or 0)
        small = await client.chat.completions.create(model="m", messages=history[1:2])
        again = await client.chat.completions.create(model="m", messages=history[1:2])
        stats = server.stats()["models"]["m"]
    assert cached[0] == 0
    assert cached[1] >= 1024
    assert cached == sorted(cached)
    assert cached[-1] > cached[1] + 1000
    assert all(tokens % 128 == 0 for tokens in cached)
    assert again.usage == small.usage  # the same short prompt again: below the minimum nothing is cached
    assert stats["cached_tokens"] == sum(cached)
    assert stats["repeated_tokens"] > stats["cached_tokens"]


async def test_anthropic_caches_up_to_a_mark_only() -> None:
    part: Any = {"type": "text", "text": "You are a patient customer of a bank. " * 150}
    marked: Any = {**part, "cache_control": {"type": "ephemeral"}}
    async with FakeModels() as server, anthropic_to(server) as client:
        plain = [(await client.messages.create(model="m", max_tokens=500, system=[part], messages=ASKED)).usage for _ in range(2)]
        first, second = [(await client.messages.create(model="m", max_tokens=500, system=[marked], messages=ASKED)).usage for _ in range(2)]
    assert [usage.cache_read_input_tokens for usage in plain] == [0, 0]
    assert first.cache_creation_input_tokens is not None
    assert first.cache_creation_input_tokens > 1024
    assert (second.cache_read_input_tokens, second.cache_creation_input_tokens) == (first.cache_creation_input_tokens, 0)
    assert second.input_tokens + (second.cache_read_input_tokens or 0) == plain[0].input_tokens


def formed(schema: dict[str, Any]) -> dict[str, Any]:
    return {"max_tokens": 5, "messages": ASKED, "output_config": {"format": {"type": "json_schema", "schema": schema}}}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"messages": [{"role": "user", "content": "Hi"}]}, "max_tokens"),
        ({"max_tokens": 5, "messages": []}, "messages"),
        ({"max_tokens": 5, "messages": [{"role": "system", "content": "Hi"}]}, "system"),
        ({"max_tokens": 5, "messages": [{"role": "user", "content": ""}]}, "non-empty"),
        (formed({"type": "object", "properties": {}}), "additionalProperties"),
        (formed({"type": "integer", "minimum": 1}), "minimum"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_anthropic_refuses_is_refused(made_up: FakeModels, body: dict[str, Any], told: str) -> None:
    async with anthropic_to(made_up) as client:
        with pytest.raises(anthropic.BadRequestError, match=told):
            await client.post("/v1/messages", body={"model": "m", **body}, cast_to=object)


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, "additionalProperties"),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "required": [], "additionalProperties": False}, "required"),
    ],
)
async def test_what_openai_refuses_of_a_strict_schema_is_refused(made_up: FakeModels, schema: dict[str, Any], told: str) -> None:
    wanted: Any = {"type": "json_schema", "json_schema": {"name": "s", "strict": True, "schema": schema}}
    async with openai_to(made_up) as client:
        with pytest.raises(openai.BadRequestError, match=told):
            await client.chat.completions.create(model="m", messages=ASKED, response_format=wanted)


async def test_openai_wants_to_be_told_of_json_in_words_too(made_up: FakeModels) -> None:
    async with openai_to(made_up) as client:
        with pytest.raises(openai.BadRequestError, match="the word 'json'"):
            await client.chat.completions.create(model="m", messages=ASKED, response_format={"type": "json_object"})


async def ask_and_be_told_of_a_mistake(server: FakeModels) -> None:
    async with server, openai_to(server) as client:
        with pytest.raises(openai.InternalServerError, match="my own mistake"):
            await client.chat.completions.create(model="m", messages=ASKED)


async def test_a_broken_script_fails_the_test_that_uses_it() -> None:
    def script(request: ModelRequest) -> str:
        raise KeyError("my own mistake")

    with pytest.raises(KeyError, match="my own mistake"):
        await ask_and_be_told_of_a_mistake(FakeModels(script))


async def test_a_target_may_report_state() -> None:
    async with FakeModels([Answer("Done.", state={"cards": 0})]) as server, openai_to(server) as client:
        said = await client.chat.completions.with_raw_response.create(model="m", messages=ASKED)
    assert json.loads(said.text)["understudy"] == {"state": {"cards": 0}}

"""The demo agents over the wire and as a target in process."""

from __future__ import annotations

import json

import aiohttp
import pytest

from understudy.demo.server import serving
from understudy.demo.target import DemoTarget
from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import open_target
from understudy.targets.settings import OpenAITarget

HUMAN = {"role": "user", "content": "I want to speak to a real person, please."}
FEE = {"role": "user", "content": "What is the foreign transaction fee?"}


def request(*lines: str) -> TargetRequest:
    return TargetRequest(run_id="r", turns=tuple(Turn(index=i, role="user", text=line, at=0.0) for i, line in enumerate(lines)))


async def test_a_completion_carries_text_state_hand_over_and_tool_calls() -> None:
    async with (
        serving("bank") as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/chat/completions", json={"model": "bank", "messages": [HUMAN]}) as response,
    ):
        body = await response.json()
    assert response.status == 200
    assert body["handed_off"] is True
    assert body["state"]["handed_over"] is True
    message = body["choices"][0]["message"]
    assert "adviser" in message["content"]
    assert message["tool_calls"][0]["function"]["name"] == "hand_over"
    assert json.loads(message["tool_calls"][0]["function"]["arguments"])


async def test_a_stream_has_the_same_words_and_ends_with_state_and_done() -> None:
    async with (
        serving("bank") as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/chat/completions", json={"model": "bank+wrong_fee", "stream": True, "messages": [FEE]}) as response,
    ):
        lines = [line.removeprefix("data: ") for line in (await response.text()).splitlines() if line]
    chunks = [json.loads(line) for line in lines[:-1]]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert lines[-1] == "[DONE]"
    assert text.startswith("The foreign transaction fee is 2.5 % of the amount, for every card.")
    assert text == text.strip()
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["state"]["card"]["status"] == "active"


@pytest.mark.parametrize("model", [{}, {"model": "agent"}, {"model": "gpt-4o"}])
async def test_a_request_that_names_no_model_of_ours_gets_the_one_that_is_served(model: dict[str, str]) -> None:
    async with (
        serving("bank+wrong_fee") as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/chat/completions", json={**model, "messages": [FEE]}) as response,
    ):
        assert "2.5 %" in (await response.json())["choices"][0]["message"]["content"]


async def test_models_and_health_answer() -> None:
    async with serving() as url, aiohttp.ClientSession() as http:
        async with http.get(f"{url}/models") as response:
            assert {"clinic", "bank", "clinic+loops"} <= {model["id"] for model in (await response.json())["data"]}
        async with http.get(url.removesuffix("/v1") + "/healthz") as response:
            assert (await response.json()) == {"status": "ok"}


@pytest.mark.parametrize(
    "body", ['{"model": "clinik", "messages": []}', "not json", '{"messages": "x"}', '{"messages": [{"role": "robot"}]}', "[1]"]
)
async def test_a_bad_request_is_a_400_that_says_why(body: str) -> None:
    async with (
        serving() as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/chat/completions", data=body, headers={"Content-Type": "application/json"}) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"]["message"]


async def test_a_null_content_beside_tool_calls_is_accepted() -> None:
    messages = [HUMAN, {"role": "assistant", "content": None, "tool_calls": []}, FEE]
    async with (
        serving("bank") as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/chat/completions", json={"messages": messages}) as response,
    ):
        assert response.status == 200


async def test_sporadic_500_is_a_500_on_the_wire_and_an_answer_the_second_time() -> None:
    async with serving("bank+sporadic_500=1") as url, aiohttp.ClientSession() as http:
        statuses: list[int] = []
        for _ in range(2):
            async with http.post(f"{url}/chat/completions", json={"messages": [FEE]}) as response:
                statuses.append(response.status)
    assert statuses == [500, 200]


async def test_the_target_in_process_answers_like_the_server() -> None:
    reply = await DemoTarget("demo-bank", "bank").reply(request("I want to speak to a real person, please."))
    assert reply.handed_off
    assert reply.tool_calls[0].name == "hand_over"
    assert reply.state is not None
    assert reply.state["handed_over"] is True


async def test_the_target_in_process_records_a_failed_attempt_and_goes_on() -> None:
    reply = await DemoTarget("demo-bank", "bank+sporadic_500=1").reply(request("What is the foreign transaction fee?"))
    assert [attempt.kind for attempt in reply.attempts] == ["http_5xx"]
    assert "1.75 %" in reply.text


async def test_a_target_that_fails_every_time_is_a_typed_failure() -> None:
    target = DemoTarget("demo-bank", "bank+sporadic_500=1", tries=1)
    with pytest.raises(TargetError) as caught:
        await target.reply(request("hello"))
    assert caught.value.failure.kind == "http_5xx"
    assert len(caught.value.failure.attempts) == 1


async def test_the_latency_of_a_slow_agent_is_measured() -> None:
    reply = await DemoTarget("demo-bank", "bank+slow=30").reply(request("hello"))
    assert reply.latency_ms >= 29


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("handoff", [{"path": "handed_off"}, {"tools": ["hand_over"]}])
async def test_over_the_wire_a_demo_agent_is_heard_as_it_is_in_process(stream: bool, handoff: dict[str, object]) -> None:
    there = request("I have lost my card. Please block it.", "Ruth Ellery, 6618", "I want to speak to a real person, please.")
    async with serving("bank") as url:
        settings = OpenAITarget.model_validate(
            {"url": url, "model": "bank", "state_path": "state", "stream": stream, "handoff": handoff, "kind": "openai"}
        )
        target = open_target("bank-wire", settings, env={})
        wire = await target.reply(there)
        await target.aclose()
    here = await DemoTarget("demo-bank", "bank").reply(there)
    assert wire.handed_off
    assert (wire.text, wire.state, wire.handed_off) == (here.text, here.state, here.handed_off)
    assert [(call.name, call.arguments) for call in wire.tool_calls] == [(call.name, call.arguments) for call in here.tool_calls]

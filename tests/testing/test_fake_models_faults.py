"""Every fault of the fake model server as its callers meet it."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

import aiohttp
import anthropic
import httpx2
import openai
import pytest

from understudy.testing.fake_models import FAULT_KINDS, Answer, FakeModels, Fault, FaultKind
from understudy.testing.fake_models.chance import Latency

ASKED: Any = [{"role": "user", "content": "Where is my parcel?"}]

STATUSES: dict[FaultKind, tuple[type[openai.OpenAIError], type[anthropic.AnthropicError]]] = {
    "400": (openai.BadRequestError, anthropic.BadRequestError),
    "401": (openai.AuthenticationError, anthropic.AuthenticationError),
    "403": (openai.PermissionDeniedError, anthropic.PermissionDeniedError),
    "404": (openai.NotFoundError, anthropic.NotFoundError),
    "413": (openai.APIStatusError, anthropic.RequestTooLargeError),
    "429": (openai.RateLimitError, anthropic.RateLimitError),
    "500": (openai.InternalServerError, anthropic.InternalServerError),
    "502": (openai.InternalServerError, anthropic.InternalServerError),
    "503": (openai.InternalServerError, anthropic.ServiceUnavailableError),
    "504": (openai.InternalServerError, anthropic.DeadlineExceededError),
    "529": (openai.InternalServerError, anthropic.OverloadedError),
}
CONNECTION: tuple[FaultKind, ...] = ("reset", "reset_mid", "truncated")
ANSWERS: tuple[FaultKind, ...] = ("refusal", "empty", "length", "slow")


async def openai_call(server: FakeModels, *, stream: bool = False, timeout: float = 10, **more: Any) -> tuple[str | None, str | None]:
    """(words, finish_reason)."""
    async with openai.AsyncOpenAI(base_url=server.openai_url, api_key="any", max_retries=0, timeout=timeout) as client:
        if not stream:
            choice = (await client.chat.completions.create(model="m", messages=ASKED, **more)).choices[0]
            return choice.message.refusal or choice.message.content, choice.finish_reason
        chunks = [c async for c in await client.chat.completions.create(model="m", messages=ASKED, stream=True, **more)]
        return "".join(c.choices[0].delta.refusal or c.choices[0].delta.content or "" for c in chunks), chunks[-1].choices[0].finish_reason


async def anthropic_call(server: FakeModels, *, stream: bool = False, timeout: float = 10) -> tuple[str, str | None]:
    async with anthropic.AsyncAnthropic(base_url=server.anthropic_url, api_key="any", max_retries=0, timeout=timeout) as client:
        if stream:
            async with client.messages.stream(model="m", max_tokens=500, messages=ASKED) as opened:
                message: Any = await opened.get_final_message()
        else:
            message = await client.messages.create(model="m", max_tokens=500, messages=ASKED)
    return "".join(block.text for block in message.content if block.type == "text"), message.stop_reason


COMMAND = (sys.executable, "-m", "understudy.testing.fake_models")


def openai_client(server: FakeModels, *, retries: int = 0) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=server.openai_url, api_key="any", max_retries=retries)


def test_every_kind_of_fault_is_tried_here() -> None:
    others = {"malformed", "html", "wrong_shape", "error_in_stream", "hang", "no_schemas", "no_json"}
    assert {*STATUSES, *CONNECTION, *ANSWERS, *others} == set(FAULT_KINDS)


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
async def test_a_status_is_the_sdks_own_exception(kind: FaultKind, stream: bool) -> None:
    async with FakeModels([Fault(kind, "not today")]) as server:
        with pytest.raises(STATUSES[kind][0], match="not today"):
            await openai_call(server, stream=stream)
        with pytest.raises(STATUSES[kind][1], match="not today"):
            await anthropic_call(server, stream=stream)
        assert server.stats()["faults"] == {kind: 2}


@pytest.mark.parametrize("kind", CONNECTION)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
async def test_a_broken_connection_is_the_sdks_connection_error(kind: FaultKind, stream: bool) -> None:
    async with FakeModels([Fault(kind)]) as server:
        with pytest.raises(openai.APIConnectionError):
            await openai_call(server, stream=stream)
        with pytest.raises((anthropic.APIConnectionError, httpx2.TransportError)):
            await anthropic_call(server, stream=stream)


async def read_on(response: aiohttp.ClientResponse, into: bytearray) -> None:
    async for line in response.content:
        into += line


async def test_a_stream_that_is_cut_has_said_half() -> None:
    heard = bytearray()
    async with (
        FakeModels([Fault("truncated", answer=Answer("one two three four five six"))]) as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.openai_url}/chat/completions", json={"model": "m", "messages": ASKED, "stream": True}) as response,
    ):
        with pytest.raises(aiohttp.ClientPayloadError):
            await read_on(response, heard)
    assert b"one" in heard
    assert b"six" not in heard
    assert b"[DONE]" not in heard


async def test_a_hanging_call_ends_when_the_caller_gives_up_and_is_counted() -> None:
    async with FakeModels([Fault("hang")]) as server:
        with pytest.raises(openai.APITimeoutError):
            await openai_call(server, timeout=0.2)
        with pytest.raises(anthropic.APITimeoutError):
            await anthropic_call(server, timeout=0.2)
        await asyncio.wait_for(server.wait_aborted(), 5)
        assert server.stats()["aborted"] >= 1


@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
async def test_a_slow_answer_arrives_in_the_end(stream: bool) -> None:
    async with FakeModels([Fault("slow", seconds=0.1, answer=Answer("At last."))]) as server:
        assert await openai_call(server, stream=stream) == ("At last.", "stop")
        assert await anthropic_call(server, stream=stream) == ("At last.", "end_turn")


@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
async def test_refused_empty_and_truncated_answers_are_told_apart(stream: bool) -> None:
    script = [Fault("refusal", "I will not."), Fault("empty"), Fault("length", answer=Answer("one two three four"))]
    async with FakeModels(script) as server:
        said = [await openai_call(server, stream=stream) for _ in script]
    assert said == [("I will not.", "stop"), ("", "stop"), ("one two t", "length")]
    async with FakeModels(script) as server:
        again = [await anthropic_call(server, stream=stream) for _ in script]
    assert again == [("I will not.", "refusal"), ("", "end_turn"), ("one two t", "max_tokens")]


@pytest.mark.parametrize("kind", ["malformed", "html", "wrong_shape"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
async def test_a_body_may_be_no_json_or_of_another_api(kind: FaultKind, path: str) -> None:
    async with (
        FakeModels([Fault(kind)]) as server,
        aiohttp.ClientSession() as session,
        session.post(server.url + path, json={"model": "m", "max_tokens": 9, "messages": ASKED}) as response,
    ):
        body = await response.text()
        assert response.status == 200
    if kind == "wrong_shape":
        assert json.loads(body) == {"answer": "hi"}
    else:
        with pytest.raises(ValueError):
            json.loads(body)


async def test_an_error_may_come_in_the_middle_of_a_stream() -> None:
    async with FakeModels([Fault("error_in_stream", "too busy")]) as server:
        with pytest.raises(openai.APIError, match="too busy"):
            await openai_call(server, stream=True)
        with pytest.raises(anthropic.APIStatusError, match="too busy"):
            await anthropic_call(server, stream=True)
        with pytest.raises(openai.InternalServerError, match="too busy"):
            await openai_call(server)


async def test_an_endpoint_without_schemas_or_without_json_answers_who_asks_for_neither() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object", "properties": {}}}}
    json_mode = {"type": "json_object"}
    wants_json: Any = [{"role": "user", "content": "JSON, please."}]
    async with (
        FakeModels(["{}"], faults={"no_schemas": 1}) as server,
        openai.AsyncOpenAI(base_url=server.openai_url, api_key="k") as client,
    ):
        create: Any = client.chat.completions.create
        with pytest.raises(openai.BadRequestError, match="json_schema"):
            await create(model="m", messages=ASKED, response_format=schema)
        await create(model="m", messages=wants_json, response_format=json_mode)
        await create(model="m", messages=ASKED)
    async with FakeModels(["{}"], faults={"no_json": 1}) as server, openai_client(server) as client:
        create = client.chat.completions.create
        for form in (schema, json_mode):
            with pytest.raises(openai.BadRequestError, match="response_format"):
                await create(model="m", messages=wants_json, response_format=form)
        await create(model="m", messages=ASKED)


async def test_a_429_says_when_to_come_back_and_the_sdk_does() -> None:
    async with FakeModels([Fault("429", retry_after="0"), "Here now."]) as server, openai_client(server, retries=1) as client:
        said = await client.chat.completions.create(model="m", messages=ASKED)
    assert said.choices[0].message.content == "Here now."


async def test_the_header_of_a_429_says_what_the_server_was_told_to() -> None:
    async with (
        FakeModels([Fault("429")], retry_after="7") as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.openai_url}/chat/completions", json={"model": "m", "messages": ASKED}) as response,
    ):
        assert (response.status, response.headers["Retry-After"]) == (429, "7")


async def _statuses(numbers: list[int], *, seed: int, attempts: int = 1) -> dict[tuple[int, int], int]:
    """The status of each call, sent in this order one after another, by (number, attempt)."""
    found: dict[tuple[int, int], int] = {}
    async with FakeModels(["ok"], faults={"429": 0.2, "500": 0.2}, seed=seed) as server, aiohttp.ClientSession() as session:
        for attempt in range(attempts):
            for number in numbers:
                body = {"model": "m", "messages": [{"role": "user", "content": f"call {number}"}]}
                async with session.post(f"{server.openai_url}/chat/completions", json=body) as response:
                    await response.read()
                    found[number, attempt] = response.status
    return found


async def test_faults_by_share_depend_on_seed_and_body_and_not_on_the_order_of_arrival() -> None:
    numbers = list(range(150))
    forward = await _statuses(numbers, seed=1)
    assert await _statuses(numbers[::-1], seed=1) == forward
    assert await _statuses(numbers, seed=2) != forward
    failed = sum(status != 200 for status in forward.values())
    assert 35 < failed < 85  # 60 expected
    assert {429, 500} < set(forward.values())


async def test_a_retry_of_the_same_body_draws_again() -> None:
    found = await _statuses(list(range(30)), seed=1, attempts=4)
    assert any(found[n, 0] != found[n, 1] for n in range(30))
    assert sum(all(found[n, a] != 200 for a in range(4)) for n in range(30)) <= 4  # 0.8 expected


async def test_calls_above_the_limit_at_once_or_a_minute_are_told_to_come_back() -> None:
    async def statuses(server: FakeModels, session: aiohttp.ClientSession) -> list[int]:
        async def one(number: int) -> int:
            body = {"model": "m", "messages": [{"role": "user", "content": str(number)}]}
            async with session.post(f"{server.openai_url}/chat/completions", json=body) as response:
                return response.status

        return sorted(await asyncio.gather(*map(one, range(6))))

    async with aiohttp.ClientSession() as session:
        async with FakeModels(max_inflight=4, latency=200) as server:
            assert await statuses(server, session) == [200] * 4 + [429] * 2
            assert server.stats()["most_inflight"] > 4
        async with FakeModels(rpm=5) as server:
            assert await statuses(server, session) == [200] * 5 + [429]


@pytest.mark.parametrize("spec", ["nonsense", "fixed", "lognormal:5", "uniform:1:2:3", "-4", "fixed:x"])
def test_a_latency_that_there_is_not_is_refused_with_the_forms(spec: str) -> None:
    with pytest.raises(ValueError, match="lognormal:MEDIAN:SIGMA"):
        FakeModels(latency=spec)


def test_latencies_are_seeded_by_body() -> None:
    spread = Latency.parse("lognormal:200:0.5")
    times = [spread.seconds(str(n).encode(), 1) for n in range(400)]
    assert times == [spread.seconds(str(n).encode(), 1) for n in range(400)]
    assert times != [spread.seconds(str(n).encode(), 2) for n in range(400)]
    assert 0.18 < sorted(times)[200] < 0.22
    assert all(0.1 <= Latency.parse("uniform:100:300").seconds(str(n).encode(), 1) <= 0.3 for n in range(50))
    assert Latency.parse(250).seconds(b"", 1) == 0.25


@pytest.mark.parametrize("shares", [{"teapot": 0.1}, {"429": -0.1}, {"429": 0.6, "500": 0.6}])
def test_shares_that_make_no_sense_are_refused(shares: Any) -> None:
    with pytest.raises(ValueError, match=r"Known: 400|from 0 to 1|more than 1"):
        FakeModels(faults=shares)


async def test_as_a_process_it_prints_its_address_and_ends_on_sigterm() -> None:
    options = ("--port", "0", "--latency", "1", "--fault", "429:1", "--retry-after", "3")
    process = await asyncio.create_subprocess_exec(*COMMAND, *options, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{told['openai']}/chat/completions", json={"model": "m", "messages": ASKED}) as response:
                assert (response.status, response.headers["Retry-After"]) == (429, "3")
            async with session.get(f"{told['url']}/stats") as response:
                assert (await response.json())["faults"] == {"429": 1}
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_as_a_process_it_says_which_argument_is_wrong() -> None:
    process = await asyncio.create_subprocess_exec(*COMMAND, "--fault", "429:often", stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "429:often" in said.decode()
    assert "Traceback" not in said.decode()

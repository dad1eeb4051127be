"""One contract for every adapter, over sockets against the fake model server, and for the fake in memory."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from llm_kit import ENV, KEY, PROVIDERS, Move, adapter_at, request, role, url_of

from understudy.domain.errors import ModelError
from understudy.domain.model_call import ModelMessage, ModelToolCall, ToolSpec
from understudy.llm.open import open_adapter
from understudy.ports import LLM
from understudy.prompting.structured import NoAnswer, ask, json_schema_of
from understudy.testing.fake_llm import FakeLLM, Said
from understudy.testing.fake_models import Answer, CalledTool, FakeModels, Fault, ModelRequest

WEATHER = ToolSpec(name="weather", description="The weather.", parameters={"type": "object", "properties": {"city": {"type": "string"}}})
Opened = Callable[..., AbstractAsyncContextManager[LLM]]


def in_memory(said: Any) -> Any:
    """What the fake server is told, in the words of the fake in memory."""
    if isinstance(said, Fault):
        kinds = {"refusal": "refused", "empty": "empty", "length": "length"}
        faults = {"401": "auth", "429": "rate_limited", "500": "server", "529": "overloaded", "reset": "reset"}
        return Said("Hel", finish=kinds[said.kind]) if said.kind in kinds else Said(fault=faults[said.kind])  # type: ignore[arg-type]
    if isinstance(said, CalledTool):
        return Said(tool_calls=(ModelToolCall(id="c1", name=said.name, arguments=said.arguments),))
    return said


@pytest.fixture(params=[*PROVIDERS, "in memory"])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Opens a model that answers by a script."""

    @asynccontextmanager
    async def open_with(*script: Any) -> AsyncIterator[LLM]:
        if request.param == "in memory":
            refuses = frozenset({"schema"}) if isinstance(script[0], Fault) and script[0].kind == "no_schemas" else frozenset()
            yield FakeLLM([in_memory(said) for said in script[bool(refuses) :]], refuses=refuses)  # type: ignore[arg-type]
            return
        async with FakeModels(script) as server, adapter_at(server, request.param) as adapter:
            yield adapter

    return open_with


async def test_it_answers_in_words(opened: Opened) -> None:
    async with opened("Good morning.") as llm:
        answer = await llm.complete(request())
        assert (answer.text, answer.finish, answer.tool_calls) == ("Good morning.", "stop", ())
        assert answer.usage.input_tokens
        assert answer.usage.output_tokens


async def test_its_forms_end_with_words_alone(opened: Opened) -> None:
    async with opened("x") as llm:
        assert llm.outputs[-1] == "text"


async def test_it_answers_in_a_shape(opened: Opened) -> None:
    async with opened({"move": "say", "turn": 3}) as llm:
        found = await ask(llm, request(), Move)
        assert (found.value.move, found.value.turn, found.form) == ("say", 3, "schema")


async def test_a_model_that_knows_no_schemas_is_asked_in_the_next_form(opened: Opened) -> None:
    async with opened(Fault("no_schemas"), {"move": "say", "turn": 3}) as llm:
        found = await ask(llm, request(), Move)
        assert found.form != "schema"
        assert found.value.move == "say"


async def test_it_calls_a_tool(opened: Opened) -> None:
    async with opened(CalledTool("weather", {"city": "Graz"})) as llm:
        answer = await llm.complete(request(tools=(WEATHER,)))
        assert answer.finish == "tool_calls"
        assert [(call.name, call.arguments) for call in answer.tool_calls] == [("weather", {"city": "Graz"})]


@pytest.mark.parametrize(("fault", "finish"), [("refusal", "refused"), ("empty", "empty"), ("length", "length")])
async def test_truncated_refused_and_empty_answers_are_told_apart(opened: Opened, fault: Any, finish: str) -> None:
    async with opened(Fault(fault, answer=Answer("Hello, how are you?")) if fault == "length" else Fault(fault)) as llm:
        assert (await llm.complete(request())).finish == finish


@pytest.mark.parametrize(("fault", "kind"), [("401", "auth"), ("500", "server"), ("529", "overloaded"), ("reset", "reset")])
async def test_a_failure_has_its_own_kind_and_names_the_model(opened: Opened, fault: Any, kind: str) -> None:
    async with opened(Fault(fault)) as llm:
        with pytest.raises(ModelError) as caught:
            await llm.complete(request())
        assert (caught.value.kind, caught.value.model) == (kind, llm.name)


async def test_it_may_be_closed_twice(opened: Opened) -> None:
    async with opened("x") as llm:
        await llm.aclose()
        await llm.aclose()


# ---------------------------------------------------------------- over sockets


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def failure(provider: str, fault: Fault, **more: Any) -> ModelError:
    async with FakeModels([fault]) as server, adapter_at(server, provider, **more) as llm:
        with pytest.raises(ModelError) as caught:
            await llm.complete(request())
        assert llm.address in caught.value.detail
        assert KEY not in str(caught.value)
        return caught.value


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        *[("400", "bad_request"), ("403", "auth"), ("404", "not_configured"), ("413", "bad_request"), ("503", "server")],
        *[("malformed", "malformed"), ("html", "malformed"), ("wrong_shape", "malformed"), ("truncated", "reset"), ("reset_mid", "reset")],
    ],
)
async def test_every_fault_of_the_wire_is_a_typed_failure_that_names_the_address(provider: str, fault: Any, kind: str) -> None:
    assert (await failure(provider, Fault(fault))).kind == kind


async def test_too_many_requests_say_how_long_to_wait(provider: str) -> None:
    error = await failure(provider, Fault("429", retry_after="7"))
    assert (error.kind, error.retry_after) == ("rate_limited", 7.0)


async def test_a_quota_that_is_used_up_is_no_rate_limit(provider: str) -> None:
    error = await failure(provider, Fault("429", message="insufficient_quota: You exceeded your current quota."))
    assert error.kind == "auth"


async def test_a_hang_ends_at_the_time_limit_and_closes_the_request(provider: str) -> None:
    async with FakeModels([Fault("hang")]) as server, adapter_at(server, provider, timeout_s=0.5) as llm:
        with pytest.raises(ModelError) as caught:
            await llm.complete(request())
        assert caught.value.kind == "timeout"
        assert "timeout_s" in caught.value.detail
        async with asyncio.timeout(5):
            await server.wait_aborted()


async def test_cancelling_closes_the_request(provider: str) -> None:
    arrived = asyncio.Event()

    def hang(_: ModelRequest) -> Fault:
        arrived.set()
        return Fault("hang")

    async with FakeModels(hang) as server, adapter_at(server, provider) as llm:
        call = asyncio.create_task(llm.complete(request()))
        async with asyncio.timeout(5):
            await arrived.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await server.wait_aborted()


async def test_a_refused_connection_names_the_address(provider: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        llm = open_adapter(role(provider, url), env=ENV)
        with pytest.raises(ModelError) as caught:
            await llm.complete(request())
        await llm.aclose()
    assert caught.value.kind == "refused_connection"
    assert url in caught.value.detail


async def test_the_history_arrives_in_its_order(provider: str) -> None:
    messages = (
        ModelMessage(role="user", text="one"),
        ModelMessage(role="assistant", text="two"),
        ModelMessage(role="user", text="three"),
    )
    async with FakeModels(["four"]) as server, adapter_at(server, provider) as llm:
        await llm.complete(request(messages=messages))
        arrived = [message for message in server.requests[0].messages if message[0] != "system"]
        assert arrived == [("user", "one"), ("assistant", "two"), ("user", "three")]
        assert server.requests[0].system == "Be brief."


async def test_a_tools_result_goes_back_to_the_model(provider: str) -> None:
    call = ModelToolCall(id="call_1", name="weather", arguments={"city": "Graz"})
    messages = (
        ModelMessage(role="user", text="Weather?"),
        ModelMessage(role="assistant", tool_calls=(call,)),
        ModelMessage(role="tool", text="Rain.", tool_call_id="call_1"),
    )
    async with FakeModels(["It rains."]) as server, adapter_at(server, provider) as llm:
        assert (await llm.complete(request(messages=messages, tools=(WEATHER,)))).text == "It rains."
        body = json.dumps(server.requests[0].body)
        assert "call_1" in body
        assert "Graz" in body
        assert "Rain." in body


async def test_what_is_shown_as_the_body_is_what_was_sent(provider: str) -> None:
    wanted = request(output="schema", json_schema=json_schema_of(Move), tools=(WEATHER,), stable=1, temperature=0.5, seed=3)
    async with FakeModels(["x"]) as server, adapter_at(server, provider) as llm:
        await llm.complete(wanted)
        assert server.requests[0].body == llm.body(wanted)
        assert llm.body(wanted) == llm.body(wanted)


async def test_the_key_goes_in_the_header_and_nowhere_else(provider: str) -> None:
    async with FakeModels(["x"]) as server, adapter_at(server, provider) as llm:
        await llm.complete(request())
        carrying = [name for name, value in server.requests[0].headers.items() if KEY in value]
        assert carrying == ["x-api-key" if provider == "anthropic" else "authorization"]
        assert KEY not in json.dumps(server.requests[0].body)


@pytest.mark.parametrize("fault", ["401", "400", "wrong_shape"])
async def test_a_provider_that_repeats_the_key_does_not_put_it_into_an_error(provider: str, fault: Any) -> None:
    said = json.dumps({"error": {"message": f"bad key {KEY}"}}) if fault == "wrong_shape" else f"bad key {KEY}"
    assert KEY not in str(await failure(provider, Fault(fault, message=said)))


async def test_a_provider_that_repeats_the_key_does_not_put_it_into_an_answer(provider: str) -> None:
    async with FakeModels([f"Your key is {KEY}."]) as server, adapter_at(server, provider) as llm:
        assert (await llm.complete(request())).text == "Your key is ***."


@pytest.mark.parametrize("value", ["", " ", "two\nlines"])
async def test_without_a_usable_key_the_first_call_names_the_variable(provider: str, value: str) -> None:
    async with FakeModels(["x"]) as server:
        llm = open_adapter(role(provider, url_of(server, provider), key_env="MY_KEY"), env={"MY_KEY": value})
        with pytest.raises(ModelError, match="`MY_KEY`") as caught:
            await llm.complete(request())
        await llm.aclose()
        assert caught.value.kind == "not_configured"
        assert server.requests == []


async def test_environment_variables_of_the_sdks_lead_no_request_astray(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeModels(["x"]) as server, FakeModels(["wrong"]) as other:
        for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, other.openai_url)
        for name in ("OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS"):
            monkeypatch.setenv(name, "X-Elsewhere: 1\nAuthorization: Bearer other")
        monkeypatch.setenv("OPENAI_ORG_ID", "org")
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "other")
        async with adapter_at(server, provider) as llm:
            await llm.complete(request())
        assert other.requests == []
        sent = server.requests[0].headers
        assert set(sent) <= {
            *("host", "accept", "accept-encoding", "content-type", "content-length", "user-agent"),
            *("anthropic-version", "x-api-key", "authorization"),
        }
        assert "other" not in sent.get("authorization", "")


async def test_a_redirect_is_not_followed(provider: str) -> None:
    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/v1\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(elsewhere, "127.0.0.1", 0) as server:
        llm = open_adapter(role(provider, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"), env=ENV)
        with pytest.raises(ModelError, match="points elsewhere") as caught:
            await llm.complete(request())
        await llm.aclose()
    assert caught.value.kind == "not_configured"


async def test_a_failing_model_is_a_typed_failure_of_the_ladder(provider: str) -> None:
    async with FakeModels([Fault("401")]) as server, adapter_at(server, provider) as llm:
        with pytest.raises(NoAnswer, match="401") as caught:
            await ask(llm, request(), Move)
        assert caught.value.kind == "unreachable"
        assert len(server.requests) == 1

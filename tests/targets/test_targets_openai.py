"""What is particular to OpenAI-compatible targets: addresses, headers, bodies, streams, retries and every fault of a server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.domain.conversation import Reply, TargetFailure, ToolCall, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import HandoffRule, OpenAITarget
from understudy.targets.openai_chat import OpenAIChat
from understudy.testing.fake_openai import FakeAnswer, FakeOpenAI, Fault, closed_port_url, sporadic

HELLO = TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text="Hello", at=0.0),))
SECRET = "sk-planted-secret-0123456789"


class Waits:
    """Stands in for sleeping between attempts."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def ask(
    server: FakeOpenAI, *, env: dict[str, str] | None = None, sleep: Callable[[float], Awaitable[None]] | None = None, **more: Any
) -> Reply:
    chosen = OpenAITarget(**{"url": server.url, "timeout_s": 5, **more})
    target = OpenAIChat("t", chosen, env=env or {}, sleep=sleep or Waits())
    try:
        return await target.reply(HELLO)
    finally:
        await target.aclose()


async def failure(server: FakeOpenAI, **more: Any) -> TargetFailure:
    with pytest.raises(TargetError) as caught:
        await ask(server, **more)
    return caught.value.failure


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://localhost:8000", "http://localhost:8000/v1/chat/completions"),
        ("http://localhost:8000/", "http://localhost:8000/v1/chat/completions"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1/chat/completions"),
        ("http://localhost:8000/api/v3/", "http://localhost:8000/api/v3/chat/completions"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1/chat/completions"),
        ("https://h/openai/deployments/d?api-version=1", "https://h/openai/deployments/d/chat/completions?api-version=1"),
    ],
)
def test_a_base_address_is_completed_and_a_whole_one_is_kept(url: str, endpoint: str) -> None:
    assert OpenAITarget(url=url).endpoint == endpoint


async def test_model_system_prompt_extra_fields_and_headers_are_sent_as_set() -> None:
    async with FakeOpenAI() as server:
        await ask(
            server,
            env={"AGENT_KEY": SECRET, "TENANT": "acme"},
            model="m-1",
            system="Be brief.",
            key_env="AGENT_KEY",
            headers={"X-Plain": "yes"},
            headers_env={"X-Tenant": "TENANT"},
            extra_body={"temperature": 0, "metadata": {"a": 1}},
        )
    (sent,) = server.requests
    assert sent.messages == [("system", "Be brief."), ("user", "Hello")]
    assert {k: sent.body[k] for k in ("model", "temperature", "metadata", "stream")} == {
        "model": "m-1",
        "temperature": 0,
        "metadata": {"a": 1},
        "stream": False,
    }
    assert (sent.headers["Authorization"], sent.headers["X-Plain"], sent.headers["X-Tenant"]) == (f"Bearer {SECRET}", "yes", "acme")


@pytest.mark.parametrize("stream", [False, True])
async def test_several_tool_calls_keep_their_order_and_arguments(stream: bool) -> None:
    calls = ({"name": "find", "arguments": {"q": "a b"}}, {"name": "book", "arguments": {"slots": [1, 2], "who": "\u00c4nne"}})
    async with FakeOpenAI([FakeAnswer(None, calls)]) as server:
        reply = await ask(server, stream=stream)
    assert reply.text == ""
    assert reply.tool_calls == tuple(ToolCall(name=c["name"], arguments=c["arguments"]) for c in calls)


async def test_arguments_that_are_not_json_stay_as_they_are() -> None:
    body = {"choices": [{"message": {"content": "ok", "tool_calls": [{"function": {"name": "f", "arguments": "{broken"}}]}}]}
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=json.dumps(body))}) as server:
        reply = await ask(server)
    assert reply.tool_calls == (ToolCall(name="f", arguments="{broken"),)


async def test_content_in_parts_is_joined() -> None:
    body = {"choices": [{"message": {"content": [{"type": "text", "text": "Good "}, {"type": "text", "text": "day"}]}}]}
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=json.dumps(body))}) as server:
        assert (await ask(server)).text == "Good day"


async def test_null_content_without_tool_calls_is_an_empty_reply() -> None:
    async with FakeOpenAI(faults={0: Fault("null_content")}) as server:
        assert (await ask(server)).text == ""


async def test_a_refusal_is_what_the_agent_said() -> None:
    body = {"choices": [{"message": {"content": None, "refusal": "I cannot help with that."}}]}
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=json.dumps(body))}) as server:
        assert (await ask(server)).text == "I cannot help with that."


async def test_a_server_that_does_not_stream_when_asked_is_understood() -> None:
    body = {"choices": [{"message": {"content": "whole"}}]}
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=json.dumps(body))}) as server:
        assert (await ask(server, stream=True)).text == "whole"


@pytest.mark.parametrize(
    ("rule", "answer", "handed_off"),
    [
        (HandoffRule(tools=("transfer",)), FakeAnswer("One moment.", ({"name": "transfer"},)), True),
        (HandoffRule(tools=("transfer",)), FakeAnswer("One moment.", ({"name": "book"},)), False),
        (HandoffRule(pattern=r"connect(ing)? you"), FakeAnswer("Connecting you to Ann."), True),
        (HandoffRule(pattern=r"connect(ing)? you"), FakeAnswer("I cannot do that."), False),
        (HandoffRule(path="understudy.state.human"), FakeAnswer("Bye", (), {"human": True}), True),
        (HandoffRule(path="understudy.state.human"), FakeAnswer("Bye", (), {"human": False}), False),
        (HandoffRule(), FakeAnswer("Connecting you to a human."), False),
    ],
)
async def test_a_hand_off_is_seen_by_rule_and_only_by_rule(rule: HandoffRule, answer: FakeAnswer, handed_off: bool) -> None:
    async with FakeOpenAI([answer]) as server:
        assert [(await ask(server, handoff=rule, stream=s)).handed_off for s in (False, True)] == [handed_off, handed_off]


async def test_a_missing_state_is_none_and_a_state_that_is_no_object_is_a_wrong_shape() -> None:
    async with FakeOpenAI([FakeAnswer("a"), FakeAnswer("b", (), [1])]) as server:
        assert (await ask(server, state_path="understudy.state")).state is None
        found = await failure(server, state_path="understudy.state")
    assert found.kind == "wrong_shape"
    assert "a list of 1" in found.detail


# ---------------------------------------------------------------- faults


async def test_a_refused_connection_is_a_typed_failure_and_is_not_tried_again() -> None:
    waits = Waits()
    target = OpenAIChat("t", OpenAITarget(url=closed_port_url(), retries=5), env={}, sleep=waits)
    with pytest.raises(TargetError) as caught:
        await target.reply(HELLO)
    await target.aclose()
    found = caught.value.failure
    assert (found.kind, len(found.attempts), waits.seconds) == ("refused", 1, [])
    assert "/v1/chat/completions refused the connection" in found.detail


async def test_a_host_that_cannot_be_looked_up_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    target = OpenAIChat("t", OpenAITarget(url="http://agent.invalid/v1"), env={}, sleep=Waits())
    with pytest.raises(TargetError) as caught:
        await target.reply(HELLO)
    await target.aclose()
    assert caught.value.failure.kind == "unreachable"
    assert "agent.invalid" in caught.value.failure.detail


async def test_https_to_a_plain_server_is_a_tls_failure() -> None:
    async with FakeOpenAI() as server:
        found = await failure(server, url=server.url.replace("http:", "https:"))
    assert (found.kind, len(found.attempts)) == ("tls", 1)


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (Fault("status", status=401), "http_4xx", "Check the key"),
        (Fault("status", status=404, body="no such route"), "http_4xx", "'no such route'"),
        (Fault("status", status=501), "http_5xx", "501"),
        (Fault("redirect"), "wrong_shape", "Put the final address into `url`"),
        (Fault("wrong_shape"), "wrong_shape", "an object with `answer`"),
        (Fault("wrong_shape", body='{"choices": []}'), "wrong_shape", "0 choices"),
        (Fault("wrong_shape", body='{"error": {"message": "model is loading"}}'), "wrong_shape", "model is loading"),
        (Fault("wrong_shape", body='"hi"'), "wrong_shape", "the text 'hi'"),
        (Fault("wrong_shape", body='{"choices": [{"message": {"content": 7}}]}'), "wrong_shape", "`content` is 7"),
        (Fault("not_json"), "rubbish", "Traceback (most recent call last):"),
        (Fault("wrong_shape", body="[" * 100_000), "wrong_shape", "nested more than 64 levels deep"),
        (Fault("html"), "rubbish", "<html>"),
        (Fault("empty_body"), "empty", "empty body"),
    ],
)
async def test_an_answer_that_is_none_says_what_was_found_and_is_not_asked_for_again(fault: Fault, kind: str, says: str) -> None:
    async with FakeOpenAI(faults=lambda _: fault) as server:
        found = await failure(server, retries=3)
    assert (found.kind, len(server.requests)) == (kind, 1)
    assert says in found.detail
    assert server.url in found.detail
    assert "token=abc" not in found.detail


async def test_rubbish_is_shown_cut_and_on_one_line() -> None:
    async with FakeOpenAI(faults={0: Fault("not_json", body="x\n\x1b[31m" + "y" * 5000)}) as server:
        found = await failure(server)
    assert "\n" not in found.detail
    assert "\x1b" not in found.detail
    assert 200 < len(found.detail) < 400


@pytest.mark.parametrize(
    "fault",
    [Fault("status", status=500), Fault("status", status=503), Fault("status", status=429), Fault("reset"), Fault("error_in_stream")],
)
async def test_what_may_pass_is_tried_again_and_every_failed_attempt_is_kept(fault: Fault) -> None:
    stream = fault.kind == "error_in_stream"
    async with FakeOpenAI(["a", "b", "Third time lucky."], faults={0: fault, 1: fault}) as server:
        reply = await ask(server, retries=2, stream=stream)
    assert reply.text == "Third time lucky."
    assert len(reply.attempts) == 2
    assert all(attempt.detail and attempt.seconds >= 0 for attempt in reply.attempts)


@pytest.mark.parametrize("kind", ["half_a_stream", "cut_stream"])
async def test_half_a_stream_is_never_taken_for_an_answer(kind: Any) -> None:
    async with FakeOpenAI(["A long answer that is cut off in the middle."], faults=lambda _: Fault(kind)) as server:
        found = await failure(server, stream=True, retries=1)
    assert (found.kind, len(found.attempts)) == ("reset", 2)


async def test_retries_are_bounded() -> None:
    async with FakeOpenAI(faults=lambda _: Fault("status", status=500)) as server:
        found = await failure(server, retries=2)
        none = await failure(server, retries=0)
    assert (found.kind, [a.kind for a in found.attempts]) == ("http_5xx", ["http_5xx"] * 3)
    assert len(none.attempts) == 1


async def test_the_wait_that_a_429_asks_for_is_kept() -> None:
    waits = Waits()
    async with FakeOpenAI(faults={0: Fault("status", status=429, retry_after="7")}) as server:
        await ask(server, retries=1, sleep=waits)
    assert waits.seconds == [7.0]


async def test_a_429_that_asks_for_a_very_long_wait_is_given_up_at_once() -> None:
    waits = Waits()
    async with FakeOpenAI(faults={0: Fault("status", status=429, retry_after="3600")}) as server:
        found = await failure(server, retries=3, sleep=waits)
    assert (found.kind, waits.seconds, len(server.requests)) == ("http_4xx", [], 1)


async def test_waits_grow_without_a_wish_of_the_server() -> None:
    waits = Waits()
    async with FakeOpenAI(faults=lambda _: Fault("status", status=500)) as server:
        await failure(server, retries=3, sleep=waits)
    assert waits.seconds == sorted(set(waits.seconds))
    assert len(waits.seconds) == 3


async def test_a_timeout_is_not_tried_again() -> None:
    async with FakeOpenAI(faults=lambda _: Fault("hang")) as server:
        found = await failure(server, retries=3, timeout_s=0.2)
    assert (found.kind, len(server.requests)) == ("timeout", 1)
    assert "0.2 s" in found.detail


async def test_a_slow_answer_within_the_time_limit_is_an_answer() -> None:
    async with FakeOpenAI(["Here I am."], faults={0: Fault("slow")}) as server:
        reply = await ask(server)
    assert reply.text == "Here I am."
    assert reply.latency_ms >= 50


async def test_latency_is_that_of_the_attempt_that_succeeded() -> None:
    async with FakeOpenAI(faults={0: Fault("status", status=500)}) as server:
        reply = await ask(server, sleep=lambda _: asyncio.sleep(0.2))
    assert reply.latency_ms < 200


async def test_cancelling_closes_the_request_at_the_server() -> None:
    async with FakeOpenAI(faults={0: Fault("hang")}) as server:
        target = OpenAIChat("t", OpenAITarget(url=server.url), env={})
        call = asyncio.create_task(target.reply(HELLO))
        await asyncio.wait({call}, timeout=0.1)
        call.cancel()
        async with asyncio.timeout(2):
            await server.wait_aborted()
        await target.aclose()
    assert server.aborted == 1


async def test_one_conversation_uses_one_connection() -> None:
    async with FakeOpenAI() as server:
        target = OpenAIChat("t", OpenAITarget(url=server.url), env={})
        for _ in range(5):
            await target.reply(HELLO)
        await target.aclose()
    assert server.connections == 1


def test_sporadic_faults_depend_on_the_seed_alone() -> None:
    plan, same, other = (sporadic(Fault("status"), share=0.3, seed=seed) for seed in (1, 1, 2))
    hits = [plan(i) is not None for i in range(200)]
    assert hits == [same(i) is not None for i in range(200)]
    assert hits != [other(i) is not None for i in range(200)]
    assert 30 < sum(hits) < 90


# ---------------------------------------------------------------- secrets


@pytest.mark.parametrize("fault", [Fault("status", status=401, body=f"bad key {SECRET}"), Fault("not_json", body=f"<{SECRET}>")])
async def test_a_key_that_the_server_repeats_is_masked_in_every_message(fault: Fault) -> None:
    async with FakeOpenAI(faults=lambda _: fault) as server:
        with pytest.raises(TargetError) as caught:
            await ask(server, env={"AGENT_KEY": SECRET}, key_env="AGENT_KEY")
    everything = str(caught.value) + caught.value.failure.model_dump_json()
    assert SECRET not in everything
    assert "***" in everything


async def test_a_missing_key_is_named_and_nothing_is_sent() -> None:
    async with FakeOpenAI() as server:
        found = await failure(server, env={"B": ""}, key_env="A_KEY", headers_env={"X-B": "B"})
    assert found.kind == "not_configured"
    assert "`A_KEY`, `B`" in found.detail
    assert server.requests == []


async def test_a_key_with_a_line_break_is_refused_without_showing_it() -> None:
    async with FakeOpenAI() as server:
        found = await failure(server, env={"A_KEY": f"{SECRET}\r\nX-Evil: 1"}, key_env="A_KEY")
    assert found.kind == "not_configured"
    assert SECRET not in found.detail


# ---------------------------------------------------------------- anything at all

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "delta", "content", "tool_calls", "function", "name", "index", "finish_reason", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def _choices(message: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "delta": message, "finish_reason": "stop"}]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=json_values | json_values.map(_choices), stream=st.booleans())
def test_any_json_ends_as_a_storable_reply_or_a_typed_failure(body: Any, stream: bool) -> None:
    # Below the network, so that hundreds of bodies can be tried: what is read from the wire, and nothing else.
    from understudy.targets.failure import CallFailed
    from understudy.targets.http_call import object_in
    from understudy.targets.sse import StreamedAnswer
    from understudy.wire.masking import Secrets
    from understudy.wire.parsing import TooDeep, parse_json

    target = OpenAIChat("t", OpenAITarget(url="http://127.0.0.1:1", state_path="choices.0.message.x"), env={})
    raw = json.dumps(body).encode()
    try:
        if stream:
            answer = StreamedAnswer("here", "x", Secrets((), {}))
            answer.add(raw)
            reply = target._understand(*answer.body())
        else:
            reply = target._understand(object_in(parse_json(raw), "here"), None)
    except (CallFailed, TooDeep):
        return
    assert json.loads(reply.model_dump_json())["text"] == reply.text


async def test_half_a_surrogate_pair_and_nul_do_not_reach_the_transcript() -> None:
    body = '{"choices": [{"message": {"content": "a\\ud83d\\u0000b", "tool_calls": [{"name": "f", "arguments": {"\\udc00": "\\ude00"}}]}}]}'
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=body)}) as server:
        reply = await ask(server)
    assert reply.text == "a\ufffd\ufffdb"
    assert json.loads(reply.model_dump_json())

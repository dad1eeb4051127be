"""Agents on the Anthropic wire, behind any JSON over HTTP and behind WebSocket, against a real process on loopback."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from web_agent import WebAgent, web_agent

from understudy.domain.conversation import Reply, TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import AnthropicTarget, HandoffRule, HttpTarget, WebSocketTarget, open_target
from understudy.targets.anthropic_messages import AnthropicMessages
from understudy.targets.http_json import HttpJson
from understudy.testing.fake_openai import closed_port_url

SECRET = "sk-planted-secret-0123456789"


@pytest.fixture(scope="module")
def agent() -> Iterator[WebAgent]:
    with web_agent() as running:
        yield running


def said(*texts: str, run_id: str = "run-1", session: str | None = None) -> TargetRequest:
    """User and agent taking turns; the user has the last word."""
    first = 0 if len(texts) % 2 else 1
    turns = [Turn(index=i, role="agent" if (i + first) % 2 else "user", text=text, at=float(i)) for i, text in enumerate(texts)]
    return TargetRequest(run_id=run_id, turns=tuple(turns), session=session)


async def ask(settings: Any, request: TargetRequest | None = None, *, env: dict[str, str] | None = None) -> Reply:
    target = open_target("t", settings, env=env or {})
    try:
        return await target.reply(request or said("Hello"))
    finally:
        await target.aclose()


async def failure(settings: Any, request: TargetRequest | None = None, *, env: dict[str, str] | None = None) -> TargetFailure:
    with pytest.raises(TargetError) as caught:
        await ask(settings, request, env=env)
    return caught.value.failure


def claude(agent: WebAgent, **more: Any) -> AnthropicTarget:
    return AnthropicTarget(**{"url": agent.url(), "retries": 0, "timeout_s": 10, **more})


def http(agent: WebAgent, path: str = "/chat", **more: Any) -> HttpTarget:
    usual: dict[str, Any] = {"body": {"messages": "{{ messages }}"}, "reply_path": "data.reply", "retries": 0, "timeout_s": 10}
    return HttpTarget(**{"url": agent.url(path), **usual, **more})


def echo(agent: WebAgent, **more: Any) -> HttpTarget:
    return http(agent, **{"url": agent.url("/echo/x"), "reply_path": "reply", **more})


def socket(agent: WebAgent, path: str = "/remembering", **more: Any) -> WebSocketTarget:
    usual: dict[str, Any] = {"send": {"text": "{{ message }}", "session": "{{ session }}"}, "reply_path": "text", "session_path": "session"}
    return WebSocketTarget(**{"url": agent.url(path, scheme="ws"), **usual, **more})


# ---------------------------------------------------------------- the Anthropic wire


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://h", "http://h/v1/messages"),
        ("http://h/v1/", "http://h/v1/messages"),
        ("http://h/proxy/anthropic", "http://h/proxy/anthropic/v1/messages"),
        ("http://h/v1/messages?beta=1", "http://h/v1/messages?beta=1"),
    ],
)
def test_a_base_address_of_the_anthropic_wire_is_completed(url: str, endpoint: str) -> None:
    assert AnthropicTarget(url=url).endpoint == endpoint


def test_the_key_goes_into_its_own_header_beside_the_version() -> None:
    settings = AnthropicTarget(url="http://h", key_env="K", headers={"X-A": "b"})
    assert settings.headers_from({"K": " k "}) == {"anthropic-version": "2023-06-01", "X-A": "b", "x-api-key": "k"}


def test_the_user_stands_first_and_no_message_is_empty() -> None:
    from understudy.targets.anthropic_messages import as_anthropic

    assert as_anthropic(said("Welcome!", "Hi").turns, "(begins)") == [
        {"role": "user", "content": "(begins)"},
        {"role": "assistant", "content": "Welcome!"},
        {"role": "user", "content": "Hi"},
    ]
    assert [m["content"] for m in as_anthropic(said("a", "", "b").turns, "x")] == ["a", "b"]


def understand(body: Any, **more: Any) -> Reply:
    target = AnthropicMessages("t", AnthropicTarget(url="http://h", **more), env={})
    return target._understand(body, None)


def test_a_refusal_is_what_the_agent_says() -> None:
    words = [{"type": "text", "text": "I cannot help with that."}]
    assert understand({"content": words, "stop_reason": "refusal"}).text == "I cannot help with that."
    explained = {"content": [], "stop_reason": "refusal", "stop_details": {"explanation": "Not allowed."}}
    assert understand(explained).text == "Not allowed."


def test_an_answer_that_our_limit_cut_off_is_no_answer() -> None:
    from understudy.targets.failure import CallFailed

    with pytest.raises(CallFailed, match="Raise `max_tokens`"):
        understand({"content": [{"type": "text", "text": "Half a"}], "stop_reason": "max_tokens"})


def test_tool_uses_carry_the_results_that_the_agent_shows() -> None:
    blocks = [
        {"type": "text", "text": "Looking."},
        {"type": "server_tool_use", "id": "a", "name": "search", "input": {"q": 1}},
        {"type": "web_search_tool_result", "tool_use_id": "a", "content": ["found"]},
        {"type": "thinking", "thinking": "hm"},
    ]
    reply = understand({"content": blocks}, handoff=HandoffRule(tools=("search",)))
    assert (reply.text, reply.tool_calls[0].arguments, reply.tool_calls[0].result, reply.handed_off) == (
        "Looking.",
        {"q": 1},
        ["found"],
        True,
    )


async def test_an_overloaded_agent_is_asked_again(agent: WebAgent) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    target = AnthropicMessages("t", claude(agent, retries=2), env={}, sleep=sleep)
    with pytest.raises(TargetError) as caught:
        await target.reply(said("status 529"))
    await target.aclose()
    assert ([a.kind for a in caught.value.failure.attempts], len(waits)) == (["http_5xx"] * 3, 2)


# ---------------------------------------------------------------- any JSON over HTTP


async def test_values_are_data_in_the_body_the_path_and_the_query(agent: WebAgent) -> None:
    settings = echo(
        agent,
        url=agent.url("/echo/{{ run_id }}/{{ message }}"),
        query={"q": "{{ message }}", "n": "{{ turn }}", "none": "{{ session }}"},
        body={"say": "{{ message }}", "log": "{{ history_text }}", "session": "{{ session }}", "n": "{{ turn }}"},
        headers={"X-Run": "run {{ run_id }}"},
        roles={"user": "human", "agent": "ai"},
        history="full",
    )
    hostile = 'a/../b?x=1&y={{ run_id }}"'
    found = json.loads((await ask(settings, said("Hi", "Yes?", hostile))).text)
    assert found["path"].startswith("/echo/run-1/a%2F..%2Fb%3Fx%3D1%26y%3D%7B%7B%20run_id%20%7D%7D%22?")
    assert found["body"] == {"say": hostile, "log": f"human: Hi\nai: Yes?\nhuman: {hostile}", "n": 2}
    assert found["headers"]["X-Run"] == "run run-1"
    assert "none=" not in found["path"]


async def test_messages_take_the_form_that_the_agent_wants(agent: WebAgent) -> None:
    settings = echo(agent, roles={"user": "human", "agent": "ai"}, message_form={"from": "role", "text": "content"})
    found = json.loads((await ask(settings, said("Hi", "Yes?", "Help"))).text)
    assert found["body"]["messages"] == [{"from": "human", "text": "Hi"}, {"from": "ai", "text": "Yes?"}, {"from": "human", "text": "Help"}]


async def test_only_what_is_new_is_sent_to_an_agent_that_keeps_the_history(agent: WebAgent) -> None:
    found = json.loads((await ask(echo(agent, history="last"), said("Hi", "Yes?", "Help"))).text)
    assert found["body"]["messages"] == [{"role": "user", "content": "Help"}]


async def test_a_get_sends_its_query_and_no_body(agent: WebAgent) -> None:
    found = json.loads((await ask(echo(agent, method="GET", body=None, query={"q": "{{ message }}"}))).text)
    assert (found["method"], found["path"], found["body"]) == ("GET", "/echo/x?q=Hello", None)


@pytest.mark.parametrize(
    ("template", "needs"),
    [({"m": "{{ messages }}"}, False), ({"m": "{{ message }}"}, True), ({"m": "{{ message }}", "s": "{{ run_id }}"}, False)],
)
def test_a_session_is_needed_where_the_agent_keeps_the_history_under_its_own_name(template: Any, needs: bool) -> None:
    assert open_target("t", HttpTarget(url="http://h", body=template), env={}).needs_session is needs
    assert open_target("t", WebSocketTarget(url="ws://h", send=template), env={}).needs_session is needs


async def test_a_conversation_is_opened_first_and_its_session_goes_into_the_path(agent: WebAgent) -> None:
    settings = http(
        agent,
        url=agent.url("/sessions/{{ session }}/messages"),
        body={"text": "{{ message }}"},
        reply_path="*.text",
        open={"url": agent.url("/sessions"), "session_path": "data.id", "reply_path": "greeting"},
    )
    target = open_target("t", settings, env={})
    first = await target.reply(said("one"))
    second = await target.reply(said("one", first.text, "two", session=first.session))
    opening = await target.reply(TargetRequest(run_id="run-2", turns=()))
    await target.aclose()
    assert (first.text, second.text) == ("1: one\nAnything else?", "2: two\nAnything else?")
    assert first.session is not None
    assert second.session is None, "an agent that gives no new one keeps the old one"
    assert (opening.text, opening.session is not None) == ("Welcome back.", True)


async def test_a_session_in_the_path_that_nobody_has_is_refused_before_anything_is_sent(agent: WebAgent) -> None:
    found = await failure(http(agent, url=agent.url("/sessions/{{ session }}/messages"), body="{{ message }}"))
    assert (found.kind, "`{{ session }}` in `url` has no value yet" in found.detail) == ("not_configured", True)


async def test_plain_text_and_a_session_in_a_cookie(agent: WebAgent) -> None:
    settings = http(agent, "/text", body="{{ message }}", reply_path=None, session_cookie="sid")
    first = await ask(settings, said("one"))
    second = await ask(settings, said("one", "1: one", "two", session=first.session))
    assert (first.text, second.text, second.session) == ("1: one", "2: two", "2")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("data.text", "there is nothing at `data.text` (`reply_path`); `data` is an object with `reply`"),
        ("reply", "it sent an object with `data`, `calls`, `state`"),
        ("calls", None),
        ("data", "`data` is an object with `reply`, not text"),
    ],
)
async def test_a_wrong_path_is_named_with_what_was_there_instead(agent: WebAgent, path: str, says: str | None) -> None:
    if says is None:
        assert (await ask(http(agent, reply_path=path))).text == ""
        return
    found = await failure(http(agent, reply_path=path))
    assert (found.kind, says in found.detail) == ("wrong_shape", True), found.detail


@pytest.mark.parametrize(("how", "stream"), [("sse", "sse"), ("ndjson", "ndjson")])
async def test_half_a_stream_is_no_answer_where_the_end_is_known(agent: WebAgent, how: str, stream: Any) -> None:
    settings = http(agent, f"/chat/{how}", stream=stream, reply_path=None, delta_path="delta.text", done_path="type", done_equals="end")
    assert (await failure(settings, said("half"))).kind == "reset"


async def test_a_stream_that_was_not_expected_is_told_as_such(agent: WebAgent) -> None:
    for how in ("sse", "ndjson"):
        found = await failure(http(agent, f"/chat/{how}"))
        assert (found.kind, f"Set `stream: {how}`" in found.detail) == ("wrong_shape", True)


async def test_half_a_stream_of_the_anthropic_wire_is_no_answer(agent: WebAgent) -> None:
    assert (await failure(claude(agent, stream=True), said("half"))).kind == "reset"


# ---------------------------------------------------------------- WebSocket


async def test_one_connection_serves_one_conversation_and_is_closed_when_it_is_over(agent: WebAgent) -> None:
    target: Any = open_target("t", socket(agent), env={})
    first = await target.reply(said("one", run_id="ws-a"))
    second = await target.reply(said("one", first.text, "two", run_id="ws-a"))
    other = await target.reply(said("one", run_id="ws-b"))
    assert (first.text, second.text, other.text, target.running) == ("1: one", "2: two", "1: one", 2)
    assert first.session == second.session != other.session
    target.forget("ws-a")
    assert target.running == 1
    await target.aclose()
    assert target.running == 0


async def test_a_connection_that_was_closed_between_turns_is_made_again_with_the_session(agent: WebAgent) -> None:
    target = open_target("t", socket(agent), env={})
    first = await target.reply(said("bye"))
    second = await target.reply(said("bye", first.text, "are you there?", session=first.session))
    await target.aclose()
    assert second.text == "2: are you there?"


async def test_without_a_session_a_lost_connection_is_a_failure_that_says_why(agent: WebAgent) -> None:
    target = open_target("t", socket(agent, "/remembering?silent"), env={})
    first = await target.reply(said("bye"))
    with pytest.raises(TargetError) as caught:
        await target.reply(said("bye", first.text, "are you there?"))
    await target.aclose()
    assert (caught.value.failure.kind, "`session_path`" in caught.value.failure.detail) == ("reset", True)


async def test_an_agent_behind_a_web_socket_may_speak_first(agent: WebAgent) -> None:
    target = open_target("t", socket(agent, "/remembering?greets", opens="agent"), env={})
    opening = await target.reply(TargetRequest(run_id="greeted", turns=()))
    answer = await target.reply(said(opening.text, "Hi", run_id="greeted"))
    await target.aclose()
    assert (opening.text, answer.text) == ("Good morning!", "1: Hi")


async def test_a_quiet_period_ends_an_answer_of_several_messages(agent: WebAgent) -> None:
    assert (await ask(socket(agent, quiet_s=0.3), said("more", run_id="quiet"))).text == "1: more\nAnd another thing."


async def test_an_idle_connection_is_closed(agent: WebAgent) -> None:
    target: Any = open_target("t", socket(agent, idle_s=0.05), env={})
    await target.reply(said("one", run_id="idle"))
    (gone,) = [connection.gone for connection in target._conversations._by_run.values()]
    await asyncio.wait({gone}, timeout=5)
    assert (gone.done(), target.running) == (True, 0)
    await target.aclose()


async def test_frames_of_other_types_are_named_when_none_of_the_right_one_comes(agent: WebAgent) -> None:
    settings = socket(
        agent, "/ws", send={"messages": "{{ messages }}"}, reply_path="reply", type_path="type", reply_types=["say"], timeout_s=0.3
    )
    found = await failure(settings)
    assert (found.kind, "`typing`, `message`" in found.detail) == ("timeout", True), found.detail


async def test_an_agent_that_hangs_up_in_the_middle_is_a_reset(agent: WebAgent) -> None:
    settings = socket(agent, "/ws", send={"messages": "{{ messages }}"}, reply_path="reply")
    assert (await failure(settings, said("hang up"))).kind == "reset"


@pytest.mark.parametrize(("path", "kind"), [("/nothing", "http_4xx"), ("/page/x", "wrong_shape"), ("/chat", "http_4xx")])
async def test_what_is_no_web_socket_is_told_as_such(agent: WebAgent, path: str, kind: str) -> None:
    assert (await failure(socket(agent, path))).kind == kind


# ---------------------------------------------------------------- faults and secrets, all of them

EVERY: dict[str, Callable[[WebAgent], Any]] = {
    "anthropic": lambda agent: claude(agent, key_env="KEY"),
    "http": lambda agent: http(agent, key_env="KEY", reply_path="data.reply"),
    "websocket": lambda agent: socket(agent, "/ws", key_env="KEY", send={"messages": "{{ messages }}"}, reply_path="reply"),
}
OVER_HTTP = ["anthropic", "http"]


@pytest.mark.parametrize("kind", EVERY)
async def test_a_process_that_is_killed_in_the_middle_is_a_typed_failure_and_its_successor_is_called(kind: str) -> None:
    with web_agent() as doomed:
        settings = EVERY[kind](doomed)
        target = open_target("t", settings, env={"KEY": SECRET})
        call = asyncio.create_task(target.reply(said("hang")))
        await asyncio.wait({call}, timeout=0.2)
        doomed.process.kill()
        with pytest.raises(TargetError) as broken:
            await call
        await asyncio.to_thread(doomed.process.wait)
        with pytest.raises(TargetError) as gone:
            await target.reply(said("again"))
        await target.aclose()
    assert (broken.value.failure.kind, gone.value.failure.kind) == ("reset", "refused")


def self_signed(folder: Path) -> Path:
    cert = folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", cert, "-out", folder / "only.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    cert.write_text(cert.read_text() + (folder / "only.pem").read_text())
    return cert


@pytest.mark.parametrize("kind", EVERY)
async def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(kind: str, tmp_path: Path) -> None:
    with web_agent(str(self_signed(tmp_path))) as secure:
        settings = EVERY[kind](secure)
        found = await failure(settings.replace(url=settings.url.replace("://", "s://", 1)), env={"KEY": SECRET})
    assert (found.kind, "self-signed" in found.detail or "self signed" in found.detail) == ("tls", True), found.detail


@pytest.mark.parametrize("kind", EVERY)
async def test_a_closed_port_is_refused_and_a_missing_key_is_named(agent: WebAgent, kind: str) -> None:
    settings = EVERY[kind](agent)
    dead = closed_port_url().replace("http:", settings.url.partition("//")[0])
    assert (await failure(settings.replace(url=dead), env={"KEY": SECRET})).kind == "refused"
    assert "`KEY`" in (await failure(settings)).detail


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize(("status", "wanted"), [(401, "http_4xx"), (404, "http_4xx"), (500, "http_5xx"), (529, "http_5xx")])
async def test_a_status_is_a_typed_failure_with_what_it_said(agent: WebAgent, kind: str, status: int, wanted: str) -> None:
    found = await failure(EVERY[kind](agent), said(f"status {status}"), env={"KEY": SECRET})
    assert (found.kind, f"planned {status}" in found.detail) == (wanted, True)


@pytest.mark.parametrize("kind", OVER_HTTP)
async def test_too_much_is_a_wrong_shape(agent: WebAgent, kind: str) -> None:
    found = await failure(EVERY[kind](agent), said("huge"), env={"KEY": SECRET})
    assert (found.kind, "8 MB" in found.detail) == ("wrong_shape", True)


async def test_a_key_that_the_agent_repeats_is_masked(agent: WebAgent) -> None:
    replies = [await ask(claude(agent, key_env="KEY"), said("key"), env={"KEY": SECRET})]
    replies.append(await ask(http(agent, reply_path="reply", headers_env={"X-Key": "KEY"}), said("key"), env={"KEY": SECRET}))
    broken = await failure(http(agent, reply_path="nothing", key_env="KEY"), said("key"), env={"KEY": SECRET})
    assert [reply.text for reply in replies] == ["your key is ***"] * 2
    assert SECRET not in broken.model_dump_json()


async def test_what_may_pass_is_tried_again_but_a_conversation_is_opened_once(agent: WebAgent) -> None:
    settings = http(
        agent, "/chat", body={"messages": "{{ messages }}", "s": "{{ session }}"}, retries=2,
        open={"url": agent.url("/sessions"), "session_path": "data.id"},
    )  # fmt: skip
    before = (await ask(settings)).session
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    target = HttpJson("t", settings, env={}, sleep=sleep)
    with pytest.raises(TargetError) as caught:
        await target.reply(said("status 503"))
    await target.aclose()
    after = (await ask(settings)).session
    assert (len(waits), len(caught.value.failure.attempts)) == (2, 3)
    numbers = [int(session.split()[1].split("/")[0]) for session in (before, after) if session]
    assert numbers[1] - numbers[0] == 2

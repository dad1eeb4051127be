"""A check of a target that is configured as the wrong kind leads to settings under which it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter
from web_agent import WebAgent, web_agent

from understudy.targets import AnthropicTarget, HttpTarget, OpenAITarget, TargetSettings, WebSocketTarget, probe
from understudy.targets.http_call import Seen
from understudy.targets.shapes import answer_settings, wanted_fields, wanted_from_schema
from understudy.testing.fake_openai import FakeOpenAI, Fault

M = {"messages": "{{ messages }}"}
WRONG: dict[str, tuple[Callable[[WebAgent], Any], str]] = {
    "openai for JSON of its own": (lambda a: OpenAITarget(url=a.url("/chat"), retries=0), "http"),
    "openai for a strict agent": (lambda a: OpenAITarget(url=a.url("/ask"), retries=0), "http"),
    "anthropic for JSON of its own": (lambda a: AnthropicTarget(url=a.url("/chat"), retries=0), "http"),
    "http without a path": (lambda a: HttpTarget(url=a.url("/chat"), body=M), "http"),
    "http with a wrong field": (lambda a: HttpTarget(url=a.url("/ask"), body={"q": "{{ message }}"}), "http"),
    "http for events": (lambda a: HttpTarget(url=a.url("/chat/sse"), body=M, reply_path="x"), "http"),
    "http for lines": (lambda a: HttpTarget(url=a.url("/chat/ndjson"), body=M, reply_path="x"), "http"),
    "http for plain text": (lambda a: HttpTarget(url=a.url("/text"), body="{{ message }}", reply_path="r"), "http"),
    "http for the Anthropic wire": (lambda a: HttpTarget(url=a.url("/v1/messages"), body={**M, "stream": False}), "anthropic"),
    "websocket for HTTP": (lambda a: WebSocketTarget(url=a.url("/chat", scheme="ws"), send="{{ message }}"), "http"),
    "http for a WebSocket": (lambda a: HttpTarget(url=a.url("/ws"), body=M), "websocket"),
    "websocket with a wrong path": (
        lambda a: WebSocketTarget(url=a.url("/remembering", scheme="ws"), send={"text": "{{ message }}"}, reply_path="x"),
        "websocket",
    ),
    "https where there is none": (lambda a: HttpTarget(url=a.url("/chat", scheme="https"), body=M, reply_path="data.reply"), "http"),
}


@pytest.fixture(scope="module")
def agent() -> Iterator[WebAgent]:
    with web_agent() as running:
        yield running


@pytest.mark.parametrize("case", WRONG)
async def test_wrong_settings_lead_to_right_ones_in_one_go(agent: WebAgent, case: str) -> None:
    make, kind = WRONG[case]
    found = await probe("mine", make(agent), env={})
    assert (found.reachable, found.suggestion is not None) == (False, True), found.detail
    suggested = TypeAdapter[Any](TargetSettings).validate_python(yaml.safe_load(found.suggestion or "")["targets"]["mine"])
    assert suggested.kind == kind
    if case != "http for a WebSocket":  # what a WebSocket wants to be sent is a guess, and said to be one
        again = await probe("mine", suggested, env={})
        assert again.reachable, again.detail


async def test_a_key_that_is_asked_for_is_suggested_by_name() -> None:
    async with FakeOpenAI(faults=lambda _: Fault("status", status=401)) as server:
        found = await probe("mine", OpenAITarget(url=server.url), env={})
    assert "key_env: AGENT_KEY" in (found.suggestion or "")


async def test_a_target_that_answers_gets_no_suggestion(agent: WebAgent) -> None:
    found = await probe("mine", AnthropicTarget(url=agent.url()), env={})
    assert (found.reachable, found.suggestion, found.speaks_first) == (True, None, "user")


@pytest.mark.parametrize(
    ("body", "settings"),
    [
        ({"choices": [{"message": {"content": "hi"}}]}, {"kind": "openai"}),
        ({"content": [{"type": "text", "text": "hi"}]}, {"kind": "anthropic"}),
        ([{"recipient_id": "u", "text": "hi"}], {"kind": "http", "reply_path": "*.text"}),
        ({"output": {"generic": [{"text": "hi"}]}, "session_id": 7},
         {"kind": "http", "reply_path": "output.generic.*.text", "session_path": "session_id"}),
        ({"id": "a", "status": "ok"}, None),
    ],
)  # fmt: skip
def test_the_place_of_the_words_is_found(body: Any, settings: Any) -> None:
    assert answer_settings(Seen(200, "application/json", body)) == settings


def test_what_a_request_lacks_is_read_from_errors_and_schemas() -> None:
    assert wanted_fields({"error": "'message' is required"}) == ["message"]
    assert wanted_fields({"detail": [{"loc": ["body", "query"]}, {"loc": ["header", "x"]}]}) == ["query"]
    operation = {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/c/Q"}}}}}}
    schema = {"paths": {"/login": operation, "/chat": operation}, "c": {"Q": {"required": ["text"]}}}
    assert wanted_from_schema(schema) == ("/chat", ["text"])

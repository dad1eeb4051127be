"""Answers of a model's provider that are made to do harm: each ends soon, as a typed failure or as data that can be kept."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import BaseModel

from understudy.llm.chat_wire import read_chat
from understudy.llm.messages_wire import read_message
from understudy.llm.reading import MOST_TOKENS, NotAsPromised
from understudy.ports import LLMRequest
from understudy.prompting.structured import LONGEST_ANSWER, NoAnswer, ask
from understudy.testing.fake_llm import FakeLLM


class Note(BaseModel):
    text: str


REQUEST = LLMRequest(role="user", system=(), messages=())


@pytest.mark.parametrize(
    "said",
    [
        "<think>" * (LONGEST_ANSWER // 7),
        "<think " * (LONGEST_ANSWER // 7),
        "```json" + " " * (LONGEST_ANSWER - 10),
        "```{" * (LONGEST_ANSWER // 4),
        '{"text": ' + "[" * (LONGEST_ANSWER - 20),
        '{"text": ["' + '","' * 60_000 + '"]}',
        "x" * (LONGEST_ANSWER + 1),
        '{"text": NaN}',
        '{"text": "\\ud800"}',
        '{"text": 1e999}',
    ],
    ids=["think", "open marks", "blanks", "fences", "deep", "many", "long", "nan", "surrogate", "infinity"],
)
async def test_an_answer_that_is_made_to_take_for_ever_is_a_typed_failure_within_seconds(said: str) -> None:
    began = time.process_time()
    with pytest.raises(NoAnswer) as caught:
        await ask(FakeLLM([said, said], outputs=("text",)), REQUEST, Note)
    assert caught.value.kind == "malformed"
    assert len(caught.value.detail) < 1_000
    assert time.process_time() - began < 5  # what spans two marks took hours before


@pytest.mark.parametrize(
    "said",
    [
        '<think>{"text": "no"}</think>{"text": "yes"}',
        '<THINK a="b">hm <think> hm</Think>\n```json\n{"text": "yes"}\n```',
        'So:\n```\n{"text": "no"}\n```\nrather\n```JSON\n{"text": "yes"}\n```\nDone.',
        '<reasoning>a</reasoning>Well, {"text": "yes"} it is. <think> unclosed',
    ],
)
async def test_thoughts_are_left_out_and_the_last_fence_counts(said: str) -> None:
    assert (await ask(FakeLLM([said], outputs=("text",)), REQUEST, Note)).value.text == "yes"


def chat(**body: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}], **body}).encode()


@pytest.mark.parametrize("count", [10**9, 10**400, -5, 1e308, "12", True, [1], None, MOST_TOKENS + 1])
def test_a_count_of_tokens_that_cannot_be_is_none(count: Any) -> None:
    usage = read_chat(chat(usage={"prompt_tokens": count, "completion_tokens": 3}), "m").usage
    assert (usage.input_tokens, usage.output_tokens) == (None, 3)
    body = {"content": [{"type": "text", "text": "x"}], "usage": {"input_tokens": count, "output_tokens": 3}}
    read = read_message(json.dumps(body).encode(), "m").usage
    assert (read.input_tokens, read.output_tokens) == (None, 3)


@pytest.mark.parametrize("name", ["m" * 10**6, "m\x1b[31m", "m\u202e", " ", 5, ["m"]])
def test_what_is_no_name_of_a_model_is_not_taken_for_one(name: Any) -> None:
    assert read_chat(chat(model=name), "asked").model == "asked"
    assert read_message(json.dumps({"content": [], "model": name}).encode(), "asked").model == "asked"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"choices": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"choices": [{"message": {"content": "\xff"}}]}',
        b'{"choices": [{"message": {"content": {"a": 1}}}]}',
        b'{"choices": {"0": 1}}',
        b'{"usage": {"prompt_tokens": ' + b"9" * 5_000 + b"}}",
        b"\x00",
    ],
)
def test_a_body_that_is_not_what_the_api_promises_is_told_in_a_sentence(content: bytes) -> None:
    for read in (read_chat, read_message):
        with pytest.raises(NotAsPromised) as caught:
            read(content, "m")
        assert len(str(caught.value)) < 400

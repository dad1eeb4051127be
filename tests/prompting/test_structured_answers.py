"""Typed answers from models of every kind: with schemas, with JSON mode, with words alone, and with bad manners."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.model_call import ModelFault, ModelMessage
from understudy.domain.value import Value
from understudy.ports import LLMRequest, OutputForm
from understudy.prompting.structured import NoAnswer, NoAnswerKind, ask, json_schema_of
from understudy.testing.fake_llm import FakeLLM, Said, Scripted


class Step(Value):
    action: Literal["say", "leave"]
    words: str = ""


class Plan(Value):
    reasoning: str
    steps: tuple[Step, ...]
    note: str | None = None


GOOD = {"reasoning": "because", "steps": [{"action": "say", "words": "hi {there}"}], "note": None}
WANTED = Plan(reasoning="because", steps=(Step(action="say", words="hi {there}"),))
REQUEST = LLMRequest(role="user", system=("You answer.",), messages=(ModelMessage(role="user", text="Go."),), max_tokens=100)


async def test_a_model_with_schemas_is_held_by_the_schema_and_asked_once() -> None:
    llm = FakeLLM([GOOD])
    answer = await ask(llm, REQUEST, Plan)
    assert (answer.value, answer.form, len(llm.requests)) == (WANTED, "schema", 1)
    assert llm.requests[0].json_schema == json_schema_of(Plan)
    assert llm.requests[0].system == REQUEST.system


@pytest.mark.parametrize(
    ("refuses", "form"), [(frozenset({"schema"}), "json"), (frozenset({"schema", "json"}), "text"), (frozenset({"json"}), "schema")]
)
async def test_a_model_that_refuses_a_form_is_asked_in_the_next_one_down(refuses: frozenset[OutputForm], form: OutputForm) -> None:
    llm = FakeLLM([GOOD], refuses=refuses)
    answer = await ask(llm, REQUEST, Plan)
    assert (answer.value, answer.form) == (WANTED, form)
    if form != "schema":
        assert '"additionalProperties": false' in llm.requests[-1].system[-1]


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"reasoning": "because", "steps": [{"action": "say", "words": "hi {there}"}], "note": null}\n```',
        'Sure! Here it is:\n\n{"reasoning": "because", "steps": [{"action": "say", "words": "hi {there}"}], "note": null}\n\nMore?',
        '<think>{"reasoning": "no"} maybe</think>{"reasoning": "because", "steps": [{"action": "say", "words": "hi {there}"}]}',
        'First {"a": 1} then\n```\n{"reasoning": "because", "steps": [{"action": "say", "words": "hi {there}"}]}\n```',
    ],
)
async def test_an_object_inside_other_words_is_found(text: str) -> None:
    answer = await ask(FakeLLM([text], outputs=("text",)), REQUEST, Plan)
    assert answer.value == WANTED


async def test_a_malformed_answer_is_mended_once_with_the_complaint() -> None:
    llm = FakeLLM([{"reasoning": "x", "steps": [{"action": "dance"}]}, GOOD])
    answer = await ask(llm, REQUEST, Plan)
    assert answer.value == WANTED
    assert len(answer.completions) == 2
    *_, said, mend = llm.requests[1].messages
    assert (said.role, mend.role) == ("assistant", "user")
    assert "steps.0.action" in mend.text


async def test_a_truncated_answer_is_asked_for_again_with_more_room() -> None:
    llm = FakeLLM([Said('{"reasoning": "bec', finish="length"), GOOD])
    assert (await ask(llm, REQUEST, Plan)).value == WANTED
    assert [r.max_tokens for r in llm.requests] == [100, 200]
    assert llm.requests[1].messages == REQUEST.messages


@pytest.mark.parametrize(
    ("script", "kind", "calls"),
    [
        (["I would rather not say."], "malformed", 2),
        ([Said("", finish="empty")], "empty", 2),
        ([Said("I cannot help with that.", finish="refused")], "refused", 1),
        ([Said("{", finish="length")], "truncated", 2),
        ([Said(fault="overloaded")], "unreachable", 1),
        (["no", Said(fault="timeout")], "unreachable", 2),
    ],
)
async def test_a_model_without_a_usable_answer_is_a_typed_failure(script: list[Scripted], kind: NoAnswerKind, calls: int) -> None:
    llm = FakeLLM(script)
    with pytest.raises(NoAnswer) as failure:
        await ask(llm, REQUEST, Plan)
    assert failure.value.kind == kind
    assert len(llm.requests) == calls


@pytest.mark.parametrize("fault", ["auth", "rate_limited", "server", "timeout", "refused_connection"])
async def test_a_failing_provider_is_not_asked_in_every_form(fault: ModelFault) -> None:
    llm = FakeLLM([Said(fault=fault)])
    with pytest.raises(NoAnswer, match=fault):
        await ask(llm, REQUEST, Plan)
    assert len(llm.requests) == 1


async def test_a_request_that_no_form_can_save_ends_after_the_last_form() -> None:
    llm = FakeLLM([GOOD], refuses=frozenset({"schema", "json", "text"}))
    with pytest.raises(NoAnswer, match="bad_request"):
        await ask(llm, REQUEST, Plan)
    assert [r.output for r in llm.requests] == ["schema", "json", "text"]


def test_the_schema_is_closed_and_requires_everything_in_the_order_of_the_fields() -> None:
    schema = json_schema_of(Plan)
    assert list(schema["properties"]) == schema["required"] == ["reasoning", "steps", "note"]
    step = schema["$defs"]["Step"]
    assert step["required"] == ["action", "words"]
    assert schema["additionalProperties"] is step["additionalProperties"] is False
    assert "default" not in str(schema)
    assert "title" not in schema


class Titled(Value):
    title: str
    default: int = 3


def test_fields_called_title_and_default_stay_in_the_schema() -> None:
    assert list(json_schema_of(Titled)["properties"]) == ["title", "default"]


@given(st.text(max_size=400))
async def test_whatever_a_model_says_it_is_an_answer_of_the_shape_or_a_typed_failure(text: str) -> None:
    outcome: object
    try:
        outcome = (await ask(FakeLLM([text], outputs=("text",)), REQUEST, Plan)).value
    except NoAnswer as failure:
        outcome = failure.kind
    assert isinstance(outcome, Plan) or outcome in ("malformed", "empty")

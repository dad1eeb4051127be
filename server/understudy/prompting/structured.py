"""A typed answer from any model: by schema, by JSON mode, by words alone; one repair; then a typed failure, never a guess.

A model that refuses a form (an endpoint without schemas answers 400) is asked again in the next one down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Literal, TypeVar, cast

from pydantic import BaseModel, ValidationError

from understudy.domain.errors import ModelError
from understudy.domain.model_call import ModelMessage
from understudy.domain.value import JsonObject
from understudy.ports import LLM, Completion, LLMRequest, OutputForm

__all__ = ["Answer", "NoAnswer", "NoAnswerKind", "ask", "json_schema_of"]

Shape = TypeVar("Shape", bound=BaseModel)
NoAnswerKind = Literal["truncated", "refused", "empty", "malformed", "unreachable"]
"""unreachable: there was no answer at all, as the ModelError behind it says."""

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)\b[^<>]*>", re.IGNORECASE)
LONGEST_ANSWER = 200_000
"""Characters that are looked through, thoughts included: whoever sends more does not answer."""
_LONGEST_COMPLAINT = 600
_ROOM_AGAIN = 2
"""A truncated answer is asked for once more with so many times the room."""


@dataclass(frozen=True)
class Answer(Generic[Shape]):
    """What the model said, in the shape that was asked for."""

    value: Shape
    form: OutputForm
    """The form that it took."""
    completions: tuple[Completion, ...]
    """All that were needed, the one with the value last."""


class NoAnswer(Exception):
    """The model gave no answer of the shape that was asked for."""

    def __init__(self, kind: NoAnswerKind, detail: str, completions: tuple[Completion, ...] = ()) -> None:
        self.kind: NoAnswerKind = kind
        self.detail, self.completions = detail, completions
        super().__init__(f"[{kind}] {detail}")


async def ask(llm: LLM, request: LLMRequest, shape: type[Shape]) -> Answer[Shape]:
    """The model's answer as a `shape`. Raises NoAnswer; a failing model is one of its kinds."""
    schema = json_schema_of(shape)
    forms = llm.outputs
    for position, form in enumerate(forms):
        try:
            return await _in_form(llm, _formed(request, form, schema), shape)
        except ModelError as error:
            # A replayed run may have come down the ladder too: what is on record is in the form that worked.
            if error.kind not in ("bad_request", "not_recorded") or position + 1 == len(forms):
                raise NoAnswer("unreachable", str(error)) from error
    raise NoAnswer("unreachable", f"{llm.name} offers no form of answer.")


@cache  # deriving it takes longer than all else of ours in a call
def json_schema_of(shape: type[BaseModel]) -> JsonObject:
    """The JSON schema of `shape` in the subset that providers enforce: closed objects, every property required, no defaults.

    The same object each time: copy it before changing it.
    """
    return cast("JsonObject", _strict(shape.model_json_schema(by_alias=True)))


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]  # pyright: ignore[reportUnknownVariableType] - JSON
    if not isinstance(node, dict):
        return node
    found = cast("dict[str, Any]", node)
    kept = {
        k: _strict(v)
        for k, v in found.items()
        if k not in ("title", "default") or not isinstance(v, str | int | float | bool | None | list)
    }
    properties = kept.get("properties")
    if isinstance(properties, dict):
        names = cast("dict[str, Any]", properties)
        kept["properties"] = {name: _strict(found["properties"][name]) for name in names}
        kept["required"], kept["additionalProperties"] = list(names), False
    return kept


def _formed(request: LLMRequest, form: OutputForm, schema: JsonObject) -> LLMRequest:
    if form == "schema":
        return request.evolve(output=form, json_schema=schema)
    said = "Answer with one JSON object and nothing else: no heading, no code fence, no comment. It must fit this JSON Schema:"
    return request.evolve(output=form, system=(*request.system, f"{said}\n{json.dumps(schema)}"))


async def _in_form(llm: LLM, request: LLMRequest, shape: type[Shape]) -> Answer[Shape]:
    """The answer in one form, after at most one second try. Raises NoAnswer, and ModelError when there was no first answer."""
    first = await llm.complete(request)
    found, trouble = _understood(first, shape)
    if found is not None:
        return Answer(found, request.output, (first,))
    if trouble.kind == "refused":
        raise NoAnswer(trouble.kind, trouble.detail, (first,))
    try:
        second = await llm.complete(_second_try(request, first, trouble))
    except ModelError as error:
        raise NoAnswer("unreachable", str(error), (first,)) from error
    found, trouble = _understood(second, shape)
    if found is not None:
        return Answer(found, request.output, (first, second))
    raise NoAnswer(trouble.kind, trouble.detail, (first, second))


@dataclass(frozen=True)
class _Trouble:
    kind: NoAnswerKind
    detail: str


_NONE = _Trouble("malformed", "")


def _understood(completion: Completion, shape: type[Shape]) -> tuple[Shape | None, _Trouble]:
    if completion.finish == "refused":
        return None, _Trouble("refused", f"{completion.model} declined to answer: {completion.text[:200]!r}")
    if completion.finish == "length":
        return None, _Trouble("truncated", f"The answer of {completion.model} was cut off at its limit.")
    if not completion.text.strip():
        return None, _Trouble("empty", f"{completion.model} answered nothing.")
    if len(completion.text) > LONGEST_ANSWER:
        return None, _Trouble(
            "malformed", f"The answer of {completion.model} is {len(completion.text):,} characters long; at most {LONGEST_ANSWER:,}."
        )
    complaint = "It holds no JSON object."
    for candidate in _candidates(completion.text):
        try:
            return shape.model_validate_json(candidate), _NONE
        except ValidationError as error:
            complaint = _complaint(error, complaint)
    return None, _Trouble("malformed", f"The answer of {completion.model} does not fit: {complaint}")


def _complaint(error: ValidationError, before: str) -> str:
    lines = [f"`{'.'.join(map(str, e['loc'])) or 'the object'}`: {e['msg']}" for e in error.errors(include_url=False, include_input=False)]
    unreadable = any(e["type"] == "json_invalid" for e in error.errors(include_url=False, include_input=False))
    return before if unreadable else "; ".join(lines)[:_LONGEST_COMPLAINT]


def _candidates(text: str) -> Iterator[str]:
    """Where the object may be: all of the text as it is, then with thoughts left out: a code fence, the outermost braces."""
    yield text.strip()
    plain = _without_thoughts(text).strip()
    yield plain
    yield from (re.sub("^json", "", block, flags=re.IGNORECASE).strip() for block in reversed(plain.split("```")[1:-1:2]))
    start, end = plain.find("{"), plain.rfind("}")
    if 0 <= start < end:
        yield plain[start : end + 1]


def _without_thoughts(text: str) -> str:
    """Without what stands between marks of thinking. In one pass: a pattern that spans both marks can be made to take hours."""
    kept: list[str] = []
    at, unclosed = 0, set[str]()
    for begun in _THOUGHT.finditer(text):
        name = begun.group(1).lower()
        if begun.start() < at or name in unclosed:
            continue
        closed = re.compile(f"</{name}>", re.IGNORECASE).search(text, begun.end())
        if closed is None:
            unclosed.add(name)
            continue
        kept.append(text[at : begun.start()])
        at = closed.end()
    return "".join((*kept, text[at:]))


def _second_try(request: LLMRequest, first: Completion, trouble: _Trouble) -> LLMRequest:
    if trouble.kind == "truncated":
        return request.evolve(max_tokens=request.max_tokens * _ROOM_AGAIN)
    quoted = first.text if len(first.text) <= LONGEST_ANSWER else ""
    said = (ModelMessage(role="assistant", text=quoted),) if quoted.strip() else ()
    mend = ModelMessage(role="user", text=f"{trouble.detail} Answer again with one JSON object that fits the schema, and nothing else.")
    return request.evolve(messages=(*request.messages, *said, mend))

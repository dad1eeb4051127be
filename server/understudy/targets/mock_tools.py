"""Mocked tools of a prompt under test: from a call to what comes back, by fixtures, with no side effect but on a mock state."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from understudy.domain.errors import nearest
from understudy.domain.value import Json, JsonObject, Value
from understudy.targets.base_settings import DottedPath
from understudy.targets.template import fill, names_in
from understudy.wire.content import at_path
from understudy.wire.parsing import is_list, is_object

__all__ = ["Answered", "MockTool", "MockWorld"]


class Outcome(Value):
    """What one call brings: a result or an error, a wait before it, and what it changes in the mock state."""

    returns: Json = None
    """Any JSON; `{{ arguments.day }}` and `{{ state.slots.0 }}` are filled in."""
    error: str | None = Field(default=None, min_length=1)
    """The call fails with these words, which the model gets to see."""
    latency_s: float = Field(default=0, ge=0, le=300)
    set: dict[DottedPath, Json] = {}
    """Dotted path in the state -> its new value; filled in like `returns`."""

    @field_validator("returns", "error", "set")
    @classmethod
    def _known_placeholders(cls, structure: Json) -> Json:
        for name in names_in(structure):
            if name.partition(".")[0] not in ("arguments", "state"):
                raise ValueError(f"there is no placeholder `{{{{ {name} }}}}`; write `{{{{ arguments.name }}}}` or `{{{{ state.name }}}}`")
        return structure

    @model_validator(mode="after")
    def _result_or_error(self) -> Self:
        if self.error is not None and self.returns is not None:
            raise ValueError("either `returns` or `error`, not both")
        return self


class Answering(Outcome):
    """An outcome, or several that come one after the other."""

    sequence: tuple[Outcome, ...] = ()
    """The outcome of the first such call, of the second ...; the last one repeats."""

    @model_validator(mode="after")
    def _one_way_to_answer(self) -> Self:
        if self.sequence and {"returns", "error", "set", "latency_s"} & self.model_fields_set:
            raise ValueError("`sequence` holds the outcomes; do not write `returns`, `error`, `set` or `latency_s` beside it")
        return self

    def fits(self, arguments: Json, state: JsonObject) -> bool:  # noqa: ARG002 - a case looks at them
        """Whether this is meant for the call."""
        return True


class Case(Answering):
    """What comes back for calls that fit."""

    arguments: JsonObject = {}
    """What the call's arguments must hold; others may be there. Dotted paths reach into objects."""
    state: JsonObject = {}
    """Dotted path -> the value that the mock state must hold there."""

    def fits(self, arguments: Json, state: JsonObject) -> bool:
        wanted = [(arguments, self.arguments), (state, self.state)]
        return all(at_path(found, path) == value for found, values in wanted for path, value in values.items())


class MockTool(Answering):
    """A tool that the model is offered. Its own outcome is for calls that fit none of the cases under `when`."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str = ""
    parameters: JsonObject = {"type": "object", "properties": {}}
    """JSON Schema of an object: calls that do not fit it are answered with an error."""
    when: tuple[Case, ...] = ()
    """Cases, of which the first that fits counts."""

    @field_validator("parameters")
    @classmethod
    def _is_a_schema(cls, schema: JsonObject) -> JsonObject:
        from jsonschema import Draft202012Validator, SchemaError

        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise ValueError(f"not a JSON schema: {error.message}") from None
        if schema.get("type", "object") != "object":
            raise ValueError("the parameters of a tool are an object: `type: object`")
        return schema

    @property
    def cases(self) -> tuple[Answering, ...]:
        """All cases in the order in which they are tried; the last one is for calls that fit no other."""
        bare = not {"returns", "error", "set", "sequence"} & self.model_fields_set
        return self.when if self.when and bare else (*self.when, self)


class Answered(Value):
    """What a call of a mocked tool brought."""

    result: Json
    failed: bool = False
    latency_s: float = 0.0


class MockWorld:
    """The mocked tools and their state in one conversation: same calls, same results."""

    def __init__(self, tools: Sequence[MockTool], state: JsonObject) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self.state: JsonObject = copy.deepcopy(state)
        self._made: dict[tuple[str, int], int] = {}
        """How many calls each case has answered."""

    def call(self, name: str, arguments: Json) -> Answered:
        """The result of a call; an error for the model when there is no such tool, or when the arguments do not fit. Never raises."""
        tool = self._tools.get(name)
        if tool is None:
            near = nearest(name, self._tools)
            return _error(f"There is no tool `{name[:64]}`." + (f" Did you mean `{near}`?" if near else ""))
        if (problem := _misfit(arguments, tool.parameters)) is not None:
            return _error(f"Invalid arguments for `{name}`: {problem}")
        for number, case in enumerate(tool.cases):
            if case.fits(arguments, self.state):
                return self._answer(self._outcome(name, number, case), arguments)
        return _error(f"No fixture of `{name}` fits these arguments.")

    def _outcome(self, name: str, number: int, case: Answering) -> Outcome:
        made = self._made[name, number] = self._made.get((name, number), 0) + 1
        return case.sequence[min(made, len(case.sequence)) - 1] if case.sequence else case

    def _answer(self, outcome: Outcome, arguments: Json) -> Answered:
        values = _Paths({"arguments": arguments, "state": copy.deepcopy(self.state)})
        for path, value in outcome.set.items():
            _put(self.state, path, copy.deepcopy(fill(value, values)))
        # What a tool returns may show what it has just changed.
        values = _Paths({"arguments": arguments, "state": copy.deepcopy(self.state)})
        if outcome.error is not None:
            return _error(str(fill(outcome.error, values)), latency_s=outcome.latency_s)
        return Answered(result=copy.deepcopy(fill(outcome.returns, values)), latency_s=outcome.latency_s)


def _error(text: str, *, latency_s: float = 0.0) -> Answered:
    return Answered(result={"error": text}, failed=True, latency_s=latency_s)


def _misfit(arguments: Json, schema: JsonObject) -> str | None:
    """Why the arguments do not fit the schema; None when they do."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.exceptions import relevance

    if not is_object(arguments):
        return "they are not a JSON object."
    checker: Any = Draft202012Validator(schema)
    errors: list[ValidationError] = list(checker.iter_errors(arguments))
    if not errors:
        return None
    error = max(errors, key=relevance)
    where = ".".join(str(step) for step in error.absolute_path)
    return f"{f'`{where}`: ' if where else ''}{error.message[:300]}"


class _Paths(Mapping[str, Any]):
    """Values by dotted path; None where there is nothing."""

    def __init__(self, root: JsonObject) -> None:
        self._root = root

    def __getitem__(self, path: str) -> Any:
        return at_path(self._root, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._root)

    def __len__(self) -> int:
        return len(self._root)


def _put(state: JsonObject, path: str, value: Json) -> None:
    """Set what lies at a dotted path; objects on the way are made, and what is no object is replaced by one."""
    *way, last = path.split(".")
    place: Any = state
    for step in way:
        inner = place.get(step) if is_object(place) else _item(place, step)
        if not (is_object(inner) or is_list(inner)):
            inner = {}
            if not _store(place, step, inner):
                return
        place = inner
    _store(place, last, value)


def _item(place: Any, step: str) -> Any:
    return place[int(step)] if is_list(place) and step.isdecimal() and int(step) < len(place) else None


def _store(place: Any, step: str, value: Json) -> bool:
    """Whether it could be stored: a list takes a value at one of its positions, or at its end."""
    if is_object(place):
        place[step] = value
        return True
    if not (is_list(place) and step.isdecimal() and int(step) <= len(place)):
        return False
    if int(step) == len(place):
        place.append(value)
    else:
        place[int(step)] = value
    return True

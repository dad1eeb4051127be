"""From a part of a YAML document to a value of the domain, or to errors that name file, line, field and the nearest right word."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from understudy.domain.errors import BadFile, nearest
from understudy.library.yaml_source import Located, Location

__all__ = ["check", "known_keys"]

ModelT = TypeVar("ModelT", bound=BaseModel)


def check(model: type[ModelT], located: Located) -> tuple[ModelT | None, tuple[BadFile, ...]]:
    """The value, or None with one BadFile for each thing wrong, in the order of the lines."""
    try:
        return model.model_validate(located.value), ()
    except BadFile as error:
        return None, (error,)
    except ValidationError as error:
        return None, explain(model, located, error.errors(include_url=False))


def explain(model: type[BaseModel], located: Located, details: list[ErrorDetails]) -> tuple[BadFile, ...]:
    """One BadFile for each of pydantic's errors, in the order of lines, without those that only follow from another."""
    misspelt = {_intended(model, detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    errors = [_error(model, located, detail) for detail in details if not _follows_from_another(detail, details, misspelt)]
    return tuple(sorted(errors, key=lambda e: e.line or 0))


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails], misspelt: set[tuple[int | str, ...]]) -> bool:
    """A field missing since its key is misspelt, or a list too short since an item of it does not fit."""
    place = detail["loc"]
    if detail["type"] == "too_short":
        return any(len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details)
    return detail["type"] == "missing" and place in misspelt


def _intended(model: type[BaseModel], location: Location) -> tuple[int | str, ...]:
    *parents, key = location
    near = nearest(str(key), known_keys(model, parents))
    return (*parents, near or key)


def _error(model: type[BaseModel], located: Located, detail: ErrorDetails) -> BadFile:
    place: Location = (
        detail["loc"][:-1] if detail["loc"][-1:] == ("[key]",) else detail["loc"]
    )  # pydantic's word for a key that does not fit
    place = _without_tags(model, place)
    line, field = located.find(place)
    problem, fix = _words(model, detail, located.at(place))
    return BadFile(located.path, line, field or None, problem, fix)


def _words(model: type[BaseModel], detail: ErrorDetails, given: object) -> tuple[str, str]:
    """What is wrong, and what to do. What was given is shown only where one of a few words was due."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing", "Add it"
    if kind == "extra_forbidden":
        known = known_keys(model, tuple(detail["loc"])[:-1])
        near = nearest(str(detail["loc"][-1]), known)
        return "unknown key", f"Did you mean `{near}`?" if near else f"Known keys: {', '.join(known)}" if known else "Remove it"
    if kind == "union_tag_not_found":
        tags = [str(_tag_of(member)) for member in _alternatives(_at(model, detail["loc"])) if _is_model(member)]
        return f"has no {context.get('discriminator', 'kind')}", f"Add one of {', '.join(tags)}"
    if kind in {"literal_error", "union_tag_invalid"}:
        expected = str(context.get("expected" if kind == "literal_error" else "expected_tags", ""))
        word = str(given if kind == "literal_error" else context.get("tag", ""))[:40]
        near = nearest(word, [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")])
        return f"`{word}` is none of {expected}", f"Did you mean `{near}`?" if near else ""
    if kind == "string_type" and isinstance(given, int | float):
        return "has to be text, and this is a number or true/false", "Put it in quotes"
    if kind == "string_type" and given is None:
        return "is empty", "Write a value after the colon, or remove the key"
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return (
            f"does not have the form {pattern}",
            "Ids are lower-case letters, digits, `-` and `_`" if "a-z0-9_-" in pattern and "A-Z" not in pattern else "",
        )
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "has to be"), ""


def known_keys(model: object, location: Location) -> list[str]:
    """The keys that a mapping at `location` of `model` may have; empty where any may stand, or none."""
    kinds = [kind for kind in _alternatives(_at(model, location)) if _is_model(kind)]
    return [field.alias or name for kind in kinds for name, field in cast("type[BaseModel]", kind).model_fields.items()]


def _at(model: object, location: Location) -> object:
    for step in location:
        model = _down(model, step)
    return model


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _alternatives(annotation: object) -> list[object]:
    """The members of a union, seen through `Annotated`."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _alternatives(typing.get_args(annotation)[0])
    if origin in {typing.Union, types.UnionType}:
        return [kind for member in typing.get_args(annotation) for kind in _alternatives(member)]
    return [annotation]


def _without_tags(model: object, location: Location) -> Location:
    """The location without the tags of unions, which pydantic puts in and no file has."""
    kept: list[int | str] = []
    for step in location:
        kinds, below = _alternatives(model), _down(model, step)
        if len(kinds) == 1 or below not in kinds:
            kept.append(step)
        model = below
    return kept


def _down(annotation: object, step: int | str) -> object:
    """The annotation of what is found under `step`; a union's tag narrows it to that member."""
    kinds = _alternatives(annotation)
    if len(kinds) > 1 and (tagged := next((kind for kind in kinds if _is_model(kind) and _tag_of(kind) == step), None)) is not None:
        return tagged
    for kind in kinds:
        if _is_model(kind):
            for name, field in cast("type[BaseModel]", kind).model_fields.items():
                if step in (name, field.alias):
                    return field.annotation
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in {tuple, list} and isinstance(step, int):
            return arguments[0]
        if origin in {dict, Mapping} and len(arguments) == 2:
            return arguments[1]
    return None


def _tag_of(kind: object) -> object:
    """The word by which a member of a union is told apart: the one value of a `Literal` field."""
    fields = cast("type[BaseModel]", kind).model_fields.values()
    return next((field.default for field in fields if _is_tag(field.annotation)), None)


def _is_tag(annotation: object) -> bool:
    return typing.get_origin(annotation) is typing.Literal and len(typing.get_args(annotation)) == 1

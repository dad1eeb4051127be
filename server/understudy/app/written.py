"""A persona or goal as people write it, in the short forms: what is shown can be changed and sent back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from understudy.domain.goal import Goal
from understudy.domain.persona import Fact, Persona, UnknownFact
from understudy.domain.value import JsonObject

__all__ = ["goal_as_written", "persona_as_written"]


def goal_as_written(goal: Goal) -> JsonObject:
    """The goal without defaults; facts as `{name: value}`, or `{name: {value, disclose, asked_as}}`."""
    return _short(goal.model_dump(mode="json", exclude_defaults=True, by_alias=True), goal.known, goal.unknown)


def persona_as_written(persona: Persona) -> JsonObject:
    """The persona without defaults; facts as `{name: value}`, or `{name: {value, disclose, asked_as}}`."""
    body: JsonObject = persona.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    if "knowledge" in body:
        body["knowledge"] = _short(body["knowledge"], persona.knowledge.known, persona.knowledge.unknown)
    return body


def _short(body: JsonObject, known: Sequence[Fact], unknown: Sequence[UnknownFact]) -> JsonObject:
    names = [fact.name for fact in known]
    if known and len(set(names)) == len(names):  # a mapping could not hold the same name twice
        body["known"] = {fact.name: _fact(fact) for fact in known}
    if unknown:
        body["unknown"] = [_unknown(fact) for fact in unknown]
    return body


def _fact(fact: Fact) -> Any:
    whole: JsonObject = fact.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    return whole if len(whole) > 1 else fact.value


def _unknown(fact: UnknownFact) -> Any:
    return fact.model_dump(mode="json") if fact.asked_as else fact.name

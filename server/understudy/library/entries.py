"""A persona or goal as it stands in a pack, in the short forms that people write: what is shown can be changed and sent back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from understudy.domain.goal import Goal
from understudy.domain.persona import Fact, Persona, UnknownFact
from understudy.domain.value import JsonObject

__all__ = ["goal_entry", "persona_entry"]


def goal_entry(goal: Goal) -> JsonObject:
    """The goal without defaults; facts as `{name: value}`, or `{name: {value, disclose, asked_as}}`."""
    body = _short(goal.model_dump(mode="json", exclude_defaults=True, by_alias=True), goal.known, goal.unknown)
    for entry, complication in zip(body.get("complications", ()), goal.complications, strict=True):
        if "changes" in entry:
            entry["changes"] = _by_name(complication.changes) or entry["changes"]
    return body


def persona_entry(persona: Persona) -> JsonObject:
    """The persona without defaults; facts as `{name: value}`, or `{name: {value, disclose, asked_as}}`."""
    body: JsonObject = persona.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    if "knowledge" in body:
        body["knowledge"] = _short(body["knowledge"], persona.knowledge.known, persona.knowledge.unknown)
    return body


def _short(body: JsonObject, known: Sequence[Fact], unknown: Sequence[UnknownFact]) -> JsonObject:
    if by_name := _by_name(known):
        body["known"] = by_name
    if unknown:
        body["unknown"] = [_unknown(fact) for fact in unknown]
    return body


def _by_name(facts: Sequence[Fact]) -> JsonObject:
    """`{name: value}`; empty when a name comes twice, which a mapping could not hold."""
    names = {fact.name for fact in facts}
    return {fact.name: _fact(fact) for fact in facts} if len(names) == len(facts) else {}


def _fact(fact: Fact) -> Any:
    whole: JsonObject = fact.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    return whole if len(whole) > 1 else fact.value


def _unknown(fact: UnknownFact) -> Any:
    return fact.model_dump(mode="json") if fact.asked_as else fact.name

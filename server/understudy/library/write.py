"""Personas and goals back to pack YAML: what is written here loads again as the same values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.value import JsonObject

__all__ = ["goal_entry", "pack_yaml", "persona_entry"]


def persona_entry(persona: Persona) -> JsonObject:
    """A persona as it stands in a pack: defaults left out, facts in their short form."""
    body = persona.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if "knowledge" in body:
        body["knowledge"] = _short_facts(body["knowledge"])
    return body


def goal_entry(goal: Goal) -> JsonObject:
    """A goal as it stands in a pack: defaults left out, facts in their short form."""
    body = _short_facts(goal.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    for entry, criterion in zip(body.get("success", ()), goal.success, strict=True):
        # The tag of a check equals its default, so that leaving out defaults would lose it.
        entry["check"] = {"check": criterion.check.check, **entry["check"]}
    for entry in body.get("complications", ()):
        if "changes" in entry:
            entry["changes"] = _by_name(entry["changes"])
    return body


def pack_yaml(id: str, title: str, *, personas: Sequence[Persona] = (), goals: Sequence[Goal] = (), company: str | None = None) -> str:
    """The text of a pack file. `company` is the name of a Markdown file beside it."""
    pack: JsonObject = {"pack": id, "title": title}
    if company:
        pack["company"] = company
    pack["personas"] = [persona_entry(persona) for persona in personas]
    pack["goals"] = [goal_entry(goal) for goal in goals]
    return yaml.dump(pack, Dumper=_PackDumper, sort_keys=False, allow_unicode=True, width=110, indent=2)


def _short_facts(body: JsonObject) -> JsonObject:
    short = dict(body)
    if "known" in short:
        short["known"] = _by_name(short["known"])
    if "unknown" in short:
        short["unknown"] = {fact["name"]: list(fact.get("asked_as", ())) for fact in short["unknown"]}
    return short


def _by_name(facts: Sequence[JsonObject]) -> Any:
    """`{name: value}`; the list as it is when a name comes twice."""
    if len({fact["name"] for fact in facts}) < len(facts):
        return list(facts)
    return {fact["name"]: fact["value"] if len(fact) == 2 else {k: v for k, v in fact.items() if k != "name"} for fact in facts}


class _PackDumper(yaml.SafeDumper):
    """Indents lists under their key, as people write them, and repeats rather than using aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

"""Personas and goals back to pack YAML: what is written here loads again as the same values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.value import JsonObject
from understudy.library.entries import goal_entry, persona_entry

__all__ = ["pack_yaml"]


def pack_yaml(id: str, title: str, *, personas: Sequence[Persona] = (), goals: Sequence[Goal] = (), company: str | None = None) -> str:
    """The text of a pack file. `company` is the name of a Markdown file beside it."""
    pack: JsonObject = {"pack": id, "title": title}
    if company:
        pack["company"] = company
    pack["personas"] = [persona_entry(persona) for persona in personas]
    pack["goals"] = [goal_entry(goal) for goal in goals]
    return yaml.dump(pack, Dumper=_PackDumper, sort_keys=False, allow_unicode=True, width=110, indent=2)


class _PackDumper(yaml.SafeDumper):
    """Indents lists under their key, as people write them, and repeats rather than using aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

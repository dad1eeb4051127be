"""A persona pack: one YAML file with personas and goals, and the Markdown context of the company that they call.

    pack: clinic
    title: Clinic scheduling
    company: clinic.md
    personas: [...]
    goals: [...]

One broken item is a problem with its file, line and field; the rest of the pack still lists.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from understudy.domain.errors import BadFile, nearest
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.value import Value
from understudy.library.references import dangling_in_goal, dangling_in_persona
from understudy.library.salvage import parse_leniently
from understudy.library.validation import check
from understudy.library.yaml_source import Located, Location, read_text

__all__ = ["Pack", "Problem", "load_pack"]

_KEYS = ("pack", "title", "company", "personas", "goals")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

ItemT = TypeVar("ItemT", Persona, Goal)


class Problem(Value):
    """Something in a file of the library that does not fit, and where."""

    path: str
    line: int | None = None
    field: str | None = None
    """Dotted, from the item: `triggers[0].when`."""
    item: str = ""
    """The item that it is in: an id, or its place in the list; empty for the file itself."""
    message: str
    """What is wrong and what to do, in a sentence or two."""
    reference: str | None = None
    """The id of a goal that was named and is not in this file; it may be in another one."""

    def __str__(self) -> str:
        where = self.path + (f":{self.line}" if self.line else "")
        what = ": ".join(f"`{part}`" for part in (self.item, self.field) if part)
        return f"{where}: {what + ': ' if what else ''}{self.message}"

    @classmethod
    def of(cls, error: BadFile, item: str = "") -> Problem:
        """The problem that an error tells."""
        message = error.problem + (f". {error.fix}" if error.fix else "")
        return cls(path=error.path, line=error.line, field=error.field, item=item, message=message)


class Pack(Value):
    """What a pack file holds, as far as it could be read."""

    id: str
    title: str
    path: str
    company_text: str = ""
    """The company's context in Markdown; empty when the pack has none."""
    personas: tuple[Persona, ...] = ()
    goals: tuple[Goal, ...] = ()
    problems: tuple[Problem, ...] = ()


def load_pack(path: Path) -> Pack:
    """The pack in a file. Raises BadFile when the file cannot be read at all or is not a pack."""
    root, left_out = parse_leniently(read_text(path), str(path))
    if not root.is_mapping:
        raise BadFile(str(path), root.line, None, "is not a pack", "A pack begins with `pack: <id>` and lists `personas` and `goals`")
    problems = [Problem.of(item.error, item.item) for item in left_out]
    parts = dict(root.entries())
    problems += [_unknown_key(part, key) for key, part in parts.items() if key not in _KEYS]
    goals = _items(Goal, parts.get("goals"), "goals", problems)
    personas = _items(Persona, parts.get("personas"), "personas", problems)
    _check_references(personas, goals, problems)
    return Pack(
        id=_pack_id(path, parts.get("pack"), problems),
        title=_text(parts.get("title"), "title", problems) or path.stem.replace("-", " ").capitalize(),
        path=str(path),
        company_text=_company(path, parts.get("company"), problems),
        personas=tuple(persona for _, persona in personas),
        goals=tuple(goal for _, goal in goals),
        problems=tuple(sorted(problems, key=lambda p: p.line or 0)),
    )


def _unknown_key(part: Located, key: str) -> Problem:
    near = nearest(key, _KEYS)
    advice = f"Did you mean `{near}`?" if near else f"Known keys: {', '.join(_KEYS)}"
    return Problem(path=part.path, line=part.line, field=key, message=f"unknown key. {advice}")


def _text(part: Located | None, field: str, problems: list[Problem]) -> str:
    value = part.value if part else None
    if value is None or isinstance(value, str):
        return value or ""
    problems.append(Problem(path=part.path if part else "", line=part.line if part else None, field=field, message="has to be text"))
    return ""


def _pack_id(path: Path, part: Located | None, problems: list[Problem]) -> str:
    id = _text(part, "pack", problems)
    if _SLUG.fullmatch(id):
        return id
    line = part.line if part else 1
    message = "has to be an id of lower-case letters, digits and hyphens" if part else "is missing. Add `pack: <id>`"
    problems.append(Problem(path=str(path), line=line, field="pack", message=message))
    return re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_") or "pack"


def _company(path: Path, part: Located | None, problems: list[Problem]) -> str:
    name = _text(part, "company", problems)
    if not name or part is None:
        return ""
    try:
        return read_text(path.parent / name)
    except BadFile as error:
        message = f"the company context `{name}`: {error.problem}. It is looked for beside the pack"
        problems.append(Problem(path=str(path), line=part.line, field="company", message=message))
        return ""


def _items(kind: type[ItemT], part: Located | None, field: str, problems: list[Problem]) -> list[tuple[Located, ItemT]]:
    """The items that fit, each with its place; the others become problems."""
    found: dict[str, tuple[Located, ItemT]] = {}
    if part is not None and not part.is_list and part.value is not None:
        problems.append(Problem(path=part.path, line=part.line, field=field, message="has to be a list. Begin each item with `- id: ...`"))
    for number, located in enumerate(part.items() if part else ()):
        value, errors = check(kind, located)
        problems += [Problem.of(error, _item_name(located, field, number)) for error in errors]
        if value is None:
            continue
        if value.id in found:
            first = found[value.id][0].line
            message = f"this id is taken in line {first}. Give it another id"
            problems.append(Problem(path=located.path, line=located.line, field="id", item=value.id, message=message))
            continue
        found[value.id] = (located, value)
    return list(found.values())


def _item_name(located: Located, field: str, number: int) -> str:
    try:
        id = next((part.value for key, part in located.entries() if key == "id"), None)
    except BadFile:
        id = None
    return id if isinstance(id, str) else f"{field}[{number}]"


def _check_references(personas: list[tuple[Located, Persona]], goals: list[tuple[Located, Goal]], problems: list[Problem]) -> None:
    ids = [goal.id for _, goal in goals]
    for located, persona in personas:
        if persona.goal is not None and persona.goal not in ids:
            near = nearest(persona.goal, ids)
            message = f"there is no goal `{persona.goal}`. " + (f"Did you mean `{near}`?" if near else "Add it under `goals`")
            problems.append(_at(located, ("goal",), persona.id, message).evolve(reference=persona.goal))
        problems += [_at(located, location, persona.id, message) for location, message in dangling_in_persona(persona)]
    for located, goal in goals:
        players = [persona for _, persona in personas if persona.goal == goal.id]
        problems += [_at(located, location, goal.id, message) for location, message in dangling_in_goal(goal, players)]


def _at(located: Located, location: Location, item: str, message: str) -> Problem:
    line, field = located.find(location)
    return Problem(path=located.path, line=line, field=field, item=item, message=message)

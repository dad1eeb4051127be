"""Personas, goals, rubrics and topics: the library's, overlaid with what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from understudy.app.context import App
from understudy.domain.errors import NotFound
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.query import Topic
from understudy.domain.rubric import Rubric
from understudy.ports import Document, DocumentKind

__all__ = ["find_goal", "find_persona", "find_rubric", "find_topic", "goals", "personas", "rubrics", "topics"]

Item = TypeVar("Item", Persona, Goal, Rubric, Topic)


async def _overlaid(
    app: App, kind: DocumentKind, of: type[Item], library: Mapping[str, Item], *, archived: bool = False
) -> dict[str, Item]:
    store = await app.store()
    items: dict[str, Item] = dict(library)
    for document in await store.documents(kind, archived=True):
        if document.archived and not archived:
            items.pop(document.id, None)
        else:
            items[document.id] = _as_item(document, of)
    return dict(sorted(items.items()))


def _as_item(document: Document, of: type[Item]) -> Item:
    item = of.model_validate(document.body)
    return item if isinstance(item, Topic) else item.evolve(version=document.version)


async def personas(app: App, *, archived: bool = False) -> dict[str, Persona]:
    """Every persona by id, the store's before the library's."""
    return await _overlaid(app, "persona", Persona, app.library.personas, archived=archived)


async def goals(app: App) -> dict[str, Goal]:
    """Every goal by id."""
    return await _overlaid(app, "goal", Goal, app.library.goals)


async def rubrics(app: App) -> dict[str, Rubric]:
    """Every rubric by id."""
    return await _overlaid(app, "rubric", Rubric, app.library.rubrics)


async def topics(app: App) -> dict[str, Topic]:
    """Every topic by id."""
    return await _overlaid(app, "topic", Topic, app.library.topics)


async def find_persona(app: App, id: str, version: int | None = None) -> Persona:
    """The newest version of a persona, or the one asked for, archived ones too. Raises NotFound."""
    store = await app.store()
    document = await store.document("persona", id, version=version)
    if document is not None:
        return _as_item(document, Persona)
    own = app.library.personas.get(id)
    if own is not None and version in (None, own.version):
        return own
    if own is not None or await store.document("persona", id) is not None:
        raise NotFound("version of persona", f"{id}@{version}", hint="Leave `version` out to read the newest")
    raise NotFound("persona", id, await personas(app), hint=_and_unloaded(app, "List them with list_personas (`understudy personas`)"))


async def find_goal(app: App, id: str) -> Goal:
    """The newest version of a goal. Raises NotFound."""
    known = await goals(app)
    if id not in known:
        raise NotFound("goal", id, known, hint=_and_unloaded(app, "List them with list_goals (`understudy goals`)"))
    return known[id]


async def find_rubric(app: App, id: str) -> Rubric:
    """The newest version of a rubric; an archived one too, such as that of a query's expected answer. Raises NotFound."""
    known = await rubrics(app)
    if id not in known and (document := await (await app.store()).document("rubric", id)) is not None:
        return _as_item(document, Rubric)
    if id not in known:
        raise NotFound("rubric", id, known, hint=_and_unloaded(app))
    return known[id]


async def find_topic(app: App, id: str) -> Topic:
    """A topic. Raises NotFound."""
    known = await topics(app)
    if id not in known:
        raise NotFound("topic", id, known, hint=_and_unloaded(app))
    return known[id]


def _and_unloaded(app: App, hint: str = "") -> str:
    """The hint, and what did not load of the user's files: what is looked for may be in there."""
    problems = [str(problem) for problem in app.library.problems]
    if not problems:
        return hint
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{hint + '. ' if hint else ''}Some of your files did not load: {problems[0]}{more}"

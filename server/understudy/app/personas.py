"""List, read, create, change and archive personas."""

from __future__ import annotations

from typing import Literal

from understudy.app.catalogue import find_persona, goals, personas
from understudy.app.context import App, Change
from understudy.app.pages import cut, page_of
from understudy.app.validation import refuse_dangling, validated
from understudy.domain.errors import BadInput, Conflict, nearest
from understudy.domain.persona import Persona
from understudy.domain.value import JsonObject, Value
from understudy.library.entries import persona_entry

__all__ = ["PersonaPage", "PersonaRow", "PersonaView", "create_persona", "get_persona", "list_personas", "update_persona"]


class PersonaRow(Value):
    """One persona in a list."""

    id: str
    name: str
    summary: str
    emotion: str
    language: str
    goal: str | None = None
    tags: tuple[str, ...] = ()
    version: int = 1
    profile: str | None = None
    traits: tuple[str, ...] | None = None
    style: str | None = None


class PersonaPage(Value):
    """A page of personas."""

    personas: list[PersonaRow]
    total: int
    next_cursor: str | None = None
    problems: list[str] = []
    """Items of packs that did not load."""


class PersonaView(Value):
    """One persona, whole."""

    persona: JsonObject
    uri: str
    source: Literal["library", "store"]
    archived: bool = False


def _row(persona: Persona, *, full: bool) -> PersonaRow:
    row = PersonaRow(
        id=persona.id,
        name=persona.name,
        summary=persona.summary or cut(persona.intents.primary, 90),
        emotion=persona.emotion,
        language=persona.language,
        goal=persona.goal,
        tags=persona.tags,
        version=persona.version,
    )
    return row.evolve(profile=persona.profile, traits=persona.traits, style=persona.style) if full else row


def _matches(persona: Persona, text: str | None, tag: str | None, emotion: str | None, language: str | None) -> bool:
    if tag and tag not in persona.tags:
        return False
    if emotion and persona.emotion != emotion:
        return False
    if language and persona.language.split("-")[0] != language.split("-")[0]:
        return False
    if not text:
        return True
    words = " ".join(
        (
            persona.id,
            persona.name,
            persona.summary,
            persona.segment,
            persona.profile,
            persona.intents.primary,
            persona.company,
            persona.emotion,
            persona.goal or "",
            *persona.tags,
            *persona.traits,
        )
    ).casefold()
    return all(word in words for word in text.casefold().split())


async def list_personas(
    app: App,
    *,
    query: str | None = None,
    tag: str | None = None,
    emotion: str | None = None,
    language: str | None = None,
    archived: bool = False,
    detail: Literal["concise", "full"] = "concise",
    cursor: str | None = None,
    limit: int = 25,
) -> PersonaPage:
    """Personas that fit every filter, by id. Raises BadInput for a foreign cursor."""
    known = await personas(app, archived=archived)
    rows = [_row(p, full=detail == "full") for p in known.values() if _matches(p, query, tag, emotion, language)]
    kept, next_cursor = page_of(rows, cursor, limit)
    problems = [] if cursor else [cut(str(problem), 200) for problem in app.library.problems[:10]]
    return PersonaPage(personas=kept, total=len(rows), next_cursor=next_cursor, problems=problems)


async def get_persona(app: App, persona_id: str, *, version: int | None = None) -> PersonaView:
    """One persona, whole. Raises NotFound with the nearest id."""
    persona = await find_persona(app, persona_id, version)
    document = await (await app.store()).document("persona", persona_id)
    return PersonaView(
        persona=persona_entry(persona) | {"version": persona.version},
        uri=f"persona://{persona.id}",
        source="library" if document is None else "store",
        archived=document is not None and document.archived,
    )


def _refuse_dangling(persona: Persona) -> None:
    from understudy.library.references import dangling_in_persona

    refuse_dangling(dangling_in_persona(persona))


async def create_persona(app: App, spec: JsonObject, *, based_on: str | None = None) -> PersonaView:
    """A new persona from a full specification, or from another persona with changes. Raises BadInput, Conflict, NotFound."""
    if based_on is not None:
        base = await find_persona(app, based_on)
        spec = {**base.model_dump(mode="json", by_alias=True), **spec}
        if spec["id"] == based_on:
            raise BadInput("id", f"`{based_on}` is the persona it is based on", "Give the new persona an id of its own")
    persona = validated(Persona, {**spec, "version": 1})
    if persona.id in await personas(app, archived=True):
        raise Conflict(f"Persona `{persona.id}` exists already. Change that one (update_persona), or choose another id.")
    _refuse_dangling(persona)
    await _refuse_unknown_goal(app, persona)
    await _store(app, persona, expect_version=0)
    return await get_persona(app, persona.id)


async def update_persona(
    app: App, persona_id: str, changes: JsonObject, *, expect_version: int | None = None, archived: bool | None = None
) -> PersonaView:
    """A new version with `changes` (field by field), or the persona hidden from lists or brought back.

    Old transcripts keep the version they ran with. Raises NotFound, BadInput, and Conflict when `expect_version` is not
    the newest.
    """
    persona = await find_persona(app, persona_id)
    if expect_version is not None and persona.version != expect_version:
        raise Conflict(f"Persona `{persona_id}` is at version {persona.version}, not {expect_version}. Read it again and redo the change.")
    if fixed := sorted({"id", "version"} & set(changes)):
        raise BadInput(fixed[0], "cannot be changed", "Leave it out, or create another persona with `based_on`")
    changed = validated(Persona, {**persona.model_dump(mode="json", by_alias=True), **changes})
    if "triggers" in changes:
        _refuse_dangling(changed)
    if "goal" in changes:
        await _refuse_unknown_goal(app, changed)
    store = await app.store()
    if await store.document("persona", persona_id) is None:
        await _store(app, persona, expect_version=0)  # the library's own version, so that the new one is the next
    if changes:
        await _store(app, changed)
    if archived is not None:
        await store.archive_document("persona", persona_id, archived=archived, at=app.clock())
        await app.announce(Change("persona", persona_id, listed=True))
    return await get_persona(app, persona_id)


async def _refuse_unknown_goal(app: App, persona: Persona) -> None:
    known = await goals(app)
    if persona.goal is None or persona.goal in known:
        return
    near = nearest(persona.goal, known)
    fix = f"Did you mean `{near}`?" if near else "Create it first, or leave `goal` out: then `intents` are what they want"
    raise BadInput("goal", f"there is no goal `{persona.goal}`", fix)


async def _store(app: App, persona: Persona, *, expect_version: int | None = None) -> None:
    body = persona.model_dump(mode="json", by_alias=True, exclude={"version"})
    await (await app.store()).put_document("persona", persona.id, body, at=app.clock(), expect_version=expect_version)
    await app.announce(Change("persona", persona.id, listed=True))

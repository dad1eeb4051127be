"""The list of resources, page by page: what the server has fixed, then the catalogue, then campaigns and then
transcripts, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from mcp.types import Resource

from understudy.app.catalogue import goals, personas, rubrics, topics
from understudy.app.context import App
from understudy.app.pages import cut, decode_cursor, encode_cursor
from understudy.domain.campaign import Campaign
from understudy.domain.errors import BadInput
from understudy.ports import RunRecord

__all__ = ["resource_page"]

IN_CATALOGUE, IN_CAMPAIGNS, IN_TRANSCRIPTS = "catalogue", "campaigns", "transcripts"


async def resource_page(app: App, fixed: Sequence[Resource], cursor: str | None, size: int) -> tuple[list[Resource], str | None]:
    """One page and the cursor to the next. Raises BadInput for a foreign cursor."""
    part, position, last_id = decode_cursor(cursor, str, float, str) if cursor else (IN_CATALOGUE, 0.0, "")
    if part == IN_TRANSCRIPTS:
        return await _transcripts(app, (position, last_id) if last_id else None, size)
    if part == IN_CAMPAIGNS and position >= 0:
        return await _campaigns(app, int(position), size)
    if part != IN_CATALOGUE or position < 0:
        raise BadInput("cursor", "is not a cursor of this list", "Leave it out to start again")
    start = int(position)
    rows = [*fixed, *await _catalogue(app)]
    page = rows[start : start + size]
    if start + size < len(rows):
        return page, encode_cursor(IN_CATALOGUE, float(start + size), "")
    store = await app.store()
    if await store.campaigns(limit=1):
        return page, encode_cursor(IN_CAMPAIGNS, 0.0, "")
    return page, encode_cursor(IN_TRANSCRIPTS, 0.0, "") if await store.count_runs() else None


async def _catalogue(app: App) -> list[Resource]:
    rows = [_entry("persona", p.id, p.name, p.summary or p.intents.primary) for p in (await personas(app)).values()]
    rows += [_entry("goal", g.id, g.title, f"{g.field}: {g.steps[0].say}") for g in (await goals(app)).values()]
    rows += [_entry("topic", t.id, t.topic, f"{len(t.example_types)} example users") for t in (await topics(app)).values()]
    rows += [_entry("rubric", r.id, r.title, f"{len(r.criteria)} criteria") for r in (await rubrics(app)).values()]
    return rows


def _entry(kind: str, id: str, title: str, description: str) -> Resource:
    return Resource(uri=f"{kind}://{id}", name=id, title=title, description=cut(description, 160), mime_type="application/json")


async def _campaigns(app: App, start: int, size: int) -> tuple[list[Resource], str | None]:
    store = await app.store()
    found = await store.campaigns(limit=size // 2 + 1, offset=start)
    shown = found[: size // 2]
    rows = [row for campaign in shown for row in _campaign_and_report(campaign)]
    if len(found) > len(shown):
        return rows, encode_cursor(IN_CAMPAIGNS, float(start + len(shown)), "")
    return rows, encode_cursor(IN_TRANSCRIPTS, 0.0, "") if await store.count_runs() else None


def _campaign_and_report(campaign: Campaign) -> list[Resource]:
    title = f"{campaign.spec.name} · {', '.join(campaign.spec.targets)}"
    how = cut(f"{campaign.total} conversations, {campaign.status}", 160)
    uri, report = f"campaign://{campaign.id}", f"report://{campaign.id}"
    return [
        Resource(uri=uri, name=campaign.id, title=title, description=how, mime_type="application/json"),
        Resource(uri=report, name=f"{campaign.id}-report", title=f"Report: {title}", description=how, mime_type="text/html"),
    ]


async def _transcripts(app: App, before: tuple[float, str] | None, size: int) -> tuple[list[Resource], str | None]:
    records = await (await app.store()).runs(limit=size // 2 + 1, before=before)
    shown = records[: size // 2]
    rows = [row for record in shown for row in _both(record)]
    last = shown[-1] if shown else None
    more = len(records) > len(shown) and last is not None
    return rows, encode_cursor(IN_TRANSCRIPTS, last.created_at, last.id) if more and last else None


def _both(record: RunRecord) -> list[Resource]:
    scenario = record.scenario
    title = f"{scenario.persona.name} · {scenario.goal.title} · {scenario.target}"
    how = f"{record.turns} turns, {record.ending or record.status}, {record.outcome or 'not judged'}"
    uri = f"transcript://{record.id}"
    return [
        Resource(uri=uri, name=record.id, title=title, description=how, mime_type="application/json"),
        Resource(uri=f"{uri}/markdown", name=f"{record.id}-markdown", title=title, description=how, mime_type="text/markdown"),
    ]

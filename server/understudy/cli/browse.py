"""`understudy personas` and `understudy goals`."""

from __future__ import annotations

import json

import click

from understudy.app.catalogue import find_goal, find_persona
from understudy.app.context import App
from understudy.app.goals import GoalPage, list_goals
from understudy.app.personas import PersonaPage, get_persona, list_personas
from understudy.cli.output import print_json, table
from understudy.cli.session import run

__all__ = ["goals", "personas"]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON on stdout, and nothing else.")


@click.command()
@click.argument("persona_id", required=False)
@click.option("--query", help="Words that must occur.")
@click.option("--tag", help="Only with this tag.")
@click.option("--emotion", help="Only in this mood.")
@click.option("--language", help="Only speaking it: en, de, es.")
@click.option("--archived", is_flag=True, help="Also archived ones.")
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True)
@click.option("--cursor", help="next_cursor of the page before.")
@click.option("--yaml", "as_yaml", is_flag=True, help="PERSONA_ID as a pack of its own, to keep and to edit.")
@AS_JSON
@click.pass_context
def personas(
    context: click.Context,
    persona_id: str | None,
    query: str | None,
    tag: str | None,
    emotion: str | None,
    language: str | None,
    archived: bool,
    limit: int,
    cursor: str | None,
    as_yaml: bool,
    as_json: bool,
) -> None:
    """List personas, or show PERSONA_ID whole."""
    if persona_id and as_yaml:
        from understudy.library.write import pack_yaml

        found = run(context, lambda app: find_persona(app, persona_id))
        click.echo(pack_yaml(found.id, found.name, personas=[found]), nl=False)
        return
    if persona_id:
        view = run(context, lambda app: get_persona(app, persona_id))
        print_json(view) if as_json else click.echo(json.dumps(view.persona, indent=2, ensure_ascii=False))
        return

    async def pages(app: App) -> PersonaPage:
        """As many pages as it takes: what a model reads at once is less than what fits on a screen."""
        page = await list_personas(
            app, query=query, tag=tag, emotion=emotion, language=language, archived=archived, limit=limit, cursor=cursor
        )
        while page.next_cursor and len(page.personas) < limit:
            more = await list_personas(
                app, query=query, tag=tag, emotion=emotion, language=language, archived=archived,
                limit=limit - len(page.personas), cursor=page.next_cursor,
            )  # fmt: skip
            page = page.evolve(personas=page.personas + more.personas, next_cursor=more.next_cursor)
        return page

    page = run(context, pages)
    if as_json:
        print_json(page)
        return
    table(["id", "mood", "lang", "goal", "who"], [[p.id, p.emotion, p.language, p.goal or "-", p.summary] for p in page.personas])
    _foot(len(page.personas), page.total, "personas", page.next_cursor, page.problems)


@click.command()
@click.argument("goal_id", required=False)
@click.option("--query", help="Words that must occur.")
@click.option("--field", help="Only this field of business: clinic, bank, ...")
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True)
@click.option("--cursor", help="next_cursor of the page before.")
@click.option("--yaml", "as_yaml", is_flag=True, help="GOAL_ID as a pack of its own, to keep and to edit.")
@AS_JSON
@click.pass_context
def goals(
    context: click.Context,
    goal_id: str | None,
    query: str | None,
    field: str | None,
    limit: int,
    cursor: str | None,
    as_yaml: bool,
    as_json: bool,
) -> None:
    """List goals, or show GOAL_ID whole."""
    if goal_id and as_yaml:
        from understudy.library.write import pack_yaml

        found = run(context, lambda app: find_goal(app, goal_id))
        click.echo(pack_yaml(found.id, found.title, goals=[found]), nl=False)
        return

    async def pages(app: App) -> GoalPage:
        page = await list_goals(
            app, goal_id=goal_id, query=query, field=field, limit=limit, cursor=cursor, detail="full" if goal_id else "concise"
        )
        while page.next_cursor and len(page.goals) < limit:
            more = await list_goals(app, query=query, field=field, limit=limit - len(page.goals), cursor=page.next_cursor)
            page = page.evolve(goals=page.goals + more.goals, next_cursor=more.next_cursor)
        return page

    page = run(context, pages)
    if as_json:
        print_json(page.goals[0] if goal_id else page)
    elif goal_id:
        click.echo(json.dumps(page.goals[0].goal, indent=2, ensure_ascii=False))
    else:
        table(["id", "field", "hand-over", "wants"], [[g.id, g.field, g.escalation, g.title] for g in page.goals])
        _foot(len(page.goals), page.total, "goals", page.next_cursor, page.problems)


def _foot(shown: int, total: int, what: str, next_cursor: str | None, problems: list[str]) -> None:
    more = f"; the next page: --cursor {next_cursor}" if next_cursor else ""
    click.echo(click.style(f"\n{shown} of {total} {what}{more}", dim=True))
    for problem in problems:
        click.echo(f"{click.style('problem', fg='yellow')} {problem}", err=True)

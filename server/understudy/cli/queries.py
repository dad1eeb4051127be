"""`understudy queries`: generate a batch, list, accept, reject, edit."""

from __future__ import annotations

from typing import Literal

import click

from understudy.app.queries import Decision, QueryPage, compare_queries, generate_queries, review_queries
from understudy.cli.browse import AS_JSON
from understudy.cli.output import plain, print_json, table
from understudy.cli.session import run
from understudy.domain.query import ReviewState
from understudy.queries.measure import Measured

__all__ = ["queries"]


@click.group()
def queries() -> None:
    """Generate queries grounded in topics, and review them."""


@queries.command()
@click.option("--count", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--pack", help="Topics, personas and company of this pack: clinic, bank, ...")
@click.option("--topic", "topics", multiple=True, help="Only this topic (may be given again).")
@click.option("--persona", "personas", multiple=True, help="Only this persona (may be given again).")
@click.option("--method", type=click.Choice(["offline", "naive"]), default="offline", show_default=True, help="naive is the baseline.")
@click.option("--seed", type=int, help="Same seed, same batch.")
@click.option("--dry-run", is_flag=True, help="Only show topics and example users.")
@AS_JSON
@click.pass_context
def generate(
    context: click.Context,
    count: int,
    pack: str | None,
    topics: tuple[str, ...],
    personas: tuple[str, ...],
    method: Literal["offline", "naive"],
    seed: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a batch of queries."""
    page = run(
        context,
        lambda app: generate_queries(
            app, count=count, pack=pack, topic_ids=topics, persona_ids=personas, method=method, seed=seed, dry_run=dry_run
        ),
    )
    _show(page, as_json)
    if not as_json and (made := page.made) is not None:
        short = f" of {made['requested']} asked for: the material holds no more distinct ones" if page.total < made["requested"] else ""
        click.echo(f"batch {page.batch}: {page.total} queries{short}")
        click.echo(f"{made['dropped_duplicates']} near-duplicates dropped, {made['replaced']} replaced")


@queries.command()
@click.option("--count", type=click.IntRange(2, 500), default=50, show_default=True, help="Queries on each side, if there is material.")
@click.option("--pack", help="Material of this pack: clinic, bank, ... Default: the topics and company of the settings.")
@click.option("--seed", type=int)
@AS_JSON
@click.pass_context
def compare(context: click.Context, count: int, pack: str | None, seed: int | None, as_json: bool) -> None:
    """Measure grounded queries beside the naive baseline. Keeps nothing."""
    found = run(context, lambda app: compare_queries(app, count=count, pack=pack, seed=seed))
    if as_json:
        print_json(found)
        return
    rows = [
        [name, _figure(getattr(found.naive, name)), _figure(getattr(found.grounded, name))]
        for name in type(found.naive).model_fields
        if name != "queries"
    ]
    table(["", f"naive ({found.compared})", f"grounded ({found.compared})"], rows)


def _figure(measured: Measured) -> str:
    return "-" if measured.value is None else f"{measured.value:.2f} of {measured.of} {measured.unit}"


@queries.command(name="list")
@click.option("--batch", help="Only this batch.")
@click.option("--state", type=click.Choice(["pending", "accepted", "rejected", "edited"]))
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option("--cursor", help="next_cursor of the page before.")
@AS_JSON
@click.pass_context
def list_(context: click.Context, batch: str | None, state: ReviewState | None, limit: int, cursor: str | None, as_json: bool) -> None:
    """List queries with their review state."""
    _show(run(context, lambda app: review_queries(app, batch=batch, show=state, limit=limit, cursor=cursor)), as_json)


@queries.command()
@click.argument("query_id")
@click.argument("decision", type=click.Choice(["accept", "reject", "edit"]))
@click.option("--reason", default="", help="Needed to reject.")
@click.option("--text", help="Needed to edit: the new wording.")
@AS_JSON
@click.pass_context
def review(
    context: click.Context, query_id: str, decision: Literal["accept", "reject", "edit"], reason: str, text: str | None, as_json: bool
) -> None:
    """Record what an expert decided about QUERY_ID."""
    made = Decision(query_id=query_id, decision=decision, reason=reason, text=text)
    page = run(context, lambda app: review_queries(app, decisions=[made], limit=1))
    if as_json:
        print_json(page)
    else:
        click.echo(f"{query_id}: {decision}ed" if decision != "edit" else f"{query_id}: edited")


def _show(page: QueryPage, as_json: bool) -> None:
    if as_json:
        print_json(page)
        return
    table(["id", "state", "topic", "query"], [[q.id, q.review, q.topic or "-", plain(q.query)] for q in page.queries])
    more = f"; the next page: --cursor {page.next_cursor}" if page.next_cursor else ""
    click.echo(click.style(f"\n{len(page.queries)} of {page.total}{more}", dim=True))

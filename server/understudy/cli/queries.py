"""`understudy queries`: generate a batch, list, review, export and import, compare, and ask a target."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal, get_args

import click

from understudy.app.queries import Decision, QueryPage, generate_queries, review_queries
from understudy.app.query_files import export_queries, import_queries
from understudy.app.query_report import as_markdown, compare_queries, figure
from understudy.app.query_runs import Mismatch, QueryRunsView, run_queries
from understudy.app.validation import validated
from understudy.cli.browse import AS_JSON
from understudy.cli.output import plain, print_json, table
from understudy.cli.session import run
from understudy.domain.query import ExpectedAnswer, QueryMethod, ReviewState, Tone
from understudy.queries.measure import FIGURES

__all__ = ["queries"]


async def _progress(done: int, most: int, line: str) -> None:
    """On stderr, where a terminal shows it and no pipe gets it."""
    if sys.stderr.isatty():
        end = "\n" if done == most else ""
        click.echo(f"\r{plain(line)}\x1b[K{end}", err=True, nl=False)


@click.group()
def queries() -> None:
    """Generate queries grounded in topics, and review them."""


@queries.command()
@click.option("--count", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--pack", help="Topics, personas and company of this pack: clinic, bank, ...")
@click.option("--topic", "topics", multiple=True, help="Only this topic (may be given again).")
@click.option("--persona", "personas", multiple=True, help="Only this persona (may be given again).")
@click.option(
    "--method",
    type=click.Choice(["offline", "naive", "model", "naive-model"]),
    default="offline",
    show_default=True,
    help="naive: the baseline from company context alone. model, naive-model: written by `models.generator` of the settings.",
)
@click.option("--seed", type=int, help="Same seed, same batch.")
@click.option("--continue", "--idempotency-key", "key", metavar="BATCH|KEY", help="Go on with this batch, or with the one of your key.")
@click.option("--dry-run", is_flag=True, help="Only show topics and example users.")
@AS_JSON
@click.pass_context
def generate(
    context: click.Context,
    count: int,
    pack: str | None,
    topics: tuple[str, ...],
    personas: tuple[str, ...],
    method: QueryMethod,
    seed: int | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a batch of queries."""
    page = run(
        context,
        lambda app: generate_queries(
            app, count=count, pack=pack, topic_ids=topics, persona_ids=personas, method=method, seed=seed, dry_run=dry_run,
            idempotency_key=key, wait_s=None, progress=_progress,
        ),
    )  # fmt: skip
    _show(page, as_json)
    if not as_json and (made := page.made) is not None:
        short = f" of {made['requested']} asked for" if page.total < made["requested"] else ""
        click.echo(f"batch {page.batch}: {page.total} queries{short}")
        others = (("dropped_off_topic", "off topic dropped"), ("failed", "calls failed"), ("unsure", "kept unsure of their topic"))
        counted = "".join(f", {made[name]} {words}" for name, words in others if name in made)
        click.echo(f"{made['dropped_duplicates']} near-duplicates dropped{counted}, {made['replaced']} replaced")
        if page.total < made["requested"]:
            click.echo(plain(page.note), err=True)


@queries.command()
@click.option("--count", type=click.IntRange(2, 500), default=50, show_default=True, help="Queries on each side, if there is material.")
@click.option("--pack", help="Material of this pack: clinic, bank, ... Default: the topics and company of the settings.")
@click.option("--seed", type=int)
@click.option("--model", is_flag=True, help="Have both sides written by `models.generator`; they are kept as two batches.")
@click.option("--naive", metavar="BATCH", help="A naive batch that exists; goes with --grounded.")
@click.option("--grounded", metavar="BATCH", help="A grounded batch that exists; goes with --naive.")
@click.option("--markdown", is_flag=True, help="A table for people, with what each figure means.")
@AS_JSON
@click.pass_context
def compare(
    context: click.Context,
    count: int,
    pack: str | None,
    seed: int | None,
    model: bool,
    naive: str | None,
    grounded: str | None,
    markdown: bool,
    as_json: bool,
) -> None:
    """Measure grounded queries beside the naive baseline."""
    if (naive is None) != (grounded is None):
        raise click.UsageError("Give both --naive and --grounded, or neither.")
    if model and naive is not None:
        raise click.UsageError("Give either --model or two batches.")
    batches = (naive, grounded) if naive is not None and grounded is not None else None
    found = run(
        context,
        lambda app: compare_queries(app, count=count, pack=pack, seed=seed, model=model, batches=batches, progress=_progress),
    )
    if as_json:
        print_json(found)
        return
    if markdown:
        click.echo(as_markdown(found), nl=False)
        return
    sides = (found.naive, found.grounded, found.examples)
    rows = [[name, *(figure(getattr(side, name)) for side in sides)] for name in FIGURES]
    table(["", f"naive ({found.compared})", f"grounded ({found.compared})", f"examples ({found.examples.queries})"], rows)
    click.echo(click.style(f"\nnaive: {found.naive_from}; grounded: {found.grounded_from}", dim=True))


@queries.command()
@click.argument("batch")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@AS_JSON
@click.pass_context
def export(context: click.Context, batch: str, file: Path, force: bool, as_json: bool) -> None:
    """Write BATCH to FILE (.csv or .jsonl) for reviewers."""
    done = run(context, lambda app: export_queries(app, batch, file, force=force))
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.queries} queries in {done.file}")
        click.echo("Edit `review`, `reason`, `query` and `expected_*`, then: understudy queries import FILE")


@queries.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@AS_JSON
@click.pass_context
def import_(context: click.Context, file: Path, as_json: bool) -> None:
    """Apply the decisions of an edited FILE, all of them or none."""
    done = run(context, lambda app: import_queries(app, file))
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.changed} changed, {done.added} added, {done.unchanged} as before, {done.left_as_they_are} not in the file and left")
    click.echo("now: " + ", ".join(f"{n} {state}" for state, n in sorted(done.counts.items())))
    if done.new_batch:
        click.echo(f"new rows are in batch {done.new_batch}")
    for line in done.ignored:
        click.echo(plain(line), err=True)


@queries.command(name="run")
@click.argument("batch")
@click.option("--target", help="A target of understudy.yaml, or demo-clinic, demo-bank, demo-clinic+loops ...")
@click.option("--limit", type=click.IntRange(1, 500), default=500, show_default=True, help="Only the first so many accepted queries.")
@click.option("--seed", type=int, help="The same seed asks nothing twice; another one asks anew.")
@AS_JSON
@click.pass_context
def run_(context: click.Context, batch: str, target: str | None, limit: int, seed: int | None, as_json: bool) -> int:
    """Ask a target the accepted queries of BATCH, and compare its answers with what was expected."""
    view = run(context, lambda app: run_queries(app, batch, target=target, limit=limit, seed=seed, wait_s=None, progress=_progress))
    if as_json:
        print_json(view)
    else:
        _show_runs(view)
    judged = view.as_expected
    if judged.total:
        return 1 if judged.hits < judged.total else 0
    return 4 if view.no_answer == view.queries else 3


def _show_runs(view: QueryRunsView) -> None:
    click.echo(f"{view.finished} of {view.queries} queries asked of {view.target}, {view.with_expectation} with an expected answer")
    click.echo(f"as expected: {view.as_expected}; unscored {view.unscored}; no answer {view.no_answer}")
    if view.untrusted_failure is not None:
        click.echo(f"first failure: {plain(view.untrusted_failure)}")
    table(["", "held", "unscored"], [[kind, str(found.rate), str(found.unscored)] for kind, found in view.by_kind.items()])
    for wrong in view.mismatches:
        _show_mismatch(wrong)
    if view.mismatches_total > len(view.mismatches):
        click.echo(f"... and {view.mismatches_total - len(view.mismatches)} more: --json has as many, `understudy show RUN_ID` has each")
    click.echo(click.style(f"\n{plain(view.next)}", dim=True))


def _show_mismatch(wrong: Mismatch) -> None:
    click.echo(f"\n{click.style(wrong.kind, fg='red')} {wrong.criterion}  {plain(wrong.query)}")
    click.echo(f"  {plain(wrong.reason)}  ({wrong.run_id})")
    if wrong.untrusted_quote is not None:
        click.echo(f"  turn {wrong.turn}: {plain(wrong.untrusted_quote)}")


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
@click.option("--must-say", multiple=True, help="Words or /regex/ that the answer has to hold (may be given again).")
@click.option("--must-not-say", multiple=True, help="Words or /regex/ that it may not hold (may be given again).")
@click.option("--reference", default="", help="A right answer, for a judge with a model.")
@click.option("--tone", multiple=True, type=click.Choice(get_args(Tone)), help="How it should sound (may be given again).")
@click.option("--answer-language", help="The language of the answer: en, de, ... Default: the query's.")
@AS_JSON
@click.pass_context
def review(
    context: click.Context,
    query_id: str,
    decision: Literal["accept", "reject", "edit"],
    reason: str,
    text: str | None,
    must_say: tuple[str, ...],
    must_not_say: tuple[str, ...],
    reference: str,
    tone: tuple[Tone, ...],
    answer_language: str | None,
    as_json: bool,
) -> None:
    """Record what an expert decided about QUERY_ID, and what its answer should be."""
    said = validated(
        ExpectedAnswer,
        {"must_say": must_say, "must_not_say": must_not_say, "reference": reference, "tone": tone, "language": answer_language},
    )
    made = Decision(query_id=query_id, decision=decision, reason=reason, text=text, expected=None if said.is_empty else said)
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

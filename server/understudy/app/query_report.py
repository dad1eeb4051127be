"""Grounded queries measured beside the naive baseline, as values and as Markdown."""

from __future__ import annotations

from typing import Literal

from understudy.app.background import Progress
from understudy.app.context import App
from understudy.app.queries import MOST_QUERIES, generate_queries, material_of
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.query import Query
from understudy.queries.generate import generate
from understudy.queries.measure import FIGURES, Comparison, Measured, Measures, compare

__all__ = ["Compared", "as_markdown", "compare_queries", "figure"]


class Compared(Comparison):
    """Both kinds measured beside each other, and where they came from."""

    naive_from: str
    grounded_from: str


async def compare_queries(
    app: App,
    *,
    count: int = 50,
    pack: str | None = None,
    seed: int | None = None,
    model: bool = False,
    batches: tuple[str, str] | None = None,
    progress: Progress | None = None,
) -> Compared:
    """Measure grounded queries beside the naive baseline, from the same material.

    Recombined ones are made for it and not kept; those of a model (`model`) are kept as two batches. `batches` names a naive and a
    grounded batch that exist. Raises as `generate_queries` does.
    """
    asked, who, company = await material_of(app, pack)
    if not asked or not company.strip():
        raise BadInput(
            "pack", "has no topics or no company context to compare with", f"Packs with both: {', '.join(app.library.companies)}"
        )
    chosen = app.settings.defaults.seed if seed is None else seed
    if model:
        batches = (
            await _whole(app, count, pack, "naive-model", chosen, progress),
            await _whole(app, count, pack, "model", chosen, progress),
        )
    if batches is not None:
        naive, grounded = [await _of_batch(app, b) for b in batches]
        names = (f"batch {batches[0]}", f"batch {batches[1]}")
    else:

        def made(method: Literal["offline", "naive"]) -> list[Query]:
            batch = generate(topics=asked, personas=who, company=company, count=count, seed=chosen, method=method, batch="comparison")
            return [*batch.queries]

        naive, grounded = made("naive"), made("offline")
        names = ("recombined from the company's text", "recombined from topics, personas and the company's text")
    found = compare(naive, grounded, topics=asked, company=company)
    return Compared(**{k: getattr(found, k) for k in Comparison.model_fields}, naive_from=names[0], grounded_from=names[1])


async def _whole(
    app: App, count: int, pack: str | None, method: Literal["model", "naive-model"], seed: int, progress: Progress | None
) -> str:
    page = await generate_queries(app, count=count, pack=pack, method=method, seed=seed, wait_s=None, progress=progress)
    return page.batch or ""


async def _of_batch(app: App, batch: str) -> list[Query]:
    found = await (await app.store()).queries(batch=batch, limit=MOST_QUERIES)
    if not found:
        raise NotFound("batch", batch, hint="generate_queries (`understudy queries generate`) makes one and tells its id")
    return found


def figure(measured: Measured) -> str:
    """`0.84 [0.71, 0.92] of 50 queries`; a dash where there was nothing to compute it on."""
    if measured.value is None:
        return "-"
    band = f" [{measured.interval.low:.2f}, {measured.interval.high:.2f}]" if measured.interval is not None else ""
    return f"{measured.value:.2f}{band} of {measured.of} {measured.unit}"


def as_markdown(found: Compared) -> str:
    """The comparison as a table for people, with what each figure means."""
    columns: list[tuple[str, Measures]] = [
        ("naive", found.naive),
        ("grounded", found.grounded),
        ("examples", found.examples),
    ]
    lines = [
        "# Queries: naive beside grounded",
        "",
        f"- naive: {found.naive_from}",
        f"- grounded: {found.grounded_from}",
        f"- both sides: the first {found.compared} queries; distinct words and pairs on the first {found.words} words of each",
        f"- examples: the {found.examples.queries} example queries of the topic file, as the scale to read the others by",
        "",
        "| figure | " + " | ".join(name for name, _ in columns) + " | what it is |",
        "|---|" + "---|" * (len(columns) + 1),
    ]
    for name, meaning in FIGURES.items():
        cells = " | ".join(figure(getattr(measures, name)) for _, measures in columns)
        lines.append(f"| {name} | {cells} | {meaning} |")
    lines += [
        "",
        "Intervals are 95 %: Wilson's for shares, the normal one for the mean `nearest`. The distinct figures have none.",
    ]
    return "\n".join(lines) + "\n"

"""A campaign as a file beside the store, for whoever cannot take megabytes in an answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from understudy.app.campaigns import ExportFormat, export_campaign
from understudy.app.context import App
from understudy.domain.errors import StoreError
from understudy.domain.value import Value

__all__ = ["EXPORTS", "ExportView", "export_to"]

EXPORTS = "exports"
"""The folder beside the store's file."""
INLINE_CHARACTERS = 5_000
SUFFIX: dict[ExportFormat, str] = {"html": ".html", "markdown": ".md", "jsonl": ".jsonl", "csv": ".csv", "junit": ".xml"}


class ExportView(Value):
    """Where a campaign was written to."""

    campaign_id: str
    format: ExportFormat
    bytes: int
    path: str | None = None
    """On the machine of the server; None where the caller may sit on another."""
    uri: str | None = None
    """The resource with the same content, where there is one."""
    untrusted_text: str | None = None
    """The content itself, when it is short."""
    next: str


async def export_to(app: App, campaign_id: str, format: ExportFormat, *, tell_path: bool) -> ExportView:
    """Write the campaign beside the store, in the place of an earlier export of the same. Raises NotFound and StoreError."""
    text = await export_campaign(app, campaign_id, format)
    file = app.store_path.parent / EXPORTS / f"{campaign_id}{SUFFIX[format]}"
    await asyncio.to_thread(_write, file, text)
    path = str(file) if tell_path else None
    uri = {"html": f"report://{campaign_id}", "jsonl": f"campaign://{campaign_id}/lines"}.get(format)
    short = text if len(text) <= INLINE_CHARACTERS else None
    size = len(text.encode())
    return ExportView(
        campaign_id=campaign_id, format=format, bytes=size, path=path, uri=uri, untrusted_text=short, next=_next(path, uri, short)
    )


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(file.name + ".new")
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(file)  # whoever reads meanwhile reads the old one whole
    except OSError as error:
        raise StoreError(
            str(file), f"the export could not be written: {error.strerror}", "Mend that, or give the store another place"
        ) from error


def _next(path: str | None, uri: str | None, short: str | None) -> str:
    if path is not None:
        return f"Give the user the path: {path}"
    if uri is not None:
        return f"Read the resource {uri}."
    if short is not None:
        return "The whole text is here."
    return "Too long for an answer, and the file is on the server's machine: read `report://` or `/lines` of the campaign, or export there."

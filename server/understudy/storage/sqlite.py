"""The Store over SQLite: one writer that groups commits, readers of their own, plain SQL beneath."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from understudy.domain.campaign import Campaign, CampaignStatus, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.conversation import Event
from understudy.domain.errors import StoreCorrupt, StoreError
from understudy.domain.model_call import ModelCall
from understudy.domain.query import Query, ReviewState
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Played
from understudy.domain.value import JsonObject
from understudy.domain.verdict import Verdict
from understudy.ports import ANY_RUN, CampaignProgress, Document, DocumentKind, Lease, RunFilter, RunRecord, StoredEvent
from understudy.storage import calls as call_rows
from understudy.storage import campaigns, documents, finding, runs, verdicts
from understudy.storage import queries as query_rows
from understudy.storage.connection import Channel, make_file, prepare
from understudy.storage.migrations import has_full_text, migrate
from understudy.storage.reader import Reader
from understudy.storage.writer import Writer

__all__ = ["SqliteStore"]

T = TypeVar("T")

_READERS = 2


class SqliteStore:
    """A Store in one SQLite file; any number of processes may share it. Get one with `open`, close it with `aclose`."""

    def __init__(self, path: Path, channel: Channel, readers: Sequence[Channel], *, busy_timeout: float, full_text: bool) -> None:
        self._path = path
        self._name = str(path)
        self._channel = channel
        self._readers = tuple(Reader(reader, path) for reader in readers)
        self._writer = Writer(channel, path, busy_timeout=busy_timeout)
        self._full_text = full_text
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path, *, busy_timeout: float = 5.0, max_pages: int | None = None) -> SqliteStore:
        """The store at `path`, made when there is none and migrated when it is old.

        `busy_timeout` is how many seconds a write waits for another process; `max_pages` caps the file's size in pages of
        4 KiB. Raises StoreError: StoreCorrupt, StoreTooNew, StoreReadOnly, StoreBusy, StoreFull.
        """
        path = path.absolute()  # noqa: ASYNC240 - reads no disk

        def connect_writer() -> sqlite3.Connection:
            make_file(path)
            connection = prepare(path, busy_timeout=busy_timeout, max_pages=max_pages)
            try:
                migrate(connection, path, at=time.time(), busy_timeout=busy_timeout)
            except BaseException:
                connection.close()
                raise
            return connection

        opened: list[Channel] = []
        try:
            opened.append(await _open(path, connect_writer))
            full_text = await opened[0].run(lambda connection: _full_text(path, connection))
            for _ in range(_READERS):
                opened.append(await _open(path, lambda: prepare(path, busy_timeout=busy_timeout, query_only=True)))
        except BaseException:
            for channel in opened:
                await channel.close()
            raise
        return cls(path, opened[0], opened[1:], busy_timeout=busy_timeout, full_text=full_text)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._path

    async def aclose(self) -> None:
        """Finish what is queued and close. May be called twice."""
        # A task of its own: a caller that is cancelled meanwhile does not leave the store half closed.
        self._closing = self._closing or asyncio.create_task(self._close(), name="understudy-store-close")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        await self._writer.aclose()
        for reader in self._readers:
            await reader.aclose()
        await self._channel.close()

    async def _read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        reader = min(self._readers, key=lambda one: one.outstanding)
        try:
            return await reader.run(function)
        except ValidationError as error:
            raise StoreCorrupt(
                self._name, f"a stored {error.title} does not read: {error.errors()[0]['msg']}", "Put a backup in its place"
            ) from error

    # ---- runs and their events

    async def create_run(
        self, run_id: str, scenario: Scenario, *, at: float, idempotency_key: str | None = None, player_version: str = ""
    ) -> RunRecord:
        new = runs.new_run(run_id, scenario, at=at, key=idempotency_key, player_version=player_version)
        return await self._writer.run(lambda c: runs.create(c, new))

    async def run(self, run_id: str) -> RunRecord | None:
        return await self._read(lambda c: runs.find(c, run_id))

    async def runs(self, wanted: RunFilter = ANY_RUN, *, limit: int = 20, before: tuple[float, str] | None = None) -> list[RunRecord]:
        return await self._read(lambda c: finding.page(c, wanted, limit=limit, before=before, full_text=self._full_text))

    async def count_runs(self, wanted: RunFilter = ANY_RUN) -> int:
        return await self._read(lambda c: finding.count(c, wanted, full_text=self._full_text))

    async def claim(self, run_id: str, owner: str, *, at: float, ttl: float) -> Lease | None:
        return await self._writer.run(lambda c: runs.claim(c, run_id, owner, at=at, ttl=ttl))

    async def renew(self, lease: Lease, *, at: float, ttl: float) -> Lease:
        return await self._writer.run(lambda c: runs.renew(c, self._name, lease, at=at, ttl=ttl))

    async def release(self, lease: Lease) -> None:
        await self._writer.run(lambda c: runs.release(c, lease))

    async def append(self, lease: Lease, events: Sequence[Event], *, first_seq: int, at: float) -> None:
        encoded = [(event, event.model_dump_json()) for event in events]
        await self._writer.run(lambda c: runs.append(c, self._name, lease, encoded, first_seq=first_seq, at=at))

    async def finish(self, lease: Lease, *, ending: str, at: float, played: Played | None = None) -> None:
        body = None if played is None else played.model_dump_json(exclude_defaults=True)
        await self._writer.run(lambda c: runs.finish(c, self._name, lease, ending=ending, at=at, played=body, full_text=self._full_text))

    async def played(self, run_id: str) -> Played | None:
        return await self._read(lambda c: runs.played(c, run_id))

    async def events(self, run_id: str, *, from_seq: int = 0) -> list[StoredEvent]:
        return await self._read(lambda c: runs.events(c, run_id, from_seq=from_seq))

    async def unfinished(self, *, at: float, since: float) -> list[str]:
        return await self._read(lambda c: runs.unfinished(c, at=at, since=since))

    async def request_cancel(self, run_id: str, *, at: float) -> bool:
        return await self._writer.run(lambda c: runs.request_cancel(c, run_id, at=at))

    async def holders(self, *, at: float) -> list[str]:
        return await self._read(lambda c: runs.holders(c, at=at))

    async def expire(self, owner: str, *, at: float) -> int:
        return await self._writer.run(lambda c: runs.expire(c, owner, at=at))

    # ---- documents

    async def put_document(
        self, kind: DocumentKind, id: str, body: JsonObject, *, at: float, expect_version: int | None = None
    ) -> Document:
        return await self._writer.run(lambda c: documents.put(c, kind, id, body, at=at, expect_version=expect_version))

    async def document(self, kind: DocumentKind, id: str, *, version: int | None = None) -> Document | None:
        return await self._read(lambda c: documents.find(c, kind, id, version=version))

    async def documents(self, kind: DocumentKind, *, archived: bool = False) -> list[Document]:
        return await self._read(lambda c: documents.newest(c, kind, archived=archived))

    async def archive_document(self, kind: DocumentKind, id: str, *, archived: bool, at: float) -> bool:  # noqa: ARG002 - the port's
        return await self._writer.run(lambda c: documents.archive(c, kind, id, archived=archived))

    # ---- verdicts

    async def put_verdict(self, verdict: Verdict, *, after: int | None = None) -> bool:
        body = verdict.model_dump_json()
        return await self._writer.run(lambda c: verdicts.put(c, verdict, body, after=after))

    async def verdicts(self, run_id: str) -> list[Verdict]:
        return await self._read(lambda c: verdicts.of_run(c, run_id))

    # ---- queries

    async def put_queries(self, queries: Sequence[Query], *, at: float) -> int:
        encoded = [(query, query.model_dump_json()) for query in queries]
        return await self._writer.run(lambda c: query_rows.put(c, encoded, at=at))

    async def queries(
        self, *, batch: str | None = None, review: ReviewState | None = None, limit: int = 50, offset: int = 0
    ) -> list[Query]:
        return await self._read(lambda c: query_rows.page(c, batch=batch, review=review, limit=limit, offset=offset))

    async def query(self, query_id: str) -> Query | None:
        return await self._read(lambda c: query_rows.one(c, query_id))

    async def count_queries(self, *, batch: str | None = None, review: ReviewState | None = None) -> int:
        return await self._read(lambda c: query_rows.count(c, batch=batch, review=review))

    async def review_query(
        self, query_id: str, *, review: ReviewState, reason: str = "", text: str | None = None, at: float
    ) -> Query | None:
        return await self._writer.run(lambda c: query_rows.review(c, query_id, state=review, reason=reason, text=text, at=at))

    async def save_queries(self, queries: Sequence[Query], *, at: float) -> None:
        encoded = [(query, query.model_dump_json()) for query in queries]
        await self._writer.run(lambda c: query_rows.save(c, encoded, at=at))

    # ---- calls of models

    async def put_call(self, call: ModelCall) -> None:
        kept = call_rows.kept_call(call)
        await self._writer.run(lambda c: call_rows.put(c, kept))

    async def calls(self, *, run_id: str | None = None, batch: str | None = None) -> list[ModelCall]:
        return await self._read(lambda c: call_rows.of(c, run_id=run_id, batch=batch))

    async def recorded_call(self, hash: str, *, nth: int = 0) -> ModelCall | None:
        return await self._read(lambda c: call_rows.nth(c, hash, nth))

    # ---- campaigns

    async def create_campaign(self, campaign: Campaign, cells: Sequence[Cell]) -> Campaign:
        return await self._writer.run(lambda c: campaigns.create(c, campaign, cells))

    async def campaign(self, campaign_id: str) -> Campaign | None:
        return await self._read(lambda c: campaigns.find(c, campaign_id))

    async def campaigns(self, *, status: CampaignStatus | None = None, limit: int = 20, offset: int = 0) -> list[Campaign]:
        return await self._read(lambda c: campaigns.page(c, status=status, limit=limit, offset=offset))

    async def set_campaign_status(self, campaign_id: str, status: CampaignStatus, *, why: str = "", at: float) -> Campaign:
        return await self._writer.run(lambda c: campaigns.set_status(c, campaign_id, status, why, at=at))

    async def add_spend(self, campaign_id: str, more: Spend, *, at: float) -> None:
        await self._writer.run(lambda c: campaigns.add_spend(c, campaign_id, more, at=at))

    async def claim_campaign(self, campaign_id: str, owner: str, *, at: float, ttl: float) -> bool:
        return await self._writer.run(lambda c: campaigns.claim(c, campaign_id, owner, at=at, ttl=ttl))

    async def release_campaign(self, campaign_id: str, owner: str) -> None:
        await self._writer.run(lambda c: campaigns.release(c, campaign_id, owner))

    async def conductors(self, *, at: float) -> list[tuple[str, str]]:
        return await self._read(lambda c: campaigns.conductors(c, at=at))

    async def set_campaign_caps(self, campaign_id: str, caps: Caps, *, at: float) -> Campaign:
        return await self._writer.run(lambda c: campaigns.set_caps(c, campaign_id, caps, at=at))

    async def resumable_campaigns(self, *, at: float) -> list[str]:
        return await self._read(lambda c: campaigns.resumable(c, at=at))

    async def waiting_cells(self, campaign_id: str, *, limit: int) -> list[Cell]:
        return await self._read(lambda c: campaigns.waiting(c, campaign_id, limit))

    async def start_cells(
        self, campaign_id: str, begun: Sequence[tuple[int, str, Scenario]], *, at: float, player_version: str
    ) -> list[int]:
        new = [(i, runs.new_run(run_id, scenario, at=at, key=None, player_version=player_version)) for i, run_id, scenario in begun]
        return await self._writer.run(lambda c: campaigns.start(c, campaign_id, new))

    async def started_cells(self, campaign_id: str) -> list[tuple[Cell, str]]:
        return await self._read(lambda c: campaigns.started(c, campaign_id))

    async def finish_cell(self, campaign_id: str, line: ConversationLine, spent: Spend, *, at: float) -> bool:
        body = line.model_dump_json()
        return await self._writer.run(lambda c: campaigns.done(c, campaign_id, line, body, spent, at=at))

    async def reopen_cells(self, campaign_id: str, indexes: Sequence[int], *, at: float) -> int:
        return await self._writer.run(lambda c: campaigns.reopen(c, campaign_id, indexes, at=at))

    async def judge_cells_again(self, campaign_id: str, indexes: Sequence[int], *, at: float, versions: Mapping[str, str]) -> int:
        return await self._writer.run(lambda c: campaigns.judge_again(c, campaign_id, indexes, at=at, versions=versions))

    async def cells_to_judge(self, campaign_id: str) -> list[tuple[Cell, JudgeAgain]]:
        return await self._read(lambda c: campaigns.to_judge(c, campaign_id))

    async def campaign_lines(self, campaign_id: str, *, offset: int = 0, limit: int | None = None) -> list[ConversationLine]:
        return await self._read(lambda c: campaigns.lines(c, campaign_id, offset=offset, limit=limit))

    async def campaign_progress(self, campaign_id: str) -> CampaignProgress:
        return await self._read(lambda c: campaigns.progress(c, campaign_id))

    async def set_baseline(self, name: str, campaign_id: str, *, at: float) -> None:
        await self._writer.run(lambda c: campaigns.set_baseline(c, name, campaign_id, at=at))

    async def baseline(self, name: str) -> str | None:
        return await self._read(lambda c: campaigns.baseline(c, name))


async def _open(path: Path, connector: Callable[[], sqlite3.Connection]) -> Channel:
    channel = Channel(path, connector)
    await channel.connect()
    return channel


def _full_text(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether the full-text index is there and usable. Raises StoreError when it is there and this SQLite cannot read it."""
    indexed = bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'run_words'").fetchone()[0])
    if indexed and not has_full_text(connection):
        raise StoreError(
            str(path), "the store has a full-text index, and the SQLite of this Python has no FTS5", "Use a Python whose SQLite has it"
        )
    return indexed

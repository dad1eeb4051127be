"""Campaigns in SQL: the plan as cells, each of which goes from waiting to started (with its run) to done (with its line), once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from pydantic_core import from_json, to_json

from understudy.domain.campaign import Campaign, CampaignSpec, CampaignStatus, Caps, Cell, ConversationLine, JudgeAgain, Spend
from understudy.domain.errors import Conflict, NotFound
from understudy.ports import CampaignProgress
from understudy.storage import runs

__all__ = [
    "add_spend",
    "baseline",
    "claim",
    "conductors",
    "create",
    "done",
    "find",
    "judge_again",
    "lines",
    "page",
    "progress",
    "release",
    "reopen",
    "resumable",
    "set_baseline",
    "set_caps",
    "set_status",
    "start",
    "started",
    "to_judge",
    "waiting",
]

_COLUMNS = "id, spec, status, why, total, created_at, updated_at, spend, key, versions"
WAITING, STARTED, DONE = 0, 1, 2


def create(connection: sqlite3.Connection, new: Campaign, cells: Sequence[Cell]) -> Campaign:
    """Insert a campaign with its plan, or the one that its key started before. Raises Conflict."""
    if new.idempotency_key is not None:
        row = connection.execute(f"SELECT {_COLUMNS} FROM campaigns WHERE key = ?", (new.idempotency_key,)).fetchone()  # noqa: S608 - constants
        if row is not None:
            known = _campaign(row)
            if known.spec.evolve(caps=new.spec.caps) != new.spec:  # caps may have been raised since
                raise Conflict(f"The key `{new.idempotency_key}` was used for another campaign (`{known.id}`). Use a new key.")
            return known
    if find(connection, new.id) is not None:
        raise Conflict(f"There is a campaign `{new.id}` already. Use another id.")
    n = connection.execute(
        "INSERT INTO campaigns (id, key, name, status, why, total, spec, spend, versions, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.id,
            new.idempotency_key,
            new.spec.name,
            new.status,
            new.why,
            len(cells),
            new.spec.model_dump_json(),
            new.spend.model_dump_json(),
            new.model_dump_json(include={"versions"}),
            new.created_at,
            new.updated_at,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO cells (campaign, idx, body) VALUES (?, ?, ?)", [(n, cell.index, cell.model_dump_json()) for cell in cells]
    )
    return new.evolve(total=len(cells))


def find(connection: sqlite3.Connection, campaign_id: str) -> Campaign | None:
    """The campaign, or None."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM campaigns WHERE id = ?", (campaign_id,)).fetchone()  # noqa: S608 - constants
    return _campaign(row) if row else None


def page(connection: sqlite3.Connection, *, status: CampaignStatus | None, limit: int, offset: int) -> list[Campaign]:
    """Newest first."""
    sql = f"SELECT {_COLUMNS} FROM campaigns WHERE ? IS NULL OR status = ? ORDER BY n DESC LIMIT ? OFFSET ?"  # noqa: S608 - constants
    return [_campaign(row) for row in connection.execute(sql, (status, status, limit, offset))]


def set_status(connection: sqlite3.Connection, campaign_id: str, status: CampaignStatus, why: str, *, at: float) -> Campaign:
    """Change the status. Raises NotFound."""
    connection.execute("UPDATE campaigns SET status = ?, why = ?, updated_at = ? WHERE id = ?", (status, why, at, campaign_id))
    return _must(connection, campaign_id)


def set_caps(connection: sqlite3.Connection, campaign_id: str, caps: Caps, *, at: float) -> Campaign:
    """Change where it stops. Raises NotFound."""
    spec = _must(connection, campaign_id).spec.evolve(caps=caps)
    connection.execute("UPDATE campaigns SET spec = ?, updated_at = ? WHERE id = ?", (spec.model_dump_json(), at, campaign_id))
    return _must(connection, campaign_id)


def add_spend(connection: sqlite3.Connection, campaign_id: str, more: Spend, *, at: float) -> None:
    """Add to what was used. Raises NotFound."""
    n = _number(connection, campaign_id)
    before = Spend.model_validate_json(connection.execute("SELECT spend FROM campaigns WHERE n = ?", (n,)).fetchone()[0])
    connection.execute("UPDATE campaigns SET spend = ?, updated_at = ? WHERE n = ?", ((before + more).model_dump_json(), at, n))


# ---------------------------------------------------------------- who conducts it


def claim(connection: sqlite3.Connection, campaign_id: str, owner: str, *, at: float, ttl: float) -> bool:
    """Take or keep the campaign for `ttl` seconds; False while another owner's lease lasts. Raises NotFound."""
    _must(connection, campaign_id)
    return (
        connection.execute(
            "UPDATE campaigns SET owner = ?, lease_until = ? WHERE id = ? AND (owner IS NULL OR owner = ? OR lease_until <= ?)",
            (owner, at + ttl, campaign_id, owner, at),
        ).rowcount
        > 0
    )


def release(connection: sqlite3.Connection, campaign_id: str, owner: str) -> None:
    """Give it back; nothing happens when another owner has it."""
    connection.execute("UPDATE campaigns SET owner = NULL, lease_until = NULL WHERE id = ? AND owner = ?", (campaign_id, owner))


def conductors(connection: sqlite3.Connection, *, at: float) -> list[tuple[str, str]]:
    """Campaigns that are held, with their owners, oldest first."""
    return connection.execute("SELECT id, owner FROM campaigns WHERE owner IS NOT NULL AND lease_until > ? ORDER BY n", (at,)).fetchall()


def resumable(connection: sqlite3.Connection, *, at: float) -> list[str]:
    """Running campaigns that nobody conducts, oldest first."""
    rows = connection.execute("SELECT id FROM campaigns WHERE status = 'running' AND (owner IS NULL OR lease_until <= ?) ORDER BY n", (at,))
    return [campaign_id for (campaign_id,) in rows]


# ---------------------------------------------------------------- cells


def waiting(connection: sqlite3.Connection, campaign_id: str, limit: int) -> list[Cell]:
    """The next cells of the plan that have no run."""
    sql = "SELECT body FROM cells WHERE campaign = ? AND state = ? ORDER BY idx LIMIT ?"
    return [Cell.model_validate_json(body) for (body,) in connection.execute(sql, (_number(connection, campaign_id), WAITING, limit))]


def start(connection: sqlite3.Connection, campaign_id: str, begun: Sequence[tuple[int, runs.NewRun]]) -> list[int]:
    """Make the runs of these cells, cell and run in one; the indexes of those that were still waiting."""
    n = _number(connection, campaign_id)
    taken: list[int] = []
    for index, new in begun:
        changed = connection.execute(
            "UPDATE cells SET state = ?, run_id = ? WHERE campaign = ? AND idx = ? AND state = ?", (STARTED, new.id, n, index, WAITING)
        ).rowcount
        if changed:
            runs.create(connection, new)
            taken.append(index)
    return taken


def started(connection: sqlite3.Connection, campaign_id: str) -> list[tuple[Cell, str]]:
    """Cells that have a run and no line yet, with the run's id."""
    sql = "SELECT body, run_id FROM cells WHERE campaign = ? AND state = ? ORDER BY idx"
    rows = connection.execute(sql, (_number(connection, campaign_id), STARTED))
    return [(Cell.model_validate_json(body), run_id) for body, run_id in rows]


def done(connection: sqlite3.Connection, campaign_id: str, line: ConversationLine, body: str, spent: Spend, *, at: float) -> bool:
    """Keep the line of a started cell and add what it used; False, and nothing changed, when it has one already."""
    changed = connection.execute(
        "UPDATE cells SET state = ?, run_id = ?, outcome = ?, line = ? WHERE campaign = ? AND idx = ? AND state = ?",
        (DONE, line.run_id, line.outcome, body, _number(connection, campaign_id), line.index, STARTED),
    ).rowcount
    if changed:
        add_spend(connection, campaign_id, spent, at=at)
    return changed > 0


def reopen(connection: sqlite3.Connection, campaign_id: str, indexes: Sequence[int], *, at: float) -> int:
    """Done cells become waiting ones; how many did. Raises NotFound."""
    n = _number(connection, campaign_id)
    connection.execute("UPDATE campaigns SET updated_at = ? WHERE n = ?", (at, n))
    sql = "UPDATE cells SET state = ?, run_id = NULL, outcome = NULL, line = NULL WHERE campaign = ? AND idx = ? AND state = ?"
    return sum(connection.execute(sql, (WAITING, n, index, DONE)).rowcount for index in indexes)


def judge_again(connection: sqlite3.Connection, campaign_id: str, indexes: Sequence[int], *, at: float, versions: Mapping[str, str]) -> int:
    """Done cells become started ones, with their run, and their line as it was beside the time; how many did. Raises NotFound."""
    n = _number(connection, campaign_id)
    told = to_json({"versions": dict(versions)}).decode()
    connection.execute("UPDATE campaigns SET updated_at = ?, versions = ? WHERE n = ?", (at, told, n))
    sql = (
        "UPDATE cells SET state = ?, outcome = NULL, line = json_object('since', ?, 'line', json(line)) "
        "WHERE campaign = ? AND idx = ? AND state = ?"
    )
    return sum(connection.execute(sql, (STARTED, at, n, index, DONE)).rowcount for index in indexes)


def to_judge(connection: sqlite3.Connection, campaign_id: str) -> list[tuple[Cell, JudgeAgain]]:
    """Started cells that have a line from before."""
    sql = "SELECT body, line FROM cells WHERE campaign = ? AND state = ? AND line IS NOT NULL ORDER BY idx"
    rows = connection.execute(sql, (_number(connection, campaign_id), STARTED))
    return [(Cell.model_validate_json(body), JudgeAgain.model_validate_json(before)) for body, before in rows]


def lines(connection: sqlite3.Connection, campaign_id: str, *, offset: int = 0, limit: int | None = None) -> list[ConversationLine]:
    """The lines there are, in the plan's order; `limit` of them behind the first `offset`."""
    sql = "SELECT line FROM cells WHERE campaign = ? AND state = ? ORDER BY idx LIMIT ? OFFSET ?"
    rows = connection.execute(sql, (_number(connection, campaign_id), DONE, -1 if limit is None else limit, offset))
    return [ConversationLine.model_validate_json(body) for (body,) in rows]


def progress(connection: sqlite3.Connection, campaign_id: str) -> CampaignProgress:
    """How many cells are in which state, and how the finished ones came out."""
    sql = "SELECT state, outcome, count(*) FROM cells WHERE campaign = ? GROUP BY state, outcome"
    states = {WAITING: 0, STARTED: 0, DONE: 0}
    outcomes: dict[str, int] = {}
    for state, outcome, count in connection.execute(sql, (_number(connection, campaign_id),)):
        states[state] += count
        if outcome is not None:
            outcomes[outcome] = count
    return CampaignProgress(waiting=states[WAITING], started=states[STARTED], done=states[DONE], outcomes=outcomes)


# ---------------------------------------------------------------- baselines


def set_baseline(connection: sqlite3.Connection, name: str, campaign_id: str, *, at: float) -> None:
    """From now on `name` means this campaign. Raises NotFound."""
    _must(connection, campaign_id)
    connection.execute(
        "INSERT INTO baselines (name, campaign_id, at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET campaign_id = excluded.campaign_id, at = excluded.at",
        (name, campaign_id, at),
    )


def baseline(connection: sqlite3.Connection, name: str) -> str | None:
    """The campaign that `name` means, or None."""
    row = connection.execute("SELECT campaign_id FROM baselines WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def _campaign(row: tuple[str, str, CampaignStatus, str, int, float, float, str, str | None, str]) -> Campaign:
    id, spec, status, why, total, created_at, updated_at, spend, key, versions = row
    return Campaign(
        id=id,
        spec=CampaignSpec.model_validate_json(spec),
        status=status,
        why=why,
        total=total,
        created_at=created_at,
        updated_at=updated_at,
        spend=Spend.model_validate_json(spend),
        idempotency_key=key,
        versions=from_json(versions)["versions"],
    )


def _must(connection: sqlite3.Connection, campaign_id: str) -> Campaign:
    found = find(connection, campaign_id)
    if found is None:
        raise NotFound("campaign", campaign_id)
    return found


def _number(connection: sqlite3.Connection, campaign_id: str) -> int:
    row = connection.execute("SELECT n FROM campaigns WHERE id = ?", (campaign_id,)).fetchone()
    if row is None:
        raise NotFound("campaign", campaign_id)
    return int(row[0])

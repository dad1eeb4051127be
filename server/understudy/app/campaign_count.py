"""What became of one conversation of a campaign: every try of it seen through, the last one judged, and a line made of it."""

from __future__ import annotations

import logging
import re

from understudy.app.context import App
from understudy.app.judging import verdict_now
from understudy.app.reruns import follow_up
from understudy.app.transcripts import load, record_of
from understudy.campaigns.conduct import Counted
from understudy.campaigns.lines import Tries, line_of, spend_of, unscored_line
from understudy.domain.campaign import Cell, JudgeAgain, Spend
from understudy.domain.conversation import TargetFailed
from understudy.domain.errors import StoreError
from understudy.domain.model_call import ModelCall
from understudy.domain.transcript import Transcript
from understudy.ports import RunRecord

__all__ = ["count", "count_again"]

_log = logging.getLogger(__name__)

MOST_RESTARTS = 10
"""A conversation that takes its process with it must not be played afresh for ever."""
LONG_S = 3600.0
_RESTARTED = re.compile(r"^(.*)-s(\d+)$")


async def count(app: App, cell: Cell, run_id: str) -> Counted:
    """The line of a cell whose run is finished, and what all its tries used.

    A run that ended because its session went away with a process is played afresh; one whose simulated user misbehaved is played
    again with another seed. A fault of ours in the judging leaves the conversation unscored, with the fault named. Raises StoreError.
    """
    transcripts = await _played_out(app, run_id)
    last = transcripts[-1]
    afresh = sum(bool(_RESTARTED.match(transcript.run_id)) for transcript in transcripts[1:])
    tries = Tries(rerun=last.scenario.rerun, resumed=last.resumed, restarted=afresh)
    try:
        verdict = await verdict_now(app, last.run_id)
        tries = tries._replace(calls=[call for one in transcripts for call in await _calls(app, one.run_id)])
        line = line_of(cell, last, verdict, tries)
    except StoreError:
        raise
    except Exception as error:  # the boundary of one conversation: a fault in its judging is that conversation's, and no other's
        _log.exception("run %s could not be judged", last.run_id)
        line = unscored_line(cell, last, f"A fault of Understudy's own: {type(error).__name__}: {error}", tries)
    return Counted(line, spend_of(transcripts, tries.calls))


async def count_again(app: App, cell: Cell, before: JudgeAgain) -> Counted:
    """The line of a conversation that is judged again as it was played, and what the calls since used. A verdict that was made
    meanwhile stands; the judge is asked where there is none that does. Raises StoreError."""
    was, spent = before.line, Spend()
    try:
        transcript = await load(app, was.run_id)
        verdict = await verdict_now(app, was.run_id, again_since=before.since)
        spent = spend_of((), [call for call in await _calls(app, was.run_id) if call.at >= before.since])
        line = line_of(cell, transcript, verdict, Tries(rerun=was.rerun, resumed=was.resumed, restarted=was.restarted))
    except StoreError:
        raise
    except Exception:  # the boundary of one conversation, as in `count`
        _log.exception("run %s could not be judged again", was.run_id)
        line = was
    usd = None if was.usd is None or spent.unpriced_calls else was.usd + spent.usd
    return Counted(line.evolve(tokens=was.tokens + spent.input_tokens + spent.output_tokens, usd=usd), spent)


async def _calls(app: App, run_id: str) -> list[ModelCall]:
    """Those of playing and judging it; what only measures the judge is on record with a batch, and no part of the conversation."""
    return [call for call in await (await app.store()).calls(run_id=run_id) if call.made_for.batch is None]


async def _played_out(app: App, run_id: str) -> list[Transcript]:
    """The run and those that were played in its place, each finished; the last one counts."""
    engine, tries = await app.engine(), [await load(app, run_id)]
    while (following := await _next_try(app, tries[-1])) is not None:
        await engine.submit(following)
        while not await engine.wait(following, LONG_S):
            pass
        tries.append(await load(app, following))
    return tries


async def _next_try(app: App, played: Transcript) -> str | None:
    if await _lost_its_session(app, played):
        return await _afresh(app, await record_of(app, played.run_id))
    return await follow_up(app, played.run_id)


async def _lost_its_session(app: App, played: Transcript) -> bool:
    """Whether an answer is missing because its session went away; the answer to a farewell ends nothing, but is missing too."""
    if not played.resumed:
        return False
    events = (stored.event for stored in await (await app.store()).events(played.run_id))
    return any(isinstance(event, TargetFailed) and event.failure.kind == "lost_session" for event in events)


async def _afresh(app: App, record: RunRecord) -> str | None:
    """The same scenario, begun anew; the run that was begun before, when somebody came this far already."""
    found = _RESTARTED.match(record.id)
    first, number = (found[1], int(found[2])) if found else (record.id, 0)
    if number >= MOST_RESTARTS:
        return None
    store, key = await app.store(), f"afresh:{record.id}"
    begun = await store.create_run(
        f"{first}-s{number + 1}", record.scenario, at=app.clock(), idempotency_key=key, player_version=record.player_version
    )
    return begun.id

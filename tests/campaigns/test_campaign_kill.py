"""SIGKILL at random points of a campaign: nothing finished is lost, changed or done again, and the rest goes on, to the call.

Three kills are the fewest that show it: one of a process that began the campaign, one of a process that took it up, and one of a
process that took up what had been taken up before. More only move the points. Fifty, some minutes, when conducting or the store change:

    UNDERSTUDY_KILL_ROUNDS=50 pytest -q tests/campaigns/test_campaign_kill.py --log-cli-level INFO     (make kill)
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from campaign_killed import PERSONAS, WINDOW, Account, killed, turns_called

from understudy.domain.campaign import ConversationLine

_log = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("UNDERSTUDY_KILL_ROUNDS", "3"))


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process is gone cannot be known there")
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_campaign_killed_at_random_points_loses_and_repeats_nothing_finished(tmp_path: Path, workers: int) -> None:
    repeats = max(3, ROUNDS * 3 // 4) * workers**2
    account = await killed(tmp_path, rounds=ROUNDS, repeats=repeats, seed=11, workers=workers)
    _tell(account)
    assert account.kills == ROUNDS
    assert account.campaign is not None
    assert account.campaign.status == "finished"
    assert account.changed == []
    assert account.lost_events == []
    assert [line.index for line in account.lines] == list(range(PERSONAS * 2 * repeats))
    assert all(line.outcome in ("pass", "fail") for line in account.lines)
    assert_every_run_belongs_to_one_conversation(account)
    assert_events_are_stored_once(account)
    assert_no_finished_run_was_called_again(account)
    assert_each_process_went_on_with_the_next_turn(account)
    assert_the_store_has_what_the_targets_said(account)
    assert_lines_tell_who_went_on_and_who_began_afresh(account)
    assert_the_report_says_which(account)


def assert_every_run_belongs_to_one_conversation(account: Account) -> None:
    assert len({line.run_id for line in account.lines}) == len(account.lines)
    known = {run_id for line in account.lines for run_id in _runs_of(line)}
    assert set(account.events) == known
    assert account.runs == len(known)


def assert_events_are_stored_once(account: Account) -> None:
    for run_id, events in account.events.items():
        assert [stored.seq for stored in events] == list(range(len(events))), run_id
        fences = [stored.fence for stored in events]
        assert fences == sorted(fences), run_id


def assert_no_finished_run_was_called_again(account: Account) -> None:
    assert [call for call in account.calls if call.round and call.run_id in account.over[call.round - 1]] == []


def assert_each_process_went_on_with_the_next_turn(account: Account) -> None:
    """Within a round every turn is called for once, in order, from the first whose answer was not stored; so a call is repeated only
    where a kill cut it off."""
    by_round: dict[tuple[int, str], list[int]] = {}
    for call in account.calls:
        by_round.setdefault((call.round, call.run_id), []).append(call.turn)
    for (number, run_id), turns in by_round.items():
        first = account.answers[number - 1].get(run_id, 0) + 1 if number else 1
        assert turns == list(range(first, first + len(turns))), (number, run_id)
    cut_off = Counter((call.run_id, call.turn) for call in account.in_flight())
    assert all(cut_off[call.run_id, call.turn] >= 1 for call in account.repeated())
    for number in range(account.kills):
        assert sum(call.round == number for call in account.in_flight()) <= WINDOW


def assert_the_store_has_what_the_targets_said(account: Account) -> None:
    called = turns_called(account)
    answers = {run_id: sum(s.event.event == "target_replied" for s in events) for run_id, events in account.events.items()}
    counted = {line.run_id for line in account.lines}
    for run_id, answered in answers.items():
        cut_off = 0 if run_id in counted else max(0, len(called[run_id]) - answered)
        assert cut_off <= 1, run_id
        assert set(called[run_id]) == set(range(1, answered + cut_off + 1)), run_id
    assert all(line.metrics.agent_turns == answers[line.run_id] for line in account.lines)
    assert account.campaign is not None
    assert account.campaign.spend.target_calls == sum(answers.values())


def assert_lines_tell_who_went_on_and_who_began_afresh(account: Account) -> None:
    seen = Counter(run_id for at_kill in account.answers for run_id in at_kill)
    for line in account.lines:
        half_done = account.half_done.get(line.index, {})
        assert line.resumed <= seen[line.run_id]
        assert line.restarted == len(_runs_of(line)) - 1
        if line.target == "history":
            assert (line.restarted, half_done.keys() - {line.run_id}) == (0, set())
        # Where the last event was stored already and only the closing was missing, nobody went on with anything.
        went_on = half_done.get(line.run_id, 10_000) < len(account.events[line.run_id])
        assert line.resumed >= went_on
        assert half_done.keys() <= set(_runs_of(line))
    assert any(line.resumed for line in account.lines if line.target == "history")
    assert any(line.restarted for line in account.lines if line.target == "process")


def assert_the_report_says_which(account: Account) -> None:
    lines = [(line.index, line.run_id, line.resumed, line.restarted) for line in account.lines]
    assert [(row["index"], row["run_id"], row["resumed"], row["restarted"]) for row in account.exported] == lines
    summary = account.shown["summary"]
    assert summary["resumed"] == sum(line.resumed > 0 for line in account.lines)
    assert summary["restarted"] == sum(line.restarted > 0 for line in account.lines)


def _runs_of(line: ConversationLine) -> list[str]:
    """The runs of a conversation, the one that counts last: `run_ab12`, `run_ab12-s1`, ..."""
    first = line.run_id.partition("-s")[0]
    return [first, *(f"{first}-s{number + 1}" for number in range(line.restarted))]


def _tell(account: Account) -> None:
    half_done = sum(bool(runs) for runs in account.half_done.values())
    resumed, restarted = (sum(getattr(line, name) > 0 for line in account.lines) for name in ("resumed", "restarted"))
    told = (account.kills, account.early_kills, len(account.lines), half_done, resumed, restarted)
    _log.info("%s kills (%s before the first call), %s conversations, %s half done at a kill; %s gone on with, %s afresh", *told)
    calls = (len(account.calls), len(account.in_flight()), len(account.repeated()))
    _log.info("%s calls, %s cut off by a kill, %s repeated", *calls)
    _log.info("%s lines changed, %s runs that lost events", len(account.changed), len(account.lost_events))

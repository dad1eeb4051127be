"""SIGKILL at random points of a campaign: nothing finished is lost, changed or done again, and the rest goes on.

Three kills are the fewest that show it: one of a process that began the campaign, one of a process that took it up, and one of a
process that took up what had been taken up before. More only move the points. Fifty, some minutes, when conducting or the store change:

    UNDERSTUDY_KILL_ROUNDS=50 pytest -q tests/campaigns/test_campaign_kill.py --log-cli-level INFO     (make kill)
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest
from campaign_killed import WINDOW, killed

_log = logging.getLogger(__name__)

ROUNDS = int(os.environ.get("UNDERSTUDY_KILL_ROUNDS", "3"))


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process is gone cannot be known there")
async def test_a_campaign_killed_at_random_points_loses_and_repeats_nothing_finished(tmp_path: Path) -> None:
    repeats = max(3, ROUNDS // 2)
    account = await killed(tmp_path, rounds=ROUNDS, repeats=repeats, seed=11)
    assert account.kills >= min(ROUNDS, 3), "each is a round of its own: see above"
    assert account.status == "finished"
    assert account.changed == []
    assert account.doubled == 0
    assert [line.index for line in account.lines] == list(range(8 * 2 * repeats))
    assert all(line.outcome in ("pass", "fail") for line in account.lines)
    by_index = {line.index: line for line in account.lines}
    for index, (run_id, answers) in account.half_done.items():
        line = by_index[index]
        if line.target == "history":
            assert (line.run_id, line.restarted) == (run_id, 0)
        elif line.run_id != run_id:
            assert line.restarted >= 1
        else:  # everything had been said before the kill: nobody else answered in it
            assert account.answered[run_id] == answers
    assert any(line.resumed for line in account.lines if line.target == "history")
    assert any(line.restarted for line in account.lines if line.target == "process")
    # Of the target that is sent the history, only calls that were under way at a kill were made again.
    counted = sum(account.answered[line.run_id] for line in account.lines if line.target == "history")
    assert 0 <= account.history_calls - counted <= account.kills * WINDOW // 2
    resumed, restarted = (sum(getattr(line, name) > 0 for line in account.lines) for name in ("resumed", "restarted"))
    told = (account.kills, len(account.lines), len(account.half_done), resumed, restarted, account.history_calls - counted)
    _log.info("%s kills, %s conversations, %s half done at a kill: %s gone on with, %s afresh; %s calls repeated", *told)

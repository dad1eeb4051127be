"""Owners: who they are, and whether they are still there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from understudy.campaigns.owner import is_dead, owner_name


def test_an_owner_is_named_by_host_process_and_token() -> None:
    host, pid, token = owner_name("t1").split(":")
    assert host
    assert (pid, token) == (str(os.getpid()), "t1")


def test_this_process_is_alive() -> None:
    assert not is_dead(owner_name("t1"))


@pytest.mark.skipif(sys.platform == "win32", reason="cannot be known there")
def test_a_process_that_is_gone_is_dead() -> None:
    program = "from understudy.campaigns.owner import owner_name; import sys; sys.stdout.write(owner_name('t'))"
    gone = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert gone != owner_name("t")
    assert is_dead(gone)


@pytest.mark.parametrize(
    "owner", ["another-host:1:t", "", "x", ":::", "{host}:0:t", "{host}:-1:t", "{host}:1:t", "{host}:99999999999999999999:t"]
)
def test_what_cannot_be_known_counts_as_alive(owner: str) -> None:
    host = owner_name("t").split(":")[0]
    assert not is_dead(owner.replace("{host}", host))

"""create_goal: from a full description, or as a variation of another goal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_kit import call, refused, server_on

BASE = "clinic-reschedule"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def whole(client: Client, goal_id: str) -> dict[str, Any]:
    body: dict[str, Any] = (await call(client, "list_goals", goal_id=goal_id, detail="full"))["goals"][0]["goal"]
    return body


async def test_a_goal_based_on_another_keeps_all_that_is_not_given(folder: Path) -> None:
    async with server_on(folder) as client:
        await call(client, "create_goal", id="other-day", based_on=BASE, title="Another day", escalation="may")
        base, made = await whole(client, BASE), await whole(client, "other-day")
    assert made["title"] == "Another day"
    assert made["steps"] == base["steps"]
    assert made["expected"]["escalation"] == "may"
    kept = {key: value for key, value in base.items() if key not in ("id", "title", "expected")}
    assert {key: made[key] for key in kept} == kept


async def test_single_expectations_change_without_the_others(folder: Path) -> None:
    async with server_on(folder) as client:
        await call(client, "create_goal", id="first", based_on=BASE, outcome="refused", escalation="must")
        await call(client, "create_goal", id="second", based_on="first", escalation="may")
        made = await whole(client, "second")
    assert made["expected"] == {"outcome": "refused", "escalation": "may"}


async def test_a_new_goal_without_title_and_steps_is_refused_by_their_names(folder: Path) -> None:
    async with server_on(folder) as client:
        message = await refused(client, "create_goal", id="empty")
    assert "`title`" in message
    assert "`steps`" in message
    assert "required" in message


async def test_a_variation_of_an_unknown_goal_names_the_nearest(folder: Path) -> None:
    async with server_on(folder) as client:
        message = await refused(client, "create_goal", id="mine", based_on="clinic-reshedule")
    assert BASE in message


async def test_a_variation_may_not_take_the_id_of_a_goal_of_the_library(folder: Path) -> None:
    async with server_on(folder) as client:
        message = await refused(client, "create_goal", id=BASE, based_on=BASE, title="Mine now")
    assert message.startswith("[conflict]")

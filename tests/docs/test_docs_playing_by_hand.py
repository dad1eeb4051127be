"""The calls that docs/playing-by-hand.md shows are made, in its order."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mcp import Client

from understudy.mcp.server import build_server
from understudy.settings.model import Settings
from understudy.wiring import make_app

GUIDE = (Path(__file__).parents[2] / "docs" / "playing-by-hand.md").read_text(encoding="utf-8")


async def test_the_calls_of_the_guide_play_a_user_and_then_an_agent(tmp_path: Path) -> None:
    calls: list[dict[str, Any]] = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", GUIDE, re.S | re.M)]
    answers: list[dict[str, Any]] = []
    run_id = ""
    async with Client(build_server(make_app(Settings(store=tmp_path), env={}))) as client:
        for arguments in calls:
            given = arguments if "run_id" not in arguments else {**arguments, "run_id": run_id}
            result = await client.call_tool("continue_conversation", given)
            assert not result.is_error, (arguments, result.content)
            assert result.structured_content is not None
            answers.append(result.structured_content)
            run_id = answers[-1]["run_id"]
    assert [a["status"] for a in answers] == ["your turn", "your turn", "finished", "your turn", "your turn"]
    assert answers[0]["brief"]["facts"]
    assert answers[2]["ending"] == "gave_up"
    assert answers[4]["user_message"]

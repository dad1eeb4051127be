"""Targets that the official SDKs reach are held to the allow-list before a byte is sent."""

from __future__ import annotations

import pytest

from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import A2ATarget, AllowList, McpTarget, open_target
from understudy.testing.fake_openai import FakeOpenAI


@pytest.mark.parametrize("kind", ["mcp", "a2a"])
async def test_a_host_off_the_list_is_not_called(kind: str) -> None:
    async with FakeOpenAI() as server:
        settings = McpTarget(url=server.url, tool="chat") if kind == "mcp" else A2ATarget(url=server.url)
        target = open_target("t", settings, env={}, allow=AllowList.of(["agent.example"]))
        with pytest.raises(TargetError) as caught:
            await target.reply(TargetRequest(run_id="r", turns=(Turn(index=0, role="user", text="hi", at=0.0),)))
        await target.aclose()
    assert caught.value.failure.kind == "not_configured"
    assert "is not on the list of targets that may be called" in caught.value.failure.detail
    assert server.requests == []
